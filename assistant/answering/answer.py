"""Question and evidence to an answer: what the writer drafts is checked, framed and numbered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.answering.assemble import Assembler
from assistant.answering.differing.disagreement import Differing, compare, tellings_of
from assistant.answering.differing.reprints import Reprints
from assistant.answering.differing.timeline import asks_state, build_timeline, other_reports
from assistant.answering.drafts import Draft, Outcome, Writer
from assistant.observing import step
from assistant.types import Answer, Citation, Disagreement, Evidence, Part, Timings

_NOTHING_LEFT = "None of what was written is carried by its quotes, so none of it is shown."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: as asked, standing alone, its evidence, and the time spent so far.

    `started` is on the clock of `time.perf_counter`. `own` is what a follow-up itself says; empty
    where that is the whole question. `refused`: the answer that abstained from what it leans on.
    `reprints`: which articles are one report; None: it is made of the evidence.
    """

    question: str
    standalone: str
    evidence: list[Evidence]
    timings: Timings
    started: float
    own: str = ""
    refused: Answer | None = None
    reprints: Reprints | None = None


def answer(asked: Asked, writer: Writer) -> Iterator[Part | Answer]:
    """Yield each checked statement as it is ready, then the whole answer.

    Raises:
        EndpointError: the model behind the writer could not be asked; parts that were yielded
            before stay good.
    """
    reprints = asked.reprints or Reprints.among(item.article for item in asked.evidence)
    assembler = Assembler(reprints, state=asks_state(asked.standalone))
    outcome = Outcome(confidence=0.0)
    dropped = 0
    writing = verifying = 0.0
    drafts = _as_refused(asked.refused) if asked.refused else _written(asked, writer)
    while True:
        began = time.perf_counter()
        with step("write"):
            item = next(drafts, None)
        writing += time.perf_counter() - began
        if item is None:
            break
        if isinstance(item, Outcome):
            outcome = item
            continue
        began = time.perf_counter()
        with step("check"):
            part = _checked(assembler, item)
        verifying += time.perf_counter() - began
        if part is None:
            dropped += 1
        else:
            yield part
    timings = replace(
        asked.timings,
        write=1000 * writing,
        verify=1000 * verifying,
        total=1000 * (time.perf_counter() - asked.started),
    )
    yield _whole(asked, writer, assembler, reprints, outcome, dropped, timings)


def _written(asked: Asked, writer: Writer) -> Iterator[Draft | Outcome]:
    return writer.write(asked.standalone, asked.evidence, asked.own)


def _as_refused(refused: Answer) -> Iterator[Outcome]:
    """What leans on a question that was not answered is not answered, for the same reason."""
    yield Outcome(refused.confidence, refused.abstention_reason)


def _checked(assembler: Assembler, draft: Draft) -> Part | None:
    added = assembler.add(draft)
    return added if isinstance(added, Part) else None


def _whole(
    asked: Asked,
    writer: Writer,
    assembler: Assembler,
    reprints: Reprints,
    outcome: Outcome,
    dropped: int,
    timings: Timings,
) -> Answer:
    statements = assembler.statements
    citations, disagreements = _beside(asked, assembler, reprints)
    abstained = not statements
    reason = (outcome.abstention_reason or _NOTHING_LEFT) if abstained else None
    said = len(statements) + dropped
    return Answer(
        question=asked.question,
        standalone_question=asked.standalone,
        text=reason or assembler.text(),
        writer=writer.name,
        model=writer.model,
        prompt_id=writer.prompt_id,
        abstained=abstained,
        abstention_reason=reason,
        # What had to be dropped counts against the rest.
        confidence=outcome.confidence * (len(statements) / said if dropped else 1.0),
        dropped=dropped + outcome.rejected,
        statements=tuple(statements),
        citations=tuple(citations),
        evidence=tuple(asked.evidence),
        disagreements=disagreements,
        timeline=build_timeline(citations, state=asks_state(asked.standalone)),
        timings=timings,
        tokens=outcome.tokens,
    )


def _beside(
    asked: Asked, assembler: Assembler, reprints: Reprints
) -> tuple[tuple[Citation, ...], tuple[Disagreement, ...]]:
    """The citations of the answer with those that only a disagreement or the timeline needs."""
    cited = tuple(assembler.citations)
    told = tellings_of(asked.standalone, assembler.statements, cited, asked.evidence, reprints)
    differing = compare(told, cited) if told else Differing()
    cited += differing.citations
    if told and asks_state(asked.standalone):
        cited += other_reports(told, cited)
    return cited, differing.disagreements
