"""Files to articles: which reader a file gets, and the quarantine for what cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.articles.build import body_blocks, build_article
from assistant.articles.encoding import decode
from assistant.articles.fields import read_fields
from assistant.articles.files import MOST_BYTES, MOST_JSONL_BYTES, SourceFile
from assistant.articles.frontmatter import split_front_matter
from assistant.articles.jsonlines import read_json_lines
from assistant.articles.text import tidy
from assistant.articles.webpage import read_page
from assistant.errors import ArticleError
from assistant.types import Article, Quarantined

_MARKDOWN = {".md", ".markdown", ".mdown", ".mkd"}
_PLAIN = {".txt", ".text"}
_HTML = {".html", ".htm", ".xhtml"}
_JSON_LINES = {".jsonl", ".ndjson"}


def read_articles(file: SourceFile) -> Iterator[Article | Quarantined]:
    """The articles of a file, one by one, in its order; what cannot be read comes with its reason.

    Two articles of one file may have the same id: who stores them decides. Raises nothing.
    """
    try:
        ending = _check(file)
        if ending in _JSON_LINES:
            yield from read_json_lines(file)
        else:
            yield _read_document(file, ending)
    except ArticleError as error:
        yield Quarantined(file.name, str(error))
    except OSError as error:
        yield Quarantined(file.name, f"cannot be read: {error.strerror or error}")


def _check(file: SourceFile) -> str:
    """The ending of a file that may be read.

    Raises:
        ArticleError: it lies outside its root, is no regular file, of no known kind, or too large.
        OSError: it is not there, or may not be read.
    """
    target = _resolved(file.path)
    if not target.is_relative_to(file.root):
        raise ArticleError("is a link out of the indexed folder, which is not followed")
    if target.is_dir():
        linked = file.path.is_symlink()
        raise ArticleError(
            "is a link to a folder, which is not followed" if linked else "cannot be listed"
        )
    size = target.stat().st_size
    if not target.is_file():
        raise ArticleError("is not a regular file")
    ending = file.path.suffix.casefold()
    if ending not in _MARKDOWN | _PLAIN | _HTML | _JSON_LINES:
        raise ArticleError(
            "is not a kind of file Dateline reads (Markdown, plain text, HTML, JSONL)"
        )
    if size == 0:
        raise ArticleError("is empty")
    most = MOST_JSONL_BYTES if ending in _JSON_LINES else MOST_BYTES
    if size > most:
        raise ArticleError(f"has {size:,} bytes, more than the {most:,} that are read")
    return ending


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:
        raise ArticleError("is a link in a circle") from error


def _read_document(file: SourceFile, ending: str) -> Article:
    with file.path.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ArticleError(f"has more than the {MOST_BYTES:,} bytes that are read")
    text = decode(data)
    if ending in _HTML:
        return build_article(*read_page(text), file.stem)
    fields, body = split_front_matter(tidy(text))
    blocks = body_blocks(body, markdown=ending in _MARKDOWN)
    return build_article(read_fields(fields), blocks, file.stem)
