"""The async twins over the sample library: the same answers, and a way out that is really one."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import EndpointError, UsageError
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.types import Answer, Article, Part, Timings
from tests.fake_endpoint import FakeEndpoint, Step, cite, cut, waits_for_end

pytest_plugins = ["tests.sample_index"]

ROAD = "who controls the Ithriyah-Resafa road?"
GIVEN = cite("the whole of the Ithriyah")


def untimed(item: Part | Answer) -> Part | Answer:
    return replace(item, timings=Timings()) if isinstance(item, Answer) else item


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def modelled(
    endpoint: FakeEndpoint, sample_index: Path, clean_environment: None, one_embedder: None
) -> Iterator[Assistant]:
    settings = load_settings(
        openai_base_url=endpoint.url, openai_model="m-1", openai_retries=2, writer="openai"
    )
    with Assistant.open(sample_index, settings) as assistant:
        yield assistant


def test_aask_answers_as_ask_does(assistant: Assistant) -> None:
    first = asyncio.run(assistant.aask(ROAD, since="2017-01-01", region="syria"))
    assert untimed(first) == untimed(assistant.ask(ROAD, since="2017-01-01", region="Syria"))
    assert first.citations
    then = asyncio.run(assistant.aask("and when was that?", history=[first]))
    assert then.standalone_question == "When was that: " + ROAD


def test_astream_gives_what_stream_gives(assistant: Assistant) -> None:
    async def go() -> list[Part | Answer]:
        return [untimed(item) async for item in assistant.astream(ROAD)]

    assert asyncio.run(go()) == [untimed(item) for item in assistant.stream(ROAD)]


def test_aread_answers_as_read_does(assistant: Assistant) -> None:
    articles = [Article("1", "Marit Okafor won the Lisenne marathon on Sunday.")]
    read = asyncio.run(assistant.aread("Who won the marathon?", articles))
    assert untimed(read) == untimed(assistant.read("Who won the marathon?", articles))
    assert read.citations


def test_asearch_finds_what_an_answer_is_made_from(assistant: Assistant) -> None:
    found = asyncio.run(assistant.asearch(ROAD, tag="war"))
    assert found == list(assistant.ask(ROAD, tag="war").evidence)
    assert all("war" in each.article.tags for each in found)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"region": "Corvey"}, "no region 'Corvey' in this library; it has Corvay"),
        ({"tag": "wars"}, "no tag 'wars' in this library; it has war"),
        ({"source": "Kestrel"}, "no outlet 'Kestrel' in this library; it has Kestrel Wire"),
        ({"since": "June"}, "since 'June' is not a day"),
        ({"writer": "nobody"}, "no writer 'nobody'"),
    ],
)
def test_what_is_not_usable_is_said(assistant: Assistant, options: dict, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        asyncio.run(assistant.aask(ROAD, **options))


def test_a_failing_endpoint_is_the_same_error(modelled: Assistant, endpoint: FakeEndpoint) -> None:
    endpoint.script(cut("Half a"))
    with pytest.raises(EndpointError, match="broke off"):
        asyncio.run(modelled.aask(ROAD))


def at_work() -> list[str]:
    """Threads that are inside a question."""
    found = []
    for frame in sys._current_frames().values():
        here = frame
        while here is not None:
            if here.f_code.co_filename.endswith("pipeline/asking.py"):
                found.append(here.f_code.co_name)
            here = here.f_back
    return found


@pytest.mark.parametrize("words", [None, GIVEN], ids=["before a word", "in the middle"])
def test_cancelling_ends_the_models_call(
    modelled: Assistant, endpoint: FakeEndpoint, words: Step | None
) -> None:
    begun, ended = threading.Event(), threading.Event()
    endpoint.script(waits_for_end(begun, ended, words))

    async def go() -> None:
        task = asyncio.create_task(modelled.aask(ROAD))
        assert await asyncio.to_thread(begun.wait, 60)
        await asyncio.sleep(0.1)
        assert at_work()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not at_work()
        assert await asyncio.to_thread(ended.wait, 20)

    asyncio.run(go())
    assert len(endpoint.requests) == 1  # it was not tried again


def test_leaving_a_stream_ends_the_models_call(modelled: Assistant, endpoint: FakeEndpoint) -> None:
    begun, ended = threading.Event(), threading.Event()
    endpoint.script(waits_for_end(begun, ended, lambda request: GIVEN(request) + "\nAnd then"))

    async def go() -> None:
        async with aclosing(modelled.astream(ROAD)) as parts:
            async for part in parts:
                assert isinstance(part, Part)
                break
        assert await asyncio.to_thread(ended.wait, 20)
        assert not at_work()

    asyncio.run(go())


def test_many_at_once_are_not_mixed_up(assistant: Assistant) -> None:
    questions = [ROAD, "When did Henrik Aubry step down?"] * 4

    async def go() -> list[Answer]:
        return await asyncio.gather(*(assistant.aask(question) for question in questions))

    assert [answer.question for answer in asyncio.run(go())] == questions
