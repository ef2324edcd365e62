"""Floors that a question set's figures must not fall below."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CaseError, UsageError
from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import LOWER_IS_BETTER, METRIC_NAMES
from assistant.evaluation.run import EvalReport
from assistant.evaluation.writing import write_whole
from assistant.types import Article

HELD = (
    "right", "completed", "answer_match_all_parts", "abstained_unanswerable", "answered_answerable",
    "quotes_gold", "verbatim", "statements_cited", "hit_rate@10", "mrr@10", "article_recall@10",
)  # fmt: skip
"""The figures that a new floors file holds."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Floors:
    """The least that each named figure must reach, and what the floors were measured on.

    A digest that is empty is not compared.
    """

    floors: Mapping[str, float]
    cases_digest: str = ""
    articles_digest: str = ""


def load_floors(path: str | Path) -> Floors:
    """Read a floors file: `{"floors": {"hit_rate@10": 0.9}, "cases_digest", "articles_digest"}`.

    Raises:
        CaseError: it cannot be read, is not of that form, or names a figure that there is not.
    """
    path = Path(path)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError(f"{path}: cannot read the floors ({error.strerror})") from error
    except ValueError as error:
        raise CaseError(f"{path}: not JSON; see docs/evaluation.md for its form") from error
    floors = data.get("floors") if isinstance(data, dict) else None
    if not isinstance(floors, dict):
        raise CaseError(f'{path}: "floors" is missing; see docs/evaluation.md for its form')
    for name, floor in floors.items():
        if name not in METRIC_NAMES:
            raise CaseError(f"{path}: no figure is called {name!r}; names stand in report.json")
        if isinstance(floor, bool) or not isinstance(floor, int | float):
            raise CaseError(f"{path}: the floor of {name!r} is not a number")
    digests = [data.get(key) or "" for key in ("cases_digest", "articles_digest")]
    if not all(isinstance(digest, str) for digest in digests):
        raise CaseError(f"{path}: a digest is not text")
    return Floors(floors, *digests)


def check_floors(report: EvalReport, floors: Floors) -> list[str]:
    """One line for each figure below its floor; an empty list where all hold.

    The digests are compared first: floors that were measured on other questions or other
    articles (the report's `about["articles_digest"]`) say nothing, and that is a line too. So is
    a figure that no case counts for.
    """
    data = report.to_dict()
    lines = []
    if floors.cases_digest and floors.cases_digest != data["cases_digest"]:
        lines.append("the questions are not those that the floors were measured on")
    if floors.articles_digest and floors.articles_digest != report.about.get("articles_digest"):
        lines.append("the articles are not those that the floors were measured on")
    for name, floor in sorted(floors.floors.items()):
        value, n = data["metrics"][name]["value"], data["metrics"][name]["n"]
        if value is None:
            lines.append(f"{name}: no case counts for it, floor {floor:.3f}")
        elif value < floor - _ROUNDING:
            lines.append(f"{name}: {value:.3f} is below its floor of {floor:.3f} (n = {n})")
    return lines


def parse_floor(text: str) -> tuple[str, float]:
    """A floor that was typed as NAME=VALUE.

    Raises:
        UsageError: it is not of that form, or there is no such figure to hold up.
    """
    name, _, value = text.partition("=")
    try:
        floor = float(value)
    except ValueError:
        raise UsageError(f"{text!r} is not NAME=VALUE, as in right=0.8") from None
    if name not in METRIC_NAMES or name in LOWER_IS_BETTER:
        raise UsageError(f"no figure is called {name!r} that is to be high; see docs/evaluation.md")
    return name, floor


def write_floors(
    path: str | Path,
    figures: Mapping[str, Figure],
    cases_digest: str,
    articles_digest: str,
    *,
    lower: bool = False,
) -> Floors:
    """Set the floors of a file to what a run reached, and tie them to its questions and articles.

    The file's own figures are set; a new file gets `HELD`, as far as cases count for them. What
    is there is lowered, and moved to other questions or articles, only with `lower`.

    Raises:
        UsageError: that would lower a floor or move it, and `lower` is not given; or the file
            cannot be written.
        CaseError: the file is no floors file.
    """
    path = Path(path)
    old = load_floors(path) if path.exists() else Floors({})
    reached = {name: _down(figures[name].value) for name in old.floors or HELD if figures[name].n}
    new = Floors(reached, cases_digest, articles_digest)
    lost = _lost(old, new)
    if lost and not lower:
        raise UsageError(f"{path} stays as it is: {'; '.join(lost)}; --lower does so all the same")
    text = json.dumps(
        {
            "floors": dict(sorted(reached.items())),
            "cases_digest": cases_digest,
            "articles_digest": articles_digest,
        },
        indent=1,
    )
    write_whole(path, text + "\n")
    return new


def _lost(old: Floors, new: Floors) -> list[str]:
    lost = []
    for name, floor in old.floors.items():
        if name not in new.floors:
            lost.append(f"no case counts for {name} any more")
        elif new.floors[name] < floor - _ROUNDING:
            lost.append(f"{name} would fall from {floor:.3f} to {new.floors[name]:.3f}")
    for what, was, is_ in (
        ("questions", old.cases_digest, new.cases_digest),
        ("articles", old.articles_digest, new.articles_digest),
    ):
        if was and was != is_:
            lost.append(f"the {what} are others than its own")
    return lost


def _down(value: float | None) -> float:
    """A figure rounded down, so that the run that it is of holds it."""
    return math.floor((value or 0.0) * 1000) / 1000


def articles_digest(articles: Iterable[Article]) -> str:
    """A digest of the articles that are asked, in any order: ids and revisions (sha256, hex)."""
    return revisions_digest((article.id, article.revision) for article in articles)


def revisions_digest(revisions: Iterable[tuple[str, str]]) -> str:
    """`articles_digest` of articles that are known by their ids and revisions."""
    digest = hashlib.sha256()
    for article_id, revision in sorted(revisions):
        digest.update(
            f"{len(article_id)}:{article_id}@{revision}\n".encode("utf-8", "surrogatepass")
        )
    return digest.hexdigest()
