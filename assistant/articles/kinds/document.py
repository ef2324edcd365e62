"""One article a file: Markdown, plain text, an HTML page."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.articles.build import body_blocks, build_article
from assistant.articles.content import Content, Found
from assistant.articles.encoding import decode
from assistant.articles.fields import read_fields
from assistant.articles.frontmatter import split_front_matter
from assistant.articles.text import tidy
from assistant.articles.webpage import read_page


def read_plain(content: Content) -> Iterator[Found]:
    """The article in a text file; what looks like Markdown is read as Markdown.

    Raises:
        ArticleError: there is none in it.
    """
    yield from _read_text(content, markdown=False)


def read_markdown(content: Content) -> Iterator[Found]:
    """The article in a Markdown file.

    Raises:
        ArticleError: there is none in it.
    """
    yield from _read_text(content, markdown=True)


def read_html(content: Content) -> Iterator[Found]:
    """The article in a web page.

    Raises:
        ArticleError: there is none in it.
    """
    yield build_article(*read_page(decode(content.read())), content.stem)


def _read_text(content: Content, markdown: bool) -> Iterator[Found]:
    fields, body = split_front_matter(tidy(decode(content.read())))
    yield build_article(read_fields(fields), body_blocks(body, markdown), content.stem)
