"""Question -> evidence: filters, hybrid search, fusion, rerank, a cap on passages per article."""

from assistant.retrieval.hybrid import HybridRetriever
from assistant.retrieval.length import length_of
from assistant.retrieval.rerank import ReaderRerank
from assistant.retrieval.spellings import expand

__all__ = ["HybridRetriever", "ReaderRerank", "expand", "length_of"]
