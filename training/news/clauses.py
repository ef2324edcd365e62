"""A parsed sentence taken apart: verbs with their subjects and what goes with them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from training.news.verbs import FORMS

# What a noun phrase can do without: asides, relative clauses, coordinated clauses.
_ASIDES = frozenset({"relcl", "appos", "advcl", "parataxis", "intj", "dep", "meta", "mark"})
_AUXILIARIES = frozenset(
    """
        is are was were be been being has have had do does did will would can could may might
        shall should must
    """.split()
)
_CONTRACTED = {"n't": "not", "’ve": "have", "'ve": "have", "ca": "can", "wo": "will"}
_DOUBTS = frozenset(
    "deny doubt hope wish fear pretend imagine wonder dispute refute reject suppose guess ask "
    "mean wait let make see help".split()
)
# Nouns that say nothing without the clause that belongs to them.
_INCOMPLETE = frozenset(
    "way ways time times reason day days moment fact people those one ones kind kinds that what "
    "something someone everything anything person man woman place things thing first last".split()
)
_LONGEST_PART = 22  # tokens
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


@dataclass(slots=True)
class Part:
    """What goes with a verb: its dependency, its head and its tokens without asides."""

    dep: str
    head: Token
    tokens: list[Token]

    @property
    def text(self) -> str:
        """The words of the part."""
        return render(self.tokens)


@dataclass(slots=True)
class Clause:
    """A finite verb, its subject, its auxiliaries and its parts in the order of the text."""

    verb: Token
    subject: Part
    passive: bool
    auxiliaries: list[Token]
    negated: bool
    before: list[Part] = field(default_factory=list)
    after: list[Part] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        """Every part but the subject; those that stood in front come last, as a question has it."""
        return [*self.after, *self.before]

    @property
    def plural(self) -> bool:
        """Whether the subject is of more than one."""
        head = self.subject.head
        joined = any(child.dep_ == "conj" for child in head.children)
        return joined or head.tag_ in {"NNS", "NNPS"} or head.lower_ in {"police", "people"}


def render(tokens: Iterable[Token]) -> str:
    """The text of tokens: as it stood where they were neighbours, else with one space."""
    text, last = "", None
    for token in tokens:
        if token.is_space:
            continue
        near = last is not None and token.i == last.i + 1 and not last.whitespace_
        attached = (token.is_punct and token.text in ",.;:)%") or token.text in {
            "'s",
            "’s",
            "'",
            "’",
        }
        if text and not near and not attached:
            text += " "
        text += token.text
        last = token
    return re.sub(r"\s+", " ", text).strip()


def trimmed(head: Token, longest: int = 14) -> list[Token]:
    """The subtree of a token without asides; nothing where it stays longer than `longest`."""
    kept: list[Token] = []
    if any(token.dep_ == "relcl" and token.head.lower_ in _INCOMPLETE for token in head.subtree):
        return []

    def walk(token: Token) -> None:
        for child in token.children:
            if (
                child.dep_ in _ASIDES
                or child.is_space
                or (
                    child.dep_ == "punct"
                    and (child.text not in {"-", "–", "%", "$", "/", "'", "’"})
                )
            ):
                continue
            if child.dep_ == "acl" and child.tag_ == "VBN" and len(list(child.subtree)) > 6:
                continue
            if child.dep_ == "conj" and child.pos_ in {"VERB", "AUX"}:
                continue
            if child.dep_ == "cc" and any(
                c.dep_ == "conj" and c.pos_ in {"VERB", "AUX"} for c in token.children
            ):
                continue
            kept.append(child)
            walk(child)

    kept.append(head)
    walk(head)
    kept.sort(key=lambda token: token.i)
    while kept and kept[-1].dep_ in {"cc", "punct", "preconj"}:
        kept.pop()
    kept = _before_aside(kept, head)
    return kept if len(kept) <= longest else []


def _before_aside(tokens: list[Token], head: Token) -> list[Token]:
    """Cut at an article right after a noun: an aside in a text that has lost its commas."""
    for one, other in itertools.pairwise(tokens):
        if (
            other.lower_ in {"a", "an", "the"}
            and other.i == one.i + 1
            and one.pos_ in {"NOUN", "PROPN"}
            and one.i >= head.i
            and not (other.head.dep_ in {"dobj", "attr", "oprd"} and other.head.head.pos_ == "VERB")
        ):
            return [token for token in tokens if token.i < other.i]
    return tokens


def clauses(doc: Doc) -> Iterator[Clause]:
    """The clauses of a sentence whose verb is finite and whose subject is there."""
    for token in doc:
        if token.pos_ not in {"VERB", "AUX"} or token.dep_ in {"aux", "auxpass"}:
            continue
        if token.text.isupper() or token.dep_ not in {"ROOT", "conj", "ccomp"}:
            continue
        if not _stands(token):
            continue
        clause = _clause(token)
        if clause is not None:
            yield clause


def _stands(token: Token) -> bool:
    """Not inside a condition, a relative clause or a quotation."""
    if any(child.dep_ == "mark" and child.lower_ != "that" for child in token.children):
        return False
    if any(child.tag_ in {"WRB", "WDT", "WP"} for child in token.subtree if child.i < token.i):
        return False
    while token.dep_ != "ROOT":
        if token.dep_ in {"relcl", "advcl", "acl", "pcomp", "csubj", "appos"}:
            return False
        if token.dep_ == "ccomp" and not _affirms(token.head):
            return False
        token = token.head
    return True


def _affirms(verb: Token) -> bool:
    """Whether what the verb introduces is told as so."""
    if verb.lemma_.lower() in _DOUBTS or verb.lower_ in {"if", "whether"}:
        return False
    return not any(child.dep_ == "neg" or child.tag_ == "TO" for child in verb.children)


def _clause(verb: Token) -> Clause | None:
    subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    auxiliaries = [c for c in verb.lefts if c.dep_ in {"aux", "auxpass"}]
    joined = verb.dep_ == "conj" and subject is None and verb.head.dep_ in {"ROOT", "ccomp"}
    if joined and verb.tag_ in {"VBD", "VBZ"} and not auxiliaries:
        subject = next((c for c in verb.head.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is None or subject.i > verb.i:
        return None
    if subject.tag_ in {"WDT", "WP", "EX"} or (
        subject.pos_ == "PRON" and (subject.lower_ not in {"he", "she"})
    ):
        return None
    if (auxiliaries[0] if auxiliaries else verb).tag_ not in _FINITE:
        return None
    if any(aux.lower_ not in _AUXILIARIES and aux.lower_ not in _CONTRACTED for aux in auxiliaries):
        return None
    words = trimmed(subject)
    if not words:
        return None
    clause = Clause(
        verb=verb,
        subject=Part(subject.dep_, subject, words),
        passive=any(aux.dep_ == "auxpass" for aux in auxiliaries),
        auxiliaries=auxiliaries,
        negated=any(c.dep_ == "neg" for c in verb.children),
    )
    _fill(clause)
    return clause


_SKIPPED = frozenset(
    {"nsubj", "nsubjpass", "aux", "auxpass", "neg", "punct", "cc", "conj", "mark", "expl"}
) | _ASIDES - {"advcl"}


def _fill(clause: Clause) -> None:
    for child in clause.verb.children:
        if child.dep_ in _SKIPPED or child.is_space:
            continue
        tokens = trimmed(child, _LONGEST_PART)
        if child.dep_ == "advcl" and tokens:
            tokens = sorted((t for t in child.subtree if not t.is_space), key=lambda token: token.i)
        part = Part(child.dep_, child, tokens)
        (clause.before if child.i < clause.verb.i else clause.after).append(part)


def auxiliary_words(clause: Clause) -> list[str]:
    """The auxiliaries, contractions written out."""
    return [_CONTRACTED.get(aux.lower_, aux.lower_) for aux in clause.auxiliaries]


def third_person(verb: str) -> str:
    """The form that goes with "who".

    >>> [third_person(verb) for verb in ("carry", "have", "push", "hold")]
    ['carries', 'has', 'pushes', 'holds']
    """
    if verb in FORMS:
        return FORMS[verb][1]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


_PAST_OF = {forms[3]: forms[2] for forms in FORMS.values()}
_PARTICIPLE_OF = {forms[2]: forms[3] for forms in FORMS.values()}


def past_of(participle: str) -> str:
    """The past tense of a participle.

    >>> past_of("taken"), past_of("destroyed")
    ('took', 'destroyed')
    """
    return _PAST_OF.get(participle, participle)


def participle_of(past: str) -> str:
    """The participle of a past tense.

    >>> participle_of("took"), participle_of("destroyed")
    ('taken', 'destroyed')
    """
    return _PARTICIPLE_OF.get(past, past)
