"""Question files: one case a line, as JSON (DESIGN section 2), read line by line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from assistant.errors import CaseError
from assistant.evaluation.matching import normalise
from assistant.types import Article, EvalCase, GoldQuote, Turn

T = TypeVar("T")

_KNOWN = {
    "id", "question", "type", "answerable", "answers", "evidence", "articles", "history",
    "reported_on", "status", "note", "disagreement",
}  # fmt: skip
_STATUSES = {"reported", "claimed", "expected", "unconfirmed", "denied"}


def load_cases(path: str | Path) -> list[EvalCase]:
    """The cases of a question file, in its order.

    Blank lines are skipped. Keys that the form does not have are kept in `EvalCase.extra`.

    Raises:
        CaseError: the file cannot be read, has no case, has two cases of one id, holds articles
            instead of questions, or has a line that is not a case. The text names the file and
            the line, and says what to do.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            return read_cases(str(path), file)
    except FileNotFoundError as error:
        raise CaseError(f"{path}: no such question file; check the path") from error
    except IsADirectoryError as error:
        raise CaseError(f"{path} is a folder; give one question file (JSONL)") from error
    except OSError as error:
        raise CaseError(f"{path}: cannot be read ({error.strerror}); check the file") from error


def read_cases(name: str, raw: Iterable[bytes]) -> list[EvalCase]:
    """The cases of a question file's lines, as `load_cases` reads them; `name` is for its errors.

    Raises:
        CaseError: as `load_cases`.
    """
    cases: list[EvalCase] = []
    line_of: dict[str, int] = {}
    for number, line in _lines(name, raw):
        try:
            case = _case(line)
        except CaseError as error:
            raise CaseError(f"{name}, line {number}: {error}") from error
        if case.id in line_of:
            raise CaseError(
                f"{name}, line {number}: the id {case.id!r} is taken by line {line_of[case.id]}; "
                "give each case an id of its own"
            )
        line_of[case.id] = number
        cases.append(case)
    if not cases:
        raise CaseError(f"{name} has no questions in it; give a file with one JSON case a line")
    return cases


def case_dict(case: EvalCase) -> dict[str, Any]:
    """A case as JSON-ready values, which `case_of` makes the same case of again."""
    given: dict[str, Any] = {
        "id": case.id,
        "question": case.question,
        "type": case.type,
        "answerable": case.answerable,
        "answers": [list(part) for part in case.answers],
        "evidence": [[asdict(gold) for gold in group] for group in case.evidence],
        "history": [asdict(turn) for turn in case.history],
        "reported_on": case.reported_on,
        "status": case.status,
        "note": case.note,
    }
    if case.disagreement is not None:
        given["disagreement"] = [list(side) for side in case.disagreement]
    if case.articles is not None:
        given["articles"] = [_article_dict(article) for article in case.articles]
    return {**case.extra, **given}


def cases_digest(cases: Sequence[EvalCase]) -> str:
    """A digest of what the cases say, whatever the layout of their file (sha256, hex)."""
    text = json.dumps([_told(case) for case in cases], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _told(case: EvalCase) -> dict[str, Any]:
    """What a digest is made of: a key that came later only where it is given; old digests hold."""
    told = asdict(case)
    if case.disagreement is None:
        del told["disagreement"]
    return told


def _lines(name: str, raw_lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    for number, raw in enumerate(raw_lines, start=1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise CaseError(
                f"{name}, line {number}: not UTF-8 text; give a question file (JSONL), "
                "saved as UTF-8"
            ) from error
        if line:
            yield number, line


def _case(line: str) -> EvalCase:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CaseError("not JSON; write one case a line, each a JSON object") from error
    if not isinstance(data, dict):
        raise CaseError("not a JSON object; write one case a line, each a JSON object")
    return case_of(data)


def case_of(data: Mapping[str, Any]) -> EvalCase:
    """The case of a line that was parsed.

    Raises:
        CaseError: it is not of the form of a case.
    """
    if "question" not in data and ("text" in data or "body" in data):
        raise CaseError(
            "an article, not a question; articles go to `assistant index`, "
            "questions to `assistant evaluate`"
        )
    name, question, kind = (_needed(data, key) for key in ("id", "question", "type"))
    answerable = data.get("answerable")
    if not isinstance(answerable, bool):
        raise CaseError('"answerable" is missing; write true or false')
    answers = _list(data, "answers", _spellings("a part", "answers"))
    if answers and not answerable:
        raise CaseError(
            'it has "answers" though "answerable" is false; drop the one or change the other'
        )
    status = _text(data, "status") or None
    if status is not None and status not in _STATUSES:
        raise CaseError(f'"status" is {status!r}; write one of {", ".join(sorted(_STATUSES))}')
    return EvalCase(
        id=name,
        question=question,
        type=kind,
        answerable=answerable,
        answers=answers,
        evidence=_list(data, "evidence", _group),
        articles=_list(data, "articles", _article) if data.get("articles") is not None else None,
        history=_list(data, "history", _turn),
        reported_on=_day(data, "reported_on"),
        status=status,
        note=_text(data, "note"),
        disagreement=_disagreement(data),
        extra={key: value for key, value in data.items() if key not in _KNOWN},
    )


def _list(data: Mapping[str, Any], key: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    value = data.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise CaseError(f'"{key}" is not a list; write it as the question form has it')
    return tuple(read(item) for item in value)


def _spellings(what: str, key: str) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:  # noqa: ANN401  # whatever JSON holds
        if not isinstance(value, list) or not value:
            raise CaseError(f'{what} of "{key}" is not a list of spellings; write [["one", "1"]]')
        for spelling in value:
            if not isinstance(spelling, str) or not normalise(spelling):
                raise CaseError(
                    f'the spelling {spelling!r} in "{key}" has no letter and no digit; write a word'
                )
        return tuple(value)

    return read


def _disagreement(data: Mapping[str, Any]) -> tuple[tuple[str, ...], ...] | None:
    if data.get("disagreement") is None:
        return None
    sides = _list(data, "disagreement", _spellings("a side", "disagreement"))
    if len(sides) == 1:
        raise CaseError(
            '"disagreement" has one side; give two or more, or [] where none is to be shown'
        )
    return sides


def _group(value: Any) -> tuple[GoldQuote, ...]:  # noqa: ANN401  # whatever JSON holds
    if not isinstance(value, list) or not value:
        raise CaseError(
            'a group of "evidence" is not a list; write [[{"article_id": ..., "quote": ...}]]'
        )
    return tuple(
        GoldQuote(_needed(item, "article_id"), _needed(item, "quote"))
        for item in map(_object("evidence"), value)
    )


def _article(value: Any) -> Article:  # noqa: ANN401  # whatever JSON holds
    data = _object("articles")(value)
    published = _day(data, "published")
    return Article(
        id=_needed(data, "id"),
        text=_needed(data, "text"),
        title=_text(data, "title"),
        source=_text(data, "source"),
        publisher=_text(data, "publisher"),
        author=_text(data, "author"),
        url=_text(data, "url"),
        published=date.fromisoformat(published) if published else None,
    )


def _article_dict(article: Article) -> dict[str, Any]:
    names = ("id", "text", "title", "source", "publisher", "author", "url")
    day = article.published
    return {
        **{name: getattr(article, name) for name in names},
        "published": day.isoformat() if day else None,
    }


def _turn(value: Any) -> Turn:  # noqa: ANN401  # whatever JSON holds
    data = _object("history")(value)
    return Turn(_needed(data, "question"), _needed(data, "answer"))


def _object(key: str) -> Callable[[Any], dict[str, Any]]:
    def check(value: Any) -> dict[str, Any]:  # noqa: ANN401  # whatever JSON holds
        if not isinstance(value, dict):
            raise CaseError(f'an entry of "{key}" is not a JSON object; see the question form')
        return value

    return check


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CaseError(f'"{key}" is not text; write it in quotation marks')
    return value


def _needed(data: Mapping[str, Any], key: str) -> str:
    value = _text(data, key)
    if not value.strip():
        raise CaseError(f'"{key}" is missing or empty; add it')
    return value


def _day(data: Mapping[str, Any], key: str) -> str | None:
    value = _text(data, key)
    if not value:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise CaseError(f'"{key}" is {value!r}; write a date such as 2017-06-23') from error
