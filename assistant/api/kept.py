"""Answers that were sent lately: a client that sends back only their text can still follow up."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from assistant.types import Answer

MOST = 2_000
SECONDS = 12 * 3600.0
_MARK = "\0"


class KeptAnswers:
    """The last answers, found by the question and the message that was made of them.

    Only who holds both finds one, and nothing of it is sent: a follow-up is understood from it.
    Without their evidence they take a few kilobytes each. Not for several threads.
    """

    def __init__(
        self, most: int = MOST, seconds: float = SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._kept: OrderedDict[str, tuple[float, Answer]] = OrderedDict()

    def keep(self, answer: Answer, message: str) -> None:
        """Keep an answer for a while; the oldest makes room."""
        self._kept[_key(answer.question, message)] = (self._clock(), replace(answer, evidence=()))
        self._kept.move_to_end(_key(answer.question, message))
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def find(self, question: str, message: str) -> Answer | None:
        """The answer that was sent as this message to this question; None: not known any more."""
        kept = self._kept.get(_key(question, message))
        if kept is None or self._clock() - kept[0] > self._seconds:
            return None
        return kept[1]


def _key(question: str, message: str) -> str:
    words = _MARK.join((" ".join(question.split()), message.strip()))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()
