"""What the forms of `measure_metadata` write: an article's facts, and words for around it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

from assistant.types import Article

FIRST = ("Ruth", "Per", "Ann", "Omar", "Lina", "J. R.", "Mila", "Tomasz", "Siobhan", "Yusuf")
LAST = ("Almas", "Holt", "Lee-Carver", "Haddad", "O’Dwyer", "Oster", "al-Masri", "van Dorn")
CARRIERS = (
    "Open Commons", "Corvay Digest", "The Tarn Courier", "Kestrel Wire", "Harbour Front",
    "Global Reader", "Teyn Valley Observer", "Middle East Desk",
)  # fmt: skip
CITIES = ("LONDON", "NEW YORK", "Sydney", "BEIRUT", "Washington", "PARIS", "San Francisco")
SECTIONS = ("Home", "World", "Politics", "Business", "Sport", "Culture", "Science", "Opinion")
HEADLINES = (
    "Ferry crews vote to end strike after nine days", "Why the price of wheat fell in March",
    "Council turns down plan for second runway", "Ten walks for a rainy weekend",
    "Old mill burns down near Hollin", "How to sleep when it is hot",
    "Minister sorry for late reply to letter", "What the new rent law means for you",
    "Goalkeeper, 41, signs for another year", "Museum finds lost map in its own cellar",
)  # fmt: skip
COOKIES = (
    "We use cookies to give you the best experience on our site. Accept all Reject all",
    "This website uses cookies. By continuing to browse you agree to our cookie policy.",
    "We and our partners store and access information on a device, such as cookies. Manage options",
)
NEWSLETTERS = (
    "Sign up to our daily newsletter and get the best stories in your inbox every morning.",
    "Get our free newsletter. Enter your email address Subscribe",
    "Stay informed! Join 40,000 readers and receive our weekly briefing by email.",
)
COMMENTS = (
    "Great piece, thank you. I have waited a long time for somebody to say this.",
    "I do not agree at all, the author should have talked to the people who live there.",
    "First!",
    "Where can I find the figures that are quoted here?",
)
FOOTERS = (
    "© {year} {site}. All rights reserved. About us Contact Advertise Privacy policy Terms of use",
    "Copyright {year} {site} Ltd. Registered office: 4 Quay Street. Careers Accessibility Sitemap",
    "{site} is not responsible for the content of external sites. Contact us | Imprint | RSS",
)
DATES = ("%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%A, %B %d, %Y", "%Y-%m-%d", "%a %d %b %Y")
TIMES = ("", "", ", 14:20", " at 9:05 AM", " 18:40 GMT", " 3:14 p.m. EDT")


@dataclass(frozen=True, slots=True)
class Facts:
    """One article as it is written out; `carrier` is who carries it in the forms that say so."""

    id: str
    title: str
    author: str
    source: str
    carrier: str
    published: date
    carried_on: date
    region: str
    tags: tuple[str, ...]
    url: str
    paragraphs: tuple[str, ...]


def facts_of(article: Article, seed: int) -> Facts:
    """An article's own facts, and drawn ones where it has none (no byline in one of three)."""
    rng = random.Random(f"{seed}:{article.id}")
    # A feed's name for a section of an outlet: "FOX News - Health".
    source = re.split(r"\s+[-|]\s+|:\s", article.source or "The Lisenne Gazette")[0]
    drawn = rng.choice(("", f"{rng.choice(FIRST)} {rng.choice(LAST)}", None))
    if drawn is None:
        drawn = " and ".join(f"{first} {rng.choice(LAST)}" for first in rng.sample(FIRST, 2))
    author = article.author or drawn
    published = article.published or date(2016, 1, 1) + timedelta(days=rng.randrange(900))
    site = re.sub(r"\W+", "", source).lower()
    slug = re.sub(r"\W+", "-", article.title.lower()).strip("-")
    return Facts(
        id=article.id,
        title=unescape(article.title),
        author="" if same(author, source) else author,
        source=source,
        carrier=rng.choice([name for name in CARRIERS if name != source]),
        published=published,
        carried_on=published + timedelta(days=rng.randint(1, 3)),
        region=article.region.title(),
        tags=article.tags,
        url=article.url or f"https://www.{site}.com/world/{published:%Y/%m/%d}/{slug}",
        paragraphs=tuple(article.text.split("\n\n")),
    )


def same(a: str, b: str) -> bool:
    """Whether two names are one, whatever their case, punctuation and article."""
    plain = [re.sub(r"\W+", "", re.sub(r"^the\s", "", name.casefold())) for name in (a, b)]
    return plain[0] == plain[1]


def day(when: date, rng: random.Random, time: bool = True) -> str:
    """A day as some page would write it, unmistakably."""
    return when.strftime(rng.choice(DATES)).replace(" 0", " ") + (rng.choice(TIMES) if time else "")
