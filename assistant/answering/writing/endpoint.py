"""The `openai` writer: a language model behind an endpoint writes, from fenced evidence alone.

It hands over each sentence as it is finished, with the quotes that its ids point at. What the
model wrote without an id, with ids that it made up, or beyond what its quotes carry never leaves
this module: it is counted, and the model is told once, at the end, what failed and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.assemble import Assembler
from assistant.answering.drafts import NOTHING_NEAR, Draft, Outcome
from assistant.answering.refusal import Holdings, why_not
from assistant.answering.writing.fence import Draw, Fence, build_fence, draw_tag, plain_text
from assistant.answering.writing.replies import Sentence, SentenceStream
from assistant.errors import EndpointError
from assistant.models.llm import Chunk, stream_reply
from assistant.prompting import load_prompt
from assistant.types import Evidence, Part, Tokens, WriterName

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

    from assistant.settings import Settings

Check = Callable[[Draft], list[str]]
Sure = Callable[[str, Sequence[Evidence], str], float]
"""(question, evidence, its asker's own part of it) -> the confidence, 0 to 1, that they answer."""

_MOST_IDS = 4  # a claim that rests on more is a summary, whose every word could be found somewhere
_LONGEST_REPLY = 20_000  # characters; a model that runs on is not waited for
_LONGEST_FAILED = 400  # characters of a sentence that is shown to the model again
_NOT_CITED = "it carries no id of a sentence that you were given"


def faults_of(draft: Draft) -> list[str]:
    """The words of a draft that its quotes do not carry; empty: the assembler will take it."""
    added = Assembler().add(draft)
    return [] if isinstance(added, Part) else added


class EndpointWriter:
    """Implements `Writer`: streams a chat completion and yields its cited sentences as drafts.

    What `check` finds fault with is dropped; where there is room left, the model is asked up to
    `repairs` times to mend what was dropped. `prompt_id` names every prompt that was used.

    The model is not asked where the collection lacks the outlet or the days that a question asks
    for (`held`), nor where it is not `sure` enough that the evidence answers: a model finds
    something to say of any evidence.
    """

    name: WriterName = "openai"

    def __init__(
        self,
        llm: LLM,
        settings: Settings,
        draw: Draw = draw_tag,
        *,
        check: Check = faults_of,
        repairs: int = 1,
        held: Holdings | None = None,
        sure: Sure = lambda question, evidence, own: 1.0,
    ) -> None:
        self._llm = llm
        self._held, self._sure = held or Holdings(), sure
        self._abstain_below = settings.model_abstain_below
        self._max_statements = settings.max_statements
        self._max_quote_words = settings.max_quote_words
        self._draw = draw
        self._check = check
        self._repairs = repairs
        self._prompt = load_prompt("answer")
        self.model = llm.metadata.model_name
        self.prompt_id = self._prompt.id

    def write(
        self, question: str, evidence: Sequence[Evidence], own: str = ""
    ) -> Iterator[Draft | Outcome]:
        """Yield a draft for each sentence that holds as it arrives, then one `Outcome`.

        The model reads the whole question; `own` adds nothing to it.

        The outcome's confidence is that the evidence answers, times the share of the model's
        sentences that held or were mended; 0 where it found no answer. `rejected` counts those of
        its first reply that were dropped, mended or not.

        Raises:
            EndpointError: the endpoint failed; drafts that were yielded before stay good.
        """
        if not evidence:
            yield Outcome(0.0, NOTHING_NEAR)
            return
        lacking = self._held.lacks(question, evidence)
        if lacking:
            yield Outcome(0.0, lacking)
            return
        sure = round(self._sure(question, evidence, own), 4)
        if sure < self._abstain_below:
            yield Outcome(sure, why_not(question, evidence, self._held))
            return
        fence = build_fence(evidence, self._draw, self._max_quote_words)
        messages = self._messages(question, fence)
        first = _Round(fence, self._check, self._max_statements)
        told: set[str] = set()
        for draft in first.drafts(self._llm, messages):
            told.add(draft.body)
            yield draft
        rounds = [first]
        while len(rounds) <= self._repairs and (last := rounds[-1]).can_be_mended:
            messages = self._repair_messages(messages, last)
            rounds.append(_Round(fence, self._but_once(told), last.room))
            try:
                yield from rounds[-1].drafts(self._llm, messages)
            except EndpointError:
                break  # what the first round gave stays good; what it failed at stays dropped
        yield _outcome(rounds, len(evidence), sure)

    def _but_once(self, told: set[str]) -> Check:
        """The check, for drafts that mend others: what was told before mends nothing."""
        return lambda draft: ["told before"] if draft.body in told else self._check(draft)

    def _messages(self, question: str, fence: Fence) -> list[ChatMessage]:
        return self._prompt.messages(
            fence=fence.mark,
            articles=fence.render(),
            max_statements=self._max_statements,
            question=plain_text(question),
        )

    def _repair_messages(self, messages: list[ChatMessage], last: _Round) -> list[ChatMessage]:
        """The conversation so far, and what of it failed; under a mark of its own."""
        from llama_index.core.llms import ChatMessage, MessageRole

        repair = load_prompt("repair")
        self.prompt_id = f"{self._prompt.id}+{repair.id}"
        told = repair.messages(
            fence=self._draw() + self._draw(),
            failed="\n".join(failure.told() for failure in last.failures),
        )
        return [*messages, ChatMessage(role=MessageRole.ASSISTANT, content=last.text), *told]


@dataclass(frozen=True, slots=True)
class _Failure:
    """A sentence that was dropped, and the words that its quotes do not carry."""

    sentence: Sentence
    faults: tuple[str, ...]

    def told(self) -> str:
        """One line for the model: the sentence, its ids, and what is wrong with it."""
        ids = "".join(f"[{tag}.{number}]" for tag, number in self.sentence.ids)
        words = ", ".join(f'"{word}"' for word in self.faults)
        reason = f"its cited sentences do not carry {words}" if words else _NOT_CITED
        return plain_text(f"{self.sentence.body[:_LONGEST_FAILED]} {ids} -- {reason}")


class _Round:
    """One request to the model: what of its reply held, what failed, what it cost."""

    def __init__(self, fence: Fence, check: Check, room: int) -> None:
        self._fence = fence
        self._check = check
        self.room = room
        self.kept = 0
        self.refused = False
        self.failures: list[_Failure] = []
        self._reply = _Reply(fence)

    @property
    def tokens(self) -> Tokens:
        return self._reply.tokens

    @property
    def text(self) -> str:
        """What the model wrote, as far as it was read."""
        return self._reply.text

    @property
    def can_be_mended(self) -> bool:
        """Whether sentences failed, and the answer has room for them."""
        return bool(self.failures) and self.room > 0 and not self.refused

    def drafts(self, llm: LLM, messages: Sequence[ChatMessage]) -> Iterator[Draft]:
        """Yield the sentences that hold, as they arrive.

        Raises:
            EndpointError: the endpoint failed.
        """
        with closing(stream_reply(llm, messages)) as chunks:
            for sentence in self._reply.sentences(chunks):
                self.refused = sentence.refuses and not self.kept
                if self.refused or not self.room:
                    return
                draft, failure = self._judge(sentence)
                if draft:
                    self.kept += 1
                    self.room -= 1
                    yield draft
                elif not sentence.refuses:
                    self.failures.append(failure)

    def _judge(self, sentence: Sentence) -> tuple[Draft | None, _Failure]:
        given = [one for one in sentence.ids if self._fence.known(one)][:_MOST_IDS]
        if not given:
            return None, _Failure(sentence, ())
        draft = Draft(sentence.body, self._fence.quotes(given))
        faults = self._check(draft)
        return (None if faults else draft), _Failure(sentence, tuple(faults))


def _outcome(rounds: Sequence[_Round], passages: int, sure: float) -> Outcome:
    """How the rounds went. A sentence that failed again at being mended is counted once."""
    kept = sum(one.kept for one in rounds)
    failures = rounds[0].failures
    unmended = max(0, len(failures) - sum(one.kept for one in rounds[1:]))
    reason = None
    if rounds[0].refused:
        reason = f"The model found no answer in the {passages} passages it was given."
    elif not kept and not any(failure.faults for failure in failures):
        reason = "The model's reply cited nothing that it was given, so none of it is shown."
    tokens = Tokens(
        sum(one.tokens.sent for one in rounds), sum(one.tokens.received for one in rounds)
    )
    confidence = sure * kept / (kept + unmended) if kept else 0.0
    return Outcome(confidence, reason, len(failures), tokens)


class _Reply:
    """One streamed reply: its sentences as they are finished, and the tokens counted at its end."""

    def __init__(self, fence: Fence) -> None:
        self._stream = SentenceStream(fence.passages.keys())
        self.tokens = Tokens()
        self.text = ""

    def sentences(self, chunks: Iterator[Chunk]) -> Iterator[Sentence]:
        for chunk in chunks:
            self.tokens = chunk.tokens or self.tokens
            self.text += chunk.text
            yield from self._stream.feed(chunk.text)
            if len(self.text) > _LONGEST_REPLY:
                return
        yield from self._stream.finish()
