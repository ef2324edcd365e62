"""How many heaps the C library keeps for the threads of a server."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

# Threads that hold memory of their own at the same time, then the heaps that there are.
COUNTED = """
import ctypes, sys, tempfile, threading
from assistant.cli.memory import few_arenas
if sys.argv[1] == "few":
    few_arenas()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
together = threading.Barrier(8)
def hold():
    libc.malloc(5000)
    together.wait()
threads = [threading.Thread(target=hold) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
libc.fopen.restype = ctypes.c_void_p
libc.fopen.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
libc.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
libc.fclose.argtypes = [ctypes.c_void_p]
with tempfile.NamedTemporaryFile() as file:
    stream = libc.fopen(file.name.encode(), b"w")
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(file.read().count(b"<heap nr="))
"""


def heaps(how: str, **more: str) -> int:
    clean = {k: v for k, v in os.environ.items() if k != "MALLOC_ARENA_MAX"}
    command = [sys.executable, "-c", COUNTED, how]
    done = subprocess.run(command, env=clean | more, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc's own")
def test_threads_share_two_heaps_unless_the_environment_says_otherwise() -> None:
    assert heaps("few") <= 2 < heaps("as it is")
    assert heaps("few", MALLOC_ARENA_MAX="5") == heaps("as it is", MALLOC_ARENA_MAX="5") > 2
