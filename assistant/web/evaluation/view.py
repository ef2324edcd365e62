"""What the page shows, as it stands in its address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from assistant.evaluation.metrics import METRICS

LONGEST = 200
"""Characters of a value that are taken from an address."""

CHOSEN = ("right", "abstained_unanswerable", "hit_rate@10")
"""The figures that are shown where the address names none."""

MOST = 6
"""Figures that are shown at once: as many as there are looks of a line."""

OFFERED = tuple(metric for metric in METRICS if metric.kind != "count")
"""What can be drawn: everything between 0 and 1."""

MOST_COMPARED = 6
"""Runs that are set beside each other at once."""

ENDINGS = ("failures", "right", "unjudged", "all")


class View(NamedTuple):
    """Which question file's runs, which figures, which run and which case of it.

    `ended` says which cases of a run are listed, `page` how many pages of them. `compare` are runs
    that are set beside the first of them.
    """

    questions: str = ""
    figures: tuple[str, ...] = CHOSEN
    run: str = ""
    case: str = ""
    ended: str = ENDINGS[0]
    page: int = 1
    compare: tuple[str, ...] = ()


def view_of(query: str) -> View:
    """The view of an address's query; what it does not have, or cannot have, is the usual.

    >>> view_of("?questions=q.jsonl&figure=brier&figure=nope&run=x").figures
    ('brier',)
    """
    given = parse_qs(query.removeprefix("?")[:4000], errors="replace")

    def text(name: str) -> str:
        return given.get(name, [""])[-1][:LONGEST]

    wanted = set(given.get("figure", ()))
    figures = tuple(metric.name for metric in OFFERED if metric.name in wanted)[:MOST]
    ended, page = text("ended"), text("page")
    runs = dict.fromkeys(run[:LONGEST] for run in given.get("compare", ()))
    return View(
        text("questions"),
        figures or CHOSEN,
        text("run"),
        text("case"),
        ended if ended in ENDINGS else ENDINGS[0],
        min(int(page), 1000) if page.isascii() and page.isdigit() and int(page) else 1,
        tuple(runs)[:MOST_COMPARED],
    )


def address(view: View) -> str:
    """The address of a view, as a link on the page has it.

    >>> address(View(run="20261125-235257-100e", case="a b"))
    './evaluation?run=20261125-235257-100e&case=a+b'
    """
    usual = View()
    parts: list[tuple[str, str | int]] = [
        (name, getattr(view, name))
        for name in ("questions", "run", "case", "ended", "page")
        if getattr(view, name) != getattr(usual, name)
    ]
    if view.figures != CHOSEN:
        parts += [("figure", name) for name in view.figures]
    parts += [("compare", run) for run in view.compare]
    return f"./evaluation?{_encoded(parts)}" if parts else "./evaluation"


def chat_address(question: str, narrowed: Sequence[tuple[str, str]]) -> str:
    """The address of the chat with a question in its box, and what it is narrowed to.

    >>> chat_address("Is it open?", [("source", "Northern Wire")])
    './?q=Is+it+open%3F&outlet=Northern+Wire'
    """
    named = {"source": "outlet"}
    return f"./?{_encoded([('q', question), *((named.get(k, k), v) for k, v in narrowed)])}"


def _encoded(parts: Sequence[tuple[str, str | int]]) -> str:
    return urlencode(parts, errors="replace")
