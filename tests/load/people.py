"""People who ask: each in turn, with a token and questions of their own, and what became of it.

Every answer is looked at: it has to be one, and to the question that was asked. Nobody else asks
the same questions, so an answer that reached another person is seen.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.load.chats import Page, WrongAnswerError

PATIENCE = 120.0
TURNS_OF_A_CHAT = 4


@dataclass
class Seen:
    """What came of all that was asked."""

    seconds: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    abstained: int = 0

    def percentile(self, share: float) -> float:
        """The seconds within which that share of answers had come; 0 of none."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def line(self, lasted: float) -> str:
        """One line of figures."""
        return (
            f"{len(self.seconds)} answers in {lasted:.0f} s ({len(self.seconds) / lasted:.2f}/s), "
            f"p50 {self.percentile(0.5):.2f} s, p95 {self.percentile(0.95):.2f} s, "
            f"longest {self.percentile(1):.2f} s, {self.abstained} abstained, "
            f"{self.wrong.total()} wrong {dict(self.wrong) or ''}".rstrip()
        )


Way = Callable[["Person", str], Awaitable[bool]]
"""Asks one question and looks at what comes; whether it was an abstention.

Raises:
    WrongAnswerError: what came is no answer, or one to something else.
"""


class Person:
    """Somebody with a token: a connection, and a chat page where one was opened."""

    def __init__(self, client: httpx.AsyncClient, stack: AsyncExitStack) -> None:
        self.client, self._stack = client, stack
        self._page: Page | None = None

    async def page(self) -> Page:
        """The open page; another one once a chat has some turns."""
        if self._page is None or self._page.turns >= TURNS_OF_A_CHAT:
            if self._page is not None:
                await self._page.close()
            self._page = Page(self.client)
            self._stack.push_async_callback(self._page.close)
            await self._page.open()
        return self._page


async def by_ask(person: Person, question: str) -> bool:
    """`POST /api/ask`."""
    reply = await person.client.post("/api/ask", json={"question": question})
    _good(reply)
    return _abstains(reply.json(), question)


async def by_stream(person: Person, question: str) -> bool:
    """`POST /v1/chat/completions`, streamed; the text has to be that of the answer."""
    body = {"model": "dateline", "messages": [{"role": "user", "content": question}]}
    said, answer, done = "", None, False
    url = "/v1/chat/completions"
    async with person.client.stream("POST", url, json={**body, "stream": True}) as reply:
        if reply.status_code != 200:
            await reply.aread()
        _good(reply)
        async for line in reply.aiter_lines():
            if line == "data: [DONE]":
                done = True
            elif line.startswith("data: "):
                event = json.loads(line.removeprefix("data: "))
                if "error" in event:
                    raise WrongAnswerError(_in_one_line(event, 200))
                delta = event["choices"][0]["delta"]
                said += delta.get("content") or ""
                answer = delta.get("dateline", answer)
    if answer is None or not done:
        raise WrongAnswerError("the stream ended early")
    if answer["statements"] and answer["statements"][0]["text"][:20] not in said:
        raise WrongAnswerError("another text than the answer's")
    return _abstains(answer, question)


async def by_chat(person: Person, question: str) -> bool:
    """The chat's own event, as its page sends it."""
    page = await person.page()
    return await page.ask(question)


WAYS: dict[str, Way] = {"ask": by_ask, "stream": by_stream, "chat": by_chat}


def _good(reply: httpx.Response) -> None:
    if reply.status_code != 200:
        raise WrongAnswerError(_in_one_line(reply.json(), reply.status_code))


def _in_one_line(body: Any, status: int) -> str:
    """What an error says of itself; it has to be one line."""
    error = body["error"]
    if not error["message"] or "\n" in error["message"]:
        return f"{status}, not in one line"
    return f"{status} {error['code']}"


def _abstains(answer: Any, question: str) -> bool:
    """Whether a whole answer to that question abstains."""
    if answer["question"] != " ".join(question.split()):
        raise WrongAnswerError("an answer to another question")
    markers = {cited["marker"] for cited in answer["citations"]}
    if answer["abstained"] == bool(answer["statements"]):
        raise WrongAnswerError("neither an answer nor an abstention")
    if any(not markers.issuperset(one["markers"]) for one in answer["statements"]):
        raise WrongAnswerError("a marker without its citation")
    return bool(answer["abstained"])


@dataclass(frozen=True)
class Load:
    """How people ask: how many, for how long, how they read, and by which ways in turn."""

    people: int
    seconds: float
    reading: tuple[float, float] = (0.0, 0.0)
    """The seconds that a person reads before the next question, at least and at most."""
    ways: Sequence[Way] = (by_ask, by_stream)


async def put_under(
    url: str, tokens: Sequence[str], questions: Sequence[str], load: Load
) -> tuple[Seen, float]:
    """Have all people ask, each questions of their own; what was seen, and the seconds it took."""
    seen, began = Seen(), time.monotonic()
    own = [questions[n :: load.people] for n in range(load.people)]
    if not all(own):
        raise SystemExit(f"{load.people} people need as many questions, each their own")
    async with asyncio.TaskGroup() as tasks:
        for n in range(load.people):
            asking = itertools.cycle(zip(own[n], itertools.cycle(load.ways)))
            tasks.create_task(_sit(url, tokens[n], asking, load, seen, random.Random(n)))
    return seen, time.monotonic() - began


async def _sit(
    url: str,
    token: str,
    asking: Any,
    load: Load,
    seen: Seen,
    chance: random.Random,
) -> None:
    """One person, until the time is over."""
    until = time.monotonic() + load.seconds
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE) as client,
        AsyncExitStack() as stack,
    ):
        person = Person(client, stack)
        await asyncio.sleep(chance.uniform(0, load.reading[1]))  # people do not come at once
        for question, way in asking:
            await once(person, way, question, seen)
            if time.monotonic() > until:
                return
            await asyncio.sleep(chance.uniform(*load.reading))


async def once(person: Person, way: Way, question: str, seen: Seen) -> None:
    """Ask one question, and note what came of it."""
    began = time.monotonic()
    try:
        abstained = await way(person, question)
    except WrongAnswerError as error:
        seen.wrong[str(error)] += 1
    except (httpx.HTTPError, ValueError, KeyError) as error:
        seen.wrong[type(error).__name__] += 1
    else:
        seen.seconds.append(time.monotonic() - began)
        seen.abstained += abstained
