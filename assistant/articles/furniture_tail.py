"""The links and labels below an article: no shape of their own, but their place, gives them away.

... said the mayor.
Comments (14)                      <- furniture by its shape
Why nobody repairs toasters        <- furniture by its place
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.articles.blocks import Block

# What a page calls the links below an article.
_LABEL = re.compile(
    r"\W*(?:more (?:from|in|on|about|stories|news|coverage)\b.{0,40}|what (?:else )?we.?re reading|"
    r"elsewhere on\b.{0,30}|up next|top stories|latest(?: from\b.{0,30})?|also in\b.{0,30}|"
    r"in other news|from (?:the|our) (?:archives?|partners?)|recent posts|around the web|"
    r"share this(?: \w+)?|leave a reply|\w+ thoughts? on .{0,200})\W*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"""[.!?…:;,]["'”’»)\]]*$""")
_LEAST_WORDS = 12  # of a paragraph that is the article's, whatever stands above it
_LONG = 30  # words: of a paragraph, even if it has lost its full stop
_MOST_WORDS = 16  # of a link
_MOST_LINKS = 12


def strip_tail(blocks: Sequence[Block], ended: Sequence[int]) -> tuple[list[Block], list[str]]:
    """The blocks without the links and labels of a page's end, and the lines that went.

    `ended` are the places before whose block something went that stands below articles: nothing is
    taken above the first of them, or of the labels, that no paragraph of the article follows.
    """
    last = max((at for at, block in enumerate(blocks) if _is_paragraph(block)), default=-1)
    places = [at for at in ended if at > last]
    places += [at for at in range(last + 1, len(blocks)) if _LABEL.fullmatch(blocks[at].text)]
    if last < 0 or not places:
        return list(blocks), []
    start = min(places)
    gone = [block.text for block in blocks[start:] if _is_link(block)]
    if len(gone) > _MOST_LINKS or any(text[0].isdigit() for text in gone):
        return list(blocks), []  # rather results or a ranking
    return [*blocks[:start], *(b for b in blocks[start:] if not _is_link(b))], gone


def _is_paragraph(block: Block) -> bool:
    words = block.text.count(" ") + 1
    return words >= _LONG or (words >= _LEAST_WORDS and bool(_SENTENCE.search(block.text)))


def _is_link(block: Block) -> bool:
    text = block.text
    short = text.count(" ") < _MOST_WORDS
    return bool(_LABEL.fullmatch(text)) or (short and (not _SENTENCE.search(text) or "?" in text))
