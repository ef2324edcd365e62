"""Which articles are one report: the same text, a reprint of it, or what its outlet made of it.

Two texts are one report where most runs of five words of the shorter one stand in the longer one: a
reprint may leave out a paragraph, or add one of its own (the containment of Broder, "On the
resemblance and containment of documents", 1997). Runs are compared word by word, so that no link
rests on a digest. Fingerprints only say which articles are worth comparing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from hashlib import blake2b

from assistant.types import Article, Link, LinkKind

RULES = "1"
"""Raise it with any change of what is linked, so that libraries link anew."""
COMMON = 1000
"""A fingerprint of more articles than this is of a phrase that everybody prints."""
_RUN = 5  # words
_WINDOW = 16  # runs
OTHER_OUTLET, SAME_OUTLET = 0.6, 0.7  # shared runs: chosen on one half of pairs, docs/articles.md
_GROWN = 0.1  # of its runs are new
_FEWEST = 12  # runs; shorter texts must have the very same words
LIKELY = 0.25
"""Of the shorter text's fingerprints, that two texts share which are worth comparing."""


class Report:
    """An article with the runs of words of its text."""

    def __init__(self, article: Article) -> None:
        self.article = article

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """Every five words that follow each other; all words of a text that has fewer."""
        words = _words(self.article.text)
        every = range(max(len(words) - _RUN + 1, 1)) if words else ()
        return frozenset(tuple(words[place : place + _RUN]) for place in every)


def fingerprints(text: str) -> list[int]:
    """Of each 16 runs that follow each other the least digest: signed 64-bit, each once, in order.

    So two texts that share twenty words on end share one (winnowing: Schleimer, Wilkerson and
    Aiken, 2003). About one for nine words.
    """
    words = _words(text)
    if not words:
        return []
    every = range(max(len(words) - _RUN + 1, 1))
    digests = [_digest(words[place : place + _RUN]) for place in every]
    windows = range(max(len(digests) - _WINDOW + 1, 1))
    return sorted({min(digests[first : first + _WINDOW]) for first in windows})


def is_likely(shared: int, one: int, other: int) -> bool:
    """Whether two texts with so many fingerprints, and so many in common, are to be compared."""
    return shared >= max(1.0, LIKELY * min(one, other))


def compare(one: Report, other: Report) -> Link | None:
    """The link of two articles, from the copy to its original; None where they are two reports."""
    first, copy = (one, other) if _precedes(one.article, other.article) else (other, one)
    same_outlet = _site(first.article) == _site(copy.article)
    if first.article.text == copy.article.text:
        return Link(copy.article.id, first.article.id, "exact", 1.0)
    share = _share(first.runs, copy.runs)
    if share < (SAME_OUTLET if same_outlet else OTHER_OUTLET):
        return None
    grown = same_outlet and bool(_site(copy.article)) and _has_grown(first, copy)
    kind: LinkKind = "update" if grown else "reprint"
    return Link(copy.article.id, first.article.id, kind, round(share, 4))


def closeness(link: Link, original: Article) -> tuple[float, date, bool, str]:
    """Sorts the links of one article: the closest original first, of several the earliest."""
    return (-link.share - (link.kind == "exact"), *_age(original))


def holds(text: str, quote: str) -> bool:
    """Whether the words of a quote stand in a text, in a row; case and marks do not matter.

    >>> holds("He said: “It FELL, at noon”.", "it fell at noon"), holds("It fell.", "It fel")
    (True, False)
    """
    return f" {' '.join(_words(quote))} " in f" {' '.join(_words(text))} "


def link_all(articles: Iterable[Article]) -> list[Link]:
    """The link of each article that repeats another of these, in order of their ids."""
    reports = [Report(article) for article in articles]
    prints = [fingerprints(report.article.text) for report in reports]
    holders: dict[int, list[int]] = defaultdict(list)
    best: dict[str, tuple[tuple[float, date, bool, str], Link]] = {}
    for place, report in enumerate(reports):
        shared = Counter(
            other
            for fingerprint in prints[place]
            if len(holders[fingerprint]) <= COMMON
            for other in holders[fingerprint]
        )
        for other, count in shared.items():
            if not is_likely(count, len(prints[place]), len(prints[other])):
                continue
            link = compare(report, reports[other])
            if link is None:
                continue
            pair = {r.article.id: r.article for r in (report, reports[other])}
            rank = closeness(link, pair[link.original_id])
            if link.article_id not in best or rank < best[link.article_id][0]:
                best[link.article_id] = (rank, link)
        for fingerprint in prints[place]:
            holders[fingerprint].append(place)
    return [best[article_id][1] for article_id in sorted(best)]


def group(articles: Iterable[Article], links: Sequence[Link]) -> list[list[Article]]:
    """The articles that are one report, the original first, then the earliest; no lone ones."""
    by_id = {article.id: article for article in articles}
    original = {link.article_id: link.original_id for link in links}
    groups: dict[str, list[Article]] = defaultdict(list)
    for article_id, article in by_id.items():
        groups[_root(article_id, original)].append(article)
    return [
        sorted(told, key=lambda article: (article.id != root, *_age(article)))
        for root, told in sorted(groups.items())
        if len(told) > 1
    ]


def _root(article_id: str, original: dict[str, str]) -> str:
    """Where the links lead to; of a ring, which two outlets that credit each other may make, one.

    >>> _root("c", {"c": "b", "b": "a"}), _root("z", {"z": "y", "y": "z"})
    ('a', 'y')
    """
    passed = [article_id]
    while (following := original.get(passed[-1])) is not None:
        if following in passed:
            return min(passed[passed.index(following) :])
        passed.append(following)
    return passed[-1]


def _has_grown(first: Report, copy: Report) -> bool:
    """Whether a later version says more than the first one: new words, or another number."""
    new = copy.runs - first.runs
    return len(new) >= _GROWN * len(copy.runs) or bool(
        _numbers(copy.article.text) - _numbers(first.article.text)
    )


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\b\d+(?:[.,:]\d+)*", text))


def _share(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    fewer = min(len(one), len(other))
    if fewer < _FEWEST:
        return float(one == other and bool(one))
    return len(one & other) / fewer


def _precedes(one: Article, other: Article) -> bool:
    """Whether the first is the original of the two.

    It is the one whose outlet the other credits; else the earlier, an undated one being late; else
    the one that nobody else carries; else, of one outlet, the shorter, which the other has grown
    from; else one of them, by their ids.
    """
    credited, crediting = _credits(other, one), _credits(one, other)
    if credited != crediting:
        return credited
    if _site(one) != _site(other):
        return _age(one) < _age(other)
    return _grown(one) < _grown(other)


def _credits(copy: Article, original: Article) -> bool:
    """Whether the metadata or the text of an article name the outlet of another as its source."""
    if not original.source:
        return False
    if copy.source.casefold() == original.source.casefold():
        return _is_carried(copy) and not _is_carried(original)
    named = re.compile(rf"(?<!\w){re.escape(original.source)}(?!\w)")
    return any(named.search(words) for words in (copy.author, copy.text))


def _is_carried(article: Article) -> bool:
    return bool(article.publisher) and article.publisher.casefold() != article.source.casefold()


def _age(article: Article) -> tuple[date, bool, str]:
    return article.published or date.max, _is_carried(article), article.id


def _grown(article: Article) -> tuple[date, bool, int, str]:
    day, carried, article_id = _age(article)
    return day, carried, len(article.text), article_id


def _site(article: Article) -> str:
    """Where it stands: with who carried it, or with its own outlet."""
    return (article.publisher or article.source).casefold()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _digest(words: Sequence[str]) -> int:
    data = " ".join(words).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)
