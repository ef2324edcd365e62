"""Questions on who holds a place or a post, and long ones that join what an article tells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

from training.news.ask import Fact
from training.news.clauses import clauses, render, trimmed
from training.news.grammar import Voice, finished, finite, kept
from training.news.tables import SAYING, TITLES

_HELD = re.compile(r"\b(\w[\w-]*?)-(?:held|controlled) ((?:[a-z]+ )?[A-Z][\w-]+(?: [A-Z][\w-]+)?)")
_HOLDING = frozenset({"control", "hold", "seize", "capture", "retake", "recapture"})
_COMPASS = re.compile(r"^(?:north|south|east|west|northern|southern|eastern|western|central)\b")


def roles(doc: Doc, voice: Voice) -> Iterator[Fact]:
    """Questions on holders and posts."""
    yield from _held_by_word(doc, voice)
    yield from _held_by_clause(doc, voice)
    yield from _posts(doc, voice)


def _who_holds(place: str, voice: Voice) -> str:
    verb = voice.rng.choice(["controls", "holds", "is in control of"])
    question = f"Who {verb} {place}?"
    return question.lower() if voice.chance(0.5) else question


def _held_by_word(doc: Doc, voice: Voice) -> Iterator[Fact]:
    for match in _HELD.finditer(doc.text):
        holder, place = match.groups()
        first = place.split()[0]
        if first.islower() and not _COMPASS.match(first):
            continue
        span = doc.char_span(*match.span(2), alignment_mode="expand")
        if span is None or not any(token.ent_type_ in {"GPE", "LOC", "FAC"} for token in span):
            continue
        cut = [(match.start(), match.start(2))]
        yield Fact(_who_holds(place, voice), "controls", holder, cut)


def _held_by_clause(doc: Doc, voice: Voice) -> Iterator[Fact]:
    for clause in clauses(doc):
        if clause.verb.lemma_.lower() not in _HOLDING or clause.negated or clause.passive:
            continue
        modal = any(aux.tag_ in {"MD", "TO"} for aux in clause.auxiliaries)
        progressive = clause.verb.tag_ == "VBG" and clause.verb.lemma_ != "hold"
        if modal or progressive or clause.subject.head.pos_ == "PRON":
            continue
        for part in clause.after:
            if part.dep != "dobj" or not 1 <= len(part.tokens) <= 6:
                continue
            if any(token.ent_type_ in {"GPE", "LOC", "FAC"} for token in part.tokens):
                yield Fact(
                    _who_holds(part.text, voice), "controls", clause.subject.text, clause=clause
                )


def _posts(doc: Doc, voice: Voice) -> Iterator[Fact]:
    for person in doc.ents:
        if person.label_ != "PERSON" or len(person) < 2 or "\n" in person.text:
            continue
        yield from _post_beside(doc, person, voice)
        yield from _post_before(doc, person, voice)


def _post_beside(doc: Doc, person: Span, voice: Voice) -> Iterator[Fact]:
    """Of "Peter Salama, head of the programme": who is head of the programme?"""
    for post in person.root.children:
        if post.dep_ != "appos" or post.lemma_.lower() not in TITLES or post.i < person.end:
            continue
        tokens = trimmed(post)
        if len(tokens) < 3 or any(token.tag_ == "PRP$" for token in tokens):
            continue
        words = render(tokens)
        words = words if re.match(r"(?:the|a|an) ", words) else f"the {words}"
        cut = [(person[-1].idx + len(person[-1]), tokens[-1].idx + len(tokens[-1]))]
        yield from _post_questions(person.text, words, cut, voice)


def _post_before(doc: Doc, person: Span, voice: Voice) -> Iterator[Fact]:
    """Of "Homs Governor Talal Barazi": who is the Homs governor?"""
    start = person.start
    while (
        start > 0
        and doc[start - 1].dep_ in {"compound", "nmod"}
        and doc[start - 1].head.i < person.end
    ):
        start -= 1
    before = doc[start : person.start]
    if len(before) < 2 or before[-1].lemma_.lower() not in TITLES:
        return
    words = f"the {before.text[0].upper() if before[0].pos_ == 'PROPN' else before.text[0]}"
    words += (
        before.text[1:]
        if before[-1].text.islower()
        else f"{before[:-1].text} {before[-1].lower_}"[1:]
    )
    cut = [(before[0].idx, person[0].idx)]
    yield from _post_questions(person.text, words, cut, voice)


def _post_questions(
    person: str, post: str, cut: list[tuple[int, int]], voice: Voice
) -> Iterator[Fact]:
    if voice.chance(0.5):
        question = finished(f"Who is {post}", True)
        if question:
            yield Fact(question, "who_is", person, cut)
        return
    question = voice.rng.choice(
        [f"Who is {person}?", f"What is {person}'s position?", f"What post does {person} hold?"]
    )
    yield Fact(question, "what_post", post, cut)


@dataclass(slots=True)
class Known:
    """What an article tells about one name: (predicate, index of the sentence)."""

    label: str
    told: list[tuple[str, int]] = field(default_factory=list)


def told_of(docs: list[tuple[int, Doc]], voice: Voice) -> dict[str, Known]:
    """Predicates by the name that is their subject."""
    known: dict[str, Known] = defaultdict(lambda: Known(""))
    for index, doc in docs:
        for clause in clauses(doc):
            head = clause.subject.head
            if head.pos_ != "PROPN" or head.ent_type_ not in {"PERSON", "ORG"}:
                continue
            if clause.verb.lemma_.lower() in SAYING or clause.negated:
                continue
            if any(child.dep_ == "conj" for child in head.children):
                continue
            rest, verb = kept(clause, voice), finite(clause, False, voice)
            name = clause.subject.text
            if (
                not rest
                or not verb
                or name in rest
                or finished(f"Who {verb} {rest}", False) is None
            ):
                continue
            entry = known[name]
            entry.label = entry.label or head.ent_type_
            if all(index != other for _, other in entry.told):
                entry.told.append((f"{verb} {rest}", index))
    return {name: entry for name, entry in known.items() if len(entry.told) >= 2}


def long_question(known: Known, told: list[str], outlet: str, category: str, voice: Voice) -> str:
    """A question in a researcher's manner that joins what is told."""
    kinds = {"technology": "company", "business": "company", "sports": "team"}
    kind = "individual" if known.label == "PERSON" else kinds.get(category, "organization")
    joined = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 2 else " and ".join(told)
    ask = voice.rng.choice(
        [
            "Who is the individual who {told}, according to {outlet}?",
            "Which {kind}, according to {outlet}, {told}?",
            "Which {kind}, as reported by {outlet}, {told}?",
            "What is the name of the {kind} that {told}?",
            "Which {kind} {told}?",
        ][(0 if kind == "individual" else 1) :]
    )
    return ask.format(told=joined, kind=kind, outlet=outlet)
