"""The words of passages: BM25 in tantivy, on disk or in memory. Derived from the catalogue."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.library.damage import unreadable, unwritable
from assistant.library.engines.vectors import embed_text
from assistant.library.spellings import TermSpellings
from assistant.types import Article, Filters, Passage, filter_key

if TYPE_CHECKING:
    import tantivy

_ANALYZER = "dateline_en"
_HEAP_BYTES = 64_000_000
_TERMS_AT_ONCE = 50_000  # whose sounds are made together


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


class Words:
    """Adds, deletes and searches passages by their words. `folder` None: in memory."""

    def __init__(self, folder: Path | None) -> None:
        import tantivy

        self._folder = folder
        schema = (
            tantivy.SchemaBuilder()
            .add_text_field("id", stored=True, tokenizer_name="raw")
            .add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
            # What filters narrow to: of the passage's article, as `Filters` compares it.
            .add_text_field("outlet", tokenizer_name="raw", index_option="basic")
            .add_text_field("region", tokenizer_name="raw", index_option="basic")
            .add_text_field("tag", tokenizer_name="raw", index_option="basic")
            .add_integer_field("day", indexed=True, fast=True)
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
        self._spellings = TermSpellings(folder, self._terms)

    def put(self, passages: Iterable[tuple[Passage, Article]]) -> None:
        """Add passages of articles, replacing those of the same id; durable on return.

        Raises:
            IndexDamagedError: the folder cannot be written to.
        """
        with self._writing() as writer:
            self._add(writer, passages, replacing=True)

    def replace(self, passages: Iterable[tuple[Passage, Article]]) -> None:
        """Hold these passages and no others, from one moment to the next."""
        with self._writing() as writer:
            writer.delete_all_documents()
            self._add(writer, passages, replacing=False)

    def _add(
        self,
        writer: tantivy.IndexWriter,
        passages: Iterable[tuple[Passage, Article]],
        *,
        replacing: bool,
    ) -> None:
        terms: set[str] = set()
        for passage, article in passages:
            if replacing:
                writer.delete_documents_by_term("id", passage.id)
            text = _encodable(embed_text(passage))
            writer.add_document(_document(passage.id, text, article))
            terms.update(_analyzer().analyze(text))
            if len(terms) > _TERMS_AT_ONCE:
                self._spellings.add(terms)
                terms.clear()
        # Before the words are committed: a term that nothing holds does no harm.
        self._spellings.add(terms, first=not replacing or not self.count())

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
            try:
                yield writer
                writer.commit()
            finally:
                writer.wait_merging_threads()  # lets go of tantivy's lock, after a failure too
        except (ValueError, OSError) as error:
            raise unwritable(self._folder or Path(), error) from error
        self.reopen()

    def search(
        self, terms: Sequence[str], k: int, filters: Filters | None = None
    ) -> list[tuple[str, float]]:
        """The `k` best passages that pass the filters: (id, BM25 score), best first.

        BM25 with k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009), as tantivy computes it.
        `terms` are analyzed.
        """
        from tantivy import Occur, Query

        if not terms or k < 1:
            return []
        schema = self._index.schema
        query = Query.boolean_query(
            [(Occur.Should, Query.term_query(schema, "text", t)) for t in terms]
        )
        if filters is not None and filters.active:
            among = Query.const_score_query(self._passing(filters), 0.0)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, among)])
        searcher = self._index.searcher()
        return [
            (str(searcher.doc(address)["id"][0]), float(score))
            for score, address in searcher.search(query, k, count=False).hits
        ]

    def count(self, filters: Filters | None = None) -> int:
        """Passages that pass the filters, those that are about to be cleared included."""
        searcher = self._index.searcher()
        if filters is None or not filters.active:
            return int(searcher.num_docs)
        found: Any = searcher.search(self._passing(filters), 1, count=True)
        return int(found.count)  # which the package's types leave out

    def passing(self, filters: Filters, most: int, among: Sequence[str] | None = None) -> list[str]:
        """The ids of at most so many passages that pass the filters; `among` some, or all."""
        from tantivy import Occur, Query

        if most < 1:
            return []
        query = self._passing(filters)
        if among is not None:
            some = Query.term_set_query(self._index.schema, "id", list(among))
            query = Query.boolean_query([(Occur.Must, some), (Occur.Must, query)])
        searcher = self._index.searcher()
        hits = searcher.search(query, most, count=False).hits
        return [str(searcher.doc(address)["id"][0]) for _, address in hits]

    def _passing(self, filters: Filters) -> tantivy.Query:
        """What passes the filters, of which there is at least one."""
        from tantivy import FieldType, Occur, Query

        schema = self._index.schema
        wanted = [
            Query.term_query(schema, field, _encodable(value))
            for field, value in (
                ("outlet", filters.source_key),
                ("region", filters.region_key),
                ("tag", filters.tag_key),
            )
            if value
        ]
        if filters.since or filters.until:
            since, until = (d.toordinal() if d else None for d in (filters.since, filters.until))
            wanted.append(Query.range_query(schema, "day", FieldType.Integer, since, until))
        return Query.boolean_query([(Occur.Must, query) for query in wanted])

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
        """Terms that may be a name in another spelling, with how far they lie apart."""
        near = self._spellings.near(name)
        searcher = self._index.searcher()
        return {term: apart for term, apart in near.items() if searcher.doc_freq("text", term)}

    def reopen(self) -> None:
        """See what was committed since."""
        try:
            self._index.reload()
        except (ValueError, OSError) as error:
            raise unreadable(self._folder or Path(), error) from error

    def close(self) -> None:
        """Let go of the table of spellings; it is opened again when it is asked."""
        self._spellings.close()

    def _terms(self) -> list[str]:
        return [term for term, _ in self._index.searcher().terms_with_prefix("text", "")]


def _document(passage_id: str, text: str, article: Article) -> tantivy.Document:
    """What is searched, and what filters narrow to."""
    import tantivy

    document = tantivy.Document(id=passage_id, text=text)
    for field, values in (
        ("outlet", (article.source, article.publisher)),
        ("region", (article.region,)),
        ("tag", article.tags),
    ):
        for key in {filter_key(value) for value in values if value}:
            document.add_text(field, _encodable(key))
    if article.published:
        document.add_integer("day", article.published.toordinal())
    return document
