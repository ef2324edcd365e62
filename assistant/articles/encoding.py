"""Bytes to text: byte-order marks, UTF-8, a declared encoding, then charset-normalizer."""

from __future__ import annotations

import codecs
import re

from assistant.errors import ArticleError

# The longest first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What news archives are in when they are not UTF-8, the likeliest first. Detection among all of
# Python's ninety takes EBCDIC and Mac code pages for English.
_CANDIDATES = [
    "cp1252", "cp1251", "cp1250", "koi8_r", "iso8859_2", "iso8859_5", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip
_SAMPLE = 100_000
# "W³adze": Polish in cp1250, read as cp1252.
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][¹²³¼½¾¿¡¤¦§¨©¬¯±¶¸×÷][^\W\d_]")
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
_OTHER_KINDS = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def mark_of(data: bytes) -> str | None:
    """The encoding that a byte-order mark at the head of `data` names, or None."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def decode(data: bytes) -> str:
    """The text that the bytes of a file hold.

    Raises:
        ArticleError: the file is binary, truncated, or in no encoding that can be told.
    """
    if marked := mark_of(data):
        try:
            return data.decode(marked)
        except UnicodeDecodeError as error:
            raise ArticleError(f"is damaged: not {marked} at byte {error.start}") from error
    # A NUL is in no text; other controls are in some, but never in plenty.
    if data.startswith(_OTHER_KINDS):
        raise ArticleError("is not text, whatever its name says (a PDF, an archive or a document)")
    if b"\0" in data or len(_CONTROL.findall(data[:_SAMPLE])) * 100 > len(data[:_SAMPLE]):
        raise ArticleError("is binary, not text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(data, error)
    return _declared(data) or _detected(data)


def _refuse_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """Text with more good UTF-8 sequences than bad bytes is UTF-8, cut off or damaged."""
    good = sum(1 for c in data.decode("utf-8", errors="ignore") if c > "\x7f")
    bad = data.decode("utf-8", errors="replace").count("\ufffd")
    if error.reason == "unexpected end of data" and bad == 1:
        raise ArticleError("is truncated: it ends in the middle of a character") from error
    if good > bad:
        raise ArticleError(f"is damaged: not UTF-8 at byte {error.start}") from error


def _declared(data: bytes) -> str | None:
    """The text in the encoding that an HTML page says it is in."""
    found = _DECLARED.search(data[:4096])
    if found is None:
        return None
    try:
        return data.decode(found[1].decode("ascii"))
    except (LookupError, UnicodeError, ValueError):
        return None


def _detected(data: bytes) -> str:
    from charset_normalizer import from_bytes

    matches = from_bytes(data[:_SAMPLE], cp_isolation=_CANDIDATES)
    best = matches.best()
    if best is None:
        raise ArticleError("is in no encoding that can be told")
    tied = {
        name
        for match in matches
        if (match.chaos, match.coherence) == (best.chaos, best.coherence)
        for name in match.could_be_from_charset
    }
    clean = (match for match in matches if not _SYMBOL_IN_WORD.search(str(match)))
    encoding = next(clean, best).encoding
    if _is_western(data, as_good="cp1252" in tied):
        encoding = "cp1252"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ArticleError(f"is damaged: not {encoding} at byte {error.start}") from error


def _is_western(data: bytes, as_good: bool) -> bool:
    """Whether cp1252 is meant: it fits as well as any, or there are too few accents to tell."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return False
    if _SYMBOL_IN_WORD.search(text):
        return False
    accented = sum(1 for c in text if c > "\x7f" and c.isalpha())
    return as_good or accented * 50 < len(text)
