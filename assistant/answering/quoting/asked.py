"""A question's terms, and where in a sentence of the evidence they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answering.quoting.contrast import tells_of_other
from assistant.answering.quoting.expected import expected_kind
from assistant.library import Collection, analyze
from assistant.retrieval import length_of, spellings
from assistant.spelling import is_article
from assistant.types import Evidence

# Where a term of the question stands, and what that is worth.
_IN_SENTENCE, _IN_PREVIOUS, _IN_HEADER = 1.0, 0.6, 0.5
_SUBJECT = 0.5  # weight of a term that a follow-up takes over, beside one of its own
_FEWEST_WORDS = 5  # of a sentence that states something
_BROKEN_OFF = re.compile(r"(?:\.\.\.|…)\W*$")
_NAME_OR_NUMBER = re.compile(r"(?<!^)(?<![.?!:] )\b(?:[A-Z][\w’'-]*|\d[\d,.]*)")
_ARTICLE = re.compile(r"\b(?P<article>[A-Za-z]{1,3})[-‐‑](?P<name>[^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the evidence; `index` is its place among the passage's sentences.

    `terms`, `previous` and `header`: those of the sentence, the one before, its passage's header.
    """

    evidence: Evidence
    index: int
    text: str
    previous_text: str
    terms: frozenset[str]
    previous: frozenset[str]
    header: frozenset[str]

    @property
    def is_question(self) -> bool:
        """Whether it asks."""
        return self.text.rstrip("”\"'’) ").endswith("?")

    @property
    def is_scrap(self) -> bool:
        """Whether it is a few words of a headline, or was broken off."""
        return len(self.text.split()) < _FEWEST_WORDS or bool(_BROKEN_OFF.search(self.text))

    def place_weight(self, spelt: frozenset[str]) -> float:
        """What it is worth where one of these terms stands; 0 for nowhere."""
        if spelt & self.terms:
            return _IN_SENTENCE
        if spelt & self.previous:
            return _IN_PREVIOUS
        return _IN_HEADER if spelt & self.header else 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: its terms with their idf and weights, and the spellings that the library has.

    `forms` are what sentences may be close to: the question, and the subject that it leans on.
    `names` are the terms of its names and numbers, `kind` what kind of answer it expects, `said`
    what its asker said this time.
    """

    forms: list[str]
    idf: dict[str, float]
    weights: dict[str, float]
    spellings: dict[str, frozenset[str]]
    names: tuple[str, ...]
    kind: str
    said: str

    @property
    def shortness(self) -> float:
        """1 for a question of a few terms, 0 for a long one, which asks for several sentences."""
        return 1.0 - length_of(len(self.idf))

    def coverage(self, sentence: Sentence) -> float:
        """The share of the terms that a sentence covers, by weight and by place."""
        total = sum(self.weights.values())
        covered = sum(
            weight * sentence.place_weight(self.spellings[term])
            for term, weight in self.weights.items()
        )
        return covered / total if total else 0.0

    def names_in(self, sentence: Sentence) -> float:
        """The share of the names, by idf, that stand in a sentence or before or above it."""
        return self._share(t for t in self.names if sentence.place_weight(self.spellings[t]))

    def told_of_other(self, sentence: Sentence) -> bool:
        """Whether a sentence tells of the other one of two things that the question tells apart."""
        return tells_of_other(self.said, sentence.text)

    def names_among(self, evidence: Sequence[Evidence]) -> float:
        """The share of the names, by idf, that stand somewhere in some passages."""
        there = {t for e in evidence for t in analyze(f"{e.passage.header} {e.passage.text}")}
        return self._share(t for t in self.names if self.spellings[t] & there)

    def _share(self, held: Iterable[str]) -> float:
        """Of the names, by idf; 1 where there are none."""
        total = sum(self.idf[term] for term in self.names)
        return sum(self.idf[term] for term in held) / total if total else 1.0


def read_asked(question: str, own: str, collection: Collection) -> Asked:
    """A question as sentences are held against it; `own` is what a follow-up's asker said."""
    # "Ar-Rusafah" is one name: its article is no term that a sentence could lack.
    terms = list(dict.fromkeys(analyze(without_articles(question))))
    idf = collection.idf(terms)
    said = set(analyze(own)) if own else set(terms)
    subject = question.removeprefix(own).lstrip(": ") if own else ""
    return Asked(
        forms=[question, subject] if subject else [question],
        idf={t: idf[t] for t in terms},
        weights={t: idf[t] * (1.0 if t in said else _SUBJECT) for t in terms},
        spellings={t: frozenset([t, *o]) for t, o in spellings(collection, terms).items()},
        names=tuple(t for t in dict.fromkeys(_name_terms(question)) if t in idf),
        kind=expected_kind(own or question),
        said=own or question,
    )


def without_articles(question: str, text: str = "") -> str:
    """The question without the Arabic articles of its names, but for names that a text has so.

    >>> without_articles("Who holds Ar-Rusafah and al-Bab?", "The road to al-Bab is shut.")
    'Who holds Rusafah and al-Bab?'
    """

    def bare(written: re.Match[str]) -> str:
        is_one = is_article(written["article"].lower(), written["name"].lower())
        return written["name"] if is_one and written[0].lower() not in text.lower() else written[0]

    return _ARTICLE.sub(bare, question)


def sentences_of(evidence: Sequence[Evidence]) -> list[Sentence]:
    """Every sentence of the evidence, in order."""
    found: list[Sentence] = []
    for item in evidence:
        header = frozenset(analyze(item.passage.header))
        before, previous = "", frozenset[str]()
        for index, (start, end) in enumerate(item.passage.sentences):
            text = item.article.text[start:end]
            terms = frozenset(analyze(text))
            found.append(Sentence(item, index, text, before, terms, previous, header))
            before, previous = text, terms
    return found


def _name_terms(question: str) -> list[str]:
    if question.isupper():
        return []  # capitals tell nothing
    return [t for match in _NAME_OR_NUMBER.finditer(question) for t in analyze(match.group())]
