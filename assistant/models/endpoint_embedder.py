"""The embedder behind an OpenAI-compatible endpoint; each failure is one `EndpointError`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from llama_index.embeddings.openai_like import OpenAILikeEmbedding

from assistant.errors import EndpointError
from assistant.models.failures import failure_line
from assistant.models.llm import HELD, connection_of, endpoint_failures

if TYPE_CHECKING:
    from assistant.settings import Settings


class EndpointEmbedding(OpenAILikeEmbedding):
    """LlamaIndex's embedder for such endpoints, with Dateline's errors.

    Raises (when texts are embedded):
        EndpointError: the endpoint failed, or sent no vectors.
    """

    @property
    def model(self) -> str:
        """The model's name, under the name that the failure lines look for."""
        return self.model_name

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows this class."""
        return "EndpointEmbedding"

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of what is searched for, of all of it in one request."""
        return self._get_text_embeddings(list(texts))

    def _get_query_embedding(self, query: str) -> list[float]:
        with self._failures():
            return super()._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        with self._failures():
            return super()._get_text_embedding(text)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        with self._failures():
            return super()._get_text_embeddings(texts)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except endpoint_failures() as error:
            # `from None`: the client's own error can quote the key
            raise EndpointError(failure_line(error, self)) from None


def load_endpoint_embedder(settings: Settings) -> EndpointEmbedding:
    """Build the embedder that the settings name. Nothing is sent yet.

    The key goes to the openai clients alone, not into the LlamaIndex object.

    Raises:
        EndpointError: no key for OpenAI itself, or an address or key that cannot be one.
    """
    from openai import AsyncOpenAI, OpenAI

    from assistant.models.deadline import PunctualClient

    connection = connection_of(settings)
    embedder = EndpointEmbedding(
        model_name=settings.embedder_model,
        api_base=connection["base_url"],
        api_key=HELD,
        timeout=settings.openai_timeout,
        max_retries=0,  # LlamaIndex would retry around the client's own retries
    )
    embedder._client = OpenAI(**connection, http_client=PunctualClient(settings.openai_timeout))
    embedder._aclient = AsyncOpenAI(**connection)
    return embedder
