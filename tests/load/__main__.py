"""People who ask a server all at once: python -m tests.load INDEX QUESTIONS [options].

QUESTIONS is a file of questions as `assistant evaluate` reads them, with one for each person at
least. Starts a server of its own, and prints what came of it. See docs/load.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from tests.load.chats import Page
from tests.load.people import WAYS, Load, put_under
from tests.load.serving import Served, serving
from tests.load.trouble import MODEL, TroubledEndpoint


def main() -> None:
    """Read the options, and put a server under that load."""
    options = _options()
    with Path(options.questions).open(encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line in lines]
    settings = {"DATELINE_QUEUE": str(2 * options.people), "DATELINE_LOG_LEVEL": "warning"}
    settings |= dict(each.split("=", 1) for each in options.set)
    if not options.trouble:
        with serving(options.index, options.people + options.idle, settings) as served:
            asyncio.run(_load(served, questions, options))
        return
    with TroubledEndpoint() as endpoint:
        settings |= MODEL | {"OPENAI_BASE_URL": endpoint.url}
        with serving(options.index, options.people, settings) as served:
            asyncio.run(_load(served, questions, options))
            print(f"the endpoint: {dict(endpoint.given)}; now it is well again")
            endpoint.mend()
            options.seconds = 0  # each person asks once
            options.people = min(options.people, 20)
            asyncio.run(_load(served, questions, options))


async def _load(served: Served, questions: Sequence[str], options: argparse.Namespace) -> None:
    ways = [WAYS[name] for name in options.by.split(",")]
    load = Load(options.people, options.seconds, tuple(options.reading), ways)
    if options.seconds:  # what a server does once is not what is measured
        await put_under(served.url, served.tokens, questions, Load(2, 3, ways=ways))
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    async with AsyncExitStack() as stack:
        before, idle = served.memory(), await _idle(served, options, stack)
        if idle:
            print(f"{len(idle)} idle chats: {before:.0f} -> {served.memory():.0f} MB")
        used, watch = served.processor_seconds(), asyncio.create_task(_watch(served, options))
        seen, lasted = await put_under(served.url, served.tokens, questions, load)
        watch.cancel()
        used = served.processor_seconds() - used
        print(seen.line(lasted))
        print(
            f"memory {before:.0f} -> {served.memory():.0f} MB, processor "
            f"{used / max(len(seen.seconds), 1):.2f} s an answer, {used / lasted:.2f} cores"
        )
        if idle:
            print(f"{sum(page.beating for page in idle)} of {len(idle)} idle chats still open")
    if idle:
        await asyncio.sleep(5)
        print(f"the idle chats closed: {served.memory():.0f} MB")


async def _idle(served: Served, options: argparse.Namespace, stack: AsyncExitStack) -> list[Page]:
    pages: list[Page] = []
    for token in served.tokens[options.people :]:
        headers = {"Authorization": f"Bearer {token}"}
        client = httpx.AsyncClient(base_url=served.url, headers=headers, timeout=60)
        pages.append(Page(await stack.enter_async_context(client)))
        stack.push_async_callback(pages[-1].close)
        await pages[-1].open()
    return pages


async def _watch(served: Served, options: argparse.Namespace) -> None:
    """Say how much memory the server has, now and then."""
    began = time.monotonic()
    while options.every:
        await asyncio.sleep(options.every)
        print(f"  {time.monotonic() - began:5.0f} s {served.memory():.0f} MB", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument(
        "--reading", type=float, nargs=2, default=(0.0, 0.0), metavar=("LEAST", "MOST")
    )
    parser.add_argument("--by", default="ask,stream", help=f"of {', '.join(WAYS)}, in turns")
    parser.add_argument("--idle", type=int, default=0, help="chats that are open beside them")
    parser.add_argument("--every", type=float, default=0, help="seconds between looks at memory")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--trouble", action="store_true", help="by a model that often fails")
    return parser.parse_args()


if __name__ == "__main__":
    main()
