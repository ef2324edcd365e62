"""The report as one HTML page: what it shows, as plain values that the template escapes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.evaluation.card import VERDICTS, case_card, diagnosis, segments
from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import METRICS, Metric
from assistant.evaluation.plots import Frame, reliability_plot, risk_plot
from assistant.evaluation.ranks import hit
from assistant.evaluation.run import CaseResult, EvalReport
from assistant.evaluation.spread import times_plot, types_plot

__all__ = ["LONG", "SCRIPT", "SCRIPT_HASH", "VERDICTS", "Shown", "case_card", "diagnosis", "draw",
           "render", "segments", "shown"]  # fmt: skip

LONG = 300
"""A report of more cases than this has no passages' texts in those that are right."""

_OPEN = 40
"""Endings of more cases than this are folded."""

SCRIPT = (Path(__file__).parent / "filter.js").read_text(encoding="utf-8")
"""The page's one script, which filters its cases."""

SCRIPT_HASH = f"sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}"
"""Its hash as a content security policy names it."""

_CARDS = ("right", "answer_match_all_parts", "abstained_unanswerable", "verbatim", "hit_rate@10")
_BREAKDOWN = ("right", "answer_match_all_parts", "abstained_unanswerable", "abstained_answerable",
              "quotes_gold", "hit_rate@4", "hit_rate@10", "mrr@10")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as text: `value` is "83.3 %" or "0.525", `interval` its 95 % bounds, `of` what
    it was counted over. `left`, `width` and `fill` are its interval and value in percent of the
    way from 0 to 1, for a bar; None where it has none.
    """

    title: str
    meaning: str
    value: str
    interval: str
    of: str
    fill: float | None = None
    left: float | None = None
    width: float | None = None


def shown(metric: Metric, figure: Figure) -> Shown:
    """A figure as text, in the way of its kind.

    >>> from assistant.evaluation.figures import share
    >>> print(shown(METRICS[0], share([True, True, False])).of)
    2 of 3
    """
    if figure.value is None:
        return Shown(metric.title, metric.meaning, "–", "", "none")
    percent = metric.kind == "share"
    value = _percent(figure.value) if percent else f"{figure.value:.3f}"
    of = f"{figure.k} of {figure.n}" if figure.k is not None else f"{figure.n}"
    if metric.kind == "count":
        return Shown(metric.title, metric.meaning, f"{figure.value:.{metric.digits}f}", "", of)
    if figure.low is None or figure.high is None:
        fill = round(100 * figure.value, 2)
        return Shown(metric.title, metric.meaning, value, "", of, fill)
    low, high = figure.low, figure.high
    interval = f"{100 * low:.0f}–{100 * high:.0f} %" if percent else f"{low:.2f}–{high:.2f}"
    bar = (round(100 * number, 2) for number in (figure.value, low, high - low))
    return Shown(metric.title, metric.meaning, value, interval, of, *bar)


def render(report: EvalReport) -> str:
    """The report as one self-contained HTML page. Everything that came from a case, an article
    or a model is escaped; the page forbids connections, and every script but its own one (told by
    its hash), by its own policy.
    """
    from markupsafe import Markup

    own = {"script": Markup(SCRIPT), "script_hash": SCRIPT_HASH}  # noqa: S704  # of this room
    return draw("report.html.j2", {**_page(report), **own})


def draw(name: str, values: Mapping[str, Any]) -> str:
    """A page of this room, from its template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name).render(values)


def _page(report: EvalReport) -> dict[str, Any]:
    metrics = report.metrics
    by_name = {metric.name: shown(metric, metrics[metric.name]) for metric in METRICS}
    groups: dict[str, list[Shown]] = {}
    for metric in METRICS:
        if metrics[metric.name].n:
            groups.setdefault(metric.group, []).append(by_name[metric.name])
    long = len(report.results) > LONG
    cases = [
        case_card(result, passages=not long or result.checks.verdict != "right")
        for result in report.results
    ]
    data = report.to_dict()
    return {
        "about": data["about"],
        "writers": data["writers"],
        "cases_digest": data["cases_digest"][:12],
        "started_at": _moment(report.started_at),
        "seconds": f"{report.seconds:.1f}",
        "resumed": report.resumed,
        "types": sorted({result.case.type for result in report.results}),
        "long": LONG if long else 0,
        "counts": data["counts"],
        "cards": [by_name[name] for name in _CARDS if metrics[name].n],
        "latency": report.latency_ms,
        "groups": groups,
        "figures": by_name,
        "frame": Frame(),
        "risk": risk_plot(report, metrics),
        "reliability": reliability_plot(report),
        "times": times_plot(report.times_ms),
        "by_type": types_plot(report),
        "way": _way(report.results),
        "breakdown": _breakdown(report),
        "endings": _endings(cases),
        "not_verbatim": [c for c in cases if any(q["verbatim"] is False for q in c["citations"])],
    }


def _endings(cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The cases by how they ended, those that ended well first; endings of none left out."""
    endings = []
    for verdict, (name, meaning) in VERDICTS.items():
        ended = [case for case in cases if case["verdict"] == verdict]
        if ended:
            percent = 100 * len(ended) / len(cases)
            endings.append(
                {
                    "verdict": verdict,
                    "name": name,
                    "meaning": meaning,
                    "cases": ended,
                    "percent": f"{percent:.2f}",
                    "open": verdict != "right" and len(ended) <= _OPEN,
                }
            )
    return endings


def _breakdown(report: EvalReport) -> dict[str, Any]:
    """The main figures for each type of case, and for each flag of the file."""
    metrics = [metric for metric in METRICS if metric.name in _BREAKDOWN]
    parts = [("", kind, figures) for kind, figures in report.by_type.items()]
    for name, flags in report.by_flag.items():
        parts += [(name, flag, figures) for flag, figures in flags.items()]
    return {
        "titles": [metric.title for metric in metrics],
        "rows": [
            {
                "flag": flag.replace("_", " "),
                "name": name,
                "cases": figures["completed"].n,
                "cells": [shown(metric, figures[metric.name]) for metric in metrics],
            }
            for flag, name, figures in parts
        ],
    }


def _way(results: Sequence[CaseResult]) -> list[tuple[str, int, str]]:
    """How far the gold sentences of answerable cases get: (step, cases, percent)."""
    checks = [r.checks for r in results if r.case.answerable and r.checks.gold_ranks]
    words = [c for c in checks if c.parts and not c.yes_no]
    steps = [
        ("answerable cases with a gold sentence", len(checks), len(checks)),
        ("it is in the first 10 passages", sum(hit(c.gold_ranks, 10) for c in checks), len(checks)),
        ("it is in the first 4", sum(hit(c.gold_ranks, 4) for c in checks), len(checks)),
        ("the answer quotes it", sum(any(c.quoted) for c in checks), len(checks)),
        (
            f"the answer says every expected part (of the {len(words)} that want words)",
            sum(all(c.parts) for c in words),
            len(words),
        ),
    ]
    return [(step, count, f"{100 * count / of:.1f}") for step, count, of in steps if of]


def _percent(value: float) -> str:
    return "100 %" if value == 1 else f"{100 * value:.1f} %"


def _moment(iso: str) -> str:
    if not iso:
        return ""
    moment = datetime.fromisoformat(iso)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
