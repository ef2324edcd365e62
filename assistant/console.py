"""What the command line shows: answers, reports, progress. Words on stdout, notes on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from assistant.indexing import Progress
    from assistant.types import Answer, Article, IndexReport


def console() -> Console:
    """Make a console on stdout, for tables."""
    from rich.console import Console

    return Console()


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on stderr; nothing where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    stderr = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=stderr,
        disable=quiet or not stderr.is_terminal,
        transient=True,
    ) as bar:
        task = bar.add_task(what, total=None)

        def step(done: int, total: int, _item: str) -> None:
            bar.update(task, completed=done, total=total)

        yield step


def say(text: str) -> None:
    """Write a line to stdout."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(f"{text}\n")


def print_answer(answer: Answer) -> None:
    """Print an answer with its sources; of an abstention, what came nearest."""
    if answer.standalone_question != answer.question:
        say(f"Understood as: {answer.standalone_question}\n")
    say(answer.text)
    if answer.abstained:
        for near in answer.evidence[:3]:
            where = " · ".join(part for part in (near.article.title, near.article.source) if part)
            say(f"\nNot an answer, but near ({where}):\n  {_shorten(near.passage.text)}")
        return
    say("")
    for cited in answer.citations:
        day = cited.published.isoformat() if cited.published else "undated"
        say(
            f"[{cited.marker}] {cited.title or cited.article_id} · {cited.source} · {day} · "
            f"{cited.article_id}@{cited.revision}:{cited.start}-{cited.end}"
        )
    for differing in answer.disagreements:
        sides = "; ".join(
            side.value + "".join(f" [{marker}]" for marker in side.markers)
            for side in differing.sides
        )
        say(f"Reports differ, compare them ({differing.about}): {sides}")
    if answer.dropped:
        note(f"{counted(answer.dropped, 'sentence')} dropped: no quote carried what was said")


def counted(number: int, what: str) -> str:
    """Count things: "1 article", "1,204 articles"."""
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _shorten(text: str, limit: int = 200) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit].rsplit(" ", 1)[0] + " …"


def report_line(report: IndexReport) -> str:
    """Say in one line what indexing did."""
    counts = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "quarantined": report.quarantined,
    }
    said = ", ".join(f"{len(ids)} {name}" for name, ids in counts.items())
    return f"{said} in {report.seconds:.1f} s"


def report_dict(report: IndexReport) -> dict[str, object]:
    """Give what indexing did as JSON-ready values."""
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "quarantined": [{"path": q.path, "reason": q.reason} for q in report.quarantined],
        "seconds": round(report.seconds, 3),
    }


def article_dict(article: Article) -> dict[str, object]:
    """Give what is known of an article, but its text, as JSON-ready values."""
    return {
        "id": article.id,
        "revision": article.revision if article.text else "",
        "title": article.title,
        "source": article.source,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "carried_on": article.carried_on.isoformat() if article.carried_on else None,
        "region": article.region,
        "tags": list(article.tags),
        "url": article.url,
    }
