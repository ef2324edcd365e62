"""What an RSS or Atom feed links to."""

from __future__ import annotations

from io import BytesIO

import feedparser
import httpx

from assistant.errors import FetchError

FEED_KINDS = (
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
)
_MOST_LINKS = 500


def links_of(feed: bytes, url: httpx.URL, content_type: str) -> list[str]:
    """The addresses of a feed's entries, in its order, each once; of a long feed the first 500.

    Raises:
        FetchError: it is no feed.
    """
    about = {"content-location": str(url), "content-type": content_type}
    # Bytes in memory: given a string, feedparser would open a file or an address of that name.
    found = feedparser.parse(BytesIO(feed), response_headers=about, sanitize_html=False)
    if not found.get("version"):
        raise FetchError("is no feed that can be read (RSS or Atom)")
    links = (str(entry.get("link") or "").strip() for entry in found.entries)
    return list(dict.fromkeys(filter(None, links)))[:_MOST_LINKS]
