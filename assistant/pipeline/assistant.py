"""`Assistant`: a library, models and settings put together, and asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.intake import Day, check_articles, filters_of, question_of
from assistant.pipeline.asking import Asking, Request, last
from assistant.pipeline.librarian import Librarian, open_library
from assistant.pipeline.models import Models
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Article, Part

if TYPE_CHECKING:
    from types import TracebackType

    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from assistant.library import Library


class Assistant(Librarian):
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
        folder = folder or (library.folder if library else None)
        super().__init__(library, folder, settings, Models(settings, reranker))
        self._asking = Asking(settings, self._models)

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
        before it has been. `reranker` is any of LlamaIndex's: it orders the passages that were
        found, in the place of the built-in second stage and of the endpoint that
        `DATELINE_RERANK_URL` names. The reader still judges which sentences to quote;
        `DATELINE_READER=0` leaves that out.

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
        return cls(open_library(Path(index), settings, create=create), settings, reranker)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def warm_up(self) -> None:
        """Load the models and the stores now rather than at the first question."""
        self._models.warm_up()
        if self._library is not None:
            self._library.vectors.count()
            self._library.spelt_like("warm")  # its table of sounds is made when it is first asked

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Answer] = (),
        since: Day = None,
        until: Day = None,
        source: str | None = None,
        region: str | None = None,
        tag: str | None = None,
        writer: str | None = None,
    ) -> Answer:
        """Answer a question from the library.

        `history` is the earlier answers, so that a follow-up can be resolved from them.
        `since` and `until` are days, both inclusive; `source` an outlet or re-publisher;
        `region` and `tag` are compared with what articles carry, whatever their case.

        Raises:
            UsageError: the question, a date, the source or the writer is not usable.
            EndpointError: the endpoint of the openai writer failed.
        """
        return last(
            self.stream(
                question,
                history=history,
                since=since,
                until=until,
                source=source,
                region=region,
                tag=tag,
                writer=writer,
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
        region: str | None = None,
        tag: str | None = None,
        writer: str | None = None,
    ) -> Iterator[Part | Answer]:
        """As `ask`, statement by statement, each checked; the last item is the whole Answer."""
        from assistant.answering.refusal import Holdings

        library = self._need_library()
        asked = question_of(question)
        filters = filters_of(since, until, source, self.sources, region, tag)
        library.refresh()
        library.mend(self._models.embed)
        held = Holdings(tuple(library.sources()), library.days())
        return self._asking.parts(Request(asked, history, library, held, filters), writer)

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
        closed = ClosedSet(articles, self._models.embed)
        request = Request(asked, history, closed, Holdings.of(articles))
        return last(self._asking.parts(request, writer))
