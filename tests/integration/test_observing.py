"""What a server logs and traces: what was done, and not a word of what it was done with."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI, OpenAIError

from assistant.access import Credentials, Scope
from assistant.errors import UsageError
from assistant.evaluation import Runs
from assistant.observing import configure_logs, traced
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.web.evaluation import starting
from assistant.web.evaluation.questions import Asked
from assistant.web.events import FAILED
from assistant.web.library import runs as adding
from assistant.web.server import make_app
from tests.fake_endpoint import FakeEndpoint, closest, cut, echoes_headers, fails, says
from tests.load.chats import Page, WrongAnswerError
from tests.otlp_receiver import Receiver
from tests.served import served

pytest_plugins = ["tests.sample_index"]

WORD, KEY, PASSWORD = "Quillfeather", "sk-marker-0123456789", "correct-horse-marker"
QUESTION = f"How many homes lost power in storm Ylva, {WORD}?"
LOUD = ("", "assistant", "uvicorn", "gradio", "httpx", "httpcore", "openai", "asyncio", "chromadb")


@pytest.fixture
def logged(clean_environment: None) -> Iterator[io.StringIO]:
    """Everything that this process logs, every logger at its loudest."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, levels = root.handlers[:], {name: logging.getLogger(name).level for name in LOUD}
    configure_logs("json", "debug", stream)
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(False)


def lines_of(stream: io.StringIO, event: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [line for line in lines if line["event"] == event]


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def open_with(
    sample_index: Path, endpoint: FakeEndpoint, one_embedder: None
) -> Iterator[Callable[..., Assistant]]:
    """Opens the sample library with an endpoint and a key in its settings, and others."""
    opened: list[Assistant] = []

    def open_one(**more: Any) -> Assistant:
        settings = load_settings(
            openai_base_url=endpoint.url, openai_api_key=KEY, openai_retries=0, **more
        )
        opened.append(Assistant.open(sample_index, settings))
        opened[-1].warm_up()
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def test_a_question_leaves_two_lines_that_belong_together(
    logged: io.StringIO, open_with: Callable[..., Assistant]
) -> None:
    with served(make_app(open_with())) as url:
        reply = httpx.post(f"{url}/api/ask", json={"question": QUESTION}, timeout=30)
        httpx.get(f"{url}/api/articles/nothing-{WORD}", timeout=30)
        httpx.get(f"{url}/nowhere/{WORD}?q={WORD}", timeout=30)
        httpx.get(f"{url}/healthz", timeout=30)
    assert reply.status_code == 200
    (answer,) = lines_of(logged, "answer")
    asked, missing, unknown, health = lines_of(logged, "request")[-4:]
    assert answer["request_id"] == asked["request_id"] == reply.headers["X-Request-ID"]
    assert (answer["who"], asked["who"]) == ("local", "local")
    assert (asked["route"], asked["method"], asked["status"]) == ("/api/ask", "POST", 200)
    assert asked["ms"] > answer["timings_ms"]["total"] > answer["timings_ms"]["retrieve"] > 0
    assert (answer["writer"], answer["abstained"]) == ("quote", reply.json()["abstained"])
    assert answer["citations"] == len(reply.json()["citations"])
    assert (missing["route"], missing["status"]) == ("/api/articles/*", 404)
    assert missing["error"] == "ArticleNotFoundError"
    assert (unknown["route"], unknown["status"]) == ("unknown", 404)
    assert (health["route"], health["level"]) == ("/healthz", "debug")
    assert WORD not in logged.getvalue()


def test_nothing_of_what_was_asked_or_answered_is_logged_however_it_ends(
    logged: io.StringIO,
    open_with: Callable[..., Assistant],
    endpoint: FakeEndpoint,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assistant = open_with(writer="openai", model_abstain_below=0)
    troubles = [
        says(closest),
        fails(500, f"failed on {WORD}"),
        fails(400, f"{WORD} is no prompt"),
        echoes_headers(401),
        cut(WORD),
        says(f"{WORD} did it."),
    ]
    endpoint.script(*troubles, *troubles, *troubles)
    with served(make_app(assistant)) as url:
        client = OpenAI(base_url=f"{url}/v1", api_key=KEY, max_retries=0)
        answers = [ask_all_ways(url, client) for _ in troubles]
        httpx.post(f"{url}/api/ask", json={"question": "Who?", "region": WORD}, timeout=30)
        httpx.post(f"{url}/api/ask", content=f'{{"question": "{WORD}', timeout=30)
        monkeypatch.setattr(assistant, "astream", _broken)
        assert (
            httpx.post(f"{url}/api/ask", json={"question": QUESTION}, timeout=30).status_code == 500
        )
    said = logged.getvalue()
    assert lines_of(logged, "answer") and lines_of(logged, "no answer")
    assert {line["error"] for line in lines_of(logged, "no answer")} == {"EndpointError"}
    assert {line["who"] for line in lines_of(logged, "answer")} == {"local"}, "the chat's too"
    errors = {line.get("error") for line in lines_of(logged, "request")}
    assert {"EndpointError", "RequestValidationError", "UsageError", "RuntimeError"} <= errors
    others = {json.loads(line)["logger"].partition(".")[0] for line in said.splitlines()}
    assert {"httpx", "openai", "httpcore", "asyncio"} <= others, "they did log"
    (told, *_) = [answer for answer in answers if answer]
    for secret in (WORD, KEY, endpoint.url, told["quote"][:25], told["title"], told["article_id"]):
        assert secret not in said


def ask_all_ways(url: str, client: OpenAI) -> dict[str, Any]:
    """Ask by each way in; the first citation of what came, where something did."""
    reply = httpx.post(f"{url}/api/ask", json={"question": QUESTION}, timeout=30)
    with suppress(OpenAIError):
        for _ in client.chat.completions.create(
            model="dateline", messages=[{"role": "user", "content": QUESTION}], stream=True
        ):
            pass
    asyncio.run(_chat(url))
    cited = reply.json().get("citations")
    return cited[0] if cited else {}


async def _chat(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        page = Page(client)
        await page.open(arrive=False)
        try:
            await page.ask(QUESTION)
        except WrongAnswerError as error:
            assert str(error) == "the chat says that it failed"
        await page.close()


async def _broken(question: str, **options: object) -> Any:
    raise RuntimeError(f"cannot do {question}")
    yield


async def _open(client: httpx.AsyncClient) -> Page:
    page = Page(client)
    await page.open(arrive=False)
    return page


def test_each_question_of_the_chat_has_an_id_of_its_own_also_where_it_waits(
    logged: io.StringIO, open_with: Callable[..., Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_ANSWERS_AT_ONCE", "1")

    async def ask(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            pages = [await _open(client) for _ in range(3)]
            await asyncio.gather(*(page.ask(QUESTION) for page in pages))
            for page in pages:
                await page.close()

    with served(make_app(open_with())) as url:
        asyncio.run(ask(url))
    answers = lines_of(logged, "answer")
    assert [line["who"] for line in answers] == ["local"] * 3
    assert len({line["request_id"] for line in answers}) == 3
    of_requests = {line["request_id"] for line in lines_of(logged, "request")}
    assert not of_requests & {line["request_id"] for line in answers}


def test_a_reader_of_the_chat_is_shown_the_id_of_what_failed(
    logged: io.StringIO, open_with: Callable[..., Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = open_with()
    monkeypatch.setattr(assistant, "astream", _broken)

    async def ask(url: str) -> str:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            page = await _open(client)
            with suppress(WrongAnswerError):
                await page.ask(QUESTION)
            await page.close()
            return page.shown

    with served(make_app(assistant)) as url:
        shown = asyncio.run(ask(url))
        told = httpx.post(f"{url}/api/ask", json={"question": QUESTION})
    (failed,) = lines_of(logged, "a question could not be answered")
    assert (failed["who"], failed["error"]) == ("local", "RuntimeError")
    assert "inside Dateline failed; ask again, and see the server&#39;s log" in shown
    assert f"(request {failed['request_id']})" in shown
    message = told.json()["error"]["message"]
    assert message.endswith(f"(request {told.headers['X-Request-ID']})")


@pytest.mark.parametrize("broken", ["view_of", "Asking.states", "too little is sent"])
def test_a_defect_of_a_page_is_logged_as_ours_are_and_not_printed(
    broken: str,
    logged: io.StringIO,
    open_with: Callable[..., Assistant],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """In a handler, in one that goes on step by step, and in gradio before ours is called."""

    def fails_at_once(*_: object) -> None:
        raise ValueError(f"cannot do {WORD}")

    async def fails_later(_self: object, _visitor: object, talked: Any) -> Any:
        yield talked
        raise ValueError(f"cannot do {WORD}")

    handler = "ask"
    if broken == "view_of":
        handler = "arrive"
        monkeypatch.setattr("assistant.web.handlers.view_of", fails_at_once)
    elif broken == "Asking.states":
        monkeypatch.setattr("assistant.web.handlers.Asking.states", fails_later)

    async def use(url: str) -> str:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            page = await _open(client)
            with pytest.raises(WrongAnswerError, match="event failed"):
                if broken == "view_of":
                    await page.arrive()
                else:
                    await page.ask(QUESTION, fields=1 if broken.startswith("too") else None)
            await page.close()
            return page.shown

    with served(make_app(open_with())) as url:
        shown = asyncio.run(use(url))
    (line,) = lines_of(logged, "an event of a page failed")
    assert (line["level"], line["handler"], line["error"]) == ("error", handler, "ValueError")
    assert (line["who"], line["logger"]) == ("local", "assistant.web.events")
    assert all(re.fullmatch(r"\w+\.py:\d+", place) for place in line["at"])
    assert shown == f"{FAILED} (request {line['request_id']})"
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    for secret in (WORD, QUESTION):
        assert secret not in out + err + logged.getvalue() + shown


def test_what_goes_on_after_its_request_has_an_id_too(
    logged: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError(f"cannot do {WORD}")

    class Shelf:
        """What runs are given in the place of an assistant, which does all that is asked of it."""

        warm_up = staticmethod(lambda: None)

    monkeypatch.setattr(adding, "take_in", fails)
    monkeypatch.setattr(starting, "run_evaluation", fails)
    shelf: Any = Shelf()
    nobody: Any = None  # is asked: the run fails before its first question
    runs, starter = adding.Runs(shelf), starting.Starter(shelf, nobody)
    runs.add(addresses=["https://news.example/a"])
    starter.start(Asked("q.jsonl", []), Runs(tmp_path), nobody, nobody)
    for _ in range(500):
        if not runs.active() and starter.now is None:
            break
        time.sleep(0.01)
    (taking,) = lines_of(logged, "articles could not be taken in")
    (running,) = lines_of(logged, "a run could not be ended")
    assert runs.shown()[0].error == f"{adding.FAILED} (request {taking['request_id']})"
    assert starter.ended and starter.ended.failed
    assert starter.ended.words == f"{starting.FAILED} (request {running['request_id']})"
    assert taking["request_id"] != running["request_id"]
    assert WORD not in logged.getvalue()


def test_neither_passwords_nor_tokens_are_logged(
    logged: io.StringIO, open_with: Callable[..., Assistant], tmp_path: Path
) -> None:
    credentials = Credentials(tmp_path / "users.json")
    credentials.add_user("marit", PASSWORD, [Scope.ASK])
    token = credentials.add_token("nightly", [Scope.ASK])
    assistant = open_with()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATELINE_USERS_FILE", str(tmp_path / "users.json"))
        app = make_app(assistant)
    with served(app) as url, httpx.Client(base_url=url, timeout=30) as client:
        for password in (PASSWORD, "wrong-" + PASSWORD):
            client.post("/login", data={"name": "marit", "password": password})
        (session,) = client.cookies.values()
        for bearer in (token, token + "x"):
            sent = {"Authorization": f"Bearer {bearer}"}
            httpx.get(f"{url}/v1/models", headers=sent, timeout=30)
    said = logged.getvalue()
    who = {line.get("who") for line in lines_of(logged, "request")}
    assert who == {"marit", "token:nightly", None}
    assert 401 in {line["status"] for line in lines_of(logged, "request")}
    for secret in (PASSWORD, token, token[3:20], session):
        assert secret not in said


def test_questions_are_logged_where_that_is_set(
    logged: io.StringIO, open_with: Callable[..., Assistant]
) -> None:
    open_with(log_questions=True).ask(QUESTION)
    (answer,) = lines_of(logged, "answer")
    assert answer["question"] == QUESTION


def test_an_error_is_told_by_its_class_and_place(logged: io.StringIO) -> None:
    try:
        raise ValueError(WORD)
    except ValueError:
        logging.getLogger("assistant.web").exception("it failed")
        logging.getLogger("gradio").exception("failed: %s", WORD)
    ours, theirs = (json.loads(line) for line in logged.getvalue().splitlines())
    assert (ours["event"], ours["error"]) == ("it failed", "ValueError")
    assert theirs["event"].startswith("test_observing.py:")
    assert ours["at"][-1].startswith("test_observing.py:") == theirs["at"][-1].startswith("test_")
    assert WORD not in logged.getvalue()


def test_on_a_terminal_lines_are_text(logged: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logs("text", "info", stream)
    logging.getLogger("assistant.x").info("request", extra={"route": "/api/ask"})
    logging.getLogger("assistant.x").debug("not this")
    assert "request" in stream.getvalue() and "route=/api/ask" in stream.getvalue()
    assert "not this" not in stream.getvalue()


# Traces, in the receiver's own words.


@pytest.fixture
def receiver(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    for name in os.environ:
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)
    with Receiver() as receiver:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url)
        yield receiver


def test_a_question_is_one_tree_of_steps(
    receiver: Receiver, open_with: Callable[..., Assistant], endpoint: FakeEndpoint
) -> None:
    app = make_app(open_with(writer="openai", model_abstain_below=0))
    with traced("1.2.3"), served(app) as url:
        reply = httpx.post(f"{url}/api/ask", json={"question": QUESTION}, timeout=30)
    assert reply.json()["citations"]
    tree = receiver.tree()
    assert {
        ("request", ""),
        ("answer", "request"),
        ("rewrite", "answer"),
        ("retrieve", "answer"),
        ("embed", "retrieve"),
        ("words", "retrieve"),
        ("vectors", "retrieve"),
        ("rerank", "retrieve"),
        ("write", "answer"),
        ("endpoint", "write"),
        ("check", "answer"),
    } <= tree
    assert "reader" in {name for name, _ in tree}
    assert len({span.trace_id for span in receiver.spans}) == 1
    (request,) = receiver.named("request")
    assert request["dateline.route"] == "/api/ask"
    assert request["dateline.status"] == 200
    assert request["dateline.request_id"] == reply.headers["X-Request-ID"]
    (asked,) = receiver.named("endpoint")
    assert asked["dateline.tokens_in"] == 321
    assert receiver.resources[0]["service.name"] == "dateline"
    cited = reply.json()["citations"][0]
    for secret in (WORD, KEY, endpoint.url, cited["quote"][:25], cited["title"]):
        assert not any(secret.encode() in body for body in receiver.bodies)


def test_a_question_of_the_chat_is_a_tree_with_an_id_that_the_log_has_too(
    receiver: Receiver, logged: io.StringIO, open_with: Callable[..., Assistant]
) -> None:
    app = make_app(open_with())
    with traced("1.2.3"), served(app) as url:
        asyncio.run(_chat(url))
        asyncio.run(_chat(url))
    asked = receiver.named("question")
    answers = lines_of(logged, "answer")
    assert [one["dateline.request_id"] for one in asked] == [one["request_id"] for one in answers]
    assert len(asked) == 2
    assert {("question", ""), ("answer", "question"), ("retrieve", "answer")} <= receiver.tree()
    assert not any(WORD.encode() in body for body in receiver.bodies)


def test_a_step_that_fails_is_marked_and_not_quoted(
    receiver: Receiver, open_with: Callable[..., Assistant], endpoint: FakeEndpoint
) -> None:
    endpoint.script(fails(500, f"failed on {WORD}"))
    app = make_app(open_with(writer="openai", model_abstain_below=0))
    with traced("1.2.3"), served(app) as url:
        assert (
            httpx.post(f"{url}/api/ask", json={"question": QUESTION}, timeout=30).status_code == 502
        )
    assert {span.name for span in receiver.spans if span.status.code == 2} >= {"answer", "endpoint"}
    (answer,) = receiver.named("answer")
    assert answer["error.type"] == "EndpointError"
    assert not any(WORD.encode() in body for body in receiver.bodies)


def test_steps_asked_for_at_once_are_trees_apart(
    receiver: Receiver, open_with: Callable[..., Assistant]
) -> None:
    async def ask(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            body = {"question": QUESTION}
            await asyncio.gather(*(client.post("/api/ask", json=body) for _ in range(4)))

    app = make_app(open_with())
    with traced("1.2.3"), served(app) as url:
        asyncio.run(ask(url))
    trees: dict[bytes, list[str]] = {}
    for span in receiver.spans:
        trees.setdefault(span.trace_id, []).append(span.name)
    assert len(trees) == 4
    for names in trees.values():
        assert names.count("request") == names.count("answer") == names.count("retrieve") == 1


def test_without_a_collector_nothing_is_sent_and_nothing_is_needed() -> None:
    """Not even OpenTelemetry's packages, which the extra brings."""
    code = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from assistant.observing import step, traced\n"
        "with traced('1'), step('answer') as values: values['citations'] = 1\n"
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    subprocess.run([sys.executable, "-c", code], check=True, env=clean)


def test_another_protocol_is_refused_in_one_line(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(UsageError, match="http/protobuf"), traced("1"):
        pass
