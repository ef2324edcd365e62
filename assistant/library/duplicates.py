"""The links between articles that are one report, kept right inside the transaction of a commit.

A link depends on its two articles alone, and of several an article has the closest; so links are
the same in whatever order articles came. Where an article goes, those that were linked to it look
for another original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.articles.near import (
    COMMON,
    LIKELY,
    RULES,
    Report,
    closeness,
    compare,
    fingerprints,
    group,
    is_likely,
)
from assistant.library import tables as t
from assistant.library.rows import chunks, metadata_of, with_texts
from assistant.types import Article, Link

_RULES = "duplicates"
_COMPARED = 50  # articles, of the hundreds that a template can make alike
LINKED = {_RULES: RULES}
"""What the manifest says of a library whose links were made by the rules of today."""


def add_links(connection: Connection, article: Article) -> None:
    """Link an article that has just become current with what repeats it, or is repeated by it."""
    prints = fingerprints(article.text)
    others = _candidates(connection, prints)
    last = connection.execute(sa.select(sa.func.max(t.SIGNED.c.number))).scalar_one()
    number = (last or 0) + 1
    signed = {"number": number, "article_id": article.id, "prints": len(prints)}
    connection.execute(sa.insert(t.SIGNED), signed)
    if prints:
        rows = [{"print": each, "number": number} for each in prints]
        connection.execute(sa.insert(t.PRINTS), rows)
    for link in _compared(article, with_texts(connection, others).values()):
        _offer(connection, link)


def drop_links(connection: Connection, article_id: str) -> None:
    """Forget the links of an article that is current still; its copies are linked anew."""
    copies = sa.select(t.LINKS.c.article_id).where(t.LINKS.c.original_id == article_id)
    ids = list(connection.execute(copies).scalars())
    for column in (t.LINKS.c.article_id, t.LINKS.c.original_id):
        connection.execute(sa.delete(t.LINKS).where(column == article_id))
    gone = with_texts(connection, [article_id]).get(article_id)
    number = connection.execute(
        sa.select(t.SIGNED.c.number).where(t.SIGNED.c.article_id == article_id)
    ).scalar_one_or_none()
    if gone is None or number is None:
        return
    for some in chunks(fingerprints(gone.text)):
        own = sa.and_(t.PRINTS.c.print.in_(some), t.PRINTS.c.number == number)
        connection.execute(sa.delete(t.PRINTS).where(own))
    connection.execute(sa.delete(t.SIGNED).where(t.SIGNED.c.number == number))
    for copy in with_texts(connection, ids).values():
        others = [i for i in _candidates(connection, fingerprints(copy.text)) if i != copy.id]
        for link in _compared(copy, with_texts(connection, others).values()):
            if link.article_id == copy.id:
                _offer(connection, link)


def are_linked(connection: Connection) -> bool:
    """Whether the links were made by the rules of today."""
    query = sa.select(t.META.c.value).where(t.META.c.key == _RULES)
    return connection.execute(query).scalar_one_or_none() == RULES


def link_anew(connection: Connection) -> None:
    """Make every link of the library from its texts."""
    for table in (t.LINKS, t.PRINTS, t.SIGNED):
        connection.execute(sa.delete(table))
    ids = list(connection.execute(sa.select(t.ARTICLES.c.id).order_by(t.ARTICLES.c.id)).scalars())
    for some in chunks(ids):
        for article in with_texts(connection, some).values():
            add_links(connection, article)
    t.put_meta(connection, LINKED)


def links_of(connection: Connection, article_id: str) -> list[Link]:
    """The link of an article to its original, and those of its copies to it."""
    either = sa.or_(t.LINKS.c.article_id == article_id, t.LINKS.c.original_id == article_id)
    query = sa.select(t.LINKS).where(either).order_by(t.LINKS.c.article_id)
    return _links(connection.execute(query))


def all_links(connection: Connection) -> list[Link]:
    """Every link, in order of the ids of what repeats."""
    return _links(connection.execute(sa.select(t.LINKS).order_by(t.LINKS.c.article_id)))


def reports(connection: Connection, article_ids: Iterable[str]) -> list[list[Article]]:
    """What is one report with some articles, the original first, with their texts.

    Articles that nothing repeats are left out.
    """
    links: dict[str, Link] = {}
    told = frontier = set(article_ids)
    while frontier:
        near = [link for some in chunks(sorted(frontier)) for link in _touching(connection, some)]
        links |= {link.article_id: link for link in near}
        frontier = {i for link in near for i in (link.article_id, link.original_id)} - told
        told = told | frontier
    linked = {i for link in links.values() for i in (link.article_id, link.original_id)}
    return group(with_texts(connection, sorted(linked)).values(), list(links.values()))


def _touching(connection: Connection, ids: Sequence[str]) -> Iterator[Link]:
    for column in (t.LINKS.c.article_id, t.LINKS.c.original_id):
        yield from _links(connection.execute(sa.select(t.LINKS).where(column.in_(ids))))


def _links(rows: Iterable[sa.Row[tuple[str, str, str, float]]]) -> list[Link]:
    return [Link(row.article_id, row.original_id, row.kind, row.share) for row in rows]


def _candidates(connection: Connection, prints: Sequence[int]) -> list[str]:
    """The signed articles that share enough fingerprints to be compared, the likeliest first."""
    shared: Counter[tuple[str, int]] = Counter()
    portions = list(chunks(prints))
    for some in portions:
        rare = (
            sa.select(t.PRINTS.c.print)
            .where(t.PRINTS.c.print.in_(some))
            .group_by(t.PRINTS.c.print)
            .having(sa.func.count() <= COMMON)
        )
        holders = (
            sa.select(t.SIGNED.c.article_id, t.SIGNED.c.prints, sa.func.count())
            .join(t.PRINTS, t.PRINTS.c.number == t.SIGNED.c.number)
            .where(t.PRINTS.c.print.in_(list(connection.execute(rare).scalars())))
            .group_by(t.SIGNED.c.number)
        )
        if len(portions) == 1:  # the counts are whole: of thousands of holders few come out
            holders = holders.having(_is_likely(sa.func.count(), len(prints)))
        for article_id, held, count in connection.execute(holders):
            shared[article_id, held] += count
    likely = ((-n, i) for (i, held), n in shared.items() if is_likely(n, held, len(prints)))
    return [i for _, i in nsmallest(_COMPARED, likely)]


def _is_likely(shared: sa.ColumnElement[int], prints: int) -> sa.ColumnElement[bool]:
    """`near.is_likely`, asked of the database."""
    own = t.SIGNED.c.prints
    return shared >= LIKELY * sa.case((own < prints, own), else_=prints)


def _compared(article: Article, others: Iterable[Article]) -> Iterator[Link]:
    report = Report(article)
    for other in others:
        link = compare(report, Report(other))
        if link is not None:
            yield link


def _offer(connection: Connection, link: Link) -> None:
    """Put a link in the place of the one that its article has, if it is closer."""
    query = sa.select(t.LINKS).where(t.LINKS.c.article_id == link.article_id)
    for held in _links(connection.execute(query)):
        ids = [held.original_id, link.original_id]
        originals = {article.id: article for article in metadata_of(connection, ids)}
        known = closeness(held, originals[held.original_id])
        if known <= closeness(link, originals[link.original_id]):
            return
        connection.execute(sa.delete(t.LINKS).where(t.LINKS.c.article_id == link.article_id))
    connection.execute(
        sa.insert(t.LINKS),
        {
            "article_id": link.article_id,
            "original_id": link.original_id,
            "kind": link.kind,
            "share": link.share,
        },
    )
