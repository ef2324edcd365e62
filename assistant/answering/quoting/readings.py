"""What the reader makes of sentences: how surely each answers, and whether others tell the same."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.differing.reprints import Reprints
from assistant.answering.quoting.asked import Asked, Sentence, without_articles
from assistant.answering.quoting.corroboration import corroborate
from assistant.answering.quoting.expected import holds_answer, without_present
from assistant.library import analyze
from assistant.models.reader import Reader, context_of

_PROBABILITY, _CORROBORATION = 1.0, 0.3
# What the reader's logit is worth less in a sentence where the question's names do not stand, and
# in one without the number or date asked for. The reader overlooks a name that was exchanged.
_LACKING = 2.0
_OF_THE_OTHER = 2.0  # times that, where a sentence tells of the women's race for the men's
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader adds to a sentence's score, and how surely the sentence answers, a logit."""

    score: float
    sure: float


def read_sentences(
    question: str,
    own: str,
    asked: Asked,
    sentences: Sequence[Sentence],
    reader: Reader,
    reprints: Reprints,
) -> list[Reading]:
    """One reading a sentence. The longer a question, the less of it one sentence has to answer."""
    logits = _logits(question, own, asked, sentences, reader)
    probabilities = [_probability(logit) for logit in logits]
    told = [
        (reprints.origin(sentence.evidence.article.id), sentence.text, probability)
        for sentence, probability in zip(sentences, probabilities, strict=True)
    ]
    return [
        Reading(
            asked.shortness * (_PROBABILITY * probability + _CORROBORATION * elsewhere),
            logit - _LACKING * asked.shortness * _lacks(question, asked, sentence),
        )
        for sentence, logit, probability, elsewhere in zip(
            sentences, logits, probabilities, corroborate(question, told), strict=True
        )
    ]


def best_reading(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> float | None:
    """How surely the best sentence that states something answers; of any, where none does."""
    both = list(zip(sentences, readings, strict=True))
    stated = [reading.sure for s, reading in both if not s.is_question and not s.is_scrap]
    return max(stated or [reading.sure for _, reading in both], default=None)


def _lacks(question: str, asked: Asked, sentence: Sentence) -> float:
    """What a sentence lacks of an answer: names, the number or date, the very thing asked for."""
    lacks = 1 - asked.names_in(sentence) + (not holds_answer(sentence.text, asked.kind, question))
    return lacks + _OF_THE_OTHER * asked.told_of_other(sentence)


def _logits(
    question: str, own: str, asked: Asked, sentences: Sequence[Sentence], reader: Reader
) -> list[float]:
    """For each sentence, the reader's logit that it answers the question."""
    pairs = []
    for sentence in sentences:
        article = sentence.evidence.article
        context = context_of(article.title, article.published, sentence.previous_text)
        pairs.append((sentence.text, context))
    # A follow-up with its subject in front is no question that the reader has seen the like of:
    # what its asker said is read by itself too.
    said = [question, own] if own else [question]
    # The reader takes "today" for something that a sentence has to say, which few do.
    forms = list(dict.fromkeys([*said, *map(without_present, said)]))
    asks: dict[str, list[int]] = {}
    for place, sentence in enumerate(sentences):
        for form in forms:
            asks.setdefault(_respelled(form, asked, sentence), []).append(place)
    logits = [-math.inf] * len(sentences)
    for form, places in asks.items():
        read = reader.answers(form, [pairs[place] for place in places]).tolist()
        for place, logit in zip(places, read, strict=True):
            logits[place] = max(logits[place], logit)
    return logits


def _respelled(question: str, asked: Asked, sentence: Sentence) -> str:
    """The question with names as the sentence spells them: the reader knows no spellings."""
    question = without_articles(question, sentence.text)
    other = {
        term: here
        for term, spelt in asked.spellings.items()
        if term not in sentence.terms and (here := spelt & sentence.terms)
    }
    if not other:
        return question
    wanted = frozenset().union(*other.values())
    written: dict[str, str] = {}
    for word in _WORD.findall(sentence.text):
        for term in wanted.intersection(analyze(word)):
            written.setdefault(term, word)

    def spell(match: re.Match[str]) -> str:
        known = (t for term in analyze(match.group()) for t in sorted(other.get(term, ())))
        return next((written[t] for t in known if t in written), match.group())

    return _WORD.sub(spell, question)


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > -500 else 0.0
