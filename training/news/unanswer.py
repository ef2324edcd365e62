"""A question that a sentence answers, changed until the sentence no longer answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from training.news.changes import (
    add_condition,
    cut_spans,
    has,
    other_name,
    replace,
    swap_day,
    swap_number,
    swap_opposite,
    words_of,
)
from training.news.clauses import participle_of
from training.news.corpus import NAME_LABELS, PLACE_LABELS, Corpus, Item, clean_name
from training.news.fact import Fact
from training.news.grammar import Voice, decapitalised
from training.news.tables import MONTHS, SAYING, WEEKDAYS


@dataclass(slots=True)
class Changed:
    """A question and a sentence in its context of which one was changed, and by what rule."""

    question: str
    sentence: str
    context: str
    kind: str


def swaps(fact: Fact, item: Item, corpus: Corpus, voice: Voice) -> Iterator[tuple[str, str, str]]:
    """Words of both question and sentence with what may stand in their place: old, new, kind."""
    unseen = f"{item.text} {item.context} {fact.question}"
    for ent in item.doc.ents:
        name = clean_name(ent.text)
        if not name or not has(fact.question, name):
            continue
        kind = "swap_name" if ent.label_ in NAME_LABELS else "swap_place"
        if ent.label_ not in NAME_LABELS | PLACE_LABELS:
            continue
        near = corpus.names_of[item.article].get(ent.label_, [])
        new = other_name(name, near, corpus.names.get(ent.label_, []), unseen, voice.rng)
        if new:
            yield name, new, kind
    number = swap_number(fact.question, item.text, voice.rng)
    if number:
        yield (*number, "swap_date" if re.fullmatch(r"(?:19|20)\d\d", number[0]) else "swap_number")
    day = swap_day(fact.question, item.text, voice.rng)
    if day:
        yield (*day, "swap_date")
    opposite = swap_opposite(fact.question, item.text, voice.rng)
    if opposite and fact.kind not in {"yes_no", "denial"}:
        yield (*opposite, "antonym")


def changes(fact: Fact, item: Item, corpus: Corpus, voice: Voice) -> Iterator[Changed]:
    """Every unanswerable twin of an answered question."""
    for old, new, kind in swaps(fact, item, corpus, voice):
        question = replace(fact.question, old, new)
        if question != fact.question:
            yield Changed(question, item.text, item.context, kind)
    yield from sentence_changes(fact, item, voice)
    condition = false_condition(fact, item, corpus, voice)
    if condition and fact.kind not in {"yes_no", "denial"}:
        question = add_condition(fact.question, condition)
        yield Changed(question, item.text, item.context, "condition")


def sentence_changes(fact: Fact, item: Item, voice: Voice) -> Iterator[Changed]:
    """The same question beside a sentence that lost its answer, or denies it."""
    shorter = _cut(fact, item, voice) or _without_agent(fact, item, voice)
    if shorter:
        yield Changed(fact.question, shorter, item.context, "cut")
    denied = _denied(fact, item)
    if denied and fact.kind not in {"yes_no", "denial"}:
        yield Changed(fact.question, denied, item.context, "negated")


_NUMBERISH = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|scores|hundreds?|"
    r"thousands?|million|both|several)\b",
    re.IGNORECASE,
)
_DAYISH = re.compile(
    rf"\b(?:{'|'.join(WEEKDAYS + MONTHS)}|today|yesterday|tomorrow|weeks?|months?|years?|days?|"
    r"morning|"
    r"night|evening|weekend|hours?|[12]\d{3}|dawn|season|spring|summer|autumn|winter)\b",
    re.IGNORECASE,
)


def _cut(fact: Fact, item: Item, voice: Voice) -> str:
    if not fact.cut:
        return ""
    vague = fact.vague if voice.chance(0.4) else ""
    shorter = cut_spans(item.text, fact.cut, vague)
    if len(shorter.split()) < 5 or shorter == item.text:
        return ""
    beside = f"{shorter} {item.context.partition(').')[2]}"
    if fact.kind == "count" and _NUMBERISH.search(beside.replace("several", "")):
        return ""
    if fact.kind in {"when", "how_long"} and _DAYISH.search(beside):
        return ""
    if fact.kind == "where" and _place_left(fact, item):
        return ""
    if fact.kind in {"who_is", "what_post"} and any(
        has(item.context, w) for w in words_of(fact.answer)
    ):
        return ""
    missing = words_of(fact.answer) - words_of(fact.question)
    return "" if missing and any(has(f"{shorter} {item.context}", w) for w in missing) else shorter


def _place_left(fact: Fact, item: Item) -> bool:
    start, end = fact.cut[0]
    return any(
        ent.label_ in PLACE_LABELS
        and not start <= ent.start_char < end
        and not has(fact.question, ent.text)
        for ent in item.doc.ents
    )


def turned(fact: Fact, item: Item, with_agent: bool) -> str:
    """The active sentence in the passive: "The rebels took Homs." -> "Homs was taken ..."."""
    clause = fact.clause
    if fact.kind != "subject" or clause is None or clause.auxiliaries or clause.negated:
        return ""
    verb = clause.verb
    patient = next((p for p in clause.after if p.dep == "dobj"), None)
    if verb.dep_ != "ROOT" or verb.tag_ != "VBD" or patient is None or clause.before:
        return ""
    if verb.lemma_ in {"have", "become", "say", "tell"} or clause.subject.head.pos_ == "PRON":
        return ""
    agent = _subtree(clause.subject.head)
    thing = _subtree(patient.head)
    if agent[0].i != 0 or agent[-1].i != verb.i - 1 or thing[0].i != verb.i + 1:
        return ""
    if any(t.lower_ in {"their", "his", "her", "its", "it", "them", "themselves"} for t in thing):
        return ""
    rest = item.text[thing[-1].idx + len(thing[-1]) :].strip()
    many = patient.head.tag_ in {"NNS", "NNPS"} or patient.head.lower_ == "people"
    words = item.text[thing[0].idx : thing[-1].idx + len(thing[-1])]
    by = f" by {decapitalised(agent)}" if with_agent else ""
    text = f"{words} {'were' if many else 'was'} {participle_of(verb.lower_)}{by} {rest}"
    text = re.sub(r"\s+([,.])", r"\1", text)
    return text[0].upper() + text[1:]


def _without_agent(fact: Fact, item: Item, voice: Voice) -> str:
    text = turned(fact, item, with_agent=False)
    gone = words_of(fact.answer)
    return "" if not text or any(has(f"{text} {item.context}", word) for word in gone) else text


def _subtree(token: Token) -> list[Token]:
    return sorted(token.subtree, key=lambda t: t.i)


def _denied(fact: Fact, item: Item) -> str:
    clause = fact.clause
    if clause is None or clause.negated:
        return ""
    verb, text = clause.verb, item.text
    if verb.lemma_ in SAYING and fact.kind in {"who_said", "what_said"}:
        if verb.tag_ not in {"VBD", "VBZ"}:
            return ""
        denies = "denied that" if verb.tag_ == "VBD" else "denies that"
        rest = re.sub(r"^\s*that\b", "", text[verb.idx + len(verb) :])
        rest = re.sub(r"^ on (\w+day) ", r" ", rest)
        return f"{text[: verb.idx]}{denies}{rest}"
    first = clause.auxiliaries[0] if clause.auxiliaries else verb
    if clause.auxiliaries or verb.lemma_ == "be":
        end = first.idx + len(first)
        return "" if first.lower_.startswith(("'", "’")) else f"{text[:end]} not{text[end:]}"
    if verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return ""
    helper = {"VBD": "did", "VBZ": "does", "VBP": "do"}[verb.tag_]
    end = verb.idx + len(verb)
    return f"{text[: verb.idx]}{helper} not {verb.lemma_.lower()}{text[end:]}"


def false_condition(fact: Fact, item: Item, corpus: Corpus, voice: Voice) -> str:
    """A day or a place of which the article says nothing."""
    article = corpus.articles[item.article]
    whole = f"{article.title} {article.date} {' '.join(article.sentences)}"
    if len(fact.question.split()) > 16:
        return ""
    if (
        voice.chance(0.5)
        and fact.kind not in {"when", "how_long"}
        and not _DAYISH.search(fact.question)
    ):
        month, year = voice.rng.choice(MONTHS), str(voice.rng.randint(2009, 2023))
        day = voice.rng.randint(1, 28)
        if year in whole:
            return ""
        return voice.rng.choice([f"in {month} {year}", f"in {year}", f"on {day} {month} {year}"])
    near_names = corpus.names_of[voice.rng.randrange(len(corpus.articles))]
    places = near_names.get("GPE", [])
    if fact.kind == "where" or not places:
        return ""
    place = voice.rng.choice(places)
    return "" if has(whole, place) or " in " in fact.question[-25:] else f"in {place}"


def true_condition(fact: Fact, item: Item, corpus: Corpus) -> str:
    """The month of the report, which stands in the context."""
    date = corpus.articles[item.article].date
    if not date or _DAYISH.search(fact.question) or _DAYISH.search(item.text):
        return ""
    if fact.kind in {"when", "how_long", "who_is", "what_is", "what_post", "controls"}:
        return ""
    return f"in {date.partition(' ')[2]}" if len(fact.question.split()) < 15 else ""
