"""The words of Dateline, as frozen dataclasses. Imports nothing of ours.

Dates are `datetime.date` here and ISO strings in `Answer.to_dict()`. Offsets count characters
(indices of a Python `str`) in the cleaned text of one revision of an article.
"""

from __future__ import annotations

from assistant.types.answers import (
    SCHEMA_VERSION,
    Answer,
    Timings,
    Tokens,
    WriterName,
    citation_dict,
    evidence_dict,
    statement_dict,
)
from assistant.types.articles import (
    Article,
    Filters,
    Link,
    LinkKind,
    Passage,
    filter_key,
    revision_of,
)
from assistant.types.cases import EvalCase, GoldQuote, Turn
from assistant.types.indexes import IndexManifest, IndexReport, Quarantined
from assistant.types.statements import (
    Citation,
    Disagreement,
    Event,
    Evidence,
    Part,
    Precision,
    Side,
    Statement,
    Status,
    TimelineEntry,
)

__all__ = [
    "SCHEMA_VERSION",
    "Answer",
    "Article",
    "Citation",
    "Disagreement",
    "EvalCase",
    "Event",
    "Evidence",
    "Filters",
    "GoldQuote",
    "IndexManifest",
    "IndexReport",
    "Link",
    "LinkKind",
    "Part",
    "Passage",
    "Precision",
    "Quarantined",
    "Side",
    "Statement",
    "Status",
    "TimelineEntry",
    "Timings",
    "Tokens",
    "Turn",
    "WriterName",
    "citation_dict",
    "evidence_dict",
    "filter_key",
    "revision_of",
    "statement_dict",
]
