"""Small texts of the page: what a run is at, what came of a file, what an article repeats."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from assistant.types import Article, LinkKind
from assistant.web.library.run import Item, Run

_TROUBLE = ("refused", "partly", "left")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things.

    >>> counted(1, "article"), counted(1200, "article"), counted(2, "copy", "copies")
    ('1 article', '1,200 articles', '2 copies')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def megabytes(size: int) -> str:
    """A size in words.

    >>> megabytes(64_000_000), megabytes(2_500), megabytes(10)
    ('64 MB', '2.5 kB', '10 bytes')
    """
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"


def kind_of_copy(kind: LinkKind) -> str:
    """What an article is to the one that it repeats."""
    return {
        "exact": "Same text as",
        "reprint": "Reprint of",
        "update": "Later version of",
    }[kind]


def about(article: Article) -> str:
    """The chat's address for a question about an article: its outlet, its day, its title."""
    day = article.published.isoformat() if article.published else ""
    values = {
        "outlet": article.source or article.publisher,
        "since": day,
        "until": day,
        "q": article.title,
    }
    return "./?" + urlencode({k: v for k, v in values.items() if v}, errors="replace")


def run_title(run: Run) -> str:
    """What a run is of."""
    if run.feeds:
        return f"Pages of {counted(len(run.addresses), 'feed')}"
    if run.addresses:
        return counted(len(run.addresses), "address", "addresses")
    return counted(len(run.uploads), "file")


def stage_line(run: Run) -> str:
    """What a run is doing now: words that change seldom, since they are read out."""
    if run.stage == "waiting":
        return "Waits for those before it"
    if run.stopping.is_set():
        return "Stops after what it has at hand"
    if run.stage == "fetching":
        return "Fetching pages"
    if run.stage == "embedding":
        return "In the library; making them findable by meaning, too"
    return "Reading"


def figures_line(run: Run) -> str:
    """How far a run is, in figures; "" where there are none."""
    if not run.total or run.stage not in ("fetching", "embedding"):
        return ""
    unit = {"fetching": "", "embedding": " passages"}[run.stage]
    return f"{run.done:,} of {run.total:,}{unit}"


def run_line(run: Run) -> str:
    """What came of a run.

    The numbers of articles, and of the files or addresses that there was trouble with.
    """
    added = sum(item.articles for item in run.items if item.state in ("added", "partly"))
    there = sum(item.articles for item in run.items if item.state == "unchanged")
    parts = [counted(added, "article") + " added"] if added or not there else []
    if there:
        parts.append(f"{counted(there, 'article')} in the library already")
    for state, said in (("refused", "refused"), ("partly", "taken in part"), ("left", "left out")):
        if number := sum(item.state == state for item in run.items):
            parts.append(f"{number:,} {said}")
    line = ", ".join(parts)
    if run.pending:
        passages = counted(run.pending, "passage")
        line += f"; {passages} found by words alone until articles are added again"
    return f"Stopped: {line}" if run.stopped else line


def item_line(item: Item, run: Run) -> str:
    """What came of a file or an address, or how far it is."""
    if item.state == "left":
        return "not taken in" if run.error else "not taken in: stopped before it"
    if item.state == "at work":
        return f"reading, {100 * item.done:.0f} %"
    if item.state == "added":
        return counted(item.articles, "article")
    if item.state == "partly":
        return f"{counted(item.articles, 'article')}; part of it was refused"
    if item.state == "unchanged":
        return "in the library already"
    if item.state == "kept":
        return "in the library, found by its words alone so far"
    return {"waiting": "waits", "read": "read", "refused": "refused"}[item.state]


def listed_items(run: Run, most: int) -> Sequence[Item]:
    """The items of a run to show: once it has ended those with trouble first."""
    items = run.items
    if run.stage == "ended":
        items = sorted(items, key=lambda item: item.state not in _TROUBLE)
    elif len(items) > most:
        at = next((n for n, item in enumerate(items) if item.state in ("waiting", "at work")), 0)
        items = items[max(0, at - 5) :]
    return items[:most]
