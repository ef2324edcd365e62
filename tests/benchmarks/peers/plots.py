"""The plot of the table: a panel for each kind of row, a bar for each system (matplotlib, SVG)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.peers.declared import QUALITY
from tests.benchmarks.peers.measure import Found
from tests.benchmarks.peers.page import cells_of, key_of

PANELS = {
    "Finding: gold sentence in the first ten": (
        "multihoprag/hits10", "squad/hits10", "syria/hits10",
    ),
    "A model that invents: less is better": ("bad_citations", "inventions"),
    "An honest model": ("short", "right", "answered", "abstained"),
}  # fmt: skip
SHORT = {
    "multihoprag/hits10": "MultiHop-RAG",
    "squad/hits10": "SQuAD",
    "syria/hits10": "Syria",
    "bad_citations": "citations that\ndo not hold",
    "inventions": "inventions\nshown",
    "short": "verbatim,\n≤ 60 words",
    "right": "right",
    "answered": "answered",
    "abstained": "abstained",
}
_COLOURS = ("#1f4e79", "#c55a11", "#e2a577", "#548235", "#7f6000", "#7030a0")


def plot(found: Mapping[str, Found], titles: Mapping[str, str], file: Path) -> None:
    """Write the plot; systems without a row have no bar there."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams.update({"svg.hashsalt": "peers", "font.size": 9})
    from matplotlib import pyplot

    rows = {key_of(row): row for row in QUALITY}
    systems = [name for name in titles if name in found]
    figure, axes = pyplot.subplots(1, len(PANELS), figsize=(11, 3.4), sharey=True)
    for axis, (title, keys) in zip(axes, PANELS.items(), strict=True):
        width = 0.8 / max(1, len(systems))
        for place, name in enumerate(systems):
            cells = [cells_of(rows[key], {name: found[name]}).get(name) for key in keys]
            heights = [(cell.value or 0.0) if cell else 0.0 for cell in cells]
            at = [i + (place - (len(systems) - 1) / 2) * width for i in range(len(keys))]
            colour = _COLOURS[place % len(_COLOURS)]
            axis.bar(at, heights, width * 0.92, label=titles[name], color=colour)
        axis.set_title(title, fontsize=10)
        axis.set_xticks(range(len(keys)), [SHORT[key] for key in keys])
        axis.set_ylim(0, 1)
        for side in ("top", "right"):
            axis.spines[side].set_visible(False)
    axes[0].set_ylabel("share")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=len(systems), frameon=False)
    figure.tight_layout(rect=(0, 0.08, 1, 1))
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
