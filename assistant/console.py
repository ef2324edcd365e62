"""What the command line shows: answers, reports, progress. Words on stdout, notes on stderr."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import ProgressColumn

    from assistant.fetching import FetchReport
    from assistant.indexing import IndexProgress, OnProgress
    from assistant.types import Answer, Article, IndexReport, Link


def console() -> Console:
    """Make a console on stdout, for tables."""
    from rich.console import Console

    return Console()


@contextmanager
def progress_bar(what: str, *, quiet: bool = False) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on stderr; nothing where stderr is no terminal."""
    from rich.progress import MofNCompleteColumn

    with _bar(MofNCompleteColumn(), quiet=quiet) as bar:
        task = bar.add_task(what, total=None)

        def step(done: int, total: int, _item: str) -> None:
            bar.update(task, completed=done, total=total)

        yield step


@contextmanager
def index_bars(*, quiet: bool = False) -> Iterator[OnProgress]:
    """One bar for the files that are read and one for the passages that are embedded.

    Both with their rate and the time that is left, on stderr; nothing where that is no terminal.
    """
    from rich.filesize import decimal
    from rich.progress import TaskID, TextColumn

    with _bar(TextColumn("{task.fields[pace]}"), quiet=quiet) as bar:
        tasks: dict[str, TaskID] = {}

        def step(now: IndexProgress) -> None:
            if now.stage not in tasks:
                tasks[now.stage] = bar.add_task(now.stage.capitalize(), total=now.total, pace="")
            task = tasks[now.stage]
            speed = bar.tasks[task].speed or 0.0
            if now.stage == "reading":
                pace = f"{counted(now.articles, 'article')}, {decimal(int(speed))}/s"
            else:
                pace = f"{now.done:,} of {counted(now.total, 'passage')}, {speed:,.0f}/s"
            bar.update(task, completed=now.done, total=now.total, pace=pace)

        yield step


def _bar(*columns: ProgressColumn, quiet: bool) -> RichProgress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    stderr = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *columns,
        TimeRemainingColumn(),
        console=stderr,
        disable=quiet or not stderr.is_terminal,
        transient=True,
    )


@contextmanager
def ctrl_c_stops() -> Iterator[threading.Event]:
    """What is set when Ctrl-C is pressed; a second one ends the program at once."""
    pressed = threading.Event()

    def note_it(_number: int, _frame: object) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        note("stopping after this batch; Ctrl-C again stops at once")

    try:
        before = signal.signal(signal.SIGINT, note_it)
    except ValueError:  # not the main thread, which alone gets signals
        yield pressed
        return
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)


def say(text: str) -> None:
    """Write a line to stdout, at once: somebody may be waiting for it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


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


def report_line(report: IndexReport, *, planned: bool = False) -> str:
    """Say in one line what indexing did, or would do."""
    counts = {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "quarantined": report.quarantined,
    }
    said = ", ".join(f"{len(ids)} {name}" for name, ids in counts.items())
    if planned:
        return f"would be: {said}; nothing was written"
    ended = "stopped; run it again to go on: " if report.stopped else ""
    waiting = f"; {counted(report.pending, 'passage')} without a vector yet" * bool(report.pending)
    return f"{ended}{said} in {report.seconds:.1f} s{waiting}"


def fetch_line(report: FetchReport) -> str:
    """Say in one line what fetching did."""
    counts = {
        "added": len(report.added),
        "updated": len(report.updated),
        "unchanged": len(report.unchanged),
        "refused": len(report.refused),
    }
    ended = "stopped; run it again to go on: " if report.stopped else ""
    return f"{ended}fetched: " + ", ".join(f"{count} {name}" for name, count in counts.items())


def fetch_dict(report: FetchReport) -> dict[str, object]:
    """Give what fetching did as JSON-ready values."""
    kept = {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}
    listed = {
        name: [{"address": page.address, "path": str(page.path)} for page in pages]
        for name, pages in kept.items()
    }
    refused = [{"address": each.address, "reason": each.reason} for each in report.refused]
    return {**listed, "refused": refused, "stopped": report.stopped}


def report_dict(report: IndexReport) -> dict[str, object]:
    """Give what indexing did as JSON-ready values."""
    return {
        "added": list(report.added),
        "updated": list(report.updated),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "quarantined": [{"path": q.path, "reason": q.reason} for q in report.quarantined],
        "seconds": round(report.seconds, 3),
        "stopped": report.stopped,
        "pending": report.pending,
    }


def article_dict(article: Article, links: Sequence[Link] = ()) -> dict[str, object]:
    """Give what is known of an article, but its text, as JSON-ready values.

    `links`: those that it is part of, to its original and from its copies.
    """
    to_original = next((link for link in links if link.article_id == article.id), None)
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
        "repeats": to_original and _link_dict(to_original, to_original.original_id),
        "repeated_by": [
            _link_dict(link, link.article_id) for link in links if link.original_id == article.id
        ],
    }


def article_lines(article: Article, links: Sequence[Link]) -> Iterator[str]:
    """Say what is known of an article, but its text, a line each."""
    for name, value in article_dict(article, links).items():
        if name in ("repeats", "repeated_by"):
            continue
        if value:
            yield f"{name}: {', '.join(value) if isinstance(value, list) else value}"
    for link in links:
        share = f"{link.kind}, {link.share:.0%} of the shorter text"
        if link.article_id == article.id:
            yield f"repeats: {link.original_id} ({share})"
        else:
            yield f"repeated by: {link.article_id} ({share})"


def _link_dict(link: Link, other_id: str) -> dict[str, object]:
    return {"id": other_id, "kind": link.kind, "share": link.share}
