"""One log line for each answer, whichever way its question came, and for each that failed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from assistant.types import Answer

log = logging.getLogger(__name__)


def log_answer(answer: Answer, question: str | None) -> None:
    """What an answer came to, in names and numbers; `question` None: it is not to be logged."""
    timings = {step: round(ms, 1) for step, ms in asdict(answer.timings).items()}
    said = {
        "writer": answer.writer,
        "abstained": answer.abstained,
        "statements": len(answer.statements),
        "citations": len(answer.citations),
        "dropped": answer.dropped,
        "confidence": round(answer.confidence, 4),
        "timings_ms": timings,
        "tokens": {"in": answer.tokens.sent, "out": answer.tokens.received},
        "question": question,
    }
    log.info("answer", extra=said)


@contextmanager
def logged(question: str | None) -> Iterator[None]:
    """Around the making of an answer: where it fails, or nobody waits for it, that is logged."""
    try:
        yield
    except Exception as error:
        log.info("no answer", extra={"error": type(error).__name__, "question": question})
        raise
    except GeneratorExit:
        log.info("left", extra={"question": question})
        raise
