"""Questions of an earlier state: who held the road before, and what was it previously."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.differing.holders import Relation, find_actor
from assistant.answering.quoting.relevance import Candidate

_EARLIER = re.compile(
    r"\b(?:before|beforehand|previous(?:ly)?|formerly|used\s+to|earlier|until\s+then|prior\s+to)\b",
    re.IGNORECASE,
)
# "Can lorries pass before winter?" asks how things stand all the same.
_NOW = re.compile(r"\b(?:is|are|can|may|will|do|does)\b", re.IGNORECASE)
_ALL = 0.99  # of the question's names, by weight


def asks_earlier(question: str) -> bool:
    """Whether a question asks how things stood, so that the newest report does not tell it.

    >>> asks_earlier("And who held it before?"), asks_earlier("Who holds it?")
    (True, False)
    """
    return _EARLIER.search(question) is not None and not _NOW.search(question)


def earlier_holders(candidates: Sequence[Candidate], relation: Relation) -> list[Candidate]:
    """Sentences that name another holder than the best one does, best first.

    Only of reports older than the newest that names the best one's, and only where all names of
    the question stand: that a town was held by others says nothing of the road.
    """
    told = [
        (candidate, actor, day)
        for candidate in candidates
        if candidate.names > _ALL
        and (day := candidate.article.published) is not None
        and (actor := find_actor(candidate.text, relation)) is not None
    ]
    if not told:
        return []
    present = told[0][1]
    newest = max(day for _, actor, day in told if actor.same(present))
    return [c for c, actor, day in told if day < newest and not actor.same(present)]
