"""How well sentences answer a question, and how sure that the evidence answers it at all.

The reader and plain scores behind one seam. Weights were chosen on the development questions of
every set together; `docs/answering.md` and `docs/reader.md` have the tables of what was tried.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.quoting.confidence import Signs, confidence
from assistant.answering.quoting.corroboration import corroborate
from assistant.answering.quoting.expected import expected_kind, holds_answer, holds_kind
from assistant.library import Collection, Embed, analyze
from assistant.models.reader import Reader, context_of
from assistant.retrieval import length_of, spellings
from assistant.types import Article, Evidence

# Where a term of the question stands, and what that is worth.
_IN_SENTENCE, _IN_PREVIOUS, _IN_HEADER = 1.0, 0.6, 0.5
_COSINE, _KIND, _RANK = 0.7, 0.2, 0.015
_READING, _CORROBORATION = 1.0, 0.3
_SUBJECT = 0.5  # weight of a term that a follow-up takes over, beside one of its own
_NOT_A_STATEMENT = 0.3  # a few words of a headline, or a sentence that was broken off
_A_QUESTION = 1.0  # however close it is to the one that was asked
_FEWEST_WORDS = 5
_JUDGED = 24  # sentences that are embedded and read: the others cover too little

_CONFIDENCE_PASSAGES = 5
# What the reader's logit is worth less in a sentence where the question's names do not stand, and
# in one without the number or date asked for. The reader overlooks a name that was exchanged.
_LACKING = 2.0

_WORD = re.compile(r"\w+")
_BROKEN_OFF = re.compile(r"(?:\.\.\.|…)\W*$")
_NAME_OR_NUMBER = re.compile(r"(?<!^)(?<![.?!:] )\b(?:[A-Z][\w’'-]*|\d[\d,.]*)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One sentence of the evidence. `index` is its place among the passage's sentences.

    `reading`: how surely it answers, as a logit, by the reader and by what of the question it
    lacks; None where it was not read.
    """

    evidence: Evidence
    index: int
    text: str
    terms: frozenset[str]
    score: float
    cosine: float
    reading: float | None = None

    @property
    def article(self) -> Article:
        """The article that the sentence stands in."""
        return self.evidence.article


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sentences by score, best first; names nowhere in the evidence; what speaks for an answer."""

    candidates: tuple[Candidate, ...]
    missing_names: tuple[str, ...]
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
) -> Ranking:
    """Score every sentence of the evidence against the question.

    A sentence's score is the share of the question's terms (weighted by idf) that it covers,
    with its predecessor and its header at a discount, plus the cosine of question and sentence,
    plus whether it holds the expected kind of answer, less a little for a late rank. Where there
    is a reader, its probability that the sentence answers is added, and whether other articles
    tell the same; the longer the question, the less of it (`shortness`). In a follow-up, what its
    asker said this time (`own`) weighs more than the subject it leans on.
    """
    asked = _read(question, own, collection)
    found = _sentences(evidence)
    covered = [asked.coverage(sentence) for sentence in found]
    order = sorted(range(len(found)), key=lambda i: -covered[i])[:_JUDGED]
    judged = [found[i] for i in order]
    cosines = dict(zip(order, _cosines(asked.forms, judged, embed), strict=True))
    names = _names(question, asked.idf)
    logits = _logits(question, own, asked, judged, reader) if reader else []
    readings = dict(zip(order, _readings(question, judged, logits), strict=True) if logits else ())
    sure = dict(zip(order, _sure(asked, names, judged, logits), strict=True) if logits else ())
    candidates = [
        Candidate(
            evidence=sentence.evidence,
            index=sentence.index,
            text=sentence.text,
            terms=sentence.terms,
            score=_score(sentence, asked.kind, covered[i], cosines.get(i, 0.0))
            + asked.shortness * readings.get(i, 0.0),
            cosine=cosines.get(i, 0.0),
            reading=sure.get(i),
        )
        for i, sentence in enumerate(found)
    ]
    candidates.sort(key=lambda c: -c.score)
    if not candidates:
        return Ranking((), (), None)
    held = asked.held(evidence[:_CONFIDENCE_PASSAGES])
    signs = Signs(
        names=_share(dict.fromkeys(t for _, ts in names for t in ts), held, asked.idf),
        cosine=max(cosines.values()),
        terms=len(asked.idf),
        # In a follow-up the names are the conversation's: the plain scores know them as well.
        reading=None if own else _best_reading(candidates),
    )
    missing = tuple(name for name, parts in names if not held & set(parts))
    return Ranking(tuple(candidates), missing, signs)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's terms: their idf, their weights, and the spellings that the library has.

    `forms` are what sentences may be close to: the question, and the subject that it leans on.
    """

    forms: list[str]
    idf: dict[str, float]
    weights: dict[str, float]
    spellings: dict[str, frozenset[str]]
    kind: str

    @property
    def shortness(self) -> float:
        """1 for a question of a few terms, 0 for a long one, which asks for several sentences."""
        return 1.0 - length_of(len(self.idf))

    def coverage(self, sentence: _Sentence) -> float:
        """The share of the terms that a sentence covers, by weight and by place."""
        total = sum(self.weights.values())
        covered = sum(
            weight * _place_weight(self.spellings[term], sentence)
            for term, weight in self.weights.items()
        )
        return covered / total if total else 0.0

    def held(self, evidence: Sequence[Evidence]) -> set[str]:
        """The terms that stand somewhere in some passages or their headers."""
        there = {t for e in evidence for t in analyze(f"{e.passage.header} {e.passage.text}")}
        return {term for term, spellings in self.spellings.items() if spellings & there}


def _read(question: str, own: str, collection: Collection) -> _Asked:
    terms = list(dict.fromkeys(analyze(question)))
    idf = collection.idf(terms)
    said = set(analyze(own)) if own else set(terms)
    subject = question.removeprefix(own).lstrip(": ") if own else ""
    return _Asked(
        forms=[question, subject] if subject else [question],
        idf={t: idf[t] for t in terms},
        weights={t: idf[t] * (1.0 if t in said else _SUBJECT) for t in terms},
        spellings={t: frozenset([t, *o]) for t, o in spellings(collection, terms).items()},
        kind=expected_kind(own or question),
    )


@dataclass(frozen=True, slots=True)
class _Sentence:
    evidence: Evidence
    index: int
    text: str
    previous_text: str
    terms: frozenset[str]
    previous: frozenset[str]
    header: frozenset[str]


def _sentences(evidence: Sequence[Evidence]) -> list[_Sentence]:
    found: list[_Sentence] = []
    for item in evidence:
        header = frozenset(analyze(item.passage.header))
        before, previous = "", frozenset[str]()
        for index, (start, end) in enumerate(item.passage.sentences):
            text = item.article.text[start:end]
            terms = frozenset(analyze(text))
            found.append(_Sentence(item, index, text, before, terms, previous, header))
            before, previous = text, terms
    return found


def _place_weight(spellings: frozenset[str], sentence: _Sentence) -> float:
    if spellings & sentence.terms:
        return _IN_SENTENCE
    if spellings & sentence.previous:
        return _IN_PREVIOUS
    return _IN_HEADER if spellings & sentence.header else 0.0


def _cosines(forms: list[str], sentences: list[_Sentence], embed: Embed) -> list[float]:
    """For each sentence, its cosine with the closest of the question's forms."""
    if not sentences:
        return []
    vectors = embed([*forms, *(sentence.text for sentence in sentences)])
    asked, found = vectors[: len(forms)], vectors[len(forms) :]
    cosines: list[float] = (found @ asked.T).max(axis=1).tolist()
    return cosines


def _logits(
    question: str, own: str, asked: _Asked, sentences: list[_Sentence], reader: Reader
) -> list[float]:
    """For each sentence, the reader's logit that it answers the question."""
    pairs = []
    for sentence in sentences:
        article = sentence.evidence.article
        context = context_of(article.title, article.published, sentence.previous_text)
        pairs.append((sentence.text, context))
    # A follow-up with its subject in front is no question that the reader has seen the like of:
    # what its asker said is read by itself too.
    forms = [question, own] if own else [question]
    read = [reader.answers(_respelled(form, asked, sentences), pairs).tolist() for form in forms]
    return [max(of_one) for of_one in zip(*read, strict=True)]


def _respelled(question: str, asked: _Asked, sentences: list[_Sentence]) -> str:
    """The question with names as these sentences spell them: the reader knows no spellings."""
    held = frozenset().union(*(s.terms for s in sentences))
    other = {t: spellings - {t} for t, spellings in asked.spellings.items() if t not in held}
    wanted = frozenset().union(*other.values())
    written: dict[str, str] = {}
    if wanted:
        words = (word for s in sentences if s.terms & wanted for word in _WORD.findall(s.text))
        for word in words:
            for term in analyze(word):
                written.setdefault(term, word)

    def spell(match: re.Match[str]) -> str:
        known = (t for term in analyze(match.group()) for t in sorted(other.get(term, ())))
        return next((written[t] for t in known if t in written), match.group())

    return _WORD.sub(spell, question) if written else question


def _readings(question: str, sentences: list[_Sentence], logits: list[float]) -> list[float]:
    """For each sentence that was read, what the reader adds to its score."""
    sure = [_probability(logit) for logit in logits]
    told = [
        (sentence.evidence.article.id, sentence.text, probability)
        for sentence, probability in zip(sentences, sure, strict=True)
    ]
    return [
        _READING * probability + _CORROBORATION * elsewhere
        for probability, elsewhere in zip(sure, corroborate(question, told), strict=True)
    ]


def _score(sentence: _Sentence, kind: str, covered: float, cosine: float) -> float:
    score = covered + _COSINE * cosine - _RANK * sentence.evidence.rank
    if holds_kind(sentence.text, kind):
        score += _KIND
    if _is_question(sentence.text):
        score -= _A_QUESTION
    if _is_scrap(sentence.text):
        score -= _NOT_A_STATEMENT
    return score


def _is_question(text: str) -> bool:
    return text.rstrip("”\"'’) ").endswith("?")


def _is_scrap(text: str) -> bool:
    return len(text.split()) < _FEWEST_WORDS or bool(_BROKEN_OFF.search(text))


def _sure(
    asked: _Asked,
    names: Sequence[tuple[str, list[str]]],
    sentences: Sequence[_Sentence],
    logits: Sequence[float],
) -> list[float]:
    """For each sentence that was read, the reader's logit less what the sentence lacks.

    That is the share, by idf, of the question's names that stand neither in it nor in the sentence
    before nor in its header, and the number or date asked for. The longer a question, the less of
    it one sentence has to hold.
    """
    terms = list(dict.fromkeys(term for _, parts in names for term in parts))

    def lacks(sentence: _Sentence) -> float:
        held = {t for t in terms if _place_weight(asked.spellings[t], sentence)}
        told = holds_answer(sentence.text, asked.kind, asked.forms[0])
        return 1 - _share(terms, held, asked.idf) + (not told)

    return [
        logit - _LACKING * asked.shortness * lacks(sentence)
        for sentence, logit in zip(sentences, logits, strict=True)
    ]


def _best_reading(candidates: Sequence[Candidate]) -> float | None:
    """The best reading of a sentence that states something, where there is one."""
    read = [(c.text, c.reading) for c in candidates if c.reading is not None]
    stated = [x for text, x in read if not _is_question(text) and not _is_scrap(text)]
    return max(stated or (x for _, x in read), default=None)


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > -500 else 0.0


def _names(question: str, idf: dict[str, float]) -> list[tuple[str, list[str]]]:
    """The names and numbers of a question, each with its terms."""
    if question.isupper():
        return []  # capitals tell nothing
    found = [(m.group(), analyze(m.group())) for m in _NAME_OR_NUMBER.finditer(question)]
    return [(name, [t for t in terms if t in idf]) for name, terms in found if terms]


def _share(terms: Iterable[str], covered: set[str], idf: dict[str, float]) -> float:
    """The share of terms that are covered, weighted by idf; 1 where there are none."""
    weights = {term: idf[term] for term in terms}
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in covered) / total if total else 1.0
