"""Settings come from the environment, fail in one line, and are all documented."""

from __future__ import annotations

import os
import re
import traceback
from pathlib import Path

import pytest
from pydantic import AliasChoices, SecretStr, ValidationError

from assistant.errors import UsageError
from assistant.settings import Settings, load_settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
ROW = re.compile(r"^\| `(\w+)` \| (?:`(.+?)`|none) \| (.+) \|$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith(("DATELINE_", "OPENAI_")):
            monkeypatch.delenv(name)


def names_of(field: str) -> list[str]:
    """The environment variables that set a field, the one that wins first."""
    alias = Settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [f"DATELINE_{field.upper()}"]


def test_the_defaults_need_nothing() -> None:
    settings = load_settings()
    assert settings.writer == "quote"
    assert settings.embedder == "minilm"
    assert settings.openai_api_key is None


TEXTS = {
    "index": "elsewhere",
    "writer": "openai",
    "embedder": "openai",
    "embedder_runtime": "openvino",
    "reader": "False",
    "split": "model",
    "ray": "local",
    "log_format": "json",
    "log_level": "debug",
    "log_questions": "True",
}


@pytest.mark.parametrize(
    ("field", "name"),
    [(field, name) for field in Settings.model_fields for name in names_of(field)],
)
def test_each_setting_is_read_from_its_variable(
    field: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = getattr(load_settings(), field)
    text = TEXTS.get(field, "0.75" if isinstance(default, float) else "17")
    monkeypatch.setenv(name, text)
    found = getattr(load_settings(), field)
    assert found != default
    assert (found.get_secret_value() if isinstance(found, SecretStr) else str(found)) == text


def test_our_own_name_goes_before_the_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("DATELINE_OPENAI_BASE_URL", "http://127.0.0.1:2/v1")
    assert load_settings().openai_base_url == "http://127.0.0.1:2/v1"


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PORT", "1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    settings = load_settings(port=2, openai_base_url="http://127.0.0.1:2/v1", writer=None)
    assert (settings.port, settings.openai_base_url) == (2, "http://127.0.0.1:2/v1")
    assert settings.writer == "quote"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("DATELINE_WRITER", "parrot", "'quote' or 'openai'"),
        ("DATELINE_PORT", "seventy", "valid integer"),
        ("DATELINE_PORT", "70000", "65535"),
        ("DATELINE_OPENAI_TIMEOUT", "0", "greater than 0"),
        ("DATELINE_OPENAI_RETRIES", "-1", "greater than or equal to 0"),
        ("DATELINE_READER", "perhaps", "give 1 (on) or 0 (off)"),
        ("DATELINE_PASSAGES", "", "valid integer"),
        ("DATELINE_ABSTAIN_BELOW", "2", "less than or equal to 1"),
    ],
)
def test_a_bad_value_is_told_in_one_line(
    name: str, text: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(UsageError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(f"setting {name}: ")
    assert said in message
    assert "\n" not in message


def test_neither_keys_nor_addresses_are_shown() -> None:
    settings = load_settings(
        openai_api_key="s3cret-1",
        rerank_api_key="s3cret-2",
        openai_base_url="http://127.0.0.1/v1?key=s3cret-3",
        rerank_url="http://user:s3cret-4@127.0.0.1",
    )
    assert "s3cret" not in repr(settings) + str(settings)


def test_a_bad_value_is_not_shown_in_the_traceback() -> None:
    address = b"http://user:s3cret\xff@127.0.0.1"
    with pytest.raises(UsageError) as caught:
        load_settings(openai_base_url=address)
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"openai_timeout": -1}, "DATELINE_OPENAI_TIMEOUT"),
        ({"writr": "quote"}, "DATELINE_WRITR"),
        ({"openai_base_url": 5}, "OPENAI_BASE_URL"),
    ],
)
def test_a_bad_argument_is_told_in_one_line(given: dict[str, object], name: str) -> None:
    with pytest.raises(UsageError, match=f"^setting {name}: "):
        load_settings(**given)


def test_the_key_is_not_shown() -> None:
    settings = load_settings(openai_api_key="sk-secret")
    assert "sk-secret" not in repr(settings) + str(settings) + settings.model_dump_json()
    assert settings.openai_api_key == SecretStr("sk-secret")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]  # that is what is tested


def test_building_settings_makes_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ)
    load_settings()
    assert list(tmp_path.iterdir()) == []
    assert dict(os.environ) == before


def _written(default: object) -> str:
    """A default as one writes it into the environment."""
    if default is None:
        return ""
    return str(int(default)) if isinstance(default, bool) else str(default)


def test_every_setting_is_documented_with_its_default() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = {name: default for name, default, _ in ROW.findall(page)}
    defaults = {
        names_of(field)[-1]: _written(info.default) for field, info in Settings.model_fields.items()
    }
    assert rows == defaults
    for field in Settings.model_fields:
        for name in names_of(field):
            assert f"`{name}`" in page
