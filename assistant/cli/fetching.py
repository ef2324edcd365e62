"""`assistant fetch`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.options import QUARANTINED, STOPPED, JsonOption
from assistant.console import ctrl_c_stops, fetch_dict, fetch_line, note, progress_bar, say
from assistant.errors import UsageError
from assistant.settings import load_settings


def fetch(
    into: Annotated[Path, typer.Option(file_okay=False, help="folder to save the pages in")],
    addresses: Annotated[
        list[str] | None, typer.Argument(help="pages, by their http or https address")
    ] = None,
    listed: Annotated[
        Path | None, typer.Option("--list", help="text file of more, one a line, # for comments")
    ] = None,
    feed: Annotated[
        bool, typer.Option("--feed", help="the addresses are feeds: save what they link to")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Save pages from the web as files, for `assistant index FOLDER` to read."""
    from assistant.pipeline import Assistant

    wanted = [*(addresses or ()), *(_listed(listed) if listed else ())]
    if not wanted:
        raise UsageError("no address: name pages, or a file of them with --list")
    with (
        Assistant.open(None, load_settings()) as assistant,
        ctrl_c_stops() as stop,
        progress_bar("Fetching", quiet=as_json) as told,
    ):
        report = assistant.fetch(wanted, into=into, feeds=feed, on_progress=told, stop=stop.is_set)
    say(json.dumps(fetch_dict(report), indent=2) if as_json else fetch_line(report))
    for refused in report.refused:
        note(f"refused {refused.address}: {refused.reason}")
    if report.stopped:
        raise typer.Exit(STOPPED)
    if report.refused:
        raise typer.Exit(QUARANTINED)


def _listed(path: Path) -> list[str]:
    """Addresses of a text file, one a line; without empty lines and comments."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text: give one address a line") from error
    return [line for line in lines if line and not line.startswith("#")]
