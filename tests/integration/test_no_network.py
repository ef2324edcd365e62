"""Invariant 7: the default path opens no socket to anywhere but the machine itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.newsroom import DAM, MARKET, write_article

# Python's sockets, and what Python knows of those that libraries open: audit events.
_GUARD = """
import sys
LOCAL = ("127.0.0.1", "::1", "localhost")
def guard(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in LOCAL:
        raise SystemExit(f"outgoing connection to {args[1]}")
    if event == "socket.getaddrinfo" and args[0] not in (*LOCAL, None):
        raise SystemExit(f"look-up of {args[0]}")
    if event in ("socket.gethostbyname", "socket.sendto") and args[-1] not in LOCAL:
        raise SystemExit(f"{event} {args[1:]}")
sys.addaudithook(guard)
"""
_DEFAULT_PATH = """
from assistant import Assistant, Article
with Assistant.open("index", create=True) as assistant:
    report = assistant.index(["news"])
    assert len(report.added) == 2, report
    answer = assistant.ask("What did engineers close at the Tarn dam?")
    assert answer.citations[0].article_id == "dam", answer
    assert "Tarn dam" in assistant.ask("and since when?", history=[answer]).standalone_question
    read = assistant.read("What was closed?", [Article("x", "The gate was closed on Monday.")])
    assert read.evidence
print("done")
"""


_ROOT = Path(__file__).parents[2]


def _run(code: str, folder: Path, *before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(_ROOT)},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_article(tmp_path / "news", "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    write_article(tmp_path / "news", "market.md", MARKET)
    return tmp_path


def test_indexing_asking_and_reading_open_no_outgoing_socket(folder: Path) -> None:
    result = _run(_GUARD + _DEFAULT_PATH, folder)
    assert (result.stdout, result.returncode) == ("done\n", 0), result.stderr


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
        "import urllib.request; urllib.request.urlopen('http://example.invalid/', timeout=1)",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    ],
)
def test_the_guard_notices(folder: Path, code: str) -> None:
    result = _run(_GUARD + code, folder)
    assert result.returncode != 0
    assert "outgoing" in result.stderr or "look-up" in result.stderr or "sendto" in result.stderr


def test_it_works_where_there_is_no_network_at_all(folder: Path) -> None:
    """Also catches what opens sockets from native code."""
    unshare = shutil.which("unshare")
    alone = [unshare or "", "--net", "--map-root-user"]
    if not unshare or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("no network namespaces here")
    result = _run(_DEFAULT_PATH, folder, *alone)
    assert (result.stdout, result.returncode) == ("done\n", 0), result.stderr
