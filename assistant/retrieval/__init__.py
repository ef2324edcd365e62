"""Question -> evidence: filters, hybrid search, fusion, rerank, a cap on passages per article."""

from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.length import length_of
from assistant.retrieval.outlets import read_outlets
from assistant.retrieval.question import MOST_CLAUSES, Clause, Reading, read_question
from assistant.retrieval.rerank import ReaderRerank
from assistant.retrieval.spellings import expand, spellings

__all__ = [
    "MOST_CLAUSES",
    "Clause",
    "HybridRetriever",
    "ReaderRerank",
    "Reading",
    "expand",
    "length_of",
    "read_outlets",
    "read_question",
    "spellings",
]
