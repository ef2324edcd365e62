"""How long a question is: a short one is a paraphrase, a long one several questions at once."""

from __future__ import annotations

_SHORT, _LONG = 8, 28  # terms


def length_of(terms: int) -> float:
    """A question's length from 0 (up to eight terms) to 1 (from 28).

    >>> length_of(5), length_of(18), length_of(40)
    (0.0, 0.5, 1.0)
    """
    return min(max((terms - _SHORT) / (_LONG - _SHORT), 0.0), 1.0)
