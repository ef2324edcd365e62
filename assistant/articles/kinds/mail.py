"""E-mail: newsletters and press releases. One article a mail, and those that are attached."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime

from assistant.articles.blocks import Block
from assistant.articles.build import body_blocks, build_article
from assistant.articles.content import Content, Found
from assistant.articles.dates import read_date
from assistant.articles.fields import Metadata
from assistant.articles.files import ending_of
from assistant.articles.fragment import fragment_blocks
from assistant.articles.kinds.mime import body_of, file_name, header, parse, subparts, text_of_part
from assistant.articles.text import one_line, tidy
from assistant.errors import ArticleError
from assistant.types import Article

# Attachments that may be articles; pictures, calendars and signatures are none.
_ATTACHED = {".pdf", ".docx", ".eml"}
_DEEPEST = 3
_HEADERS = ("From", "Subject", "Date", "Message-ID", "Received", "To")
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_PREFIX = re.compile(r"^(?:(?:re|fwd?|aw|wg)\s*:\s*)+", re.IGNORECASE)
# Lines of list mail around the article, the first kind only where they are short.
_LIST_LABEL = re.compile(
    r"\bunsubscribe\b|\b(?:view|read|open) (?:it|this|the)?\b.{0,30}\b"
    r"(?:browser|online|on the web)\b|"
    r"\b(?:manage|update|change) (?:your )?(?:e-?mail )?(?:preferences|subscriptions?)\b|"
    r"\bforward (?:this (?:e-?mail )?)?to a friend\b|\badd us to your address book\b",
    re.IGNORECASE,
)
_LIST_SENTENCE = re.compile(
    r"(?:you(?:'re|’re| are)? (?:receiving|received|getting|got) (?:this|our)|"
    r"(?:to|if you|you (?:can|may)|click here|don['’]t want)\b[^\"“”]*\b(?:unsubscribe|"
    r"(?:stop|opt out of|no longer) (?:receiv\w+ )?(?:these|our|this|future|all) (?:e-?mails?|"
    r"messages|newsletters?))|this (?:e-?mail|message|newsletter) was sent (?:to|by))\b.*",
    re.IGNORECASE,
)
_LONGEST_LABEL = 12  # words
_LONGEST_SENTENCE = 50


def read_mail(content: Content) -> Iterator[Found]:
    """The article that a mail is, then the documents and mails that are attached to it.

    Raises:
        ArticleError: it is no mail, is encrypted, or has neither text nor such an attachment.
    """
    message = parse(content)
    if not any(name in message for name in _HEADERS):
        raise ArticleError("is no mail: it has no header")
    if message.get_content_type() in _ENCRYPTED:
        raise ArticleError("is an encrypted mail")
    attached = list(_attached(message))
    try:
        yield _article(message, content.stem)
    except ArticleError:
        if not attached:
            raise
    for number, (name, data) in enumerate(attached, start=1):
        if content.depth >= _DEEPEST:
            raise ArticleError("has attachments that lie too deep; save them on their own")
        path = f"{number}-{name}"
        yield content.inner(path, io.BytesIO(data))


def _article(message: Message, default_id: str) -> Article:
    name, address = parseaddr(header(message, "From"))
    sender = one_line(name) or address.rpartition("@")[2]
    return build_article(
        Metadata(
            title=_PREFIX.sub("", header(message, "Subject"), count=1),
            published=_day(header(message, "Date")),
            language=header(message, "Content-Language"),
        ),
        [block for block in _blocks(message) if not _is_list_line(block)],
        default_id,
        Metadata(source=sender),
    )


def _is_list_line(block: Block) -> bool:
    text = block.text
    words = len(text.split())
    return (words <= _LONGEST_LABEL and _LIST_LABEL.search(text) is not None) or (
        words <= _LONGEST_SENTENCE and _LIST_SENTENCE.match(text) is not None
    )


def _day(written: str) -> date | None:
    """The day that the sender wrote; None where it is none of news."""
    try:
        return read_date(parsedate_to_datetime(written).date().isoformat())
    except (ArticleError, ValueError, TypeError, OverflowError, IndexError):
        return None


def _blocks(part: Message) -> list[Block]:
    """The blocks that a reader of the mail sees; of alternatives the richest that has any."""
    if _is_attached(part):
        return []
    kind = part.get_content_type()
    if kind == "text/html":
        return fragment_blocks(text_of_part(part))
    if kind == "text/plain":
        return body_blocks(tidy(text_of_part(part)))
    inner = subparts(part)
    if kind == "multipart/alternative":
        return next((blocks for each in reversed(inner) if (blocks := _blocks(each))), [])
    return [block for each in inner for block in _blocks(each)]


def _is_attached(part: Message) -> bool:
    return (
        part.get_content_maintype() == "message" or part.get_content_disposition() == "attachment"
    )


def _attached(message: Message) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the attachments that may be articles."""
    for part in subparts(message):
        if part.get_content_type() == "message/rfc822":
            for mail in subparts(part):
                yield _mail_name(mail), mail.as_bytes()
        elif part.is_multipart():
            yield from _attached(part)
        else:
            name = file_name(part)
            if ending_of(name) in _ATTACHED:
                yield name, body_of(part)


def _mail_name(mail: Message) -> str:
    return (header(mail, "Subject").replace("/", " ")[:80].strip(" .") or "mail") + ".eml"
