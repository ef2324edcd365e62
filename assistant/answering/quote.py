"""The writer that needs no model: it quotes the whole sentences that answer the question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.answering.answerwords import answer_words
from assistant.answering.drafts import NOTHING_NEAR, Draft, Outcome, Quote
from assistant.answering.expected import NUMBER_WORDS
from assistant.answering.relevance import Candidate, Ranking, rank_sentences
from assistant.models.reader import context_of
from assistant.passages import count_words, split_sentences
from assistant.retrieval import read_outlets
from assistant.types import Article, Evidence, WriterName

if TYPE_CHECKING:
    from assistant.library import Collection, Embed
    from assistant.models.reader import Reader
    from assistant.settings import Settings

# As sure as an answer is at most where it was asked what an outlet says that is not there to be
# read: none of the development questions of that kind has one.
_OF_ANOTHER = 0.1
# A sentence that is this much worse than the best is not quoted beside it. One of another article
# may be further off: it is another voice.
_MARGIN, _MARGIN_SAME_ARTICLE = 0.25, 0.15
_SPREAD_BY_READER = 2.0  # scores lie further apart where a reader adds to them
# Two sentences that share this much of their terms say the same: a reprint is no second source.
_SAME = 0.8
# ... unless they differ in a number or a denial.
_DECIDES = re.compile(
    rf"\d[\d.,]*|\b(?:{NUMBER_WORDS}|not|no|none|never|nobody|without|den\w+)\b|n[’']t\b", re.I
)
_LEANS_BACK = re.compile(
    r"^[“\"'‘]?(?:He|She|It|They|His|Her|Its|Their|This|That|These|Those|Such|However|But)\b"
)
# A sentence that takes back, or doubts, what the one before it says belongs to it.
_TAKES_BACK = re.compile(
    r"^[“\"'‘]?(?:However|But|Yet|Nevertheless|Still|Though)\b.{0,60}?\b"
    r"(?:th(?:is|at)(?! (?:year|month|week|day|morning|evening|night|time))"
    r"|these|those|it|they|such|denied|confirmed"
    r"|the (?:report|claim|statement|news)s?)\b"
    # or says what became of a claim, in so many words
    r"|^.{0,80}\b(?:confirm(?:ed)?|verified|denied)\b.{0,30}\b(?:claim|report|allegation|account)s?\b"
    r"|^.{0,60}\b(?:claim|report|allegation|account)s?\b.{0,30}\b(?:not|never)\b.{0,20}"
    r"\b(?:confirmed|verified)\b",
    re.S,
)


class QuoteWriter:
    """Quotes up to `settings.max_statements` sentences verbatim, or abstains.

    `outlets` are those of the collection: a question that asks what another one says is told so.
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
        outlets: Sequence[str] = (),
    ) -> None:
        self._collection, self._embed, self._settings = collection, embed, settings
        self._reader = reader
        self._outlets = tuple(outlets)
        self._spread = _SPREAD_BY_READER if reader else 1.0

    def write(
        self, question: str, evidence: Sequence[Evidence], own: str = ""
    ) -> Iterator[Draft | Outcome]:
        """Yield one draft a quote, the newest report first; then the outcome."""
        ranking = rank_sentences(
            question, evidence, self._collection, self._embed, own, self._reader
        )
        unheard = _unheard(question, evidence, self._outlets)
        sure = min(ranking.confidence, _OF_ANOTHER) if unheard else ranking.confidence
        confidence = round(sure, 4)
        if confidence < self._settings.abstain_below or not ranking.candidates:
            yield Outcome(confidence, _reason(ranking, unheard))
            return
        quotes = self._choose(_originals(ranking.candidates))
        if not quotes:
            yield Outcome(confidence, "No whole sentence of the library is short enough to quote.")
            return
        # A follow-up is about what was cited before, which a newer report on another matter is not.
        for quote in quotes if own else sorted(quotes, key=_newest_first):
            yield Draft(body=quote.text, quotes=(self._marked(question, quote),))
        yield Outcome(confidence)

    def _marked(self, question: str, quote: Quote) -> Quote:
        """The quote with the words that answer, where the reader can tell them."""
        if self._reader is None:
            return quote
        context = context_of(quote.article.title, quote.article.published, "")
        return replace(quote, answer=answer_words(question, quote.text, context, self._reader))

    def _choose(self, candidates: Sequence[Candidate]) -> list[Quote]:
        chosen: list[Quote] = []
        used: list[Candidate] = []
        best = candidates[0].score if candidates else 0.0
        for candidate in candidates:
            behind = (best - candidate.score) / self._spread
            if len(chosen) == self._settings.max_statements or behind > _MARGIN:
                break
            heard = any(candidate.article.id == other.article.id for other in used)
            if heard and behind > _MARGIN_SAME_ARTICLE:
                continue
            quote = self._quote(candidate)
            if quote is None or any(_repeats(candidate, other) for other in used):
                continue
            if any(_overlap(quote, other) for other in chosen):
                continue
            chosen.append(quote)
            used.append(candidate)
        return chosen

    def _quote(self, candidate: Candidate) -> Quote | None:
        """The sentence, with a neighbour where it leans on one; None: too long to quote whole."""
        sentences, text = candidate.evidence.passage.sentences, candidate.article.text
        first = last = candidate.index
        if not self._fits(candidate, first, last) or _is_rest(candidate):
            return None
        doubted = last + 1 < len(sentences) and _TAKES_BACK.match(_slice(text, sentences[last + 1]))
        if doubted and self._fits(candidate, first, last + 1):
            last += 1
        leans = first > 0 and _LEANS_BACK.match(candidate.text)
        if leans and self._fits(candidate, first - 1, last):
            first -= 1
        return Quote(
            candidate.article,
            candidate.evidence.passage.id,
            sentences[first][0],
            sentences[last][1],
        )

    def _fits(self, candidate: Candidate, first: int, last: int) -> bool:
        sentences = candidate.evidence.passage.sentences
        run = candidate.article.text[sentences[first][0] : sentences[last][1]]
        return count_words(run) <= self._settings.max_quote_words


def _slice(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]


def _originals(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One candidate for each wording, the original's where a reprint has the same words."""
    by_words: dict[tuple[str, ...], Candidate] = {}
    for candidate in candidates:
        other = by_words.setdefault(_words(candidate.text), candidate)
        if _copied(candidate.article) < _copied(other.article):
            # At its first place in the ranking, with the score that earned it.
            by_words[_words(candidate.text)] = replace(candidate, score=other.score)
    return list(by_words.values())


def _copied(article: Article) -> tuple[bool, date]:
    """Sorts an original before its reprints, and an early report before a late one."""
    carried = bool(article.publisher) and article.publisher.casefold() != article.source.casefold()
    return carried, article.published or date.max


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))


def _repeats(one: Candidate, other: Candidate) -> bool:
    """Whether both say the same; a figure or a denial that only one has is another report."""
    shared, every = len(one.terms & other.terms), len(one.terms | other.terms)
    return every > 0 and shared / every >= _SAME and _turns(one.text) == _turns(other.text)


def _turns(text: str) -> set[str]:
    """The words of a sentence on which everything can turn."""
    return {word.casefold() for word in _DECIDES.findall(text)}


def _is_rest(candidate: Candidate) -> bool:
    """Whether it is the end of a sentence that was cut because it is longer than a passage."""
    text, (start, end) = candidate.article.text, candidate.evidence.passage.sentences[0]
    if candidate.index > 0:
        return False
    paragraph = max(text.rfind("\n\n", 0, start), 0)
    return start not in {paragraph + begin for begin, _ in split_sentences(text[paragraph:end])}


def _overlap(one: Quote, other: Quote) -> bool:
    same = (one.article.id, one.article.revision) == (other.article.id, other.article.revision)
    return same and one.start < other.end and other.start < one.end


def _newest_first(quote: Quote) -> int:
    return -(quote.article.published or date.min).toordinal()


def _unheard(question: str, evidence: Sequence[Evidence], outlets: Sequence[str]) -> list[str]:
    """The outlets that a question leans on, which are neither in the library nor in the evidence.

    A report that quotes one ("the owner told Reuters") lets it be heard.
    """
    _, missing = read_outlets(question, outlets)
    texts = [f"{e.passage.header}\n{e.passage.text}" for e in evidence]
    return [
        name
        for name in missing
        if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in texts)
    ]


def _reason(ranking: Ranking, unheard: Sequence[str]) -> str:
    if not ranking.candidates:
        return NOTHING_NEAR
    if unheard:
        return f"The library does not hold the answer: it has no article of {' or '.join(unheard)}."
    if ranking.missing_names:
        names = ", ".join(dict.fromkeys(ranking.missing_names))
        return f"The library does not hold the answer: no passage that comes near mentions {names}."
    return "The library does not hold the answer: no passage that comes near is sure enough."
