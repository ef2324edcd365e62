"""From parsed texts to groups of claims and quotes, about as many carried as not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from training.claims.falsify import falsified, renamed, unhedged
from training.claims.state import Claim, claims_of, denied_claims, reworded
from training.news.changes import has, overlap, words_of
from training.news.corpus import Corpus, Item
from training.news.grammar import Voice
from training.news.negatives import Tempting
from training.news.source import join_context

Group = dict[str, object]
_LONGEST_QUOTE = 50  # words
_SMALL = frozenset(
    "the a an at more in two three four five six some many several he she they it his her their "
    "its this that these those on after before during dozens hundreds all both about".split()
)
_WEIGHT = {
    "swap_name": 1.0,
    "swap_place": 1.0,
    "swap_number": 1.6,
    "swap_date": 2.0,
    "antonym": 2.0,
    "negation": 0.5,
    "exchange": 3.0,
    "sides": 2.5,
    "quantity": 2.5,
    "condition": 0.35,
    "added_clause": 0.7,
    "unhedged": 2.5,
    "denied": 4.0,
}


@dataclass(slots=True)
class Draft:
    """A claim with its quotes, before others are mined."""

    claim: str
    kind: str
    home: tuple[int, int]
    positives: list[tuple[str, str]] = field(default_factory=list)
    negatives: list[tuple[str, str, str]] = field(default_factory=list)


def make_groups(corpus: Corpus, seed: int, share: float) -> Iterator[Group]:
    """Groups from that share of the sentences, in an order drawn by the seed."""
    drafts: list[Draft] = []
    for item in corpus.plain():
        rng = random.Random(f"{seed} claims {corpus.articles[item.article].id} {item.index}")
        if rng.random() < share:
            voice = Voice(rng, corpus.referent(item), corpus.articles[item.article].category)
            drafts += _of_sentence(item, corpus, voice)
    random.Random(seed).shuffle(drafts)
    tempting = Tempting(corpus.articles)
    nearest = tempting.nearest([draft.claim for draft in drafts])
    seen: set[tuple[str, bool]] = set()
    for draft, places in zip(drafts, nearest, strict=True):
        if (draft.claim, bool(draft.positives)) in seen:
            continue
        seen.add((draft.claim, bool(draft.positives)))
        yield {
            "question": draft.claim,
            "positives": [list(quote) for quote in draft.positives],
            "negatives": [list(q) for q in [*draft.negatives, *_mined(draft, places, corpus)]],
            "kind": draft.kind,
            "set": "claims",
            "source": corpus.origin(draft.home),
        }


def _mined(
    draft: Draft, places: list[tuple[int, int]], corpus: Corpus
) -> Iterator[tuple[str, str, str]]:
    """A sentence near by and one that shares many words, neither of which tells the claim."""
    article, index = draft.home
    sentences = corpus.articles[article].sentences
    told = words_of(draft.claim)
    taken = [text for text, *_ in (*draft.positives, *draft.negatives)]

    def usable(sentence: str) -> bool:
        words = words_of(sentence)
        return (
            len(sentence.split()) >= 5
            and len(told & words) < 0.6 * max(1, len(told))
            and all(sentence not in text and overlap(sentence, text) < 0.5 for text in taken)
        )

    around = [i for i in (index + 1, index - 1, index + 2, index - 2) if 0 <= i < len(sentences)]
    near = next((i for i in around if usable(sentences[i])), None)
    if near is not None:
        yield sentences[near], _title(corpus, article), "neighbour"
    for other, i in places:
        sentence = corpus.articles[other].sentences[i]
        if usable(sentence):
            yield sentence, _title(corpus, other), "overlap"
            return


def _title(corpus: Corpus, article: int) -> str:
    known = corpus.articles[article]
    return join_context(known.title, known.date, "") if known.title else ""


def _window(item: Item, corpus: Corpus, voice: Voice, before: bool) -> tuple[str, str]:
    """The quote: the sentence with none, one or two of its neighbours; and its context."""
    article = corpus.articles[item.article]
    first = last = item.index
    steps = [-1, 1] if voice.chance(0.5) else [1, -1]
    steps = steps[: voice.rng.choice([0, 0, 1, 1, 2])]
    if before and item.index > 0:
        steps = [-1, *(step for step in steps if step == 1)]
    in_order = article.source != "qamr"
    for step in steps if in_order else []:
        start, end = (first - 1, last) if step < 0 else (first, last + 1)
        if start < 0 or end >= len(article.sentences):
            continue
        words = sum(len(text.split()) for text in article.sentences[start : end + 1])
        if words <= _LONGEST_QUOTE or (before and step < 0):
            first, last = start, end
    context = article.context(first) if voice.chance(0.4) else _title(corpus, item.article)
    context = context if article.title else ""
    return " ".join(article.sentences[first : last + 1]), context


def _of_sentence(item: Item, corpus: Corpus, voice: Voice) -> Iterator[Draft]:
    home = (item.article, item.index)
    found = [*claims_of(item, voice)]
    found = [claim for claim in found if overlap(claim.text, item.text) < 0.95 or voice.chance(0.3)]
    if found:
        tolls = [claim for claim in found if claim.kind in {"toll", "turned"}]
        claim = voice.rng.choice(tolls if tolls and voice.chance(0.6) else found)
        yield from _of_claim(claim, item, corpus, voice)
        yield from _merged(claim, item, corpus, voice)
    for kind, texts in (
        ("unhedged", unhedged(item, voice)),
        ("denied", denied_claims(item.doc, voice)),
    ):
        for text in texts:
            if voice.chance(0.9):
                quote, context = _window(item, corpus, voice, False)
                yield Draft(text, kind, home, negatives=[(quote, context, kind)])


def _of_claim(claim: Claim, item: Item, corpus: Corpus, voice: Voice) -> Iterator[Draft]:
    home = (item.article, item.index)
    quote, context = _window(item, corpus, voice, claim.needs_before)
    twins = [
        twin
        for twin in falsified(claim, item, quote, corpus, voice)
        if twin.text and twin.text != claim.text
    ]
    text = reworded(claim.text, voice) if voice.chance(0.5) else claim.text
    whole = Draft(text, claim.kind, home, [(quote, context)])
    both = renamed(claim, item, (quote, context), corpus, voice) if voice.chance(0.25) else None
    if both:
        old = (quote, context, "swap_name")
        whole = Draft(both[0], "both_swap", home, [both[1]], [old])
    yield whole
    if twins:
        weights = [_WEIGHT[twin.kind] for twin in twins]
        twin = voice.rng.choices(twins, weights)[0]
        yield Draft(twin.text, twin.kind, home, negatives=[(quote, context, twin.kind)])


def _merged(claim: Claim, item: Item, corpus: Corpus, voice: Voice) -> Iterator[Draft]:
    """Claims that join what two sentences tell, and such whose second half stands elsewhere."""
    if corpus.articles[item.article].source == "qamr":
        return
    after = corpus.items.get((item.article, item.index + 1))
    far = corpus.items.get((item.article, item.index + voice.rng.randint(3, 9)))
    article = corpus.articles[item.article]
    quote = " ".join(article.sentences[item.index : item.index + 2])
    if claim.needs_before or len(claim.text.split()) > 18 or after is None:
        return
    home = (item.article, item.index)
    context = _title(corpus, item.article)
    for other, kind in ((after, "merged"), (far, "added_clause")):
        if other is None or not voice.chance(0.45):
            continue
        voice_of = Voice(voice.rng, corpus.referent(other), voice.category)
        second = next((c for c in claims_of(other, voice_of) if len(c.text.split()) <= 16), None)
        if second is None or (other is far and _carried(second.text, quote)):
            continue
        text = _joined(claim, second, voice)
        if kind == "merged":
            yield Draft(text, kind, home, [(quote, context)])
            twins = list(falsified(second, other, quote, corpus, voice))
            if twins and voice.chance(0.6):
                twin = voice.rng.choice(twins)
                yield Draft(
                    _joined(claim, twin, voice),
                    twin.kind,
                    home,
                    negatives=[(quote, context, twin.kind)],
                )
        else:
            yield Draft(text, kind, home, negatives=[(quote, context, kind)])


def _carried(claim: str, quote: str) -> bool:
    told = words_of(claim)
    return sum(has(quote, word) for word in told) > 0.5 * len(told)


def _joined(one: Claim, other: Claim, voice: Voice) -> str:
    """Two claims in one sentence; a subject that both share stands once."""
    first, second = one.text.rstrip("."), other.text.rstrip(".")
    subject = one.clause.subject.text if one.clause is not None else ""
    if subject and second.lower().startswith(subject.lower() + " "):
        return f"{first} and{second[len(subject) :]}."
    if second.split()[0].lower() in _SMALL:
        second = second[0].lower() + second[1:]
    return f"{first}{voice.rng.choice([', and ', ', while ', '; '])}{second}."
