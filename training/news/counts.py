"""Questions for a number: how many, how much."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from training.news.clauses import Clause, Part, render, trimmed
from training.news.fact import Fact, ask, span_of, whole
from training.news.grammar import Voice, finished, finite, kept, name_of
from training.news.tables import HARM_NOUNS, NOUN_SYNONYMS

_UNITS = frozenset(
    """
        percent points years minutes km kilometers kilometres miles meters metres feet inches kg
        tonnes tons times cents yards hours days weeks months seconds mph degrees pounds dollars
    """.split()
)
_MANY = frozenset(["dozens", "hundreds", "thousands", "scores", "tens"])


def count_questions(clause: Clause, voice: Voice) -> Iterator[Fact]:
    """Questions for the numbers and sums of a clause."""
    for part in [clause.subject, *(p for p in clause.after if p.dep == "dobj")]:
        counted = _counted(part.head)
        if counted is None:
            continue
        number, noun = counted
        things = things_of(noun, number, voice)
        cut = [
            span_of(whole(number))
            if number.dep_ == "nummod"
            else (number.idx, noun.idx if noun.n_lefts == 0 else whole(noun)[0].idx)
        ]
        answer = render(whole(number)) if number.dep_ == "nummod" else number.text
        for question in _count_questions(clause, part, things, voice):
            yield Fact(question, "count", answer, cut, clause, vague="several")
    yield from _casualties(clause, voice)
    yield from _how_much(clause, voice)


def _counted(head: Token) -> tuple[Token, Token] | None:
    """The number and the noun that it counts."""
    if head.lower_ in _MANY:
        of = next((c for c in head.children if c.lower_ == "of"), None)
        noun = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
        return (head, noun) if noun is not None and noun.tag_ == "NNS" else None
    plural = head.tag_ == "NNS" or head.lower_ == "people"
    number = next((c for c in head.children if c.dep_ == "nummod"), None)
    if not plural or number is None or number.ent_type_ in {"DATE", "TIME", "MONEY", "PERCENT"}:
        return None
    if number.lower_ == "one" or head.lower_ in _UNITS:
        return None
    return number, head


def things_of(noun: Token, number: Token, voice: Voice) -> str:
    """What is counted, without its number, in all or a part of its words."""
    inside = {t.i for t in number.subtree} if number.dep_ == "nummod" else {number.i}
    words = [t for t in trimmed(noun) if t.i not in inside and t.dep_ not in {"det", "predet"}] or [
        noun
    ]
    if voice.chance(0.4):
        words = [t for t in words if t.i <= noun.i and (t.i >= noun.i - 1 or t.ent_type_)]
    if voice.chance(0.2) and noun.lower_ in NOUN_SYNONYMS and len(words) == 1:
        return NOUN_SYNONYMS[noun.lower_]
    return render(words)


def _count_questions(clause: Clause, part: Part, things: str, voice: Voice) -> Iterator[str]:
    killed = clause.verb.lemma_.lower() == "kill"
    if part is clause.subject:
        rest = kept(clause, voice)
        verb = finite(clause, True, voice)
        auxiliaries = [aux.lower_ for aux in clause.auxiliaries]
        if killed and auxiliaries in (["was"], ["were"]) and voice.chance(0.35):
            verb = "died" if not clause.negated else verb
        question = finished(f"How many {things} {verb} {rest}", False) if rest and verb else None
    elif killed and clause.subject.head.lemma_.lower() in HARM_NOUNS and voice.chance(0.5):
        verb = voice.rng.choice(["died", "were killed", "lost their lives"])
        question = finished(f"How many {things} {verb} in {name_of(clause.subject, voice)}", True)
    else:
        question = ask(clause, voice, f"How many {things}", (part,))
    if question:
        yield question


def _casualties(clause: Clause, voice: Voice) -> Iterator[Fact]:
    """Of "..., killing 12 people": how many were killed when ..."""
    for part in clause.after:
        verb = part.head
        if part.dep not in {"advcl", "xcomp"} or verb.lemma_.lower() not in {
            "kill",
            "wound",
            "injure",
        }:
            continue
        noun = next((c for c in verb.children if c.dep_ == "dobj"), None)
        counted = _counted(noun) if noun is not None else None
        if verb.tag_ != "VBG" or counted is None or clause.negated:
            continue
        number, noun = counted
        rest, subject = kept(clause, voice, (part,)), name_of(clause.subject, voice)
        done = {"kill": "were killed", "wound": "were wounded", "injure": "were injured"}
        things = things_of(noun, number, voice)
        how = f"How many {things} {done[verb.lemma_.lower()]}"
        if clause.subject.head.lemma_.lower() in HARM_NOUNS and voice.chance(0.4):
            question = finished(f"{how} in {subject}", True)
        else:
            acts = finite(clause, clause.plural, voice)
            question = finished(f"{how} when {subject} {acts} {rest}", True) if rest else None
        if question and subject:
            cut = [span_of(whole(number))]
            yield Fact(question, "count", number.text, cut, clause, vague="several")


def _how_much(clause: Clause, voice: Voice) -> Iterator[Fact]:
    for part in clause.after:
        if part.dep == "dobj" and part.head.ent_type_ == "MONEY":
            question = ask(clause, voice, "How much", (part,))
            if question:
                yield Fact(question, "how_much", part.text, clause=clause)
