"""The wheel holds all that the program reads, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib.metadata import entry_points, version
from pathlib import Path

import pytest

import assistant

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"),
            *("--no-build-isolation", "--disable-pip-version-check"),
            *("--wheel-dir", str(folder), str(ROOT)),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_everything_beside_the_code_is_in_it(wheel: zipfile.ZipFile) -> None:
    """Every tracked file of the package and every prompt, whatever its ending."""
    listed = subprocess.run(
        ["git", "ls-files", "assistant", "prompts"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    wanted = {
        f"assistant/{name}" if name.startswith("prompts/") else name
        for name in listed.stdout.splitlines()
        if (ROOT / name).exists()
    }
    assert wanted <= {*wheel.namelist()}


def test_the_parts_that_are_read_at_run_time(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    for wanted in (
        "assistant/prompts/answer.md",
        "assistant/prompts/standalone.md",
        "assistant/sample/questions.jsonl",
        "assistant/sample/floors.json",
        "assistant/sample/articles/orontes-road-taken.md",
        "assistant/sample/articles/briefs.jsonl",
        "assistant/sample/articles/commons-digest-rusafah-highway.txt",
        "assistant/sample/articles/plain-science-hay-fever-spray.html",
        "assistant/web/templates/answer.html",
        "assistant/web/style.css",
        "assistant/web/source.js",
        "assistant/web/favicon.png",
        "assistant/evaluation/report.html.j2",
        "assistant/spelling/common_words.txt",
        "assistant/models/reader_files/reader.onnx",
    ):
        assert wanted in names


def test_nothing_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    roots = {name.split("/")[0] for name in wheel.namelist()}
    assert roots == {"assistant", f"dateline_assistant-{assistant.__version__}.dist-info"}
    assert not [n for n in wheel.namelist() if "test" in Path(n).name or n.endswith(".pyc")]


def test_what_it_says_of_itself(wheel: zipfile.ZipFile) -> None:
    about = f"dateline_assistant-{assistant.__version__}.dist-info"
    metadata = Parser().parsestr(wheel.read(f"{about}/METADATA").decode())
    assert metadata["Name"] == "dateline-assistant"
    assert metadata["Version"] == assistant.__version__
    assert metadata["License-Expression"] == "Apache-2.0 AND CC-BY-SA-4.0"
    assert "assistant = assistant.cli:run" in wheel.read(f"{about}/entry_points.txt").decode()
    assert f"{about}/licenses/LICENSE" in wheel.namelist()


def test_the_installed_command() -> None:
    assert version("dateline-assistant") == assistant.__version__
    (script,) = entry_points(group="console_scripts", name="assistant")
    assert callable(script.load())
