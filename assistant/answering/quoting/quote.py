"""The writer that needs no model: it quotes the whole sentences that answer the question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.answering.differing.asking import Asked, asked_thing, words_of
from assistant.answering.differing.counted import number_in
from assistant.answering.differing.holders import find_actor
from assistant.answering.differing.reprints import Reprints
from assistant.answering.differing.timeline import asks_earlier, asks_state
from assistant.answering.drafts import Draft, Outcome, Quote
from assistant.answering.framing.status import SAYING, status_of
from assistant.answering.quoting.answerwords import answer_words
from assistant.answering.quoting.choice import Choice, originals
from assistant.answering.quoting.confidence import Signs, confidence
from assistant.answering.quoting.earlier import earlier_holders
from assistant.answering.quoting.expected import without_present
from assistant.answering.quoting.relevance import Candidate, rank_sentences
from assistant.answering.quoting.sides import sides_of
from assistant.answering.refusal import Holdings, why_not
from assistant.models.reader import context_of
from assistant.types import Evidence, WriterName

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.library import Collection, Embed
    from assistant.models.reader import Reader
    from assistant.settings import Settings

# As sure as an answer is at most where the library lacks what was asked for: the outlet, the days.
_LACKING = 0.1
_SIDE_JUDGED = 12  # sentences of a side whose cosine is taken
_SPREAD_BY_READER = 2.0  # scores lie further apart where a reader adds to them
# How much worse a newer report's sentence may be, where it is asked how things stand and neither a
# number nor a party is asked for, or nothing reads it.
_STATE_MARGIN = 0.4
# "With the road open, the drive would take two hours"; what somebody said would be is expected.
_WOULD = re.compile(r"\bwould\b|['’]d\b")
_BEFORE_WHOM = re.compile(r"\b(?:before|prior\s+to)\b[^:?]*", re.IGNORECASE)
_SAYING = re.compile(rf"\b{SAYING}\b")


class QuoteWriter:
    """Quotes up to `settings.max_statements` sentences verbatim, or abstains.

    `held`: a question that asks for an outlet or days that the collection lacks is told so.
    """

    name: WriterName = "quote"
    model = ""
    prompt_id = ""

    def __init__(
        self,
        collection: Collection,
        embed: Embed,
        settings: Settings,
        reader: Reader | None = None,
        held: Holdings | None = None,
    ) -> None:
        self._collection, self._embed, self._settings = collection, embed, settings
        self._reader = reader
        self._held = held or Holdings()
        self._spread = _SPREAD_BY_READER if reader else 1.0

    def write(
        self, question: str, evidence: Sequence[Evidence], own: str = ""
    ) -> Iterator[Draft | Outcome]:
        """Yield one draft a quote, the newest report first; then the outcome."""
        embed = _remembering(self._embed)
        reprints = Reprints(self._collection.reports([item.article.id for item in evidence]))
        ranking = rank_sentences(
            question, evidence, self._collection, embed, own, self._reader, reprints=reprints
        )
        lacking = self._held.lacks(question, evidence)
        sure = min(ranking.confidence, _LACKING) if lacking else ranking.confidence
        rounded = round(sure, 4)
        if rounded < self._settings.abstain_below or not ranking.candidates:
            yield Outcome(rounded, why_not(question, evidence, self._held))
            return
        choice = Choice(
            self._settings.max_statements,
            self._settings.max_quote_words,
            self._spread,
            own or question,
            reprints,
        )
        for side in () if own else sides_of(question, self._held.outlets):
            found = side.evidence(evidence)
            told = rank_sentences(
                side.text, found, self._collection, embed, most=_SIDE_JUDGED
            ).candidates
            choice.add_first(originals(told, reprints))
        best = originals(ranking.candidates, reprints)
        earlier = asks_earlier(own or question)
        if earlier:
            choice.add_first(_earlier(question, best))
        elif asks_state(question):
            best = self._as_it_is(question, best, ranking.signs)
            choice.add_first(self._newer(without_present(question), best, ranking.signs))
        choice.fill(best)
        if not choice.quotes:
            yield Outcome(rounded, "No whole sentence of the library is short enough to quote.")
            return
        # A follow-up is about what was cited before, which a newer report on another matter is not.
        in_order = own or earlier
        for quote in choice.quotes if in_order else sorted(choice.quotes, key=_newest_first):
            yield Draft(body=quote.text, quotes=(self._marked(question, quote),))
        yield Outcome(rounded)

    def _as_it_is(
        self, question: str, candidates: list[Candidate], signs: Signs | None
    ) -> list[Candidate]:
        """Without sentences of what would be, where another would be sure enough by itself."""
        if _WOULD.search(question):
            return candidates
        told = [c for c in candidates if not _WOULD.search(c.text) or _SAYING.search(c.text)]
        return told if told and self._is_sure(told[0], signs) else candidates

    def _newer(
        self, question: str, candidates: Sequence[Candidate], signs: Signs | None
    ) -> list[Candidate]:
        """Of reports newer than the best sentence's, those that answer as well, newest first.

        How things stand is told by the newest report that tells it, though an older one says it in
        words that are closer to the question's: one of which the reader by itself would be sure
        enough to answer. What is only expected is not how things stand.
        """
        best, asked = candidates[0], asked_thing(question)
        day = best.article.published
        near = [
            c
            for c in candidates
            if day is not None
            and (c.article.published or day) > day
            and (c.score >= best.score - _STATE_MARGIN or (asked and self._reader))
            and (asked is None or _gives(c, asked))
            and self._is_sure(c, signs)
            and status_of(c.text) not in ("expected", "denied")
        ]
        return sorted(near, key=lambda c: -(c.article.published or date.min).toordinal())

    def _is_sure(self, candidate: Candidate, signs: Signs | None) -> bool:
        """Whether the reader by this sentence alone would be; any sentence without a reader."""
        if self._reader is None or signs is None:
            return True
        if candidate.reading is None:
            return False
        alone = confidence(replace(signs, reading=candidate.reading))
        return alone >= self._settings.abstain_below

    def _marked(self, question: str, quote: Quote) -> Quote:
        """The quote with the words that answer, where the reader can tell them."""
        if self._reader is None:
            return quote
        context = context_of(quote.article.title, quote.article.published, "")
        return replace(quote, answer=answer_words(question, quote.text, context, self._reader))


def _earlier(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of a question who held something before, the sentences that name an earlier holder."""
    asked = asked_thing(question)
    if asked is None or asked.relation is None:
        return []
    # "before the army": that one is a holder.
    return earlier_holders(candidates, asked.relation, words_of(_BEFORE_WHOM.sub("", question)))


def _gives(candidate: Candidate, asked: Asked) -> bool:
    """Whether a sentence gives the number, or names the party, that is asked for."""
    if asked.relation is not None:
        return find_actor(candidate.text, asked.relation, asked.words) is not None
    return number_in(candidate.text, asked, "") is not None


def _remembering(embed: Embed) -> Embed:
    """The embedder, which embeds no text twice."""
    known: dict[str, NDArray[np.float32]] = {}

    def embedded(texts: list[str]) -> NDArray[np.float32]:
        import numpy as np

        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, embed(new), strict=True))
        return np.stack([known[text] for text in texts])

    return embedded


def _newest_first(quote: Quote) -> int:
    return -(quote.article.published or date.min).toordinal()
