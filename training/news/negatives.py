"""Sentences that tempt: of the same article, and those that share most words with the question."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s

from training.news.changes import has, overlap, words_of
from training.news.source import NewsArticle

_FOUND = 30
_SAME = 0.6  # from this overlap with the positive on, a sentence is a copy of it
_COVERED = 0.75  # share of the question's words from which another article may answer it as well

Text = tuple[str, str]


class Tempting:
    """Finds negatives among all sentences of the articles."""

    def __init__(self, articles: Sequence[NewsArticle]) -> None:
        self._articles = articles
        self._places = [(a, i) for a, art in enumerate(articles) for i in range(len(art.sentences))]
        texts = [articles[a].sentences[i] for a, i in self._places]
        self._index = bm25s.BM25()
        self._index.index(_tokens(texts), show_progress=False)

    def nearest(self, questions: Sequence[str]) -> list[list[tuple[int, int]]]:
        """For each question the places of the sentences that share most with it."""
        found, _ = self._index.retrieve(_tokens(questions), k=_FOUND, show_progress=False)
        return [[self._places[int(n)] for n in row] for row in found]

    def text(self, place: tuple[int, int]) -> Text:
        """The sentence at a place, and its context."""
        article = self._articles[place[0]]
        return article.sentences[place[1]], article.context(place[1])

    def choose(
        self,
        question: str,
        answer: str,
        taken: Sequence[str],
        home: tuple[int, int],
        nearest: Sequence[tuple[int, int]],
        count: int,
    ) -> list[tuple[str, str, str]]:
        """Up to `count` negatives: (sentence, context, "neighbour" or "overlap")."""
        article, index = home
        last = len(self._articles[article].sentences)
        around = [(article, index + step) for step in (1, -1, 2, -2, 3) if 0 <= index + step < last]
        asked, wanted = words_of(question), words_of(answer)
        chosen: list[tuple[str, str, str]] = []
        seen = list(taken)
        for kind, places, most in (
            ("neighbour", around, (count + 1) // 2),
            ("overlap", nearest, count),
        ):
            for place in places:
                if len(chosen) >= most:
                    break
                sentence, context = self.text(place)
                if len(sentence.split()) < 4 or self._answers(
                    sentence, asked, wanted, place, article
                ):
                    continue
                if any(sentence == other or overlap(sentence, other) > _SAME for other in seen):
                    continue
                seen.append(sentence)
                chosen.append((sentence, context, kind))
        return chosen

    @staticmethod
    def _answers(
        sentence: str,
        asked: frozenset[str],
        wanted: frozenset[str],
        place: tuple[int, int],
        home: int,
    ) -> bool:
        words = words_of(sentence)
        if (
            wanted
            and len(wanted & words) >= 0.6 * len(wanted)
            and any(has(sentence, w) for w in wanted)
        ):
            return True
        covered = len(asked & words) / max(1, len(asked))
        return covered > (_COVERED if place[0] != home else 0.85)


def _tokens(texts: Sequence[str]) -> list[list[str]]:
    return [sorted(words_of(text)) or ["-"] for text in texts]
