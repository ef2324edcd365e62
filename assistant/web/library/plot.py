"""How many articles there are of when and whom: counts of the catalogue → bars and outlets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assistant.library import UNDATED, Count
from assistant.web.library.looking import View, when_in_words

MONTHS = 36
"""Months that are drawn one by one; what spans more is drawn by years first."""

COLOURED = 4
"""Outlets with a colour of their own; the others share one."""

OTHERS = "other outlets"
UNNAMED = "no outlet named"


class Part(NamedTuple):
    """A piece of a bar: of which colour (1 to `COLOURED`; 0: the others), from where, how high.

    Both in hundredths of the plot's height, from its bottom.
    """

    colour: int
    low: float
    height: float


class Bar(NamedTuple):
    """A month or a year, as `View` has it, and how many articles it holds."""

    when: str
    label: str
    articles: int
    parts: tuple[Part, ...]
    tick: str


class Named(NamedTuple):
    """An outlet, how many articles name it, and its colour."""

    name: str
    articles: int
    colour: int


class Overview(NamedTuple):
    """What the plot shows of a view: all counts are of what its other filters admit.

    `held` counts what the view admits; `most` the highest bar; `year` the year whose months are
    drawn, where years could be.
    """

    held: int
    bars: tuple[Bar, ...]
    most: int
    undated: int
    outlets: tuple[Named, ...]
    year: str
    span: str


def overview(counts: Sequence[Count], view: View) -> Overview:
    """Draw the counts of a view, which were made without its outlet and its time."""
    look = view.look
    here = [each for each in counts if _is_of(each, look.outlet)]
    then = [each for each in counts if _is_when(each, look.when)]
    named: Counter[str] = Counter()
    for each in then:
        for name in {each.source or each.publisher, each.publisher} - {""}:
            named[name] += each.articles
        if not each.source and not each.publisher:
            named[UNNAMED] += each.articles
    # Colours go by the whole list, so that they stay while one month is looked at.
    whole: Counter[str] = Counter()
    for each in counts:
        whole[each.source or each.publisher or UNNAMED] += each.articles
    colours = {name: rank for rank, (name, _) in enumerate(_ranked(whole)[:COLOURED], 1)}
    dated = [each for each in here if each.month]
    whens, year = _whens(dated, look.when)
    bars, most = _bars(whens, dated, colours)
    return Overview(
        held=sum(each.articles for each in here if _is_when(each, look.when)),
        bars=bars,
        most=most,
        undated=sum(each.articles for each in here if not each.month),
        outlets=tuple(Named(n, held, colours.get(n, 0)) for n, held in _ranked(named)),
        year=year,
        span=_span(dated),
    )


def _ranked(counted: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (pair[0] == UNNAMED, -pair[1], pair[0]))


def _is_of(count: Count, outlet: str) -> bool:
    return not outlet or outlet.casefold() in (count.source.casefold(), count.publisher.casefold())


def _is_when(count: Count, when: str) -> bool:
    if not when:
        return True
    if when == UNDATED:
        return not count.month
    return count.month == when or count.month.startswith(f"{when}-")


def _whens(dated: Sequence[Count], when: str) -> tuple[list[str], str]:
    """The months or years of the bars, in order; and the year whose months they are."""
    if not dated:
        return [], ""
    first, last = min(each.month for each in dated), max(each.month for each in dated)
    months = list(_months(first, last))
    if len(months) <= MONTHS:
        return months, ""
    if when and when != UNDATED:
        year = when[:4]
        return [f"{year}-{month:02}" for month in range(1, 13)], year
    return [f"{year:04}" for year in range(int(first[:4]), int(last[:4]) + 1)], ""


def _months(first: str, last: str) -> Iterable[str]:
    year, month = int(first[:4]), int(first[5:])
    while (now := f"{year:04}-{month:02}") <= last:
        yield now
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _bars(
    whens: Sequence[str], dated: Sequence[Count], colours: dict[str, int]
) -> tuple[tuple[Bar, ...], int]:
    size = len(whens[0]) if whens else 0
    cells: Counter[tuple[str, int]] = Counter()
    for each in dated:
        colour = colours.get(each.source or each.publisher or UNNAMED, 0)
        cells[each.month[:size], colour] += each.articles
    totals = {when: sum(cells[when, c] for c in range(COLOURED + 1)) for when in whens}
    most = max(totals.values(), default=0)
    every = max(1, -(-len(whens) // 6))  # at most six names below the bars
    bars: list[Bar] = []
    for number, when in enumerate(whens):
        parts, low = [], 0.0
        for colour in (*range(1, COLOURED + 1), 0):
            height = 100 * cells[when, colour] / most if most else 0
            if height:
                parts.append(Part(colour, low, height))
            low += height
        tick = "" if number % every else _tick(when, bars[number - every].when if number else "")
        bars.append(Bar(when, when_in_words(when), totals[when], tuple(parts), tick))
    return tuple(bars), most


def _tick(when: str, before: str) -> str:
    """What stands below a bar; the year only where it is another than that of the tick before."""
    month, _, year = when_in_words(when).rpartition(" ")
    if not month:
        return year
    return month[:3] if before.startswith(year) else f"{month[:3]} {year}"


def _span(dated: Sequence[Count]) -> str:
    if not dated:
        return ""
    first, last = min(each.month for each in dated), max(each.month for each in dated)
    words = [when_in_words(month) for month in dict.fromkeys((first, last))]
    return " to ".join(words)
