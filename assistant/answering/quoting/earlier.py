"""Who held the place before: sentences that answer a question of an earlier state."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.differing.holders import Relation, find_actor
from assistant.answering.framing.status import status_of
from assistant.answering.quoting.relevance import Candidate

_ALL = 0.99  # of the question's names, by weight


def earlier_holders(
    candidates: Sequence[Candidate], relation: Relation, asked: frozenset[str]
) -> list[Candidate]:
    """Sentences that name another holder than the newest report does, best first.

    `asked`: the words of the question, in lower case. Only where all names of the question stand:
    that a town was held by others says nothing of the road. Nobody holds what is only claimed, or
    expected.
    """
    told = [
        (candidate, actor, day)
        for candidate in candidates
        if candidate.names > _ALL
        and (day := candidate.article.published) is not None
        and status_of(candidate.text) == "reported"
        and (actor := find_actor(candidate.text, relation, asked)) is not None
    ]
    if not told:
        return []
    newest = max(day for _, _, day in told)
    present = next(actor for _, actor, day in told if day == newest)
    return [c for c, actor, day in told if day < newest and not actor.same(present)]
