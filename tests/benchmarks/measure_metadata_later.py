"""Forms that were written after the rules, and that no rule was made for: measured once.

What they score against the forms of `measure_metadata_text` and `measure_metadata_html` tells how
far the rules reach beyond the templates that they were made with.
"""

from __future__ import annotations

import random
from html import escape

from tests.benchmarks.measure_metadata_facts import CITIES, HEADLINES, Facts, day
from tests.benchmarks.measure_metadata_text import Form, filled, shown

HEADS = (
    ("{title}", "{source}", "By {author}", "{day}"),
    ("{title}", "by {author} ({source})", "{or}({source})", "{day}"),
    ("{day}", "{title}", "{author}", "{source}"),
    ("{title}", "Story by {author}", "{source}", "Last updated {time}"),
    ("{title}", "{author}, special to {source}", "{or}Special to {source}", "{day}"),
    ("{title}", "From {source}", "{day}"),
    ("{title}", "{author} — {source} — {day}", "{or}{source} — {day}"),
    ("{title}", "Reported by {author} | {source}", "{or}{source}", "First published: {day}"),
    ("{title}", "({source}) {day}", "{author}"),
    ("{title}", "Author: {author}; Source: {source}; Date: {day}",
     "{or}Source: {source}; Date: {day}"),
)  # fmt: skip


def lines(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """Other lines of a head."""
    head = rng.choice(HEADS)
    gap = rng.choice(("\n", "\n\n"))
    body = "\n\n".join(facts.paragraphs)
    return gap.join(filled(head, facts, rng)) + f"\n\n{body}\n", shown(facts, head)


def carried(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """Other words for who was first, and other datelines."""
    own = f"{facts.carrier} | {day(facts.carried_on, rng, time=False)}"
    first = day(facts.published, rng, time=False)
    credit, dated = rng.choice(
        (
            (f"Source: {facts.source}, {first}", True),
            (f"Courtesy of {facts.source}", False),
            (f"A version of this article appeared in {facts.source} on {first}.", True),
            (f"This report was produced by {facts.source} and is shared with permission.", False),
            (f"Read the original article on {facts.source}.", False),
            (f"Published with permission of {facts.source}", False),
        )
    )
    parts = [*filled(("{title}", "By {author}"), facts, rng), own, *facts.paragraphs, credit]
    names = ["source", "carried_on", *(["published"] if dated else [])]
    found = shown(facts, ("{title}", "By {author}"), *names)
    return "\n\n".join(parts), found | {"publisher": facts.carrier}


def dateline(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """Other datelines."""
    city = facts.region or rng.choice(CITIES).title()
    when = f"{facts.published:%b}. {facts.published.day}, {facts.published.year}"
    opening, dated = rng.choice(
        (
            (f"{city.upper()}, {when} /{facts.source}/ -- ", True),
            (f"{facts.source.upper()}, {city}, {when}: ", True),
            (f"{city} | {facts.source} — ", False),
            (f"{city.upper()} - {when} - ", True),
        )
    )
    text = f"{facts.title}\n\n{opening}" + "\n\n".join(facts.paragraphs)
    names = (["source"] if facts.source.upper() in opening.upper() else []) + (
        ["published"] if dated else []
    )
    return text, shown(facts, ("{title}",), *names)


def microdata(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """Microdata, with an organisation as publisher, and no other declaration."""
    by = (
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        f'<span itemprop="name">{escape(facts.author)}</span></span>'
        if facts.author
        else ""
    )
    body = "\n".join(f"<p>{escape(p)}</p>" for p in facts.paragraphs)
    page = f"""<!DOCTYPE html><html lang="en">
<head><title>{escape(facts.title)}</title></head><body>
<div class="bar"><a href="/">Start</a> <a href="/a">Archive</a></div>
<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">
{escape(facts.title)}</h1>{by}<meta itemprop="datePublished" content="{facts.published}T06:00:00Z">
<meta itemprop="dateModified" content="{facts.carried_on}T06:00:00Z">
<div itemprop="publisher" itemscope itemtype="https://schema.org/Organization">
<meta itemprop="name" content="{escape(facts.source)}"></div>
<div itemprop="articleBody">{body}</div></div>
<div class="next">Next: <a href="/n">{rng.choice(HEADLINES)}</a></div></body></html>"""
    names = ("author", "source", "published")
    return page, shown(facts, ("{title}",), *names) | {"language": "en"}


def drupal(facts: Facts, rng: random.Random) -> tuple[str, dict[str, object]]:
    """A theme of Drupal: submitted by ... on ..., the site's name in the title."""
    by = f"Submitted by {escape(facts.author)} on " if facts.author else "Submitted on "
    when = f"{facts.published:%a, %m/%d/%Y} - 12:30"
    if facts.published.day <= 12:  # may be of two days as it stands
        when = f"{facts.published:%A, %B %d, %Y} - 12:30"
    body = "\n".join(f"<p>{escape(p)}</p>" for p in facts.paragraphs)
    site = escape(facts.source)
    page = f"""<!DOCTYPE html><html lang="en"><head><title>{escape(facts.title)} | {site}</title>
</head><body class="node-type-article"><div id="header"><a href="/" rel="home">{site}</a></div>
<div id="main"><h1 id="page-title">{escape(facts.title)}</h1><div class="node node-article">
<div class="submitted">{by}{when}</div><div class="field-name-body">{body}</div>
<ul class="links inline"><li><a href="/u">Log in</a> or <a href="/r">register</a> to post comments
</li></ul></div></div><div class="region-sidebar"><h2>Recent content</h2><ul>
<li><a href="/1">{rng.choice(HEADLINES)}</a></li></ul></div></body></html>"""
    names = ("author", "source", "published")
    return page, shown(facts, ("{title}",), *names) | {"language": "en"}


FORMS: dict[str, tuple[str, Form]] = {
    "later: text, lines": (".txt", lines),
    "later: text, dateline": (".txt", dateline),
    "later: text, carried": (".txt", carried),
    "later: HTML, microdata": (".html", microdata),
    "later: HTML, Drupal": (".html", drupal),
}
