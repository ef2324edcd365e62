"""`assistant backup` and `assistant restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.indexing import rebuild_index
from assistant.cli.options import IndexOption, settings_of
from assistant.console import note


def backup(
    out: Annotated[Path, typer.Argument(help="file to write, .tar.gz")],
    index: IndexOption = None,
    embeddings: Annotated[
        bool, typer.Option(help="keep the embeddings too, so that none is made again")
    ] = True,
) -> None:
    """Keep an index in one file; others may read and write it meanwhile."""
    from assistant.library import back_up, engines_of

    settings = settings_of(index)
    engines = engines_of(settings, settings.index)
    back_up(settings.index, out, embeddings=embeddings, engines=engines)
    note(f"{settings.index} kept in {out}")


def restore(
    backup: Annotated[Path, typer.Argument(help="file that `assistant backup` wrote")],
    index: IndexOption = None,
) -> None:
    """Make an index of a backup, in a folder where there is nothing yet."""
    from assistant.library import engines_of, restore

    settings = settings_of(index)
    restore(backup, settings.index, engines_of(settings, settings.index))
    rebuild_index(settings, as_json=False)
