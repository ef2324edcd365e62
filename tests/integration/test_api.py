"""The HTTP API over the sample library, on a real server: OpenAI's own client, and plain HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI

from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.web.server import make_app
from tests.fake_endpoint import FakeEndpoint, cite, cut, fails, says, waits_for_end
from tests.served import api_app, served

pytest_plugins = ["tests.sample_index"]

ROAD = "who controls the Ithriyah-Resafa road?"
MOON = "Who was the first woman on the moon?"
GIVEN = cite("the whole of the Ithriyah")


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as endpoint:
        yield endpoint


by_model = pytest.mark.parametrize("modelled", ["openai"], indirect=True)
"""The server is set to the openai writer."""


@pytest.fixture
def modelled(
    request: pytest.FixtureRequest,
    endpoint: FakeEndpoint,
    sample_index: Path,
    clean_environment: None,
    one_embedder: None,
) -> Iterator[Assistant]:
    """The sample library with an endpoint in its settings."""
    settings = load_settings(
        openai_base_url=endpoint.url,
        openai_model="m-1",
        openai_retries=0,
        writer=getattr(request, "param", "quote"),
    )
    with Assistant.open(sample_index, settings) as assistant:
        assistant.warm_up()
        yield assistant


@pytest.fixture
def url(modelled: Assistant) -> Iterator[str]:
    with served(api_app(modelled)) as url:
        yield url


@pytest.fixture
def client(url: str) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=30) as http:
        yield http


def ask(client: OpenAI, *said: str, model: str = "dateline", **more: Any) -> Any:
    roles = ("user", "assistant")
    messages: Any = [
        {"role": roles[number % 2], "content": words} for number, words in enumerate(said)
    ]
    return client.chat.completions.create(model=model, messages=messages, **more)


# Chat completions


def test_a_completion_cites_in_its_text_and_as_data(client: OpenAI, http: httpx.Client) -> None:
    reply = ask(client, ROAD)
    (choice,) = reply.choices
    assert choice.finish_reason == "stop"
    assert (reply.usage.prompt_tokens, reply.usage.total_tokens) == (0, 0)
    answer = choice.message.dateline
    assert answer["citations"]
    assert "[1]" in choice.message.content.split("\n\n")[0]
    for cited in answer["citations"]:
        note = rf"^(Also reported: )?\[{cited['marker']}\] "
        assert re.search(note, choice.message.content, re.MULTILINE)
        article = http.get(
            f"/api/articles/{cited['article_id']}", params={"revision": cited["revision"]}
        ).json()
        assert article["text"][cited["start"] : cited["end"]] == cited["quote"]


def test_a_stream_says_the_same(client: OpenAI) -> None:
    whole = ask(client, ROAD, model="dateline-quote")
    options = {"stream_options": {"include_usage": True}}
    chunks = list(ask(client, ROAD, model="dateline-quote", stream=True, **options))
    assert chunks[0].choices[0].delta.role == "assistant"
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == whole.choices[0].message.content
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    answer, expected = chunks[-2].choices[0].delta.dateline, whole.choices[0].message.dateline
    assert {**answer, "timings_ms": 0} == {**expected, "timings_ms": 0}
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 0
    assert len({chunk.id for chunk in chunks}) == 1


def test_without_being_asked_a_stream_counts_no_tokens(client: OpenAI) -> None:
    assert all(chunk.choices for chunk in ask(client, ROAD, stream=True))


def test_an_abstention_is_said(client: OpenAI) -> None:
    message = ask(client, MOON).choices[0].message
    assert message.dateline["abstained"]
    assert message.content.startswith(message.dateline["abstention_reason"])
    streamed = ask(client, MOON, stream=True)
    said = "".join(chunk.choices[0].delta.content or "" for chunk in streamed)
    assert said == message.content


def test_a_follow_up_needs_the_text_alone(client: OpenAI, modelled: Assistant) -> None:
    first = ask(client, ROAD).choices[0].message
    then = ask(client, ROAD, first.content, "and when was that?").choices[0].message
    expected = modelled.ask("and when was that?", history=[modelled.ask(ROAD)])
    assert then.dateline["standalone_question"] == expected.standalone_question
    assert then.dateline["statements"] == expected.to_dict()["statements"]
    assert "Understood as: " in then.content


def test_or_the_answer_as_data(client: OpenAI, modelled: Assistant) -> None:
    first = ask(client, ROAD).choices[0].message
    messages: Any = [
        {"role": "user", "content": ROAD},
        {"role": "assistant", "content": "as I wrote it", "dateline": first.dateline},
        {"role": "user", "content": "and when was that?"},
    ]
    then = client.chat.completions.create(model="dateline", messages=messages).choices[0].message
    expected = modelled.ask("and when was that?", history=[modelled.ask(ROAD)])
    assert then.dateline["statements"] == expected.to_dict()["statements"]


def test_or_any_words(client: OpenAI) -> None:
    then = ask(client, ROAD, "The army held it.", "and when was that?").choices[0].message
    assert then.dateline["standalone_question"].startswith("When was that: who controls the")


def test_filters(client: OpenAI) -> None:
    narrowed = {"dateline": {"region": "Corvay", "since": "2023-01-01"}}
    answer = ask(client, "What was raised?", extra_body=narrowed).choices[0].message.dateline
    assert answer["evidence"]
    with pytest.raises(openai.BadRequestError, match="no region 'Nowhere' in this library"):
        ask(client, ROAD, extra_body={"dateline": {"region": "Nowhere"}})
    with pytest.raises(openai.BadRequestError, match=r"dateline\.regoin: extra inputs"):
        ask(client, ROAD, extra_body={"dateline": {"regoin": "Syria"}})


def test_other_parameters_are_taken_and_not_read(client: OpenAI) -> None:
    more = {"temperature": 0.3, "max_tokens": 5, "seed": 1, "user": "u", "extra_body": {"x": 1}}
    assert ask(client, ROAD, **more).choices[0].message.dateline["citations"]


def test_what_cannot_be_done_is_refused_as_openai_does(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as no_model:
        ask(client, ROAD, model="gpt-9")
    assert no_model.value.code == "model_not_found"
    assert no_model.value.type == "not_found_error"
    with pytest.raises(openai.BadRequestError, match="the last message must be the user's"):
        ask(client, ROAD, "an answer")
    with pytest.raises(openai.BadRequestError, match="the question is empty"):
        ask(client, "?")
    with pytest.raises(openai.BadRequestError, match="n: input should be 1") as two:
        ask(client, ROAD, n=2)
    assert two.value.param == "n"


def test_models(client: OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names == ["dateline", "dateline-quote", "dateline-openai"]
    assert client.models.retrieve("dateline").owned_by == "dateline"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


# With a model behind it


@by_model
def test_the_models_tokens_are_counted(client: OpenAI, endpoint: FakeEndpoint) -> None:
    endpoint.script(says(GIVEN))
    reply = ask(client, ROAD, model="dateline-openai")
    assert reply.usage.prompt_tokens == 321
    assert reply.usage.total_tokens == 342
    assert reply.choices[0].message.dateline["writer"] == "openai"


@pytest.mark.parametrize("stream", [False, True])
@by_model
def test_a_failing_endpoint_is_a_bad_gateway(
    client: OpenAI, endpoint: FakeEndpoint, stream: bool
) -> None:
    endpoint.script(fails(500))
    with pytest.raises(openai.InternalServerError, match=r"failed \(500\)") as error:
        ask(client, ROAD, model="dateline-openai", stream=stream)
    assert (error.value.status_code, error.value.code) == (502, "endpoint")


@by_model
def test_a_stream_that_breaks_says_so_after_what_was_good(
    client: OpenAI, endpoint: FakeEndpoint
) -> None:
    endpoint.script(cut(lambda request: GIVEN(request) + "\nAnd the"))
    said = ""
    with pytest.raises(openai.APIError, match="broke off its reply"):
        for chunk in ask(client, ROAD, model="dateline-openai", stream=True):
            said += chunk.choices[0].delta.content or ""
    assert "[1]" in said


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("words", [None, GIVEN], ids=["before a word", "in the middle"])
@by_model
def test_who_hangs_up_ends_the_models_call(
    url: str, endpoint: FakeEndpoint, words: Any, stream: bool
) -> None:
    begun, ended = threading.Event(), threading.Event()
    endpoint.script(waits_for_end(begun, ended, words))
    body = {
        "model": "dateline-openai",
        "messages": [{"role": "user", "content": ROAD}],
        "stream": stream,
    }

    async def hang_up() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            asked = asyncio.create_task(http.post("/v1/chat/completions", json=body))
            assert await asyncio.to_thread(begun.wait, 60)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked

    asyncio.run(hang_up())
    assert ended.wait(20)


# Dateline's own routes


def test_ask(http: httpx.Client, modelled: Assistant) -> None:
    answer = http.post("/api/ask", json={"question": ROAD, "until": "2020-01-01"}).json()
    expected = modelled.ask(ROAD, until="2020-01-01").to_dict()
    assert {**answer, "timings_ms": 0} == {**expected, "timings_ms": 0}
    then = http.post("/api/ask", json={"question": "and when was that?", "history": [answer]})
    assert then.json()["standalone_question"].startswith("When was that: who controls")


def events(text: str) -> list[tuple[str, Any]]:
    found = re.findall(r"event: (\w+)\ndata: (.+)\n\n", text)
    return [(name, json.loads(data)) for name, data in found]


@by_model
def test_ask_streams(http: httpx.Client, endpoint: FakeEndpoint) -> None:
    accept = {"Accept": "text/event-stream"}
    reply = http.post("/api/ask", json={"question": ROAD, "writer": "quote"}, headers=accept)
    assert reply.headers["content-type"].startswith("text/event-stream")
    *parts, (last, answer) = events(reply.text)
    assert last == "answer"
    assert [part["statement"] for _, part in parts] == answer["statements"]
    assert {name for name, _ in parts} == {"part"}
    endpoint.script(cut(lambda request: GIVEN(request) + "\nAnd the"))
    broken = http.post("/api/ask", json={"question": ROAD, "writer": "openai"}, headers=accept)
    assert [name for name, _ in events(broken.text)] == ["part", "error"]
    refused = http.post("/api/ask", json={"question": "?"}, headers=accept)
    assert refused.status_code == 400


def test_search(http: httpx.Client, modelled: Assistant) -> None:
    found = http.post("/api/search", json={"question": ROAD, "source": "Kestrel Wire"}).json()
    expected = modelled.search(ROAD, source="Kestrel Wire")
    assert [each["passage_id"] for each in found["passages"]] == [e.passage.id for e in expected]


def test_articles(http: httpx.Client, modelled: Assistant) -> None:
    article = modelled.article("gazette-storm-ylva")
    got = http.get("/api/articles/gazette-storm-ylva").json()
    assert (got["text"], got["revision"]) == (article.text, article.revision)
    assert (got["published"], got["tags"]) == ("2023-12-16", ["weather", "storm"])
    missing = http.get("/api/articles/no/such/article")
    assert missing.status_code == 404
    assert missing.json()["error"]["code"] == "article_not_found"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "question: field required"),
        ({"question": ROAD, "sources": "x"}, "sources: extra inputs are not permitted"),
        ({"question": ROAD, "since": "2017-02-30"}, "since '2017-02-30' is not a day"),
        ({"question": ROAD, "source": "Kestrel"}, "no outlet 'Kestrel'"),
        ({"question": ROAD, "writer": "me"}, "writer: input should be 'quote' or 'openai'"),
    ],
)
def test_a_bad_request_is_one_line(http: httpx.Client, body: dict[str, Any], said: str) -> None:
    reply = http.post("/api/ask", json=body)
    assert reply.status_code == 400
    assert said in reply.json()["error"]["message"]
    assert reply.json()["error"]["type"] == "invalid_request_error"


def test_no_json_is_said(http: httpx.Client) -> None:
    reply = http.post("/api/ask", content="{", headers={"Content-Type": "application/json"})
    assert reply.status_code == 400
    assert reply.json()["error"]["message"].endswith("not JSON")
    garbled = http.post(
        "/api/ask", content=b"S\xff\x01", headers={"Content-Type": "application/json"}
    )
    assert (garbled.status_code, garbled.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_page_elsewhere_cannot_ask(http: httpx.Client) -> None:
    """What a form of another site can send without being let is not read."""
    body = json.dumps({"question": ROAD})
    reply = http.post("/api/ask", content=body, headers={"Content-Type": "text/plain"})
    assert reply.status_code == 400
    assert "access-control-allow-origin" not in http.post("/api/ask", content=body).headers


def test_a_defect_tells_nobody_what_was_asked(
    http: httpx.Client,
    modelled: Assistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"secret {ROAD}")

    monkeypatch.setattr(modelled, "stream", broken)
    with caplog.at_level(logging.DEBUG, logger="assistant"):
        reply = http.post("/api/ask", json={"question": ROAD})
    assert reply.status_code == 500
    assert "secret" not in reply.text and "Traceback" not in reply.text
    assert "RuntimeError at test_api.py" in caplog.text
    assert "secret" not in caplog.text and "Resafa" not in caplog.text


# How the server is


def test_health(http: httpx.Client, modelled: Assistant) -> None:
    assert http.get("/healthz").json() == {"status": "ok"}
    assert http.get("/readyz").json() == {"ready": True, "index": "ok", "models": "loaded"}


def test_it_is_not_ready_without_a_library(clean_environment: None) -> None:
    with Assistant.open(None) as none, served(api_app(none)) as url:
        reply = httpx.get(f"{url}/readyz", timeout=30)
        assert reply.status_code == 503
        assert reply.json()["index"].startswith("opened without a library")
        asked = httpx.post(f"{url}/api/ask", json={"question": ROAD}, timeout=30)
        assert (asked.status_code, asked.json()["error"]["code"]) == (503, "index_not_found")


@by_model
def test_metrics(http: httpx.Client, endpoint: FakeEndpoint) -> None:
    http.post("/api/ask", json={"question": ROAD, "writer": "quote"})
    http.post("/api/ask", json={"question": MOON, "writer": "quote"})
    http.post("/api/ask", json={"question": "?"})
    http.get("/api/articles/gazette-storm-ylva")
    endpoint.script(fails(500))
    http.post("/api/ask", json={"question": ROAD, "writer": "openai"})
    figures = http.get("/metrics").text
    for line in (
        'dateline_answers_total{outcome="answered",writer="quote"} 1.0',
        'dateline_answers_total{outcome="abstained",writer="quote"} 1.0',
        'dateline_step_seconds_count{step="retrieve"} 2.0',
        'dateline_errors_total{error="UsageError"} 1.0',
        'dateline_errors_total{error="EndpointError"} 1.0',
        "dateline_questions_running 0.0",
        'dateline_http_requests_total{method="POST",route="/api/ask",status="200"} 2.0',
        'dateline_http_requests_total{method="GET",route="/api/articles/{article_id}",status="200"}',
    ):
        assert line in figures, line
    assert "Resafa" not in figures and "ylva" not in figures


def test_the_document_describes_what_is_there(http: httpx.Client) -> None:
    document = http.get("/openapi.json").json()
    assert set(document["paths"]) == {
        "/v1/chat/completions",
        "/v1/models",
        "/v1/models/{name}",
        "/api/ask",
        "/api/search",
        "/api/articles/{article_id}",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    assert {"AskIn", "AnswerOut", "ChatIn", "ChatOut"} <= set(document["components"]["schemas"])


def test_chat_and_api_are_one_application(modelled: Assistant) -> None:
    with served(make_app(modelled)) as url:
        assert "gradio_config" in httpx.get(url, timeout=30).text
        assert httpx.get(f"{url}/healthz", timeout=30).json() == {"status": "ok"}
        assert httpx.get(f"{url}/openapi.json", timeout=30).json()["info"]["title"] == "Dateline"
        assert (
            httpx.get(f"{url}/v1/models", timeout=30).headers["x-content-type-options"] == "nosniff"
        )


def test_no_caller_has_a_model_write_where_the_server_does_not(
    client: OpenAI, http: httpx.Client, endpoint: FakeEndpoint
) -> None:
    """A key that lies in the server's shell sends nobody's archive anywhere."""
    with pytest.raises(openai.BadRequestError, match="start it with --writer openai"):
        ask(client, ROAD, model="dateline-openai")
    assert http.post("/api/ask", json={"question": ROAD, "writer": "openai"}).status_code == 400
    assert endpoint.requests == []
