"""What the commands share: options, exit codes, and an index opened as the options say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import IndexNotFoundError, UsageError
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

QUARANTINED, STOPPED = 3, 130

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", file_okay=False, help="folder of the index (default: indexes/default)"),
]
WriterOption = Annotated[str | None, typer.Option("--writer", help="quote (default) or openai")]
SinceOption = Annotated[str | None, typer.Option("--since", help="first day, YYYY-MM-DD")]
UntilOption = Annotated[str | None, typer.Option("--until", help="last day, YYYY-MM-DD")]
SourceOption = Annotated[str | None, typer.Option("--source", help="outlet or re-publisher")]
RegionOption = Annotated[str | None, typer.Option("--region", help="region of the articles")]
TagOption = Annotated[str | None, typer.Option("--tag", help="tag of the articles")]
RunsOption = Annotated[
    Path | None,
    typer.Option("--runs", file_okay=False, help="folder of kept runs (default: in the index's)"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="print JSON")]


def settings_of(
    index: Path | None,
    writer: str | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
) -> Settings:
    """The settings, with what the options say in the place of what the environment does.

    Raises:
        UsageError: there is no such writer, or a setting is not usable.
    """
    if writer not in (None, "quote", "openai"):
        raise UsageError(f"no writer {writer!r}: choose quote or openai")
    return load_settings(index=index, writer=writer, host=host, port=port)


@contextmanager
def opened(settings: Settings, *, or_none: bool = False) -> Iterator[Assistant]:
    """Open the index of the settings; with `or_none`, go without one where there is none yet.

    Raises:
        IndexNotFoundError: there is none, and `or_none` is not set.
    """
    from assistant.pipeline import Assistant

    try:
        assistant = Assistant.open(settings.index, settings)
    except IndexNotFoundError:
        if not or_none:
            raise
        assistant = Assistant.open(None, settings)
    with assistant:
        yield assistant
