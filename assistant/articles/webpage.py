"""HTML pages: the article's text and metadata, through trafilatura and htmldate."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from assistant.articles.blocks import Block
from assistant.articles.fields import Metadata, split_tags, unique, web_address
from assistant.articles.text import one_line, tidy
from assistant.errors import ArticleError

_LANGUAGE = re.compile(r"""<html\b[^>]{0,500}?\blang\s*=\s*["']?([a-z]{2,3}(?:-\w{2,8})*)""", re.I)


def read_page(source: str) -> tuple[Metadata, list[Block]]:
    """The metadata and the blocks of an HTML page, without menus, footers and comments.

    Raises:
        ArticleError: no article can be found in the page.
    """
    import trafilatura

    # It reports to the log what is reported to the reader here.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found: Any = trafilatura.bare_extraction(
        source,
        include_comments=False,
        with_metadata=True,
        # Only dates that the page declares: one found in running prose is not its own.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or not found.text:
        raise ArticleError("no article can be found in the page")
    meta = _metadata(found)
    if not meta.language and (declared := _LANGUAGE.search(source[:5000])):
        meta = replace(meta, language=declared[1])
    return meta, list(_blocks(found.text))


def _metadata(found: Any) -> Metadata:  # noqa: ANN401 - trafilatura is not typed
    published = date.fromisoformat(found.date) if found.date else None
    return Metadata(
        title=one_line(found.title or ""),
        source=one_line(found.sitename or ""),
        author=one_line(found.author or "").replace("; ", ", "),
        published=published,
        tags=unique(
            tag
            for listed in [*(found.categories or ()), *(found.tags or ())]
            for tag in split_tags(one_line(listed))
        ),
        url=web_address(found.url or ""),
        language=one_line(found.language or ""),
    )


def _blocks(text: str) -> Iterator[Block]:
    for line in tidy(text).split("\n"):
        words = line.split()
        if words and words[0] in {"-", "•"}:
            words = words[1:]
        if words:
            yield Block((" ".join(words),))
