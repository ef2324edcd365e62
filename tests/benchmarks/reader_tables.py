"""The figures of a reader as Markdown, beside plain scores, the first trial and the aims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.benchmarks.reader_claims import PLAIN
from tests.benchmarks.reader_measures import Measured
from tests.benchmarks.reader_ranking import VARIANTS

Figures = Mapping[str, Measured]

TRIAL = {
    "squad_first": 0.819,
    "squad_auc": 0.597,
    "squad_own_first": 0.844,
    "squad_own_auc": 0.609,
    "rgb_first": 0.50,
    "rgb_first3": 0.70,
    "rgb_auc": 0.67,
    "seed_first": 0.889,
    "seed_auc": 1.0,
    "syria_first": 0.40,
    "syria_first3": 0.80,
    "syria_auc": 0.80,
}
"""The first trial of 23 minutes, as its notes have it."""

AIMS = {
    "squad_first": 0.88,
    "squad_auc": 0.75,
    "rgb_first": 0.70,
    "rgb_first3": 0.88,
    "rgb_auc": 0.85,
    "seed_first": 1.0,
    "syria_first": 0.80,
    "syria_first3": 0.90,
    "mrr10": 0.62,
    "all10": 0.40,
    "support_ba": 0.65,
}

_TITLES = {
    "squad_first": "SQuAD, five paragraphs: first sentence right",
    "squad_first3": "of the first three",
    "squad_auc": "answerable or not, best score",
    "squad_gap_auc": "the same, best less sixth",
    "squad90_first": "SQuAD, all questions: first sentence right",
    "squad90_said": "says the answer",
    "squad90_said3": "of the first three",
    "squad90_auc": "answerable or not, best score",
    "squad_own_first": "SQuAD, own paragraph: first sentence right",
    "squad_own_first3": "of the first three",
    "squad_own_auc": "answerable or not, best score",
    "rgb_first": "RGB: first sentence says the answer",
    "rgb_first3": "of the first three",
    "rgb_auc": "answerable or noise, best score",
    "rgb_gap_auc": "the same, best less sixth",
    "seed_first": "seed: first sentence right",
    "seed_first3": "of the first three",
    "seed_said": "says the answer",
    "seed_auc": "answerable or not, best score",
    "syria_first": "Syria: first sentence says a part of the answer",
    "syria_first3": "of the first three",
    "syria_every3": "the first three say every part",
    "syria_auc": "answerable or not, best score",
}


def sentences_table(found: Figures, plain: Mapping[str, Figures]) -> str:
    """Choosing sentences: plain scores, the trial, the reader, the aim."""
    rows = [["figure", "n", "BM25", "cosine", "plain sum", "trial", "reader", "95 %", "aim", "met"]]
    for key, title in _TITLES.items():
        if key not in plain["bm25"]:
            continue
        figure = found.get(key)
        aim = AIMS.get(key)
        rows.append(
            [
                title,
                plain["bm25"][key].n,
                *(_value(plain[kind][key].value) for kind in ("bm25", "cosine", "sum")),
                _value(TRIAL.get(key)),
                _value(figure and figure.value),
                _interval(figure),
                _value(aim),
                _met(figure, aim),
            ]
        )
    return as_markdown(rows)


def passages_table(found: Figures, coverage: Figures) -> str:
    """The second stage over MultiHop-RAG's passages."""
    names = ("mrr10", "hits10", "hits4", "all10")
    heads = ["MRR@10", "Hits@10", "Hits@4", "all facts@10"]
    rows = [["first stage", "second stage", *heads, "95 % of MRR", "95 % of all facts"]]
    stages = sorted({key.split("_")[1] for key in coverage})
    for stage in stages:
        for source, figures in (("coverage", coverage), ("reader", found)):
            for variant in VARIANTS:
                keys = [f"mhr_{stage}_{variant}_{name}" for name in names]
                if keys[0] not in figures or (variant == "first" and source == "reader"):
                    continue
                shown = "none" if variant == "first" else f"{source}, {variant}"
                rows.append(
                    [
                        stage,
                        shown,
                        *(_value(figures[key].value) for key in keys),
                        _interval(figures[keys[0]]),
                        _interval(figures[keys[3]]),
                    ]
                )
        reachable = coverage.get(f"mhr_{stage}_reachable_all30")
        rows.append([stage, "every fact within the 30", "", "", "", _value(
            reachable and reachable.value), "", ""])  # fmt: skip
    rows.append(["", "aim", _value(AIMS["mrr10"]), "", "", _value(AIMS["all10"]), "", ""])
    return as_markdown(rows)


def claims_table(found: Figures, plain: Mapping[str, Figures], against: Mapping[str, Any]) -> str:
    """Balanced accuracy and area of claims, by origin, and what the reader gains over words."""
    columns = [key for key in plain.get("overlap", {}) if key.startswith("support_")]
    if not columns:
        return ""
    rows = [["score", *(key.removeprefix("support_").replace("_", " ") for key in columns)]]
    for kind in PLAIN:
        rows.append([kind, *(_full(plain[kind][key]) for key in columns)])
    if found:
        rows.append(["reader", *(_full(found[key]) for key in columns)])
    for name, values in against.get("windows", {}).items():
        rows.append([f"reader, {name}", *(_value(values[key]) for key in columns)])
    text = as_markdown(rows)
    if not against:
        return text
    lines = [["reader less", *next(iter(against["against"].values()))]]
    for kind, differences in against["against"].items():
        lines.append([kind, *(_difference(d) for d in differences.values())])
    return f"{text}\n\n{as_markdown(lines)}"


def contexts_table(contexts: Mapping[str, Figures]) -> str:
    """What stands beside the sentence, tried in turn."""
    keys = list(next(iter(contexts.values())))
    rows = [["context", *(key.replace("_", " ") for key in keys)]]
    rows += [
        [name, *(_value(figures[key].value) for key in keys)] for name, figures in contexts.items()
    ]
    return as_markdown(rows)


def as_markdown(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as a table; the first is its head."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [list(rows[0]), ["-" * width for width in widths], *rows[1:]]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in lines
    )


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _interval(figure: Measured | None) -> str:
    return f"{figure.low:.2f}-{figure.high:.2f}" if figure else ""


def _full(figure: Measured) -> str:
    return f"{figure.value:.3f} ({_interval(figure)})"


def _difference(found: Mapping[str, float]) -> str:
    return (
        f"{found['value']:+.3f} ({found['low']:+.2f} to {found['high']:+.2f}), p = {found['p']:.3f}"
    )


def _met(figure: Measured | None, aim: float | None) -> str:
    if figure is None or aim is None:
        return ""
    return "yes" if round(figure.value, 3) >= aim else "NO"
