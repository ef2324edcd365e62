"""Questions on who holds a place or a post."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Span

from training.news.clauses import clauses, render, trimmed
from training.news.fact import Fact
from training.news.grammar import Voice, finished
from training.news.tables import TITLES

_HELD = re.compile(
    r"\b((?:[A-Z]\w+ )?\w[\w-]*?)-(?:held|controlled) "
    r"((?:(?:town|village|district|city|neighbou?rhood|suburb|province|area) of )?"
    r"(?:[a-z]+ )?[A-Z][\w-]+(?: [A-Z][\w-]+)?)"
)
_HOLDING = frozenset({"control", "hold", "seize", "capture", "retake", "recapture"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
_SITES = frozenset(
    """
        town city village district province area airbase base airport road highway countryside
        neighborhood neighbourhood suburb region bridge hill camp stronghold territory
    """.split()
)
_TAKE = (
    r"(?:re-?take|re-?capture|capture|seize|take|liberate|recover|take control of|regain|"
    r"regain control of|win back|wrest) "
)
# "resumed attempts to re-take X from Y": Y still holds X.
_ATTEMPT = re.compile(
    rf"\b(?:attempts?|trying|tried|seeking|sought|aim\w*|battle|fight\w*|offensive|operation|push\w*|"
    rf"plan\w*|hop\w+|want\w*|bid|campaign|assault|prepar\w+|vowed) to {_TAKE}"
    r"((?:(?!from)[\w'’-]+ ){1,7}?)from (?:the )?((?:[A-Z]\w*[ -]?)+(?:group|terrorists|militants|"
    r"fighters|rebels)?|rebels|jihadists|militants|insurgents|terrorists|government forces)"
)
_COMPASS = re.compile(r"^(?:north|south|east|west|northern|southern|eastern|western|central)\b")


def roles(doc: Doc, voice: Voice) -> Iterator[Fact]:
    """Questions on holders and posts."""
    yield from _held_by_word(doc, voice)
    yield from _held_by_clause(doc, voice)
    for match in _ATTEMPT.finditer(doc.text):
        place, holder = match.group(1).strip(), match.group(2).strip()
        if not re.search(r"\b(?:it|them|this|areas?|more|parts?)\b", place):
            yield Fact(_who_holds(place, voice), "controls", holder, [(match.end(1), match.end(2))])
    yield from _posts(doc, voice)


def _who_holds(place: str, voice: Voice) -> str:
    verb = voice.rng.choice(["controls", "holds", "is in control of"])
    question = f"Who {verb} {place}?"
    return question.lower() if voice.chance(0.5) else question


def _held_by_word(doc: Doc, voice: Voice) -> Iterator[Fact]:
    for match in _HELD.finditer(doc.text):
        holder, place = match.groups()
        first = place.split()[0]
        if first.islower() and not _COMPASS.match(first) and " of " not in place:
            continue
        span = doc.char_span(*match.span(2), alignment_mode="expand")
        if span is None or not any(token.ent_type_ in {"GPE", "LOC", "FAC"} for token in span):
            continue
        cut = [(match.start(), match.start(2))]
        asked = f"the {place}" if " of " in place else place
        yield Fact(_who_holds(asked, voice), "controls", holder, cut)


def _held_by_clause(doc: Doc, voice: Voice) -> Iterator[Fact]:
    for clause in clauses(doc):
        if clause.verb.lemma_.lower() not in _HOLDING or clause.negated or clause.passive:
            continue
        modal = any(aux.tag_ in {"MD", "TO"} for aux in clause.auxiliaries)
        progressive = clause.verb.tag_ == "VBG" and clause.verb.lemma_ != "hold"
        if modal or progressive or clause.subject.head.pos_ == "PRON":
            continue
        if any(part.dep == "prep" and part.head.lower_ == "to" for part in clause.after):
            continue
        for part in clause.after:
            if part.dep != "dobj" or not 1 <= len(part.tokens) <= 6 or not part.text[0].isalpha():
                continue
            if part.head.ent_type_ in _PLACES or (
                part.head.lemma_.lower() in _SITES
                and any(token.ent_type_ in _PLACES for token in part.tokens)
            ):
                place = part.text.partition(" from ")[0]
                yield Fact(_who_holds(place, voice), "controls", clause.subject.text, clause=clause)


def _posts(doc: Doc, voice: Voice) -> Iterator[Fact]:
    for person in doc.ents:
        if person.label_ != "PERSON" or len(person) < 2 or "\n" in person.text:
            continue
        yield from _post_beside(doc, person, voice)
        yield from _post_before(doc, person, voice)


def _post_beside(doc: Doc, person: Span, voice: Voice) -> Iterator[Fact]:
    """Asks, of "Peter Salama, head of the programme", who the head is."""
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
    """Asks, of "Homs Governor Talal Barazi", who the governor is."""
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
