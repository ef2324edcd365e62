"""Drafted questions as values, and the file that keeps them until somebody has looked at them.

A file of drafts is JSONL: each line is a case of a question file, and beside its keys `draft` says
how far it has come. Only accepted ones go on into a question file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import uuid4

from assistant.errors import CaseError, UsageError

State = Literal["proposed", "accepted", "dropped"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed question. `answers` are parts, each a tuple of spellings, as in a question file;
    `quotes` are (article id, words of the article); `by` who proposed it; `flags` what to look at.
    `more`: further keys of its case, as they came.
    """

    id: str
    question: str
    kind: str
    answerable: bool
    answers: tuple[tuple[str, ...], ...] = ()
    quotes: tuple[tuple[str, str], ...] = ()
    by: str = "rules"
    flags: tuple[str, ...] = ()
    state: State = "proposed"
    more: Mapping[str, Any] = field(default_factory=dict)

    def case(self) -> dict[str, Any]:
        """The line of a question file."""
        return {
            "id": self.id,
            "question": self.question,
            "type": self.kind,
            "answerable": self.answerable,
            "answers": [list(part) for part in self.answers],
            "evidence": [[{"article_id": a, "quote": quote}] for a, quote in self.quotes],
            **self.more,
        }

    def to_dict(self) -> dict[str, Any]:
        """The line of a file of drafts."""
        draft = {"state": self.state, "by": self.by, "flags": list(self.flags)}
        return {**self.case(), "draft": draft}


class Drafts:
    """The drafts of a file, in their order; a change is written when it is made."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def all(self) -> list[Draft]:
        """Every draft; none where there is no file yet.

        Raises:
            CaseError: a line is not a draft, or the file cannot be read.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        except (OSError, UnicodeDecodeError) as error:
            raise CaseError(f"{self.path}: cannot be read ({error})") from error
        drafts = []
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                try:
                    drafts.append(draft_of(json.loads(line)))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise CaseError(
                        f"{self.path}, line {number}: not a drafted question"
                    ) from error
        return drafts

    def add(self, drafts: Iterable[Draft]) -> int:
        """Append those whose id is not there yet; how many these were."""
        held = self.all()
        ids = {draft.id for draft in held}
        new = [draft for draft in drafts if draft.id not in ids]
        if new:
            self._write([*held, *new])
        return len(new)

    def change(self, draft_id: str, **values: Any) -> Draft:  # noqa: ANN401  # a draft's fields
        """Change some fields of one draft, and give it as it is then.

        Raises:
            UsageError: there is no such draft, or the question would be empty.
        """
        held = self.all()
        found = next((draft for draft in held if draft.id == draft_id), None)
        if found is None:
            raise UsageError(f"no draft {draft_id[:40]!r} in {self.path}")
        changed = replace(found, **values)
        if not changed.question.strip():
            raise UsageError("the question is empty: write one, or drop the draft")
        self._write([changed if draft.id == draft_id else draft for draft in held])
        return changed

    def export(self, out: str | Path) -> int:
        """Write the accepted ones as a new question file; how many these are.

        Raises:
            UsageError: none is accepted, there is such a file, or it cannot be written.
        """
        cases = [draft.case() for draft in self.all() if draft.state == "accepted"]
        if not cases:
            raise UsageError(
                f"nothing in {self.path} is accepted yet: `assistant questions accept`"
            )
        out = Path(out)
        try:
            with out.open("x", encoding="utf-8") as file:
                file.writelines(json.dumps(case) + "\n" for case in cases)
        except FileExistsError as error:
            raise UsageError(f"{out} exists already: choose another name") from error
        except OSError as error:
            raise UsageError(
                f"cannot write {out} ({error.strerror}); give another place"
            ) from error
        return len(cases)

    def _write(self, drafts: Sequence[Draft]) -> None:
        part = self.path.with_name(f".{self.path.name}.{uuid4().hex}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text("".join(json.dumps(draft.to_dict()) + "\n" for draft in drafts))
            part.replace(self.path)
        except OSError as error:
            raise UsageError(
                f"cannot write {self.path} ({error.strerror}); give another place"
            ) from error
        finally:
            part.unlink(missing_ok=True)


def draft_of(data: Mapping[str, Any]) -> Draft:
    """The draft that a line of a file of drafts gives.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is none.
    """
    known = {"id", "question", "type", "answerable", "answers", "evidence", "draft"}
    about = data.get("draft", {})
    state = about.get("state", "proposed")
    if state not in get_args(State) or not isinstance(data["question"], str):
        raise ValueError("not a draft")
    return Draft(
        id=str(data["id"]),
        question=data["question"],
        kind=str(data.get("type", "")),
        answerable=bool(data["answerable"]),
        answers=tuple(tuple(map(str, part)) for part in data.get("answers", ())),
        quotes=tuple(
            (str(gold["article_id"]), str(gold["quote"]))
            for group in data.get("evidence", ())
            for gold in group[:1]
        ),
        by=str(about.get("by", "")),
        flags=tuple(map(str, about.get("flags", ()))),
        state=state,
        more={key: value for key, value in data.items() if key not in known},
    )


def from_feedback(cases: Iterable[Mapping[str, Any]]) -> list[Draft]:
    """Drafts of what the chat's feedback gives (`assistant.chats.feedback_cases`).

    What got a thumbs-down does not say whether there is an answer: it is proposed as one that has
    none of its own yet, and flagged.
    """
    drafts = []
    for case in cases:
        known = "answerable" in case
        draft = draft_of({**case, "answerable": case.get("answerable", True), "draft": {}})
        flags = () if known else ("the chat's answer was not liked: say what is right",)
        drafts.append(replace(draft, by="chat", flags=flags))
    return drafts
