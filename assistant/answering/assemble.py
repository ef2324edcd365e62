"""Turns drafts into numbered statements and citations, dropping what its quotes do not carry.

A citation is made from the article's own text and offsets, so none can be invented; markers run
from 1 in order of first use, and a quote that is used again keeps its marker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.answering.checking.check import is_clause, is_verbatim, unsupported
from assistant.answering.dating.events import find_event, find_events
from assistant.answering.differing.disagreement import build_disagreements
from assistant.answering.differing.reprints import Reprints
from assistant.answering.drafts import Draft, Quote
from assistant.answering.framing.frames import render
from assistant.answering.framing.speakers import speaker_of
from assistant.answering.framing.status import status_of
from assistant.passages import split_sentences
from assistant.spelling import learn_acronyms
from assistant.types import Article, Citation, Event, Part, Statement, Status

__all__ = ["Assembler", "build_disagreements"]

_LONGEST_BODY = 1000  # characters of a claim in a writer's own words
_CONTEXT_CHARS = 600  # after a quote, in which the next sentence is looked for

_QuoteKey = tuple[str, str, int, int]


class Assembler:
    """Collects the statements and citations of one answer, draft by draft.

    `state`: the question asks how things stand, so that an older report is told as an earlier one.
    """

    def __init__(self, reprints: Reprints | None = None, *, state: bool = False) -> None:
        self._reprints = reprints or Reprints()
        self._state = state
        self.statements: list[Statement] = []
        self.citations: list[Citation] = []
        self._markers: dict[_QuoteKey, int] = {}

    def add(self, draft: Draft) -> Part | list[str]:
        """Check a draft; a Part where its quotes carry it, else the words that they do not.

        A Part holds the statement and the citations that it is the first to use.
        """
        quotes = [quote for quote in draft.quotes if quote.text.strip()]
        if not quotes or not draft.body.strip():
            return ["a claim without words or without a quote"]
        if len(draft.body) > _LONGEST_BODY and not any(
            is_verbatim(draft.body, quote.text) for quote in quotes
        ):
            return ["a claim too long to be one sentence"]
        article = quotes[0].article
        # A clause out of a sentence may have lost what denies or doubts it: the whole is shown.
        body = next((q.text for q in quotes if is_clause(draft.body, q.text)), draft.body)
        missing = unsupported(
            body,
            [quote.text for quote in quotes],
            reported_on=article.published,
            events=_events_of(quotes, article.published),
            acronyms=learn_acronyms({quote.article.text for quote in quotes}),
        )
        if missing:
            return missing
        known = len(self.citations)
        markers = tuple(dict.fromkeys(self._cite(quote) for quote in quotes))
        carriers = self._reprints.carriers(article, quotes[0].text)
        earlier = self._state and self._is_older(article)
        statement = _statement(body, quotes, markers, carriers, earlier=earlier)
        self.statements.append(statement)
        return Part(statement, tuple(self.citations[known:]))

    def text(self) -> str:
        """The answer in words: one line a statement."""
        return "\n".join(statement.text for statement in self.statements)

    def _is_older(self, article: Article) -> bool:
        """Whether a report that was told before is newer."""
        day = article.published
        told = (statement.reported_on for statement in self.statements)
        return day is not None and any(other is not None and other > day for other in told)

    def _cite(self, quote: Quote) -> int:
        article = quote.article
        start, end, _ = slice(quote.start, quote.end).indices(len(article.text))
        key = (article.id, article.revision, start, end)
        if key not in self._markers:
            self._markers[key] = len(self.citations) + 1
            carriers = self._reprints.carriers(article, quote.text)
            self.citations.append(_citation(self._markers[key], quote, key, carriers))
        return self._markers[key]


def _citation(marker: int, quote: Quote, key: _QuoteKey, carriers: tuple[str, ...]) -> Citation:
    article = quote.article
    article_id, revision, start, end = key
    return Citation(
        marker=marker,
        article_id=article_id,
        revision=revision,
        passage_id=quote.passage_id,
        title=article.title,
        source=article.source,
        publisher=article.publisher,
        published=article.published,
        url=article.url,
        quote=article.text[start:end],
        start=start,
        end=end,
        also_carried_by=carriers,
        answer=quote.answer,
    )


def _statement(
    body: str,
    quotes: Sequence[Quote],
    markers: tuple[int, ...],
    carriers: tuple[str, ...],
    *,
    earlier: bool,
) -> Statement:
    article = quotes[0].article
    verbatim = any(is_verbatim(body, quote.text) for quote in quotes)
    event = _event_of(quotes)
    status, speaker = _standing(body, quotes[0], verbatim=verbatim)
    text = render(
        body,
        verbatim=verbatim,
        article=article,
        event=event,
        status=status,
        attributed_to=speaker,
        markers=markers,
        also_carried_by=carriers,
        earlier=earlier,
    )
    return Statement(text, body, markers, article.published, event, status, speaker)


def _event_of(quotes: Sequence[Quote]) -> Event | None:
    """The event of the first quote whose words date one, each by its own report's day.

    That of the sentence with the marked answer, else of the one that was chosen; a neighbour's only
    where these have none.
    """
    told = [
        (text, q.article.published)
        for q in quotes
        for text in dict.fromkeys((_answering(q), q.said, q.text))
    ]
    events = (find_event(text, published) for text, published in told)
    return next((event for event in events if event is not None), None)


def _events_of(quotes: Sequence[Quote], reported_on: date | None) -> list[Event] | None:
    """The dates that the quotes give; None where all are of reports of one day."""
    if all(quote.article.published == reported_on for quote in quotes):
        return None
    return [e for quote in quotes for e in find_events(quote.text, quote.article.published)]


def _standing(body: str, quote: Quote, *, verbatim: bool) -> tuple[Status, str | None]:
    """How sure the source is, and who said it, by the sentence of the quote that carries the body.

    A verbatim body is no surer than what follows in it.
    """
    text = quote.text
    spans = split_sentences(text)
    sentences = [text[start:end] for start, end in spans]
    after = _next_sentence(quote.article, quote.end)
    statuses = [
        status_of(sentence, context)
        for sentence, context in zip(sentences, [*sentences[1:], after], strict=True)
    ]
    main = _core(quote, spans) if verbatim else _closest(body, sentences)
    # What stands before helps to understand; what follows takes back or doubts.
    doubted = (status for status in statuses[main:] if status in ("denied", "unconfirmed"))
    status = next(doubted, statuses[main]) if verbatim else statuses[main]
    start, end = spans[main]
    return status, speaker_of(quote.article.text, quote.start + start, quote.start + end)


def _answering(quote: Quote) -> str:
    """The sentence of a quote with the marked answer; the chosen one where none is marked."""
    if quote.answer is None:
        return quote.said
    spans = split_sentences(quote.text)
    return quote.text[slice(*spans[_core(quote, spans)])]


def _core(quote: Quote, spans: Sequence[tuple[int, int]]) -> int:
    """Which sentence of a quote answers, else which was chosen; the first where none is marked."""
    at = quote.core[0] - quote.start if quote.core else 0
    at = quote.answer[0] if quote.answer else at
    return next((i for i, (start, end) in enumerate(spans) if start <= at < end), 0)


def _next_sentence(article: Article, end: int) -> str:
    tail = article.text[end : end + _CONTEXT_CHARS]
    spans = split_sentences(tail)
    return tail[slice(*spans[0])] if spans else ""


def _closest(body: str, sentences: Sequence[str]) -> int:
    """The sentence that shares the most words with the body."""
    words = set(re.findall(r"\w+", body.lower()))
    shared = [len(words & set(re.findall(r"\w+", s.lower()))) for s in sentences]
    return shared.index(max(shared))
