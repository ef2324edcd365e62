"""all-MiniLM-L6-v2 (ONNX) as a LlamaIndex embedder: mean pooling, then L2 norm.

Model: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), whose card
gives the pooling. 384 dimensions, 256 tokens at most; longer texts are cut.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from assistant.models.files import check_digests, minilm_folder
from assistant.models.runtime import RuntimeName, cores, encodable, open_openvino, open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from assistant.models.runtime import Session

MAX_TOKENS = 256
# Tokens of one run, padding included. Small: sentences of 10 to 80 tokens in one batch would be
# half padding, and long passages gain nothing from company (`docs/benchmarks.md`).
BATCH_TOKENS = 256


class MiniLMEmbedding(BaseEmbedding):
    """The built-in embedder. Loads its files on first use, once, from any thread.

    `threads` batches are embedded at once, each in a thread of its own (0: one a core): threads
    that share a batch wait for each other at every layer.

    Raises (on first use):
        ModelFileError: a model file is missing or altered.
        UsageError: the package of `runtime` is not installed.
    """

    threads: int = 0
    runtime: RuntimeName = "onnxruntime"
    _session: Any = PrivateAttr(default=None)
    _tokenizer: Any = PrivateAttr(default=None)
    _lock: Any = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, threads: int = 0, runtime: RuntimeName = "onnxruntime") -> None:
        super().__init__(model_name="all-MiniLM-L6-v2", embed_batch_size=256)
        self.threads, self.runtime = threads or cores(), runtime

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows this class."""
        return "MiniLMEmbedding"

    def load(self) -> tuple[Session, Tokenizer]:
        """Load the model, or return the one that is loaded."""
        with self._lock:
            if self._session is None:
                self._tokenizer = _load_tokenizer()
                self._session = _load_session(self.runtime, self.threads)
            return self._session, self._tokenizer

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts: (len(texts), 384) float32, each row of L2 norm 1.

        Texts are batched by length, so that little is spent on padding.
        """
        session, tokenizer = self.load()
        ids = [item.ids for item in tokenizer.encode_batch([encodable(text) for text in texts])]
        batches = list(_batches([len(each) for each in ids]))

        def run(batch: list[int]) -> NDArray[np.float32]:
            return _run(session, [ids[i] for i in batch])

        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        workers = min(self.threads, len(batches))
        if workers <= 1:
            for batch in batches:
                vectors[batch] = run(batch)
            return vectors
        with ThreadPoolExecutor(workers) as pool:
            for batch, rows in zip(batches, pool.map(run, batches), strict=True):
                vectors[batch] = rows
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of what is searched for: few and of unlike lengths, so each by itself."""
        if len(texts) == 1:
            return [self._get_text_embedding(texts[0])]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(self._get_text_embedding, texts))

    def _get_text_embedding(self, text: str) -> list[float]:
        row: list[float] = self.embed([text])[0].tolist()
        return row

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


def _load_session(runtime: RuntimeName, threads: int) -> Session:
    folder = minilm_folder()
    check_digests(folder)
    model = folder / "onnx" / "model.onnx"
    if runtime == "openvino":
        return open_openvino(model, threads)
    # Fused, its norms take longer: 12 % of the whole (`docs/benchmarks.md`).
    session: Session = open_session(model, threads=1, fused=False)
    return session


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Texts by their place, those of like length together, the longest first.

    So the threads end together: what is left for the last of them is short.

    >>> list(_batches([250, 10, 100, 120]))
    [[0], [3, 2], [1]]
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _run(session: Session, rows: list[list[int]]) -> NDArray[np.float32]:
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
