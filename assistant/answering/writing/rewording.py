"""What a model makes of a question before it is searched for: one that stands alone, its parts.

The rules serve wherever its reply is not usable: `conversation.py` for the first, and
`retrieval/question.py` for the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.answering.writing.fence import draw_tag, plain_text
from assistant.library import analyze
from assistant.models.llm import stream_reply
from assistant.prompting import load_prompt
from assistant.retrieval import MOST_CLAUSES
from assistant.types import Answer, Tokens

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

_LONGEST_REPLY = 20_000  # characters; a model that runs on is not waited for
_TURNS = 3  # earlier answers that a follow-up can point at
_TURN_CHARACTERS = 800
_LONGEST_QUESTION = 300
_MARK = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.):])\s+")
_ENDS = re.compile(r"(?<=\?)\s+(?=[A-Z])")  # some write all of their questions on one line
_FEWEST_TERMS = 3  # a part of fewer does not stand alone
_SHARED = 0.5  # of a part's terms: those that the question has
_COVERED = 0.75  # of the question's terms: those that some part has


@dataclass(frozen=True, slots=True)
class Reworded:
    """The questions that a model wrote, none where its reply was not usable; what it took.

    `prompt_id` is empty where nothing was asked.
    """

    questions: tuple[str, ...] = ()
    prompt_id: str = ""
    tokens: Tokens = field(default_factory=Tokens)


def rewrite_with_model(llm: LLM, question: str, history: Sequence[Answer]) -> Reworded:
    """Have the model put a follow-up into words that stand alone; without history, ask nothing.

    One question, or none where the model did not reply with one.

    Raises:
        EndpointError: the endpoint failed.
    """
    if not history:
        return Reworded((question,))
    prompt = load_prompt("standalone")
    messages = prompt.messages(
        fence=draw_tag() + draw_tag(),
        history="\n".join(_turn(answer) for answer in history[-_TURNS:]),
        question=plain_text(question),
    )
    lines, tokens = _reply(llm, messages)
    return Reworded(lines if len(lines) == 1 and _asks(lines[0]) else (), prompt.id, tokens)


def split_with_model(llm: LLM, question: str) -> Reworded:
    """Have the model take a question apart into two or more that can be searched for alone.

    None where it did not reply with two to `MOST_CLAUSES` questions, where one of them has mostly
    other words than the question, or where they leave many of its words out: what is looked for is
    what was asked, and all of it.

    Raises:
        EndpointError: the endpoint failed.
    """
    prompt = load_prompt("split")
    messages = prompt.messages(question=plain_text(question), most=MOST_CLAUSES)
    lines, tokens = _reply(llm, messages)
    written = [part for line in lines for part in _ENDS.split(_MARK.sub("", line))]
    parts = tuple(dict.fromkeys(written))
    asked = frozenset(analyze(question))
    usable = (
        2 <= len(parts) <= MOST_CLAUSES
        and all(_is_part(part, asked) for part in parts)
        and len(asked.intersection(analyze(" ".join(parts)))) >= _COVERED * len(asked)
    )
    return Reworded(parts if usable else (), prompt.id, tokens)


def _is_part(text: str, asked: frozenset[str]) -> bool:
    terms = frozenset(analyze(text))
    own = len(terms) >= _FEWEST_TERMS
    return own and len(terms & asked) >= _SHARED * len(terms) and _asks(text)


def _asks(text: str) -> bool:
    return any(c.isalnum() for c in text) and len(text) <= _LONGEST_QUESTION


def _reply(llm: LLM, messages: Sequence[ChatMessage]) -> tuple[tuple[str, ...], Tokens]:
    """The lines of the model's reply that hold something, without what it thought before them."""
    reply, tokens = "", Tokens()
    with closing(stream_reply(llm, messages)) as chunks:
        for chunk in chunks:
            tokens = chunk.tokens or tokens
            reply += chunk.text
            if len(reply) > _LONGEST_REPLY:
                break
    lines = (plain_text(line) for line in reply.rpartition("</think>")[2].splitlines())
    return tuple(line.strip("\"“”'` ") for line in lines if line.strip()), tokens


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
