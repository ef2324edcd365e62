"""Which articles are one report, which of them is the original, and what kind of copy the other."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles import near
from assistant.articles.near import Report, compare, fingerprints, group, link_all
from assistant.types import Article, Link

WORDS = [f"word{number}" for number in range(400)]
MONDAY, TUESDAY = date(2017, 7, 10), date(2017, 7, 11)
TEXT = " ".join(WORDS[:100])
HERALD = Article("herald", TEXT, source="Dorvan Herald", published=MONDAY)


def link(one: Article, other: Article) -> Link | None:
    return compare(Report(one), Report(other))


def copy(article_id: str = "copy", text: str = TEXT, source: str = "Teyn Post") -> Article:
    return Article(article_id, text, source=source, published=TUESDAY)


def test_the_same_text_is_an_exact_copy_of_the_earlier() -> None:
    assert link(copy(), HERALD) == Link("copy", "herald", "exact", 1.0)
    assert link(HERALD, copy()) == Link("copy", "herald", "exact", 1.0)
    short = replace(HERALD, text="It fell."), copy(text="It fell.")
    assert link(*short) == Link("copy", "herald", "exact", 1.0)


def test_a_reprint_may_leave_out_and_add() -> None:
    text = " ".join([*WORDS[:60], *WORDS[200:240]])
    assert link(HERALD, copy(text=text)) is None  # 56 runs of 96
    text = " ".join([*WORDS[:65], *WORDS[200:235]])
    assert link(HERALD, copy(text=text)) == Link("copy", "herald", "reprint", round(61 / 96, 4))
    brief = copy(text=" ".join(WORDS[20:50]))
    assert link(HERALD, brief) == Link("copy", "herald", "reprint", 1.0)


def test_two_reports_of_one_outlet_must_share_more() -> None:
    text = " ".join([*WORDS[:65], *WORDS[200:235]])
    assert link(HERALD, copy(text=text, source="Dorvan Herald")) is None
    text = " ".join([*WORDS[:75], *WORDS[200:225]])
    assert link(HERALD, copy(text=text, source="Dorvan Herald")) is not None


def test_a_few_words_must_be_the_very_same() -> None:
    short = replace(HERALD, text="Snow fell in Hollin, and the road was closed for two days.")
    assert link(short, copy(text=f"{short.text} Lorries wait.")) is None
    assert link(short, copy(text=short.text.upper())) == Link("copy", "herald", "reprint", 1.0)
    assert link(replace(HERALD, text=""), copy(text="...")) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{TEXT} {' '.join(WORDS[200:220])}", "update"),  # more is told
        (f"{' '.join(WORDS[:50])} 42 {' '.join(WORDS[51:100])}", "update"),  # a new toll
        (f"Dorvan {TEXT}", "reprint"),  # the same again
        (" ".join(WORDS[:60]), "reprint"),
    ],
)
def test_an_update_is_told_from_a_reprint(text: str, kind: str) -> None:
    later = copy(text=text, source="Dorvan Herald")
    found = link(HERALD, later)
    assert found is not None
    assert (found.article_id, found.kind) == ("copy", kind)
    by_another = link(HERALD, replace(later, source="Teyn Post"))
    carried = link(HERALD, replace(later, publisher="Digest"))
    assert by_another is not None
    assert carried is not None
    unknown = link(replace(HERALD, source=""), replace(later, source=""))
    assert unknown is not None
    assert {by_another.kind, carried.kind, unknown.kind} == {"reprint"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Credited in the text, in the byline, or as what a re-publisher carries: whatever the days.
        (replace(HERALD, published=TUESDAY), replace(copy(text=f"{TEXT} Dorvan Herald"))),
        (HERALD, replace(copy(), author="By Dorvan Herald", published=date(2017, 7, 1))),
        (
            replace(HERALD, published=None),
            replace(copy(), source="dorvan herald", publisher="Digest"),
        ),
        # The earlier day; an undated one is late.
        (HERALD, copy()),
        (replace(copy(), id="z"), replace(HERALD, published=None)),
        # Each credits the other: the day again.
        (
            replace(HERALD, text=f"{TEXT} Teyn Post"),
            copy(text=f"{TEXT} Dorvan Herald"),
        ),
        # The one that is nobody's to carry.
        (replace(copy(), id="z", published=MONDAY), replace(HERALD, publisher="Digest")),
        # Of one outlet and day, the shorter.
        (replace(HERALD, id="z"), replace(HERALD, id="a", text=f"{TEXT} more words of it")),
        # By their ids.
        (HERALD, replace(copy(), id="i", published=MONDAY)),
    ],
)
def test_which_is_the_original(one: Article, other: Article) -> None:
    for found in (link(one, other), link(other, one)):
        assert found is not None
        assert (found.article_id, found.original_id) == (other.id, one.id)


def test_a_name_inside_a_word_is_no_credit() -> None:
    early = replace(HERALD, source="Post", published=TUESDAY)
    late = copy(text=f"{TEXT} Postal", source="Kestrel Wire")
    found = link(early, replace(late, published=MONDAY))
    assert found is not None
    assert found.original_id == "copy"


def test_of_several_originals_an_article_has_the_closest() -> None:
    cut = copy("cut", " ".join(WORDS[:80]))
    both = replace(copy("both", f"{' '.join(WORDS[:85])}"), published=date(2017, 7, 12))
    links = link_all([both, cut, HERALD])
    # Both have all of the shorter one's runs: the earliest is taken.
    assert links == [Link("both", "herald", "reprint", 1.0), Link("cut", "herald", "reprint", 1.0)]
    late = replace(both, text=" ".join([*WORDS[:80], *WORDS[200:220]]))
    assert [found.original_id for found in link_all([late, cut, HERALD])] == ["cut", "herald"]
    told = group([both, cut, HERALD], links)
    assert [[article.id for article in report] for report in told] == [["herald", "cut", "both"]]


def test_outlets_that_credit_each_other_in_a_ring_are_one_report() -> None:
    ring = [Link("a", "b", "reprint", 1.0), Link("b", "c", "reprint", 1.0)]
    ring.append(Link("c", "a", "reprint", 1.0))
    articles = [Article(name, "text") for name in "abcd"]
    (told,) = group(articles, ring)
    assert [article.id for article in told] == ["a", "b", "c"]


@given(st.text(max_size=200))
def test_any_text_has_fingerprints_and_a_link_to_itself(text: str) -> None:
    assert fingerprints(text) == sorted(set(fingerprints(text)))
    found = link(replace(HERALD, text=text), copy(text=text))
    assert found == Link("copy", "herald", "exact", 1.0)


@given(
    st.lists(st.sampled_from(WORDS[:200]), max_size=120),
    st.lists(st.sampled_from(WORDS[200:]), max_size=120),
    st.lists(st.sampled_from(WORDS), min_size=20, max_size=20),
)
def test_twenty_words_on_end_give_a_common_fingerprint(
    one: list[str], other: list[str], shared: list[str]
) -> None:
    found = [fingerprints(" ".join([*words, *shared, *words])) for words in (one, other)]
    assert set(found[0]) & set(found[1])


def test_doctests() -> None:
    assert doctest.testmod(near).failed == 0
