"""What the built-in models share: how an ONNX file is run, and text that a tokenizer takes."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onnxruntime import InferenceSession

RuntimeName = Literal["onnxruntime", "openvino"]
_TELEMETRY = "openvino_telemetry"


class Session(Protocol):
    """A loaded model; any number of threads may run it at once."""

    def run(self, names: Sequence[str], feeds: Mapping[str, Any]) -> Sequence[Any]:
        """The outputs of these names for one batch of inputs."""
        ...


def cores() -> int:
    """The cores of this machine."""
    return os.cpu_count() or 1


def open_session(path: Path, threads: int, *, fused: bool = True) -> InferenceSession:
    """Load an ONNX file; each run of it uses `threads` threads.

    `fused`: whether its layers are fused for this processor, which does not make all models faster.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Threads that wait in a loop cost a third of the speed as soon as anything else runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if not fused:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def open_openvino(path: Path, threads: int, **options: str) -> Session:
    """Load an ONNX file into OpenVINO; `threads` runs of it go on at once.

    In bfloat16 where the processor has it (AVX512-BF16, AMX), else in float32. `options` are
    OpenVINO's own.

    Raises:
        UsageError: the package is not installed.
    """
    # Imported, it would write to the home folder and send what it counts to its maker.
    sys.modules.setdefault(_TELEMETRY, None)  # type: ignore[arg-type]  # "not to be imported"
    try:
        openvino = import_module("openvino")
    except ModuleNotFoundError as error:
        raise UsageError(
            "DATELINE_EMBEDDER_RUNTIME=openvino needs its package: pip install openvino"
        ) from error
    wanted = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "NUM_STREAMS": str(threads),
        "INFERENCE_NUM_THREADS": str(threads),
        **options,
    }
    return _OpenVino(openvino.Core().compile_model(str(path), "CPU", wanted), threads)


class _OpenVino:
    """A compiled model, with a request for each run that may go on at once."""

    def __init__(self, compiled: Any, threads: int) -> None:  # noqa: ANN401  # it has no types
        self._requests: SimpleQueue[Any] = SimpleQueue()
        for _ in range(threads):
            self._requests.put(compiled.create_infer_request())

    def run(self, names: Sequence[str], feeds: Mapping[str, Any]) -> Sequence[Any]:
        """The outputs of these names, copied."""
        request = self._requests.get()
        try:
            outputs = request.infer(feeds)
            return [outputs[name] for name in names]
        finally:
            self._requests.put(request)


def encodable(text: str) -> str:
    """Replace lone surrogates, which the tokenizer cannot take."""
    return text.encode("utf-8", "replace").decode("utf-8")
