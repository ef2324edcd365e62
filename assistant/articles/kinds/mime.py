"""What mails and saved pages have in common: MIME, through the standard library.

The old policy of `email` is used on purpose: it reads any bytes, where the new one raises on
headers that are not as the standard has them.
"""

from __future__ import annotations

import email
import email.header
from collections.abc import Iterator
from email.errors import MessageError
from email.message import Message
from pathlib import PurePosixPath

from assistant.articles.content import Content
from assistant.articles.encoding import decode
from assistant.articles.files import MOST_BYTES, MOST_PICTURED_BYTES
from assistant.articles.text import one_line
from assistant.errors import ArticleError

_LONGEST_HEADER = 2_000
# What the library lets through on parameters of headers that name encodings or hold NULs.
_FAULTS = (ValueError, LookupError)


def parse(content: Content) -> Message:
    """The message that a content holds.

    Raises:
        ArticleError: it is too large, or its parts are nested without end.
    """
    data = content.read(MOST_PICTURED_BYTES)
    try:
        return email.message_from_bytes(data)
    except RecursionError as error:
        raise ArticleError("is nested too deep") from error


def header(message: Message, name: str) -> str:
    """A header's text on one line, decoded as far as it can be; empty where there is none."""
    value = message.get(name)
    if value is None:
        return ""
    # To decode many pieces costs the square of their number.
    value = str(value)[:_LONGEST_HEADER]
    try:
        return one_line(str(email.header.make_header(email.header.decode_header(value))))
    except (MessageError, LookupError, ValueError):
        return one_line(value)


def file_name(part: Message) -> str:
    """The name that a part gives itself, without folders; empty where it has none."""
    try:
        name = part.get_filename()
    except _FAULTS:
        return ""
    return PurePosixPath(one_line(name or "").replace("\\", "/")).name


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except _FAULTS:
        return ""


def subparts(message: Message) -> list[Message]:
    """The parts of a message of many parts; none of any other."""
    payload = message.get_payload()
    if not message.is_multipart() or not isinstance(payload, list):
        return []
    return [part for part in payload if isinstance(part, Message)]


def leaves(message: Message) -> Iterator[Message]:
    """All parts that have no parts, in their order."""
    for part in message.walk():
        if not part.is_multipart():
            yield part


def body_of(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def text_of_part(part: Message) -> str:
    """The text of a part, in the encoding that it declares, or the one that it is in.

    Raises:
        ArticleError: it is too large, binary, or in no encoding that can be told.
    """
    data = body_of(part)
    if len(data) > MOST_BYTES:
        raise ArticleError(f"has more than the {MOST_BYTES:,} bytes that are read")
    charset = _charset(part)
    # Mails in anything are called ASCII and Latin-1.
    if (
        charset
        and charset not in {"us-ascii", "ascii", "iso-8859-1", "utf-8"}
        and b"\0" not in data
    ):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data)
