"""The composition root: settings, library, models and rooms become one `Assistant`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.conversation import Resolved, resolve
from assistant.errors import IndexNotFoundError, UsageError
from assistant.intake import Day, check_articles, filters_of, question_of
from assistant.models import embedder_info, load_embedder, load_reader, load_reranker
from assistant.settings import Settings, load_settings
from assistant.types import (
    Answer,
    Article,
    Filters,
    IndexManifest,
    IndexReport,
    Link,
    Part,
    Timings,
    Tokens,
)

if TYPE_CHECKING:
    from types import TracebackType

    import numpy as np
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from numpy.typing import NDArray

    from assistant.answering import Writer
    from assistant.answering.refusal import Holdings
    from assistant.answering.writing.rewording import Reworded
    from assistant.fetching import FetchReport
    from assistant.fetching.fetch import OnFetched
    from assistant.indexing import OnProgress
    from assistant.library import Collection, Library, Rebuilt
    from assistant.retrieval import HybridRetriever


class Assistant:
    """Answers questions from one library, or, opened with None, from articles at hand.

    Safe to ask from several threads. Close it, or use it as a context manager.
    """

    def __init__(
        self,
        library: Library | None,
        settings: Settings,
        reranker: BaseNodePostprocessor | None = None,
        folder: Path | None = None,
    ) -> None:
        self._library = library
        self._folder = folder or (library.folder if library else None)
        self._settings = settings
        self._reader = load_reader(settings)
        self._reranker = reranker
        self._embedder: BaseEmbedding | None = None
        self._llm: LLM | None = None
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        index: str | Path | None = "indexes/default",
        settings: Settings | None = None,
        *,
        create: bool = False,
        rebuild: bool = False,
        reranker: BaseNodePostprocessor | None = None,
    ) -> Assistant:
        """Open the library in a folder; None: no library, only `read()`.

        `create` makes an empty library where there is none. `rebuild` opens one whatever it was
        built with, and whatever became of its words and vectors: only `rebuild()` can be called
        before it has been. `reranker` is any of LlamaIndex's: it
        orders the passages that were found, in the place of the built-in second stage and of the
        endpoint that `DATELINE_RERANK_URL` names. The reader
        still judges which sentences to quote; `DATELINE_READER=0` leaves that out.

        Raises:
            IndexNotFoundError: there is no index in that folder.
            IndexMismatchError: it was built with another embedder, chunking or schema.
            IndexDamagedError: one of its stores cannot be read.
            UsageError: the reranker is none.
        """
        if reranker is not None and not hasattr(reranker, "postprocess_nodes"):
            raise UsageError(
                f"reranker is a {type(reranker).__name__}: give one of LlamaIndex's node "
                "postprocessors"
            )
        settings = settings or load_settings()
        if index is None:
            return cls(None, settings, reranker)
        if rebuild:
            return cls(None, settings, reranker, Path(index))
        from assistant.library import Library, engines_of

        opener = Library.create if create else Library.open
        engines = engines_of(settings, Path(index))
        return cls(opener(Path(index), embedder_info(settings), engines), settings, reranker)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the library's files."""
        if self._library is not None:
            self._library.close()

    def warm_up(self) -> None:
        """Load the models and the stores now rather than at the first question."""
        self._get_embedder().get_query_embedding("warm up")
        if self._reader is not None:
            self._reader.load()
        if self._library is not None:
            self._library.vectors.count()
            self._library.spelt_like("warm")  # its table of sounds is made when it is first asked

    # Articles

    def index(
        self,
        paths: Sequence[str | Path],
        *,
        mapping: Mapping[str, str] | None = None,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> IndexReport:
        """Add or update the articles of files and folders; forget those that are gone.

        `mapping` names the columns of CSV, JSON and JSONL that are not called as usual: {"text":
        "Article.Body"}. `stop` is asked again and again; once it is true, the run ends after the
        batch at hand.

        Raises:
            UsageError: a path does not exist, or there is no field of a name in `mapping`.
            IndexLockedError: another process is writing.
            EndpointError: the embedder's endpoint failed.
        """
        from assistant.articles import ColumnMapping
        from assistant.indexing import index_paths

        named, columns = [Path(path) for path in paths], ColumnMapping(mapping or {})
        library = self._need_library()
        return index_paths(library, self._embed, named, on_progress, stop, columns)

    def fetch(
        self,
        addresses: Sequence[str],
        *,
        into: str | Path | None = None,
        feeds: bool = False,
        on_progress: OnFetched | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> FetchReport:
        """Save pages from the web as files, or with `feeds` the pages that feeds link to.

        `into` None: a folder below the index's own, `fetched_folder`. Nothing is indexed yet:
        `index` does that with the folder. What is refused stands in the report with its reason.

        Raises:
            UsageError: fetching's packages are not installed, or a setting is not usable.
            IndexNotFoundError: neither `into` nor a library is given.
            OSError: the folder cannot be written to.
        """
        try:
            from assistant.fetching import Fetcher, Manners, networks_of
        except ModuleNotFoundError as error:
            raise UsageError(
                f"fetching needs the package {error.name}: pip install 'dateline-assistant[fetch]'"
            ) from error
        from assistant import __version__

        folder = self.fetched_folder if into is None else Path(into)
        manners = Manners(
            agent=self._settings.fetch_agent or f"Dateline/{__version__}",
            delay=self._settings.fetch_delay,
            seconds=self._settings.fetch_timeout,
            allowed=networks_of(self._settings.fetch_allow),
        )
        return Fetcher(manners).fetch(
            addresses, folder, feeds=feeds, on_progress=on_progress, stop=stop
        )

    @property
    def fetched_folder(self) -> Path:
        """The folder below the index's own that `fetch` keeps pages in."""
        from assistant.indexing import FETCHED

        return self._need_library().folder / FETCHED

    def watch(
        self,
        paths: Sequence[str | Path],
        stop: threading.Event,
        *,
        mapping: Mapping[str, str] | None = None,
    ) -> Iterator[IndexReport]:
        """Index what changes in files and folders until `stop` is set; a report for each time.

        Raises:
            UsageError: the library cannot be written to.
        """
        from assistant.articles import ColumnMapping
        from assistant.indexing import watch_paths

        named, columns = [Path(path) for path in paths], ColumnMapping(mapping or {})
        return watch_paths(self._need_library(), self._embed, named, stop, columns)

    def rebuild(
        self,
        *,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Rebuilt:
        """Make words and vectors anew from the articles that the index holds.

        With the embedder and the chunking of now. The index answers meanwhile as it was, in this
        process and in others; they notice the new one at their next question. `stop` is asked after
        each batch; once it is true, the index stays as it was. What was embedded is not embedded
        again by the next rebuild.

        Raises:
            IndexNotFoundError: there is no index.
            IndexLockedError: another process is writing.
            IndexMismatchError: it was made by a newer Dateline.
            IndexDamagedError: its catalogue cannot be read, or the new files cannot be written.
            EndpointError: the endpoint of the openai embedder failed.
        """
        from assistant.indexing import IndexProgress
        from assistant.library import Library, engines_of, rebuild

        def told(done: int, total: int) -> None:
            if on_progress is not None:
                on_progress(IndexProgress("embedding", done, total, 0))

        if self._folder is None:
            self._need_library()
            raise AssertionError("a library without its folder")
        info = embedder_info(self._settings)
        engines = engines_of(self._settings, self._folder)
        rebuilt = rebuild(self._folder, info, self._embed, told, stop, engines)
        if self._library is not None:
            self._library.refresh()
        elif not rebuilt.stopped:
            self._library = Library.open(self._folder, info, engines)
        return rebuilt

    def plan(
        self, paths: Sequence[str | Path], *, mapping: Mapping[str, str] | None = None
    ) -> IndexReport:
        """What `index` would add, update, remove and refuse; nothing is written.

        Raises:
            UsageError: a path does not exist.
        """
        from assistant.articles import ColumnMapping
        from assistant.indexing import plan_paths

        named, columns = [Path(path) for path in paths], ColumnMapping(mapping or {})
        return plan_paths(self._library, named, columns)

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """One article with the stored text that offsets refer to.

        Raises:
            ArticleNotFoundError: no such article, or no such revision of it.
        """
        return self._need_library().catalogue.article(article_id, revision)

    def articles(self) -> list[Article]:
        """The metadata of every article, newest first; texts are left empty."""
        return self._need_library().catalogue.articles()

    def links(self, article_id: str | None = None) -> list[Link]:
        """Which articles repeat another one; of one article, its original and its copies.

        In order of the ids of what repeats; empty for an article that is not in the library.
        """
        library = self._need_library()
        return library.links() if article_id is None else library.links_of(article_id)

    def export(self, out: str | Path) -> int:
        """Write every article with its text as JSON Lines, as `index` reads them; how many.

        Raises:
            UsageError: there is such a file already, or it cannot be written.
        """
        from assistant.library import export_articles

        return export_articles(self._need_library().catalogue, Path(out))

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles; returns the ids that were there."""
        library = self._need_library()
        with library.writing() as writer:
            return writer.remove(article_ids)

    def sources(self) -> list[str]:
        """Every outlet and re-publisher of the library, in order of the alphabet."""
        return self._need_library().catalogue.sources()

    def undated(self) -> int:
        """How many articles have no date: date filters leave them out."""
        return self._need_library().catalogue.undated()

    def manifest(self) -> IndexManifest:
        """What the index was built with, and how much it holds."""
        return self._need_library().manifest()

    # Questions

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer] = (),
        since: Day = None,
        until: Day = None,
        source: str | None = None,
        writer: str | None = None,
    ) -> Answer:
        """Answer a question from the library.

        `history` is the earlier answers, so that a follow-up can be resolved from them.
        `since` and `until` are days, both inclusive; `source` an outlet or re-publisher.

        Raises:
            UsageError: the question, a date, the source or the writer is not usable.
            EndpointError: the endpoint of the openai writer failed.
        """
        return _last(
            self.stream(
                question, history=history, since=since, until=until, source=source, writer=writer
            )
        )

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Answer] = (),
        since: Day = None,
        until: Day = None,
        source: str | None = None,
        writer: str | None = None,
    ) -> Iterator[Part | Answer]:
        """As `ask`, statement by statement, each checked; the last item is the whole Answer."""
        library = self._need_library()
        asked = question_of(question)
        filters = filters_of(since, until, source, self.sources)
        library.refresh()
        library.mend(self._embed)
        from assistant.answering.refusal import Holdings

        held = Holdings(tuple(library.catalogue.sources()), library.catalogue.days())
        chosen = self._writer(writer, library, held)
        return self._answer(library, asked, history, filters, chosen, held.outlets)

    def read(
        self,
        question: str,
        articles: Sequence[Article],
        *,
        history: Sequence[Answer] = (),
        writer: str | None = None,
    ) -> Answer:
        """Answer a question from these articles alone; nothing is stored.

        Raises:
            UsageError: the question or an article's id is not usable, or two ids are the same.
            EndpointError: the endpoint of the openai writer failed.
        """
        from assistant.answering.refusal import Holdings
        from assistant.library import ClosedSet

        asked = question_of(question)
        check_articles(articles)
        closed = ClosedSet(articles, self._embed)
        held = Holdings.of(articles)
        chosen = self._writer(writer, closed, held)
        return _last(self._answer(closed, asked, history, Filters(), chosen, held.outlets))

    def _answer(
        self,
        collection: Collection,
        asked: str,
        history: Sequence[Answer],
        filters: Filters,
        chosen: Writer,
        outlets: Sequence[str],
    ) -> Iterator[Part | Answer]:
        from assistant.answering import Asked, answer
        from assistant.answering.dating.datewords import find_mentions
        from assistant.answering.differing.reprints import Reprints
        from assistant.retrieval import HybridRetriever

        started = time.perf_counter()
        resolved, rewritten = self._resolve(asked, history, chosen)
        retriever = HybridRetriever(
            collection,
            self._get_embedder(),
            self._settings,
            filters,
            self._get_reranker(),
            outlets=outlets,
            find_dates=find_mentions,
            today=datetime.now(UTC).date(),
        )
        split = self._split(resolved.standalone, retriever, chosen)
        reworded = time.perf_counter()
        library = self._library if collection is self._library else None
        build = library.build if library else 0
        evidence = retriever.evidence(resolved.standalone, resolved.cited, split.questions)
        if library is not None:
            library.refresh()
        if library is not None and library.build != build:
            # A rebuild has ended meanwhile: what was found before is not there to be loaded.
            library.mend(self._embed)  # of another machine, it has left nothing in this folder
            evidence = retriever.evidence(resolved.standalone, resolved.cited, split.questions)
        retrieved = time.perf_counter()
        timings = Timings(
            rewrite=1000 * (reworded - started), retrieve=1000 * (retrieved - reworded)
        )
        reprints = Reprints(collection.reports([item.article.id for item in evidence]))
        stated = Asked(
            asked,
            resolved.standalone,
            evidence,
            timings,
            started,
            own=resolved.own,
            refused=resolved.refused,
            reprints=reprints,
        )
        for part in answer(stated, chosen):
            yield _with_cost(part, (rewritten, split)) if isinstance(part, Answer) else part

    def _resolve(
        self, question: str, history: Sequence[Answer], writer: Writer
    ) -> tuple[Resolved, Reworded]:
        from assistant.answering.writing.rewording import Reworded, rewrite_with_model

        by_rules = resolve(question, history)
        if writer.name != "openai" or not history:
            return by_rules, Reworded()
        rewritten = rewrite_with_model(self._get_llm(), question, history)
        if not rewritten.questions:
            return by_rules, rewritten
        return replace(by_rules, standalone=rewritten.questions[0], own="", refused=None), rewritten

    def _split(self, question: str, retriever: HybridRetriever, writer: Writer) -> Reworded:
        """Have the model take a compound question apart, where it is set to and asked at all."""
        from assistant.answering.writing.rewording import Reworded, split_with_model

        by_model = self._settings.split == "model" and writer.name == "openai"
        if not by_model or not retriever.read(question).compound:
            return Reworded()
        return split_with_model(self._get_llm(), question)

    def _writer(self, name: str | None, collection: Collection, held: Holdings) -> Writer:
        wanted = name or self._settings.writer
        if wanted == "quote":
            from assistant.answering.quoting.quote import QuoteWriter

            return QuoteWriter(collection, self._embed, self._settings, self._reader, held)
        if wanted == "openai":
            from assistant.answering.writing.endpoint import EndpointWriter

            return EndpointWriter(self._get_llm(), self._settings, held=held)
        raise UsageError(f"no writer {wanted!r}: choose quote or openai")

    def _need_library(self) -> Library:
        if self._library is None and self._folder is not None:
            raise IndexNotFoundError(
                f"the index in {self._folder} was opened to be rebuilt: call rebuild() first"
            )
        if self._library is None:
            raise IndexNotFoundError(
                "opened without a library: only read() answers; open an index folder to ask"
            )
        return self._library

    def _get_embedder(self) -> BaseEmbedding:
        with self._lock:
            if self._embedder is None:
                self._embedder = load_embedder(self._settings)
            return self._embedder

    def _get_reranker(self) -> BaseNodePostprocessor | None:
        """What orders the passages that were found: what was given or set, or the reader."""
        with self._lock:
            if self._reranker is None:
                self._reranker = load_reranker(self._settings)
            if self._reranker is None and self._reader is not None:
                from assistant.retrieval import ReaderRerank

                self._reranker = ReaderRerank(self._reader)
            return self._reranker

    def _get_llm(self) -> LLM:
        with self._lock:
            if self._llm is None:
                from assistant.models import load_llm

                self._llm = load_llm(self._settings)
            return self._llm

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed texts: (len(texts), dimension) float32, each row of L2 norm 1."""
        import numpy as np

        embedder: Any = self._get_embedder()
        if hasattr(embedder, "embed"):  # the built-in one gives arrays without a detour
            vectors: NDArray[np.float32] = embedder.embed(texts)
            return vectors
        rows = np.asarray(embedder.get_text_embedding_batch(texts), dtype=np.float32)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)  # some servers' vectors have others
        normal: NDArray[np.float32] = rows / np.maximum(norms, 1e-12)
        return normal


def _last(parts: Iterator[Part | Answer]) -> Answer:
    final: Answer | None = None
    for part in parts:
        if isinstance(part, Answer):
            final = part
    if final is None:  # `answer` ends with an Answer or raises
        raise AssertionError("a stream ended without its answer")
    return final


def _with_cost(answer: Answer, before: Sequence[Reworded]) -> Answer:
    """The answer with the prompts and tokens that went into its question."""
    asked = [one for one in before if one.prompt_id]
    return replace(
        answer,
        prompt_id="+".join((answer.prompt_id, *(one.prompt_id for one in asked))),
        tokens=Tokens(
            answer.tokens.sent + sum(one.tokens.sent for one in asked),
            answer.tokens.received + sum(one.tokens.received for one in asked),
        ),
    )
