"""Drafts of an assistant's library: what the command line and the page do with them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.drafting.drafts import Draft, Drafts
from assistant.drafting.flags import flagged
from assistant.drafting.propose import propose
from assistant.drafting.written import write_drafts
from assistant.errors import ArticleNotFoundError, UsageError

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

    from assistant.pipeline import Assistant
    from assistant.types import Article

DRAFTS = Path("questions") / "drafts.jsonl"
"""Where drafts are kept, below the index's own folder."""


def add_proposed(
    assistant: Assistant, drafts: Drafts, count: int, *, seed: int = 0, known: Iterable[str] = ()
) -> int:
    """Propose at most `count` questions of the library and keep those that are new; how many.

    By rules; where the assistant's writer is openai, its model writes those that have an answer.

    Raises:
        UsageError: nothing in the articles has a form that questions are made of.
        EndpointError: the model's endpoint failed; what it wrote before is kept.
    """
    held = assistant.articles()
    random.Random(seed).shuffle(held)  # noqa: S311  # which articles are asked about is no secret
    found = propose(_with_texts(assistant, held), count, _finder(assistant), seed=seed)
    if not found and assistant.writer != "openai":
        raise UsageError("nothing in these articles has a form that questions are made of")
    if assistant.writer == "openai":
        without = [draft for draft in found if not draft.answerable]
        texts = _with_texts(assistant, held)
        added = 0
        for draft in write_drafts(texts, count - len(without), _model(assistant)):
            added += add_new(assistant, drafts, [draft], known)
        return added + add_new(assistant, drafts, without, known)
    return add_new(assistant, drafts, found, known)


def add_new(
    assistant: Assistant, drafts: Drafts, made: Sequence[Draft], known: Iterable[str] = ()
) -> int:
    """Keep drafts with their flags, but for those that repeat a question; how many were new."""
    asked = [*known, *(draft.question for draft in drafts.all())]
    looked = flagged(made, asked, texts_of(assistant))
    return drafts.add(d for d in looked if not any(f.startswith("duplicate") for f in d.flags))


def look_again(drafts: Drafts, draft: Draft, assistant: Assistant | None = None) -> Draft:
    """One draft with its flags anew, kept."""
    text = texts_of(assistant) if assistant is not None else None
    (looked,) = flagged([replace(draft, flags=())], (), text)
    return drafts.change(draft.id, flags=looked.flags)


def parts_of(typed: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Expected parts as they are typed: one a line, its spellings parted by `|`.

    >>> parts_of(["40 | forty", " ", "Norrvik"])
    (('40', 'forty'), ('Norrvik',))
    """
    parts = (tuple(s.strip() for s in part.split("|") if s.strip()) for part in typed)
    return tuple(part for part in parts if part)


def texts_of(assistant: Assistant) -> Callable[[str], str]:
    """The text of an article by its id; "" where it is not there."""

    def text(article_id: str) -> str:
        try:
            return assistant.article(article_id).text
        except ArticleNotFoundError:
            return ""

    return text


def _with_texts(assistant: Assistant, held: Iterable[Article]) -> Iterator[Article]:
    for article in held:
        try:
            yield assistant.article(article.id)
        except ArticleNotFoundError:
            continue  # it went meanwhile


def _finder(assistant: Assistant) -> Callable[[str], list[str]]:
    return lambda question: [each.passage.text for each in assistant.search(question)]


def _model(assistant: Assistant) -> Callable[[Sequence[ChatMessage]], str]:
    from assistant.models.llm import load_llm, stream_reply

    llm = load_llm(assistant.settings)
    return lambda messages: "".join(chunk.text for chunk in stream_reply(llm, messages))
