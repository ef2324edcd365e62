"""Pages that a browser saved in one file (MHTML): the page in it is read as any page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from assistant.articles.build import build_article
from assistant.articles.content import Content, Found
from assistant.articles.fields import Metadata, web_address
from assistant.articles.kinds.mime import header, leaves, parse, text_of_part
from assistant.articles.webpage import read_page
from assistant.errors import ArticleError

_PAGES = {"text/html", "application/xhtml+xml"}


def read_saved_page(content: Content) -> Iterator[Found]:
    """The article of the page; its pictures and frames are left out.

    Raises:
        ArticleError: there is no page in it, or no article in the page.
    """
    message = parse(content)
    page = _page(message)
    known, blocks = read_page(text_of_part(page))
    address = header(page, "Content-Location") or header(message, "Snapshot-Content-Location")
    yield build_article(
        replace(known, url=known.url or web_address(address)),
        blocks,
        content.stem,
        Metadata(title=header(message, "Subject")),
    )


def _page(message: Message) -> Message:
    """The part that the message starts with, or the first page in it."""
    pages = [part for part in leaves(message) if part.get_content_type() in _PAGES]
    if not pages:
        raise ArticleError("holds no web page")
    start = message.get_param("start")
    return next((part for part in pages if start and part.get("Content-ID") == start), pages[0])
