"""The models that one assistant works with, each made once, when it is first asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.models import embed_texts, load_embedder, load_reader, load_reranker
from assistant.models.remembered import Remembered

if TYPE_CHECKING:
    import numpy as np
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from numpy.typing import NDArray

    from assistant.library import Embed
    from assistant.settings import Settings


class Models:
    """Embedder, reader, reranker and language model of the settings; safe for several threads.

    `reader` is None where it is turned off. A reranker that is given stands in the place of any
    other.
    """

    def __init__(self, settings: Settings, reranker: BaseNodePostprocessor | None = None) -> None:
        self.reader = load_reader(settings)
        self._settings = settings
        self._reranker = reranker
        self._embedder: BaseEmbedding | None = None
        self._llm: LLM | None = None
        self._lock = threading.RLock()
        self.embed_sentences = Remembered(self.embed)
        """As `embed`, for what is embedded again and again: the sentences that answers weigh."""

    def warm_up(self) -> None:
        """Load embedder and reader now rather than at the first question."""
        self.embedder().get_query_embedding("warm up")
        if self.reader is not None:
            self.reader.load()

    @property
    def loaded(self) -> bool:
        """Whether embedder and reader are in memory."""
        return self._embedder is not None and (self.reader is None or self.reader.loaded)

    def embedder(self) -> BaseEmbedding:
        """The embedder of the settings.

        Raises:
            ModelFileError: a file of the built-in model is missing or altered.
            EndpointError: its endpoint's address or key cannot be one.
        """
        with self._lock:
            if self._embedder is None:
                self._embedder = load_embedder(self._settings)
            return self._embedder

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed texts: (len(texts), dimension) float32, each row of L2 norm 1.

        Raises:
            EndpointError: the embedder's endpoint failed.
        """
        return embed_texts(self.embedder(), texts)

    @contextmanager
    def indexing_embed(self) -> Iterator[Embed]:
        """What indexing embeds with: this process, or the Ray workers that the settings name.

        Raises:
            UsageError: Ray is not installed, or the setting is no address.
        """
        if not self._settings.ray:
            yield self.embed
            return
        from assistant.models.ray_embedder import RayEmbedder

        with RayEmbedder(self._settings) as embed:
            yield embed

    def reranker(self) -> BaseNodePostprocessor | None:
        """What orders the passages that were found: what was given or set, or the reader.

        Raises:
            EndpointError: the address or key of its endpoint cannot be one.
        """
        with self._lock:
            if self._reranker is None:
                self._reranker = load_reranker(self._settings)
            if self._reranker is None and self.reader is not None:
                from assistant.retrieval import ReaderRerank

                self._reranker = ReaderRerank(self.reader)
            return self._reranker

    def llm(self) -> LLM:
        """The language model behind the openai writer.

        Raises:
            EndpointError: no key for OpenAI itself, or an address or key that cannot be one.
        """
        with self._lock:
            if self._llm is None:
                from assistant.models import load_llm

                self._llm = load_llm(self._settings)
            return self._llm
