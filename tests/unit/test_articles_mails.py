"""Mails, mailboxes, saved pages: what is read of them, and what is refused."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from assistant.articles.kinds import mailbox as mailbox_module
from assistant.articles.kinds import mime
from assistant.types import Article
from tests.unit.article_makers import (
    PAGE,
    TEXT,
    articles,
    mail,
    mailbox,
    pdf,
    read,
    reasons,
    saved_page,
)


def test_a_newsletter_is_an_article_of_its_sender(tmp_path: Path) -> None:
    html = (
        "<p style='display:none'>Preview text</p><table><tr><td>View this email in your browser"
        f"</td></tr><tr><td><h1>Bridge shut</h1><p>{TEXT}</p><p>It may <b>open</b> again.<br>Or "
        "not.</p></td></tr></table><p>You are receiving this email because you signed up.</p>"
        "<p><a href='https://x.example'>Unsubscribe</a> | Manage your preferences</p>"
    )
    (article,) = articles(read(tmp_path, "june/a.eml", mail(html, "In plain.").as_bytes()))
    assert article.text == f"{TEXT}\n\nIt may open again. Or not."
    assert (article.id, article.title) == ("june/a", "Bridge shut")
    assert article.source == "The Harbour Gazette"
    assert article.published == date(2017, 6, 12)  # as the sender wrote it


def test_the_text_says_more_than_the_sender(tmp_path: Path) -> None:
    plain = f"By Ruth Almas, Tarn Courier\n\n{TEXT}\n"
    data = mail("", plain, From="a@b.example", Subject="Fwd: RE: Bridge shut").as_bytes()
    (article,) = articles(read(tmp_path, "a.eml", data))
    assert (article.source, article.author) == ("Tarn Courier", "Ruth Almas")
    assert article.title == "Bridge shut"
    (article,) = articles(read(tmp_path, "b.eml", mail(From="a@b.example").as_bytes()))
    assert article.source == "b.example"


@pytest.mark.parametrize(
    "line",
    [
        "Unsubscribe", "Update your email preferences", "View in browser", "Forward to a friend",
        "To stop receiving these emails, click here.", "This email was sent to ann@b.example.",
        "If you don’t want to hear from us again, you can unsubscribe at any time.",
        "Can't see the pictures? Read this newsletter online.",
    ],
)  # fmt: skip
def test_lines_of_lists_are_left_out(tmp_path: Path, line: str) -> None:
    (article,) = articles(read(tmp_path, "a.eml", mail(f"<p>{TEXT}</p><p>{line}</p>").as_bytes()))
    assert article.text == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "He may opt out of his contract with the Tigers at the end of the season, they said.",
        "Regulators want users to be able to unsubscribe with one click, whatever the service is.",
        "The county said that it would forward the report to the ministry and to its engineers.",
    ],
)
def test_sentences_that_sound_like_them_stay(tmp_path: Path, line: str) -> None:
    (article,) = articles(read(tmp_path, "a.eml", mail(f"<p>{TEXT}</p><p>{line}</p>").as_bytes()))
    assert article.text == f"{TEXT}\n\n{line}"


def test_only_prefixes_of_a_subject_go(tmp_path: Path) -> None:
    data = mail(Subject="Re: Merck, Novo and more: here are the figures").as_bytes()
    (article,) = articles(read(tmp_path, "a.eml", data))
    assert article.title == "Merck, Novo and more: here are the figures"


def test_a_plain_part_stands_where_the_html_has_no_word(tmp_path: Path) -> None:
    (article,) = articles(read(tmp_path, "a.eml", mail("<img src='x'>", TEXT).as_bytes()))
    assert article.text == TEXT


def test_headers_in_other_scripts_are_decoded_and_broken_ones_kept(tmp_path: Path) -> None:
    data = mail(Subject="Brücke gesperrt", From='"Häfen-Blatt" <a@b.example>').as_bytes()
    assert b"Br\xc3" not in data
    (article,) = articles(read(tmp_path, "a.eml", data))
    assert (article.title, article.source) == ("Brücke gesperrt", "Häfen-Blatt")
    broken = b"From: =?no-such-code?b?QQ==?= <a@b>\nDate: soon\nSubject: =?utf-8?b?QQ\n\n"
    (article,) = articles(read(tmp_path, "b.eml", broken + TEXT.encode()))
    assert article.published is None
    assert article.text == TEXT


def test_a_declared_charset_is_used(tmp_path: Path) -> None:
    head = b"From: a@b.example\nContent-Type: text/plain; charset=koi8-r\n\n"
    text = "Мост закрыт. " * 9
    (article,) = articles(read(tmp_path, "a.eml", head + text.encode("koi8-r")))
    assert article.text == text.strip()
    unknown = head.replace(b"koi8-r", b"no-such-code")
    (article,) = articles(read(tmp_path, "b.eml", unknown + text.encode()))
    assert article.text == text.strip()


def test_attached_documents_and_mails_are_articles_too(tmp_path: Path) -> None:
    message = mail("", "Our statement is attached, and what the Courier wrote.")
    message.add_attachment(
        pdf([TEXT[:60]]), maintype="application", subtype="pdf", filename="dir/state.PDF"
    )
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(mail(Subject="Old: ../news", From="Tarn Courier <a@b.example>"))
    found = articles(read(tmp_path, "a.eml", message.as_bytes()))
    assert [article.id for article in found] == ["a", "a.eml/1-state", "a.eml/2-Old: .. news"]
    assert found[1].text == TEXT[:60]
    assert found[2].source == "Tarn Courier"


def test_a_mail_of_nothing_but_an_attachment_is_that(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.add_attachment(
        pdf([TEXT[:60]]), maintype="application", subtype="pdf", filename="a.pdf"
    )
    (article,) = articles(read(tmp_path, "m.eml", message.as_bytes()))
    assert article.id == "m.eml/1-a"


def test_mails_in_mails_end_somewhere(tmp_path: Path) -> None:
    message = mail()
    for _ in range(6):
        outer = mail()
        outer.add_attachment(message)
        message = outer
    items = read(tmp_path, "a.eml", message.as_bytes())
    assert [item.id for item in items if isinstance(item, Article)][-1].count(".eml") == 3
    assert set(reasons(items, tmp_path).values()) == {
        "has attachments that lie too deep; save them on their own"
    }


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\n" + TEXT.encode(), "is no mail: it has no header"),
        (b"From: a@b.example\n\n", "has no text"),
        (b"From: a@b.example\n\n\x00\x01", "is binary, not text"),
        (
            b"From: a@b.example\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\nQ\n",
            "is an encrypted mail",
        ),
        (b"%PDF-1.4", "is a PDF, whatever its name says"),
        (b"", "is empty"),
    ],
)
def test_what_is_no_readable_mail_is_quarantined(tmp_path: Path, data: bytes, why: str) -> None:
    assert reasons(read(tmp_path, "a.eml", data), tmp_path) == {"a.eml": why}


def test_a_charset_of_a_header_that_is_none_is_kept_as_it_stands(tmp_path: Path) -> None:
    data = b"From: a@b.example\nSubject: =?ut\xfff-8?q?Shut?=\n\n" + TEXT.encode()
    (article,) = articles(read(tmp_path, "a.eml", data))
    assert article.text == TEXT
    assert "Shut" in article.title


def test_headers_without_end_are_cut(tmp_path: Path) -> None:
    data = b"Subject: " + b"=?utf-8?q?aaaa?= " * 200_000 + b"\n\n" + TEXT.encode()
    (article,) = articles(read(tmp_path, "a.eml", data))
    assert len(article.title) < 2000
    assert article.text == TEXT


def test_names_and_charsets_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    head = b"From: a@b.example\nContent-Type: text/plain; charset*=\0''x\n"
    head += b"Content-Disposition: inline; filename*=u\0'en'a.pdf\n\n"
    mixed = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=B\n\n--B\n" + head
    for data in (head, mixed):
        (article,) = articles(read(tmp_path, "a.eml", data + TEXT.encode()))
        assert article.text == TEXT


def test_parts_nested_without_end_are_quarantined(tmp_path: Path) -> None:
    deep = b"From: a@b.example\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)
    )
    assert reasons(read(tmp_path, "a.eml", deep), tmp_path) == {"a.eml": "is nested too deep"}


def test_a_part_that_is_too_large_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mime, "MOST_BYTES", 100)
    why = "has more than the 100 bytes that are read"
    assert reasons(read(tmp_path, "a.eml", mail().as_bytes()), tmp_path) == {"a.eml": why}


def test_a_mailbox_has_a_mail_after_another(tmp_path: Path) -> None:
    marked = mail("", f"{TEXT}\n\n>From Monday on it is shut, and\n\nFrom there on too.\n")
    found = articles(read(tmp_path, "a.mbox", mailbox(mail(), marked, mail(Subject="Last"))))
    assert [article.id for article in found] == ["a#1", "a#2", "a#3"]
    assert found[1].text.endswith("\n\nFrom Monday on it is shut, and\n\nFrom there on too.")
    assert found[2].title == "Last"


def test_bad_mails_of_a_mailbox_are_quarantined_by_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "MOST_PICTURED_BYTES", 2000)
    long = mail("", (TEXT + "\n") * 40)
    items = read(tmp_path, "a.mbox", mailbox(long, mail(""), mail()))
    assert [type(item).__name__ for item in items] == ["Quarantined", "Quarantined", "Article"]
    assert reasons(items, tmp_path) == {
        "a.mbox#1": "has more than the 2,000 bytes that are read",
        "a.mbox#2": "has no text",
    }


def test_what_is_no_mailbox_is_quarantined(tmp_path: Path) -> None:
    why = 'is no mailbox: it does not begin with a "From " line'
    assert reasons(read(tmp_path, "a.mbox", mail().as_bytes()), tmp_path) == {"a.mbox": why}


@pytest.mark.parametrize("ending", ["mht", "mhtml"])
def test_a_saved_page_is_read_as_a_page(tmp_path: Path, ending: str) -> None:
    (article,) = articles(read(tmp_path, f"a.{ending}", saved_page()))
    assert TEXT in article.text
    assert "advertisement" not in article.text
    assert (article.title, article.url) == ("Bridge shut", "https://gazette.example/bridge")


def test_a_saved_page_begins_where_it_says(tmp_path: Path) -> None:
    data = (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; start="<b@x>"; boundary=B\n\n'
        b"--B\nContent-Type: text/html\nContent-ID: <a@x>\n\n<p>A frame.</p>\n"
        b"--B\nContent-Type: text/html\nContent-ID: <b@x>\n\n" + PAGE.encode() + b"\n--B--\n"
    )
    (article,) = articles(read(tmp_path, "a.mht", data))
    assert TEXT in article.text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"just words", "holds no web page"),
        (saved_page("<html><body></body></html>"), "no article can be found in the page"),
    ],
)
def test_saved_pages_without_an_article_are_quarantined(
    tmp_path: Path, data: bytes, why: str
) -> None:
    assert reasons(read(tmp_path, "a.mht", data), tmp_path) == {"a.mht": why}
