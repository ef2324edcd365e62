"""Why a question is not answered, where that can be told: one sentence for the one who asked.

Both writers share what a library lacks as a whole: an outlet that a question leans on, or the days
that it asks after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.checking.names import KnownWords, Name, find_names
from assistant.answering.dating.dategrammar import MONTHS, WEEKDAYS
from assistant.answering.dating.datewords import Mention, find_mentions
from assistant.answering.drafts import NOTHING_NEAR
from assistant.retrieval import read_outlets
from assistant.types import Article, Evidence

NOT_SURE = "The library does not hold the answer: no passage that comes near is sure enough."

_MOST_NAMED = 3
_PREPOSITION = re.compile(r"^(?:in|on|at|by|during|throughout|since|until|of)\s+", re.I)
_DATE_WORDS = frozenset(word.casefold() for word in (*MONTHS, *WEEKDAYS))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a collection has reports of: its outlets, and its first and last day.

    Where it has no outlets, or no dated article, none are said to be missing.
    """

    outlets: tuple[str, ...] = ()
    days: tuple[date, date] | None = None

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Holdings:
        """What some articles hold."""
        listed = list(articles)
        names = {name for a in listed for name in (a.source, a.publisher) if name}
        days = [a.published for a in listed if a.published]
        return cls(tuple(sorted(names)), (min(days), max(days)) if days else None)

    def lacks(self, question: str, evidence: Sequence[Evidence]) -> str | None:
        """What keeps the collection from answering at all, as a sentence; None: nothing known.

        An outlet that it has no article of, or days after its last report. A passage that quotes
        that outlet ("told Reuters"), or tells of those days beforehand, lets it be heard.
        """
        unheard = self._unheard(question, evidence)
        if unheard:
            return _no_article(unheard)
        asked = find_mentions(question, None)
        later = self.days is not None and all(m.event.start > self.days[1] for m in asked)
        if later and not any(_tells_of(asked, item) for item in evidence):
            return self.undated(question)
        return None

    def undated(self, question: str) -> str | None:
        """That the library has no report of any day that a question names, if that is so."""
        asked = find_mentions(question, None)
        if self.days is None or not asked:
            return None
        first, last = self.days
        if any(m.event.start <= last and m.event.end >= first for m in asked):
            return None
        words = [_PREPOSITION.sub("", m.event.words) for m in asked]
        return (
            f"The library does not hold the answer: its reports run from {_written(first)} to "
            f"{_written(last)}, and none is from {_listed(words)}."
        )

    def no_article(self, question: str) -> str | None:
        """That the library has no article of the outlets that a question leans on, if it lacks any.

        Where another's report quotes one of them, that may well have answered; but it did not.
        """
        _, missing = read_outlets(question, self.outlets)
        return _no_article(missing) if missing else None

    def _unheard(self, question: str, evidence: Sequence[Evidence]) -> list[str]:
        _, missing = read_outlets(question, self.outlets)
        texts = [_text(item) for item in evidence]
        return [
            name
            for name in missing
            if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in texts)
        ]


def why_not(question: str, evidence: Sequence[Evidence], held: Holdings) -> str:
    """Why the evidence gives no answer, as one sentence.

    Most telling first: an outlet or days that the library lacks, then a name that none of the
    evidence has in any spelling.
    """
    if not evidence:
        return NOTHING_NEAR
    lacking = held.lacks(question, evidence) or held.undated(question) or held.no_article(question)
    if lacking:
        return lacking
    names = _missing_names(question, evidence)
    if names:
        return (
            "The library does not hold the answer: no passage that comes near mentions "
            f"{_listed(names)}."
        )
    return NOT_SURE


def _missing_names(question: str, evidence: Sequence[Evidence]) -> list[str]:
    """The names of a question that no passage has: words that follow each other are one name."""
    if question.isupper():
        return []  # capitals tell nothing
    known = KnownWords([_text(item) for item in evidence])
    dates = find_mentions(question, None)
    joined: list[str] = []
    end = -1
    for name in find_names(question):
        if _is_date(name, dates) or known.hold(name.word):
            continue
        word = re.sub(r"['’]s?$", "", name.word)
        if word in joined:
            continue
        if joined and not question[end : name.start].strip():
            joined[-1] += f" {word}"
        elif len(joined) == _MOST_NAMED:
            break  # each look-up goes through all the names of the evidence
        else:
            joined.append(word)
        end = name.end
    return joined


def _is_date(name: Name, dates: Sequence[Mention]) -> bool:
    within = any(m.start <= name.start < m.end for m in dates)
    return within or name.word.casefold() in _DATE_WORDS


def _tells_of(asked: Sequence[Mention], item: Evidence) -> bool:
    told = find_mentions(item.passage.text, item.article.published)
    return any(
        one.event.start <= other.event.end and other.event.start <= one.event.end
        for one in asked
        for other in told
    )


def _text(item: Evidence) -> str:
    return f"{item.passage.header}\n{item.passage.text}"


def _no_article(outlets: Sequence[str]) -> str:
    return f"The library does not hold the answer: it has no article of {_listed(outlets)}."


def _listed(names: Sequence[str]) -> str:
    """Names as a list of which none will do.

    >>> _listed(["Reuters"]), _listed(["Reuters", "TASS", "AFP"])
    ('Reuters', 'Reuters, TASS or AFP')
    """
    *before, last = names
    return f"{', '.join(before)} or {last}" if before else last


def _written(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
