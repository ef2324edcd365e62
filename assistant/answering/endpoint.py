"""The `openai` writer: a language model behind an endpoint writes, from fenced evidence alone.

It hands over each sentence as it is finished, with the quotes that its ids point at. What the
model wrote without an id, or with ids that it made up, never leaves this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.answering.drafts import NOTHING_NEAR, Draft, Outcome
from assistant.answering.fence import Draw, Fence, build_fence, draw_tag, plain_text
from assistant.answering.replies import Sentence, SentenceStream
from assistant.models.llm import Chunk, stream_reply
from assistant.prompting import load_prompt
from assistant.types import Answer, Evidence, Tokens, WriterName

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

    from assistant.settings import Settings

_MOST_IDS = 4  # a claim that rests on more is a summary, whose every word could be found somewhere
_LONGEST_REPLY = 20_000  # characters; a model that runs on is not waited for
_TURNS = 3  # earlier answers that a follow-up can point at
_TURN_CHARACTERS = 800
_LONGEST_QUESTION = 300


class EndpointWriter:
    """Implements `Writer`: streams one chat completion and yields its cited sentences as drafts."""

    name: WriterName = "openai"

    def __init__(self, llm: LLM, settings: Settings, draw: Draw = draw_tag) -> None:
        self._llm = llm
        self._max_statements = settings.max_statements
        self._max_quote_words = settings.max_quote_words
        self._draw = draw
        self._prompt = load_prompt("answer")
        self.model = llm.metadata.model_name
        self.prompt_id = self._prompt.id

    def write(
        self, question: str, evidence: Sequence[Evidence], own: str = ""
    ) -> Iterator[Draft | Outcome]:
        """Yield a draft for each cited sentence as it arrives, then one `Outcome`.

        The model reads the whole question; `own` adds nothing to it.

        The outcome's confidence is the share of the model's sentences whose ids pointed at
        something that it was given; 0 where it found no answer.

        Raises:
            EndpointError: the endpoint failed; drafts that were yielded before stay good.
        """
        if not evidence:
            yield Outcome(0.0, NOTHING_NEAR)
            return
        fence = build_fence(evidence, self._draw, self._max_quote_words)
        reply = _Reply(fence)
        kept = rejected = 0
        refused = False
        with closing(stream_reply(self._llm, self._messages(question, fence))) as chunks:
            for sentence in reply.sentences(chunks):
                refused = sentence.refuses and not kept
                if refused or kept == self._max_statements:
                    break
                draft = self._draft(sentence, fence)
                if draft:
                    kept += 1
                    yield draft
                elif not sentence.refuses:
                    rejected += 1
        reason = None
        if refused:
            reason = f"The model found no answer in the {len(evidence)} passages it was given."
        elif not kept:
            reason = "The model's reply cited nothing that it was given, so none of it is shown."
        confidence = kept / (kept + rejected) if kept else 0.0
        yield Outcome(confidence, reason, rejected, reply.tokens)

    def _messages(self, question: str, fence: Fence) -> list[ChatMessage]:
        return self._prompt.messages(
            fence=fence.mark,
            articles=fence.render(),
            max_statements=self._max_statements,
            question=plain_text(question),
        )

    def _draft(self, sentence: Sentence, fence: Fence) -> Draft | None:
        given = [one for one in sentence.ids if fence.known(one)][:_MOST_IDS]
        if not given:
            return None
        return Draft(sentence.body, fence.quotes(given))


class _Reply:
    """One streamed reply: its sentences as they are finished, and the tokens counted at its end."""

    def __init__(self, fence: Fence) -> None:
        self._stream = SentenceStream(fence.passages.keys())
        self.tokens = Tokens()

    def sentences(self, chunks: Iterator[Chunk]) -> Iterator[Sentence]:
        length = 0
        for chunk in chunks:
            self.tokens = chunk.tokens or self.tokens
            yield from self._stream.feed(chunk.text)
            length += len(chunk.text)
            if length > _LONGEST_REPLY:
                return
        yield from self._stream.finish()


def rewrite_with_model(llm: LLM, question: str, history: Sequence[Answer]) -> str | None:
    """Have the model put a follow-up into words that stand alone; without history, as it is.

    None where the model did not reply with one question: the rules have to serve.

    Raises:
        EndpointError: the endpoint failed.
    """
    if not history:
        return question
    messages = load_prompt("standalone").messages(
        fence=draw_tag() + draw_tag(),
        history="\n".join(_turn(answer) for answer in history[-_TURNS:]),
        question=plain_text(question),
    )
    reply = ""
    with closing(stream_reply(llm, messages)) as chunks:
        for chunk in chunks:
            reply += chunk.text
            if len(reply) > _LONGEST_REPLY:
                break
    lines = [line for line in reply.rpartition("</think>")[2].splitlines() if line.strip()]
    rewritten = plain_text(lines[0]).strip("\"“”'` ") if len(lines) == 1 else ""
    if not any(c.isalnum() for c in rewritten) or len(rewritten) > _LONGEST_QUESTION:
        return None
    return rewritten


def _turn(answer: Answer) -> str:
    """One earlier question with its answer and the titles and dates of what it cited."""
    lines = [
        f"Reader: {plain_text(answer.standalone_question or answer.question)}",
        f"Answer: {plain_text(answer.text)[:_TURN_CHARACTERS]}",
    ]
    for citation in answer.citations:
        published = citation.published.isoformat() if citation.published else "undated"
        lines.append(f"Cited: {plain_text(citation.title)[:200]} ({published})")
    return "\n".join(lines)
