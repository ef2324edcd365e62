"""A model's endpoint on loopback that is slow, fails, hangs or breaks off, until it is mended."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import Any

from tests.fake_endpoint import FakeEndpoint, Request, closest, cut, fails, hangs, says

MODEL = {
    "DATELINE_WRITER": "openai",
    "DATELINE_OPENAI_MODEL": "m-1",
    "DATELINE_OPENAI_TIMEOUT": "3",
    "DATELINE_OPENAI_RETRIES": "1",
}
"""Settings of a server that asks it."""

TROUBLES = {
    "well": says(closest),
    "slow": says(closest, delay=0.02),
    "busy": fails(429, retry_after=0.2),
    "failing": fails(500),
    "hanging": hangs(6),
    "cut": cut("Half a sen"),
    "endless": says(lambda request: ("word " for _ in range(500)), delay=0.02),
}


class TroubledEndpoint(FakeEndpoint):
    """Takes one of the troubles by chance for each request, the same chances at each run."""

    def __init__(self) -> None:
        super().__init__()
        self.given: Counter[str] = Counter()
        self._chance, self._lock = random.Random(7), threading.Lock()
        self.script(self._some)

    def mend(self) -> None:
        """Be well from now on."""
        self.script(TROUBLES["well"])

    def _some(self, handler: Any, request: Request) -> None:
        with self._lock:
            name = self._chance.choice(list(TROUBLES))
            self.given[name] += 1
            self.requests.clear()
        TROUBLES[name](handler, request)
