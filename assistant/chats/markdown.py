"""A chat as Markdown, each citation a footnote.

Titles, article text, questions and whatever a model wrote are data: `escape` leaves no heading,
list, link, image, table, formula or HTML of theirs, in CommonMark and in GitHub's form of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from assistant.chats import shown
from assistant.chats.kept import Chat, KeptTurn
from assistant.chats.words import one_line, safe_url
from assistant.types import Answer, Citation

# Anywhere in a line; a colon only where it could make an address or an emoji of its surroundings.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>&#|~!^$@]|:(?=\S)|(?<=\bwww)\.", re.IGNORECASE)
# These mean something where a line begins: lists, rules, underlines of headings.
_OPENING = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=:]))")


def to_markdown(chat: Chat) -> str:
    """The chat: a heading, its questions as headings below it, the footnotes last."""
    info = chat.info
    lines = [f"# {escape(info.title) or shown.UNTITLED}", ""]
    about = f"{shown.moment_in_words(info.made)}."
    lines += [escape(f"{about} {shown.IMPORTED}" if info.imported else about), ""]
    for turn in chat.turns:
        lines += _turn(turn)
    for turn in chat.turns:
        if turn.answer:
            lines += [_footnote(turn, citation) for citation in turn.answer.citations]
    return "\n".join(lines).rstrip("\n") + "\n"


def escape(text: str) -> str:
    r"""A text on one line, as Markdown that shows just that text.

    >>> print(escape("1. ![x](http://h/x.png) <b>"))
    1\. \!\[x\](http\://h/x.png) \<b\>
    """
    plain = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs") or c.isspace())
    line = _MARKUP.sub(lambda found: f"\\{found.group()}", one_line(plain))
    return _OPENING.sub(r"\1\\", line)


def _turn(turn: KeptTurn) -> Iterator[str]:
    yield from (f"## {escape(turn.question)}", "")
    asked = [f"Asked {shown.moment_in_words(turn.asked)}"]
    if limits := shown.narrowed(turn.filters):
        asked.append(f"narrowed to: {limits}")
    answer = turn.answer
    if answer and answer.standalone_question != answer.question:
        asked.append(f"understood as: {answer.standalone_question}")
    yield from (f"*{escape('; '.join(asked))}*", "")
    if answer:
        yield from _answer(turn.number, answer)
    if ended := shown.ending(turn):
        yield from (f"*{escape(ended)}*", "")


def _answer(number: int, answer: Answer) -> Iterator[str]:
    if answer.abstained:
        yield from (f"**Not answered.** {escape(answer.abstention_reason or answer.text)}", "")
    for statement in answer.statements:
        notes = _notes(number, statement.markers)
        yield from (f"{escape(shown.claim_of(statement))}{notes}", "")
    for differing in answer.disagreements:
        sides = "; ".join(f"{escape(s.value)}{_notes(number, s.markers)}" for s in differing.sides)
        yield from (f"**Reports differ, compare them** ({escape(differing.about)}): {sides}", "")
    near = shown.nearest(answer)
    if near:
        yield from ("Not an answer, but near:", "")
        for evidence in near:
            where = escape(", ".join(shown.near_source(evidence)))
            yield f"- {where}: “{escape(shown.near_words(evidence))}”"
        yield ""


def _notes(number: int, markers: Sequence[int]) -> str:
    return "".join(f"[^{number}-{marker}]" for marker in markers)


def _footnote(turn: KeptTurn, citation: Citation) -> str:
    url = safe_url(citation.url)
    address = f"<{url}>. " if url else f"{escape(citation.url)}. " if citation.url else ""
    source = ", ".join(shown.source_of(citation))
    return (
        f"[^{turn.number}-{citation.marker}]: “{escape(citation.quote)}” "
        f"{escape(source)}. {address}({escape(shown.place_of(citation))})\n"
    )
