"""A question file put to an `Assistant`, and the run kept with what made it.

Here, and not in `evaluation`, because it knows the settings and the library; the command line and
the page Evaluation both come this way.
"""

from __future__ import annotations

import platform
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant import __version__
from assistant.errors import IndexNotFoundError
from assistant.evaluation import cases_digest, evaluate
from assistant.evaluation.gate import revisions_digest
from assistant.evaluation.risk import SEED
from assistant.intake import filters_of
from assistant.models import embedder_info

if TYPE_CHECKING:
    from assistant.evaluation import EvalReport, Judge, Keeping, Run, Runs
    from assistant.intake import Narrowed
    from assistant.pipeline import Assistant
    from assistant.settings import Settings
    from assistant.types import Answer, EvalCase

RUNS = "runs"
"""The folder of kept runs below the index's own."""

MATTER = (
    "writer", "reader", "embedder_runtime", "split", "passages",
    "passages_per_article", "dense_weight", "max_statements", "max_quote_words", "abstain_below",
    "rerank_model",
)  # fmt: skip
"""Settings that answers depend on, as they stand. A model's name counts where the model is asked,
and an endpoint's address is told as its host: the rest of it may hold a secret."""

PACKAGES = (
    "llama-index-core", "chromadb", "tantivy", "onnxruntime", "tokenizers", "numpy", "nupunkt",
)  # fmt: skip
LONGEST_VERDICT = 20_000
"""Characters of a judge's reply; a model that runs on is not waited for."""

PROMPTS = ("answer", "repair", "split", "standalone")


def runs_folder(settings: Settings, folder: Path | None) -> Path | None:
    """Where runs over the index in `folder` are kept; None where there is no place for them."""
    if settings.runs is not None:
        return settings.runs
    return folder / RUNS if folder is not None else None


def run_evaluation(
    assistant: Assistant,
    cases: Sequence[EvalCase],
    questions: str,
    *,
    narrowed: Narrowed | None = None,
    runs: Runs | None = None,
    about: Mapping[str, str] | None = None,
    on_progress: Callable[[int, int, str], None] | None = None,
    then: Callable[[EvalReport], EvalReport] | None = None,
) -> tuple[EvalReport, Run | None]:
    """Put every case to the assistant; with `runs`, keep the run there as it goes.

    `questions` is the name of their file, `narrowed` what every question of the library is
    narrowed to. What `on_progress` raises ends the run, which is then kept as a stopped one.
    `then` makes the report that is kept and returned of the one that was measured: with a judge's
    verdicts (`evaluation.judged`), with costs (`evaluation.priced`).

    Raises:
        UsageError: the run cannot be kept there, or a filter is not usable.
        RunError: there is no room for it any more.
    """
    settings, narrowed = assistant.settings, narrowed or {}
    if any(case.articles is None for case in cases):
        filters_of(assistant, **narrowed)  # a name that there is not fails here, not once a case
    keeping = None
    if runs is not None:
        made_by = made_of(assistant, cases, questions, narrowed)
        keeping = runs.begin(questions, len(cases), made_by)
    try:
        report = evaluate(
            cases,
            answering(assistant, narrowed),
            on_progress=on_progress,
            article_text=lambda article_id, revision: assistant.article(article_id, revision).text,
            about=about or {"questions": questions, "index": _name(assistant)},
            threshold=settings.abstain_below if settings.writer == "quote" else None,
            on_result=keeping.add if keeping else None,
        )
        report = then(report) if then else report
        return report, keeping.finish(report) if keeping else None
    except BaseException:
        if keeping:
            _stopped(keeping)
        raise


def answering(assistant: Assistant, narrowed: Narrowed) -> Callable[[EvalCase], Answer]:
    """What answers a case: from its own articles where it brings some, else from the library."""
    from assistant.conversation import past_answer

    def answer(case: EvalCase) -> Answer:
        history = [past_answer(turn.question, turn.answer) for turn in case.history]
        if case.articles is not None:
            return assistant.read(case.question, case.articles, history=history)
        return assistant.ask(case.question, history=history, **narrowed)

    return answer


def judge_of(settings: Settings) -> Judge:
    """The model behind the configured endpoint as judge. Nothing is sent yet.

    Raises:
        EndpointError: no key for OpenAI itself, or an address or key that cannot be one.
    """
    from llama_index.core.llms import ChatMessage

    from assistant.evaluation import Judge
    from assistant.models.llm import load_llm, stream_reply
    from assistant.prompting import load_prompt

    llm = load_llm(settings)

    def reply(text: str) -> str:
        said = ""
        with closing(stream_reply(llm, [ChatMessage(role="user", content=text)])) as chunks:
            for chunk in chunks:
                said += chunk.text
                if len(said) > LONGEST_VERDICT:
                    break
        return said

    return Judge(load_prompt("judge"), reply, settings.openai_model)


def made_of(
    assistant: Assistant, cases: Sequence[EvalCase], questions: str, narrowed: Narrowed
) -> dict[str, Any]:
    """What makes a run: equal for two runs where nothing differed that is known to matter.

    It names no path, no machine and no user, and holds no secret.
    """
    settings, name = assistant.settings, _name(assistant)
    filters = {key: str(value) for key, value in narrowed.items() if value}
    options = [f"--{key}={value}" for key, value in filters.items()]
    if settings.writer != "quote":
        options.append(f"--writer={settings.writer}")
    index = [f"--index={name}"] if name else []
    return {
        "command": shlex.join(["assistant", "evaluate", questions, *index, *options]),
        "questions": {"name": questions, "cases": len(cases), "digest": cases_digest(cases)},
        "articles": {"index": name, **_articles(assistant)},
        "filters": filters,
        "settings": _settings(settings),
        "models": _models(settings),
        "prompts": _prompts(settings),
        "versions": {
            "dateline": __version__,
            "python": ".".join(platform.python_version_tuple()[:2]),
            **{package: version(package) for package in PACKAGES},
        },
        "seed": SEED,
    }


def _name(assistant: Assistant) -> str:
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


def _stopped(keeping: Keeping) -> None:
    try:
        keeping.note("stopped")
    except OSError:
        return  # it stays as it was noted before: one that never became whole
