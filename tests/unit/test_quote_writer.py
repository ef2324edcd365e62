"""The writer without a model: whole sentences, nothing twice, the original, newest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.drafts import Draft, Outcome
from assistant.answering.quoting.quote import QuoteWriter
from assistant.library import ClosedSet
from assistant.models.minilm import MiniLMEmbedding
from assistant.passages import split_passages, split_sentences
from assistant.settings import load_settings
from assistant.types import Article, Evidence

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment")

Write = Callable[..., tuple[list[Draft], Outcome]]


@pytest.fixture
def write(embedder: MiniLMEmbedding) -> Write:
    """Write from some articles, each of their passages in the evidence; sure by default."""

    def run(question: str, *articles: Article, **more: object) -> tuple[list[Draft], Outcome]:
        closed = ClosedSet(articles, embedder.embed)
        passages = [(p, article) for article in articles for p in split_passages(article)]
        evidence = [
            Evidence(passage, article, rank, 1 / rank, "test")
            for rank, (passage, article) in enumerate(passages, start=1)
        ]
        chosen = load_settings(**{"abstain_below": 0.0} | more)
        *drafts, outcome = QuoteWriter(closed, embedder.embed, chosen).write(question, evidence)
        assert isinstance(outcome, Outcome)
        assert all(isinstance(draft, Draft) for draft in drafts)
        return drafts, outcome

    return run


def bodies(drafts: list[Draft]) -> list[str]:
    return [draft.body for draft in drafts]


def report(id_: str, text: str, **more: object) -> Article:
    return Article(id_, text, **{"source": "Harbour Post"} | more)


WEATHER = "Rain fell over the hills. The market was full. Nobody paid for tea."


def test_the_sentence_that_answers_is_quoted_whole(write: Write) -> None:
    text = f"{WEATHER} Rebel units hold the dam of Kesra since May. Bread is dear."
    drafts, outcome = write("Who holds the dam of Kesra?", report("a", text), max_statements=1)
    assert bodies(drafts) == ["Rebel units hold the dam of Kesra since May."]
    ((quote,),) = [draft.quotes for draft in drafts]
    assert quote.text == drafts[0].body
    assert text[quote.start : quote.end] == quote.text
    assert (outcome.abstention_reason, outcome.rejected) == (None, 0)
    assert 0.5 < outcome.confidence <= 1


def test_a_sentence_that_leans_on_the_one_before_brings_it(write: Write) -> None:
    text = f"{WEATHER} Colonel Rami Aziz reached the town at noon. He counted 40 burnt lorries."
    drafts, _ = write("How many burnt lorries were counted?", report("a", text), max_statements=1)
    assert bodies(drafts) == [
        "Colonel Rami Aziz reached the town at noon. He counted 40 burnt lorries."
    ]


def test_a_quote_never_leans_beyond_its_length(write: Write) -> None:
    before = "Colonel Rami Aziz reached " + "the long and dusty road " * 11 + "at noon."
    text = f"{before} He counted 40 burnt lorries."
    drafts, _ = write("How many burnt lorries were counted?", report("a", text), max_statements=1)
    assert bodies(drafts) == ["He counted 40 burnt lorries."]


@pytest.mark.parametrize(
    "doubt",
    [
        "However, these reports were not confirmed.",
        "But the army denied it.",
        "Yet this was denied by the mayor.",
        "However, the claim could not be checked.",
    ],
)
def test_what_takes_a_report_back_stands_in_its_quote(write: Write, doubt: str) -> None:
    text = f"{WEATHER} Rebels were said to have taken the dam of Kesra. {doubt} Bread is dear."
    drafts, _ = write("Who has taken the dam of Kesra?", report("a", text), max_statements=1)
    assert bodies(drafts) == [f"Rebels were said to have taken the dam of Kesra. {doubt}"]


def test_a_contrast_that_takes_nothing_back_stays_out(write: Write) -> None:
    text = "Rebels took the dam of Kesra. But bread is dear in the north this year."
    drafts, _ = write("Who took the dam of Kesra?", report("a", text), max_statements=1)
    assert bodies(drafts) == ["Rebels took the dam of Kesra."]


def test_long_sentences_are_never_quoted(write: Write) -> None:
    long = "Rebels took the dam of Kesra " + "and then one more village " * 12 + "on Friday."
    drafts, outcome = write("Who took the dam of Kesra?", report("a", long))
    assert drafts == []
    assert outcome.abstention_reason == "No whole sentence of the library is short enough to quote."
    short = "The dam of Kesra fell to rebels, two residents said."
    drafts, _ = write("Who took the dam of Kesra?", report("a", f"{long} {short}"))
    assert bodies(drafts) == [short]


def test_the_end_of_a_cut_sentence_is_no_sentence(write: Write) -> None:
    """A sentence longer than a passage is cut; its last words alone would say something else."""
    cut = "The mayor denied " + "each and every word of " * 43 + "rebels taking the dam of Kesra."
    article = report("a", cut)
    *_, rest = split_passages(article)
    assert "Kesra" in rest.text and len(rest.text.split()) < 60
    drafts, _ = write("Who took the dam of Kesra?", article)
    assert drafts == []


def test_the_first_sentence_of_a_later_passage_is_whole(write: Write) -> None:
    filler = "Somebody walked along the river for a while and came back again. " * 17
    article = report("a", f"{filler}Rebels took the dam of Kesra.")
    *_, last = split_passages(article)
    padded = report("a", f"{filler}\n\nRebels took the dam of Kesra.")
    for each in (article, padded):
        drafts, _ = write("Who took the dam of Kesra?", each, max_statements=1)
        assert bodies(drafts) == ["Rebels took the dam of Kesra."], last.start


@pytest.mark.parametrize("reprint_first", [True, False])
def test_of_a_report_and_its_reprint_the_report_is_quoted(
    write: Write, reprint_first: bool
) -> None:
    text = "Rebels took the dam of Kesra, two residents said."
    original = report("original", text, published=date(2021, 3, 4))
    reprint = report("reprint", text, publisher="Digest", published=date(2021, 3, 4))
    articles = (reprint, original) if reprint_first else (original, reprint)
    drafts, _ = write("Who took the dam of Kesra?", *articles)
    assert [draft.quotes[0].article.id for draft in drafts] == ["original"]


def test_a_reprint_that_stands_alone_is_quoted(write: Write) -> None:
    reprint = report("reprint", "Rebels took the dam of Kesra.", publisher="Digest")
    drafts, _ = write("Who took the dam of Kesra?", reprint)
    assert [draft.quotes[0].article.id for draft in drafts] == ["reprint"]


def test_the_same_words_at_a_later_date_are_cited_from_the_first_report(write: Write) -> None:
    text = "Rebels took the dam of Kesra, two residents said."
    late = report("late", text, published=date(2021, 3, 6), source="Other Post")
    early = report("early", text, published=date(2021, 3, 4))
    drafts, _ = write("Who took the dam of Kesra?", late, early)
    assert [draft.quotes[0].article.id for draft in drafts] == ["early"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Doctors at the Kesra hospital counted 12 dead after the raid on the old market.",
            "Doctors at the Kesra hospital counted 19 dead after the raid on the old market.",
        ),
        (
            "Doctors at the Kesra hospital counted nine dead after the raid on the old market.",
            "Doctors at the Kesra hospital counted four dead after the raid on the old market.",
        ),
        (
            "The hospital of Kesra has counted the dead after the raid on the old market.",
            "The hospital of Kesra has not counted the dead after the raid on the old market.",
        ),
    ],
)
def test_reports_that_differ_in_what_counts_are_both_quoted(
    write: Write, one: str, other: str
) -> None:
    drafts, _ = write(
        "How many dead were counted in Kesra after the raid on the old market?",
        report("a", one),
        report("b", other, source="Other Post"),
    )
    assert {*bodies(drafts)} == {one, other}


def test_a_report_in_slightly_other_words_is_no_second_one(write: Write) -> None:
    drafts, _ = write(
        "How many dead were counted in Kesra after the raid on the old market?",
        report("a", "Doctors at the Kesra hospital counted 12 dead after the raid on the market."),
        report("b", "Doctors at Kesra hospital counted 12 dead after a raid on the market."),
    )
    assert len(drafts) == 1


def test_the_newest_report_leads_and_undated_ones_come_last(write: Write) -> None:
    drafts, _ = write(
        "Who holds the dam of Kesra?",
        report("old", "The army holds the dam of Kesra.", published=date(2021, 3, 1)),
        report("none", "A militia holds the dam of Kesra."),
        report("new", "Rebels hold the dam of Kesra.", published=date(2021, 3, 9)),
    )
    assert [draft.quotes[0].article.id for draft in drafts] == ["new", "old", "none"]


HELD = "The army controls the whole dam of Kesra."
OPENED = (
    "Lorries with flour, guarded by the rebels who hold it, crossed the dam of Kesra on Monday."
)


def test_asked_how_things_stand_the_newer_report_leads(write: Write) -> None:
    """Though the older one says it in words that are closer to the question's."""
    old = report("old", HELD, published=date(2021, 3, 1))
    new = report("new", f"{OPENED} Bread is dear.", published=date(2021, 5, 9))
    drafts, _ = write("Who controls the dam of Kesra?", old, new)
    assert bodies(drafts) == [OPENED, HELD]
    drafts, _ = write("Who controls the dam of Kesra?", old, new, max_statements=1)
    assert bodies(drafts) == [OPENED]
    # Of what was, the best sentence is quoted first.
    drafts, _ = write("Who controlled the dam of Kesra?", old, new, max_statements=1)
    assert bodies(drafts) == [HELD]


def test_asked_how_things_stood_the_newest_report_does_not_lead(write: Write) -> None:
    reports = [
        report("may", "Rebel units hold the dam of Kesra.", published=date(2021, 5, 4)),
        report("mill", "The Front holds the mill of Ardun.", published=date(2021, 5, 5)),
        report("june", "The army holds the dam of Kesra.", published=date(2021, 6, 4)),
        report("july", "The army still holds the dam of Kesra.", published=date(2021, 7, 4)),
    ]
    drafts, _ = write("Who held the dam of Kesra before the army?", *reports)
    assert bodies(drafts)[0] == "Rebel units hold the dam of Kesra."
    drafts, _ = write("Who holds the dam of Kesra?", *reports)
    assert bodies(drafts)[0] == "The army still holds the dam of Kesra."
    drafts, _ = write("Who held the dam of Kesra before the army?", *reports[2:])
    assert "The army holds the dam of Kesra." in bodies(drafts)
    # What was only claimed was not held, and what the question names holds nothing.
    claimed = report(
        "claim",
        "The Red Star said that it had captured the dam of Kesra.",
        published=date(2021, 5, 20),
    )
    named = report("kesra", "Kesra held its breath at the dam.", published=date(2021, 5, 21))
    drafts, _ = write("Who held the dam of Kesra before?", claimed, named, *reports)
    assert bodies(drafts)[0] == "Rebel units hold the dam of Kesra."


def test_what_would_be_is_not_how_things_stand(write: Write) -> None:
    would = "With the dam of Kesra open, the way to the mills would be short."
    stands = "The dam of Kesra was opened to lorries on Thursday."
    old = report("old", would, published=date(2021, 3, 1))
    new = report("new", stands, published=date(2021, 2, 1))
    drafts, _ = write("Is the dam of Kesra open?", old, new)
    assert bodies(drafts)[0] == stands
    drafts, _ = write("Is the dam of Kesra open?", old)
    assert bodies(drafts) == [would]  # there is nothing else
    said = "The mayor said that the dam of Kesra would open in May."
    drafts, _ = write("Is the dam of Kesra open?", report("b", said, published=date(2021, 3, 1)))
    assert bodies(drafts) == [said]


@pytest.mark.parametrize(
    "told",
    [
        "Lorries are expected to cross the dam of Kesra, guarded by rebels who hold it, on Monday.",
        f"The mayor denied that {OPENED.lower().replace('kesra', 'Kesra')}",
        "Bread is dear in the north.",
    ],
)
def test_what_is_newer_and_tells_no_state_does_not_lead(write: Write, told: str) -> None:
    old = report("old", HELD, published=date(2021, 3, 1))
    new = report("new", told, published=date(2021, 5, 9))
    drafts, _ = write("Who controls the dam of Kesra?", old, new, max_statements=1)
    assert bodies(drafts) == [HELD]


def test_no_more_statements_than_wanted(write: Write) -> None:
    articles = [report(name, f"The {name} hold the dam of Kesra.") for name in ("A", "B", "C", "D")]
    assert len(write("Who holds the dam of Kesra?", *articles)[0]) == 3
    assert len(write("Who holds the dam of Kesra?", *articles, max_statements=2)[0]) == 2


def test_questions_and_scraps_do_not_beat_statements(write: Write) -> None:
    text = "Who holds the dam of Kesra? Kesra dam. The dam is held by rebel units from Kesra."
    drafts, _ = write("Who holds the dam of Kesra?", report("a", text), max_statements=1)
    assert bodies(drafts) == ["The dam is held by rebel units from Kesra."]


def test_abstention_names_what_is_missing(write: Write) -> None:
    drafts, outcome = write(
        "When did Odran Villiers leave the Kesra dam?",
        report("a", WEATHER),
        abstain_below=0.45,
    )
    assert drafts == []
    assert outcome.abstention_reason == (
        "The library does not hold the answer: no passage that comes near mentions "
        "Odran Villiers or Kesra."
    )
    assert outcome.confidence < 0.45


def test_abstention_without_names_says_so(write: Write) -> None:
    drafts, outcome = write("what is served at noon?", report("a", WEATHER), abstain_below=0.99)
    assert drafts == []
    assert outcome.abstention_reason == (
        "The library does not hold the answer: no passage that comes near is sure enough."
    )


def test_no_evidence_is_no_answer(write: Write) -> None:
    drafts, outcome = write("Who holds the dam of Kesra?")
    assert drafts == []
    assert outcome.abstention_reason is not None
    assert "no passage that comes near" in outcome.abstention_reason


SENTENCES = st.lists(
    st.sampled_from(
        [
            "Rebels took the dam of Kesra.",
            "He said that it fell on Friday.",
            "However, this was not confirmed.",
            "Kesra, “the dam”, fell — again…",
            "The dam of Kesra " + "is held by rebels and " * 20 + "is quiet.",
            "Who took the dam?",
            "12 died.",
        ]
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(SENTENCES, min_size=1, max_size=3), st.sampled_from([" ", "\n\n"]))
def test_quotes_are_whole_sentences_of_at_most_sixty_words(
    embedder: MiniLMEmbedding, texts: list[list[str]], gap: str
) -> None:
    articles = [report(f"a{i}", gap.join(sentences)) for i, sentences in enumerate(texts)]
    closed = ClosedSet(articles, embedder.embed)
    evidence = [
        Evidence(passage, article, 1, 1.0, "test")
        for article in articles
        for passage in split_passages(article)
    ]
    writer = QuoteWriter(closed, embedder.embed, load_settings(abstain_below=0.0))
    *drafts, _ = writer.write("Who took the dam of Kesra?", evidence)
    assert len(drafts) <= 3
    for draft in drafts:
        assert isinstance(draft, Draft)
        (quote,) = draft.quotes
        assert draft.body == quote.text == quote.article.text[quote.start : quote.end]
        assert len(quote.text.split()) <= 60
        starts, ends = zip(*split_sentences(quote.article.text), strict=True)
        assert quote.start in starts and quote.end in ends
