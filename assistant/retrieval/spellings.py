"""Terms of a question, as the collection spells them."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.library import Collection

# A term that the library does not hold may be another spelling of one that it does:
# (letters at least, edits at most).
_SPELLING = ((9, 2), (5, 1))


def expand(collection: Collection, terms: Sequence[str]) -> list[str]:
    """Put similar terms of the collection in the place of terms that it does not hold."""
    unknown_idf = max(collection.idf(["\0"]).values())
    idf = collection.idf(terms)
    expanded: list[str] = []
    for term in terms:
        edits = next((e for letters, e in _SPELLING if len(term) >= letters), 0)
        unknown = idf[term] >= unknown_idf
        similar = collection.similar_terms(term, edits) if unknown and edits else []
        expanded += similar or [term]
    return expanded
