"""Turns, answers and articles as HTML. Pure functions: the same values give the same markup.

Titles, article text, questions, addresses and whatever a model wrote are data. The templates run
under Jinja's autoescape, so each value that reaches the page is escaped unless it is markup that
a template of this room made; `StrictUndefined` turns a misspelt name into an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from assistant.answering.framing.frames import day_in_words, span_in_words
from assistant.chats import ChatInfo, safe_url
from assistant.types import Article
from assistant.web import cutting, labels
from assistant.web.talk import Turn

if TYPE_CHECKING:
    from jinja2 import Template


def render_transcript(
    turns: Sequence[Turn],
    *,
    library: str = "",
    editing: int | None = None,
    chat: str | None = None,
    kept: bool = False,
) -> str:
    """The whole conversation; with no turns yet, the welcome and what the library holds.

    `editing`: the number of the turn whose question is being written anew; it and what came after
    it are drawn as what asking will replace. `chat`: what the conversation is kept as; `kept`:
    whether conversations are.
    """
    return _draw(
        "transcript.html", turns=turns, library=library, editing=editing, chat=chat, kept=kept
    )


def render_shelf() -> str:
    """The frame of the kept chats: their head, with the field to search them."""
    return _draw("shelf.html")


def render_kept(
    chats: Sequence[ChatInfo], *, total: int, words: str, opened: str | None, now: datetime
) -> str:
    """Kept chats, the one last added to first; `total`: how many there are, `words`: searched."""
    groups = labels.by_age(chats, now)
    return _draw(
        "kept.html", groups=groups, shown=len(chats), total=total, words=words, open=opened
    )


def render_said(line: str) -> str:
    """One line that says what went wrong."""
    return _draw("said.html", line=line)


def render_suggestions(questions: Sequence[str]) -> str:
    """Questions to click; nothing where there are none."""
    return _draw("suggestions.html", questions=questions)


def render_queue() -> str:
    """The line that is shown while a question waits for its turn."""
    return _draw("queue.html")


def render_switch() -> str:
    """The button that shows the filters in a narrow window."""
    return _draw("switch.html")


def render_source(
    article: Article,
    start: int,
    end: int,
    *,
    label: str,
    not_an_answer: bool = False,
    opened: int = 0,
) -> str:
    """The source pane: the article, with `text[start:end]` in `<mark>`.

    `label` names what was opened ("Citation 1"). `opened` is a number that differs each time, so
    that opening the same quote twice is a change that the page's script notices.
    """
    return _draw(
        "source.html",
        article=article,
        paragraphs=cutting.cut_paragraphs(article.text, start, end),
        cut_before=start > cutting.AROUND,
        cut_after=len(article.text) - end > cutting.AROUND,
        label=label,
        not_an_answer=not_an_answer,
        opened=opened,
    )


def render_source_error(message: str, *, opened: int = 0) -> str:
    """The source pane when an article cannot be shown: one line."""
    return _draw("source_error.html", message=message, opened=opened)


def render_source_placeholder() -> str:
    """The source pane before anything was opened."""
    return _draw("source_empty.html")


def render_masthead(
    page: str, *, sample: bool, kept: bool = False, name: str = "", leaves: bool = False
) -> str:
    """The head of a page ("chat", ...), with the banner of the sample library.

    `kept`: whether there are kept chats to open; `name`: who is logged in; `leaves`: whether they
    can log out here, and not at a proxy.
    """
    return _draw("masthead.html", page=page, sample=sample, kept=kept, who=name, leaves=leaves)


def draw(name: str, **values: object) -> str:
    """A template of this room, filled in: every value is escaped that no template made."""
    return _draw(name, **values)


def _draw(name: str, **values: object) -> str:
    # A lone surrogate cannot be sent; any other text can.
    return _template(name).render(values).encode("utf-8", "replace").decode("utf-8")


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("assistant.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "byline": labels.byline,
        "cited": labels.cited,
        "claimed": cutting.cut_claim,
        "day": day_in_words,
        "dropped": labels.dropped_label,
        "event": span_in_words,
        "framed": cutting.split_frame,
        "gist": cutting.cut_gist,
        "narrowed": labels.narrowed_label,
        "nearest": labels.nearest,
        "outlet": labels.outlet,
        "safe_url": safe_url,
        "snippet": labels.snippet,
        "stages": labels.stages_label,
        "took": labels.timings_label,
        "writer": labels.writer_label,
    }
    environment.globals["status_means"] = labels.STATUS_MEANS
    return environment.get_template(name)
