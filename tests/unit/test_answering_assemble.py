"""Drafts become numbered statements; disagreements stand side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.assemble import Assembler, build_disagreements
from assistant.answering.differing.timeline import build_timeline
from assistant.answering.drafts import Draft, Quote
from assistant.types import Article, Part
from tests.unit.markers import markers_of

FRIDAY = date(2017, 6, 23)
TEXT = (
    "On Thursday, reports of a truce in Salma appeared. However, these reports were not confirmed. "
    "The army took 14 villages, Colonel Rami Haddad said. It will hold them."
)


def article(text: str = TEXT, **metadata: Any) -> Article:
    return Article(
        **({"id": "a", "text": text, "source": "Orontes", "published": FRIDAY} | metadata)
    )


def quoted(source: Article, words: str) -> Quote:
    start = source.text.index(words)
    return Quote(source, f"{source.id}@p", start, start + len(words))


def verbatim(source: Article, words: str) -> Draft:
    return Draft(words, (quoted(source, words),))


def test_a_verbatim_statement_carries_when_who_and_how_sure() -> None:
    part = Assembler().add(
        verbatim(article(), "On Thursday, reports of a truce in Salma appeared.")
    )
    assert isinstance(part, Part)
    statement = part.statement
    assert statement.text == (
        "Unconfirmed, reported 23 June 2017 by Orontes: “On Thursday, reports of a truce in Salma "
        "appeared.” (“On Thursday”: 22 June 2017) [1]"
    )
    assert statement.reported_on == FRIDAY
    assert statement.event is not None and statement.event.start == date(2017, 6, 22)
    assert statement.status == "unconfirmed"
    (citation,) = part.citations
    assert (citation.marker, citation.article_id, citation.passage_id) == (1, "a", "a@p")


def test_status_of_a_quote_of_several_sentences_is_its_least_sure() -> None:
    both = TEXT[: TEXT.index("The army")].strip()
    part = Assembler().add(verbatim(article(), both))
    assert isinstance(part, Part) and part.statement.status == "unconfirmed"


def test_event_and_status_are_of_the_sentence_that_holds_the_marked_answer() -> None:
    text = "The Union won 64 seats on Sunday. Its leader is to be sworn in on 3 July."
    source = article(text)
    start = text.index("Its leader")
    core = (start, len(text))
    for answer, status, day in (
        ((14, 16), "reported", date(2017, 6, 18)),
        ((text.index("3 July"), len(text) - 1), "expected", date(2017, 7, 3)),
        (None, "expected", date(2017, 7, 3)),
    ):
        quote = Quote(source, "p", 0, len(text), answer=answer, core=core)
        part = Assembler().add(Draft(text, (quote,)))
        assert isinstance(part, Part) and part.statement.event is not None
        assert (part.statement.status, part.statement.event.start) == (status, day)


def test_attribution_is_taken_from_the_sentence_that_carries_the_claim() -> None:
    source = article()
    whole = Quote(source, "p", 0, len(TEXT))
    part = Assembler().add(Draft("The army took fourteen villages.", (whole,)))
    assert isinstance(part, Part)
    assert part.statement.attributed_to == "Colonel Rami Haddad"
    assert part.statement.status == "reported"
    assert part.statement.text == (
        "Reported 23 June 2017 by Orontes, citing Colonel Rami Haddad: "
        "The army took fourteen villages. (22 June 2017) [1]"
    )


def test_what_the_quote_does_not_carry_is_dropped_with_its_words() -> None:
    assembler = Assembler()
    quote = quoted(article(), "The army took 14 villages, Colonel Rami Haddad said.")
    assert assembler.add(Draft("The army took 15 villages.", (quote,))) == ["15"]
    assert assembler.add(Draft("The army took 14 villages.", ())) != []
    assert assembler.add(Draft("  ", (quote,))) != []
    empty = Quote(article(), "p", 5, 5)
    assert assembler.add(Draft("The army took 14 villages.", (empty,))) != []
    assert (assembler.statements, assembler.citations) == ([], [])


def test_a_quote_used_again_keeps_its_marker() -> None:
    source, other = article(), article(id="b", published=date(2017, 6, 24))
    assembler = Assembler()
    first = assembler.add(verbatim(source, "It will hold them."))
    second = assembler.add(
        Draft(
            "The army took 14 villages.",
            (
                quoted(other, "The army took 14 villages, Colonel Rami Haddad said."),
                quoted(source, "It will hold them."),
            ),
        )
    )
    assert isinstance(first, Part) and isinstance(second, Part)
    assert second.statement.markers == (2, 1)
    assert second.statement.text.endswith("[2][1]")
    assert [c.marker for c in second.citations] == [2]
    assert assembler.text() == f"{first.statement.text}\n{second.statement.text}"


def test_relative_dates_resolve_by_the_report_they_stand_in() -> None:
    first = article("The bridge of Salma is long.", id="b")
    second = article("On Thursday the town of Salma fell.", id="c", published=date(2017, 6, 30))
    quotes = (quoted(first, first.text), quoted(second, second.text))
    right, wrong = "Salma fell on 29 June 2017.", "Salma fell on 22 June 2017."
    assert isinstance(Assembler().add(Draft(right, quotes)), Part)
    assert Assembler().add(Draft(wrong, quotes)) == ["on 22 June 2017"]


def test_timeline_is_newest_first_and_leaves_undated_reports_out() -> None:
    assembler = Assembler()
    for number, day in enumerate([date(2017, 6, 1), None, date(2017, 6, 9), date(2017, 6, 1)]):
        assembler.add(verbatim(article(id=str(number), published=day), "It will hold them."))
    entries = build_timeline(assembler.citations, state=False)
    assert [(entry.reported_on.day, entry.markers) for entry in entries] == [(9, (3,)), (1, (1, 4))]


@given(
    st.lists(
        st.tuples(
            st.text(min_size=1, max_size=40),
            st.integers(0, 40),
            st.integers(0, 40),
            st.none() | st.dates(),
        ),
        max_size=6,
    )
)
def test_every_citation_slices_back_and_every_marker_resolves(
    drafts: list[tuple[str, int, int, date | None]],
) -> None:
    assembler = Assembler()
    texts = {}
    for number, (text, start, end, day) in enumerate(drafts):
        source = article(text, id=str(number), published=day)
        texts[source.id, source.revision] = text
        quote = Quote(source, "p", start, end)
        added = assembler.add(Draft(quote.text, (quote, quote)))
        if quote.text.strip():
            assert isinstance(added, Part)
    markers = {citation.marker for citation in assembler.citations}
    assert markers == set(range(1, len(markers) + 1))
    for citation in assembler.citations:
        text = texts[citation.article_id, citation.revision]
        assert text[citation.start : citation.end] == citation.quote
    for statement in assembler.statements:
        assert statement.markers and set(statement.markers) <= markers
        assert markers_of(statement.text) == statement.markers


# Disagreements

QUESTION = "How many people were killed in the market blast at Belkorra?"


def sides(question: str, *reports: Article) -> list[tuple[str, tuple[int, ...]]]:
    assembler = Assembler()
    for report in reports:
        assembler.add(verbatim(report, report.text))
    found = build_disagreements(question, assembler.statements, assembler.citations)
    return [(side.value, side.markers) for one in found for side in one.sides]


def report(number: int, source: str, text: str, **metadata: Any) -> Article:
    return article(text, id=str(number), source=source, **metadata)


NINE = report(1, "Kestrel", "The blast in Belkorra killed at least nine people.")
TWELVE = report(2, "Teyn Valley", "In Belkorra 12 people were killed, police said.")


def test_two_outlets_with_different_tolls_stand_side_by_side() -> None:
    assert sides(QUESTION, NINE, TWELVE) == [("at least nine", (1,)), ("12", (2,))]


def test_what_it_is_about() -> None:
    assembler = Assembler()
    for one in (NINE, TWELVE):
        assembler.add(verbatim(one, one.text))
    (found,) = build_disagreements(QUESTION, assembler.statements, assembler.citations)
    assert found.about == "number of people killed"


def test_three_reports_two_values() -> None:
    third = report(3, "Herald", "The toll in Belkorra is 12 people, the hospital said.")
    assert sides(QUESTION, NINE, TWELVE, third) == [("at least nine", (1,)), ("12", (2, 3))]


def test_a_toll_that_is_told_after_its_noun() -> None:
    risen = report(3, "Herald", "The number of people killed in Belkorra has risen to 27.")
    toll = report(4, "Teyn Valley", "The death toll in Belkorra stands at 31, killed or missing.")
    assert sides(QUESTION, NINE, risen, toll) == [
        ("at least nine", (1,)),
        ("27", (2,)),
        ("31", (3,)),
    ]
    question = "How many tanks were found at Salma?"
    four = report(5, "Basalt", "The tanks found in Salma numbered four.")
    nine = report(6, "Orontes", "Soldiers found nine tanks in Salma.")
    assert sides(question, four, nine) == [("four", (1,)), ("nine", (2,))]


def test_no_disagreement_where_unsure() -> None:
    same_outlet = report(3, "kestrel", "In Belkorra 12 people were killed, police said.")
    reprint = report(4, "Digest", NINE.text)
    elsewhere = report(5, "Herald", "In Dorvan 20 people were killed.")
    other_deed = report(6, "Herald", "In Belkorra 20 people were wounded.")
    other_thing = report(7, "Herald", "In Belkorra 20 shops burned and people were killed.")
    two_values = report(8, "Herald", "In Belkorra 20 people, later 30 people were killed.")
    other_day = report(9, "Herald", "On 2 May 20 people were killed in Belkorra.")
    on_thursday = report(10, "Orontes", "On Thursday nine people were killed in Belkorra.")
    assert sides(QUESTION, NINE, same_outlet) == []
    assert sides(QUESTION, NINE, reprint) == []
    assert sides(QUESTION, NINE, elsewhere) == []
    assert sides(QUESTION, NINE, other_deed) == []
    assert sides(QUESTION, NINE, other_thing) == []
    assert sides(QUESTION, NINE, two_values) == []
    assert sides(QUESTION, on_thursday, other_day) == []
    assert sides("Who was killed at Belkorra?", NINE, TWELVE) == []


def test_a_clause_brings_its_whole_sentence() -> None:
    """What stands before a clause may deny it, so it is never shown alone, quoted or not."""
    for whole, clause in (
        ("It is not true that Farouk resigned.", "Farouk resigned."),
        ("Officials doubt that ISIS lost the Resafa road.", "ISIS lost the Resafa road."),
        ("The army hopes the SAA controls the road.", "The SAA controls the road."),
    ):
        source = article(f"{whole} Rain fell.")
        part = Assembler().add(Draft(clause, (quoted(source, whole),)))
        assert isinstance(part, Part)
        assert part.statement.body == whole
        assert f"“{whole}”" in part.statement.text


def test_a_claim_of_a_thousand_characters_is_dropped_unread() -> None:
    source = article()
    added = Assembler().add(Draft("May 4 " * 3000, (Quote(source, "p", 0, len(TEXT)),)))
    assert added == ["a claim too long to be one sentence"]
