"""all-MiniLM-L6-v2 (fp32 ONNX) as a LlamaIndex embedder: mean pooling, then L2 norm.

Model: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), whose card
gives the pooling. 384 dimensions, 256 tokens at most; longer texts are cut.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from assistant.models.files import check_digests, minilm_folder
from assistant.models.runtime import encodable, open_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MAX_TOKENS = 256
# Tokens of one run, padding included. Small: sentences of 10 to 80 tokens in one batch would be
# half padding, and long passages gain nothing from company (`docs/benchmarks.md`).
BATCH_TOKENS = 256


class MiniLMEmbedding(BaseEmbedding):
    """The built-in embedder. Loads its files on first use, once, from any thread.

    Raises (on first use):
        ModelFileError: a model file is missing or altered.
    """

    threads: int = 0
    _session: Any = PrivateAttr(default=None)
    _tokenizer: Any = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, threads: int = 0) -> None:
        super().__init__(model_name="all-MiniLM-L6-v2", embed_batch_size=256)
        self.threads = threads

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows this class."""
        return "MiniLMEmbedding"

    def load(self) -> tuple[InferenceSession, Tokenizer]:
        """Load the model, or return the one that is loaded."""
        with self._lock:
            if self._session is None:
                self._tokenizer = _load_tokenizer()
                self._session = _load_session(self.threads)
            return self._session, self._tokenizer

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts: (len(texts), 384) float32, each row of L2 norm 1.

        Texts are batched by length, so that little is spent on padding.
        """
        session, tokenizer = self.load()
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        encoded = tokenizer.encode_batch([encodable(text) for text in texts])
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        batch: list[int] = []
        for i in order:
            if batch and (len(batch) + 1) * len(encoded[i].ids) > BATCH_TOKENS:
                vectors[batch] = _run(session, [encoded[j].ids for j in batch])
                batch = []
            batch.append(i)
        if batch:
            vectors[batch] = _run(session, [encoded[j].ids for j in batch])
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.embed(texts).tolist()
        return rows

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _load_tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    # The file pins truncation and padding to 128 tokens: set both.
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _load_session(threads: int) -> InferenceSession:
    folder = minilm_folder()
    check_digests(folder)
    return open_session(folder / "onnx" / "model.onnx", threads or os.cpu_count() or 1)


def _run(session: InferenceSession, rows: list[list[int]]) -> NDArray[np.float32]:
    """Mean of the token vectors under the mask, then L2 norm: (len(rows), 384)."""
    width = max(len(row) for row in rows)
    ids = np.zeros((len(rows), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    tokens = session.run(["last_hidden_state"], feeds)[0]
    weights = mask[:, :, None].astype(np.float32)
    pooled = (tokens * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    norms = np.linalg.norm(pooled, axis=1, keepdims=True)
    result: NDArray[np.float32] = (pooled / np.maximum(norms, 1e-12)).astype(np.float32)
    return result
