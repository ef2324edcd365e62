"""Cleaning of the pages in tests/data/pages: no worse than it was, and better than without."""

from __future__ import annotations

import pytest

from tests.benchmarks.measure_pages import METHODS, Page, Score, common, read_pages, score

PAGES = read_pages()


@pytest.fixture(scope="module")
def totals() -> dict[str, Score]:
    found = {}
    for name, method in METHODS.items():
        found[name] = sum((score(page, method(page)) for page in PAGES), Score())
    return found


def test_the_pages_are_marked() -> None:
    assert len(PAGES) >= 30
    assert sum(page.is_held for page in PAGES) >= 10
    for page in PAGES:
        assert 120 <= len(page.article) <= 400, page.name
        assert common(page.article, page.known) == len(page.article), page.name
        assert common(page.known, page.seen) == len(page.known), page.name
        assert len(page.seen) > len(page.known), page.name


def test_no_more_is_lost_and_left_than_was(totals: dict[str, Score]) -> None:
    ours = totals["Dateline"]
    assert ours.lost <= 0.01 * ours.article
    assert ours.left <= 0.14 * ours.other
    plain = totals["trafilatura"]
    assert ours.lost < plain.lost
    assert ours.left < plain.left / 2
    assert totals["no cleaning"].left == totals["no cleaning"].other


def test_words_are_scored_in_their_order() -> None:
    page = Page("a.txt", "", ["a", "b", "c"], ["t", "a", "b", "c"], ["x", "t", "a", "b", "c", "y"])
    assert score(page, "a b c") == Score(article=3, lost=0, other=2, left=0)
    assert score(page, "t a c y") == Score(article=3, lost=1, other=2, left=1)
    assert score(page, "c b a").lost == 2
