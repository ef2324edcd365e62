"""What the confidence is worth; see `risk.py` and `calibration.py`."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.calibration import brier, ece, forecasts
from assistant.evaluation.figures import Figure, auc
from assistant.evaluation.measures.metric import Judged, Metric, came_back, when
from assistant.evaluation.risk import aurc, choices, excess_aurc


def _auc_of_confidence(judged: Sequence[Judged]) -> Figure:
    told = forecasts(judged)
    return auc([sure for sure, has in told if has], [sure for sure, has in told if not has])


CONFIDENCE: tuple[Metric, ...] = (
    Metric("coverage", "Confidence", "Answered (coverage)",
           "cases that came back and can be judged, the unanswerable among them", "share",
           lambda case, c: when(came_back(c) and c.right is not None, c.answered)),
    Metric("risk", "Confidence", "Not right where it answered (risk)",
           "of those, the answered ones that are not right; the lower the better", "share",
           lambda case, c: when(c.answered and c.right is not None, not c.right)),
    Metric("aurc", "Confidence", "Area under risk and coverage (AURC)",
           "mean risk when answering from the surest case down, an answer that was withheld "
           "counted as not right; the lower the better",
           "whole", over=lambda judged: aurc(choices(judged)),
           drawn=lambda judged: aurc(choices(judged), interval=False)),
    Metric("excess_aurc", "Confidence", "The part of it that order costs (E-AURC)",
           "that area above the least for as many errors, at most; 0: every right answer is "
           "surer than every wrong one",
           "whole", over=lambda judged: excess_aurc(choices(judged)),
           drawn=lambda judged: excess_aurc(choices(judged))),
    Metric("auc_confidence", "Confidence", "Confidence tells them apart (AUC)",
           "how often an answerable case has the higher confidence of a pair; 0.5 is chance",
           "whole", over=_auc_of_confidence, drawn=_auc_of_confidence),
    Metric("brier", "Confidence", "Squared error of the confidence (Brier)",
           "mean square of confidence less 1 where there is an answer, less 0 where there is "
           "none; 0.25 is that of .5 always, the lower the better", "unit",
           lambda case, c: () if c.confidence is None else (brier(c.confidence, case.answerable),)),
    Metric("ece", "Confidence", "Calibration error (ECE)",
           "mean distance of the confidence from the share that is answerable, over cases of "
           "like confidence; the lower the better",
           "whole", over=lambda judged: ece(forecasts(judged))),
)  # fmt: skip
