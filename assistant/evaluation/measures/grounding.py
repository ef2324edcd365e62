"""Whether answers stand on what they cite; see `citing.py`."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.checks import Checks
from assistant.evaluation.measures.metric import Metric, when
from assistant.types import EvalCase


def _quoting(case: EvalCase, c: Checks) -> bool:
    return case.answerable and c.answered and bool(c.quoted)


def _checked(c: Checks) -> bool:
    """Whether citations were looked at: checks that were kept before are without."""
    return len(c.supported) == c.statements


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


GROUNDING: tuple[Metric, ...] = (
    Metric("quotes_gold", "Grounding", "Quotes the gold sentence",
           "answered answerable cases with gold quotes, where a citation holds one of them",
           "share", lambda case, c: when(_quoting(case, c), any(c.quoted))),
    Metric("quotes_gold_all", "Grounding", "Quotes every gold sentence",
           "the same, with every gold quote", "share",
           lambda case, c: when(_quoting(case, c), all(c.quoted))),
    Metric("verbatim", "Grounding", "Verbatim citations",
           "citations whose words stand in the article at their offsets; must be 1", "share",
           lambda case, c: c.verbatim),
    Metric("statements_cited", "Grounding", "Statements with their citations",
           "statements that have markers, each with its citation; must be 1", "share",
           lambda case, c: c.cited),
    Metric("citation_recall", "Grounding", "Citation recall (ALCE)",
           "share of an answer's statements that their citations carry, mean over answers", "unit",
           lambda case, c: when(c.answered and _checked(c), _share(c.supported))),
    Metric("citation_precision", "Grounding", "Citation precision (ALCE)",
           "share of an answer's citations that are needed: they carry the statement alone, or "
           "the others do not without them; mean over answers", "unit",
           lambda case, c: when(c.answered and _checked(c), _share(c.needed))),
)  # fmt: skip
