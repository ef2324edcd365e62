"""`assistant index`: add, update, plan, watch, rebuild."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import (
    QUARANTINED,
    STOPPED,
    IndexOption,
    JsonOption,
    opened,
    settings_of,
)
from assistant.console import (
    counted,
    ctrl_c_stops,
    fetch_dict,
    fetch_line,
    index_bars,
    note,
    progress_bar,
    report_dict,
    report_line,
    say,
)
from assistant.errors import UsageError
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.fetching import FetchReport
    from assistant.types import IndexReport

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def index(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="files and folders of articles; pages by their address"),
    ] = None,
    index: IndexOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="say what would change; write nothing")
    ] = False,
    columns: Annotated[
        str, typer.Option("--map", help="columns of CSV and JSON: text=Body,title=Headline")
    ] = "",
    watch: Annotated[
        bool, typer.Option("--watch", help="go on, and index what changes, until Ctrl-C")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="make words and vectors anew; takes no PATH")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add or update articles; forget those whose files are gone from the folders named."""
    from assistant.articles import find_files, parse_mapping

    settings = settings_of(index)
    if rebuild:
        if paths or dry_run or watch:
            raise UsageError("--rebuild goes alone: index what is new with another command")
        rebuild_index(settings, as_json=as_json)
        return
    if not paths:
        raise UsageError("Missing argument 'paths'; see: assistant index --help")
    files = [Path(path) for path in paths if not _ADDRESS.match(path)]
    addresses = [path for path in paths if _ADDRESS.match(path)]
    if addresses and (dry_run or watch):
        raise UsageError(
            "--dry-run and --watch go with files and folders, not with addresses: save those first "
            "with `assistant fetch ADDRESS --into DIR`"
        )
    find_files(files)  # a wrong path is refused before an index is made for it
    mapping = parse_mapping(columns).columns if columns else None
    if dry_run:
        with opened(settings, or_none=True) as assistant:
            report = assistant.plan(files, mapping=mapping)
        _show(report, as_json=as_json, planned=True)
        raise typer.Exit(QUARANTINED if report.quarantined else 0)
    _index(settings, files, addresses, mapping, watch=watch, as_json=as_json)


def _index(
    settings: Settings,
    files: list[Path],
    addresses: list[str],
    mapping: Mapping[str, str] | None,
    *,
    watch: bool,
    as_json: bool,
) -> None:
    from assistant.pipeline import Assistant

    fetched = None
    with Assistant.open(settings.index, settings, create=True) as assistant, ctrl_c_stops() as stop:
        if addresses:
            with progress_bar("Fetching", quiet=as_json) as told:
                fetched = assistant.fetch(addresses, on_progress=told, stop=stop.is_set)
            files = [*([assistant.fetched_folder] * assistant.fetched_folder.is_dir()), *files]
        with index_bars(quiet=as_json) as progress:
            report = assistant.index(files, mapping=mapping, on_progress=progress, stop=stop.is_set)
        _show(report, as_json=as_json, fetched=fetched)
        if watch and not report.stopped:
            note("watching; Ctrl-C ends it")
            for later in assistant.watch(files, stop, mapping=mapping):
                _show(later, as_json=as_json)
            return
    if report.stopped:
        raise typer.Exit(STOPPED)
    if report.quarantined or (fetched and fetched.refused):
        raise typer.Exit(QUARANTINED)


def rebuild_index(settings: Settings, *, as_json: bool) -> None:
    """Make the words and vectors of an index anew, and say so.

    Raises:
        typer.Exit: it was stopped by Ctrl-C.
    """
    from assistant.pipeline import Assistant

    with (
        Assistant.open(settings.index, settings, rebuild=True) as assistant,
        ctrl_c_stops() as stop,
        index_bars(quiet=as_json) as progress,
    ):
        rebuilt = assistant.rebuild(on_progress=progress, stop=stop.is_set)
    if as_json:
        say(json.dumps(asdict(rebuilt), indent=2))
    elif rebuilt.stopped:
        say("stopped; the index is as it was: `assistant index --rebuild` goes on")
    else:
        held = f"{counted(rebuilt.articles, 'article')}, {counted(rebuilt.passages, 'passage')}"
        say(f"rebuilt: {held} in {rebuilt.seconds:.1f} s")
    if rebuilt.stopped:
        raise typer.Exit(STOPPED)


def _show(
    report: IndexReport,
    *,
    as_json: bool,
    planned: bool = False,
    fetched: FetchReport | None = None,
) -> None:
    if as_json:
        also = {"fetched": fetch_dict(fetched)} if fetched else {}
        say(json.dumps(report_dict(report) | also, indent=2))
    else:
        if fetched:
            say(fetch_line(fetched))
        say(report_line(report, planned=planned))
    for refused in fetched.refused if fetched else ():
        note(f"refused {refused.address}: {refused.reason}")
    for quarantined in report.quarantined:
        note(f"quarantined {quarantined.path}: {quarantined.reason}")
