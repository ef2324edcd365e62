"""`assistant doctor`: is everything there that answering needs, and if not, what to do."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from assistant.errors import DatelineError, EndpointError, ModelFileError
from assistant.models import embedder_info, load_embedder, load_reader
from assistant.prompting import load_prompt
from assistant.settings import Settings

_PACKAGES = ("dateline-assistant", "llama-index-core", "chromadb", "tantivy", "openai", "gradio")
_PROMPTS = ("answer", "draft", "judge", "repair", "split", "standalone")
_OLDEST_PYTHON = (3, 11)
_ASKED = "Who holds the road?"
_ANSWERING, _NOT_ANSWERING = "The brigade holds the road.", "The road is long."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; `says` is what was found, or what to do."""

    name: str
    ok: bool
    says: str


def examine(settings: Settings, *, ask_endpoint: bool = False) -> Iterator[Check]:
    """Yield one check after the other; none raises a `DatelineError`.

    Endpoints are asked only with `ask_endpoint`: nothing leaves the machine otherwise.
    """
    yield _try("python", _python)
    yield _try("packages", lambda: ", ".join(_package(name) for name in _PACKAGES))
    yield _try("prompts", lambda: ", ".join(load_prompt(n).id for n in _PROMPTS))
    if settings.embedder == "minilm" or ask_endpoint:
        yield _try("embedder", lambda: _embedder(settings))
    yield _try("reader", lambda: _reader(settings))
    yield _try("index", lambda: _index(settings))
    if settings.rerank_url:
        yield _try("reranker", lambda: _reranker(settings, ask=ask_endpoint))
    yield _try("endpoint", lambda: _endpoint(settings, ask=ask_endpoint))


def _try(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except DatelineError as error:
        return Check(name, False, str(error))


def _python() -> str:
    if sys.version_info < _OLDEST_PYTHON:
        raise DatelineError("this Python is too old; install 3.11 or newer")
    return ".".join(str(part) for part in sys.version_info[:3])


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError as error:
        raise DatelineError(f"{name} is not installed; install Dateline again") from error


def _embedder(settings: Settings) -> str:
    info = embedder_info(settings)
    vector = load_embedder(settings).get_query_embedding("Who controls the road?")
    return f"{info.name} gives {len(vector)} dimensions"


def _reader(settings: Settings) -> str:
    reader = load_reader(settings)
    if reader is None:
        return "turned off (DATELINE_READER)"
    told, untold = reader.answers(_ASKED, [(_ANSWERING, ""), (_NOT_ANSWERING, "")])
    if not told > untold:
        raise ModelFileError("the reader scores a sentence that answers below one that does not")
    return "tells a sentence that answers from one that does not"


def _index(settings: Settings) -> str:
    from assistant.library import Library, engines_of

    engines = engines_of(settings, settings.index)
    library = Library.open(settings.index, embedder_info(settings), engines)
    try:
        manifest = library.manifest()
        made = manifest.passages - manifest.pending
        vectors = library.vectors.count() if library.vectors.exists() else 0
        for store, count, due in (
            ("vectors", vectors, made),
            ("words", library.words.count(), manifest.passages),
        ):
            if count < due and library.in_step():
                raise DatelineError(
                    f"{store} of {settings.index} hold {count} of {due} passages; "
                    "mend it with: assistant index --rebuild"
                )
    finally:
        library.close()
    where = f", catalogue on {library.server}" if library.server else ""
    server = engines.chroma_server()
    where += f", vectors on {server.where}" if server else ""
    waiting = f" ({manifest.pending} without a vector yet)" if manifest.pending else ""
    return (
        f"{settings.index}: {manifest.articles} articles, {manifest.passages} passages{waiting}, "
        f"generation {manifest.generation}, built with {manifest.embedder}{where}"
    )


def _reranker(settings: Settings, *, ask: bool) -> str:
    from assistant.models.rerank import load_endpoint_rerank

    reranker = load_endpoint_rerank(settings)
    key = "with a key" if settings.rerank_api_key else "without a key"
    who = f"{reranker.model or 'the model'} at {reranker.api_base}"
    if not ask:
        return f"{who}, {key}; not asked (add --endpoint to ask it)"
    scores = reranker.scores(_ASKED, [_NOT_ANSWERING, _ANSWERING])
    if 1 not in scores or scores[1] <= scores.get(0, -math.inf):
        raise EndpointError(
            f"{who} ranks a sentence that answers below one that does not: choose another "
            "DATELINE_RERANK_MODEL"
        )
    return f"{who} ranks a sentence that answers above one that does not"


def _endpoint(settings: Settings, *, ask: bool) -> str:
    from assistant.models.llm import base_url_of, stream_reply

    where = base_url_of(settings)
    key = "with a key" if settings.openai_api_key else "without a key"
    if not ask:
        return f"{settings.openai_model} at {where}, {key}; not asked (add --endpoint to ask it)"
    from llama_index.core.llms import ChatMessage

    from assistant.models import load_llm

    reply = stream_reply(load_llm(settings), [ChatMessage("Reply with the word ready.")])
    said = " ".join("".join(chunk.text for chunk in reply).split())
    return f"{settings.openai_model} at {where} answered: {said[:80]}"
