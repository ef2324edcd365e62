"""Scores a fixed question set: cases in, figures and a report out.

It sees a callable and dictionaries of the form of `Answer.to_dict()`, never the pipeline.
"""

from __future__ import annotations

from assistant.evaluation.cases import cases_digest, load_cases, read_cases
from assistant.evaluation.changes import Change, changes, facts
from assistant.evaluation.gate import check_floors, load_floors
from assistant.evaluation.kept import DamagedRun, Run
from assistant.evaluation.report import table, write_report
from assistant.evaluation.run import CaseResult, EvalReport, evaluate
from assistant.evaluation.runs import Keeping, Runs, earlier

__all__ = [
    "CaseResult",
    "Change",
    "DamagedRun",
    "EvalReport",
    "Keeping",
    "Run",
    "Runs",
    "cases_digest",
    "changes",
    "check_floors",
    "earlier",
    "evaluate",
    "facts",
    "load_cases",
    "load_floors",
    "read_cases",
    "table",
    "write_report",
]
