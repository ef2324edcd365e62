"""Question -> evidence: filters, hybrid search, fusion, a cap on passages per article."""

from assistant.retrieval.hybrid import HybridRetriever, expand

__all__ = ["HybridRetriever", "expand"]
