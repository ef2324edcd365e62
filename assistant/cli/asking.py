"""`assistant ask`."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from assistant.cli.options import (
    IndexOption,
    JsonOption,
    RegionOption,
    SinceOption,
    SourceOption,
    TagOption,
    UntilOption,
    WriterOption,
    opened,
    settings_of,
)
from assistant.console import counted, note, print_answer, say


def ask(
    question: Annotated[str, typer.Argument(help="the question, in quotes")],
    index: IndexOption = None,
    writer: WriterOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    region: RegionOption = None,
    tag: TagOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print one cited answer."""
    settings = settings_of(index, writer)
    with _uncollected(), opened(settings) as assistant:
        answer = assistant.ask(
            question, since=since, until=until, source=source, region=region, tag=tag
        )
        if (since or until) and not as_json and (undated := assistant.undated()):
            note(f"{counted(undated, 'undated article')} left out by the date filter")
        if not as_json and (pending := assistant.manifest().pending):
            note(f"{counted(pending, 'passage')} found by words alone; `assistant index` goes on")
    if as_json:
        say(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
        return
    print_answer(answer)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for cycles, which takes .3 s of the two that one answer takes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
