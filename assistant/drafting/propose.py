"""Proposes questions of a library: from its sentences, of every kind and from all over it."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from assistant.drafting.drafts import Draft
from assistant.drafting.flags import alike, telling
from assistant.drafting.patterns import CALENDAR, NAME
from assistant.drafting.rules import names_of, questions_of
from assistant.passages import split_sentences
from assistant.types import Article

UNANSWERABLE = 4
"""One in so many proposed questions has no answer in the library."""

PER_ARTICLE = 2
MOST_ARTICLES = 400
"""Articles that are read for a proposal."""

_NAME = re.compile(rf"(?<=[a-z] ){NAME}(?=[ ?’'])")

Find = Callable[[str], Sequence[str]]
"""The texts of the passages that a library finds for a question, the likeliest first."""


def propose(articles: Iterable[Article], count: int, find: Find, *, seed: int = 0) -> list[Draft]:
    """At most `count` drafts, `UNANSWERABLE` of them without an answer; equal for equal input.

    `articles` come with their texts, in an order that is not theirs by subject or day: those that
    come first are asked about first.
    """
    made = list(_made(islice(articles, MOST_ARTICLES)))
    chosen: list[Draft] = []
    words: list[frozenset[str]] = []
    wanted = count - count // UNANSWERABLE
    for draft in _by_turns(made):
        own = telling(draft.question)
        if len(chosen) < wanted and not any(alike(own, other) for other in words):
            chosen.append(draft)
            words.append(own)
    missing = _unanswerable(chosen, made, find, random.Random(seed))  # noqa: S311  # no secret
    return [*chosen, *islice(missing, count // UNANSWERABLE)]


def _made(articles: Iterable[Article]) -> Iterator[Draft]:
    for article in articles:
        of_this, names = 0, names_of(article.text)
        for start, end in split_sentences(article.text):
            sentence = article.text[start:end]
            for asked in questions_of(sentence, article.published, names):
                yield Draft(
                    id=draft_id(asked.question, article.id),
                    question=asked.question,
                    kind=asked.kind,
                    answerable=True,
                    answers=(asked.answers,),
                    quotes=((article.id, sentence),),
                )
                of_this += 1
            if of_this >= PER_ARTICLE:
                break


def _by_turns(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """One of each kind after the other, so that no kind fills the set."""
    kinds: dict[str, list[Draft]] = {}
    for draft in drafts:
        kinds.setdefault(draft.kind, []).append(draft)
    rows = zip_longest(*kinds.values())
    return (draft for draft in chain.from_iterable(rows) if draft is not None)


def _unanswerable(
    chosen: Sequence[Draft], made: Sequence[Draft], find: Find, rng: random.Random
) -> Iterator[Draft]:
    """Questions of the library's own kinds, each with the name of another one of its kind.

    Left out where a passage that is found has that name and tells of the rest; those who hold an
    office are left out, for the other one holds one too.
    """
    for draft in rng.sample(list(chosen), len(chosen)):
        mine = _name(draft.question)
        others = [
            name
            for other in made
            if other.kind == draft.kind and other.quotes[0][0] != draft.quotes[0][0]
            for name in [_name(other.question)]
            if name and name not in draft.question
        ]
        if draft.kind == "role" or not mine or not others:
            continue
        name = rng.choice(others)
        question = draft.question.replace(mine, name)
        if _is_told(question, name, telling(draft.question.replace(mine, "")), find):
            continue
        yield Draft(
            id=draft_id(question, ""),
            question=question,
            kind=f"no {draft.kind}",
            answerable=False,
        )


def _is_told(question: str, name: str, rest: frozenset[str], find: Find) -> bool:
    """Whether a passage that is found names the one and tells of the other."""
    return any(name in text and rest & telling(text) for text in find(question))


def _name(question: str) -> str:
    """The first name of a question, without what makes it an owner; "" for none."""
    found = (each[0] for each in _NAME.finditer(question) if not CALENDAR.search(each[0]))
    return re.sub(r"[’']s$", "", next(found, ""))


def draft_id(question: str, article_id: str) -> str:
    """An id that the same question about the same article gets again."""
    digest = hashlib.sha256(f"{article_id}\n{question}".encode("utf-8", "surrogatepass"))
    return f"d-{digest.hexdigest()[:12]}"
