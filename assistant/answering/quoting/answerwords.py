"""Which words of a quote answer the question: those that the reader misses most.

Each phrase that could be an answer is taken out of the sentence in turn, and the sentence is read
again without it: where the answer is gone, the reader's logit falls furthest (erasure: Li, Monroe
and Jurafsky, 2016, https://arxiv.org/abs/1612.08220). The reader was trained on just such twins,
sentences with and without their answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.dating.datewords import find_mentions
from assistant.answering.figures import read_figures
from assistant.answering.quoting.expected import expected_kind, holds_kind, without_dates
from assistant.library import analyze
from assistant.models.reader import Reader

Span = tuple[int, int]
_WORD = re.compile(r"[$€£]?\w+(?:[-.,’'/]\w+)*%?")
_MOST = 10  # phrases that are tried
_LONGEST = 7  # words of a phrase
# For each kind of answer: what stands in the place of a phrase that is taken out, and how far the
# logit has to fall. Phrases that answer "where", "what" and "why" are not told well
# enough to be marked: docs/answering.md has the figures.
_KINDS = {"number": ("some", None), "date": ("once", None), "person": ("someone", 0.7)}
_INSIDE_NAMES = frozenset(("of", "the", "de", "and", "al", "el", "ez", "bin", "van", "von"))


def answer_words(question: str, sentence: str, context: str, reader: Reader) -> Span | None:
    """The span of `sentence` that answers, or None where no phrase is told to.

    Only for questions that ask for a number, a date or a person. Reads the sentence once
    for each phrase that is tried, ten at most, and once whole.
    """
    kind = expected_kind(question)
    if kind not in _KINDS:
        return None
    found = list(_phrases(question, sentence, kind))[:_MOST]
    if not found:
        return None
    vague, least = _KINDS[kind]
    texts = [sentence, *(f"{sentence[:start]}{vague}{sentence[end:]}" for start, end in found)]
    whole, *without = reader.answers(question, [(text, context) for text in texts]).tolist()
    fall, span = max((whole - logit, span) for logit, span in zip(without, found, strict=True))
    return span if least is None or fall >= least else None


def _phrases(question: str, sentence: str, kind: str) -> Iterator[Span]:
    """Phrases of the kind asked for, without the question's own words."""
    if kind == "number":
        asked = {figure.value for figure in read_figures(question)}
        figures = read_figures(sentence)
        yield from ((f.start, f.end) for f in figures if not f.ordinal and f.value not in asked)
        return
    if kind == "date":
        dates = [(m.start, m.end) for m in find_mentions(sentence, None)]
        if dates:
            yield from dates
            return
    for start, end in _runs(question, sentence):
        # The capital of a month is nobody's.
        phrase = sentence[start:end] if kind == "date" else without_dates(sentence[start:end])
        if holds_kind(f" {phrase}", kind):
            yield start, end


def _runs(question: str, sentence: str) -> Iterator[Span]:
    """Runs of words that carry meaning and that the question does not hold."""
    asked = set(analyze(question))
    words = list(_WORD.finditer(sentence))
    run: list[re.Match[str]] = []
    for at, word in enumerate(words):
        terms = analyze(word.group())
        new = bool(terms) and not asked.intersection(terms)
        joins = (
            bool(run)
            and word.group().lower() in _INSIDE_NAMES
            and run[-1].group()[0].isupper()
            and at + 1 < len(words)
            and words[at + 1].group()[0].isupper()
        )
        apart = bool(run) and not re.fullmatch(
            r"[\s.’'\"-]*", sentence[run[-1].end() : word.start()]
        )
        if run and (apart or len(run) == _LONGEST or not (new or joins)):
            yield run[0].start(), run[-1].end()
            run = []
        if new or (joins and run):
            run.append(word)
    if run:
        yield run[0].start(), run[-1].end()
