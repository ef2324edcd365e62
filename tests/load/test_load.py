"""The short form of the load: a few people, a few seconds, every way of asking, and a bad model."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant import sample
from tests.fake_endpoint import FakeEndpoint, closest, says
from tests.load.people import WAYS, Load, Seen, put_under
from tests.load.serving import Served, serving
from tests.load.trouble import MODEL, TroubledEndpoint

pytest_plugins = ["tests.sample_index"]

PEOPLE = 6
IN_ONE_LINE = {"502 endpoint", "the chat says that it failed"}
"""All that may come of a model that fails."""


@pytest.fixture(scope="module")
def questions() -> list[str]:
    lines = sample.questions_path().read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines]


@pytest.fixture(scope="module")
def served(sample_index: Path) -> Iterator[Served]:
    with serving(sample_index, PEOPLE, {"DATELINE_LOG_LEVEL": "warning"}) as server:
        yield server


@pytest.mark.parametrize("way", WAYS)
def test_everybody_gets_answers_to_their_own_questions(
    served: Served, questions: list[str], way: str
) -> None:
    load = Load(PEOPLE, 3, ways=[WAYS[way]])
    seen, _ = asyncio.run(put_under(served.url, served.tokens, questions, load))
    assert not seen.wrong
    assert len(seen.seconds) >= PEOPLE
    assert seen.abstained < len(seen.seconds)


def test_who_hangs_up_leaves_no_place_taken(served: Served, questions: list[str]) -> None:
    headers = {"Authorization": f"Bearer {served.tokens[0]}"}

    async def hang_up() -> None:
        async with httpx.AsyncClient(base_url=served.url, headers=headers) as client:
            for number, question in enumerate(questions[:24]):
                body = {"question": question}
                task = asyncio.create_task(client.post("/api/ask", json=body))
                await asyncio.sleep(0.02 * (number % 4))
                task.cancel()

    asyncio.run(hang_up())
    manager = {"Authorization": f"Bearer {served.manager}"}
    for _ in range(100):
        figures = httpx.get(f"{served.url}/metrics", headers=manager).text
        if "dateline_questions_running 0.0" in figures:
            break
    assert "dateline_questions_running 0.0" in figures
    load = Load(PEOPLE, 0)
    seen, _ = asyncio.run(put_under(served.url, served.tokens, questions, load))
    assert (len(seen.seconds), dict(seen.wrong)) == (PEOPLE, {})


def test_with_a_bad_model_each_gets_an_answer_or_one_line_and_the_next_one_works(
    sample_index: Path, questions: list[str]
) -> None:
    with TroubledEndpoint() as endpoint:
        settings = {**MODEL, "OPENAI_BASE_URL": endpoint.url, "DATELINE_OPENAI_TIMEOUT": "1"}
        with serving(sample_index, PEOPLE, {**settings, "DATELINE_LOG_LEVEL": "error"}) as server:
            load = Load(PEOPLE, 6, ways=list(WAYS.values()))
            seen, _ = asyncio.run(put_under(server.url, server.tokens, questions, load))
            assert seen.wrong.keys() <= IN_ONE_LINE
            assert sum(endpoint.given.values()) > endpoint.given["well"]
            endpoint.mend()
            for way in WAYS.values():
                load = Load(PEOPLE, 0, ways=[way])
                seen, _ = asyncio.run(put_under(server.url, server.tokens, questions, load))
                assert (len(seen.seconds), dict(seen.wrong)) == (PEOPLE, {})


def test_told_to_stop_under_load_it_ends_what_it_has_taken(
    sample_index: Path, questions: list[str]
) -> None:
    async def stop(server: Served) -> tuple[Seen, int]:
        load = Load(PEOPLE, 0)
        asking = asyncio.create_task(put_under(server.url, server.tokens, questions, load))
        manager = {"Authorization": f"Bearer {server.manager}"}
        async with httpx.AsyncClient(base_url=server.url, headers=manager) as client:
            taken = f"dateline_questions_running {PEOPLE}.0"
            while taken not in (await client.get("/metrics")).text:
                await asyncio.sleep(0.05)
            server.process.send_signal(signal.SIGTERM)
            refused = 200
            while refused == 200:
                refused = (await client.post("/api/ask", json={"question": "Who?"})).status_code
        return (await asking)[0], refused

    with FakeEndpoint() as endpoint:
        endpoint.script(says(closest, delay=0.1))
        settings = {**MODEL, "OPENAI_BASE_URL": endpoint.url, "DATELINE_OPENAI_TIMEOUT": "30"}
        with serving(sample_index, PEOPLE, settings) as server:
            seen, refused = asyncio.run(stop(server))
            assert refused == 503
            assert (len(seen.seconds), dict(seen.wrong)) == (PEOPLE, {})
            assert server.process.wait(30) == 0
