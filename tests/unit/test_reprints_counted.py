"""The articles of one report count as one source where an answer is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.answering.differing.reprints import Reprints
from assistant.answering.quoting.choice import Choice, originals
from assistant.answering.quoting.relevance import Candidate, rank_sentences
from assistant.library import ClosedSet
from assistant.models.minilm import MiniLMEmbedding
from assistant.models.reader import Reader
from assistant.passages import split_passages
from assistant.types import Article, Evidence

STORY = (
    "The harbour ferry ran on to a sandbank below Teyn on Sunday night. Its 40 passengers were "
    "taken off in fishing boats before the tide turned. The harbour master, Odel Marrin, said that "
    "the buoys had been moved by the storm of the week before."
)
FIRST = Article("first", STORY, source="Kestrel Wire", published=date(2017, 7, 10))
AGAIN = replace(FIRST, id="again", source="Post", published=date(2017, 7, 9))
"""Earlier by its day, but it names the wire."""
AGAIN = replace(AGAIN, text=STORY.replace("The harbour master,", "(Kestrel Wire) Captain"))
OTHER = Article("other", "Odel Marrin spoke to the council on Monday.", source="Herald")


def evidence_of(*articles: Article) -> list[Evidence]:
    return [
        Evidence(passage, article, rank, 1.0, "rrf")
        for rank, article in enumerate(articles, start=1)
        for passage in split_passages(article)
    ]


class Sure(Reader):
    """Takes every sentence for an answer."""

    def answers(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return np.full(len(sentences), 5.0, dtype=np.float32)


def score_of_marrin(embedder: MiniLMEmbedding, *articles: Article) -> float:
    """How good the first article's sentence about the harbour master is thought to be."""
    closed = ClosedSet(articles, embedder.embed)
    reprints = Reprints(closed.reports([article.id for article in articles]))
    ranking = rank_sentences(
        "Who spoke of the buoys?",
        evidence_of(*articles),
        closed,
        embedder.embed,
        reader=Sure(1),
        reprints=reprints,
    )
    return next(
        c.score for c in ranking.candidates if c.article.id == "first" and "Marrin" in c.text
    )


def test_a_copy_in_other_words_does_not_corroborate(embedder: MiniLMEmbedding) -> None:
    unlike = replace(AGAIN, text=f"{AGAIN.text.split('. ')[-1]} {' '.join(map(str, range(99)))}")
    by_copy = score_of_marrin(embedder, FIRST, AGAIN)
    by_another = score_of_marrin(embedder, FIRST, unlike)
    assert by_another > by_copy + 0.05


def candidate(article: Article, place: int, score: float) -> Candidate:
    (item,) = evidence_of(article)
    start, end = item.passage.sentences[place]
    text = article.text[start:end]
    return Candidate(
        evidence=item,
        index=place,
        text=text,
        terms=frozenset(text.split()),
        score=score,
        cosine=score,
        reading=None,
        names=0,
    )


def test_of_the_same_words_the_originals_are_quoted() -> None:
    reprints = Reprints.among([FIRST, AGAIN])
    told = [candidate(AGAIN, 1, 0.9), candidate(FIRST, 1, 0.8)]
    (kept,) = originals(told, reprints)
    assert (kept.article.id, kept.score) == ("first", 0.9)
    (kept,) = originals(told, Reprints())
    assert kept.article.id == "again"  # by its day


def test_a_second_sentence_of_a_copy_must_be_as_good_as_one_of_the_same_article() -> None:
    first, second = candidate(FIRST, 0, 1.0), candidate(AGAIN, 1, 0.8)
    for reprints, quoted in ((Reprints.among([FIRST, AGAIN]), 1), (Reprints(), 2)):
        choice = Choice(3, 60, reprints=reprints)
        choice.fill([first, second])
        assert len(choice.quotes) == quoted
