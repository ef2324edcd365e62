"""Indexing over a real Ray of two workers, started once on this machine."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ClusterError, EndpointError, UsageError
from assistant.models import ray_embedder
from assistant.models.minilm import MiniLMEmbedding
from assistant.models.ray_embedder import RayEmbedder
from assistant.models.ray_pool import PIECE
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from tests.fake_endpoint import FakeEndpoint, Request, _Handler, fails
from tests.newsroom import BRIDGE, DAM, MARKET, ROAD, SCHOOL, write_article

pytest_plugins = ["tests.sample_index"]
pytestmark = [
    pytest.mark.usefixtures("clean_environment"),
    pytest.mark.skipif(not Path("/proc/self/net").exists(), reason="looks at Linux's /proc"),
]

KEY = "sk-test-0123456789abcdef"
NEWS = (DAM, ROAD, MARKET, SCHOOL, BRIDGE)
TEXTS = [f"{NEWS[i % 5]} Line {i}. " * (1 + i % 4) for i in range(3 * PIECE + 5)]
TEXTS[3], TEXTS[4] = "", "a lone surrogate \ud83d and ꙮ"


@pytest.fixture(scope="module")
def spread() -> Iterator[RayEmbedder]:
    """Two workers; a test that loses them gets new ones at its next call."""
    settings = load_settings(ray="local", ray_workers=2)
    with RayEmbedder(settings) as embed:
        yield embed


@pytest.fixture
def over_ray(spread: RayEmbedder, monkeypatch: pytest.MonkeyPatch) -> RayEmbedder:
    """Every Assistant whose settings say so indexes on the module's workers."""
    monkeypatch.setattr(ray_embedder, "RayEmbedder", lambda settings: nullcontext(spread))
    monkeypatch.setenv("DATELINE_RAY", "local")
    return spread


@pytest.fixture
def news(tmp_path: Path) -> Path:
    for i, text in enumerate(NEWS):
        write_article(tmp_path / "news", f"{i}.md", f"{text} " * 30)
    return tmp_path / "news"


def processes(embed: RayEmbedder) -> dict[int, str]:
    """The driver and what it started, directly or not: process id → command line."""
    assert embed._process is not None
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    commands = {int(pid): command for pid, _, command in rows}
    found = [embed._process.pid]
    for parent in found:  # which grows meanwhile
        found += [int(pid) for pid, of, _ in rows if int(of) == parent]
    return {pid: commands[pid] for pid in found}


def workers(embed: RayEmbedder) -> list[int]:
    return [pid for pid, command in processes(embed).items() if command.startswith("ray::Worker")]


def kill_while_it_embeds(embed: RayEmbedder, find: Callable[[], int]) -> threading.Thread:
    def kill() -> None:
        time.sleep(0.3)
        os.kill(find(), signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def cached(index: Path) -> dict[str, bytes]:
    with closing(sqlite3.connect(index / "embeddings.sqlite")) as connection:
        return dict(connection.execute("SELECT text, vector FROM vectors").fetchall())


def pending_and_passages(index: Path) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(index / "catalogue.sqlite")) as connection:
        (pending,) = connection.execute("SELECT count(*) FROM pending").fetchone()
        ids = [row[0] for row in connection.execute("SELECT id FROM passages ORDER BY id")]
    return pending, ids


def test_vectors_are_those_of_one_process_to_the_bit(
    spread: RayEmbedder, embedder: MiniLMEmbedding
) -> None:
    assert np.array_equal(spread(TEXTS), embedder.embed(TEXTS))
    assert len(workers(spread)) == 2
    assert spread.at_once == 2 * 512


def test_an_index_is_the_one_of_a_single_process(
    over_ray: RayEmbedder, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assistant.open(tmp_path / "spread", create=True) as assistant:
        report = assistant.index([news])
        assert len(report.added) == 5 and not report.pending
        asked: list[str] = []
        monkeypatch.setattr(RayEmbedder, "__call__", lambda self, texts: asked.extend(texts))
        rebuilt = assistant.rebuild()
        assert rebuilt.passages and asked == []  # all of it was in the cache
    monkeypatch.delenv("DATELINE_RAY")
    with Assistant.open(tmp_path / "alone", create=True) as assistant:
        assistant.index([news])
    assert cached(tmp_path / "spread") == cached(tmp_path / "alone")
    pending, ids = pending_and_passages(tmp_path / "spread")
    assert (pending, ids) == pending_and_passages(tmp_path / "alone")
    assert not pending and len(ids) >= 5


def test_what_a_killed_worker_was_at_is_done_by_another(
    spread: RayEmbedder, embedder: MiniLMEmbedding
) -> None:
    spread(TEXTS[:1])
    before = workers(spread)
    killing = kill_while_it_embeds(spread, lambda: before[0])
    vectors = spread(TEXTS)
    killing.join()
    assert before[0] not in workers(spread)
    assert np.array_equal(vectors, embedder.embed(TEXTS))


def test_it_listens_on_loopback_alone(spread: RayEmbedder) -> None:
    spread(TEXTS[:1])
    own = set()
    for pid in processes(spread):
        for held in Path(f"/proc/{pid}/fd").iterdir():
            if held.is_symlink() and (target := str(held.readlink())).startswith("socket:["):
                own.add(target[len("socket:[") : -1])
    listening = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in own and (fields[3] == "0A" or table.startswith("udp")):
                listening.append(fields[1].split(":")[0])
    # 127.0.0.1, alone and as an IPv6 address
    loopback = {"0100007F", "0000000000000000FFFF00000100007F"}
    assert listening and set(listening) <= loopback


def test_a_lost_cluster_is_one_error_and_a_later_run_goes_on(
    over_ray: RayEmbedder, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed, asked = RayEmbedder.__call__, 0

    def lose_it(self: RayEmbedder, texts: list[str]) -> object:
        nonlocal asked
        asked += 1
        if asked == 2:  # first one passage is tried out
            _driver, *others = processes(self)
            for pid in others:
                os.kill(pid, signal.SIGKILL)
        return embed(self, texts)

    monkeypatch.setattr(RayEmbedder, "__call__", lose_it)
    with Assistant.open(tmp_path / "index", create=True) as assistant:
        with pytest.raises(ClusterError, match=r"^the Ray cluster .*; what is index") as lost:
            assistant.index([news])
        assert "\n" not in str(lost.value)
        assert len(assistant.articles()) == 5
    pending, ids = pending_and_passages(tmp_path / "index")
    assert pending == len(ids) > 0
    monkeypatch.delenv("DATELINE_RAY")
    with Assistant.open(tmp_path / "index") as assistant:
        report = assistant.index([news])
        assert len(report.unchanged) == 5 and report.pending == 0


def vectors_of_lengths(handler: _Handler, request: Request) -> None:
    rows = [
        {"object": "embedding", "index": i, "embedding": [float(len(text)), 3.0, 4.0]}
        for i, text in enumerate(request.body["input"])
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    handler.send_json(200, {"object": "list", "data": rows, "model": "m", "usage": usage})


def test_the_key_of_an_endpoint_reaches_it_and_nothing_that_ray_writes() -> None:
    with FakeEndpoint() as endpoint:
        endpoint.script(vectors_of_lengths)
        settings = load_settings(
            ray="local",
            ray_workers=1,
            embedder="openai",
            openai_base_url=endpoint.url,
            openai_api_key=KEY,
            openai_retries=0,
        )
        with RayEmbedder(settings) as embed:
            vectors = embed(["abc", "abcdef"])
            assert vectors.shape == (2, 3)
            assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
            assert {r.headers["Authorization"] for r in endpoint.requests} == {f"Bearer {KEY}"}
            assert embed._folder is not None
            folder = Path(embed._folder.name)
            lines = "\n".join(processes(embed).values())
            written = [path for path in folder.rglob("*") if path.is_file()]
            assert "ray::Worker" in lines and len(written) > 5
            assert KEY not in lines
            assert not [path for path in written if KEY.encode() in path.read_bytes()]
            endpoint.script(fails(401, f"no such key: {KEY}"))
            with pytest.raises(EndpointError) as refused:
                embed(["abc"])
            assert KEY not in str(refused.value) and "\n" not in str(refused.value)
        assert not folder.exists()
        assert embed._process is None


def test_an_address_with_a_secret_in_it_is_not_sent_to_workers() -> None:
    settings = load_settings(
        ray="local", embedder="openai", openai_base_url="http://user:hunter2@127.0.0.1/v1"
    )
    with pytest.raises(EndpointError, match=r"^OPENAI_BASE_URL holds"):
        RayEmbedder(settings)


def test_without_ray_it_says_what_to_install(news: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['ray'] = None\n"
        "from assistant.cli import main\n"
        f"sys.exit(main(['index', {json.dumps(str(news))}, '--index', 'index']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "DATELINE_RAY": "local", "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "assistant: indexing over Ray (DATELINE_RAY) needs the package ray: "
        "pip install 'dateline-assistant[ray]'\n"
    )


@pytest.mark.parametrize("value", ["yes", "http://h:1", "ray://key@h:1", "h:1 ", "host"])
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match=r"^setting DATELINE_RAY: give local, auto, HOST:PORT"):
        load_settings(ray=value)


def test_ray_is_not_loaded_unless_it_is_asked_for() -> None:
    code = (
        "import sys, assistant.cli, assistant.pipeline, assistant.library, assistant.models\n"
        "assert not [n for n in sys.modules if n == 'ray' or n.startswith('assistant.models.ray')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
