"""Characters and whitespace: what every cleaned text and every field goes through.

`tidy` and `one_line` are idempotent: applied twice, they change nothing more.
"""

from __future__ import annotations

import re
import unicodedata

# What marks a line's end in some file, beside "\n".
_NEWLINE = re.compile("\r\n|[\r\v\f\x1c-\x1e\u2028\u2029]")

# C1 controls in news text are cp1252 bytes that were read as Latin-1 (U+0092 for an apostrophe);
# HTML 5 reads them so too: https://html.spec.whatwg.org/#numeric-character-reference-end-state
_C1 = re.compile("[\x80-\x9f]")
_C1_MEANT = {
    chr(byte): bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0xA0)
}

# Characters that show nothing, or that make text read otherwise than it is stored: controls,
# soft hyphen, zero-width space, bidi marks and overrides, byte-order mark, annotations, tags,
# lone surrogates (which no UTF-8 store takes).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Joiners belong to the spelling of Arabic and Indic scripts, and to nothing else here.
_JOINER = re.compile("(?<![\u0600-\u08ff\u0900-\u0dff])[\u200c\u200d]")


def tidy(text: str) -> str:
    r"""The same words in NFC, with "\n" as the only line end and nothing invisible in them."""
    text = _NEWLINE.sub("\n", text)
    if not text.isascii():
        text = _C1.sub(lambda found: _C1_MEANT[found[0]], text)
        text = _INVISIBLE.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = _JOINER.sub("", text)
        return unicodedata.normalize("NFC", text)
    return _INVISIBLE.sub("", text)


def one_line(text: str) -> str:
    """`tidy` text on one line: each run of white space, of whatever kind, is one space."""
    return " ".join(tidy(text).split())
