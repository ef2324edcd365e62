"""An answer as the text of a chat message: statements, then footnotes.

Chat clients show messages as Markdown, and an article's words are data: what could make an image, a
link or HTML of them is escaped. In the structured field every quote stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from assistant.answering.framing.frames import day_in_words
from assistant.types import Answer, Citation, Evidence, Part

_NEAREST = 3
# The beginnings of an image, of a link's address, of a tag, and of a link's definition; and a
# backslash, which would take away the one that is put before them.
_ACTIVE = re.compile(r"(?<=!)\[|(?<=\])\(|<(?=[A-Za-z/!?])|(?<=\]):|\\(?=[!-/:-@\[-`{-~])")


def message_pieces(item: Part | Answer, *, first: bool) -> str:
    """What an item adds to the message; `first`: nothing has been said before it.

    The pieces of all items of an answer make its whole message.
    """
    if isinstance(item, Part):
        return ("" if first else "\n\n") + plain(item.statement.text)
    said = plain(item.text) if first else ""
    return said + "".join(f"\n\n{note}" for note in _notes(item))


def message_of(answer: Answer) -> str:
    """The whole message of an answer."""
    said = [plain(statement.text) for statement in answer.statements] or [plain(answer.text)]
    return "\n\n".join([*said, *_notes(answer)])


def plain(text: str) -> str:
    r"""Text that Markdown shows as it is, as far as that would load or link to something.

    >>> plain("![a](https://evil.example/a.png) said [1]")
    '!\\[a]\\(https://evil.example/a.png) said [1]'
    """
    return _ACTIVE.sub(lambda found: f"\\{found.group()}", text)


def _notes(answer: Answer) -> Iterator[str]:
    if answer.standalone_question != answer.question:
        yield f"Understood as: {plain(answer.standalone_question)}"
    for differing in answer.disagreements:
        sides = "; ".join(
            plain(side.value) + "".join(f" [{marker}]" for marker in side.markers)
            for side in differing.sides
        )
        yield f"Reports differ, compare them ({plain(differing.about)}): {sides}"
    if answer.abstained:
        for near in answer.evidence[:_NEAREST]:
            yield f"Not an answer, but near: {_near(near)}"
    named = _named(answer)
    for cited in answer.citations:
        if cited.marker in named:
            yield f"[{cited.marker}] {_source(cited)}"
    for cited in answer.citations:
        if cited.marker not in named:
            yield f"Also reported: [{cited.marker}] {_source(cited)}"


def _named(answer: Answer) -> set[int]:
    """The markers that the text names; the other citations stand in the timeline alone."""
    told = [statement.markers for statement in answer.statements]
    sides = [side.markers for differing in answer.disagreements for side in differing.sides]
    return {marker for markers in (*told, *sides) for marker in markers}


def _near(near: Evidence) -> str:
    article = near.article
    day = day_in_words(article.published) if article.published else "undated"
    told = (article.title or article.id, article.source, day)
    return plain(" · ".join(_one_line(part) for part in told if part))


def _source(cited: Citation) -> str:
    day = day_in_words(cited.published) if cited.published else "undated"
    carried = (
        f" (carried by {cited.publisher})" if cited.publisher not in ("", cited.source) else ""
    )
    told = (cited.title or cited.article_id, f"{cited.source}{carried}", day)
    said = plain(" · ".join(_one_line(part) for part in told if part.strip()))
    return f"{said} · {cited.url}" if _is_address(cited.url) else said


def _is_address(url: str) -> bool:
    """Whether it is a plain web address: nothing else is put into a text that is shown as one."""
    if not re.fullmatch(r"[\w\-.~:/?#@&=+,;%]+", url, re.ASCII):
        return False
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _one_line(text: str) -> str:
    return " ".join(text.split())
