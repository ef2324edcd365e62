"""How well sentences answer a question, and how sure that the evidence answers it at all.

The reader and plain scores behind one seam. Weights were chosen on the development questions of
every set together; `docs/answering.md` and `docs/reader.md` have the tables of what was tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.differing.reprints import Reprints
from assistant.answering.quoting.asked import Asked, Sentence, read_asked, sentences_of
from assistant.answering.quoting.confidence import Signs, confidence
from assistant.answering.quoting.expected import holds_kind
from assistant.answering.quoting.readings import best_reading, read_sentences
from assistant.library import Collection, Embed
from assistant.models.reader import Reader
from assistant.types import Article, Evidence

_COSINE, _KIND, _RANK = 0.7, 0.2, 0.015
_NOT_A_STATEMENT = 0.3
_A_QUESTION = 1.0  # however close it is to the one that was asked
_OF_THE_OTHER = 1.0  # the women's race, for the men's
JUDGED = 24  # sentences that are embedded and read: the others cover too little
_LEAST_READ = 12  # of a long question, of which no one sentence holds much
_CONFIDENCE_PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of the evidence. `index` is its place among the passage's sentences.

    `reading`: how surely it answers, as a logit, by the reader and by what of the question it
    lacks; None where it was not read. `names`: the share of the question's names that stand in it,
    or before or above it.
    """

    evidence: Evidence
    index: int
    text: str
    terms: frozenset[str]
    score: float
    cosine: float
    reading: float | None = None
    names: float = 1.0

    @property
    def article(self) -> Article:
        """The article that the sentence stands in."""
        return self.evidence.article


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sentences by score, best first, and what speaks for an answer."""

    candidates: tuple[Candidate, ...]
    signs: Signs | None  # None where there is no sentence

    @property
    def confidence(self) -> float:
        """The probability, 0 to 1, that the evidence holds an answer."""
        return confidence(self.signs) if self.signs else 0.0


def rank_sentences(
    question: str,
    evidence: Sequence[Evidence],
    collection: Collection,
    embed: Embed,
    own: str = "",
    reader: Reader | None = None,
    most: int = JUDGED,
    reprints: Reprints | None = None,
) -> Ranking:
    """Score every sentence of the evidence against the question.

    A sentence's score is the share of the question's terms (weighted by idf) that it covers,
    with its predecessor and its header at a discount, plus the cosine of question and sentence,
    plus whether it holds the expected kind of answer, less a little for a late rank. Where there
    is a reader, its probability that the sentence answers is added, and whether other reports
    tell the same; the longer the question, the less of it (`shortness`). In a follow-up, what its
    asker said this time (`own`) weighs more than the subject it leans on. The cosine is taken of
    the `most` sentences that cover most, and these are read; of a long question, half as many.
    """
    asked = read_asked(question, own, collection)
    found = sentences_of(evidence)
    if not found:
        return Ranking((), None)
    covered = [asked.coverage(sentence) for sentence in found]
    order = sorted(range(len(found)), key=lambda i: -covered[i])[:most]
    judged = [found[i] for i in order]
    cosines = dict(zip(order, _cosines(asked.forms, judged, embed), strict=True))
    few = round(_LEAST_READ + (most - _LEAST_READ) * asked.shortness)
    few_judged, same = judged[:few], reprints or Reprints()
    read = read_sentences(question, own, asked, few_judged, reader, same) if reader else []
    readings = dict(zip(order[:few], read, strict=True) if read else ())
    candidates = [
        Candidate(
            evidence=sentence.evidence,
            index=sentence.index,
            text=sentence.text,
            terms=sentence.terms,
            score=_score(sentence, asked, covered[i], cosines.get(i, 0.0))
            + (readings[i].score if i in readings else 0.0),
            cosine=cosines.get(i, 0.0),
            reading=readings[i].sure if i in readings else None,
            names=asked.names_in(sentence),
        )
        for i, sentence in enumerate(found)
    ]
    signs = Signs(
        names=asked.names_among(evidence[:_CONFIDENCE_PASSAGES]),
        cosine=max(cosines.values()),
        terms=len(asked.idf),
        # In a follow-up the names are the conversation's: the plain scores know them as well.
        reading=best_reading(few_judged, read) if read and not own else None,
    )
    return Ranking(tuple(sorted(candidates, key=lambda c: -c.score)), signs)


def _cosines(forms: list[str], sentences: list[Sentence], embed: Embed) -> list[float]:
    """For each sentence, its cosine with the closest of the question's forms."""
    vectors = embed([*forms, *(sentence.text for sentence in sentences)])
    asked, found = vectors[: len(forms)], vectors[len(forms) :]
    cosines: list[float] = (found @ asked.T).max(axis=1).tolist()
    return cosines


def _score(sentence: Sentence, asked: Asked, covered: float, cosine: float) -> float:
    score = covered + _COSINE * cosine - _RANK * sentence.evidence.rank
    if holds_kind(sentence.text, asked.kind):
        score += _KIND
    if sentence.is_question:
        score -= _A_QUESTION
    if sentence.is_scrap:
        score -= _NOT_A_STATEMENT
    if asked.told_of_other(sentence):
        score -= _OF_THE_OTHER
    return score
