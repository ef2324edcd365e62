"""PDF and Word: their text, what they say of themselves, and what cannot be read."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from assistant.articles.blocks import Block
from assistant.articles.kinds import pdf as pdf_module
from assistant.articles.kinds import pdflines
from assistant.articles.kinds.pdfedges import Line
from assistant.articles.kinds.sensible import sensible_author, sensible_day, sensible_title
from assistant.types import Article, Quarantined
from tests.unit.article_makers import PAGE, TEXT, articles, pdf, read, reasons, word, zipped

LINES = [
    "The bridge over the Teyn was shut on Monday, the county said, after engi-",
    "neers found cracks in two of its piers. Traffic is led over the old road, and",
    "a government-",
    "held ferry runs. The government-held ferry is free.",
]
JOINED = (
    "The bridge over the Teyn was shut on Monday, the county said, after engineers found cracks in "
    "two of its piers. Traffic is led over the old road, and a government-held ferry runs. The "
    "government-held ferry is free."
)


def test_lines_of_a_page_become_paragraphs(tmp_path: Path) -> None:
    data = pdf(["# Bridge shut", "By Ann Lee, Harbour Gazette", "", *LINES, "", "It may open."])
    (article,) = articles(read(tmp_path, "a.pdf", data))
    assert article.text == f"{JOINED}\n\nIt may open."
    assert (article.title, article.author) == ("Bridge shut", "Ann Lee")
    assert article.source == "Harbour Gazette"


def test_heads_feet_and_page_numbers_that_repeat_are_left_out(tmp_path: Path) -> None:
    pages = [
        [f"The ferry of pier {name} runs again, said the county." for _ in range(9)]
        for name in ("one", "two", "three")
    ]
    data = pdf(*pages, head="Harbour Gazette, 12 June 2017", foot="https://gazette.example/b {}/3")
    (article,) = articles(read(tmp_path, "a.pdf", data))
    assert article.text.split()[0] == "The"
    assert article.text.count("runs again") == 27
    assert "Gazette" not in article.text
    assert "/3" not in article.text
    assert article.url == "https://gazette.example/b"
    assert article.published == date(2017, 6, 12)  # of the head, not the day of the file


def test_a_lone_page_number_is_left_out_and_a_head_of_one_page_stays(tmp_path: Path) -> None:
    data = pdf([TEXT[:80]], head="From our reporter in Lisenne", foot="Page {} of 1")
    (article,) = articles(read(tmp_path, "a.pdf", data))
    assert article.title == "From our reporter in Lisenne"  # nothing else is larger
    assert "Page 1" not in article.text


def test_the_head_of_the_only_page_says_outlet_and_day(tmp_path: Path) -> None:
    data = pdf(["# Bridge shut", "", TEXT[:80]], head="Harbour Gazette, 12 June 2017")
    (article,) = articles(read(tmp_path, "a.pdf", data))
    assert (article.title, article.source) == ("Bridge shut", "Harbour Gazette")
    assert (article.text, article.published) == (TEXT[:80], date(2017, 6, 12))


def test_a_paragraph_runs_on_over_the_page(tmp_path: Path) -> None:
    data = pdf(
        ["The county said that the old", "road over"], ["the hill is open.", "", "So it is."]
    )
    (article,) = articles(read(tmp_path, "a.pdf", data))
    assert article.text == "The county said that the old road over the hill is open.\n\nSo it is."


def test_properties_fill_what_the_text_leaves_open(tmp_path: Path) -> None:
    data = pdf([TEXT[:80]], title="Bridge over the Teyn shut", author="Ann Lee", keywords="Roads")
    (article,) = articles(read(tmp_path, "a.pdf", data))
    assert article.title == "Bridge over the Teyn shut"
    assert (article.author, article.tags) == ("Ann Lee", ("Roads",))
    assert article.published is None  # it may have been made long after its report
    today = f"{TEXT[:80]} The county said so on {datetime.now().date()}."
    (article,) = articles(read(tmp_path, "c.pdf", pdf([today])))
    assert article.published == datetime.now().date()
    printed = pdf([TEXT[:80]], title="Microsoft Word - b.doc", author="user", producer="Skia/PDF")
    (article,) = articles(read(tmp_path, "b.pdf", printed))
    assert (article.title, article.author, article.published) == ("", "", None)


@pytest.mark.parametrize("password", ["", "secret"])
@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_only_what_needs_a_password_is_refused(
    tmp_path: Path, password: str, algorithm: str
) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([TEXT[:80]]))))
    writer.encrypt(password, "owner", algorithm=algorithm)
    buffer = io.BytesIO()
    writer.write(buffer)
    items = read(tmp_path, "a.pdf", buffer.getvalue())
    if password:
        assert reasons(items, tmp_path) == {"a.pdf": "is encrypted with a password"}
    else:
        assert articles(items)[0].text == TEXT[:80]


def test_a_scan_is_refused_as_one(tmp_path: Path) -> None:
    why = "has no text, only pictures (a scan); make it searchable (OCR) first"
    assert reasons(read(tmp_path, "a.pdf", pdf([], [])), tmp_path) == {"a.pdf": why}
    writer, buffer = PdfWriter(), io.BytesIO()
    writer.write(buffer)
    none = reasons(read(tmp_path, "b.pdf", buffer.getvalue()), tmp_path)
    assert none == {"b.pdf": "is a PDF without pages"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"%PDF-1.4\nand no more", "is a damaged PDF: "),
        (b"words", "is a damaged PDF: "),
        (PAGE.encode(), "is a web page, whatever its name says; name it .html"),
        (zipped({"a": "b"}), "is a zip archive or an Office document, whatever its name says"),
    ],
)
def test_what_is_no_pdf_is_quarantined(tmp_path: Path, data: bytes, why: str) -> None:
    (found,) = reasons(read(tmp_path, "a.pdf", data), tmp_path).values()
    assert found.startswith(why)


def test_pages_that_cannot_be_read_are_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, calls = pdf_module._lines, iter(range(9))

    def fail(page: object) -> list[Line]:
        if next(calls) == 1:
            raise KeyError("/Font")
        return list(lines(page))

    monkeypatch.setattr(pdf_module, "_lines", fail)
    article, bad = read(tmp_path, "a.pdf", pdf(["One is open."], ["Two is."], ["Three is shut."]))
    assert isinstance(article, Article)
    assert article.text == "One is open.\n\nThree is shut."
    assert isinstance(bad, Quarantined)
    assert bad.reason == "is a damaged PDF: not read of it are the pages 2"


def test_nothing_but_damaged_pages_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(page: object) -> list[Line]:
        raise KeyError("/Font")

    monkeypatch.setattr(pdf_module, "_lines", fail)
    why = "is a damaged PDF: 2 pages cannot be read, and the rest has no text"
    assert reasons(read(tmp_path, "a.pdf", pdf(["One."], ["Two."])), tmp_path) == {"a.pdf": why}


def test_a_pdf_that_is_too_long_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pdf([TEXT[:80]], [TEXT[:80]])
    monkeypatch.setattr(pdf_module, "MOST_BYTES", 100)
    why = "has more than the 100 characters that are read"
    assert reasons(read(tmp_path, "a.pdf", data), tmp_path) == {"a.pdf": why}
    monkeypatch.setattr(pdf_module, "_MOST_PAGES", 1)
    why = "has 2 pages, more than the 1 that are read"
    assert reasons(read(tmp_path, "a.pdf", data), tmp_path) == {"a.pdf": why}


def test_letters_joined_by_a_font_are_letters(tmp_path: Path) -> None:
    assert "ﬁre ﬂies".translate(pdf_module._LIGATURES) == "fire flies"


def test_columns_and_indented_paragraphs_are_told_by_their_places() -> None:
    def line(text: str, left: float, foot: float) -> Line:
        return Line(text, left, foot, 10)

    lines = [
        line("The county said that it will open the", 50, 700),
        line("old road. It did not say when that is.", 50, 688),
        line("The ferry runs until then, which the", 60, 676),
        line("county pays. It is free for all", 50, 664),
        line("who live there.", 300, 700),
        line("Others pay.", 310, 688),
    ]
    assert [block.text for block in pdflines.blocks_of(lines)] == [
        "The county said that it will open the old road. It did not say when that is.",
        "The ferry runs until then, which the county pays. It is free for all who live there.",
        "Others pay.",
    ]


def test_whose_hyphen_it_is_at_the_end_of_a_line() -> None:
    def text(*lines: str, divides: bool = True) -> str:
        placed = [Line(line, 50, 700 - 12 * n, 10) for n, line in enumerate(lines)]
        (block,) = pdflines.blocks_of(placed, divides)
        return block.text

    assert (
        text("found by engi-", "neers on the", "old bridge")
        == "found by engineers on the old bridge"
    )
    assert (
        text("a long-", "term plan", "of long and of", "term")
        == "a long-term plan of long and of term"
    )
    assert text("an over-", "night ferry,", "over the night", "overnight") == (
        "an overnight ferry, over the night overnight"
    )
    assert text("a state-", "run ferry", divides=False) == "a state-run ferry"
    assert text("the Saint-", "Germain road") == "the Saint-Germain road"


def test_a_word_document_is_an_article(tmp_path: Path) -> None:
    data = word(
        "# Bridge shut",
        "By Ann Lee",
        TEXT,
        "# What is next",
        "It may open on 10 June 2017.\nOr not.",
        table=[["Pier", "Cracks"], ["one", "2"]],
        title="Bridge over the Teyn shut",
        keywords="Roads; Teyn",
        created=datetime(2017, 6, 12, 8),
        language="en-GB",
    )
    (article,) = articles(read(tmp_path, "a.docx", data))
    assert article.text.endswith(
        f"{TEXT}\n\nWhat is next\n\nIt may open on 10 June 2017. Or not.\n\n"
        "Pier | Cracks\n\none | 2"
    )
    assert (article.title, article.author) == ("Bridge shut", "Ann Lee")
    assert (article.published, article.tags) == (date(2017, 6, 12), ("Roads", "Teyn"))
    assert article.language == "en-GB"


def test_revisions_links_and_content_controls_are_read(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    inside = (
        run.format("The bridge ")
        + f"<w:ins w:id='1'>{run.format('over the Teyn ')}</w:ins>"
        + "<w:del w:id='2'><w:r><w:delText>of old </w:delText></w:r></w:del>"
        + f"<w:hyperlink>{run.format('is shut')}</w:hyperlink>"
        + f"<w:sdt><w:sdtContent>{run.format('.')}</w:sdtContent></w:sdt>"
        + "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Aside</w:t></w:r></w:p></w:txbxContent>"
        + "</w:pict></w:r>"
    )
    body = document.element.body
    body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>"))
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run.format('It is so.')}</w:p>"
    body.insert(1, parse_xml(control + "</w:sdtContent></w:sdt>"))
    buffer = io.BytesIO()
    document.save(buffer)
    (article,) = articles(read(tmp_path, "a.docx", buffer.getvalue()))
    assert article.text == "The bridge over the Teyn is shut.\n\nIt is so."


def test_what_programs_write_into_properties_is_left_out(tmp_path: Path) -> None:
    (article,) = articles(read(tmp_path, "a.docx", word(TEXT)))
    assert (article.title, article.author, article.published) == ("", "", None)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (word(), "has no text"),
        (word(TEXT)[:-500], "is a damaged Word document: File is not a zip file"),
        (zipped({"a.txt": TEXT}), "is a damaged Word document: "),
        (zipped({"[Content_Types].xml": "<"}), "is a damaged Word document: "),
        (PAGE.encode(), "is a web page, whatever its name says; name it .html"),
        (b"\xd0\xcf\x11\xe0" * 9, "is an Office document of the old kind, whatever its name says"),
        (
            zipped({"word/document.xml": b" " * 5_000_000}),
            "unpacks to 5,000,000 bytes, which no document does",
        ),
    ],
)
def test_what_is_no_word_document_is_quarantined(tmp_path: Path, data: bytes, why: str) -> None:
    (found,) = reasons(read(tmp_path, "a.docx", data), tmp_path).values()
    assert found.startswith(why)


def test_an_encrypted_word_document_is_quarantined(tmp_path: Path) -> None:
    data = bytearray(word(TEXT))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        at = archive.start_dir
    data[at + 8] |= 1  # the flag in the directory
    why = "is encrypted with a password"
    assert reasons(read(tmp_path, "a.docx", bytes(data)), tmp_path) == {"a.docx": why}


@pytest.mark.parametrize(
    ("name", "module", "why"),
    [
        ("a.pdf", "pypdf", "needs pypdf: pip install 'dateline-assistant[pdf]'"),
        ("a.docx", "docx", "needs python-docx: pip install 'dateline-assistant[docx]'"),
    ],
)
def test_a_library_that_is_not_installed_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, why: str
) -> None:
    data = pdf([TEXT[:80]]) if module == "pypdf" else word(TEXT)
    monkeypatch.setitem(sys.modules, module, None)
    assert reasons(read(tmp_path, name, data), tmp_path) == {name: why}


@pytest.mark.parametrize(
    "title", ["Microsoft Word - a.doc", "june.pdf", "Untitled-1", "report_v2", "", "Document1", "—"]
)
def test_titles_of_programs_are_no_titles(title: str) -> None:
    assert sensible_title(title) == ""


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("The bridge was shut on 9 June 2017.", True),
        ("It opens on July 1, 2019; the county said so on 12 June 2017.", True),
        ("The bridge was shut on May 12, 2017.", True),
        ("The bridge was shut on May 11, 2017.", False),
        ("It opens on 13 June 2017.", False),
        ("It was shut on 31 June 2017, or on 06/07/2017.", False),
        ("The bridge is shut.", False),
        ("It was built in 1931 and mended in 2017.", False),
    ],
)
def test_the_day_of_making_is_one_that_the_text_confirms(text: str, made: bool) -> None:
    day = date(2017, 6, 12)
    assert sensible_day(day, [Block((text,))]) == (day if made else None)
    assert sensible_day(None, []) is None


@pytest.mark.parametrize("author", ["Microsoft Office User", "admin", "jdoe7", "(unspecified)", ""])
def test_names_of_accounts_are_no_authors(author: str) -> None:
    assert sensible_author(author) == ""
    assert sensible_author("Ann Lee") == "Ann Lee"
