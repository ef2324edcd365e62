"""The ways to run the embedder that `tests.benchmarks.embedder` compares.

Files in other precisions are made of the pinned one, in a scratch folder; that needs `onnx` and
`sympy`, and OpenVINO its own package. Where one is missing its ways are left out and named.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models import minilm
from assistant.models.files import minilm_folder
from assistant.models.minilm import BATCH_TOKENS, MAX_TOKENS
from assistant.models.runtime import RuntimeName, Session, cores, encodable

Embed = Callable[[list[str]], NDArray[np.float32]]
CALIBRATED = 64  # passages that the static int8 file takes its ranges from
BASIC, ALL = 1, 99  # of onnxruntime's levels of graph optimisation
_LEVELS = {"none": 0, "extended": 2, "all (before)": ALL}


@dataclass(frozen=True, slots=True)
class Way:
    """A way to run the embedder, opened when its turn comes."""

    name: str
    open: Callable[[], Embed]
    changes_vectors: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How texts become vectors: as `MiniLMEmbedding` does, but for what is said here.

    `workers` batches of `tokens` at most run at once, each in `threads` threads of the runtime.
    """

    model: str = ""
    workers: int = field(default_factory=cores)
    threads: int = 1
    tokens: int = BATCH_TOKENS
    longest: int = MAX_TOKENS
    spinning: bool = False
    level: int = BASIC
    entries: tuple[tuple[str, str], ...] = ()
    parallel_tokenizer: bool = True

    def open(self) -> Embed:
        """The embedder of this plan."""
        return self.of(self._session())

    def of(self, session: Session) -> Embed:
        """The embedder of this plan, run by a session."""
        tokenizer = minilm._load_tokenizer()
        tokenizer.enable_truncation(self.longest)

        def embed(texts: list[str]) -> NDArray[np.float32]:
            os.environ["TOKENIZERS_PARALLELISM"] = "true" if self.parallel_tokenizer else "false"
            ids = [i.ids for i in tokenizer.encode_batch([encodable(text) for text in texts])]
            batches = list(batches_of([len(each) for each in ids], self.tokens))
            vectors = np.zeros((len(texts), 384), dtype=np.float32)
            with ThreadPoolExecutor(self.workers) as pool:
                rows = pool.map(lambda b: minilm._run(session, [ids[i] for i in b]), batches)
                for batch, found in zip(batches, rows, strict=True):
                    vectors[batch] = found
            return vectors

        return embed

    def _session(self) -> Session:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = self.threads, 3
        spin = "1" if self.spinning else "0"
        options.add_session_config_entry("session.intra_op.allow_spinning", spin)
        for name, value in self.entries:
            options.add_session_config_entry(name, value)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel(self.level)
        session: Session = onnxruntime.InferenceSession(
            self.model or fp32_file(), options, providers=["CPUExecutionProvider"]
        )
        return session


def batches_of(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """The product's batches, with another limit."""
    own, minilm.BATCH_TOKENS = minilm.BATCH_TOKENS, tokens
    try:
        yield from list(minilm._batches(lengths))
    finally:
        minilm.BATCH_TOKENS = own


def fp32_file() -> str:
    return str(minilm_folder() / "onnx" / "model.onnx")


def ways(scratch: Path, sample: list[str]) -> Iterator[Way]:
    """Every way, the present one first. `sample`: texts to calibrate with."""
    yield Way("as it is (a thread a batch, 256 tokens)", lambda: minilm.MiniLMEmbedding().embed)
    yield Way("all threads on one batch (before)", Plan(workers=1, threads=cores(), level=ALL).open)
    spinning = Plan(workers=1, threads=cores(), spinning=True)
    yield Way("all threads on one batch, waiting in a loop", spinning.open)
    yield Way("one thread", Plan(workers=1).open)
    for tokens in (64, 512, 1024, 4096):
        yield Way(f"batches of {tokens} tokens", Plan(tokens=tokens).open)
    for name, level in _LEVELS.items():
        yield Way(f"graph optimisation: {name}", Plan(level=level).open)
    yield Way("all of it, saved and loaded", lambda: _saved(scratch).open())
    gelu = (("optimization.enable_gelu_approximation", "1"),)
    yield Way("Gelu approximated", Plan(entries=gelu, level=ALL).open, changes_vectors=True)
    yield Way("tokenizer in one thread", Plan(parallel_tokenizer=False).open)
    for longest in (192, 128):
        yield Way(f"cut at {longest} tokens", Plan(longest=longest).open, changes_vectors=True)
    yield Way("fused by onnxruntime.transformers", lambda: _fused(scratch, "fused").open())
    yield Way("fp16", lambda: _fused(scratch, "fp16").open(), changes_vectors=True)
    for name, options, tokens in _INT8:
        yield Way(
            name,
            lambda options=options, tokens=tokens: _int8(scratch, options, tokens).open(),  # type: ignore[misc]  # bound here
            changes_vectors=True,
        )
    static = "int8, calibrated"
    yield Way(static, lambda: _static(scratch, sample).open(), changes_vectors=True)
    yield Way("OpenVINO, float32", lambda: _openvino("f32"), changes_vectors=True)
    yield Way("OpenVINO, bfloat16", lambda: _openvino("bf16"), changes_vectors=True)
    product = minilm.MiniLMEmbedding
    other: RuntimeName = "openvino"
    yield Way("OpenVINO as set", lambda: product(runtime=other).embed, changes_vectors=True)


_INT8: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("int8, a range a column", {"per_channel": True}, 1),
    ("int8, a range a matrix", {}, 1),
    ("int8 in 7 bits", {"per_channel": True, "reduce_range": True}, 1),
    ("int8 in batches of 512 tokens", {"per_channel": True}, 512),
)


def _whole(scratch: Path) -> str:
    """The pinned model with its weights in one file, its shapes told."""
    path = scratch / "whole.onnx"
    if not path.exists():
        onnx = import_module("onnx")
        shapes = import_module("onnxruntime.quantization.shape_inference")
        onnx.save_model(onnx.load(fp32_file()), str(scratch / "plain.onnx"))
        shapes.quant_pre_process(str(scratch / "plain.onnx"), str(path), skip_symbolic_shape=True)
    return str(path)


def _saved(scratch: Path) -> Plan:
    import onnxruntime

    path = scratch / "optimised.onnx"
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath, options.log_severity_level = str(path), 4
    options.intra_op_num_threads = 1
    weights = "session.optimized_model_external_initializers_file_name"
    options.add_session_config_entry(weights, "optimised.onnx_data")
    onnxruntime.InferenceSession(fp32_file(), options, providers=["CPUExecutionProvider"])
    return Plan(str(path), level=0)


def _fused(scratch: Path, which: str) -> Plan:
    path = scratch / f"{which}.onnx"
    if not path.exists():
        optimizer = import_module("onnxruntime.transformers.optimizer")
        _whole(scratch)
        model = optimizer.optimize_model(
            str(scratch / "plain.onnx"), "bert", num_heads=12, hidden_size=384, opt_level=0
        )
        if which == "fp16":
            model.convert_float_to_float16(keep_io_types=True)
        model.save_model_to_file(str(path))
    return Plan(str(path), level=ALL)


def _int8(scratch: Path, options: dict[str, Any], tokens: int) -> Plan:
    path = scratch / ("-".join(["int8", *options]) + ".onnx")
    if not path.exists():
        quantization = import_module("onnxruntime.quantization")
        quantization.quantize_dynamic(
            _whole(scratch),
            str(path),
            weight_type=quantization.QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            **options,
        )
    return Plan(str(path), tokens=tokens, level=ALL)


def _static(scratch: Path, sample: list[str]) -> Plan:
    path = scratch / "static.onnx"
    if not path.exists():
        quantization = import_module("onnxruntime.quantization")
        tokenizer = minilm._load_tokenizer()

        class Passages(quantization.CalibrationDataReader):  # type: ignore[misc,name-defined]  # imported above
            def __init__(self) -> None:
                self._left = [tokenizer.encode(text).ids for text in sample[:CALIBRATED]]

            def get_next(self) -> dict[str, NDArray[np.int64]] | None:
                if not self._left:
                    return None
                ids = np.array([self._left.pop()], dtype=np.int64)
                ones, zeros = np.ones_like(ids), np.zeros_like(ids)
                return {"input_ids": ids, "attention_mask": ones, "token_type_ids": zeros}

        quantization.quantize_static(
            _whole(scratch),
            str(path),
            Passages(),
            per_channel=True,
            op_types_to_quantize=["MatMul"],
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
        )
    return Plan(str(path), tokens=1, level=ALL)


def _openvino(precision: str) -> Embed:
    from assistant.models.runtime import open_openvino

    path = minilm_folder() / "onnx" / "model.onnx"
    return Plan().of(open_openvino(path, cores(), INFERENCE_PRECISION_HINT=precision))
