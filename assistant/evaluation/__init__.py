"""Scores a fixed question set: cases in, figures and a report out.

It sees a callable and dictionaries of the form of `Answer.to_dict()`, never the pipeline.
"""

from __future__ import annotations

from assistant.evaluation.baseline import Baseline, read_baseline, write_baseline
from assistant.evaluation.cases import cases_digest, load_cases, read_cases
from assistant.evaluation.changes import Change, changes, facts
from assistant.evaluation.compared import (
    compared_table,
    render_comparison,
    set_beside,
    write_comparison,
)
from assistant.evaluation.comparing import Comparison, Difference, Flip, compare
from assistant.evaluation.cost import Prices, judge_priced, price_results, priced
from assistant.evaluation.gate import Floors, check_floors, load_floors, parse_floor, write_floors
from assistant.evaluation.judging import Judge, Reply, judge_results, judged
from assistant.evaluation.kept import DamagedRun, Run
from assistant.evaluation.rechecking import recheck
from assistant.evaluation.report import table, write_report
from assistant.evaluation.run import CaseResult, EvalReport, evaluate
from assistant.evaluation.runs import Keeping, Runs, earlier
from assistant.evaluation.targets import Target, http_target
from assistant.evaluation.texts import says_no_answer, text_answer

__all__ = [
    "Baseline",
    "CaseResult",
    "Change",
    "Comparison",
    "DamagedRun",
    "Difference",
    "EvalReport",
    "Flip",
    "Floors",
    "Judge",
    "Keeping",
    "Prices",
    "Reply",
    "Run",
    "Runs",
    "Target",
    "cases_digest",
    "changes",
    "check_floors",
    "compare",
    "compared_table",
    "earlier",
    "evaluate",
    "facts",
    "http_target",
    "judge_priced",
    "judge_results",
    "judged",
    "load_cases",
    "load_floors",
    "parse_floor",
    "price_results",
    "priced",
    "read_baseline",
    "read_cases",
    "recheck",
    "render_comparison",
    "says_no_answer",
    "set_beside",
    "table",
    "text_answer",
    "write_baseline",
    "write_comparison",
    "write_floors",
    "write_report",
]
