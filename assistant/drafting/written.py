"""Questions that a model writes of an article; what its sentence does not hold is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from assistant.answering.writing.fence import draw_tag, plain_text
from assistant.drafting.drafts import Draft
from assistant.drafting.propose import draft_id
from assistant.passages import split_sentences
from assistant.prompting import load_prompt
from assistant.types import Article

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

MOST = 3
"""Questions that are asked for of one article."""

LONGEST = 300
"""Characters of a question that are taken."""

SENTENCES = 40
"""Sentences of an article that the model is given, from its beginning."""

Complete = Callable[[Sequence["ChatMessage"]], str]
"""A model's whole reply to some messages."""


def write_drafts(articles: Iterable[Article], count: int, complete: Complete) -> Iterator[Draft]:
    """At most `count` drafts that a model writes, article by article, as its replies come.

    Raises:
        EndpointError: what `complete` raises.
    """
    return islice((d for article in articles for d in _of(article, complete)), count)


def _of(article: Article, complete: Complete) -> Iterator[Draft]:
    prompt = load_prompt("draft")
    tag, mark = draw_tag(), draw_tag() + draw_tag()
    spans = split_sentences(article.text)[:SENTENCES]
    sentences = {f"{tag}.{n}": article.text[s:e] for n, (s, e) in enumerate(spans, start=1)}
    given = "\n".join(f"[{id_}] {plain_text(text)}" for id_, text in sentences.items())
    reply = complete(prompt.messages(article=given, fence=mark, most=MOST))
    for line in reply.splitlines():
        id_, _, rest = line.partition("|")
        question, _, answer = rest.rpartition("|")
        question, answer = " ".join(question.split()), answer.strip(' ."“”')
        sentence = sentences.get(id_.strip().strip("[]"))
        usable = sentence and answer and answer.casefold() in sentence.casefold()
        if sentence is None or not usable or not question.endswith("?") or len(question) > LONGEST:
            continue
        yield Draft(
            id=draft_id(question, article.id),
            question=question,
            kind="written",
            answerable=True,
            answers=((answer,),),
            quotes=((article.id, sentence),),
            by=prompt.id,
        )
