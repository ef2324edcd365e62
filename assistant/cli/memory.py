"""The memory of a process that runs for long."""

from __future__ import annotations

import ctypes
import os
import sys

_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS = 2


def few_arenas() -> None:
    """Have the C library's threads share two heaps, where it is glibc.

    Else each of up to eight a core gets one of its own, and each of these grows to the most that
    was ever in it: 140 MB of a server's after half an hour (docs/load.md). What the environment
    says (`MALLOC_ARENA_MAX`) goes before it.
    """
    if sys.platform != "linux" or "MALLOC_ARENA_MAX" in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
