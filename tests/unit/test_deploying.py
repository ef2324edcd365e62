"""The Dockerfile and compose.yaml, as far as they can be looked at without building them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.access.rules import ANYBODY, rule_of
from assistant.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
IMAGE = re.compile(r"^[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.]+)*$")
FROM_ENV = re.compile(r"\$\{(\w+)(?::[-?][^}]*)?\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def settings_names() -> set[str]:
    return {f"DATELINE_{field.upper()}" for field in Settings.model_fields}


def test_images_are_named_by_version(compose: dict[str, Any], dockerfile: str) -> None:
    images = [service["image"] for service in compose["services"].values()]
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(set(bases)) == 1
    for image in (*images, *bases):
        assert IMAGE.match(image), image


def test_the_vectors_server_is_the_version_that_is_tested(compose: dict[str, Any]) -> None:
    server = compose["services"]["chroma"]["image"].rpartition(":")[2]
    assert f"\nchromadb=={server} " in (ROOT / "requirements-server.txt").read_text()


def test_every_setting_that_is_set_is_one(compose: dict[str, Any], dockerfile: str) -> None:
    inside = compose["services"]["dateline"]["environment"]
    named = {name for name in inside if name.startswith("DATELINE_")}
    named |= set(re.findall(r"(DATELINE_\w+)=", dockerfile))
    assert {"DATELINE_CATALOGUE_URL", "DATELINE_CHROMA_URL", "DATELINE_INDEX"} <= named
    assert named <= settings_names()


def test_what_is_set_can_be_used(
    compose: dict[str, Any], dockerfile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = dict(re.findall(r"(DATELINE_\w+)=(\S+)", dockerfile))
    values |= compose["services"]["dateline"]["environment"]
    for name, value in values.items():
        monkeypatch.setenv(name, FROM_ENV.sub("filled-in", value))
    settings = load_settings()
    assert settings.catalogue_url
    assert "filled-in" in settings.catalogue_url.get_secret_value()
    assert settings.host == "0.0.0.0"  # inside its container
    assert settings.users_file, "on that address people must log in"


def test_no_secret_stands_in_them_and_none_has_a_default(
    compose: dict[str, Any], dockerfile: str
) -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    secret = re.compile(r"(?i)(password|token|key|secret)\w*\}?\s*[:=]\s*(?!\$\{|\?)\S")
    for line in [*text.splitlines(), *dockerfile.splitlines()]:
        assert not secret.search(line.partition("#")[0]), line
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            for wanted in re.findall(r"\$\{(\w*PASSWORD\w*)([^}]*)\}", str(value)):
                assert wanted[1].startswith(":?"), f"{name}: without it nothing starts"


def test_only_the_chats_port_is_published_and_on_loopback(compose: dict[str, Any]) -> None:
    published = {name: service.get("ports", []) for name, service in compose["services"].items()}
    assert {name for name, ports in published.items() if ports} == {"dateline"}
    assert published["dateline"] == ["${PUBLISH:-127.0.0.1:7860}:7860"]
    assert compose["networks"]["inside"] == {"internal": True}
    assert all("inside" in service["networks"] for service in compose["services"].values())


def test_every_service_says_how_it_is(compose: dict[str, Any], dockerfile: str) -> None:
    for name in ("postgres", "chroma"):
        assert compose["services"][name]["healthcheck"]["test"]
        assert compose["services"]["dateline"]["depends_on"][name] == {
            "condition": "service_healthy"
        }
    assert "HEALTHCHECK" in dockerfile and "/healthz" in dockerfile
    rule = rule_of("GET", "/healthz")
    assert rule and rule.need is ANYBODY


def test_it_runs_as_nobody_in_particular_and_writes_where_it_may(
    compose: dict[str, Any], dockerfile: str
) -> None:
    last = dockerfile.rpartition("FROM ")[2]
    assert last.index("USER dateline") < last.index("ENTRYPOINT")
    service = compose["services"]["dateline"]
    assert service["read_only"] is True
    assert "data:/data" in service["volumes"]
    assert service["tmpfs"] == ["/tmp"]  # the container's own
    grace = int(service["stop_grace_period"].removesuffix("s"))
    assert grace > Settings.model_fields["grace"].default


def test_what_the_image_is_built_of_is_there(dockerfile: str) -> None:
    kept = re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    copied = [
        each
        for line in re.findall(r"^COPY (?!--)(.+) \S+$", dockerfile, re.MULTILINE)
        for each in line.split()
    ]
    assert sorted(copied) == sorted(kept)
    assert all((ROOT / each).exists() for each in copied)


def test_every_setting_and_variable_is_told_of(compose: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    for name in set(FROM_ENV.findall((ROOT / "compose.yaml").read_text(encoding="utf-8"))):
        assert f"`{name}`" in page, name
    assert "settings.md" in page


def test_the_vectors_servers_check_knows_whether_it_answers(
    compose: dict[str, Any], chroma_url: str
) -> None:
    """In another bash than the image's, against the server that comes with the package."""
    _, *command = compose["services"]["chroma"]["healthcheck"]["test"]
    port = chroma_url.rpartition(":")[2]

    def check(port: str) -> int:
        here = [part.replace("/8000", f"/{port}") for part in command]
        return subprocess.run(here, capture_output=True, timeout=60).returncode

    assert check(port) == 0
    assert check("9") != 0
