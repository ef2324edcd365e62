"""HTML pages: the article's text and metadata, through trafilatura and htmldate."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from assistant.articles.blocks import Block
from assistant.articles.dates import find_date
from assistant.articles.fields import Metadata, split_tags, unique, web_address
from assistant.articles.header_lines import HeadLine, read_line
from assistant.articles.header_settle import same, squashed
from assistant.articles.jsonld import read_json_ld
from assistant.articles.recovered import recover
from assistant.articles.republished import credit_of
from assistant.articles.text import one_line, tidy
from assistant.errors import ArticleError

# Only dates that the page declares: one found in running prose is not its own. One in the
# address is asked last: it may be that of a draft.
_DATES = {"extensive_search": False, "original_date": True, "deferred_url_extractor": True}
_JOINTS = re.compile(r"\s+(?:[-–—|·•»/]|::)\s+|\s+\|\s*|\s*\|\s+")
_BYLINES = (
    "//*[@rel='author' or contains(@itemprop, 'author') or contains(@class, 'byline') or "
    "contains(@class, 'author') or contains(@class, 'submitted') or contains(@class, 'posted')] | "
    "//address"
)
_SITE = (
    "//*[contains(@itemprop, 'publisher')]//*[@itemprop='name']/@content | "
    "//*[contains(@itemprop, 'publisher')]//*[@itemprop='name']/text()"
)
_PUBLISHED = (
    "//time[contains(@class, 'published') or contains(@class, 'entry-date') or @pubdate or "
    "contains(@itemprop, 'datePublished')]/@datetime"
)
_CREDITS = "//p | //div | //span | //em | //i | //li | //small | //footer | //aside"
_LONGEST_LINE = 300  # characters
_MOST_SITE_WORDS = 6
_BY = re.compile(r"(?:submitted |posted |written )?(?:by|on)\b", re.IGNORECASE)
_PREDICATE = re.compile(r"\s+(?:is|was|has|covers|writes|reports|works)\s.*")


def read_page(source: str) -> tuple[Metadata, list[Block]]:
    """The metadata and the blocks of an HTML page, without menus, footers and comments.

    The site is the `publisher`: whether it reported the article, too, its credits tell.

    Raises:
        ArticleError: no article can be found in the page.
    """
    import trafilatura
    from trafilatura.utils import load_html

    # It reports to the log what is reported to the reader here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = load_html(source)
    if tree is None:
        raise ArticleError("no article can be found in the page")
    credit = _credit(tree)
    seen = _seen(tree)
    scripts = [node.text or "" for node in tree.iterfind(".//script[@type='application/ld+json']")]
    found: Any = trafilatura.bare_extraction(
        deepcopy(tree), include_comments=False, with_metadata=True, date_extraction_params=_DATES
    )
    if found is None or not found.text:
        raise ArticleError("no article can be found in the page")
    title = one_line(found.title or "")
    meta = _metadata(found, seen, read_json_ld(scripts, title))
    # trafilatura may put the headline below a text of one paragraph.
    lines = [line for line in _lines(found.text) if not same(line, title)]
    blocks = [Block((line,)) for line in recover(tree, lines)]
    if credit and all(block.text != credit for block in blocks):
        blocks.append(Block((credit,)))
    return meta, blocks


def _seen(tree: Any) -> Metadata:  # noqa: ANN401 - lxml is not typed
    """What trafilatura does not look at: the page's whole title, news keywords, a byline."""
    words = tree.xpath("//head/meta[@name='news_keywords']/@content")
    line = _byline(tree)
    days = (find_date(one_line(day)) for day in tree.xpath(_PUBLISHED))
    return Metadata(
        title=one_line(tree.findtext(".//head/title") or ""),
        source=one_line(next(iter(tree.xpath(_SITE)), "")),
        author=", ".join(line.bylines) if line else "",
        published=next(filter(None, days), None) or (line.day if line else None),
        tags=unique(tag for listed in words for tag in split_tags(one_line(listed))),
        language=next(iter(tree.xpath("/html/@lang")), ""),
    )


def _metadata(found: Any, seen: Metadata, described: Metadata) -> Metadata:  # noqa: ANN401  # untyped package
    """The page's metadata: what trafilatura found, what JSON-LD describes, what is `seen`."""
    title = one_line(found.title or "")
    author = _PREDICATE.sub("", one_line(found.author or "").replace("; ", ", "))
    listed = [*(found.categories or ()), *(found.tags or ())]
    published = date.fromisoformat(found.date) if found.date else None
    url = web_address(found.url or "")
    return Metadata(
        title=title,
        publisher=seen.source or _site(one_line(found.sitename or ""), title, seen.title),
        author=author or described.author or seen.author,
        published=described.published or seen.published or published,
        region=described.region,
        tags=unique(
            tag
            for tags in (*map(one_line, listed), *described.tags, *seen.tags)
            for tag in split_tags(tags)
        ),
        url=url or described.url,
        language=one_line(found.language or "") or described.language or seen.language,
    )


def _site(named: str, title: str, whole: str) -> str:
    """The site's name: the one it gives, else what its page's title has beside the article's."""
    host = "." in named and (" " not in named or same(named, title) or named in whole)
    if named and not host:
        return named
    plain = squashed(title)
    joints = list(_JOINTS.finditer(whole))
    for joint in reversed(joints):
        before, after = whole[: joint.start()], whole[joint.end() :]
        for rest, site in ((before, after), (after, before)):
            if squashed(rest).startswith(plain) and len(site.split()) <= _MOST_SITE_WORDS:
                return site
    return "" if same(named, title) else named


def _byline(tree: Any) -> HeadLine | None:  # noqa: ANN401  # untyped package
    """The first visible line that begins with "By" or "Submitted by"."""
    for node in tree.xpath(_BYLINES):
        text = one_line(node.text_content())[:_LONGEST_LINE]
        if _BY.match(text) and (line := read_line(text)) and (line.bylines or line.dated):
            return line
    return None


def _credit(tree: Any) -> str:  # noqa: ANN401  # untyped package
    """The line that says who published the article first; "" where none does."""
    for node in tree.xpath(_CREDITS):
        if any(child.tag in {"p", "div", "ul", "section"} for child in node):
            continue
        text = node.text_content()
        if len(text) <= _LONGEST_LINE and credit_of(line := one_line(text)):
            return line
    return ""


def _lines(text: str) -> Iterator[str]:
    for line in tidy(text).split("\n"):
        words = line.split()
        if words and words[0] == "-":
            words = words[1:]
        if words and words[0] == "|" == words[-1]:
            words = words[1:-1]  # the row of a table
        if any(any(map(str.isalnum, word)) for word in words):
            yield " ".join(words)
