"""Which sentences are quoted: the best, each thing once, and every side of a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answering.differing.reprints import Reprints
from assistant.answering.drafts import Quote
from assistant.answering.quoting.expected import NUMBER_WORDS
from assistant.answering.quoting.neighbours import quote_of
from assistant.answering.quoting.relevance import Candidate
from assistant.types import Article

# A sentence that is this much worse than the best is not quoted beside it. One of another report
# may be further off: it is another voice.
_MARGIN, _MARGIN_SAME_ARTICLE = 0.25, 0.15
# Two sentences that share this much of their terms say the same: a reprint is no second source.
_SAME = 0.8
# ... unless they differ in a number or a denial.
_DECIDES = re.compile(
    rf"\d[\d.,]*|\b(?:{NUMBER_WORDS}|not|no|none|never|nobody|without|den\w+)\b|n[’']t\b", re.I
)


@dataclass(slots=True)
class Choice:
    """The quotes of one answer, as they are chosen.

    `most` quotes of `max_words` at most. `spread`: how many times as far as usual the scores lie
    apart. `question` is what its asker said.
    """

    most: int
    max_words: int
    spread: float = 1.0
    question: str = ""
    reprints: Reprints = field(default_factory=Reprints)
    quotes: list[Quote] = field(default_factory=list)
    _used: list[Candidate] = field(default_factory=list)

    def add(self, candidate: Candidate) -> bool:
        """Quote a sentence, if there is room, it can be quoted, and it says something new."""
        if len(self.quotes) == self.most or any(_repeats(candidate, o) for o in self._used):
            return False
        quote = quote_of(candidate, self.max_words, self.question)
        if quote is None or any(_overlap(quote, other) for other in self.quotes):
            return False
        self.quotes.append(quote)
        self._used.append(candidate)
        return True

    def add_first(self, candidates: Iterable[Candidate]) -> None:
        """Quote the first of some sentences that can be quoted."""
        any(self.add(candidate) for candidate in candidates)

    def fill(self, candidates: Sequence[Candidate]) -> None:
        """Quote what is not much worse than the best of some sentences, which stand best first."""
        best = candidates[0].score if candidates else 0.0
        for candidate in candidates:
            behind = (best - candidate.score) / self.spread
            if len(self.quotes) == self.most or behind > _MARGIN:
                break
            report = self.reprints.origin(candidate.article.id)
            heard = any(report == self.reprints.origin(o.article.id) for o in self._used)
            if not heard or behind <= _MARGIN_SAME_ARTICLE:
                self.add(candidate)


def originals(candidates: Sequence[Candidate], reprints: Reprints) -> list[Candidate]:
    """One candidate for each wording, the original's where a reprint has the same words."""
    by_words: dict[tuple[str, ...], Candidate] = {}
    for candidate in candidates:
        other = by_words.setdefault(_words(candidate.text), candidate)
        if _copied(candidate.article, reprints) < _copied(other.article, reprints):
            # At its first place in the ranking, with the score that earned it.
            by_words[_words(candidate.text)] = replace(candidate, score=other.score)
    return list(by_words.values())


def _copied(article: Article, reprints: Reprints) -> tuple[bool, bool, date]:
    """Sorts an original before its reprints, and an early report before a late one."""
    copied = reprints.origin(article.id) != article.id
    carried = bool(article.publisher) and article.publisher.casefold() != article.source.casefold()
    return copied, carried, article.published or date.max


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Whether both say the same; a figure or a denial that only one has is another report."""
    shared, every = len(one.terms & other.terms), len(one.terms | other.terms)
    return every > 0 and shared / every >= _SAME and _turns(one.text) == _turns(other.text)


def _turns(text: str) -> set[str]:
    """The words of a sentence on which everything can turn."""
    return {word.casefold() for word in _DECIDES.findall(text)}


def _overlap(one: Quote, other: Quote) -> bool:
    same = (one.article.id, one.article.revision) == (other.article.id, other.article.revision)
    return same and one.start < other.end and other.start < one.end
