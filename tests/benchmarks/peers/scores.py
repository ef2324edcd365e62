"""What one question adds to each row, computed alike for all from the texts that came back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.evaluation.checks import article_ranks, gold_ranks, parts_said
from assistant.evaluation.matching import is_yes_no, normalise, squash
from assistant.evaluation.ranks import hit, recall, reciprocal_rank
from assistant.types import EvalCase
from tests.benchmarks.peers import scripted
from tests.benchmarks.peers.declared import DEPTH, WORDS

Counts = dict[str, tuple[float, float]]
_MOST_WORDS = 60
_REFUSES = re.compile(r"\bcannot answer\b", re.I)


def within_budget(passages: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The first passages, at most `DEPTH` of them and `WORDS` words; the last may be cut.

    >>> [p["text"] for p in within_budget([{"article_id": "a", "text": "one two"}])]
    ['one two']
    """
    kept: list[dict[str, str]] = []
    room = WORDS
    for passage in passages[:DEPTH]:
        words = re.findall(r"\s*\S+", passage["text"])
        if room <= 0:
            break
        kept.append({**passage, "text": "".join(words[:room])})
        room -= len(words)
    return kept


def retrieval(case: EvalCase, passages: Sequence[Mapping[str, str]]) -> Counts:
    """The rows of retrieval; nothing for a question without gold quotes."""
    if not case.evidence:
        return {}
    kept = within_budget(passages)
    ranks = gold_ranks(case, kept)
    return {
        "hits10": (hit(ranks, 10), 1),
        "hits4": (hit(ranks, 4), 1),
        "mrr10": (reciprocal_rank(ranks), 1),
        "articles10": (recall(article_ranks(case, kept)), 1),
    }


def lines_of(shown: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Each line of an answer without its marks, and the marks on it."""
    pattern = re.compile(shown["pattern"])
    lines = []
    for line in shown["text"].splitlines():
        claim = " ".join(pattern.sub(" ", line).replace("()", " ").split())
        if claim:
            lines.append((claim, pattern.findall(line)))
    return lines


def abstains(shown: Mapping[str, Any]) -> bool:
    """Whether the reader is told that there is no answer."""
    if shown["abstained"] is not None:
        return bool(shown["abstained"])
    return not shown["text"].strip() or bool(_REFUSES.search(shown["text"]))


def holds(shown: Mapping[str, Any], claim: str, mark: str) -> bool:
    """Whether a mark leads to a text that has the claim in it, word for word."""
    source = shown["marks"].get(mark)
    return source is not None and squash(claim).rstrip(".") in squash(source["text"])


def inventing(shown: Mapping[str, Any]) -> Counts:
    """The rows of the inventing model."""
    lines = [] if abstains(shown) else lines_of(shown)
    marks = [(claim, mark) for claim, found in lines for mark in found]
    bad = sum(not holds(shown, claim, mark) for claim, mark in marks)
    inventions = sum(_is_invention(shown, claim, found) for claim, found in lines)
    true = any(found and all(holds(shown, claim, m) for m in found) for claim, found in lines)
    return {
        "bad_citations": (bad, len(marks)),
        "inventions": (min(inventions, 4), 4),
        "true_kept": (true, 1),
    }


def _is_invention(shown: Mapping[str, Any], claim: str, marks: Sequence[str]) -> bool:
    """One of the model's four: a false sentence, or a true one under a source without it."""
    made_up = scripted.FALSE_DATE.strip(" ,"), scripted.FOREIGN[:20], scripted.FOREIGN_TOO[:20]
    if any(squash(words) in squash(claim) for words in made_up):
        return True
    return not all(holds(shown, claim, mark) for mark in marks)


def honest(case: EvalCase, shown: Mapping[str, Any], articles: Mapping[str, str]) -> Counts:
    """The rows of the honest model; `articles` are the articles' texts, squashed, by id."""
    silent = abstains(shown)
    cited = [] if silent else [m for _, marks in lines_of(shown) for m in marks]
    sources = [shown["marks"].get(mark, {"article_id": "", "text": ""}) for mark in cited]
    stands = [
        bool(source["text"]) and squash(source["text"]) in articles.get(source["article_id"], "")
        for source in sources
    ]
    short = [
        ok and len(source["text"].split()) <= _MOST_WORDS
        for ok, source in zip(stands, sources, strict=True)
    ]
    counts: Counts = {"verbatim": (sum(stands), len(cited)), "short": (sum(short), len(cited))}
    if not case.answerable:
        return {**counts, "abstained": (silent, 1)}
    if case.answers and not is_yes_no(case.answers):
        said = normalise("" if silent else "\n".join(claim for claim, _ in lines_of(shown)))
        counts["right"] = (all(parts_said(case, said)), 1)
    return {**counts, "answered": (not silent, 1)}


def refusing(shown: Mapping[str, Any]) -> Counts:
    """The row of the refusing model."""
    return {"refused": (abstains(shown), 1)}
