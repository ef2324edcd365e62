"""`python app.py` as a reader starts it: a process of its own, in an empty folder."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

APP = Path(__file__).parents[2] / "app.py"


@contextmanager
def started(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(APP), *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_chat_starts_over_the_sample_library_and_ends_when_interrupted(tmp_path: Path) -> None:
    with started(tmp_path, "--port", "0") as process:
        assert process.stdout
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        with urllib.request.urlopen(found.group(), timeout=60) as response:
            page = response.read().decode("utf-8")
        assert "Sample library: its reports are invented" in page
        with started(tmp_path, "--port", found.group(1)) as second:
            _, message = second.communicate(timeout=120)
            assert second.returncode == 2
            assert f"cannot listen on 127.0.0.1:{found.group(1)}" in message
            assert "Traceback" not in message
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
