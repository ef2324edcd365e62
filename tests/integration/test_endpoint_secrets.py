"""No key, and no address that may hold one, is shown: not in errors, logs, events or records."""

from __future__ import annotations

import io
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.instrumentation import get_dispatcher
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.events import BaseEvent
from pydantic import Field

from assistant import cli
from assistant.errors import EndpointError
from assistant.models import load_embedder, load_llm, load_reranker
from assistant.models.llm import stream_reply
from assistant.settings import Settings, load_settings
from tests.fake_endpoint import FakeEndpoint, echoes_headers

pytest_plugins = ["tests.sample_index"]

KEY = "sk-test-0123456789abcdef"
SECRET = "hunter2"
WITH_SECRET = (
    "http://user:hunter2@HOST/v1",
    "http://hunter2@HOST/v1",
    "http://HOST/v1?key=hunter2",
    "http://HOST/v1#hunter2",
    "http://user:hunter2/rest@HOST/v1",  # no port is read from it, whatever it looks like
)
LOADERS = [
    ("OPENAI_BASE_URL", load_llm),
    ("OPENAI_BASE_URL", load_embedder),
    ("DATELINE_RERANK_URL", load_reranker),
]
Load = Callable[[Settings], Any]


@pytest.fixture
def endpoint(clean_environment: None) -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as server:
        yield server


@pytest.fixture(autouse=True)
def _all_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def address_of(endpoint: FakeEndpoint, form: str) -> str:
    return form.replace("HOST", endpoint.url.split("/")[2])


@pytest.mark.parametrize(("name", "load"), LOADERS)
@pytest.mark.parametrize("form", WITH_SECRET)
def test_an_address_with_a_secret_in_it_is_refused(
    endpoint: FakeEndpoint,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    load: Load,
    form: str,
) -> None:
    monkeypatch.setenv(name, address_of(endpoint, form))
    settings = load_settings(openai_api_key=KEY, embedder="openai")
    with pytest.raises(EndpointError, match=f"^{name} (holds a name|is not a web)") as refused:
        load(settings)
    assert "\n" not in str(refused.value)
    shown = "".join(traceback.format_exception(refused.value)) + repr(settings) + caplog.text
    assert SECRET not in shown
    assert endpoint.requests == []


@pytest.mark.parametrize("form", WITH_SECRET)
def test_no_command_shows_such_an_address(
    endpoint: FakeEndpoint,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    sample_index: Path,
    tmp_path: Path,
    form: str,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address_of(endpoint, form))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    cases = tmp_path / "one.jsonl"
    case = {"id": "1", "question": "Who holds the road?", "type": "single", "answerable": False}
    cases.write_text(json.dumps(case) + "\n", encoding="utf-8")
    index = ("--index", str(sample_index))
    written = ("--writer", "openai", "--debug")
    asked = said(["ask", "Who holds the road?", *index, *written])
    scored = said(["evaluate", str(cases), *index, *written, "--out", str(tmp_path / "out")])
    looked = said(["doctor", *index, "--endpoint"])
    answered = said(["ask", "Who holds the road?", *index, "--json"])
    assert "OPENAI_BASE_URL" in asked and "OPENAI_BASE_URL" in looked
    assert json.loads(answered)["writer"] == "quote", "the address is not read without the writer"
    records = [path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert any("OPENAI_BASE_URL" in record for record in records)
    for shown in (asked, scored, looked, answered, caplog.text, *records):
        assert SECRET not in shown
        assert KEY not in shown
    assert endpoint.requests == []


def said(arguments: list[str]) -> str:
    """What a command prints on both streams."""
    shown = io.StringIO()
    with redirect_stdout(shown), redirect_stderr(shown):
        cli.main(arguments)
    return shown.getvalue()


class Listener(BaseEventHandler):
    """Keeps all that LlamaIndex reports of its calls."""

    heard: list[str] = Field(default_factory=list)

    def handle(self, event: BaseEvent, **_: Any) -> None:
        self.heard.append(repr(event) + event.model_dump_json())


@pytest.mark.parametrize("load", [load_llm, load_embedder])
def test_the_key_stands_in_the_request_alone(
    endpoint: FakeEndpoint, caplog: pytest.LogCaptureFixture, load: Load
) -> None:
    settings = load_settings(
        openai_base_url=endpoint.url, openai_api_key=KEY, openai_retries=0, embedder="openai"
    )
    endpoint.script(echoes_headers(400))
    model, listener, dispatcher = load(settings), Listener(), get_dispatcher()
    dispatcher.add_event_handler(listener)
    try:
        with pytest.raises(EndpointError) as failed:
            if load is load_llm:
                list(stream_reply(model, [ChatMessage("Who?")]))
            else:
                model.get_text_embedding_batch(["a"])
    finally:
        dispatcher.event_handlers.remove(listener)
    assert endpoint.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert listener.heard
    shown = [repr(model), str(model.to_dict()), model.model_dump_json(), *listener.heard]
    shown += ["".join(traceback.format_exception(failed.value)), caplog.text]
    assert KEY not in "".join(shown)
