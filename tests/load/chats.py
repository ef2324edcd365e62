"""A page of the chat as a browser has it open: its files, its heartbeat, its events."""

from __future__ import annotations

import asyncio
import html
import json
import re
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
from gradio_client.utils import apply_diff

API = "/gradio_api"
_QUESTION = re.compile(r'<h2 class="dl-question"[^>]*>(.*?)</h2>', re.DOTALL)
FAILED = re.compile(r'role="alert"|dl-failed|dl-error')


class WrongAnswerError(Exception):
    """What came is no answer, or one to something else; in a few words, for counting."""


class Page:
    """One open page, and the turns of its chat."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._session = uuid4().hex[:11]
        self._config: dict[str, Any] = {}
        self._heart: asyncio.Task[None] | None = None
        self.beating = False
        self.turns = 0
        self.shown = ""
        """The transcript as it came last, or the line of an event that failed."""

    async def open(self, *, arrive: bool = True) -> None:
        """Load the page and begin its heartbeat; `arrive`: send what a page sends when it is there.

        Suggested questions are left out: they are made once for a library.
        """
        for path in ("/", "/config"):
            reply = await self._client.get(path)
            reply.raise_for_status()
        self._config = reply.json()
        self._heart = asyncio.create_task(self._beat())
        if arrive:
            await self.arrive()

    async def arrive(self) -> None:
        """Send what a page sends when it is there."""
        for event in self._config["dependencies"]:
            loads = event["backend_fn"] and any(t[1] == "load" for t in event["targets"])
            if loads and event["api_name"] != "suggest":
                await self._call(event, [], event["targets"][0][0])

    async def ask(self, question: str, *, fields: int | None = None) -> bool:
        """Ask by the chat's own event; whether the answer abstains.

        `fields`: send the first so many of its values only, which is a mistake.

        Raises:
            WrongAnswerError: the chat does not end with that question and an answer to it.
        """
        ids = {one["id"]: one for one in self._config["components"]}
        box = next(i for i, one in ids.items() if one["props"].get("elem_id") == "dl-question")
        event = next(
            one
            for one in self._config["dependencies"]
            if one["backend_fn"] and [box, "submit"] in one["targets"]
        )
        empty = {"state": None}
        data = [question if i == box else empty.get(ids[i]["type"], "") for i in event["inputs"]]
        seen = await self._call(event, data[:fields], box)
        shown = [each for out in seen for each in out if isinstance(each, str) and "dl-log" in each]
        if not shown:
            raise WrongAnswerError("the chat showed nothing")
        self.shown = shown[-1]
        return self._look_at(self.shown, question)

    def _look_at(self, shown: str, question: str) -> bool:
        asked = [html.unescape(each).strip() for each in _QUESTION.findall(shown)]
        last = shown.rpartition('<article class="dl-turn')[2]
        self.turns += 1
        if len(asked) != self.turns:
            raise WrongAnswerError(f"{len(asked)} turns in the place of {self.turns}")
        if " ".join(asked[-1].split()) != " ".join(question.split()):
            raise WrongAnswerError("a chat's answer to another question")
        if last.startswith(" dl-pending"):
            raise WrongAnswerError("the chat's answer did not end")
        if FAILED.search(last):
            raise WrongAnswerError("the chat says that it failed")
        return 'class="dl-statement ' not in last

    async def _call(self, event: Any, data: list[Any], trigger: int) -> list[list[Any]]:
        """Put an event into gradio's queue; each state of what it gives, the last one last."""
        body = {"data": data, "fn_index": event["id"], "event_data": None}
        body |= {"trigger_id": trigger, "session_hash": self._session}
        joined = await self._client.post(f"{API}/queue/join?", json=body)
        if joined.status_code != 200:
            raise WrongAnswerError(f"status {joined.status_code} for a place in the chat's queue")
        mine = joined.json()["event_id"]
        params = {"session_hash": self._session}
        async with self._client.stream("GET", f"{API}/queue/data", params=params) as stream:
            if stream.status_code != 200:
                raise WrongAnswerError(f"status {stream.status_code} for the chat's events")
            return await self._states(stream, mine)

    async def _states(self, stream: httpx.Response, mine: str) -> list[list[Any]]:
        """A generator's states come as what changed since the one before; the first one whole."""
        states: list[list[Any]] = []
        async for line in stream.aiter_lines():
            said = json.loads(line.removeprefix("data: ")) if line else {}
            if said.get("event_id") != mine or "output" not in said:
                continue
            if not said["success"]:
                self.shown = str(said["output"]["error"])
                raise WrongAnswerError("the chat's event failed")
            data = said["output"]["data"]
            if said["msg"] == "process_generating" and states:
                data = [apply_diff(was, now) for was, now in zip(states[-1], data, strict=True)]
            states.append(data)
            if said["msg"] == "process_completed":
                return states
        raise WrongAnswerError("the chat's events ended early")

    async def _beat(self) -> None:
        """Hold the stream open by which the server knows that the page is."""
        url = f"{API}/heartbeat/{self._session}"
        with suppress(httpx.HTTPError):
            async with self._client.stream("GET", url, timeout=None) as beats:  # it stays open
                async for _ in beats.aiter_bytes():
                    self.beating = True
        self.beating = False

    async def close(self) -> None:
        """Close the page."""
        if self._heart is not None:
            self._heart.cancel()
            with suppress(asyncio.CancelledError):
                await self._heart
