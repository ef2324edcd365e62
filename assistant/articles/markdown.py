"""Markdown (CommonMark, with tables) to blocks of plain text, through markdown-it-py.

Links become their labels; emphasis, headings' marks, images, rules and HTML tags go; entities
are decoded. Paragraphs without any markup are taken as they stand: the parser is exact, and slow.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assistant.articles.blocks import Block, plain_blocks, segments
from assistant.articles.text import tidy

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Longer paragraphs are not searched for markup: nested brackets cost the parser n² time.
_LONGEST_INLINE = 50_000

# What no plain prose has: inline links, headings, bold words, paragraphs and line breaks of HTML.
_MARKDOWN = re.compile(
    r"\]\([^)\s]{0,2000}\)|^ {0,3}#{1,6} +\S|\*\*\w[^*\n]*\*\*|</p>|<br ?/?>", re.MULTILINE
)
# What may be markup in one run of lines. Without any of it, the run is one paragraph.
_MARKUP = re.compile(
    r"[*`\\]|\]\(|\]\[|<[A-Za-z/!?]|&#?\w+;|(?<!\w)_|_(?!\w)|  \n"
    r"|^[ \t]*(?:[#>+|~]|-[ \t-]|=|\d{1,9}[.)][ \t])",
    re.MULTILINE,
)
# Constructs that reach over blank lines: the text must be parsed as one.
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?:https?:|mailto:|www\.|[/#])", re.M | re.I)
_REACHING = re.compile(r"^ {0,3}(?:```|~~~|<(?:!--|script|style|pre|textarea))", re.M | re.I)
_INTRAWORD = re.compile(r"(?<=\w)\*+(?=\w)")

_BLOCK_TAGS = (
    "address|article|aside|blockquote|body|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|"
    "form|h[1-6]|head|header|hr|html|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|"
    "title|tr|ul"
)
_INLINE_TAGS = (
    "a|abbr|acronym|audio|b|bdi|bdo|big|button|cite|code|data|del|dfn|em|embed|font|i|iframe|img|"
    "input|ins|kbd|label|link|mark|meta|noscript|object|picture|q|rp|rt|ruby|s|samp|script|select|small|"
    "source|span|strike|strong|sub|sup|svg|textarea|time|tt|u|var|video|wbr"
)
# An opening without its end runs to the end of the text, so that the search stays linear.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
_BREAK = re.compile(r"<br\b[^<>]*>", re.I)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCK_TAGS})\b[^<>]*>", re.I)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE_TAGS})\b[^<>]*>|<!doctype[^<>]*>", re.I)


def looks_like_markdown(text: str) -> bool:
    """Whether a text of undeclared kind holds markup that plain prose never has."""
    return _MARKDOWN.search(text) is not None


def markdown_blocks(text: str) -> list[Block]:
    """Blocks of `tidy` Markdown text."""
    if _REACHING.search(text) or _DEFINITION.search(text):
        return _parsed(text)
    found: list[Block] = []
    for run in segments(text):
        source = "\n".join(run)
        if _MARKUP.search(source):
            found.extend(_parsed(source))
        else:
            found.append(Block(("\n".join(" ".join(line.split()) for line in run),)))
    return found


def strip_tags(text: str) -> str:
    """Text without HTML tags, comments, scripts and styles; what is no tag of HTML stays.

    Tags that make a block of their own leave a blank line behind.
    """
    text = _COMMENT.sub("", text)
    text = _BREAK.sub("\n", text)
    return _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n\n", text))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Indented paragraphs are common in news text, code is not. Inline markup is parsed below.
    return MarkdownIt("commonmark", {"html": True}).enable("table").disable(["code", "inline"])


def _parsed(source: str) -> list[Block]:
    parser = _parser()
    env: dict[str, object] = {}
    if not _DEFINITION.search(source):
        # "[Update]: fixed" is a sentence, not the definition of a link.
        with parser.reset_rules():
            parser.disable("reference")
            tokens = parser.parse(source, env)
    else:
        tokens = parser.parse(source, env)
    return [block for leaf in _leaves(tokens, env) for block in _blocks_of(leaf, env)]


@dataclass(slots=True)
class _Leaf:
    """What holds text in the tree of a document, with what stands before and around it."""

    token: Token
    heading: int = 0
    number: str = ""
    cells: list[str] | None = None


def _leaves(tokens: list[Token], env: dict[str, object]) -> Iterator[_Leaf]:
    heading, number = 0, ""
    row: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                heading = int(token.tag[1])
            case "list_item_open":
                # The number of a list item is a word of the article; a bullet is not.
                number = f"{token.info}{token.markup} " if token.info else ""
            case "tr_open":
                row = []
            case "tr_close":
                yield _Leaf(token, cells=row)
                row = None
            case "inline" if row is not None:
                row.append(" ".join(_rendered(token.content, env).split()))
            case "inline" | "html_block" | "fence":
                yield _Leaf(token, heading, number)
                heading, number = 0, ""


def _blocks_of(leaf: _Leaf, env: dict[str, object]) -> Iterator[Block]:
    content = leaf.token.content
    match leaf.token.type:
        case "tr_close":
            yield from _blocks_from(" | ".join(leaf.cells or ()), 0)
        case "html_block":
            yield from _blocks_from(html.unescape(strip_tags(content)), 0)
        case "fence":
            yield from plain_blocks(tidy(content))
        case _:
            yield from _blocks_from(leaf.number + _rendered(content, env), leaf.heading)


def _blocks_from(rendered: str, heading: int) -> Iterator[Block]:
    r"""Blocks of rendered text: "\n\n" ends a block, "\v" is a hard break, "\n" a soft one."""
    for run in re.split(r"\n\s*\n", rendered):
        parts = [
            "\n".join(line for line in (" ".join(raw.split()) for raw in lines) if line)
            for lines in (tidy(part).split("\n") for part in run.split("\v"))
        ]
        if kept := tuple(part for part in parts if part):
            yield Block(kept, heading)


def _rendered(content: str, env: dict[str, object]) -> str:
    r"""The plain text of one block's inline markup, with "\v" for a hard break."""
    if len(content) > _LONGEST_INLINE:
        return content
    # "f***ing ... f***ing" is no emphasis: as with "_", a "*" inside a word stands for itself.
    content = _INTRAWORD.sub(lambda stars: r"\*" * len(stars[0]), content)
    parser = _parser()
    tokens: list[Token] = []
    parser.inline.parse(content, parser, env, tokens)
    out: list[str] = []
    for token in tokens:
        match token.type:
            case "text" | "text_special" | "code_inline":
                out.append(token.content)
            case "softbreak":
                out.append("\n")
            case "hardbreak":
                out.append("\v")
            case "html_inline":
                out.append(strip_tags(token.content))
    return "".join(out)
