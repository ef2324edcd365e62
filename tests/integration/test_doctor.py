"""`assistant doctor`: what it finds in order, and what it says of each thing that is not."""

from __future__ import annotations

import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from assistant import doctor
from assistant.doctor import Check, examine
from assistant.errors import ModelFileError, PromptError
from assistant.models import files as model_files
from assistant.models.minilm import MiniLMEmbedding
from assistant.settings import Settings, load_settings
from tests.fake_endpoint import FakeEndpoint, fails, says

pytest_plugins = ["tests.sample_index"]

KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def _surroundings(
    clean_environment: None, embedder: MiniLMEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.doctor.load_embedder", lambda settings: embedder)


def look(settings: Settings, **more: Any) -> dict[str, Check]:
    return {check.name: check for check in examine(settings, **more)}


def failed(checks: dict[str, Check]) -> dict[str, str]:
    """What the failed checks say, each in one line."""
    said = {name: check.says for name, check in checks.items() if not check.ok}
    assert all("\n" not in says for says in said.values())
    return said


def test_all_is_well(sample_index: Path) -> None:
    checks = look(load_settings(index=sample_index))
    assert [*checks] == [
        *("python", "packages", "prompts", "embedder", "reader", "index", "endpoint")
    ]
    assert failed(checks) == {}
    assert "28 articles" in checks["index"].says
    assert checks["embedder"].says == "all-MiniLM-L6-v2 gives 384 dimensions"
    assert checks["reader"].says.startswith("tells a sentence")
    assert "answer@" in checks["prompts"].says
    assert "not asked" in checks["endpoint"].says


def test_an_old_python(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_OLDEST_PYTHON", (99, 0))
    assert "install 3.11 or newer" in failed(look(load_settings(index=sample_index)))["python"]


def test_a_missing_package(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", missing)
    said = failed(look(load_settings(index=sample_index)))
    assert said == {"packages": "dateline-assistant is not installed; install Dateline again"}


def test_a_missing_prompt(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PromptError(f"prompt {name} cannot be read: reinstall it")

    monkeypatch.setattr(doctor, "load_prompt", missing)
    said = failed(look(load_settings(index=sample_index)))
    assert said == {"prompts": "prompt answer cannot be read: reinstall it"}


def test_a_missing_model(sample_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(settings: Settings) -> None:
        raise ModelFileError("the file is missing; reinstall it")

    monkeypatch.setattr(doctor, "load_embedder", missing)
    said = failed(look(load_settings(index=sample_index)))
    assert said == {"embedder": "the file is missing; reinstall it"}


def test_a_missing_reader(
    sample_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "READER_FILE", tmp_path / "reader.onnx")
    said = failed(look(load_settings(index=sample_index)))
    assert [*said] == ["reader"]
    assert "reinstall Dateline" in said["reader"]
    off = look(load_settings(index=sample_index, reader=False))
    assert failed(off) == {}
    assert off["reader"].says == "turned off (DATELINE_READER)"


def test_no_index(tmp_path: Path) -> None:
    said = failed(look(load_settings(index=tmp_path / "none")))
    assert [*said] == ["index"]
    assert "make one with: assistant index PATH..." in said["index"]


def test_an_index_of_another_embedder(sample_index: Path) -> None:
    said = failed(look(load_settings(index=sample_index, embedder="openai")))
    assert [*said] == ["index"]
    assert "all-MiniLM-L6-v2" in said["index"]


def test_a_damaged_catalogue(own_index: Path) -> None:
    (own_index / "catalogue.sqlite").write_bytes(b"this is no database" * 200)
    for rest in own_index.glob("catalogue.sqlite-*"):
        rest.unlink()
    assert "catalogue" in failed(look(load_settings(index=own_index)))["index"]


@pytest.mark.parametrize("store", ["vectors", "words"])
def test_an_empty_store(own_index: Path, store: str) -> None:
    shutil.rmtree(own_index / store)
    assert store in failed(look(load_settings(index=own_index)))["index"]


def test_the_endpoint_is_asked_only_when_told_to(sample_index: Path) -> None:
    with FakeEndpoint() as endpoint:
        settings = load_settings(
            index=sample_index, openai_base_url=endpoint.url, openai_api_key=KEY, openai_retries=0
        )
        endpoint.script(says("Ready."))
        said = look(settings)["endpoint"].says
        assert endpoint.requests == []
        assert "with a key; not asked (add --endpoint to ask it)" in said
        assert KEY not in said
        check = look(settings, ask_endpoint=True)["endpoint"]
        assert check.ok
        assert check.says.endswith("answered: Ready.")
        endpoint.script(fails(401))
        said = failed(look(settings, ask_endpoint=True))["endpoint"]
        assert "(401): check OPENAI_API_KEY" in said
        assert KEY not in said


def test_no_key_and_no_endpoint(sample_index: Path) -> None:
    said = failed(look(load_settings(index=sample_index), ask_endpoint=True))
    assert [*said] == ["endpoint"]
    assert "set OPENAI_API_KEY" in said["endpoint"]


@pytest.mark.parametrize("ask", [False, True])
@pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "DATELINE_RERANK_URL"])
def test_an_address_with_a_secret_in_it_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, sample_index: Path, name: str, ask: bool
) -> None:
    monkeypatch.setenv(name, "http://user:s3cret@127.0.0.1:9/v1?key=s3cret")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    checks = look(load_settings(index=sample_index), ask_endpoint=ask)
    about = "endpoint" if name == "OPENAI_BASE_URL" else "reranker"
    assert f"{name} holds a name, a password or a query" in failed(checks)[about]
    shown = " ".join(check.says for check in checks.values())
    assert "s3cret" not in shown
    assert KEY not in shown
