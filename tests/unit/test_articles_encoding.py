"""Bytes of many encodings become the text that was meant."""

from __future__ import annotations

import pytest

from assistant.articles.encoding import decode
from assistant.errors import ArticleError

ENGLISH = "“We don’t know,” the mayor said — the café was shut for £5."
SAMPLES = {
    "cp1252": [ENGLISH, "It’s over.", "El niño llegó mañana a España, dijo la señora."],
    "iso8859_1": ["Die Straße nach München war gesperrt, sagte der Bürgermeister."],
    "iso8859_2": ["Władze poinformowały, że żołnierze zdobyli wzgórze w pobliżu granicy."],
    "cp1250": ["Władze poinformowały, że żołnierze zdobyli wzgórze. Śledztwo trwa."],
    "cp1251": ["Мост через реку закрыт с понедельника, сообщили власти округа."],
    "koi8_r": ["Мост через реку закрыт с понедельника, сообщили власти округа."],
    "cp1256": ["أغلق الجسر فوق النهر يوم الاثنين بحسب السلطات المحلية في المنطقة"],
    "utf-8": [ENGLISH, "Мост", ""],
    "utf-8-sig": [ENGLISH],
    "utf-16": [ENGLISH, "Мост"],
    "utf-32": [ENGLISH],
}


@pytest.mark.parametrize(
    ("encoding", "text"), [(name, text) for name, texts in SAMPLES.items() for text in texts]
)
def test_encodings_are_told(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_page_is_read_as_it_declares() -> None:
    page = '<html><head><meta charset="cp866"></head><body>Мост закрыт</body></html>'
    assert decode(page.encode("cp866")) == page


@pytest.mark.parametrize("name", ["nonsense", "hex", "ascii"])
def test_a_page_that_declares_nonsense_is_detected(name: str) -> None:
    page = f'<html><head><meta charset="{name}"></head><body>{SAMPLES["cp1251"][0]}</body></html>'
    assert decode(page.encode("cp1251")) == page


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"text\0text", "is binary"),
        (b"\x01\x02\x03\x04 text", "is binary"),
        (b"%PDF-1.7 a report that was renamed", "is not text, whatever its name says"),
        ("Text — Text".encode()[:7], "is truncated"),
        ("é è ü".encode() + b" \xff x", "is damaged: not UTF-8 at byte"),
        ("text".encode("utf-16") + b"x", "is damaged: not utf-16 at byte"),
        (bytes(range(128, 256)) * 3, "is in no encoding that can be told"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ArticleError, match=why):
        decode(data)


def test_damage_after_the_sample_is_told() -> None:
    data = SAMPLES["cp1251"][0].encode("cp1251") * 2000 + b"\x98"  # no character in cp1251
    with pytest.raises(ArticleError, match="is damaged: not cp1251 at byte"):
        decode(data)
