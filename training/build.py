"""From the public sets to groups: gold pairs, mined and hard negatives, and those made by rules."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.embed import embed
from training.groups import Group, Pair, source_of, write_groups
from training.lexicon import Names, load_names
from training.natural import CLAIMS, PASSAGES, Asked, read_set
from training.unanswerable import RULES, swap_both

# Hard negatives: sentences of the same set that lie closest to the question ...
_NEAREST, _HARD = 12, 3
# ... unless they say what a positive says, or answer a question like this one.
_SAME_WORDS, _SAME_QUESTION = 0.6, 0.8
_MINED = 4
_LIKE_FORM = 0.12  # share of groups with a name changed on both sides


def build_natural(data: Path, work: Path, seed: int) -> Path:
    """Write `natural.jsonl.gz` from every set of questions in `data`; returns its path."""
    out = work / "natural.jsonl.gz"
    if not out.exists():
        sets = {
            path.name.removesuffix(".jsonl.gz"): list(read_set(path))
            for path in sorted(data.glob("*.jsonl.gz"))
        }
        names = load_names(_cased(sets), work / "names.json")
        write_groups(_groups(sets, names, work, random.Random(seed)), out)
    return out


def _cased(sets: dict[str, list[Asked]]) -> Iterator[str]:
    """The sentences whose capitals can be trusted, each once."""
    seen: set[str] = set()
    for name in ("qamr", "selqa", "squad2train_1000", "qed_nq", "clapnq"):
        for asked in sets.get(name, []):
            for text, _ in asked.positives + asked.negatives:
                if text not in seen:
                    seen.add(text)
                    yield text


def _groups(
    sets: dict[str, list[Asked]], names: Names, work: Path, rng: random.Random
) -> Iterator[Group]:
    for name, entries in sets.items():
        if name in CLAIMS:
            yield from (_claim(entry) for entry in entries)
            continue
        hard = {} if name in PASSAGES else _hard(entries, work / f"vectors-{name}.npz")
        for i, entry in enumerate(entries):
            yield from _group(entry, hard.get(i, []), names, rng)


def _claim(entry: Asked) -> Group:
    pairs = [Pair(entry.question, s, c, 1, "gold") for s, c in entry.positives]
    pairs += [Pair(entry.question, s, c, 0, "mined") for s, c in entry.negatives]
    # Claims that one text supports and denies belong together, so the text tells, not the claim.
    return Group(tuple(pairs), entry.set, head=1, source=source_of(pairs[0].sentence))


def _group(
    entry: Asked, hard: list[tuple[str, str]], names: Names, rng: random.Random
) -> Iterator[Group]:
    question = entry.question
    mined = [Pair(question, s, c, 0, "mined") for s, c in _sample(entry.negatives, _MINED, rng)]
    mined += [Pair(question, s, c, 0, "hard") for s, c in hard]
    if not entry.positives:
        if mined:
            yield Group(tuple(mined), entry.set, source=source_of(question))
        return
    for sentence, context in entry.positives[:2]:
        gold = Pair(question, sentence, context, 1, "gold")
        near = " ".join([context, *(s for s, _ in entry.negatives[:4])])
        made = [] if entry.set in PASSAGES else _made(gold, near, names, rng)
        source = source_of(sentence)
        yield Group((gold, *mined, *made), entry.set, source=source)
        if rng.random() < _LIKE_FORM and entry.set not in PASSAGES:
            changed = swap_both(question, sentence, names, near, rng)
            if changed:
                renamed = Pair(*changed, context, 1, "swap_both")
                others = [Pair(changed[0], p.sentence, p.context, 0, p.kind) for p in mined[:2]]
                tempting = Pair(changed[0], sentence, context, 0, "swap_name")
                yield Group((renamed, tempting, *others), entry.set, source=source)


def _made(gold: Pair, near: str, names: Names, rng: random.Random) -> list[Pair]:
    """One pair of each rule that applies."""
    made: list[Pair] = []
    for kind, rule in RULES.items():
        changed = rule(gold.question, gold.sentence, names, near, rng)
        if changed and changed != (gold.question, gold.sentence):
            made.append(Pair(*changed, gold.context, 0, kind))
    return made


def _hard(entries: list[Asked], cache: Path) -> dict[int, list[tuple[str, str]]]:
    """For each question, sentences of its set that lie close to it and do not answer it."""
    pool: dict[str, str] = {}
    owners: dict[str, list[int]] = defaultdict(list)
    for i, entry in enumerate(entries):
        for text, context in entry.positives + entry.negatives:
            pool.setdefault(text, context)
        for text, _ in entry.positives:
            owners[text].append(i)
    texts = list(pool)
    asked, found = _vectors([e.question for e in entries], texts, cache)
    hard: dict[int, list[tuple[str, str]]] = {}
    for start in range(0, len(entries), 512):
        similar = asked[start : start + 512] @ found.T
        for row, i in enumerate(range(start, min(start + 512, len(entries)))):
            nearest = np.argpartition(-similar[row], min(_NEAREST, len(texts) - 1))[:_NEAREST]
            own = [_words(text) for text, _ in entries[i].positives]
            own_texts = {text for text, _ in entries[i].positives}
            kept = [
                texts[j]
                for j in sorted(nearest, key=lambda j: -similar[row][j])
                if texts[j] not in own_texts
                and all(_jaccard(_words(texts[j]), words) < _SAME_WORDS for words in own)
                and all(float(asked[i] @ asked[o]) < _SAME_QUESTION for o in owners[texts[j]])
            ]
            hard[i] = [(text, pool[text]) for text in kept[:_HARD]]
    return hard


def _vectors(
    questions: list[str], texts: list[str], cache: Path
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    if not cache.exists():
        part = cache.with_name(f"{cache.name}.part")
        with part.open("wb") as file:  # given a name, numpy would put .npz behind it
            np.savez(file, asked=embed(questions), found=embed(texts))
        part.replace(cache)
    held = np.load(cache)
    return held["asked"].astype(np.float32), held["found"].astype(np.float32)


def _sample(items: list[tuple[str, str]], n: int, rng: random.Random) -> list[tuple[str, str]]:
    return items if len(items) <= n else rng.sample(items, n)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _jaccard(one: Iterable[str], other: frozenset[str]) -> float:
    one = frozenset(one)
    return len(one & other) / max(len(one | other), 1)
