"""A question file put to an `Assistant` or to another system, and the run kept with what made it.

Here, and not in `evaluation`, because it knows the settings and the library; the command line and
the page Evaluation both come this way.
"""

from __future__ import annotations

from assistant.evaluating.afterwards import Then, judge_of
from assistant.evaluating.gating import Gate
from assistant.evaluating.made import MATTER, made_of, made_of_target
from assistant.evaluating.running import (
    LAST,
    Answers,
    Subject,
    answering,
    of_library,
    of_target,
    run_evaluation,
    run_subject,
    runs_folder,
)

__all__ = [
    "LAST",
    "MATTER",
    "Answers",
    "Gate",
    "Subject",
    "Then",
    "answering",
    "judge_of",
    "made_of",
    "made_of_target",
    "of_library",
    "of_target",
    "run_evaluation",
    "run_subject",
    "runs_folder",
]
