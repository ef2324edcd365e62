"""The table, as Markdown: values, paired intervals, and where a peer is better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.peers import declared
from tests.benchmarks.peers.declared import COST, FIRST, QUALITY, Row
from tests.benchmarks.peers.intervals import difference, ratio
from tests.benchmarks.peers.measure import Found

README_ROWS = (
    "multihoprag/hits10", "multihoprag/mrr10", "squad/hits10", "syria/hits10",
    "bad_citations", "inventions", "short", "right", "answered", "abstained",
)  # fmt: skip
README_COST = ("index_ratio", "retrieve_p50", "cold", "peak_mb")


@dataclass(frozen=True)
class Cell:
    """One value, and the interval of Dateline's less it (None for Dateline, or where none is)."""

    value: float | None
    interval: tuple[float, float] | None = None


def key_of(row: Row) -> str:
    """The row's own name in a table."""
    return f"{row.set}/{row.key}" if row.set else row.key


def counts_of(row: Row, one: Found) -> list[tuple[float, float]]:
    """The row's pairs; of a row over the answered sets, those of one set after the other's."""
    names = [row.set] if row.set else declared.ANSWER_SETS
    return [pair for name in names for pair in one.counts.get(f"{name}/{row.key}", [])]


def cells_of(row: Row, found: Mapping[str, Found]) -> dict[str, Cell]:
    """The row's cell for each system that has it."""
    ours = counts_of(row, found[FIRST]) if FIRST in found else []
    cells = {}
    for name, one in found.items():
        counts = counts_of(row, one)
        if not counts:
            continue
        interval = None
        if name != FIRST and len(ours) == len(counts):
            interval = difference(ours, counts, declared.RESAMPLES, declared.SEED)
        cells[name] = Cell(ratio(counts), interval)
    return cells


def better(row: Row, ours: Cell, theirs: Cell) -> bool:
    """Whether a peer's value is better than Dateline's."""
    if ours.value is None or theirs.value is None:
        return False
    return theirs.value > ours.value if row.more else theirs.value < ours.value


def beyond_chance(cell: Cell) -> bool:
    """Whether the interval of the difference leaves out nought."""
    return cell.interval is not None and (cell.interval[0] > 0 or cell.interval[1] < 0)


def written(value: float | None) -> str:
    """A share without the nought before its point."""
    if value is None:
        return "–"
    return f"{value:.3f}".removeprefix("0") if value < 0.9995 else f"{value:.1f}"


def quality_table(
    found: Mapping[str, Found], titles: Mapping[str, str], *, only: Sequence[str] = ()
) -> list[str]:
    """Rows of quality; `only`: these, without intervals."""
    systems = [name for name in titles if name in found]
    lines = [
        f"| | {' | '.join(titles[name] for name in systems)} |",
        "|---" * (len(systems) + 1) + "|",
    ]
    for row in QUALITY:
        if only and key_of(row) not in only:
            continue
        cells = cells_of(row, found)
        if not cells:
            continue
        said = [_cell(cells.get(name), plain=bool(only)) for name in systems]
        lines.append(
            f"| {row.title} ({'more' if row.more else 'less'} is better) | {' | '.join(said)} |"
        )
    return lines


def _cell(cell: Cell | None, *, plain: bool) -> str:
    if cell is None:
        return "–"
    if plain or cell.interval is None:
        return written(cell.value)
    low, high = (f"{side:+.3f}".replace("0.", ".") for side in cell.interval)
    return f"{written(cell.value)} ({low} to {high}){'*' if beyond_chance(cell) else ''}"


def cost_table(
    found: Mapping[str, Found], titles: Mapping[str, str], only: Sequence[str] = ()
) -> list[str]:
    """Rows of cost."""
    systems = [name for name in titles if name in found]
    lines = [
        f"| | {' | '.join(titles[name] for name in systems)} |",
        "|---" * (len(systems) + 1) + "|",
    ]
    for key, title, unit in COST:
        if only and key not in only:
            continue
        values = [found[name].cost.get(key) for name in systems]
        if any(value is not None for value in values):
            said = [_amount(value, unit) for value in values]
            lines.append(f"| {title} | {' | '.join(said)} |")
    return lines


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    match unit:
        case "x" | "s":
            return f"{value:.2f} {'×' if unit == 'x' else 's'}"
        case _:
            return f"{value:.0f} {unit}".removesuffix(" words")


def where_behind(found: Mapping[str, Found], titles: Mapping[str, str]) -> list[str]:
    """A line for each row in which a peer has the better value."""
    if FIRST not in found:
        return []
    titles = {name: title for name, title in titles.items() if name != declared.OWN.name}
    lines = []
    for row in QUALITY:
        cells = cells_of(row, found)
        ahead = [
            f"{titles[name]} {written(cell.value)}" + " (beyond chance)" * beyond_chance(cell)
            for name, cell in cells.items()
            if name in titles and name != FIRST and better(row, cells[FIRST], cell)
        ]
        if ahead:
            lines.append(
                f"- {row.title}: {', '.join(ahead)}; Dateline {written(cells[FIRST].value)}"
            )
    for key, title, unit in COST[:-1]:
        ours = found[FIRST].cost.get(key)
        ahead = [
            f"{titles[name]} {_amount(found[name].cost[key], unit)}"
            for name in titles
            if name in found and ours is not None and found[name].cost.get(key, ours) < ours
        ]
        if ahead:
            lines.append(f"- {title}: {', '.join(ahead)}; Dateline {_amount(ours, unit)}")
    return lines


def aims(found: Mapping[str, Found]) -> list[str]:
    """What Dateline aims at, and what it came to; an aim without its figures is left out."""
    lines = []
    for name, plain, how in (
        (FIRST, declared.PLAIN.name, "the endpoint's embedder"),
        (declared.OWN.name, declared.PLAIN_OWN.name, "the built-in embedder"),
    ):
        ours, least = (found.get(n, Found()).cost.get("retrieve_p50") for n in (name, plain))
        if ours is not None and least is not None:
            lines.append(
                f"- Retrieval p50 with {how} {ours:.0f} ms; question embedded and one Chroma query "
                f"{least:.0f} ms: {ours / least:.1f} times (aim: at most 1.5)"
            )
    own = found.get(declared.OWN.name, Found()).cost
    if "cold" in own and "imports" in own:
        lines.append(
            f"- Cold `assistant ask` {own['cold']:.2f} s; importing chromadb and llama_index.core "
            f"{own['imports']:.2f} s: {own['cold'] - own['imports']:.2f} s more (aim: at most 1 s)"
        )
    behind = found.get(FIRST, Found()).cost.get("behind_sentence")
    if behind is not None:
        lines.append(
            f"- First checked sentence, behind the endpoint's last word of it: {behind:.0f} ms "
            "(aim: under 50 ms)"
        )
    return lines


def page(found: Mapping[str, Found], about: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The whole of `peers-table.md`."""
    packages = sorted({f"{k} {v}" for one in found.values() for k, v in one.packages.items()})
    failed = [f"- {titles.get(n, n)}: {one.failed}" for n, one in found.items() if one.failed]
    parts = [
        [f"Written by `{about['command']}` on {about['date']}. {about['machine']}"],
        [f"Versions: {', '.join(packages)}; Python {about['python']}."],
        ["## Quality", "", about["intervals"], "", *quality_table(found, titles)],
        ["## Cost", "", *cost_table(found, titles)],
        ["## Aims", "", *aims(found)],
        ["## Where a peer is better", "", *(where_behind(found, titles) or ["- nowhere"])],
        ["## Did not run", "", *(failed or ["- all ran"])],
    ]
    return "# Peers, measured\n\n" + "\n\n".join("\n".join(part) for part in parts) + "\n"


def readme_block(found: Mapping[str, Found], titles: Mapping[str, str]) -> str:
    """The short table for the README."""
    quality = quality_table(found, titles, only=README_ROWS)
    return "\n".join([*quality, *cost_table(found, titles, README_COST)[2:]]) + "\n"
