"""A window of the chat without a browser: gradio's own way of calling handlers, spoken by hand."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import httpx

SECONDS = 60
"""What an event has at most; gradio says every 15 seconds that it is still there."""


class Window:
    """Sends events as gradio's script does, under a name of the test's choice."""

    def __init__(self, client: httpx.Client, name: str) -> None:
        self._client, self._name = client, name
        self._config = client.get("/config").json()

    def send(self, part: str, event: str, *data: Any, query: str = "", **told: Any) -> str:
        """Begin what an event of a part of the page calls; gives the event's id.

        `data` are the values of its inputs; the first of them may be left out.
        """
        named = [  # other pages have parts of the same name
            c["id"] for c in self._config["components"] if c["props"].get("elem_id") == part
        ]
        id_, called = next(
            (id_, each)
            for each in self._config["dependencies"]
            for id_ in named
            if [id_, event] in [list(target) for target in each["targets"]] and each["backend_fn"]
        )
        missing = len(called["inputs"]) - len(data)
        body = {
            "data": [*[None] * missing, *data],
            "event_data": told or None,
            "fn_index": called["id"],
            "trigger_id": id_,
            "session_hash": self._name,
        }
        sent = self._client.post(f"/gradio_api/queue/join{query}", json=body)
        sent.raise_for_status()
        return str(sent.json()["event_id"])

    def ask(self, question: str, query: str = "") -> str:
        """Begin a question."""
        return self.send("dl-question", "submit", question, *[""] * 5, query=query)

    def messages(self) -> list[dict[str, Any]]:
        """What comes back until nothing is under way any more; fails where that takes too long."""
        end = time.monotonic() + SECONDS
        params = {"session_hash": self._name}
        found: list[dict[str, Any]] = []
        with (
            suppress(httpx.RemoteProtocolError),  # so gradio ends what it does not know
            self._client.stream("GET", "/gradio_api/queue/data", params=params) as stream,
        ):
            for line in stream.iter_lines():
                assert time.monotonic() < end, "nothing ended"
                if line.startswith("data: "):
                    found.append(json.loads(line.removeprefix("data: ")))
        return found

    def shown(self) -> str:
        """The same, as one text."""
        return json.dumps(self.messages())
