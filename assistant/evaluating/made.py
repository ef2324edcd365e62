"""What makes a run: everything that its answers are known to depend on, and no secret."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant import __version__
from assistant.errors import IndexNotFoundError
from assistant.evaluation import cases_digest
from assistant.evaluation.gate import revisions_digest
from assistant.evaluation.risk import SEED
from assistant.models import embedder_info

if TYPE_CHECKING:
    from assistant.evaluation import Target
    from assistant.intake import Narrowed
    from assistant.pipeline import Assistant
    from assistant.settings import Settings
    from assistant.types import EvalCase

MATTER = (
    "writer", "reader", "embedder_runtime", "split", "passages",
    "passages_per_article", "dense_weight", "max_statements", "max_quote_words", "abstain_below",
    "model_abstain_below", "rerank_model",
)  # fmt: skip
"""Settings that answers depend on, as they stand. A model's name counts where the model is asked,
and an endpoint's address is told as its host: the rest of it may hold a secret."""

PACKAGES = (
    "llama-index-core", "chromadb", "tantivy", "onnxruntime", "tokenizers", "numpy", "nupunkt",
)  # fmt: skip
PROMPTS = ("answer", "repair", "split", "standalone")


def made_of(
    assistant: Assistant, cases: Sequence[EvalCase], questions: str, narrowed: Narrowed
) -> dict[str, Any]:
    """What makes a run: equal for two runs where nothing differed that is known to matter.

    It names no path, no machine and no user, and holds no secret.
    """
    settings, name = assistant.settings, index_name(assistant)
    filters = filters_told(narrowed)
    options = [f"--{key}={value}" for key, value in filters.items()]
    if settings.writer != "quote":
        options.append(f"--writer={settings.writer}")
    index = [f"--index={name}"] if name else []
    return {
        "command": shlex.join(["assistant", "evaluate", questions, *index, *options]),
        "questions": _questions(cases, questions),
        "articles": {"index": name, **_articles(assistant)},
        "filters": filters,
        "settings": _settings(settings),
        "models": _models(settings),
        "prompts": _prompts(settings),
        "versions": {
            **_versions(),
            **{package: version(package) for package in PACKAGES},
        },
        "seed": SEED,
    }


def made_of_target(
    target: Target, cases: Sequence[EvalCase], questions: str, narrowed: Narrowed
) -> dict[str, Any]:
    """The same of a run that asks another system, of which no more is known than its name."""
    filters = filters_told(narrowed)
    named = {"url": target.made_by.get("host", ""), "model": target.made_by.get("model", "")}
    options = [f"--{key}={value}" for key, value in {**named, **filters}.items() if value]
    return {
        "command": shlex.join(["assistant", "evaluate", questions, *options]),
        "questions": _questions(cases, questions),
        "target": dict(target.made_by),
        "filters": filters,
        "versions": _versions(),
        "seed": SEED,
    }


def filters_told(narrowed: Narrowed) -> dict[str, str]:
    """What the questions are narrowed to, as text."""
    return {key: str(value) for key, value in narrowed.items() if value}


def _questions(cases: Sequence[EvalCase], questions: str) -> dict[str, Any]:
    return {"name": questions, "cases": len(cases), "digest": cases_digest(cases)}


def _versions() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    return {"dateline": __version__, "python": python}


def index_name(assistant: Assistant) -> str:
    """The name of the index's folder; "" where there is none."""
    return assistant.folder.name if assistant.folder else ""


def _articles(assistant: Assistant) -> dict[str, Any]:
    try:
        manifest, revisions = assistant.manifest(), assistant.revisions()
    except IndexNotFoundError:  # each case brings its own, which the digest of the cases covers
        return {}
    return {
        "count": len(revisions),
        "digest": revisions_digest(revisions),
        "cleaner_version": manifest.cleaner_version,
        "chunking": manifest.chunking,
        "without_vector": manifest.pending,
    }


def _settings(settings: Settings) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(settings, name) for name in MATTER}
    asked = settings.writer == "openai"
    told["model"] = settings.openai_model if asked else ""
    told["endpoint"] = _host(settings.openai_base_url) if asked else ""
    told["rerank_endpoint"] = _host(settings.rerank_url)
    return {name: value for name, value in told.items() if value != ""}


def _models(settings: Settings) -> dict[str, Any]:
    from assistant.models.files import READER_SHA256

    embedder = embedder_info(settings)
    return {
        "embedder": embedder.name,
        "embedder_digest": embedder.weights_digest,
        "reader_digest": READER_SHA256,  # where it is turned off, a setting says so
    }


def _prompts(settings: Settings) -> dict[str, str]:
    if settings.writer != "openai":
        return {}
    from assistant.prompting import load_prompt

    return {f"prompt {name}": load_prompt(name).id for name in PROMPTS}


def _host(address: str | None) -> str:
    """The host and port of an endpoint's address; "" where there is none.

    >>> _host("https://key@models.example:8000/v1?token=x"), _host("nonsense")
    ('models.example:8000', '')
    """
    try:
        parts = urlsplit(address or "")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return f"{host}:{port}" if host and port else host
