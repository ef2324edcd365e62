"""`assistant serve`, `assistant mcp` and `assistant doctor`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from assistant import __version__
from assistant.cli.memory import few_arenas
from assistant.cli.options import IndexOption, WriterOption, opened, settings_of
from assistant.console import index_bars, say

DEFAULT_INDEX = Path("indexes/default")
SAMPLE_INDEX = Path("indexes/sample")


def serve(
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port; 0: any free one")] = None,
    writer: WriterOption = None,
) -> None:
    """Open the browser chat and the HTTP API; over the sample where there is no index yet."""
    from assistant import sample, web
    from assistant.access import Door
    from assistant.chats import Chats
    from assistant.observing import configure_logs, traced
    from assistant.pipeline import Assistant

    settings = settings_of(index, writer, host=host, port=port)
    door = Door.of(settings, settings.host)  # before models are loaded: it may refuse
    by_default = settings.index == DEFAULT_INDEX  # an index that was named must be there
    here = settings.catalogue_url or (settings.index / "catalogue.sqlite").is_file()
    on_sample = by_default and not here
    folder = SAMPLE_INDEX if on_sample else settings.index
    few_arenas()  # before there are threads
    configure_logs(settings.log_format, settings.log_level)
    with ExitStack() as held:
        held.enter_context(traced(__version__))
        assistant = held.enter_context(Assistant.open(folder, settings, create=on_sample))
        chats = held.enter_context(Chats.open(folder, settings))
        if on_sample:
            with index_bars() as progress:
                assistant.index([sample.articles_path()], on_progress=progress)
        assistant.warm_up()
        web.serve(
            assistant,
            host=settings.host,
            port=settings.port,
            chats=chats,
            sample=on_sample,
            examples=sample.EXAMPLES if on_sample else (),
            door=door,
        )


def mcp(index: IndexOption = None, writer: WriterOption = None) -> None:
    """Serve the library's tools to a program that starts this one (MCP on standard input)."""
    import anyio

    from assistant.api.mcp_tools import run_stdio

    with opened(settings_of(index, writer)) as assistant:
        assistant.warm_up()
        anyio.run(run_stdio, assistant)


def doctor(
    index: IndexOption = None,
    endpoint: Annotated[bool, typer.Option(help="ask the endpoint one thing too")] = False,
) -> None:
    """Check models, store, endpoint and versions; say what to do."""
    from assistant.doctor import examine

    failed = False
    for check in examine(settings_of(index), ask_endpoint=endpoint):
        failed |= not check.ok
        say(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.says}")
    if failed:
        raise typer.Exit(1)
