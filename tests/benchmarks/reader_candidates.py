"""What a reader is given to choose from: the sentences, passages and claims of each set.

Built once with the product's own cleaning, splitting and terms, then kept as JSON in a cache
file, so that an environment without the product can score them. Gold answers become flags beside
the sentences; a scoring function is never shown them.
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.types import Article

VERSION = 5  # of the form and the rules below
PARAGRAPHS, SENTENCES, PASSAGES = 5, 40, 30
PER_PASSAGE = 8
_WINDOWS = (1, 2, 3)  # consecutive sentences that are held against a claim together
Case = dict[str, Any]
Terms = Callable[[str], list[str]]
Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]


def load(data: Path, cache: Path | None = None, index: Path | None = None) -> dict[str, Any]:
    """The candidates of every set under `data`: {"answer": {set: cases}, "multihop", "support"}.

    Read from the cache where it has them. `index` is an index of the MultiHop-RAG articles; with
    it, the passages that the product's own retrieval ranks first are there besides those of BM25.

    Raises:
        ImportError: they are not in the cache, and the product's packages are not installed.
    """
    folder = cache or Path(tempfile.gettempdir())
    with_index = folder / f"reader-candidates-{_digest(data)}-index.json"
    without = folder / f"reader-candidates-{_digest(data)}.json"
    for file in (with_index,) if index else (with_index, without):
        if file.exists():
            kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return kept
    built = build(data, index)
    (with_index if index else without).write_text(json.dumps(built), encoding="utf-8")
    return built


def _digest(data: Path) -> str:
    """Of the questions and of the articles' names and sizes."""
    found = hashlib.sha256(f"{VERSION}".encode())
    for file in sorted(data.glob("*/*.dev.jsonl")):
        found.update(file.read_bytes())
    for file in sorted(data.glob("*/articles/*")):
        found.update(f"{file.name} {file.stat().st_size}\n".encode())
    return found.hexdigest()[:12]


def build(data: Path, index: Path | None) -> dict[str, Any]:
    """Read, split and rank everything anew: about two minutes on two cores."""
    from assistant.library import analyze
    from assistant.models.minilm import MiniLMEmbedding

    embed, terms = MiniLMEmbedding(threads=2).embed, lru_cache(maxsize=None)(analyze)
    answer = {
        name: _answer_cases(data / name, choose, terms, embed)
        for name, choose in _CHOICES.items()
        if (data / name).exists()
    }
    if "squad" in answer:
        answer["squad_own"] = _answer_cases(data / "squad", _own_paragraph, terms, embed)
    there = {"multihop": data / "multihoprag", "support": data / "support"}
    return {
        "answer": answer,
        "multihop": (
            _multihop_cases(there["multihop"], index, terms) if there["multihop"].exists() else []
        ),
        "support": (
            _support_cases(there["support"], terms, embed) if there["support"].exists() else []
        ),
    }


class BM25:
    """BM25 with Lucene's idf, k1 = 1.5 and b = 0.75 (Robertson and Zaragoza, 2009)."""

    def __init__(self, documents: Sequence[str], terms: Terms) -> None:
        self._terms = terms
        counts = [Counter(terms(document)) for document in documents]
        self.size = len(counts)
        lengths = np.array([max(sum(count.values()), 1) for count in counts])
        self._norm = 1.5 * (0.25 + 0.75 * lengths / lengths.mean())
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for i, count in enumerate(counts):
            for term, n in count.items():
                self._postings.setdefault(term, []).append((i, n))

    def idf(self, term: str) -> float:
        n = len(self._postings.get(term, ()))
        return math.log(1 + (self.size - n + 0.5) / (n + 0.5))

    def scores(self, question: str) -> NDArray[np.float64]:
        """The score of every document: (size,)."""
        scores = np.zeros(self.size)
        for term in dict.fromkeys(self._terms(question)):
            idf = self.idf(term)
            for i, n in self._postings.get(term, ()):
                scores[i] += idf * n / (n + self._norm[i])
        return scores

    def coverage(self, question: str, texts: Iterable[str]) -> list[float]:
        """The share of the question's terms, weighted by idf, that each text has."""
        weights = {term: self.idf(term) for term in self._terms(question)}
        total = sum(weights.values()) or 1.0
        return [
            sum(weights[term] for term in weights.keys() & set(self._terms(text))) / total
            for text in texts
        ]


def _first(scores: NDArray[np.float64], k: int) -> list[int]:
    return [int(i) for i in np.argsort(-scores, kind="stable")[:k]]


def _articles(folder: Path) -> dict[str, Article]:
    from assistant.articles import find_files, read_articles
    from assistant.types import Article

    items = [item for file in find_files([folder]) for item in read_articles(file)]
    return {item.id: item for item in items if isinstance(item, Article)}


def _questions(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]


def day_of(article: Article) -> str:
    """The article's date in words, or nothing."""
    return article.published.strftime("%d %B %Y").lstrip("0") if article.published else ""


class Sentences:
    """Every sentence of some articles, with where it stands."""

    def __init__(self, articles: dict[str, Article]) -> None:
        from assistant.passages import split_sentences

        self.articles = articles
        self.spans = [
            (key, start, end)
            for key, article in articles.items()
            for start, end in split_sentences(article.text)
        ]
        self.texts = [articles[key].text[start:end] for key, start, end in self.spans]
        self.of: dict[str, list[int]] = {key: [] for key in articles}
        for i, (key, _, _) in enumerate(self.spans):
            self.of[key].append(i)

    def shown(self, i: int) -> dict[str, str]:
        """What a reader may see of a sentence."""
        key = self.spans[i][0]
        article = self.articles[key]
        first = i == 0 or self.spans[i - 1][0] != key
        return {
            "text": self.texts[i],
            "previous": "" if first else self.texts[i - 1],
            "title": article.title,
            "date": day_of(article),
        }


Choose = Callable[[dict[str, Any], Sentences, BM25, BM25, list[str]], list[int]]


def _best_paragraphs(
    question: dict[str, Any], found: Sentences, _: BM25, whole: BM25, keys: list[str]
) -> list[int]:
    best = _first(whole.scores(question["question"]), PARAGRAPHS)
    return [i for k in best for i in found.of[keys[k]]]


def _own_paragraph(
    question: dict[str, Any], found: Sentences, _: BM25, whole: BM25, keys: list[str]
) -> list[int]:
    """Of an unanswerable question the data do not name it: BM25's first takes its place."""
    gold = [m["article_id"] for group in question["evidence"] for m in group]
    key = gold[0] if gold else keys[_first(whole.scores(question["question"]), 1)[0]]
    return found.of[key]


def _best_sentences(
    question: dict[str, Any], found: Sentences, each: BM25, *_: object
) -> list[int]:
    return _first(each.scores(question["question"]), SENTENCES)


def _own_articles(question: dict[str, Any], found: Sentences, *_: object) -> list[int]:
    own = f"{question['id']}/" if question.get("articles") else ""
    return [i for i, (key, _, _) in enumerate(found.spans) if key.startswith(own)]


_CHOICES: dict[str, Choose] = {
    "squad": _best_paragraphs,
    "rgb": _own_articles,
    "seed": _own_articles,
    "syria": _best_sentences,
}


def _closed_articles(questions: list[dict[str, Any]]) -> dict[str, Article]:
    from assistant.types import Article

    return {
        f"{q['id']}/{a['id']}": Article(a["id"], a["text"], title=a.get("title", ""))
        for q in questions
        for a in q["articles"]
    }


def _answer_cases(folder: Path, choose: Choose, terms: Terms, embed: Embed) -> list[Case]:
    questions = _questions(folder / "questions.dev.jsonl")
    held = folder / "articles"
    articles = _articles(held) if held.exists() else _closed_articles(questions)
    found = Sentences(articles)
    each = BM25(found.texts, terms)
    whole = BM25([article.text for article in articles.values()], terms)
    keys = list(articles)
    cases: list[Case] = []
    for q in questions:
        chosen = choose(q, found, each, whole, keys)
        shown = [found.shown(i) for i in chosen]
        vectors = embed([q["question"], *(s["text"] for s in shown)])
        wide = [f"{s['title']}\n{s['previous']}\n{s['text']}" for s in shown]
        gold = {m["article_id"] for group in q["evidence"] for m in group}
        cases.append(
            {
                "id": q["id"],
                "question": q["question"],
                "answerable": q["answerable"],
                # Whether the paragraph that answers it is among the candidates at all.
                "reached": not gold or any(found.spans[i][0] in gold for i in chosen),
                "sentences": shown,
                "parts": [_parts(q, s["text"]) for s in shown],
                "gold": [_holds_gold(q, found, i) for i in chosen],
                "bm25": each.scores(q["question"])[chosen].tolist(),
                "cosine": (vectors[1:] @ vectors[0]).tolist(),
                "coverage": each.coverage(q["question"], wide),
            }
        )
    return cases


def _parts(question: dict[str, Any], text: str) -> list[bool]:
    """For each part of the expected answer, whether the text says one of its spellings."""
    from assistant.evaluation.matching import normalise, says_normalised

    said = normalise(text)
    return [any(says_normalised(said, s) for s in part) for part in question["answers"]]


def _holds_gold(question: dict[str, Any], found: Sentences, i: int) -> bool:
    """Whether the sentence has words of a gold quote at the quote's own place."""
    from assistant.evaluation.matching import locate

    key, start, end = found.spans[i]
    places = [
        locate(m["quote"], found.articles[key].text)
        for group in question["evidence"]
        for m in group
        if m["article_id"] == key
    ]
    return any(place[0] < end and start < place[1] for place in places if place)


def _multihop_cases(folder: Path, index: Path | None, terms: Terms) -> list[Case]:
    from assistant.evaluation.matching import squash
    from assistant.passages import split_passages

    articles = _articles(folder / "articles")
    passages = {p.id: p for article in articles.values() for p in split_passages(article)}
    ids = list(passages)
    whole = BM25([f"{p.header}\n\n{p.text}" for p in passages.values()], terms)
    squashed = {i: squash(p.text) for i, p in passages.items()}
    questions = [q for q in _questions(folder / "questions.dev.jsonl") if q["answerable"]]
    rankings = {"bm25": [[ids[k] for k in _first(whole.scores(q["question"]), PASSAGES)]
                         for q in questions]}  # fmt: skip
    if index is not None:
        rankings["product"] = _product_rankings(index, [q["question"] for q in questions])

    def shown(question: dict[str, Any], key: str) -> dict[str, Any]:
        p = passages[key]
        article = articles[p.article_id]
        texts = [article.text[start:end] for start, end in p.sentences]
        covered = whole.coverage(question["question"], texts)
        best = sorted(range(len(texts)), key=lambda i: -covered[i])[:PER_PASSAGE]
        return {
            "article": p.article_id,
            "groups": [
                g
                for g, group in enumerate(question["evidence"])
                if any(squash(m["quote"]) in squashed[key] for m in group)
            ],
            "sentences": [
                {
                    "text": texts[i],
                    "previous": texts[i - 1] if i else "",
                    "title": article.title,
                    "date": day_of(article),
                    "coverage": covered[i],
                }
                for i in best
            ],
        }

    return [
        {
            "id": q["id"],
            "question": q["question"],
            "type": q["type"],
            "groups": len(q["evidence"]),
            "passages": {
                key: shown(q, key)
                for key in dict.fromkeys(k for ranked in rankings.values() for k in ranked[n])
            },
            "rankings": {name: ranked[n] for name, ranked in rankings.items()},
        }
        for n, q in enumerate(questions)
    ]


def _product_rankings(index: Path, questions: Sequence[str]) -> list[list[str]]:
    """The passages that the product's first stage ranks first, by their ids."""
    from assistant.library import Library
    from assistant.models import embedder_info, load_embedder
    from assistant.retrieval import HybridRetriever
    from assistant.settings import Settings

    settings = Settings(passages=PASSAGES)
    library = Library.open(index, embedder_info(settings))
    try:
        retriever = HybridRetriever(library, load_embedder(settings), settings)
        return [[e.passage.id for e in retriever.evidence(question)] for question in questions]
    finally:
        library.close()


def _support_cases(folder: Path, terms: Terms, embed: Embed) -> list[Case]:
    from assistant.passages import split_sentences

    cases: list[Case] = []
    for row in _questions(folder / "claims.dev.jsonl"):
        source = row["source"]
        spans = split_sentences(source)
        windows = [
            (size, source[spans[i][0] : spans[i + size - 1][1]])
            for size in _WINDOWS
            for i in range(len(spans) - size + 1)
        ]
        wanted = set(terms(row["claim"]))
        vectors = embed([row["claim"], *(text for _, text in windows)])
        cases.append(
            {
                "id": row["id"],
                "origin": row["origin"],
                "claim": row["claim"],
                "supported": row["supported"],
                "sizes": [size for size, _ in windows],
                "windows": [text for _, text in windows],
                "overlap": [_share(wanted, terms(text)) for _, text in windows],
                "overlap_source": _share(wanted, terms(source)),
                "cosine": (vectors[1:] @ vectors[0]).tolist(),
            }
        )
    return cases


def _share(wanted: set[str], held: Sequence[str]) -> float:
    return len(wanted & set(held)) / max(len(wanted), 1)
