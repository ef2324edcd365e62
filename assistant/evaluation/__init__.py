"""Scores a fixed question set: cases in, figures and a report out.

It sees a callable and dictionaries of the form of `Answer.to_dict()`, never the pipeline.
"""

from __future__ import annotations

from assistant.evaluation.cases import cases_digest, load_cases
from assistant.evaluation.gate import check_floors, load_floors
from assistant.evaluation.report import table, write_report
from assistant.evaluation.run import CaseResult, EvalReport, evaluate

__all__ = [
    "CaseResult",
    "EvalReport",
    "cases_digest",
    "check_floors",
    "evaluate",
    "load_cases",
    "load_floors",
    "table",
    "write_report",
]
