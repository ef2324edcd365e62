"""Settings -> models. The only room that imports a vendor SDK; each is imported when asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM
    from llama_index.core.postprocessor.types import BaseNodePostprocessor
    from numpy.typing import NDArray

    from assistant.models.reader import Reader
    from assistant.settings import Settings

__all__ = [
    "EmbedderInfo",
    "embed_texts",
    "embedder_info",
    "load_embedder",
    "load_llm",
    "load_reader",
    "load_reranker",
]


@dataclass(frozen=True, slots=True)
class EmbedderInfo:
    """What identifies an embedder: vectors of two embedders must never meet in one index.

    `dimension` is 0 where only the endpoint knows it. `cache` is the folder of the vectors that
    indexes share; None: each keeps its own.
    """

    name: str
    dimension: int
    weights_digest: str
    cache: Path | None = None


def embedder_info(settings: Settings) -> EmbedderInfo:
    """Identify the embedder that the settings ask for, without loading it."""
    if settings.embedder == "openai":
        name = settings.embedder_model
        return EmbedderInfo(name, 0, f"endpoint:{name}", settings.embedding_cache)
    from assistant.models.files import WEIGHTS_DIGEST

    # OpenVINO may round to bfloat16: such vectors are told apart from exact ones.
    other = "" if settings.embedder_runtime == "onnxruntime" else f":{settings.embedder_runtime}"
    digest = WEIGHTS_DIGEST + other
    return EmbedderInfo("all-MiniLM-L6-v2", 384, digest, settings.embedding_cache)


def load_embedder(settings: Settings) -> BaseEmbedding:
    """Build the embedder of the settings, as LlamaIndex's `BaseEmbedding`.

    Raises:
        ModelFileError: a file of the built-in model is missing or altered.
        EndpointError: no key for OpenAI itself, or an address or key that cannot be one.
    """
    if settings.embedder == "openai":
        from assistant.models.endpoint_embedder import load_endpoint_embedder

        return load_endpoint_embedder(settings)
    from assistant.models.minilm import MiniLMEmbedding

    return MiniLMEmbedding(settings.threads, settings.embedder_runtime)


def embed_texts(embedder: BaseEmbedding, texts: list[str]) -> NDArray[np.float32]:
    """Embed texts: (len(texts), dimension) float32, each row of L2 norm 1."""
    import numpy as np

    own: Any = embedder
    if hasattr(own, "embed"):  # the built-in one gives arrays without a detour
        vectors: NDArray[np.float32] = own.embed(texts)
        return vectors
    rows = np.asarray(embedder.get_text_embedding_batch(texts), dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)  # some servers' vectors have others
    normal: NDArray[np.float32] = rows / np.maximum(norms, 1e-12)
    return normal


def load_llm(settings: Settings) -> LLM:
    """Build the language model behind the openai writer."""
    from assistant.models.llm import load_llm as load

    return load(settings)


def load_reader(settings: Settings) -> Reader | None:
    """The reader, whose files are read when it is first used; None where it is turned off."""
    if not settings.reader:
        return None
    from assistant.models.reader import Reader

    return Reader(settings.threads)


def load_reranker(settings: Settings) -> BaseNodePostprocessor | None:
    """Build the reranker behind the endpoint of the settings; None where they name none.

    Raises:
        EndpointError: an address or key that cannot be one.
    """
    if not settings.rerank_url:
        return None
    from assistant.models.rerank import load_endpoint_rerank

    return load_endpoint_rerank(settings)
