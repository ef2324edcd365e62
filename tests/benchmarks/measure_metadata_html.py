"""Articles as HTML pages: what the head declares, a visible byline, and the page around them."""

from __future__ import annotations

import json
import random
import re
from html import escape

from tests.benchmarks.measure_metadata_facts import (
    COMMENTS,
    COOKIES,
    FIRST,
    FOOTERS,
    HEADLINES,
    NEWSLETTERS,
    SECTIONS,
    Facts,
    day,
)  # fmt: skip
from tests.benchmarks.measure_metadata_text import Form

Shown = dict[str, object]


def _links(words: list[str], item: str = "li") -> str:
    return "\n".join(
        f'<{item}><a href="/{re.sub(r"[^a-z]+", "-", word.lower())}">{escape(word)}</a></{item}>'
        for word in words
    )


def _meta(pairs: list[tuple[str, str]], key: str) -> str:
    return "\n".join(
        f'<meta {key}="{name}" content="{escape(value)}">' for name, value in pairs if value
    )


def _inserts(facts: Facts, rng: random.Random) -> str:
    """The article's paragraphs, with what pages put between them."""
    paragraphs = [f"<p>{escape(p)}</p>" for p in facts.paragraphs]
    related = f'<p><strong>Read more:</strong> <a href="/x">{rng.choice(HEADLINES)}</a></p>'
    box = f'<div class="newsletter-signup"><p>{rng.choice(NEWSLETTERS)}</p></div>'
    ad = '<div class="ad-slot"><span>Advertisement</span></div>'
    others = _links(rng.sample(HEADLINES, 2))
    aside = f'<aside class="related"><h3>Related</h3><ul>{others}</ul></aside>'
    for insert in rng.sample((related, box, ad, aside), 2):
        paragraphs.insert(rng.randint(1, len(paragraphs)), insert)
    return "\n".join(paragraphs)


def _page(facts: Facts, rng: random.Random, site: str, head: str, top: str, end: str = "") -> str:
    """A whole page in one of two skins: HTML 5 elements, or divisions with class names."""
    foot = rng.choice(FOOTERS).format(year=facts.published.year, site=escape(site))
    comments = "\n".join(
        f'<div class="comment"><b>{rng.choice(FIRST)}</b><p>{text}</p></div>'
        for text in rng.sample(COMMENTS, 2)
    )
    share = '<ul class="share"><li><a href="#">Facebook</a></li><li><a href="#">X</a></li></ul>'
    bio = (
        f'<div class="author-bio"><p>{escape(facts.author)} is a reporter at {escape(site)}.</p>'
        "</div>"
        if facts.author and rng.random() < 0.5
        else ""
    )
    body = _inserts(facts, rng)
    cookie = f'<div id="cookie-banner" class="cookie-notice"><p>{rng.choice(COOKIES)}</p></div>'
    if rng.random() < 0.5:
        inner = f"""<header><a href="/">{escape(site)}</a>
<nav><ul>{_links(list(SECTIONS))}</ul></nav></header><main><article><h1>{escape(facts.title)}</h1>{top}{share}
<div class="article-body">{body}</div>{end}{bio}</article>
<section id="comments"><h2>Comments</h2>{comments}</section>
<aside><h2>Most read</h2><ol>{_links(rng.sample(HEADLINES, 5))}</ol></aside></main>
<footer><p>{foot}</p></footer>{cookie}"""
    else:
        inner = f"""{cookie}<div id="top"><div class="logo">{escape(site)}</div>
<div class="nav">{_links(list(SECTIONS), "span")}</div></div>
<div id="wrapper"><div class="story"><h1 class="headline">{escape(facts.title)}</h1>{top}{share}
<div class="story-content">{body}{end}</div>{bio}</div>
<div class="sidebar"><h4>You may also like</h4>{_links(rng.sample(HEADLINES, 4), "div")}</div>
<div class="comments-area"><h3>2 comments</h3>{comments}</div></div>
<div class="footer">{foot}</div>"""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n{head}\n</head>\n'
        f"<body>\n{inner}\n</body></html>\n"
    )


def _title(facts: Facts, site: str, rng: random.Random) -> str:
    joint = rng.choice((" | ", " - ", " — "))
    return f"<title>{escape(facts.title + joint + site)}</title>"


def _shown(facts: Facts, *names: str) -> Shown:
    return {name: getattr(facts, name) for name in names} | {"language": "en"}


def meta(facts: Facts, rng: random.Random) -> tuple[str, Shown]:
    """Meta tags by name, and a canonical link; nothing of it is visible."""
    iso = facts.published.isoformat()
    names = rng.choice(
        (
            ("author", "date", "publisher", "keywords"),
            ("DC.creator", "DC.date.issued", "DC.publisher", "news_keywords"),
            ("parsely-author", "parsely-pub-date", "application-name", "parsely-tags"),
            ("byl", "pubdate", "publisher", "keywords"),
        )
    )
    values = (facts.author, iso, facts.source, ", ".join(facts.tags))
    head = _title(facts, facts.source, rng) + _meta(list(zip(names, values, strict=True)), "name")
    head += f'<link rel="canonical" href="{escape(facts.url)}">'
    shown = _shown(facts, "title", "author", "source", "published", "tags", "url")
    return _page(facts, rng, facts.source, head, ""), shown


def opengraph(facts: Facts, rng: random.Random) -> tuple[str, Shown]:
    """OpenGraph, with the day of a later change beside that of publication."""
    pairs = [
        ("og:type", "article"), ("og:title", facts.title), ("og:url", facts.url),
        ("og:site_name", facts.source), ("og:locale", "en_US"),
        ("article:modified_time", f"{facts.carried_on}T10:00:00Z"),
        ("article:published_time", f"{facts.published}T08:00:00Z"),
        ("article:author", facts.author), ("article:section", ", ".join(facts.tags[:1])),
    ]  # fmt: skip
    pairs += [("article:tag", tag) for tag in facts.tags]
    head = _title(facts, facts.source, rng) + _meta(pairs, "property")
    shown = _shown(facts, "title", "author", "source", "published", "tags", "url")
    return _page(facts, rng, facts.source, head, ""), shown


def _news(facts: Facts, site: str) -> dict[str, object]:
    found: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": facts.title,
        "datePublished": f"{facts.published}T08:00:00+00:00",
        "dateModified": f"{facts.carried_on}T09:30:00+00:00",
        "publisher": {"@type": "Organization", "name": site},
        "articleSection": ", ".join(facts.tags[:1]),
        "keywords": list(facts.tags),
        "mainEntityOfPage": {"@type": "WebPage", "@id": facts.url},
        "inLanguage": "en",
    }
    if facts.author:
        found["author"] = [{"@type": "Person", "name": facts.author}]
    if facts.region:
        found["contentLocation"] = {"@type": "Place", "name": facts.region}
    return found


def _script(found: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(found, ensure_ascii=False)}</script>'


def jsonld(facts: Facts, rng: random.Random) -> tuple[str, Shown]:
    """One NewsArticle as JSON-LD, and hardly anything else."""
    news = {"@context": "https://schema.org"} | _news(facts, facts.source)
    crumbs = {
        "@context": "https://schema.org", "@type": "BreadcrumbList",
        "itemListElement": [{"@type": "ListItem", "position": 1, "name": "News"}],
    }  # fmt: skip
    head = f"<title>{escape(facts.title)}</title>" + _script(crumbs) + _script(news)
    names = ["title", "author", "source", "published", "tags", "url", "region"]
    return _page(facts, rng, facts.source, head, ""), _shown(facts, *names)


def graph(facts: Facts, rng: random.Random) -> tuple[str, Shown]:
    """The same within a @graph, where author and publisher are references."""
    base = "https://example.org/#"
    news = _news(facts, facts.source)
    news |= {"publisher": {"@id": f"{base}org"}, "isPartOf": {"@id": facts.url}}
    nodes: list[dict[str, object]] = [
        {"@type": "WebSite", "@id": f"{base}site", "name": facts.source},
        {"@type": "Organization", "@id": f"{base}org", "name": facts.source},
        {"@type": "WebPage", "@id": facts.url, "url": facts.url, "name": facts.title},
    ]
    if facts.author:
        news["author"] = {"@id": f"{base}person"}
        nodes.append({"@type": "Person", "@id": f"{base}person", "name": facts.author})
    nodes.insert(rng.randrange(len(nodes)), news)
    script = _script({"@context": "https://schema.org", "@graph": nodes})
    head = _title(facts, facts.source, rng) + script
    names = ["title", "author", "source", "published", "tags", "url", "region"]
    return _page(facts, rng, facts.source, head, ""), _shown(facts, *names)


def visible(facts: Facts, rng: random.Random) -> tuple[str, Shown]:
    """A byline and a <time>, and the site's name in the title."""
    when = f'<time datetime="{facts.published}T08:00">{day(facts.published, rng)}</time>'
    by = f"By {escape(facts.author)}" if facts.author else ""
    top = rng.choice(
        (
            f'<div class="byline">{by}</div><div class="date">{when}</div>',
            f'<p class="meta"><span class="author">{by}</span> {when}</p>',
            f'<p class="byline">{by}</p><p class="timestamp">Published {when}</p>',
            f'<div class="article-info"><address>{by}</address>{when}</div>',
        )
    )
    head = _title(facts, facts.source, rng)
    return (
        _page(facts, rng, facts.source, head, top),
        _shown(facts, "title", "author", "source", "published"),
    )


def wordpress(facts: Facts, rng: random.Random) -> tuple[str, Shown]:
    """A blog's theme: entry-title, posted on, rel=author, category and tag links."""
    year = facts.published.year
    when = (
        f'<time class="entry-date published" datetime="{facts.published}T08:00:00+00:00">'
        f'{facts.published:%B} {facts.published.day}, {year}</time><time class="updated" '
        f'datetime="{facts.carried_on}T08:00:00+00:00">{facts.carried_on:%B %d, %Y}</time>'
    )
    by = (
        '<span class="byline"> by <span class="author vcard"><a class="url fn n" rel="author" '
        f'href="/author/a/">{escape(facts.author)}</a></span></span>'
        if facts.author
        else ""
    )
    tags = "".join(f'<a href="/category/x/" rel="category tag">{escape(t)}</a>' for t in facts.tags)
    site = escape(facts.source)
    foot = rng.choice(FOOTERS).format(year=year, site=site)
    page = f"""<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8">
{_title(facts, facts.source, rng)}<meta name="generator" content="WordPress 6.4">
<link rel="canonical" href="{escape(facts.url)}"></head>
<body class="post-template-default single single-post"><div id="page" class="site">
<header id="masthead"><p class="site-title"><a href="/" rel="home">{site}</a></p>
<nav id="site-navigation"><ul class="menu">{_links(list(SECTIONS))}</ul></nav></header>
<main id="main"><article id="post-7" class="post type-post"><header class="entry-header">
<h1 class="entry-title">{escape(facts.title)}</h1><div class="entry-meta">
<span class="posted-on">Posted on <a href="#" rel="bookmark">{when}</a></span>{by}</div></header>
<div class="entry-content">{_inserts(facts, rng)}
<div class="sharedaddy"><h3 class="sd-title">Share this:</h3><ul><li>Twitter</li><li>Facebook</li>
</ul></div><div id="jp-relatedposts"><h3>Related</h3>{_links(rng.sample(HEADLINES, 3), "p")}</div>
</div><footer class="entry-footer">Posted in {tags}</footer></article>
<nav class="post-navigation"><a href="/p">Previous: {rng.choice(HEADLINES)}</a></nav>
<div id="comments" class="comments-area"><h2>One thought on “{escape(facts.title)}”</h2>
<ol class="comment-list"><li class="comment"><p>{rng.choice(COMMENTS)}</p></li></ol>
<h3 id="reply-title">Leave a Reply</h3><p>Your email address will not be published.</p></div>
</main><aside id="secondary" class="widget-area"><h2>Recent Posts</h2><ul>{_links(HEADLINES[:5])}
</ul></aside><footer id="colophon"><p>{foot}</p>
<p>Proudly powered by WordPress</p></footer></div></body></html>
"""
    names = ["title", "author", "source", "published", "tags", "url"]
    return page, _shown(facts, *names)


def carried(facts: Facts, rng: random.Random) -> tuple[str, Shown]:
    """Another site's page of it: its own name and day, who was first, and the first's address."""
    first = day(facts.published, rng, time=False)
    source = escape(facts.source)
    link = f'<a href="{escape(facts.url)}">{source}</a>'
    credit, dated = rng.choice(
        (
            (f"<p>Originally published by {link}</p>", False),
            (f"<p><em>This article was originally published by {link} on {first}.</em></p>", True),
            (f"<p>This article first appeared in {link}.</p>", False),
            (f"<p>This story was first published on {first} by {link}.</p>", True),
            (f"<p><i>This article is republished from {link} under a Creative Commons license. "
             "Read the original article.</i></p>", False),
        )
    )  # fmt: skip
    above = rng.random() < 0.3
    by = f'<span class="author">By {escape(facts.author)}</span>' if facts.author else ""
    when = f'<time datetime="{facts.carried_on}T10:00:00Z">{day(facts.carried_on, rng)}</time>'
    top = f'<div class="byline">{by} {when}</div>' + (credit if above else "")
    pairs = [
        ("og:title", facts.title), ("og:site_name", facts.carrier), ("og:type", "article"),
        ("article:published_time", f"{facts.carried_on}T10:00:00Z"),
    ]  # fmt: skip
    head = _title(facts, facts.carrier, rng) + _meta(pairs, "property")
    head += f'<link rel="canonical" href="{escape(facts.url)}">'
    shown = _shown(facts, "title", "author", "source", "carried_on", "url")
    shown |= {"publisher": facts.carrier} | ({"published": facts.published} if dated else {})
    return _page(facts, rng, facts.carrier, head, top, "" if above else credit), shown


FORMS: dict[str, tuple[str, Form]] = {
    "HTML, meta tags": (".html", meta),
    "HTML, OpenGraph": (".html", opengraph),
    "HTML, JSON-LD": (".html", jsonld),
    "HTML, JSON-LD @graph": (".html", graph),
    "HTML, visible byline": (".html", visible),
    "HTML, WordPress": (".html", wordpress),
    "HTML, carried": (".html", carried),
}
