"""The folder that pages are kept in, each beside a note of where it came from.

`news.example-1f2e….html` is the page, `.news.example-1f2e….json` the note; indexing passes hidden
files over. A page keeps its bytes but for what its readers need: where it does not give its own
address it gets it in a line, and where only its server knew its encoding it becomes UTF-8.
"""

from __future__ import annotations

import codecs
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Literal

import httpx

from assistant.fetching.addresses import stem_of
from assistant.fetching.feeds import FEED_KINDS
from assistant.fetching.visit import Page

Change = Literal["added", "updated", "unchanged"]

PAGE_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
}
_ENDINGS = PAGE_KINDS | dict.fromkeys(FEED_KINDS, ".xml")
_NEAR_TOP = 100_000  # bytes that are searched for a page's own address
_CANONICAL = re.compile(
    rb"""<link\b(?=[^>]{0,2000}\brel\s*=\s*["']?canonical\b)[^>]{0,2000}"""
    rb"""\bhref\s*=\s*["']?https?://""",
    re.IGNORECASE,
)
_HEAD = re.compile(rb"<head(?:\s[^>]{0,1000})?>", re.IGNORECASE)
_BODY = re.compile(rb"<body(?:\s[^>]{0,1000})?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Note:
    """What is kept beside a page; `sha256` is of the bytes that came."""

    address: str
    final_url: str
    fetched_at: str
    content_type: str
    sha256: str
    file: str
    etag: str = ""
    last_modified: str = ""


class Shelf:
    """Pages in a folder, which is made when the first one is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def note(self, url: httpx.URL) -> Note | None:
        """What is known of the page of an address; None where it is not on the shelf."""
        try:
            read = json.loads(self._note_path(url).read_text(encoding="utf-8"))
            note = Note(**read)
        except (OSError, ValueError, TypeError):  # not there, or not as this version writes it
            return None
        ours = Path(note.file).name == note.file and (self.folder / note.file).is_file()
        return note if ours else None

    def validators(self, note: Note | None, url: httpx.URL) -> Mapping[str, str]:
        """The headers that ask for a page only if it is another than the one on the shelf."""
        if note is None or note.final_url != str(url):
            return {}
        named = {"If-None-Match": note.etag, "If-Modified-Since": note.last_modified}
        return {name: value for name, value in named.items() if value}

    def keep(self, url: httpx.URL, page: Page) -> tuple[Change, Path]:
        """Put a page on the shelf. Returns what changed, and where it lies.

        Raises:
            OSError: it cannot be written.
        """
        before = self.note(url)
        if page.body is None:
            if before is None:
                raise AssertionError("unchanged since a visit that is not known")
            return "unchanged", self.folder / before.file
        name = stem_of(url) + _ENDINGS[page.kind]
        note = Note(
            address=str(url),
            final_url=str(page.url),
            fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
            content_type=str(page.headers.get("content-type", "")),
            sha256=hashlib.sha256(page.body).hexdigest(),
            file=name,
            etag=str(page.headers.get("etag", "")),
            last_modified=str(page.headers.get("last-modified", "")),
        )
        same = before is not None and _content(before) == _content(note)
        self.folder.mkdir(parents=True, exist_ok=True)
        if not same:
            self._write(self.folder / name, _readable(page))
            if before is not None and before.file != name:
                (self.folder / before.file).unlink()
        self._write(self._note_path(url), json.dumps(asdict(note), indent=1).encode())
        change: Change = "unchanged" if same else "updated" if before else "added"
        return change, self.folder / name

    def _note_path(self, url: httpx.URL) -> Path:
        return self.folder / f".{stem_of(url)}.json"

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file as a whole or not at all."""
        part = path.with_name(f".{path.name.lstrip('.')}.part")
        part.write_bytes(data)
        part.replace(path)


def _content(note: Note) -> tuple[str, ...]:
    return note.file, note.sha256, note.final_url, note.content_type


def _readable(page: Page) -> bytes:
    """The file of a page, such that its readers find its words and its address."""
    if page.body is None or _ENDINGS[page.kind] not in (".html", ".txt"):
        return page.body or b""
    data = _as_utf8(page.body, page.headers)
    if page.kind == "text/plain":
        return f"---\nurl: {json.dumps(str(page.url))}\n---\n\n".encode() + data
    top = data[:_NEAR_TOP]
    if _CANONICAL.search(top):
        return data
    link = f'<link rel="canonical" href="{html.escape(str(page.url))}">'.encode()
    head, body = _HEAD.search(top), _BODY.search(top)
    at = head.end() if head else body.start() if body else 0
    return data[:at] + link + data[at:]


def _as_utf8(data: bytes, headers: httpx.Headers) -> bytes:
    """The bytes as UTF-8 where they are in an encoding that their head or their server names."""
    mark = {
        codecs.BOM_UTF8: "utf-8-sig",
        codecs.BOM_UTF16_LE: "utf-16",
        codecs.BOM_UTF16_BE: "utf-16",
    }
    marked = next((name for bom, name in mark.items() if data.startswith(bom)), "")
    about = Message()
    about["content-type"] = str(headers.get("content-type", ""))
    for encoding in (marked or "utf-8", str(about.get_param("charset") or "")):
        try:
            return data.decode(encoding).encode() if encoding else data
        except (UnicodeError, LookupError):
            continue
    return data
