"""How long answers are and what they take."""

from __future__ import annotations

from assistant.evaluation.measures.metric import Metric, when

SIZE: tuple[Metric, ...] = (
    Metric("statements_per_answer", "Size", "Statements an answer",
           "mean over answers that did not abstain", "count",
           lambda case, c: when(c.answered, c.statements)),
    Metric("quoted_words_per_answer", "Size", "Quoted words an answer",
           "mean over answers that did not abstain", "count",
           lambda case, c: when(c.answered, c.quoted_words)),
    Metric("dropped_per_answer", "Size", "Unsupported statements dropped",
           "mean over all cases that came back", "count",
           lambda case, c: when(True, c.dropped)),
    Metric("tokens_in_per_answer", "Size", "Tokens read by a model",
           "mean over all cases that came back", "count",
           lambda case, c: when(True, c.tokens_in)),
    Metric("tokens_out_per_answer", "Size", "Tokens written by a model",
           "mean over all cases that came back", "count",
           lambda case, c: when(True, c.tokens_out)),
    Metric("cost_per_answer", "Size", "Cost an answer",
           "tokens of the model at the prices given, mean over all cases that came back", "count",
           lambda case, c: when(True, c.cost), digits=6),
)  # fmt: skip
