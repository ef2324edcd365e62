"""Question and evidence -> statements: writers, citations, checks, dates, status, disagreement."""

from assistant.answering.answer import Asked, answer
from assistant.answering.drafts import Writer

__all__ = ["Asked", "Writer", "answer"]
