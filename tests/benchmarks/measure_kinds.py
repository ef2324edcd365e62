"""Measures what each kind of file loses: python -m tests.benchmarks.measure_kinds SET [KIND...]

A set is a folder with `articles/` and, beside it, `questions.dev.jsonl`. Its articles, as they are
read, are written as files of each kind by the libraries that make such files, in a temporary
folder, and read again. Prints a table row a kind: articles that come back, gold quotes that the
text of their article no longer holds (white space removed), words lost and words that were not
there, titles and dates that are the same, articles whose outlet is the same, seconds of processor
time to read them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape as xml_escape

from assistant.articles import find_files, read_articles
from assistant.types import Article
from tests.benchmarks.measure_cleaning import lost_quotes
from tests.unit.article_makers import mailbox, saved_page, tarred, zipped

Files = dict[str, bytes]


def html_of(article: Article) -> str:
    """A page without furniture."""
    head = f"<title>{escape(article.title)}</title>"
    if article.published:
        head += f'<meta property="article:published_time" content="{article.published}">'
    head += f'<meta property="og:site_name" content="{escape(article.source)}">'
    body = "".join(f"<p>{escape(p)}</p>" for p in article.text.split("\n\n"))
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><article><h1>{escape(article.title)}</h1>"
        f"{body}</article></body></html>"
    )


def mail_of(article: Article, plain: bool) -> EmailMessage:
    """A newsletter of its outlet with the article alone."""
    message = EmailMessage()
    message["From"] = f'"{article.source}" <news@outlet.example>'
    message["Subject"] = article.title
    if article.published:
        message["Date"] = format_datetime(datetime(*article.published.timetuple()[:3]))
    if plain:
        message.set_content(article.text)
    else:
        body = "".join(f"<tr><td>{escape(p)}</td></tr>" for p in article.text.split("\n\n"))
        message.set_content(f"<table>{body}</table>", subtype="html")
    return message


def pdf_of(article: Article) -> bytes:
    """Justified paragraphs below a headline, with a running head and page numbers."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    if "Vera" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    body = ParagraphStyle("b", fontName="Vera", fontSize=9, leading=12, alignment=4, spaceAfter=6)
    title = ParagraphStyle("t", fontName="Vera", fontSize=16, leading=20, spaceAfter=10)

    def running(canvas: Any, document: Any) -> None:
        canvas.setFont("Vera", 8)
        canvas.drawString(72, 810, f"{article.source} - {article.published or ''}")
        canvas.drawString(500, 30, f"Page {document.page}")

    buffer = io.BytesIO()
    flow = [Paragraph(escape(article.title), title)] if article.title else []
    flow += [Paragraph(escape(p), body) for p in article.text.split("\n\n")]
    SimpleDocTemplate(buffer, title=article.title, author=article.author).build(
        flow, onFirstPage=running, onLaterPages=running
    )
    return buffer.getvalue()


def word_of(article: Article) -> bytes:
    """A headline and paragraphs; the day among the properties."""
    import docx

    document = docx.Document()
    if article.title:
        document.add_heading(article.title, 0)
    for paragraph in article.text.split("\n\n"):
        document.add_paragraph(paragraph)
    if article.published:
        document.core_properties.created = datetime(*article.published.timetuple()[:3])
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def feed_of(articles: Sequence[Article]) -> bytes:
    """One RSS feed of all; outlets as sources of entries."""
    items = []
    for number, article in enumerate(articles):
        body = "".join(f"<p>{escape(p)}</p>" for p in article.text.split("\n\n"))
        day = f"<pubDate>{article.published}</pubDate>" if article.published else ""
        items.append(
            f"<item><title>{xml_escape(escape(article.title))}</title><guid>{number}</guid>{day}"
            f'<source url="https://outlet.example">{xml_escape(article.source)}</source>'
            f"<description>{xml_escape(body)}</description></item>"
        )
    return (
        f'<rss version="2.0"><channel><title>All</title>{"".join(items)}</channel></rss>'.encode()
    )


def records_of(articles: Sequence[Article]) -> list[dict[str, str]]:
    """Rows under names that are known."""
    return [
        {
            "id": str(number),
            "headline": article.title,
            "body": article.text,
            "outlet": article.source,
            "pub_date": str(article.published or ""),
        }
        for number, article in enumerate(articles)
    ]


def table_of(articles: Sequence[Article]) -> bytes:
    """The rows as CSV."""
    buffer = io.StringIO()
    rows = records_of(articles)
    writer = csv.DictWriter(buffer, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def each(ending: str, write: Callable[[Article], bytes]) -> Callable[[Sequence[Article]], Files]:
    """A file an article, called by its number."""
    return lambda articles: {f"{n}{ending}": write(a) for n, a in enumerate(articles)}


KINDS: dict[str, Callable[[Sequence[Article]], Files]] = {
    "html": each(".html", lambda a: html_of(a).encode()),
    "mhtml": each(".mhtml", lambda a: saved_page(html_of(a))),
    "eml, HTML": each(".eml", lambda a: mail_of(a, plain=False).as_bytes()),
    "eml, plain": each(".eml", lambda a: mail_of(a, plain=True).as_bytes()),
    "mbox": lambda found: {"all.mbox": mailbox(*(mail_of(a, plain=True) for a in found))},
    "pdf": each(".pdf", pdf_of),
    "docx": each(".docx", word_of),
    "rss": lambda found: {"all.rss": feed_of(found)},
    "json": lambda found: {"all.json": json.dumps({"articles": records_of(found)}).encode()},
    "csv": lambda found: {"all.csv": table_of(found)},
    "zip of html": lambda found: {"all.zip": zipped({**KINDS["html"](found)})},
    "tar.gz of docx": lambda found: {"all.tar.gz": tarred({**KINDS["docx"](found)}, "w:gz")},
}


def number_of(read: Article) -> int:
    """Which article of the set it is, from its id (mailboxes count from 1)."""
    name, _, number = read.id.partition("#")
    return int(number) - 1 if number else int(name.rpartition("/")[2])


def measure(kind: str, originals: Sequence[Article], questions: Path) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in KINDS[kind](originals).items():
            Path(folder, name).write_bytes(data)
        files = find_files([Path(folder)])
        started = time.process_time()
        items = [item for file in files for item in read_articles(file)]
        seconds = time.process_time() - started
    back = {number_of(item): item for item in items if isinstance(item, Article)}
    words: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for number, original in enumerate(originals):
        before, after = (
            Counter(re.findall(r"\w+", a.text))
            for a in (original, back.get(number, Article("", "")))
        )
        words["all"] += before.total()
        words["lost"] += (before - after).total()
        words["new"] += (after - before).total()
        if number in back:
            for field in ("title", "published", "source"):
                same[field] += getattr(original, field) == getattr(back[number], field)
    lost = lost_quotes(
        questions,
        {a.id: back.get(number, Article(a.id, "")) for number, a in enumerate(originals)},
    )
    share = [
        f"{words[name]} ({100 * words[name] / words['all']:.2f} %)" for name in ("lost", "new")
    ]
    return (
        f"| {kind} | {len(back)} of {len(originals)} | {len(lost)} | {share[0]} | {share[1]} | "
        f"{same['title']} | {same['published']} | {same['source']} | {seconds:.1f} |"
    )


def main(folder: Path, kinds: Sequence[str]) -> None:
    """The table."""
    files = find_files([folder / "articles"])
    originals = [i for file in files for i in read_articles(file) if isinstance(i, Article)]
    print(
        "| kind | articles | gold quotes lost | words lost | words new | titles | dates | "
        "outlets | seconds |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for kind in kinds or KINDS:
        print(measure(kind, originals, folder / "questions.dev.jsonl"), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
