"""The page's parts as HTML, under autoescape: whatever articles and files say is data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from assistant.answering.framing.frames import day_in_words
from assistant.chats.words import safe_url
from assistant.library import UNDATED, Listed, Look
from assistant.types import Article, Link
from assistant.web.labels import isolated
from assistant.web.library import words
from assistant.web.library.looking import ON_A_PAGE, View, chat_address, when_in_words
from assistant.web.library.plot import Overview
from assistant.web.library.run import Run

if TYPE_CHECKING:
    from jinja2 import Template

    from assistant.indexing import Removal

LONGEST_TEXT = 120_000
"""Characters of an article that are shown at once."""

MOST_ITEMS = 100
"""Files of a run that are shown one by one; those that were refused come first."""

MOST_CHOICES = 500
"""Names that a filter offers."""

OUTLETS = 8
"""Outlets that are shown before the others are asked for."""


class Choices(NamedTuple):
    """What the library can be narrowed to."""

    outlets: Sequence[str] = ()
    regions: Sequence[str] = ()
    tags: Sequence[str] = ()
    whens: Sequence[str] = ()


class Relative(NamedTuple):
    """An article that another one repeats, or is repeated by."""

    article: Article
    link: Link


class Opened(NamedTuple):
    """An article, the file it came from ("" where it is not current), and its copies."""

    article: Article
    file: str
    relatives: Sequence[Relative]
    view: View


def render_add(*, may: bool, empty: bool, limit: int) -> str:
    """The head of the list; for who may manage the library, the place to drop files."""
    return _draw("add.html", may=may, empty=empty, limit=limit)


def render_runs(runs: Sequence[Run]) -> str:
    """What comes in, and what came of it."""
    return _draw("runs.html", runs=runs, most=MOST_ITEMS)


def render_find(view: View, choices: Choices) -> str:
    """The search and the filters."""
    fields = (
        ("outlet", "Outlet", "Any outlet", choices.outlets, view.look.outlet),
        ("region", "Region", "Any region", choices.regions, view.look.region),
        ("tag", "Tag", "Any tag", choices.tags, view.look.tag),
        ("when", "Published", "Any time", choices.whens, view.look.when),
    )
    cut = ((*field[:3], field[3][:MOST_CHOICES], field[4]) for field in fields)
    drawn = [
        (name, label, everything, _groups(name, offered), offered, chosen)
        for name, label, everything, offered, chosen in cut
    ]
    return _draw("find.html", look=view.look, fields=drawn)


def _groups(name: str, offered: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """The choices of a field under their headings; one without a heading has none."""
    if name != "when":
        return [("", offered)] if offered else []
    groups = (
        ("Years", [each for each in offered if len(each) == 4]),
        ("Months", [each for each in offered if "-" in each]),
        ("", [each for each in offered if each == UNDATED]),
    )
    return [(label, found) for label, found in groups if found]


def render_list(
    rows: Sequence[Listed], view: View, held: int, *, may: bool, serial: object, whole: int
) -> str:
    """One page of the list; `held` articles are in the view, `whole` in the library."""
    pages = max(1, -(-held // ON_A_PAGE))
    return _draw(
        "list.html",
        rows=rows,
        view=view,
        look=view.look,
        held=held,
        whole=whole,
        pages=pages,
        may=may,
        serial=serial,
        narrowed=bool(whole) and view.look != Look(),
        first=(view.page - 1) * ON_A_PAGE + 1,
    )


def render_overview(overview: Overview, view: View, whole: int) -> str:
    """The plot by month, and the outlets; of a library with `whole` articles."""
    values = {"over": overview, "view": view, "look": view.look, "whole": whole}
    return _draw("overview.html", first=OUTLETS, **values)


def render_article(opened: Opened, *, may: bool, serial: object) -> str:
    """An open article."""
    text = opened.article.text
    return _draw(
        "article.html",
        opened=opened,
        article=opened.article,
        view=opened.view,
        paragraphs=text[:LONGEST_TEXT].split("\n\n"),
        cut=len(text) > LONGEST_TEXT,
        may=may,
        serial=serial,
    )


def render_nothing_open() -> str:
    """The place of the article while none is open."""
    return ""


def render_doubt(articles: Sequence[Article], removal: Removal, *, serial: object) -> str:
    """The question whether to remove articles; `articles` are the first of them."""
    return _draw("doubt.html", articles=articles, removal=removal, serial=serial, error="")


def render_removed(count: int, *, serial: object) -> str:
    """That they are gone."""
    return _draw("removed.html", count=count, serial=serial)


def render_error(message: str, *, serial: object = 0) -> str:
    """One line on what went wrong and what to do."""
    return _draw("error.html", message=message, serial=serial)


def _draw(name: str, **values: object) -> str:
    # A lone surrogate cannot be sent; any other text can.
    return _template(name).render(values).encode("utf-8", "replace").decode("utf-8")


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("assistant.web", "templates/library"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "counted": words.counted,
        "day": day_in_words,
        "isolated": isolated,
        "megabytes": words.megabytes,
        "safe_url": safe_url,
        "when": when_in_words,
    }
    environment.globals |= {
        "about": words.about,
        "chat_address": chat_address,
        "figures_line": words.figures_line,
        "item_line": words.item_line,
        "kind_of_copy": words.kind_of_copy,
        "listed_items": words.listed_items,
        "run_line": words.run_line,
        "run_title": words.run_title,
        "stage_line": words.stage_line,
    }
    return environment.get_template(name)
