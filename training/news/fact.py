"""A question with its answer, and the way from a clause to a question."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from training.news.clauses import Clause, Part
from training.news.grammar import Voice, finished, inverted, kept, name_of

Span = tuple[int, int]


@dataclass(slots=True)
class Fact:
    """A question, its kind, the words that answer it, and what to cut to unanswer it."""

    question: str
    kind: str
    answer: str
    cut: list[Span] = field(default_factory=list)
    clause: Clause | None = None
    vague: str = ""  # what may stand in place of what is cut


def span_of(tokens: list[Token]) -> Span:
    """The characters from the first to the last token."""
    return tokens[0].idx, tokens[-1].idx + len(tokens[-1])


def whole(token: Token) -> list[Token]:
    """A token with all that hangs on it, in the order of the text."""
    return sorted(token.subtree, key=lambda t: t.i)


def ask(clause: Clause, voice: Voice, word: str, without: tuple[Part, ...]) -> str | None:
    """Question word, auxiliary, subject, verb and the rest."""
    turned, rest = inverted(clause, voice), kept(clause, voice, without)
    subject = name_of(clause.subject, voice)
    if turned is None or rest is None or not subject or clause.subject.tokens[0].tag_ == "PRP$":
        return None
    front, tail = turned
    named = clause.subject.head.pos_ in {"PROPN", "PRON"} or clause.plural
    return finished(f"{word} {front} {subject} {tail} {rest}", named)
