"""Long questions, in a researcher's manner, that join what one or more articles tell of a name."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from training.news.changes import overlap, replace
from training.news.clauses import Clause, clauses
from training.news.corpus import Corpus, Item, clean_name
from training.news.drafts import Draft
from training.news.fact import Fact
from training.news.grammar import Voice, finished, finite, kept
from training.news.tables import SAYING
from training.news.unanswer import swaps

_MOST_OF_ONE = 14  # questions on one name
_KIND = {"technology": "company", "business": "company", "sports": "team"}


@dataclass(frozen=True, slots=True)
class Told:
    """What one sentence tells of a name: the predicate and its place."""

    words: str
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Topic:
    """A name with its label and the section of the news that it stands in."""

    name: str
    label: str
    kind: str


def long_drafts(corpus: Corpus, seed: int) -> Iterator[Draft]:
    """Groups with long questions, and their twins in which each part was changed."""
    for topic, told in _topics(corpus, seed).items():
        rng = random.Random(f"{seed} {topic.name}")
        voice = Voice(rng, "", "")
        for _ in range(min(_MOST_OF_ONE, len(told) - 1)):
            chosen = _choose(told, rng)
            if len(chosen) < 2:
                continue
            question, kind = _question(topic, chosen, corpus, voice)
            texts = [_text(corpus, one.place) for one in chosen]
            answer = topic.name if kind == "long" else ""
            others = [one for one in told if one not in chosen]
            draft = Draft(question, kind, chosen[0].place, answer, texts)
            if others:
                other = _text(corpus, rng.choice(others).place)
                if all(overlap(other[0], text) < 0.5 for text, _ in texts):
                    draft.negatives.append((*other, "same_name"))
            yield draft
            twin = _twin(question, chosen, corpus, voice)
            if twin:
                tempting = [(*text, "swap_name") for text in texts]
                yield Draft(twin, f"swap_{kind}", chosen[0].place, negatives=tempting)


def _topics(corpus: Corpus, seed: int) -> dict[Topic, list[Told]]:
    found: dict[Topic, list[Told]] = defaultdict(list)
    for number, article in enumerate(corpus.articles):
        voice = Voice(random.Random(f"{seed} {article.id} long"), "", article.category)
        full = {
            name.split()[-1]: name
            for name in corpus.names_of[number].get("PERSON", ())
            if " " in name
        }
        for item in corpus.plain_of(number):
            for clause in clauses(item.doc):
                topic = _topic(clause, full, article.category, corpus.referent(item))
                words = _predicate(clause, voice) if topic else ""
                if topic and topic.name in article.source:
                    continue  # an outlet on itself
                if topic and words and topic.name.split()[-1] not in words:
                    found[topic].append(Told(words, (item.article, item.index)))
    return {topic: told for topic, told in found.items() if len({t.place for t in told}) >= 2}


def _topic(clause: Clause, full: dict[str, str], category: str, referent: str) -> Topic | None:
    head = clause.subject.head
    if head.pos_ == "PRON" and referent:
        name = full.get(referent, referent)
        return Topic(name, "PERSON", "individual") if " " in name else None
    joined = any(child.dep_ == "conj" for child in head.children)
    if head.pos_ != "PROPN" or head.ent_type_ not in {"PERSON", "ORG"} or joined:
        return None
    name = clean_name(clause.subject.text)
    if not name or len(clause.subject.tokens) > 4:
        return None
    if head.ent_type_ == "PERSON":
        name = full.get(name, name)
        return Topic(name, "PERSON", "individual") if " " in name else None
    return Topic(name, "ORG", _KIND.get(category, "organization"))


def _predicate(clause: Clause, voice: Voice) -> str:
    if clause.verb.lemma_.lower() in SAYING or clause.negated:
        return ""
    rest, verb = kept(clause, voice), finite(clause, False, voice)
    if not rest or not verb or finished(f"Who {verb} {rest}", False) is None:
        return ""
    return f"{verb} {rest}" if len(rest.split()) >= 3 else ""


def _choose(told: list[Told], rng: random.Random) -> list[Told]:
    """Two or three, of different sentences, and half of the time of different articles."""
    order = rng.sample(told, len(told))
    apart = rng.random() < 0.5
    chosen: list[Told] = []
    for one in order:
        key = (lambda t: t.place[0]) if apart else (lambda t: t.place)
        if key(one) not in {key(other) for other in chosen}:
            chosen.append(one)
    return chosen[: rng.choice([2, 2, 3])]


def _text(corpus: Corpus, place: tuple[int, int]) -> tuple[str, str]:
    item: Item = corpus.items[place]
    return item.text, item.context


def _question(topic: Topic, told: list[Told], corpus: Corpus, voice: Voice) -> tuple[str, str]:
    outlets = [corpus.articles[one.place[0]].source.removeprefix("The ") for one in told]
    first, second = told[0].words, told[1].words
    names = {"kind": topic.kind, "o1": outlets[0], "o2": outlets[1], "one": first, "two": second}
    names |= {"name": topic.name, "all": _listed([one.words for one in told])}
    if outlets[0] == outlets[1] and voice.chance(0.2):
        template = "Did {o1} report that {name} {one} and that {name} {two}?"
        return template.format(**names), "compare"
    if outlets[0] != outlets[1] and voice.chance(0.25):
        template = voice.rng.choice(
            [
                "Did {o1} report that {name} {one}, while {o2} reported that {name} {two}?",
                "Does the {o1} article say that {name} {one}, and the {o2} article that it {two}?",
                "Do the reports of {o1} and {o2} tell that {name} {one} and {two}?",
            ][: 1 if topic.kind == "individual" else 3]
        )
        return template.format(**names), "compare"
    templates = [
        "Which {kind}, according to {o1}, {all}?",
        "Which {kind}, as reported by {o1}, {all}?",
        "What is the name of the {kind} that {all}?",
        "Which {kind} {all}?",
        "Which {kind} {one}, according to {o1}, and {two}, as reported by {o2}?",
    ]
    if len(set(outlets)) > 1:
        templates += ["Which {kind}, covered by both {o1} and {o2}, {one} and {two}?"] * 3
    if topic.kind == "individual":
        templates = [
            t.replace("Which {kind} ", "Who ").replace("{kind} that", "{kind} who")
            for t in templates
        ]
        templates += ["Who is the individual who {all}, according to {o1}?"] * 2
    return voice.rng.choice(templates).format(**names), "long"


def _listed(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])}, and {words[-1]}"


def _twin(question: str, told: list[Told], corpus: Corpus, voice: Voice) -> str:
    """The question with a word changed in each of its parts; "" where one has none to change."""
    for one in told:
        if one.words not in question:
            continue
        item = corpus.items[one.place]
        found = list(swaps(Fact(one.words, "long", ""), item, corpus, voice))
        if not found:
            return ""
        old, new, _ = voice.rng.choice(found)
        question = question.replace(one.words, replace(one.words, old, new))
    return question
