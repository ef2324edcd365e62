"""What trafilatura leaves out of an article that it found: subheadings, lists, captions.

    <h2>School closed</h2>            <- left out
    <p>The school has sent ...</p>    <- found

Only what stands among the paragraphs that it found, holds no link and no button, and lies in no box
of another kind is taken back, at its place in the page.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from assistant.articles.text import one_line

_BOXES = {"nav", "aside", "footer", "form", "header", "button", "select", "template", "dialog"}
_BOX_NAMES = re.compile(
    r"(?:^|[\s_-])(?:relat|shar|social|newsletter|promo|sidebar|comment|cookie|consent|nav|menu|"
    r"foot|widget|recommend|most|trend|tags?\b|toc|poll|vote|product|odds|sign|subscri|byline|meta|"
    r"author|bread|ad\b|ads\b|advert|more|read|tool|popular|similar|hidden|modal)",
    re.IGNORECASE,
)
_PARAGRAPHS = ("p", "li", "h2", "h3", "h4", "blockquote", "div", "dd")
_LEAST_ITEM_WORDS = 4
_LEAST_CAPTIONS = 3
_LEAST_CAPTION_WORDS = 8


def recover(tree: Any, lines: list[str]) -> list[str]:  # noqa: ANN401 - lxml is not typed
    """The lines of a page's text, with what belongs between them and was left out."""
    places = {_plain(line): number for number, line in enumerate(lines) if _plain(line)}
    found: dict[Any, str] = {}
    left = set(places)
    for node in tree.iter(*_PARAGRAPHS):
        if any(child.tag in _PARAGRAPHS for child in node):
            continue
        if (text := _plain(_text(node))) in left:
            found[node] = text
            left.remove(text)
    if not found:
        return lines
    scope = _scope(list(found))
    ordered = _in_order([places[text] for text in found.values()])
    gallery = _gallery(scope, lines)
    after: dict[int, list[str]] = {}
    here = -1
    for node in scope.iter():
        if node in found:
            # A line that trafilatura moved is no measure of where the page has come to.
            here = places[found[node]] if places[found[node]] in ordered else here
        elif isinstance(node.tag, str):
            taken = [text for text in _left_out(node, found, gallery) if _plain(text) not in places]
            after.setdefault(here, []).extend(taken)
    whole = list(after.get(-1, []))
    for number, line in enumerate(lines):
        whole += [line, *after.get(number, [])]
    return whole


def _in_order(places: list[int]) -> set[int]:
    """The most of the places that stand in ascending order."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, place)
        before[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    chain: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        chain.add(last)
        last = before[last]
    return chain


def _left_out(node: Any, found: dict[Any, str], gallery: bool) -> Iterator[str]:  # noqa: ANN401  # untyped package
    """The texts of an element that is of the article although it was left out."""
    if node.tag in {"h2", "h3", "h4"}:
        following = node.getnext()
        if following is not None and following in found and _is_free(node):
            yield _text(node)
    elif node.tag in {"ul", "ol", "dl"}:
        items = [_text(item) for item in node.iter("li", "dt", "dd")]
        words = sum(len(item.split()) for item in items)
        if len(items) > 1 and words >= _LEAST_ITEM_WORDS * len(items) and _is_free(node):
            yield from items
    elif node.tag == "figcaption" and gallery:
        yield _caption(node)


def _scope(paragraphs: list[Any]) -> Any:  # noqa: ANN401  # untyped package
    """The element that holds all the paragraphs; the <article> or <main> around it."""
    shared = set(paragraphs[0].iterancestors())
    for node in paragraphs[1:]:
        shared &= set(node.iterancestors())
    holders = [node for node in paragraphs[0].iterancestors() if node in shared]
    return next((node for node in holders if node.tag in {"article", "main"}), holders[0])


def _is_free(node: Any) -> bool:  # noqa: ANN401  # untyped package
    """Whether an element has no links and buttons in it, and lies in no box of the page."""
    if any(True for _ in node.iter("a", "button", "input", "form")):
        return False
    around = [node, *node.iterancestors()]
    return not any(
        each.tag in _BOXES or _BOX_NAMES.search(f"{each.get('class', '')} {each.get('id', '')}")
        for each in around
        if each.tag not in {"body", "html", "article", "main"}
    )


def _gallery(scope: Any, lines: list[str]) -> bool:  # noqa: ANN401  # untyped package
    """Whether a page's captions are its article: they have more words than the rest of it."""
    captions = [_caption(node).split() for node in scope.iter("figcaption")]
    long = [words for words in captions if len(words) >= _LEAST_CAPTION_WORDS]
    return len(long) >= _LEAST_CAPTIONS and sum(map(len, long)) > sum(
        len(line.split()) for line in lines
    )


def _caption(node: Any) -> str:  # noqa: ANN401  # untyped package
    """A caption without its credit."""
    parts = [node.text or ""]
    for child in node:
        if child.tag != "cite" and "credit" not in child.get("class", ""):
            parts.append(child.text_content())
        parts.append(child.tail or "")
    return one_line(" ".join(parts))


def _text(node: Any) -> str:  # noqa: ANN401  # untyped package
    return one_line(node.text_content())


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
