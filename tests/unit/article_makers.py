"""Files of every kind that is read as articles, made by the libraries that make such files."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from email.message import EmailMessage
from pathlib import Path

from assistant.articles import SourceFile, read_articles
from assistant.articles.mapping import ColumnMapping
from assistant.types import Article, Quarantined

TEXT = (
    "The bridge over the Teyn was shut on Monday, the county said, after engineers found cracks in "
    "two of its piers. Traffic is led over the old road until the autumn."
)
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>Bridge shut</title></head><body><article>"
    f"<h1>Bridge shut</h1><p>{TEXT}</p><p>{TEXT[::-1]}</p></article></body></html>"
)


def read(
    folder: Path, name: str, data: bytes | str, mapping: ColumnMapping | None = None
) -> list[Article | Quarantined]:
    """What is read of a file of this name and these bytes."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return list(read_articles(SourceFile(path, folder), mapping))


def articles(items: list[Article | Quarantined]) -> list[Article]:
    """The same, none of which may be quarantined."""
    found = [item for item in items if isinstance(item, Article)]
    assert found == items, items
    return found


def reasons(items: list[Article | Quarantined], folder: Path) -> dict[str, str]:
    """Why what is not read is not, by its name below the folder."""
    return {
        item.path.removeprefix(f"{folder}/"): item.reason
        for item in items
        if isinstance(item, Quarantined)
    }


def mail(html: str = f"<p>{TEXT}</p>", plain: str = "", **headers: str) -> EmailMessage:
    """A mail of a gazette with the text as HTML, or plain, or both."""
    message = EmailMessage()
    known = {
        "From": "The Harbour Gazette <news@gazette.example>",
        "Subject": "Bridge shut",
        "Date": "Mon, 12 Jun 2017 23:30:00 -0500",
    }
    for name, value in {**known, **headers}.items():
        message[name.replace("_", "-")] = value
    if plain:
        message.set_content(plain)
    if html and plain:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message


def mailbox(*mails: EmailMessage) -> bytes:
    """An mbox of these mails."""
    mark = b"From news@gazette.example Mon Jun 12 23:30:00 2017\n"
    return b"".join(mark + each.as_bytes() + b"\n" for each in mails)


def saved_page(page: str = PAGE, location: str = "https://gazette.example/bridge") -> bytes:
    """A page as a browser saves it in one file, a frame and a picture with it."""
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Subject"] = "Bridge shut"
    message.set_content(page, subtype="html", cte="quoted-printable")
    message["Content-Location"] = location
    message.add_related("<html><body><p>An advertisement.</p></body></html>", subtype="html")
    message.add_related(b"\x89PNG", maintype="image", subtype="png")
    return message.as_bytes()


def pdf(*pages: list[str], head: str = "", foot: str = "", **info: str) -> bytes:
    """A PDF with these lines on its pages; "# ..." is a large line, "" a gap."""
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=0)
    for name, value in info.items():
        getattr(canvas, f"set{name.capitalize()}")(value)
    for number, lines in enumerate(pages, start=1):
        height = 700
        for line in lines:
            large = line.startswith("# ")
            canvas.setFont("Helvetica", 18 if large else 10)
            canvas.drawString(72, height, line.removeprefix("# "))
            height -= 24 if large else 12
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 800, head.format(number))
        canvas.drawString(72, 30, foot.format(number))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word(*paragraphs: str, table: list[list[str]] | None = None, **properties: object) -> bytes:
    """A Word document; "# ..." is a heading."""
    import docx

    document = docx.Document()
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    for text in paragraphs:
        if text.startswith("# "):
            document.add_heading(text.removeprefix("# "), 1)
        else:
            document.add_paragraph(text)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for row, cells in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: dict[str, bytes | str], mode: str = "w") -> bytes:
    """A tar archive of these members; mode `w:gz` and so on packs it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in members.items():
            raw = data if isinstance(data, bytes) else data.encode("utf-8")
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return buffer.getvalue()


RSS = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Harbour Gazette</title><language>en</language>
<item><title>Bridge &amp;amp; road shut</title><link>https://gazette.example/bridge</link>
<guid>gazette-1</guid><dc:creator>Ann Lee</dc:creator>
<pubDate>Mon, 12 Jun 2017 23:30:00 -0500</pubDate><category>Roads</category>
<description>In short.</description>
<content:encoded><![CDATA[<p>{TEXT}</p><p>It will open <b>again</b>.</p>]]></content:encoded></item>
<item><title>Ferry runs</title><link>https://gazette.example/ferry</link>
<description>&lt;p&gt;The ferry runs twice an hour.&lt;/p&gt;</description></item>
</channel></rss>"""

ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Tarn Courier</title>
<entry><id>tag:courier.example,2017:1</id><title type="html">Bridge &lt;i&gt;shut&lt;/i&gt;</title>
<link href="https://courier.example/1"/><updated>2017-06-12T10:00:00Z</updated>
<author><name>Ann Lee</name></author><summary>{TEXT}</summary></entry></feed>"""

RECORDS: list[dict[str, object]] = [
    {"title": "Bridge shut", "text": TEXT, "date": "2017-06-12", "author": ["Ann Lee"]},
    {"title": "Ferry runs", "text": "The ferry runs twice an hour.", "id": 7},
]
JSON = json.dumps({"status": "ok", "total": 2.5, "articles": RECORDS})
CSV = f'id,title,text,date\n1,"Bridge ""shut""","{TEXT}\n\nIt will open.",2017-06-12\n'
