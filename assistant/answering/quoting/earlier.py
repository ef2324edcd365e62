"""Who held the place before: sentences that answer a question of an earlier state."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.differing.holders import Relation, find_actor
from assistant.answering.quoting.relevance import Candidate

_ALL = 0.99  # of the question's names, by weight


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
