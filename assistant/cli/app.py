"""The commands put together, and how the program ends: exit codes, errors in one line."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Annotated

import typer

# typer carries its own click and gives these no public name.
from typer._click.exceptions import ClickException

from assistant import __version__
from assistant.cli.access import tokens_app, users_app
from assistant.cli.archiving import backup, restore
from assistant.cli.articles import articles_app
from assistant.cli.asking import ask
from assistant.cli.chats import chats_app
from assistant.cli.evaluating import evaluate
from assistant.cli.fetching import fetch
from assistant.cli.indexing import index
from assistant.cli.options import STOPPED
from assistant.cli.questions import questions_app
from assistant.cli.runs import runs_app
from assistant.cli.serving import doctor, mcp, serve
from assistant.console import note, say
from assistant.errors import DatelineError

app = typer.Typer(
    help="Answers from a library of news articles, with the exact words that carry them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# The order in which help lists them.
for _command in (index, fetch, ask, evaluate, serve, mcp, doctor, backup, restore):
    app.command()(_command)
app.add_typer(articles_app, name="articles", no_args_is_help=True)
app.add_typer(questions_app, name="questions", no_args_is_help=True)
app.add_typer(runs_app, name="runs", no_args_is_help=True)
app.add_typer(chats_app, name="chats", no_args_is_help=True)
app.add_typer(users_app, name="users", no_args_is_help=True)
app.add_typer(tokens_app, name="tokens", no_args_is_help=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"assistant {__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="show a traceback on errors")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="show the version"),
    ] = False,
) -> None:
    """Take options that go before a command; `main` looks for `--debug` itself."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code, and never raises for an expected error."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        code = _invoke(arguments)
        sys.stdout.flush()  # a broken pipe shows here, not when Python ends
        return code
    except BrokenPipeError:  # the reader of a pipe, such as head, has seen enough
        _silence_stdout()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        message, code = "interrupted; what was committed stays", STOPPED
    except (ClickException, DatelineError, OSError) as error:
        if debug:
            traceback.print_exc()
        message, code = _said(error)
    if message:
        note(f"assistant: {' '.join(message.split())}")
    return code


def run() -> None:
    """Entry point of the `assistant` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what its encoding lacks is shown as an escape
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())


def _invoke(arguments: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context("assistant", arguments) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    return 0


def _said(error: ClickException | DatelineError | OSError) -> tuple[str, int]:
    """What an expected error says, and the exit code."""
    if isinstance(error, DatelineError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return f"{what}; check the path, its permissions and the space on the disk", 1
    message = error.format_message()
    where = getattr(getattr(error, "ctx", None), "command_path", "")
    if message and where:
        message = f"{message.rstrip('.')}; see: {where} --help"
    return message, 2


def _silence_stdout() -> None:
    """Point stdout at nothing: Python writes what is left in its buffer when it ends."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
