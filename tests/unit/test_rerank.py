"""The second stage: what is read, how passages are lifted, what a reranker may return."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from assistant.retrieval import ReaderRerank
from assistant.retrieval.rerank import rerank

QUESTION = "Who holds the road to Resafa?"


class StubReader:
    """Scores what it is told to; keeps what it was asked."""

    def __init__(self, score: Callable[[str], float]) -> None:
        self._score = score
        self.asked: list[tuple[str, str]] = []

    def answers(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.asked += sentences
        return np.array([self._score(text) for text, _ in sentences], dtype=np.float32)


def nodes_of(*texts: str, title: str = "") -> list[NodeWithScore]:
    return [
        NodeWithScore(
            node=TextNode(id_=f"n{i}", text=text, metadata={"title": title} if title else {}),
            score=1 / (61 + i),
        )
        for i, text in enumerate(texts)
    ]


def order(nodes: Sequence[NodeWithScore]) -> list[str]:
    return [scored.node.node_id for scored in nodes]


def reranked(
    score: Callable[[str], float], nodes: list[NodeWithScore], **settings: float
) -> tuple[list[NodeWithScore], StubReader]:
    stub = StubReader(score)
    stage = ReaderRerank(stub, **settings)  # type: ignore[arg-type]  # a stand-in
    return stage.postprocess_nodes(nodes, query_str=QUESTION), stub


class TestReaderRerank:
    def test_the_best_sentence_lifts_its_passage(self) -> None:
        nodes = nodes_of(*["Rain fell. Snow fell."] * 5, "It rained. The brigade did.")

        def brigade(text: str) -> float:
            return 9.0 if "brigade" in text else -9.0

        found, _ = reranked(brigade, nodes)
        assert order(found).index("n5") < 5
        scores = [scored.score or 0.0 for scored in found]
        assert scores == sorted(scores, reverse=True)
        sure, _ = reranked(brigade, nodes, reader_weight=9.0)
        assert order(sure) == ["n5", "n0", "n1", "n2", "n3", "n4"]

    def test_each_order_counts_by_its_weight(self) -> None:
        nodes = nodes_of(*(f"Sentence {i}." for i in range(8)), "The road to Resafa.")
        score = {f"Sentence {i}.": float(i) for i in range(8)}
        none = {"place_weight": 0.0, "coverage_weight": 0.0, "reader_weight": 0.0}
        placed, stub = reranked(
            lambda text: score.get(text, -9.0), nodes, **none | {"place_weight": 1}
        )
        assert order(placed) == order(nodes)
        assert stub.asked == []  # what counts for nothing is not read
        covered, _ = reranked(lambda text: 0.0, nodes, **none | {"coverage_weight": 1})
        assert order(covered) == ["n8", *order(nodes)[:8]]
        judged, _ = reranked(
            lambda text: score.get(text, -9.0), nodes, **none | {"reader_weight": 1}
        )
        assert order(judged) == [*order(nodes)[7::-1], "n8"]

    def test_a_long_question_is_not_read(self) -> None:
        nodes = nodes_of("One.", "The road to Resafa is held.")
        stub = StubReader(lambda text: 0.0)
        stage = ReaderRerank(stub)  # type: ignore[arg-type]  # a stand-in
        words = "alpha beta gamma delta road bridge river tower castle harbour market station"
        many = f"Did {words} and {' '.join(word[::-1] for word in words.split())} reach Resafa?"
        assert order(stage.postprocess_nodes(nodes, query_str=f"{many} {many.upper()[::-1]}"))
        assert stub.asked == []
        stage.postprocess_nodes(nodes, query_str=QUESTION)
        assert stub.asked

    def test_nothing_is_read_where_place_and_words_agree(self) -> None:
        def read(*texts: str, **settings: float) -> int:
            return len(reranked(lambda text: 0.0, nodes_of(*texts), **settings)[1].asked)

        assert read("The road to Resafa is held.", "The road is long.", "Rain fell.") == 0
        assert read("The road to Resafa is held.") == 0
        assert read("The road is long.", "The road to Resafa is held.") == 2  # not the first
        assert read("The road to Resafa is held.", "A road to Resafa.") == 2  # as near
        assert read("Rain fell.", "Snow fell.") == 2  # neither
        one, other = "The road to Resafa is held.", "The road is long."
        assert read(one, other, clear=1.0) == 2

    def test_the_score_is_the_sum(self) -> None:
        weights = {"place_weight": 2.0, "coverage_weight": 4.0, "reader_weight": 3.0}
        found, _ = reranked(lambda text: 0.0, nodes_of("One."), **weights)
        assert found[0].score == pytest.approx(9.0 / 61)

    def test_a_sentence_comes_with_title_and_predecessor(self) -> None:
        _, stub = reranked(
            lambda text: 0.0, nodes_of("Rain fell on the town. Snow fell.", title="Weather")
        )
        assert sorted(stub.asked) == [
            ("Rain fell on the town.", "Weather."),
            ("Snow fell.", "Weather. Rain fell on the town."),
        ]

    def test_the_work_is_bounded_and_each_passage_comes_first_once(self) -> None:
        text = "The road is long. Resafa lies on the road. Bread is baked. Rain fell."
        found, stub = reranked(lambda text: 0.0, nodes_of(*[text] * 50), passages=20, sentences=26)
        assert len(found) == 50
        assert len(stub.asked) == 26
        assert [text for text, _ in stub.asked[:20]] == ["Resafa lies on the road."] * 20
        assert {text for text, _ in stub.asked[20:]} == {"The road is long."}

    def test_odd_passages(self) -> None:
        odd = nodes_of("", "\ud800 \x00", "军队 " * 900, "x" * 90_000, " \n")
        found, _ = reranked(lambda text: math.inf, odd)
        assert sorted(order(found)) == order(odd)
        stage = ReaderRerank(StubReader(lambda text: 0.0))
        assert stage.postprocess_nodes([], query_str=QUESTION) == []
        assert stage.postprocess_nodes(odd) == odd  # no question, no order
        assert len(stage.postprocess_nodes(odd, query_str="\ud800")) == len(odd)

    def test_extreme_logits(self) -> None:
        nodes = nodes_of("One.", "Two.", "Three.")
        found, _ = reranked(lambda text: 1e4 if text == "Two." else -1e4, nodes, reader_weight=9.0)
        assert order(found) == ["n1", "n0", "n2"]


class Given(BaseNodePostprocessor):
    """Returns what it was made with, whatever comes in."""

    gives: list[NodeWithScore]

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        assert query_bundle is not None
        assert query_bundle.query_str == QUESTION
        return self.gives


def with_scores(nodes: Sequence[NodeWithScore], *scores: float | None) -> list[NodeWithScore]:
    return [NodeWithScore(node=n.node, score=s) for n, s in zip(nodes, scores, strict=True)]


class TestAnyReranker:
    def test_its_order_and_scores_stand(self) -> None:
        nodes = nodes_of("a", "b", "c")
        gives = with_scores(nodes[::-1], 3.0, -1.0, -2.0)
        assert rerank(Given(gives=gives), QUESTION, nodes) == [
            ("n2", 3.0),
            ("n1", -1.0),
            ("n0", -2.0),
        ]

    def test_what_it_leaves_out_follows(self) -> None:
        nodes = nodes_of("a", "b", "c", "d")
        ranked = rerank(Given(gives=with_scores([nodes[2]], 0.5)), QUESTION, nodes)
        assert ranked == [("n2", 0.5), ("n0", 0.5), ("n1", 0.5), ("n3", 0.5)]
        assert [i for i, _ in rerank(Given(gives=[]), QUESTION, nodes)] == order(nodes)

    def test_what_was_not_there_is_ignored_and_a_double_counts_once(self) -> None:
        nodes = nodes_of("a", "b")
        stranger = NodeWithScore(node=TextNode(id_="other", text="forged"), score=9.0)
        gives = [stranger, nodes[1], nodes[1], nodes[0]]
        assert [i for i, _ in rerank(Given(gives=gives), QUESTION, nodes)] == ["n1", "n0"]

    @pytest.mark.parametrize(
        "scores", [(None, None, None), (0.1, 0.5, 0.9), (math.nan, 0.2, math.inf), (None, 0.3, 0.4)]
    )
    def test_its_order_stands_whatever_its_scores(self, scores: tuple[float | None, ...]) -> None:
        nodes = nodes_of("a", "b", "c")
        ranked = rerank(Given(gives=with_scores(nodes[::-1], *scores)), QUESTION, nodes)
        assert [i for i, _ in ranked] == ["n2", "n1", "n0"]
        values = [score for _, score in ranked]
        assert all(math.isfinite(value) for value in values)
        assert values == sorted(values, reverse=True)
