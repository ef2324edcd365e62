"""Articles as text: plain, copied from a page, Markdown with front matter, a record of JSON.

Each form returns its text and which fields it shows.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, time
from email.utils import format_datetime

from tests.benchmarks.measure_metadata_facts import (
    CITIES,
    COOKIES,
    FOOTERS,
    HEADLINES,
    NEWSLETTERS,
    SECTIONS,
    Facts,
    day,
)  # fmt: skip

Form = Callable[[Facts, random.Random], tuple[str, dict[str, object]]]

# Lines of a head; one that names {author} is left out where there is none.
HEADS = (
    ("{title}", "By {author}", "{source}, {day}"),
    ("{title}", "By {author}, {source}", "{time}"),
    ("{source}", "{title}", "By {author} | {time}", "{or}{time}"),
    ("{title}", "{author} | {source} | {day}", "{or}{source} | {day}"),
    ("{source}", "{day}", "{title}", "By {author}"),
    ("{title}", "By {author}, {source}", "Published {time}", "{or}{source}"),
    ("{title}", "{source} · {day}", "By {author}"),
    ("{title}", "{day} by {author}", "Source: {source}", "{or}{day}"),
    ("{title}", "{source} - {day}", "Written by {author}"),
    ("{title}", "Published by {source} on {day}", "Author: {author}"),
    ("{title}", "{author}", "{source}", "{time}"),
    ("{title}", "By {author} / {source}", "{or}{source}", "Updated: {time}"),
    ("{title}", "By {author} for {source}", "{or}{source}", "Posted on {day}"),
)
LABELS = (
    ("Title: {title}", "Author: {author}", "Source: {source}", "Date: {day}", "URL: {url}",
     "Tags: {tags}", "Location: {region}"),
    ("HEADLINE: {title}", "BYLINE: {author}", "PUBLICATION: {source}", "PUBLISHED: {time}",
     "LINK: {url}", "KEYWORDS: {tags}"),
    ("{title}", "Source: {source}", "Published: {time}", "Written by: {author}", "Section: {tags}"),
    ("{title}", "Outlet: {source}", "Publication date: {day}", "Author(s): {author}",
     "Region: {region}", "Topics: {tags}", "Link: {url}"),
)  # fmt: skip
ALL = ("title", "author", "source", "published", "region", "tags", "url")


def filled(lines: tuple[str, ...], facts: Facts, rng: random.Random) -> list[str]:
    """The lines of a head with an article's facts in them; without those that it has none for."""
    values = {name: getattr(facts, name) for name in ALL}
    values |= {"tags": ", ".join(facts.tags), "or": ""}
    values |= {"day": day(facts.published, rng, time=False), "time": day(facts.published, rng)}
    wanted = [line for line in lines if ("{or}" not in line) or not facts.author]
    return [
        line.format(**values)
        for line in wanted
        if all(value or f"{{{name}}}" not in line for name, value in values.items() if name != "or")
    ]


def shown(facts: Facts, lines: tuple[str, ...], *names: str) -> dict[str, object]:
    """The values of the fields that a head's lines show, with those that are named."""
    text = "".join(lines).replace("{day}", "{published}").replace("{time}", "{published}")
    found = {name for name in ALL if f"{{{name}}}" in text} | set(names)
    return {name: getattr(facts, name) for name in found}


def _body(facts: Facts) -> str:
    return "\n\n".join(facts.paragraphs)


def lines(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """A headline, lines of byline, outlet and date, the text."""
    head = rng.choice(HEADS)
    gap = rng.choice(("\n", "\n\n"))
    return gap.join(filled(head, facts, rng)) + f"\n\n{_body(facts)}\n", shown(facts, head)


def labels(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """Labelled lines, as archives and scripts write them."""
    head = rng.choice(LABELS)
    return "\n".join(filled(head, facts, rng)) + f"\n\n{_body(facts)}\n", shown(facts, head)


def dateline(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """A wire report: the outlet, and in two of four the day, stand in the dateline."""
    city = facts.region.upper() or rng.choice(CITIES)
    when = f"{facts.published:%B} {facts.published.day}, {facts.published.year}"
    opening, dated = rng.choice(
        (
            (f"{city}, {when} ({facts.source}) - ", True),
            (f"{city} ({facts.source}) — ", False),
            (f"{city}, Tarn ({facts.source}) -- ", False),
            (f"({facts.source}) {city}, {when} — ", True),
        )
    )
    head = ("{title}", *rng.choice(((), ("By {author}",))))
    text = "\n\n".join([*filled(head, facts, rng), opening + _body(facts)])
    return text, shown(facts, head, "source", *(["published"] if dated else []))


def copied(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """A page as it was selected and copied, with its furniture."""
    head = rng.choice(HEADS)
    paragraphs = list(facts.paragraphs)
    half = len(paragraphs) // 2
    paragraphs[half:half] = rng.sample(
        ("Advertisement", f"Read more: {rng.choice(HEADLINES)}", rng.choice(NEWSLETTERS)), 2
    )
    menu = rng.choice(("\n".join(SECTIONS), " | ".join(SECTIONS), "Skip to content\nMenu\nSearch"))
    share = rng.choice(("Share\nFacebook\nTwitter\nEmail", "Share this article", "4 min read"))
    foot = rng.choice(FOOTERS).format(year=facts.published.year, site=facts.source)
    tail = ["Related articles", *rng.sample(HEADLINES, 3), rng.choice(COOKIES), foot]
    text = "\n\n".join([menu, *filled(head, facts, rng), share, *paragraphs, *tail])
    return text, shown(facts, head, "source")  # the last line names the site


def carried(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """A re-publisher's page as text: its own name and day, and who was first."""
    own = f"{facts.carrier}, {day(facts.carried_on, rng, time=False)}"
    first = day(facts.published, rng, time=False)
    head, tail, dated = rng.choice(
        (
            ([own, f"{facts.source} {first}"], "", True),
            ([own], f"Originally published by {facts.source}.", False),
            ([own], f"This article first appeared in {facts.source} on {first}.", True),
            ([own, f"Originally published by {facts.source} on {first}"], "", True),
            ([own], f"This article was originally published on {facts.source}. Read the original "
             "article.", False),
            ([own], f"Reprinted from {facts.source}, {first}", True),
            ([own, f"First published in {facts.source}"], "", False),
        )
    )  # fmt: skip
    byline = ("{title}", "By {author}")
    parts = [*filled(byline, facts, rng), *head, _body(facts), *([tail] if tail else [])]
    found = shown(facts, byline, "source", "carried_on", *(["published"] if dated else []))
    return "\n\n".join(parts), found | {"publisher": facts.carrier}


def clipped(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """Markdown as clippers and site generators save it, with front matter."""
    quoted = json.dumps(facts.title, ensure_ascii=False)
    iso = facts.published.isoformat()
    tags = json.dumps(list(facts.tags), ensure_ascii=False)
    author = f'"{facts.author}"' if facts.author else '""'
    head, names = rng.choice(
        (
            (f'title: {quoted}\nsource: "{facts.url}"\nauthor:\n  - "[[{facts.author}]]"\n'
             f'published: {iso}\ncreated: 2025-03-02\ntags:\n  - "clippings"', "url"),
            (f"title: {quoted}\ndate: {iso}T08:00:00+02:00\nauthor: {author}\n"
             f"categories: {tags}\nsite_name: {facts.source}\ncanonical_url: {facts.url}",
             "source tags url"),
            (f"title: {quoted}\nurl: {facts.url}\nsite: {facts.source}\nbyline: {author}\n"
             f"published_time: {iso}T08:00:00Z\nlang: en", "source url"),
            (f"headline: {quoted}\noutlet: {facts.source}\nwriter: {author}\n"
             f"pub_date: {day(facts.published, rng)}\nlocation: {facts.region}\ntags: {tags}",
             "source region tags"),
        )
    )  # fmt: skip
    body = "\n\n".join(paragraph.replace("*", "\\*") for paragraph in facts.paragraphs)
    shown = {name: getattr(facts, name) for name in names.split()}
    shown |= {"title": facts.title, "author": facts.author, "published": facts.published}
    if "clippings" in head:
        shown["tags"] = ("clippings",)
    if "lang: en" in head:
        shown["language"] = "en"
    return f"---\n{head}\n---\n\n# {facts.title}\n\n{body}\n", shown


def record(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """One line of JSON with the names of feeds, of schema.org and of news interfaces."""
    at = datetime.combine(facts.published, time(9, 30), UTC)
    iso = at.isoformat()
    choices: tuple[tuple[dict[str, object], str], ...] = (
            ({"title": facts.title, "dc:creator": facts.author, "pubDate": format_datetime(at),
              "link": facts.url, "category": list(facts.tags)}, "url tags"),
            ({"title": facts.title, "authors": [{"name": facts.author}], "date_published": iso,
              "url": facts.url, "tags": list(facts.tags), "language": "en"}, "url tags"),
            ({"@type": "NewsArticle", "headline": facts.title, "datePublished": iso,
              "author": {"@type": "Person", "name": facts.author},
              "publisher": {"@type": "Organization", "name": facts.source},
              "articleSection": list(facts.tags), "mainEntityOfPage": facts.url},
             "source url tags"),
            ({"source": {"id": None, "name": facts.source}, "author": facts.author,
              "title": facts.title, "url": facts.url, "publishedAt": iso}, "source url"),
            ({"headline": {"main": facts.title}, "byline": {"original": f"By {facts.author}"},
              "pub_date": iso, "web_url": facts.url, "source": facts.source,
              "section_name": ", ".join(facts.tags)}, "source url tags"),
        )  # fmt: skip
    fields, names = rng.choice(choices)
    shown = {name: getattr(facts, name) for name in names.split()}
    shown |= {"title": facts.title, "author": facts.author, "published": facts.published}
    if "language" in fields:
        shown["language"] = "en"
    return json.dumps(fields | {"text": _body(facts)}, ensure_ascii=False), shown


FORMS: dict[str, tuple[str, Form]] = {
    "text, lines": (".txt", lines),
    "text, labels": (".txt", labels),
    "text, dateline": (".txt", dateline),
    "text, copied page": (".txt", copied),
    "text, carried": (".txt", carried),
    "Markdown, front matter": (".md", clipped),
    "JSON record": (".jsonl", record),
}
