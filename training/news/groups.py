"""From parsed articles to groups: which questions are kept, and which of their twins."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from training.news.ask import facts
from training.news.changes import (
    add_condition,
    cut_spans,
    has,
    in_another_hand,
    replace,
    words_of,
)
from training.news.corpus import Corpus, Item
from training.news.drafts import Draft
from training.news.fact import Fact, span_of
from training.news.grammar import Voice
from training.news.joined import long_drafts
from training.news.negatives import Tempting
from training.news.paraphrase import paraphrases
from training.news.possession import possession
from training.news.relations import relations
from training.news.roles import roles
from training.news.unanswer import (
    Changed,
    changes,
    sentence_changes,
    swaps,
    true_condition,
    turned,
)

Group = dict[str, object]
_NEGATIVES = 4
_SAME_QUESTION = 4  # "who controls Aleppo?" may be put to so many sentences
# Kinds that nearly every sentence gives are thinned out; others are kept as they come.
_KEPT = {"yes_no": 0.07, "denial": 0.8, "subject": 0.5, "object": 0.7, "what_said": 0.6}
_PER_SENTENCE = 2
# The rarer a way of changing, the likelier it is taken where it is possible.
_WEIGHT = {
    "swap_name": 1.0,
    "swap_place": 1.4,
    "swap_number": 3.0,
    "swap_date": 3.0,
    "antonym": 3.0,
    "cut": 2.5,
    "negated": 0.35,
    "condition": 0.5,
    "relation": 0.45,
}


def make_groups(corpus: Corpus, seed: int) -> Iterator[Group]:
    """All groups, in an order drawn by the seed."""
    drafts = [draft for item in corpus.plain() for draft in _of_sentence(item, corpus, seed)]
    drafts += long_drafts(corpus, seed)
    drafts += possession(corpus, seed)
    random.Random(seed).shuffle(drafts)
    tempting = Tempting(corpus.articles)
    nearest = tempting.nearest([draft.question for draft in drafts])
    asked: Counter[str] = Counter()
    for draft, places in zip(drafts, nearest, strict=True):
        side = f"{draft.question.lower()} {bool(draft.positives)}"
        asked[side] += 1
        if asked[side] > _SAME_QUESTION:
            continue
        answering = {text for text, _ in draft.positives}
        draft.negatives = [wrong for wrong in draft.negatives if wrong[0] not in answering]
        if not draft.positives and not draft.negatives:
            continue
        taken = [text for text, _ in draft.positives] + [text for text, _, _ in draft.negatives]
        missing = _NEGATIVES - len(draft.negatives)
        mined = tempting.choose(draft.question, draft.answer, taken, draft.home, places, missing)
        yield {
            "question": in_another_hand(draft.question, random.Random(f"{seed} {draft.question}")),
            "positives": [list(text) for text in draft.positives],
            "negatives": [list(text) for text in [*draft.negatives, *mined]],
            "kind": draft.kind,
            "set": "news",
            "source": corpus.origin(draft.home),
        }


def _voice(corpus: Corpus, item: Item, seed: int) -> Voice:
    rng = random.Random(f"{seed} {corpus.articles[item.article].id} {item.index}")
    return Voice(rng, corpus.referent(item), corpus.articles[item.article].category)


def _of_sentence(item: Item, corpus: Corpus, seed: int) -> Iterator[Draft]:
    voice = _voice(corpus, item, seed)
    found = [
        *facts(item.doc, voice),
        *roles(item.doc, voice),
        *paraphrases(item.doc, voice),
    ]
    found = [fact for fact in found if voice.chance(_KEPT.get(fact.kind, 1.0))]
    kinds: set[str] = set()
    for fact in voice.rng.sample(found, len(found)):
        if fact.kind in kinds or len(kinds) >= _PER_SENTENCE:
            continue
        kinds.add(fact.kind)
        yield from _of_fact(fact, item, corpus, voice)
    untold = [changed for changed in relations(item, corpus, voice) if changed.question]
    if untold and voice.chance(_WEIGHT["relation"]):
        chosen = voice.rng.choice(untold)
        # What is asked so much more often than answered would be told apart by its form alone.
        rare = chosen.question.startswith(("Where", "When", "How old"))
        if voice.chance(0.35 if rare else 1.0 if len(chosen.question.split()) > 7 else 0.5):
            yield _unanswered(chosen, item)


def _of_fact(fact: Fact, item: Item, corpus: Corpus, voice: Voice) -> Iterator[Draft]:
    home = (item.article, item.index)
    plain = Draft(fact.question, fact.kind, home, fact.answer, [(item.text, item.context)])
    broken = list(sentence_changes(fact, item, voice))
    if broken and voice.chance(0.4):
        worse = voice.rng.choice(broken)
        plain.negatives.append((worse.sentence, worse.context, worse.kind))
    like = _still_answered(fact, item, corpus, voice) if voice.chance(0.35) else None
    yield like or plain
    twins = list(changes(fact, item, corpus, voice))
    if twins:
        weights = [_WEIGHT[twin.kind] for twin in twins]
        twin = voice.rng.choices(twins, weights)[0]
        if voice.chance(min(1.0, 0.35 + sum(weights) / 3)):
            yield _unanswered(twin, item)


def _unanswered(changed: Changed, item: Item) -> Draft:
    tempting = (changed.sentence, changed.context, changed.kind)
    return Draft(changed.question, changed.kind, (item.article, item.index), negatives=[tempting])


def _still_answered(fact: Fact, item: Item, corpus: Corpus, voice: Voice) -> Draft | None:
    """The changes of form that leave an answer an answer."""
    home = (item.article, item.index)
    possible: list[Draft] = []
    found = list(swaps(fact, item, corpus, voice))
    if found:
        old, new, kind = voice.rng.choice(found)
        texts = [
            replace(text, old, new)
            for text in (fact.question, fact.answer, item.text, item.context)
        ]
        both = Draft(texts[0], f"both_{kind}", home, texts[1], [(texts[2], texts[3])])
        if kind != "antonym":
            both.negatives.append((item.text, item.context, kind))
        possible.append(both)
    passive = turned(fact, item, with_agent=True)
    if passive:
        possible.append(
            Draft(fact.question, "passive", home, fact.answer, [(passive, item.context)])
        )
    condition = true_condition(fact, item, corpus)
    if condition:
        question = add_condition(fact.question, condition)
        possible.append(
            Draft(question, "true_condition", home, fact.answer, [(item.text, item.context)])
        )
    shorter = _without_an_aside(fact, item)
    if shorter:
        possible.append(
            Draft(fact.question, "cut_aside", home, fact.answer, [(shorter, item.context)])
        )
    return voice.rng.choice(possible) if possible else None


def _without_an_aside(fact: Fact, item: Item) -> str:
    """The sentence without a phrase that the question does not need."""
    if fact.clause is None:
        return ""
    for part in fact.clause.parts:
        tokens = sorted(part.head.subtree, key=lambda t: t.i)
        words = words_of(part.text)
        if part.dep not in {"prep", "npadvmod", "advmod", "advcl"} or not words:
            continue
        if words & (words_of(fact.question) | words_of(fact.answer)):
            continue
        shorter = cut_spans(item.text, [span_of(tokens)])
        if all(has(shorter, word) for word in words_of(fact.answer)) and len(shorter.split()) > 5:
            return shorter
    return ""
