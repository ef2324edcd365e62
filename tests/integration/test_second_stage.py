"""The second stage in its place: the built-in reader, none, and a reranker of LlamaIndex's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from assistant.errors import ModelFileError, UsageError
from assistant.models import files as model_files
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.types import Answer, Article

pytest_plugins = ["tests.sample_index"]

QUESTION = "who controls the Ithriyah-Resafa road?"


class Longest(BaseNodePostprocessor):
    """Puts long passages first, as a reader's own reranker might."""

    keep: int = 1000
    _seen: list[NodeWithScore] = PrivateAttr(default_factory=list)

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        assert query_bundle is not None
        assert query_bundle.query_str == QUESTION
        self._seen = nodes
        ordered = sorted(nodes, key=lambda n: -len(n.get_content()))[: self.keep]
        return [NodeWithScore(node=n.node, score=float(len(n.get_content()))) for n in ordered]


@pytest.fixture
def open_sample(
    sample_index: Path, clean_environment: None, one_embedder: None
) -> Iterator[Callable[..., Assistant]]:
    opened: list[Assistant] = []

    def open_one(reranker: BaseNodePostprocessor | None = None, **settings: Any) -> Assistant:
        opened.append(Assistant.open(sample_index, load_settings(**settings), reranker=reranker))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def check(answer: Answer, kind: str) -> None:
    """Ranked from one without a gap, best score first, ten passages, all of one kind."""
    evidence = answer.to_dict()["evidence"]
    assert [e["rank"] for e in evidence] == list(range(1, 11))
    scores = [e["score"] for e in evidence]
    assert scores == sorted(scores, reverse=True)
    assert {e["score_kind"] for e in evidence} == {kind}
    assert len({e["passage_id"] for e in evidence}) == 10


def test_the_reader_is_the_default(open_sample: Callable[..., Assistant]) -> None:
    check(open_sample().ask(QUESTION), "ReaderRerank")


def test_without_it_everything_still_works(
    open_sample: Callable[..., Assistant], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATELINE_READER", "0")
    monkeypatch.setattr(model_files, "READER_FILE", tmp_path / "none.onnx")
    assistant = open_sample()
    assistant.warm_up()
    answer = assistant.ask(QUESTION)
    check(answer, "rrf")
    assert answer.statements
    follow_up = assistant.ask("and since when?", history=[answer])
    assert follow_up.evidence
    assert assistant.read(QUESTION, [Article("a", "The army controls the road to Resafa.")])


def test_a_missing_file_is_one_clear_line(
    open_sample: Callable[..., Assistant], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(model_files, "READER_FILE", tmp_path / "reader.onnx")
    assistant = open_sample()
    for use in (assistant.warm_up, lambda: assistant.ask(QUESTION)):
        with pytest.raises(ModelFileError, match="missing; reinstall Dateline, or do without it"):
            use()


class TestARerankerOfLlamaIndexs:
    def test_its_order_is_honoured(self, open_sample: Callable[..., Assistant]) -> None:
        answer = open_sample(Longest(), passages_per_article=100).ask(QUESTION)
        check(answer, "Longest")
        lengths = [len(e.passage.text) for e in answer.evidence]
        assert lengths == sorted(lengths, reverse=True)
        assert [e.score for e in answer.evidence] == lengths

    def test_it_gets_what_it_needs(self, open_sample: Callable[..., Assistant]) -> None:
        reranker = Longest()
        open_sample(reranker).ask(QUESTION)
        seen = reranker._seen
        assert len(seen) >= 10
        assert all(scored.score is not None for scored in seen)
        first = next(n.node for n in seen if n.node.metadata["article_id"] == "orontes-road-taken")
        assert "The army controls the whole of the" in first.get_content()
        # What rerankers read: the header, then the passage's own words.
        text = first.get_content(metadata_mode=MetadataMode.EMBED)
        assert text == f"{first.metadata['header']}\n\n{first.get_content()}"

    def test_ten_passages_where_it_keeps_two(self, open_sample: Callable[..., Assistant]) -> None:
        reranker = Longest(keep=2)
        answer = open_sample(reranker).ask(QUESTION)
        check(answer, "Longest")
        kept = sorted(reranker._seen, key=lambda n: -len(n.get_content()))[:2]
        assert [e.passage.id for e in answer.evidence[:2]] == [n.node.node_id for n in kept]

    def test_with_the_reader_turned_off(self, open_sample: Callable[..., Assistant]) -> None:
        check(open_sample(Longest(), reader=False).ask(QUESTION), "Longest")

    def test_over_articles_at_hand(self, clean_environment: None, one_embedder: None) -> None:
        articles = [
            Article("short", "The army controls the road to Resafa."),
            Article("long", "Nobody is said to control the road. Talks on it went on for weeks."),
        ]
        with Assistant.open(None, reranker=Longest()) as assistant:
            evidence = assistant.read(QUESTION, articles).evidence
        assert [e.article.id for e in evidence] == ["long", "short"]


def test_what_is_no_reranker_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="reranker is a str: give one of LlamaIndex's"):
        Assistant.open(None, reranker="bge")  # type: ignore[arg-type]  # a mistake
