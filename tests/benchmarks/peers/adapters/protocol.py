"""What every adapter speaks: one JSON object a line on stdin, one a line on stdout.

An adapter runs with the Python of its own virtual environment, so this file needs nothing but the
standard library. `serve(System, packages)` is all that an adapter's `main` does:

    {"do": "index", "articles": FILE}        -> {"passages": N, "seconds": S}
    {"do": "open"}                           -> {}
    {"do": "retrieve", "question": Q}        -> {"passages": [{"article_id", "text"}], "seconds": S}
    {"do": "answer", "question": Q, "model"} -> the fields of `Shown`
    {"do": "about"}                          -> {"packages": {name: version}, "peak_mb": MB}

With `--ask QUESTION` it opens its store, answers once, prints the answer and ends: the cold start.
Times are of CLOCK_MONOTONIC, which all processes of a Linux machine share.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

TOP = 10
"""Passages that a system is asked for."""

QUESTION_FIRST = """Answer the question from the sources alone. After each sentence, cite the \
number of the source that it rests on in square brackets, such as [2]. If the sources do not \
answer the question, say that you cannot answer.

{sources}

Question: {question}
Answer:"""
"""The prompt of peers that bring none which asks for citations."""


@dataclass
class Shown:
    """What a reader gets to see for one question.

    Attributes:
        text: the answer, as shown.
        marks: for each citation mark of the text that leads somewhere, what it leads to:
            {"article_id", "text"}.
        pattern: a regular expression that finds the marks in the text.
        abstained: whether the system itself says that it does not answer; None where it has no
            word for that, so that its text decides.
        retrieved_at: when the passages were there.
        first_at: when the first words of the answer were handed to the reader.
        sentence_at: when the first whole line was.
    """

    text: str = ""
    marks: dict[str, dict[str, str]] = field(default_factory=dict)
    pattern: str = r"\[\d+\]"
    abstained: bool | None = None
    retrieved_at: float = 0.0
    first_at: float = 0.0
    sentence_at: float = 0.0

    def add(self, piece: str) -> None:
        """Show some more words."""
        self.text += piece
        if not self.first_at and self.text.strip():
            self.first_at = time.monotonic()
        if not self.sentence_at and "\n" in self.text.strip(" "):
            self.sentence_at = time.monotonic()

    def end(self) -> Shown:
        """Nothing more comes."""
        self.first_at = self.first_at or time.monotonic()
        self.sentence_at = self.sentence_at or time.monotonic()
        return self


class System(Protocol):
    """A system under measurement. `store` is its folder, `url` the endpoint's base URL."""

    def __init__(self, store: Path, url: str) -> None: ...

    def index(self, articles: Path) -> int:
        """Index a JSONL file of articles; the number of passages."""
        ...

    def open(self) -> None:
        """Open what `index` stored."""
        ...

    def retrieve(self, question: str) -> list[dict[str, str]]:
        """The best `TOP` passages, best first."""
        ...

    def answer(self, question: str, model: str) -> Shown:
        """The answer, by a model of the endpoint."""
        ...


def read_articles(path: Path) -> list[dict[str, str]]:
    """The articles: id, title, source, published, text."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def header(article: dict[str, str]) -> str:
    """Title, source and date in one line, for systems that search text alone."""
    return " | ".join(article[key] for key in ("title", "source", "published") if article[key])


def numbered(texts: list[str]) -> str:
    """Sources as `[1] text`, for `QUESTION_FIRST`."""
    return "\n\n".join(f"[{i}] {text.strip()}" for i, text in enumerate(texts, 1))


def serve(make: type[System], packages: list[str]) -> None:
    """Speak the protocol until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--url", required=True)
    parser.add_argument("--ask", help="answer this one question, and end")
    parser.add_argument("--model", default="honest")
    arguments = parser.parse_args()
    # What a package prints must not get between the replies.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    system = make(arguments.store, arguments.url)
    if arguments.ask:
        system.open()
        print(system.answer(arguments.ask, arguments.model).text, file=replies, flush=True)
        return
    for line in sys.stdin:
        reply = _do(system, json.loads(line), packages)
        print(json.dumps(reply), file=replies, flush=True)


def _do(system: System, request: dict[str, Any], packages: list[str]) -> dict[str, Any]:
    started = time.monotonic()
    match request["do"]:
        case "index":
            passages = system.index(Path(request["articles"]))
            return {"passages": passages, "seconds": time.monotonic() - started}
        case "open":
            system.open()
            return {}
        case "retrieve":
            found = system.retrieve(request["question"])
            return {"passages": found[:TOP], "seconds": time.monotonic() - started}
        case "answer":
            return asdict(system.answer(request["question"], request["model"]).end())
        case "about":
            versions = {name: version(name) for name in packages}
            return {"packages": versions, "peak_mb": peak_mb()}
        case other:
            raise ValueError(f"no request {other!r}")


def peak_mb() -> float:
    """The most memory that this process has held so far, in megabytes (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.M)
    return int(found[1]) / 1024 if found else 0.0
