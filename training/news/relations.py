"""Questions with the right names on what the text does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.news.changes import has
from training.news.clauses import Clause, Part, clauses, past_of, render
from training.news.corpus import Corpus, Item, clean_name
from training.news.counts import things_of
from training.news.fact import ask
from training.news.grammar import Voice, finished, finite, kept, name_of
from training.news.tables import SAYING
from training.news.unanswer import _DAYISH, _NUMBERISH, Changed

_REASON = re.compile(
    r"\b(?:because|since|due|after|as|so|in response|to \w+|for|over|following|amid|why|reason|"
    r"cause[ds]?|in order|result|thanks|given|when|if|accus\w+)\b"
)
_AGENT = re.compile(r"\b(?:by|blame[ds]?|accus\w+|responsib\w+|claim\w*|suspect\w*|carried out)\b")

# Asked of a kind of name: template, and what the text around must not hold.
_NUMBER, _DAY, _PERSON, _MONEY, _PLACE = "number", "day", "person", "money", "place"
_HOLDER = "holder"
_HOLDS = re.compile(
    r"held|control|hold|captur|seiz|tak(?:e|ing)|took|liberat|stronghold|govern|regime|rebel|"
    r"territor|rule|capital|occup|fall|fell|posit|advanc|forces|army"
)
_TEMPLATES: dict[str, tuple[tuple[str, str], ...]] = {
    "PERSON": (
        ("How old is {name}?", _NUMBER),
        ("When was {name} born?", _DAY),
        ("Where was {name} born?", _PLACE),
        ("Who is {name} married to?", _PERSON),
        ("How many children does {name} have?", _NUMBER),
        ("How much money does {name} earn?", _MONEY),
        ("When did {name} take office?", _DAY),
        ("When did {name} resign?", _DAY),
        ("Who replaced {name}?", _PERSON),
        ("Where did {name} study?", _PLACE),
    ),
    "ORG": (
        ("When was {name} founded?", _DAY),
        ("Who founded {name}?", _PERSON),
        ("Who leads {name}?", _PERSON),
        ("How many people work for {name}?", _NUMBER),
        ("How many members does {name} have?", _NUMBER),
        ("Where is {name} based?", _PLACE),
        ("How much is {name} worth?", _MONEY),
        ("Who owns {name}?", _PERSON),
        ("How much did {name} pay?", _MONEY),
    ),
    "GPE": (
        ("What is the population of {name}?", _NUMBER),
        ("How many people live in {name}?", _NUMBER),
        ("Who is the mayor of {name}?", _PERSON),
        ("How many people died in {name}?", _NUMBER),
        ("How many people were injured in {name}?", _NUMBER),
        ("When did the fighting in {name} begin?", _DAY),
        ("How many people fled {name}?", _NUMBER),
        ("Who controls {name}?", _HOLDER),
        ("Who holds {name}?", _HOLDER),
        ("Who leads the troops in {name}?", _PERSON),
    ),
    "PRODUCT": (
        ("How much does {name} cost?", _MONEY),
        ("When was {name} released?", _DAY),
        ("Who designed {name}?", _PERSON),
        ("How many copies of {name} were sold?", _NUMBER),
    ),
}


def relations(item: Item, corpus: Corpus, voice: Voice) -> Iterator[Changed]:
    """Questions on a sentence's names, and on what its clauses leave out."""
    around = [item, *corpus.neighbours(item)[:4]]
    text = " ".join([corpus.articles[item.article].title, *(near.text for near in around)])
    labels = {label for near in around for label in near.labels()}
    for ent in item.doc.ents:
        name = clean_name(ent.text)
        if not name or ent.label_ not in _TEMPLATES or (ent.label_ == "PERSON" and " " not in name):
            continue
        template, kind = voice.rng.choice(_TEMPLATES[ent.label_])
        if not _told(kind, name, text, around):
            yield Changed(template.format(name=name), item.text, item.context, "relation")
    for clause in clauses(item.doc):
        if clause.negated or clause.verb.lemma_ in SAYING or clause.subject.head.pos_ == "PRON":
            continue
        for question, context in _left_out(clause, item, text, labels, corpus, voice):
            yield Changed(question, item.text, context, "relation")


def _told(kind: str, name: str, text: str, around: list[Item]) -> bool:
    labels = {label for near in around for label in near.labels()}
    if kind == _HOLDER:
        return bool(_HOLDS.search(text))
    if kind in {_NUMBER, _MONEY}:
        return bool(_NUMBERISH.search(text))
    if kind == _DAY:
        return "DATE" in labels or bool(re.search(r"\b[12]\d{3}\b", text))
    if kind == _PLACE:
        return bool(labels & {"GPE", "LOC", "FAC"} - {name}) and bool(labels & {"GPE", "FAC"})
    persons = {e.text for near in around for e in near.doc.ents if e.label_ in {"PERSON", "ORG"}}
    return any(not has(name, person) and not has(person, name) for person in persons)


def _left_out(
    clause: Clause, item: Item, text: str, labels: set[str], corpus: Corpus, voice: Voice
) -> Iterator[tuple[str, str]]:
    context = item.context
    if not _REASON.search(text.lower()):
        yield _maybe(ask(clause, voice, "Why", ())), context
    if not _NUMBERISH.search(text):
        for part in [clause.subject, *(p for p in clause.after if p.dep == "dobj")]:
            if part.head.tag_ != "NNS" or not part.head.text.isalpha():
                continue
            things = things_of(part.head, part.head, voice)
            rest = kept(clause, voice)
            if part is clause.subject and rest:
                verb = finite(clause, True, voice)
                yield _maybe(finished(f"How many {_plain(part)} {verb} {rest}", False)), context
            elif part is not clause.subject and things:
                yield _maybe(ask(clause, voice, f"How many {_plain(part)}", (part,))), context
    dated = corpus.articles[item.article].date
    if not labels & {"DATE", "TIME"} and not _DAYISH.search(text):
        yield _maybe(ask(clause, voice, "When", ())), context.replace(f" ({dated})", "")
    if not labels & {"GPE", "LOC", "FAC"} and not re.search(r"\b(?:in|at|near|on)\b", item.text):
        yield _maybe(ask(clause, voice, "Where", ())), context
    yield _maybe(_who_did(clause, text, voice)), context


def _plain(part: Part) -> str:
    return render([t for t in part.tokens if t.dep_ not in {"det", "poss", "predet"}][:6])


def _who_did(clause: Clause, text: str, voice: Voice) -> str | None:
    """Of "30 people were killed": who killed 30 people? Only where no doer is named."""
    auxiliaries = [aux.lower_ for aux in clause.auxiliaries]
    if not clause.passive or auxiliaries not in (["was"], ["were"]) or _AGENT.search(text):
        return None
    rest = kept(clause, voice)
    patient = name_of(clause.subject, voice)
    if rest is None or not patient:
        return None
    return finished(f"Who {past_of(clause.verb.lower_)} {patient} {rest}", False)


def _maybe(question: str | None) -> str:
    return question or ""
