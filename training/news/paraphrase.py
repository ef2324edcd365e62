"""The same facts asked for in other words: nouns for verbs, set phrases, key words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Span, Token

from training.news.clauses import Clause, clauses
from training.news.corpus import clean_name
from training.news.fact import Fact, span_of
from training.news.grammar import Voice, finished, name_of
from training.news.tables import COUNTRIES

_RAIDS = {
    "attack": "attack on",
    "strike": "strike on",
    "target": "attack on",
    "bomb": "bombing of",
    "bombard": "bombardment of",
    "shell": "shelling of",
    "seize": "capture of",
    "capture": "capture of",
    "kill": "killing of",
    "arrest": "arrest of",
    "buy": "purchase of",
    "acquire": "acquisition of",
    "launch": "launch of",
    "release": "release of",
    "announce": "announcement of",
}
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_AGE = re.compile(r"^, (\d\d),")
_NAME = r"[A-Z][\w.]+(?: [A-Z][\w.]+)?"
_PERSON = r"[A-Z][\w.'’-]+(?: [A-Z][\w'’-]+)+"
_BASED = re.compile(rf"\b({_NAME})-based (?:[a-z]+ ){{0,3}}([A-Z]\w+(?: [A-Z]\w+){{0,3}})")
_BASED_IN = re.compile(
    r"\b([A-Z]\w+(?: [A-Z]\w+){0,3}), (?:which is |a \w+ )?based in ([A-Z][\w ]+?)[,.]"
)
_FOUNDER = re.compile(rf"\b({_NAME})(?:'s|’s)? (?:co-?)?founder(?: and CEO)?,? ({_PERSON})")
_CHIEF = re.compile(
    rf"\b({_NAME})(?:'s|’s)? "
    rf"(?:CEO|chief executive|chairman|leader|boss|director) ({_PERSON})"
)
_ABOUT = r"(?:at least|more than|over|around|about|some|nearly) "
_SO_MANY = (
    r"(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|dozens of|hundreds of|scores of)"
)
_DEAD = re.compile(
    rf"\b((?:{_ABOUT})?{_SO_MANY}) (?:\w+ ){{0,2}}?(?:were|have been|had been|was|are) killed|"
    rf"\bkill(?:s|ed|ing) ((?:{_ABOUT})?{_SO_MANY}) (?!ISIL|ISIS|Daesh)"
)


def paraphrases(doc: Doc, voice: Voice) -> Iterator[Fact]:
    """Questions that share names with a sentence, but few other words."""
    yield from _dead(doc, voice)
    for clause in clauses(doc):
        yield from _deeds(clause, voice)
    yield from _phrases(doc, voice)


def _place(doc: Doc) -> Span | None:
    found = [
        ent
        for ent in doc.ents
        if ent.label_ in _PLACES
        and clean_name(ent.text)
        and ent.text.lower() not in COUNTRIES
        and not re.search(r"\bState\b|Monitor|Observatory", ent.text)
    ]
    return found[0] if found else None


def _dead(doc: Doc, voice: Voice) -> Iterator[Fact]:
    found = list(_DEAD.finditer(doc.text))
    place = _place(doc)
    if len(found) != 1 or place is None or "not" in doc.text:
        return
    group = 1 if found[0].group(1) else 2
    name = clean_name(place.text)
    question = voice.rng.choice(
        [
            "What was the death toll in {name}?",
            "How many people died in {name}?",
            "How many were killed in {name}?",
            "How many people lost their lives in {name}?",
            "Number of people killed in {name}",
            "What is the death toll from the attack in {name}?",
            "how many dead in {name}",
        ]
    ).format(name=name)
    number = found[0].group(group)
    yield Fact(question, "toll", number, [found[0].span(group)], vague="several")


def _deeds(clause: Clause, voice: Voice) -> Iterator[Fact]:
    lemma = clause.verb.lemma_.lower()
    if lemma not in _RAIDS or clause.negated or clause.passive:
        return
    if any(aux.tag_ == "MD" for aux in clause.auxiliaries) or clause.subject.head.pos_ == "PRON":
        return
    thing = next((part for part in clause.after if part.dep == "dobj" and part.tokens), None)
    if thing is None or not any(token.ent_type_ for token in thing.tokens) or len(thing.tokens) > 7:
        return
    deed = f"the {_RAIDS[lemma]} {thing.text}"
    actor = clause.subject.head
    if lemma not in {"announce", "release", "launch"} and (actor.ent_type_ or actor.tag_ == "NNS"):
        word = voice.rng.choice(
            ["Who was behind", "Who carried out", "Who was responsible for", "Who was involved in"]
        )
        question = finished(f"{word} {deed}", True)
        if question:
            yield Fact(question, "deed_by", clause.subject.text, clause=clause)
    day = next((part for part in clause.parts if _is_day(part.head)), None)
    if day is not None:
        question = finished(
            voice.rng.choice(["When was", "What was the date of"]) + f" {deed}", True
        )
        if question:
            whole = sorted(day.head.subtree, key=lambda token: token.i)
            yield Fact(question, "when", day.text, [span_of(whole)], clause)
    subject = name_of(clause.subject, voice)
    if voice.chance(0.25) and actor.ent_type_ and subject:
        yield Fact(
            f"{subject} {_RAIDS[lemma]} {thing.text}".lower(),
            "keywords",
            clause.subject.text,
            clause=clause,
        )


def _is_day(head: Token) -> bool:
    inside = [head, *(child for child in head.children if child.dep_ == "pobj")]
    return head.dep_ in {"npadvmod", "prep"} and any(token.ent_type_ == "DATE" for token in inside)


def _phrases(doc: Doc, voice: Voice) -> Iterator[Fact]:
    text = doc.text
    for ent in doc.ents:
        age = _AGE.match(text[ent.end_char :])
        if ent.label_ == "PERSON" and age and " " in ent.text:
            start = ent.end_char
            span = (start + age.start(), start + age.end(1))
            ask = voice.rng.choice([f"How old is {ent.text}?", f"What is {ent.text}'s age?"])
            yield Fact(ask, "age", age.group(1), [span])
    for pattern, where, who in ((_BASED, 1, 2), (_BASED_IN, 2, 1)):
        for match in pattern.finditer(text):
            name = _organisation(doc, match.start(who))
            if name:
                ask = voice.rng.choice(["Where is {name} based?", "Where is {name} headquartered?"])
                yield Fact(ask.format(name=name), "based", match.group(where))
    for match in _FOUNDER.finditer(text):
        name = _organisation(doc, match.start(1))
        if name:
            cut = [(match.end(1), match.end(2))]
            yield Fact(f"Who founded {name}?", "founder", match.group(2), cut)
    for match in _CHIEF.finditer(text):
        ask = voice.rng.choice(
            ["Who leads {name}?", "Who runs {name}?", "Who is the head of {name}?"]
        )
        name = _organisation(doc, match.start(1))
        if name:
            yield Fact(ask.format(name=name), "leads", match.group(2))


def _organisation(doc: Doc, start: int) -> str:
    """The organisation whose name stands there."""
    for ent in doc.ents:
        if ent.label_ in {"ORG", "PERSON"} and ent.start_char <= start < ent.end_char:
            name = clean_name(ent.text)
            return "" if name.endswith("ys") or name == "Observatory" else name
    return ""
