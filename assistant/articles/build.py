"""From the blocks of a page and what is known of it to an `Article`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from assistant.articles.blocks import Block, join, plain_blocks
from assistant.articles.fields import Metadata
from assistant.articles.furniture import strip_furniture
from assistant.articles.header import read_head
from assistant.articles.markdown import looks_like_markdown, markdown_blocks
from assistant.articles.text import one_line, tidy
from assistant.errors import ArticleError
from assistant.types import Article

CLEANER_VERSION = "4"
"""Of the rules that make text and metadata out of a file; raise it when what they make changes,
so that indexing reads unchanged files again."""
_NOTHING_MORE = Metadata()


def is_cleaned(text: str) -> bool:
    """Whether a text is paragraphs as `join` writes them, each `tidy` and on one line."""
    return any(c.isalnum() for c in text) and text == join(
        Block((one_line(paragraph),)) for paragraph in text.split("\n\n") if paragraph.strip()
    )


def cleaned_article(known: Metadata, text: str, default_id: str) -> Article:
    """An article whose text is the paragraphs that cleaning left of it, as it stands."""
    settled = known.settled()
    fields = {f.name: getattr(settled, f.name) for f in dataclasses.fields(settled)}
    fields["id"] = settled.id or default_id
    return Article(text=text, cleaner_version=CLEANER_VERSION, **fields)


def clean_text(text: str) -> str:
    """The paragraphs of plain text without page furniture, one blank line between them.

    Idempotent. Nothing in what is kept changes but white space, controls and composition (NFC).
    """
    kept, _ = strip_furniture(plain_blocks(tidy(text)))
    return join(kept)


def body_blocks(body: str, markdown: bool = False) -> list[Block]:
    """Blocks of a `tidy` body that is Markdown, or is taken for it when it looks like it."""
    if markdown or looks_like_markdown(body):
        return markdown_blocks(body)
    return plain_blocks(body)


def build_article(
    known: Metadata,
    blocks: Iterable[Block],
    default_id: str,
    otherwise: Metadata = _NOTHING_MORE,
) -> Article:
    """An article from declared metadata and the blocks of its page.

    What the page's head says fills what the metadata leave open, and `otherwise` (the name of a
    feed, the sender of a mail) what is still open then.

    Raises:
        ArticleError: no text is left.
    """
    kept, furniture = strip_furniture(blocks)
    meta, body = read_head(kept, known, furniture)
    text = join(body)
    if not any(c.isalnum() for c in text):
        raise ArticleError("has no text" + (" but page furniture" if furniture else ""))
    return cleaned_article(meta.filled_from(otherwise), text, default_id)
