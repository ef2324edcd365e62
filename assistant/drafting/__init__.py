"""Proposes question sets for a library: questions with their gold quotes, for a person to look at.

Beside `pipeline`, which it does not know; what is accepted becomes a file for `evaluation`.
"""

from __future__ import annotations

from assistant.drafting.drafts import Draft, Drafts, State, from_feedback
from assistant.drafting.flags import flagged
from assistant.drafting.propose import propose
from assistant.drafting.written import write_drafts

__all__ = ["Draft", "Drafts", "State", "flagged", "from_feedback", "propose", "write_drafts"]
