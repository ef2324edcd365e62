"""What the page asks the library for again and again, kept until the library changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.library import UNDATED, Count, Look
from assistant.web.library.render import MOST_CHOICES, Choices

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

KEPT = 16
"""Searches whose counts are kept: paging, and looking at a month or an outlet, need no others."""


class Counted:
    """Counts and choices of one library. Safe from several threads: the worst is to ask twice."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._counts: OrderedDict[tuple[int, Look], Sequence[Count]] = OrderedDict()
        self._choices: tuple[int, Choices] | None = None

    def counts(self, look: Look, generation: int) -> Sequence[Count]:
        """The counts of a look without its outlet and time, in this generation of the library.

        Raises:
            LibraryError: the library cannot be read.
        """
        key = (generation, replace(look, outlet="", when=""))
        counts = self._counts.pop(key, None)
        self._counts[key] = counts = self._assistant.counts(key[1]) if counts is None else counts
        while len(self._counts) > KEPT:
            self._counts.popitem(last=False)
        return counts

    def choices(self) -> Choices:
        """What there is to narrow by.

        Raises:
            LibraryError: the library cannot be read.
        """
        generation, known = self._assistant.manifest().generation, self._choices
        if known is None or known[0] != generation:
            months = {each.month for each in self.counts(Look(), generation)}
            known = (
                generation,
                Choices(
                    self._assistant.sources(),
                    self._assistant.regions(),
                    self._assistant.tags(),
                    whens(months),
                ),
            )
            self._choices = known
        return known[1]


def whens(months: set[str]) -> list[str]:
    """The years and months to narrow by, newest first; where they are many, the years alone.

    >>> whens({"2016-12", "2017-06", ""})
    ['2017', '2016', '2017-06', '2016-12', 'undated']
    """
    dated = sorted((month for month in months if month), reverse=True)
    years = sorted({month[:4] for month in dated}, reverse=True)
    named = [*years, *(dated if len(dated) <= MOST_CHOICES - len(years) else ())]
    return named + ([UNDATED] if "" in months else [])
