"""What each source tells of the one thing a question asks for: a number, a holder, a culprit.

Conservative: only where a sentence is on the question's topic (the asked noun, the asked deed, the
names), and each voice once. A later figure of the same outlet is an update of its first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from assistant.answering.checking.verbs import SKIPPED
from assistant.answering.differing.asking import Asked, words_of
from assistant.answering.differing.counted import Value, asked_numbers, number_in, parts_in
from assistant.answering.differing.holders import find_actor
from assistant.answering.differing.reprints import Reprints
from assistant.answering.differing.topic import LEAD, day_told, in_time, on_topic
from assistant.answering.framing.attribution import attributed_to
from assistant.answering.framing.speakers import speaker_of
from assistant.answering.framing.status import status_of
from assistant.passages import count_words, split_sentences
from assistant.types import Citation, Event, Evidence

_CONTEXT = 120  # characters before a quote that may say what its number counts
_LONGEST = 60  # words of a sentence that may stand as a quote


@dataclass(frozen=True, slots=True)
class Telling:
    """One sentence that gives a value, and whose word it is.

    `citation` has marker 0 where no statement cites it yet. `also`: every number that the report
    gives for the thing, but for those of another speaker. `superseded`: the same outlet has since
    told it anew.
    """

    value: Value
    citation: Citation
    outlet: str
    speaker: str | None
    event: Event | None
    also: frozenset[Decimal] = frozenset()
    superseded: bool = False

    def agrees(self, other: Telling) -> bool:
        """Whether both values can be true, or one report gives the other's value as well."""
        if self.value.agrees(other.value):
            return True
        if self.citation.article_id == other.citation.article_id:
            return False
        return self.value.number in other.also or other.value.number in self.also


def find_tellings(
    asked: Asked,
    citations: Sequence[Citation],
    evidence: Sequence[Evidence],
    reprints: Reprints | None = None,
) -> list[Telling]:
    """What the citations give, then what other sentences of the evidence give besides.

    Each voice (an outlet, or a speaker inside one article) is heard once; the same words are one
    voice, whoever carries them, and so are reprints. Evidence is listened to only where a citation
    gives a value, or else the report that it is of.
    """
    texts = {(e.passage.article_id, e.passage.revision): e.article.text for e in evidence}
    heard: list[Telling] = []
    for strict in (True, False):
        if heard:
            break  # what names a part of what is asked is heard only where nothing names all
        for citation in citations:
            text = texts.get((citation.article_id, citation.revision), "")
            heard += _tellings([citation], asked, text, heard, reprints, strict=strict)
    cited = {citation.article_id for citation in citations}
    by_article: dict[str, list[Evidence]] = {}
    for item in sorted(evidence, key=lambda item: item.article.id not in cited):
        if in_time(asked, item):
            by_article.setdefault(item.article.id, []).append(item)
    for article_id, items in by_article.items():
        if not heard and article_id not in cited:
            return []
        sentences = sorted(
            (sentence for item in items for sentence in _sentences(item)),
            key=lambda sentence: -_promise(sentence, asked),
        )
        text = items[0].article.text
        heard += _tellings(sentences, asked, text, heard, reprints, strict=True)
    return _updated(heard)


def _promise(sentence: Citation, asked: Asked) -> int:
    """How much a sentence shares with the question; the beginning of a report counts as a word."""
    shared = (words_of(sentence.quote) & asked.words) - SKIPPED
    return len(shared) + (sentence.start < LEAD)


def _tellings(
    citations: Iterable[Citation],
    asked: Asked,
    text: str,
    heard: Sequence[Telling],
    reprints: Reprints | None,
    *,
    strict: bool,
) -> Iterator[Telling]:
    known = list(heard)
    for citation in citations:
        telling = _telling(citation, asked, text, strict=strict)
        if telling is None or any(_same_voice(telling, other, reprints) for other in known):
            continue
        known.append(telling)
        yield telling


def _telling(citation: Citation, asked: Asked, text: str, *, strict: bool) -> Telling | None:
    before = text[max(0, citation.start - _CONTEXT) : citation.start]
    value = _value(citation.quote, asked, before)  # looked for first: it is cheap
    if value is None or not on_topic(asked, citation, text, strict=strict):
        return None
    if value.number in parts_in(text, asked):
        return None
    outlet = (citation.source or citation.publisher or citation.article_id).casefold()
    speaker = speaker_of(text, citation.start, citation.end) if text else None
    event = day_told(citation.quote, citation.published)
    own = _told_by(citation.quote, speaker, citation.quote.casefold().find(value.words.casefold()))
    return Telling(value, citation, outlet, speaker, event, _also(text, asked, own))


def _also(text: str, asked: Asked, speaker: str | None) -> frozenset[Decimal]:
    """Every number that a report gives for the thing; of a speaker, not those of another one."""
    if not asked.thing:
        return frozenset()
    told = _numbers_of(text, asked)
    return frozenset(
        number for number, by in told if speaker is None or by is None or by == speaker
    )


@lru_cache(maxsize=64)
def _numbers_of(text: str, asked: Asked) -> tuple[tuple[Decimal, str | None], ...]:
    """The numbers that a report gives for the thing, with their speakers."""
    found = []
    for start, end in split_sentences(text):
        sentence = text[start:end]
        for figure in asked_numbers(sentence, asked):
            speaker = _told_by(sentence, attributed_to(sentence), figure.start)
            found.append((figure.value, speaker))
    return tuple(found)


def _told_by(sentence: str, speaker: str | None, number_at: int) -> str | None:
    """The speaker, where the number stands behind the name: only then it is surely theirs."""
    return speaker if speaker is not None and 0 <= sentence.find(speaker) < number_at else None


def _value(quote: str, asked: Asked, before: str = "") -> Value | None:
    if asked.relation is not None:
        if status_of(quote) in ("expected", "denied", "unconfirmed"):
            return None
        actor = find_actor(quote, asked.relation, asked.words)
        return Value(actor.words, actor=actor) if actor else None
    return number_in(quote, asked, before)


def _same_voice(one: Telling, other: Telling, reprints: Reprints | None) -> bool:
    """Whether both are one source's word: the same words, or one report without two speakers."""
    mine, theirs = one.citation, other.citation
    if _plain(mine.quote) == _plain(theirs.quote):
        # In one article the second time is no new word; in two it is a reprint.
        return mine.marker == 0 or mine.article_id == theirs.article_id
    ids = {mine.article_id, theirs.article_id}
    if reprints is not None:
        ids = {reprints.origin(article_id) for article_id in ids}
    if len(ids) > 1:
        return False
    return one.speaker is None or other.speaker is None or one.speaker == other.speaker


def _updated(tellings: Sequence[Telling]) -> list[Telling]:
    """The same, with what an outlet has since put right marked; of two speakers, neither does."""
    return [replace(one, superseded=_is_superseded(one, tellings)) for one in tellings]


def _is_superseded(one: Telling, tellings: Sequence[Telling]) -> bool:
    return not one.citation.marker and any(
        other.outlet == one.outlet
        and (one.speaker is None or one.speaker == other.speaker)
        and other.citation.article_id != one.citation.article_id
        and (other.citation.published or date.min) > (one.citation.published or date.min)
        for other in tellings
    )


def _sentences(evidence: Evidence) -> Iterator[Citation]:
    """The sentences of a passage that are short enough to quote, as citations without a marker."""
    article, passage = evidence.article, evidence.passage
    for start, end in passage.sentences:
        quote = article.text[start:end]
        if quote.strip() and count_words(quote) <= _LONGEST:
            yield Citation(
                marker=0,
                article_id=article.id,
                revision=passage.revision,
                passage_id=passage.id,
                title=article.title,
                source=article.source,
                publisher=article.publisher,
                published=article.published,
                url=article.url,
                quote=quote,
                start=start,
                end=end,
            )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
