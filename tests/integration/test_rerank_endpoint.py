"""A rerank endpoint in the place of the second stage, against a real server on loopback."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, TextNode

from assistant.doctor import examine
from assistant.errors import EndpointError
from assistant.models import load_reranker
from assistant.models.rerank import EndpointRerank
from assistant.pipeline import Assistant
from assistant.settings import Settings, load_settings
from tests.fake_endpoint import (
    FakeEndpoint,
    Step,
    cut,
    drips,
    echoes_headers,
    fails,
    hangs,
    ranks,
    sends,
)

pytest_plugins = ["tests.sample_index"]

KEY = "rr-test-0123456789abcdef"
QUESTION = "who controls the Ithriyah-Resafa road?"
TWO_CLAUSES = (
    "Which town did the flood reach on Sunday, according to the Dorvan Herald, and how many "
    "people were killed in the bombing of the Belkorra market, according to the Orontes Dispatch?"
)
NODES = [
    NodeWithScore(node=TextNode(id_="long", text="A long sentence on the road."), score=0.9),
    NodeWithScore(node=TextNode(id_="short", text="The road."), score=0.5),
]


def by_length(text: str) -> float:
    return float(len(text))


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as server:
        server.script(ranks(by_length))
        yield server


@pytest.fixture
def settings(endpoint: FakeEndpoint, clean_environment: None) -> Callable[..., Settings]:
    def of(**more: Any) -> Settings:
        values = {"rerank_url": endpoint.url, "rerank_api_key": KEY, "openai_retries": 0}
        return load_settings(**values | more)

    return of


@pytest.fixture
def ask(
    sample_index: Path, settings: Callable[..., Settings], one_embedder: None
) -> Iterator[Assistant]:
    with Assistant.open(sample_index, settings(rerank_model="ranker")) as opened:
        yield opened


def reranker_of(settings: Settings) -> EndpointRerank:
    reranker = load_reranker(settings)
    assert isinstance(reranker, EndpointRerank)
    return reranker


def test_it_is_off_unless_it_is_set(
    clean_environment: None, endpoint: FakeEndpoint, sample_index: Path, one_embedder: None
) -> None:
    settings = load_settings(rerank_model="ranker", rerank_api_key=KEY, rerank_url="")
    assert load_reranker(settings) is None
    with Assistant.open(sample_index, settings) as assistant:
        assert assistant.ask(QUESTION).evidence[0].score_kind == "ReaderRerank"
    assert endpoint.requests == []


def test_it_orders_the_passages(ask: Assistant, endpoint: FakeEndpoint) -> None:
    answer = ask.ask(QUESTION)
    assert {e.score_kind for e in answer.evidence} == {"EndpointRerank"}
    lengths = [len(f"{e.passage.header}\n\n{e.passage.text}") for e in answer.evidence]
    assert lengths == sorted(lengths, reverse=True)
    assert [e.score for e in answer.evidence] == [float(n) for n in lengths]
    (request,) = endpoint.requests
    assert request.path == "/v1/rerank"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body.keys() == {"model", "query", "documents", "top_n"}
    assert (request.body["model"], request.body["query"]) == ("ranker", QUESTION)
    assert request.body["top_n"] == len(request.body["documents"]) == 30
    texts = {f"{e.passage.header}\n\n{e.passage.text}" for e in answer.evidence}
    assert texts <= set(request.body["documents"])


def test_each_clause_is_ranked_by_itself(ask: Assistant, endpoint: FakeEndpoint) -> None:
    ask.ask(TWO_CLAUSES)
    queries = [request.body["query"] for request in endpoint.requests]
    assert len(queries) == 2
    assert all(query in TWO_CLAUSES for query in queries)


def test_what_is_given_goes_before_what_is_set(
    sample_index: Path,
    settings: Callable[..., Settings],
    one_embedder: None,
    endpoint: FakeEndpoint,
) -> None:
    class AsTheyCome(BaseNodePostprocessor):
        def _postprocess_nodes(
            self, nodes: list[NodeWithScore], query_bundle: Any = None
        ) -> list[NodeWithScore]:
            return nodes

    with Assistant.open(sample_index, settings(), reranker=AsTheyCome()) as assistant:
        assert assistant.ask(QUESTION).evidence[0].score_kind == "AsTheyCome"
    assert endpoint.requests == []


@pytest.mark.parametrize("path", ["", "/", "/rerank"])
def test_the_address_may_end_in_any_way(
    settings: Callable[..., Settings], endpoint: FakeEndpoint, path: str
) -> None:
    reranker_of(settings(rerank_url=endpoint.url + path)).scores("Who?", ["a"])
    (request,) = endpoint.requests
    assert request.path == "/v1/rerank"
    assert "model" not in request.body


def test_the_other_form_is_understood(
    settings: Callable[..., Settings], endpoint: FakeEndpoint
) -> None:
    refusal = "Failed to deserialize the JSON body: missing field `texts` at line 1"
    endpoint.script(fails(422, refusal), ranks(by_length, bare=True))
    reranker = reranker_of(settings())
    assert reranker.scores("Who?", ["aa", "a"]) == {0: 2.0, 1: 1.0}
    assert reranker.scores("Who?", ["a", "aa"]) == {0: 1.0, 1: 2.0}
    wanted = [[*r.body.keys() & {"documents", "texts"}] for r in endpoint.requests]
    assert wanted == [["documents"], ["texts"], ["texts"]]


def test_what_it_leaves_out_follows(ask: Assistant, endpoint: FakeEndpoint) -> None:
    endpoint.script(
        sends(b'{"results": [{"index": 7, "relevance_score": 0.5}]}', "application/json")
    )
    answer = ask.ask(QUESTION)
    assert len(answer.evidence) == 10
    sent = endpoint.requests[0].body["documents"]
    first = answer.evidence[0].passage
    assert sent[7] == f"{first.header}\n\n{first.text}"


# Failures


def failure(settings: Settings) -> str:
    """The one line that comes of ranking; the key is never in it, nor in what led to it."""
    with pytest.raises(EndpointError) as caught:
        reranker_of(settings).postprocess_nodes(NODES, query_str="Who holds the road?")
    message = str(caught.value)
    assert "\n" not in message
    assert KEY not in message + repr(caught.value.__cause__)
    return message


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        (fails(401), ["401", "check DATELINE_RERANK_API_KEY"]),
        (fails(403), ["403", "DATELINE_RERANK_MODEL"]),
        (fails(404), ["404", "DATELINE_RERANK_MODEL", "/rerank is added"]),
        (fails(429), ["429", "wait"]),
        (fails(500), ["500", "ask again later"]),
        (fails(422, "no such model"), ["(422): no such model"]),
        (fails(422, "missing field `texts`"), ["(422): missing field"]),
        (fails(400, f"the key {KEY} is bad"), ["[key]"]),
        (cut("Half"), ["cannot reach|broke off|no ranking"]),
        (sends(b"", "application/json"), ["no ranking", "DATELINE_RERANK_URL"]),
        (sends(b"<html>", "text/html"), ["no ranking", "DATELINE_RERANK_URL"]),
        (sends(b"{}", "application/json"), ["no ranking"]),
        (sends(b'{"results": []}', "application/json"), ["no ranking"]),
        (sends(b'{"results": [5]}', "application/json"), ["no ranking"]),
        (sends(b'[{"index": 0}]', "application/json"), ["no ranking"]),
        (sends(b'[{"index": 2, "score": 1}]', "application/json"), ["no ranking"]),
        (sends(b'[{"index": -1, "score": 1}]', "application/json"), ["no ranking"]),
        (sends(b'[{"index": 0, "score": "good"}]', "application/json"), ["no ranking"]),
    ],
)
def test_each_failure_is_one_line(
    settings: Callable[..., Settings], endpoint: FakeEndpoint, step: Step, wanted: list[str]
) -> None:
    endpoint.script(step)
    said = failure(settings())
    for words in wanted:
        assert any(word in said for word in words.split("|"))


@pytest.mark.parametrize("step", [hangs(20), drips(20)])
def test_it_is_not_waited_for(
    settings: Callable[..., Settings], endpoint: FakeEndpoint, step: Step
) -> None:
    endpoint.script(step)
    started = time.monotonic()
    said = failure(settings(rerank_timeout=0.4, openai_retries=2))
    assert "not done within 0.4 s" in said
    assert "DATELINE_RERANK_TIMEOUT" in said
    assert time.monotonic() - started < 20  # not to its end
    assert len(endpoint.requests) == 1


def test_a_busy_endpoint_is_asked_again(
    settings: Callable[..., Settings], endpoint: FakeEndpoint
) -> None:
    endpoint.script(fails(429, retry_after=0.01), ranks(by_length))
    assert reranker_of(settings(openai_retries=1)).scores("Who?", ["a"]) == {0: 1.0}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"rerank_url": "localhost:8000"}, "DATELINE_RERANK_URL is not a web address"),
        ({"rerank_api_key": f"“{KEY}”"}, "DATELINE_RERANK_API_KEY holds characters"),
    ],
)
def test_settings_that_cannot_work(
    settings: Callable[..., Settings], values: dict[str, str], said: str
) -> None:
    with pytest.raises(EndpointError, match=said) as caught:
        load_reranker(settings(**values))
    assert KEY not in str(caught.value)


# The key


def test_the_key_is_nowhere_to_be_seen(
    settings: Callable[..., Settings],
    endpoint: FakeEndpoint,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    chosen = settings()
    reranker = reranker_of(chosen)
    reranker.scores("Who?", ["a"])
    endpoint.script(echoes_headers(400))
    failure(chosen)
    shown = repr(chosen) + repr(reranker) + str(reranker.to_dict()) + reranker.model_dump_json()
    assert KEY not in shown + caplog.text


@pytest.mark.parametrize("secret", ["http://user:s3cret@HOST", "http://HOST/v1?key=s3cret"])
def test_an_address_with_a_secret_in_it_is_refused(
    settings: Callable[..., Settings],
    endpoint: FakeEndpoint,
    caplog: pytest.LogCaptureFixture,
    secret: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    address = secret.replace("HOST", endpoint.url.removeprefix("http://"))
    with pytest.raises(EndpointError, match="DATELINE_RERANK_API_KEY") as refused:
        load_reranker(settings(rerank_url=address))
    assert "s3cret" not in str(refused.value) + caplog.text
    assert not endpoint.requests


def test_no_other_key_is_sent(
    settings: Callable[..., Settings], endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-another")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-for-another")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-for-another")
    reranker_of(settings(rerank_api_key=None)).scores("Who?", ["a"])
    sent = str(endpoint.requests[0].headers)
    assert endpoint.requests[0].headers["Authorization"] == "Bearer none"
    assert "another" not in sent


# The doctor


def said_of(settings: Settings, **more: bool) -> tuple[bool, str]:
    (check,) = [c for c in examine(settings, **more) if c.name == "reranker"]
    return check.ok, check.says


def test_the_doctor_names_it_and_asks_it_when_told(
    settings: Callable[..., Settings], endpoint: FakeEndpoint
) -> None:
    chosen = settings(rerank_model="ranker")
    ok, says = said_of(chosen)
    assert ok
    assert says == f"ranker at {endpoint.url}, with a key; not asked (add --endpoint to ask it)"
    assert endpoint.requests == []
    ok, says = said_of(chosen, ask_endpoint=True)
    assert ok
    assert says.endswith("ranks a sentence that answers above one that does not")
    endpoint.script(ranks(lambda text: -len(text)))
    ok, says = said_of(chosen, ask_endpoint=True)
    assert not ok
    assert "choose another DATELINE_RERANK_MODEL" in says
    endpoint.script(fails(401))
    ok, says = said_of(chosen, ask_endpoint=True)
    assert not ok
    assert "DATELINE_RERANK_API_KEY" in says


def test_without_one_the_doctor_says_nothing_of_it(clean_environment: None) -> None:
    assert "reranker" not in [check.name for check in examine(load_settings())]
