"""A run over the real sample library, and what is written of what made it."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from typing import Any

import pytest

from assistant import evaluating, sample
from assistant.errors import DatelineError, UsageError
from assistant.evaluating import MATTER, made_of, run_evaluation, runs_folder
from assistant.evaluation import Run, Runs, changes, load_cases
from assistant.intake import Narrowed
from assistant.pipeline import Assistant
from assistant.settings import Settings, load_settings

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment")

BESIDES = {
    # Where things are, who may come in, and how fast it goes: answers do not depend on these.
    "index", "runs", "host", "port", "users_file", "session_hours", "proxy_header", "proxy_from",
    "proxy_managers", "rate", "open_requests", "max_body", "max_upload", "answers_at_once",
    "queue", "answer_timeout", "receive_timeout", "chats_per_user", "turns_per_chat", "grace",
    "catalogue_url", "chats_url", "chroma_url", "chroma_token",
    "chroma_tenant", "chroma_database", "chroma_timeout", "index_name", "threads", "ray",
    "ray_workers", "embedding_cache",
    "log_format", "log_level", "log_questions", "openai_api_key", "openai_timeout",
    "openai_retries",
    "rerank_api_key", "rerank_timeout", "fetch_agent", "fetch_allow", "fetch_delay",
    "fetch_timeout",
    # Told in another way: as names of models, and hosts of endpoints.
    "embedder", "embedder_model", "openai_model", "openai_base_url", "rerank_url",
}  # fmt: skip

CASES = load_cases(sample.questions_path())[:4]


@pytest.fixture(scope="module")
def assistant(sample_index: Path) -> Any:
    with Assistant.open(sample_index) as opened:
        yield opened


def test_every_setting_is_told_or_known_not_to_matter() -> None:
    assert set(MATTER) | BESIDES == Settings.model_fields.keys()
    assert not set(MATTER) & BESIDES


def test_two_runs_over_the_same_are_made_of_the_same(assistant: Assistant, tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    kept = [run_evaluation(assistant, CASES, "q.jsonl", runs=runs)[1] for _ in range(2)]
    one, other = (run for run in kept if run)
    assert one.made_by == other.made_by
    assert changes(one.made_by, other.made_by) == []
    reports = [{**run.report(), "run": None} for run in (one, other)]
    assert reports[0] == reports[1]
    assert [r.answer["statements"] for r in one.results() if r.answer] == [
        r.answer["statements"] for r in other.results() if r.answer
    ]


def test_a_run_names_no_path_and_holds_no_secret(
    sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = ("sk-hidden-1", "hidden-2", "hidden-3", "hidden-4", "hidden-5")
    settings = load_settings(
        index=sample_index,
        writer="openai",
        openai_api_key=secrets[0],
        openai_base_url=f"https://{secrets[1]}@models.example:8443/{secrets[2]}/v1?key={secrets[3]}",
        rerank_url="https://rank.example/v1",
        rerank_api_key=secrets[4],
    )
    with Assistant.open(sample_index, settings) as opened:
        made = made_of(opened, CASES, "q.jsonl", Narrowed(since="2017-06-01"))
    text = json.dumps(made)
    assert not [secret for secret in secrets if secret in text]
    assert str(sample_index.parent) not in text
    assert made["settings"]["endpoint"] == "models.example:8443"
    assert made["settings"]["rerank_endpoint"] == "rank.example"
    assert made["settings"]["model"] == settings.openai_model
    assert made["prompts"]["prompt answer"].startswith("answer@")


def test_a_run_that_is_stopped_is_kept_as_stopped(assistant: Assistant, tmp_path: Path) -> None:
    def stop_at_the_third(done: int, total: int, question: str) -> None:
        if done == 2:
            raise KeyboardInterrupt

    runs = Runs(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run_evaluation(assistant, CASES, "q.jsonl", runs=runs, on_progress=stop_at_the_third)
    (left,) = runs.all()
    assert isinstance(left, Run)
    assert (left.status, left.answered(), left.whole) == ("stopped", 2, False)
    assert [r.case.id for r in left.results()] == [c.id for c in CASES[:2]]


def test_a_filter_that_there_is_not_fails_before_anything_is_kept(
    assistant: Assistant, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        run_evaluation(
            assistant, CASES, "q.jsonl", runs=Runs(tmp_path), narrowed=Narrowed(region="nowhere")
        )
    assert Runs(tmp_path).all() == []


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(evaluating).failed == 0


def test_where_runs_are_kept(tmp_path: Path) -> None:
    settings = load_settings()
    assert runs_folder(settings, tmp_path) == tmp_path / "runs"
    assert runs_folder(settings, None) is None
    assert runs_folder(load_settings(runs=tmp_path / "r"), None) == tmp_path / "r"


def test_without_a_library_closed_cases_can_be_kept(tmp_path: Path) -> None:
    from assistant.types import Article, EvalCase

    own = Article("a", "Rebels hold the dam of Kesra.", title="Dam")
    closed = EvalCase("c", "Who holds the dam of Kesra?", "closed", True, articles=(own,))
    with Assistant.open(None) as opened:
        _, kept = run_evaluation(opened, [closed], "closed.jsonl", runs=Runs(tmp_path))
    assert kept is not None
    assert kept.made_by["articles"] == {"index": ""}
    (result,) = kept.results()
    assert result.case.articles == (own,)
    assert result.checks.verbatim == (True,)


def test_an_error_of_the_folder_is_one_line(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("")
    with pytest.raises(DatelineError, match="cannot keep the run"):
        run_evaluation(assistant, CASES, "q.jsonl", runs=Runs(tmp_path / "runs"))
