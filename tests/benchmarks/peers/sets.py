"""A set's articles and questions, in the one form that every system is given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.cases import load_cases
from assistant.evaluation.matching import squash
from assistant.types import EvalCase


@dataclass(frozen=True)
class Set:
    """`file` is the JSONL that is indexed; `texts` its texts without white space, by id."""

    name: str
    file: Path
    cases: list[EvalCase]
    texts: dict[str, str]


def load_set(data: Path, name: str, work: Path, limits: tuple[int, int] | None = None) -> Set:
    """A set of the data folder, its articles written to a file of the work folder.

    `limits`: the first so many questions, and so many articles: those that hold their gold quotes,
    and the first others.
    """
    cases = load_cases(data / name / "questions.dev.jsonl")
    articles = {article["id"]: article for article in read_articles(data / name / "articles")}
    if limits:
        cases = cases[: limits[0]]
        gold = {g.article_id for case in cases for group in case.evidence for g in group}
        kept = dict.fromkeys([*sorted(gold & articles.keys()), *articles])
        articles = {key: articles[key] for key in list(kept)[: limits[1]]}
    file = work / f"{name}.jsonl"
    write_articles(list(articles.values()), file)
    texts = {key: squash(article["text"]) for key, article in articles.items()}
    return Set(name, file, cases, texts)


def read_articles(folder: Path) -> Iterator[dict[str, str]]:
    """Articles of Markdown with front matter, or of JSONL."""
    for path in sorted(folder.iterdir()):
        whole = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            for line in whole.splitlines():
                fields = json.loads(line)
                yield _article(fields, fields["text"])
        else:
            _, front, text = whole.split("---", 2)
            yield _article(_fields(front), text)


def _fields(front: str) -> dict[str, object]:
    """The sets' front matter: a key a line, its value as JSON. YAML refuses some of its letters."""
    pairs = (line.partition(": ") for line in front.strip().splitlines())
    return {key: json.loads(value) for key, _, value in pairs if value.startswith('"')}


def _article(fields: dict[str, object], text: str) -> dict[str, str]:
    published = str(fields.get("published_at") or fields.get("published") or "")[:10]
    return {
        "id": str(fields["id"]),
        "title": str(fields.get("title") or ""),
        "source": str(fields.get("source") or ""),
        "published": published,
        "text": text.strip(),
    }


def write_articles(articles: list[dict[str, str]], file: Path) -> None:
    """One article a line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(article) + "\n" for article in articles]
    file.write_text("".join(lines), encoding="utf-8")
