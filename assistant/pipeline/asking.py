"""A question on its way through the rooms: reworded, looked for, written, with what it took."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from assistant.conversation import Resolved, resolve
from assistant.errors import UsageError
from assistant.observing import step
from assistant.pipeline.logged import log_answer, logged
from assistant.types import Answer, Evidence, Filters, Part, Timings, Tokens

if TYPE_CHECKING:
    from assistant.answering import Asked, Writer
    from assistant.answering.refusal import Holdings
    from assistant.answering.writing.rewording import Reworded
    from assistant.library import Collection, Embed
    from assistant.pipeline.models import Models
    from assistant.retrieval import HybridRetriever
    from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Request:
    """A question that was checked, and what it is put to: a library, or articles at hand."""

    question: str
    history: Sequence[Answer]
    collection: Collection
    held: Holdings
    filters: Filters = field(default_factory=Filters)


class Asking:
    """Answers requests with the models and settings of one assistant."""

    def __init__(self, settings: Settings, models: Models) -> None:
        self._settings = settings
        self._models = models

    def parts(self, request: Request, writer: str | None) -> Generator[Part | Answer, None, None]:
        """Each checked statement as it is ready; the last item is the whole Answer.

        `writer` None: the one of the settings.

        Raises:
            UsageError: there is no such writer; at once, and not when the first part is asked for.
            EndpointError: the endpoint of the openai writer failed.
        """
        return self._parts(request, self._writer(writer, request))

    def found(self, request: Request) -> list[Evidence]:
        """The passages that an answer would be made from, best first."""
        retriever = self._retriever(request)
        resolved = Resolved(request.question)
        return _evidence(request.collection, retriever, resolved, (), self._models.embed)

    def _parts(self, request: Request, writer: Writer) -> Generator[Part | Answer, None, None]:
        from assistant.answering import answer

        question = request.question if self._settings.log_questions else None
        with logged(question), step("answer", writer=writer.name) as values:
            asked, reworded = self._look(request, writer)
            for part in answer(asked, writer):
                if isinstance(part, Answer):
                    whole = _with_cost(part, reworded)
                    values.update(abstained=whole.abstained, citations=len(whole.citations))
                    log_answer(whole, question)
                    yield whole
                else:
                    yield part

    def _look(self, request: Request, writer: Writer) -> tuple[Asked, tuple[Reworded, ...]]:
        """What the writer is given, and what a model made of the question before."""
        from assistant.answering import Asked
        from assistant.answering.differing.reprints import Reprints

        started = time.perf_counter()
        with step("rewrite"):
            resolved, rewritten = self._resolve(request, writer)
            retriever = self._retriever(request)
            split = self._split(resolved.standalone, retriever, writer)
        reworded = time.perf_counter()
        with step("retrieve") as values:
            evidence = _evidence(
                request.collection, retriever, resolved, split.questions, self._models.embed
            )
            values["passages"] = len(evidence)
        retrieved = time.perf_counter()
        asked = Asked(
            request.question,
            resolved.standalone,
            evidence,
            Timings(rewrite=1000 * (reworded - started), retrieve=1000 * (retrieved - reworded)),
            started,
            own=resolved.own,
            refused=resolved.refused,
            reprints=Reprints(request.collection.reports([item.article.id for item in evidence])),
        )
        return asked, (rewritten, split)

    def _resolve(self, request: Request, writer: Writer) -> tuple[Resolved, Reworded]:
        """The question standing alone: by the rules, or by the openai writer's model."""
        from assistant.answering.writing.rewording import Reworded, rewrite_with_model

        by_rules = resolve(request.question, request.history)
        if writer.name != "openai" or not request.history:
            return by_rules, Reworded()
        rewritten = rewrite_with_model(self._models.llm(), request.question, request.history)
        if not rewritten.questions:
            return by_rules, rewritten
        return replace(by_rules, standalone=rewritten.questions[0], own="", refused=None), rewritten

    def _split(self, question: str, retriever: HybridRetriever, writer: Writer) -> Reworded:
        """Have the model take a compound question apart, where it is set to and asked at all."""
        from assistant.answering.writing.rewording import Reworded, split_with_model

        by_model = self._settings.split == "model" and writer.name == "openai"
        if not by_model or not retriever.read(question).compound:
            return Reworded()
        return split_with_model(self._models.llm(), question)

    def _retriever(self, request: Request) -> HybridRetriever:
        from assistant.answering.dating.datewords import find_mentions
        from assistant.retrieval import HybridRetriever

        return HybridRetriever(
            request.collection,
            self._models.embedder(),
            self._settings,
            request.filters,
            self._models.reranker(),
            outlets=request.held.outlets,
            find_dates=find_mentions,
            today=datetime.now(UTC).date(),
        )

    def _writer(self, name: str | None, request: Request) -> Writer:
        wanted = name or self._settings.writer
        if wanted == "quote":
            from assistant.answering.quoting.quote import QuoteWriter

            models = self._models
            return QuoteWriter(
                request.collection,
                models.embed_sentences,
                self._settings,
                models.reader,
                request.held,
            )
        if wanted == "openai":
            from assistant.answering.writing.endpoint import EndpointWriter

            return EndpointWriter(
                self._models.llm(),
                self._settings,
                held=request.held,
                sure=partial(self._sure, request.collection),
            )
        raise UsageError(f"no writer {wanted!r}: choose quote or openai")

    def _sure(
        self, collection: Collection, question: str, evidence: Sequence[Evidence], own: str
    ) -> float:
        from assistant.answering.quoting.relevance import rank_sentences

        models = self._models
        ranking = rank_sentences(
            question, evidence, collection, models.embed_sentences, own, models.reader
        )
        return ranking.confidence


def last(parts: Iterator[Part | Answer]) -> Answer:
    """The whole answer that a stream of parts ends with."""
    final: Answer | None = None
    for part in parts:
        if isinstance(part, Answer):
            final = part
    if final is None:  # `answer` ends with an Answer or raises
        raise AssertionError("a stream ended without its answer")
    return final


async def alast(parts: AsyncGenerator[Part | Answer, None]) -> Answer:
    """`last` of what comes in threads; the work ends where this is cancelled."""
    async with aclosing(parts):
        return last(iter([part async for part in parts]))


def _evidence(
    collection: Collection,
    retriever: HybridRetriever,
    resolved: Resolved,
    clauses: Sequence[str],
    embed: Embed,
) -> list[Evidence]:
    """What was found, all of it in one build of a library."""
    from assistant.library import Library

    def find() -> list[Evidence]:
        return retriever.evidence(resolved.standalone, resolved.cited, clauses)

    if not isinstance(collection, Library):
        return find()
    collection.refresh()  # a model may have reworded the question for seconds
    build, evidence = collection.build, find()
    collection.refresh()
    if collection.build == build:
        return evidence
    # A rebuild has ended meanwhile: what was found before is not there to be loaded. One of another
    # machine has left nothing in this folder.
    collection.mend(embed)
    return find()


def _with_cost(answer: Answer, before: Sequence[Reworded]) -> Answer:
    """The answer with the prompts and tokens that went into its question."""
    asked = [one for one in before if one.prompt_id]
    return replace(
        answer,
        prompt_id="+".join((answer.prompt_id, *(one.prompt_id for one in asked))),
        tokens=Tokens(
            answer.tokens.sent + sum(one.tokens.sent for one in asked),
            answer.tokens.received + sum(one.tokens.received for one in asked),
        ),
    )
