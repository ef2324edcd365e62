"""How well sentences answer a question, and how sure that the evidence answers it at all.

Plain scores behind one seam. Weights were chosen on the development questions of every set
together; `docs/answering.md` has the table of what was tried.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.answering.expected import expected_kind, holds_kind
from assistant.library import Collection, Embed, analyze
from assistant.retrieval import expand
from assistant.types import Article, Evidence

# Where a term of the question stands, and what that is worth.
_IN_SENTENCE, _IN_PREVIOUS, _IN_HEADER = 1.0, 0.6, 0.5
_COSINE, _KIND, _RANK = 0.7, 0.2, 0.015
_NOT_A_STATEMENT = 0.3  # a question, or a few words of a headline
_FEWEST_WORDS = 5
_EMBEDDED = 24  # sentences whose cosine is taken: the others cover too little

# Confidence: a logistic regression over three features of the evidence. Fitted with each
# development set, and in each the two classes, weighing the same.
_CONFIDENCE_PASSAGES = 5
_W_NAMES, _W_COSINE, _W_LENGTH, _BIAS = 3.68, 2.84, 1.39, -5.12
_SHORT, _LONG = 8, 28  # terms: a long question is never close to one sentence

_NAME_OR_NUMBER = re.compile(r"(?<!^)(?<![.?!:] )\b(?:[A-Z][\w’'-]*|\d[\d,.]*)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of the evidence. `index` is its place among the passage's sentences."""

    evidence: Evidence
    index: int
    text: str
    terms: frozenset[str]
    score: float
    cosine: float

    @property
    def article(self) -> Article:
        """The article that the sentence stands in."""
        return self.evidence.article


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sentences by score, best first; the confidence in 0..1; names nowhere in the evidence."""

    candidates: tuple[Candidate, ...]
    confidence: float
    missing_names: tuple[str, ...]


def rank_sentences(
    question: str, evidence: Sequence[Evidence], collection: Collection, embed: Embed
) -> Ranking:
    """Score every sentence of the evidence against the question.

    A sentence's score is the share of the question's terms (weighted by idf) that it covers,
    with its predecessor and its header at a discount, plus the cosine of question and sentence,
    plus whether it holds the expected kind of answer, less a little for a late rank.
    """
    terms = list(dict.fromkeys(analyze(question)))
    spellings = {term: frozenset(expand(collection, [term])) for term in terms}
    idf = collection.idf(terms)
    total = sum(idf.values()) or 1.0
    found = _sentences(evidence)
    covered = [
        sum(idf[t] * _place_weight(spellings[t] | {t}, sentence) for t in terms) / total
        for sentence in found
    ]
    order = sorted(range(len(found)), key=lambda i: -covered[i])[:_EMBEDDED]
    cosines = dict(
        zip(order, _cosines(question, [found[i].text for i in order], embed), strict=True)
    )
    kind = expected_kind(question)
    candidates = [
        Candidate(
            evidence=sentence.evidence,
            index=sentence.index,
            text=sentence.text,
            terms=sentence.terms,
            score=covered[i] + _extras(sentence, cosines.get(i, 0.0), kind),
            cosine=cosines.get(i, 0.0),
        )
        for i, sentence in enumerate(found)
    ]
    candidates.sort(key=lambda c: -c.score)
    held = _held(evidence[:_CONFIDENCE_PASSAGES])
    covers = {t for t in terms if (spellings[t] | {t}) & held}
    names = _names(question, idf)
    named = [term for term in dict.fromkeys(t for _, ts in names for t in ts)]
    confidence = _confidence(
        names_covered=_share(named, covers, idf),
        best_cosine=max(cosines.values(), default=0.0),
        length=len(terms),
    )
    missing = tuple(name for name, parts in names if not covers & set(parts))
    return Ranking(tuple(candidates), confidence if candidates else 0.0, missing)


@dataclass(frozen=True, slots=True)
class _Sentence:
    evidence: Evidence
    index: int
    text: str
    terms: frozenset[str]
    previous: frozenset[str]
    header: frozenset[str]


def _sentences(evidence: Sequence[Evidence]) -> list[_Sentence]:
    found: list[_Sentence] = []
    for item in evidence:
        header = frozenset(analyze(item.passage.header))
        previous: frozenset[str] = frozenset()
        for index, (start, end) in enumerate(item.passage.sentences):
            text = item.article.text[start:end]
            terms = frozenset(analyze(text))
            found.append(_Sentence(item, index, text, terms, previous, header))
            previous = terms
    return found


def _place_weight(spellings: frozenset[str], sentence: _Sentence) -> float:
    if spellings & sentence.terms:
        return _IN_SENTENCE
    if spellings & sentence.previous:
        return _IN_PREVIOUS
    return _IN_HEADER if spellings & sentence.header else 0.0


def _cosines(question: str, sentences: list[str], embed: Embed) -> list[float]:
    if not sentences:
        return []
    vectors = embed([question, *sentences])
    cosines: list[float] = (vectors[1:] @ np.asarray(vectors[0])).tolist()
    return cosines


def _extras(sentence: _Sentence, cosine: float, kind: str) -> float:
    score = _COSINE * cosine - _RANK * sentence.evidence.rank
    if holds_kind(sentence.text, kind):
        score += _KIND
    if sentence.text.rstrip("”\"'’) ").endswith("?"):
        score -= _NOT_A_STATEMENT
    if len(sentence.text.split()) < _FEWEST_WORDS:
        score -= _NOT_A_STATEMENT
    return score


def _held(evidence: Sequence[Evidence]) -> set[str]:
    """Every term of some passages and their headers."""
    return {t for e in evidence for t in analyze(f"{e.passage.header} {e.passage.text}")}


def _names(question: str, idf: dict[str, float]) -> list[tuple[str, list[str]]]:
    """The names and numbers of a question, each with its terms."""
    found = [(m.group(), analyze(m.group())) for m in _NAME_OR_NUMBER.finditer(question)]
    return [(name, [t for t in terms if t in idf]) for name, terms in found if terms]


def _share(terms: Sequence[str], covered: set[str], idf: dict[str, float]) -> float:
    """The share of terms that are covered, weighted by idf; 1 where there are none."""
    total = sum(idf[t] for t in terms)
    return sum(idf[t] for t in terms if t in covered) / total if total else 1.0


def _confidence(*, names_covered: float, best_cosine: float, length: int) -> float:
    long = min(max((length - _SHORT) / (_LONG - _SHORT), 0.0), 1.0)
    z = _W_NAMES * names_covered + _W_COSINE * best_cosine + _W_LENGTH * long + _BIAS
    return 1 / (1 + math.exp(-z))
