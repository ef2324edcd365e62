"""The words of passages: BM25 in tantivy, on disk or in memory. Derived from the catalogue."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.library.damage import unreadable, unwritable
from assistant.library.spellings import TermSpellings
from assistant.library.vectors import embed_text
from assistant.types import Passage

if TYPE_CHECKING:
    import tantivy

_ANALYZER = "dateline_en"
_HEAP_BYTES = 64_000_000


@lru_cache(maxsize=1)
def _analyzer() -> tantivy.TextAnalyzer:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(60))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.stopword("english"))
        .filter(Filter.stemmer("english"))
        .build()
    )


def analyze(text: str) -> list[str]:
    """The terms of a text as BM25 sees them: folded, stemmed, without stop words, in order."""
    return list(_analyzer().analyze(_encodable(text)))


def _encodable(text: str) -> str:
    """Replace lone surrogates, which tantivy cannot take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _document(passage: Passage) -> tantivy.Document:
    import tantivy

    return tantivy.Document(id=passage.id, text=_encodable(embed_text(passage)))


class Words:
    """Adds, deletes and searches passages by their words. `folder` None: in memory."""

    def __init__(self, folder: Path | None) -> None:
        import tantivy

        self._folder = folder
        schema = (
            tantivy.SchemaBuilder()
            .add_text_field("id", stored=True, tokenizer_name="raw")
            .add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
            .build()
        )
        try:
            if folder is None:
                self._index = tantivy.Index(schema)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                self._index = tantivy.Index(schema, path=str(folder))
        except (ValueError, OSError) as error:
            raise unreadable(folder or Path(), error) from error
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        self._spellings: TermSpellings | None = None
        self._making = threading.Lock()

    def put(self, passages: Iterable[Passage]) -> None:
        """Add passages, replacing those of the same id; durable on return.

        Raises:
            IndexDamagedError: the folder cannot be written to.
        """
        with self._writing() as writer:
            for passage in passages:
                writer.delete_documents_by_term("id", passage.id)
                writer.add_document(_document(passage))

    def replace(self, passages: Iterable[Passage]) -> None:
        """Hold these passages and no others, from one moment to the next."""
        with self._writing() as writer:
            writer.delete_all_documents()
            for passage in passages:
                writer.add_document(_document(passage))

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget passages; unknown ids are fine."""
        if not passage_ids:
            return
        with self._writing() as writer:
            for passage_id in passage_ids:
                writer.delete_documents_by_term("id", passage_id)

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """A writer; what it was given is committed, and seen, on return."""
        try:
            writer = self._index.writer(_HEAP_BYTES, 1)
            yield writer
            writer.commit()
            writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            raise unwritable(self._folder or Path(), error) from error
        self.reopen()

    def search(
        self, terms: Sequence[str], k: int, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` best passages for analyzed terms: (id, BM25 score), best first.

        `only` are the ids of the passages to look among; None: all of them.

        BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009), as tantivy computes it.
        """
        from tantivy import Occur, Query

        if not terms or k < 1:
            return []
        schema = self._index.schema
        query = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, "text", t)) for t in terms]
        )
        if only is not None:
            among = Query.const_score_query(Query.term_set_query(schema, "id", list(only)), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, among)])
        searcher = self._index.searcher()
        return [
            (str(searcher.doc(address)["id"][0]), float(score))
            for score, address in searcher.search(query, k, count=False).hits
        ]

    def idf(self, terms: Iterable[str]) -> dict[str, float]:
        """BM25's inverse document frequency of each term: ln(1 + (N - n + .5) / (n + .5))."""
        searcher = self._index.searcher()
        total = searcher.num_docs
        found: dict[str, float] = {}
        for term in set(terms):
            n = min(searcher.doc_freq("text", term), total)
            found[term] = math.log(1 + (total - n + 0.5) / (n + 0.5))
        return found

    def similar(self, term: str, distance: int) -> list[str]:
        """Terms of the index within an edit distance of `term` that begin with its first letter."""
        from rapidfuzz.distance import Levenshtein

        return [
            found
            for found, _ in self._index.searcher().terms_with_prefix("text", term[:1])
            if 0 < Levenshtein.distance(found, term, score_cutoff=distance) <= distance
        ]

    def spelt_like(self, name: str) -> dict[str, float]:
        """Terms that may be a name in another spelling, with how far they lie apart.

        What is needed for it is made at the first call after the index has changed.
        """
        with self._making:  # once, whoever asks; and never kept from before a `reopen`
            if self._spellings is None:
                terms = self._index.searcher().terms_with_prefix("text", "")
                self._spellings = TermSpellings(term for term, _ in terms)
            spellings = self._spellings
        return spellings.near(name)

    def count(self) -> int:
        """Passages held, those that are about to be cleared included."""
        return int(self._index.searcher().num_docs)

    def reopen(self) -> None:
        """See what was committed since."""
        with self._making:
            try:
                self._index.reload()
            except (ValueError, OSError) as error:
                raise unreadable(self._folder or Path(), error) from error
            self._spellings = None
