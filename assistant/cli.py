"""The command line: `assistant index | fetch | ask | evaluate | serve | articles | doctor`.

Exit codes: 0 done; 1 failed; 2 wrong usage; 3 done, but some articles were quarantined or addresses
refused; 130 stopped by Ctrl-C.
Errors are one line on stderr that says what to do; `--debug` adds the traceback.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

# typer carries its own click and gives these no public name.
from typer._click.exceptions import ClickException

from assistant import __version__
from assistant.console import (
    article_dict,
    article_lines,
    console,
    counted,
    ctrl_c_stops,
    fetch_dict,
    fetch_line,
    index_bars,
    note,
    print_answer,
    progress_bar,
    report_dict,
    report_line,
    say,
)
from assistant.errors import DatelineError, IndexNotFoundError, UsageError
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.fetching import FetchReport
    from assistant.pipeline import Assistant
    from assistant.types import Answer, EvalCase, IndexReport, Link

QUARANTINED, STOPPED = 3, 130
DEFAULT_INDEX = Path("indexes/default")
SAMPLE_INDEX = Path("indexes/sample")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)

app = typer.Typer(
    help="Answers from a library of news articles, with the exact words that carry them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
articles_app = typer.Typer(help="List, show and remove the articles of an index.")
app.add_typer(articles_app, name="articles", no_args_is_help=True)

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", file_okay=False, help="folder of the index (default: indexes/default)"),
]
WriterOption = Annotated[str | None, typer.Option("--writer", help="quote (default) or openai")]
SinceOption = Annotated[str | None, typer.Option("--since", help="first day, YYYY-MM-DD")]
UntilOption = Annotated[str | None, typer.Option("--until", help="last day, YYYY-MM-DD")]
SourceOption = Annotated[str | None, typer.Option("--source", help="outlet or re-publisher")]
JsonOption = Annotated[bool, typer.Option("--json", help="print JSON")]


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


@app.command()
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

    settings = _settings(index)
    if rebuild:
        if paths or dry_run or watch:
            raise UsageError("--rebuild goes alone: index what is new with another command")
        _rebuild(settings, as_json=as_json)
        return
    if not paths:
        raise UsageError("Missing argument 'paths'; see: assistant index --help")
    files = [Path(path) for path in paths if not _ADDRESS.match(path)]
    addresses = [path for path in paths if _ADDRESS.match(path)]
    if addresses and (dry_run or watch):
        raise UsageError("--dry-run and --watch go with files and folders, not with addresses")
    find_files(files)  # a wrong path is refused before an index is made for it
    mapping = parse_mapping(columns).columns if columns else None
    if dry_run:
        with _planning(settings) as assistant:
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


def _rebuild(settings: Settings, *, as_json: bool) -> None:
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
        say("stopped; the index is as it was: run it again to go on")
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


@app.command()
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


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="the question, in quotes")],
    index: IndexOption = None,
    writer: WriterOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print one cited answer."""
    from assistant.pipeline import Assistant

    settings = _settings(index, writer)
    with Assistant.open(settings.index, settings) as assistant:
        answer = assistant.ask(question, since=since, until=until, source=source)
        if (since or until) and not as_json and (undated := assistant.undated()):
            note(f"{counted(undated, 'undated article')} left out by the date filter")
        if not as_json and (pending := assistant.manifest().pending):
            note(f"{counted(pending, 'passage')} found by words alone; `assistant index` goes on")
    if as_json:
        say(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
        return
    print_answer(answer)


@app.command()
def evaluate(
    questions: Annotated[Path, typer.Argument(help="JSONL file, one case a line")],
    index: IndexOption = None,
    writer: WriterOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    out: Annotated[Path | None, typer.Option(file_okay=False, help="folder of the report")] = None,
    floors: Annotated[Path | None, typer.Option(help="JSON file of floors to hold")] = None,
) -> None:
    """Score a question set; write report.html, report.json and answers.jsonl."""
    from assistant.conversation import past_answer
    from assistant.evaluation import check_floors, evaluate, load_cases, load_floors, table
    from assistant.evaluation import write_report as write
    from assistant.evaluation.gate import articles_digest

    cases = load_cases(questions)
    wanted = load_floors(floors) if floors else None
    settings = _settings(index, writer)
    with _open_for(cases, settings) as assistant, progress_bar("Asking") as progress:
        assistant.warm_up()  # a model that cannot be loaded fails here, not once a case

        def answer(case: EvalCase) -> Answer:
            history = [past_answer(turn.question, turn.answer) for turn in case.history]
            if case.articles is not None:
                return assistant.read(case.question, case.articles, history=history)
            return assistant.ask(
                case.question, history=history, since=since, until=until, source=source
            )

        about = {"questions": questions.name, "index": settings.index.name}
        if wanted and wanted.articles_digest:
            about["articles_digest"] = articles_digest(
                assistant.article(listed.id) for listed in assistant.articles()
            )
        report = evaluate(
            cases,
            answer,
            on_progress=progress,
            article_text=lambda article_id, revision: assistant.article(article_id, revision).text,
            about=about,
            threshold=settings.abstain_below if settings.writer == "quote" else None,
        )
    console().print(table(report))
    page = write(report, out or Path("reports") / questions.name.removesuffix(".jsonl"))
    note(f"report: {page}")
    missed = check_floors(report, wanted) if wanted else []
    for line in missed:
        note(line)
    if missed:
        raise typer.Exit(1)


@app.command()
def serve(
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port; 0: any free one")] = None,
    writer: WriterOption = None,
) -> None:
    """Open the browser chat; over the sample library where there is no index yet."""
    from assistant import sample, web
    from assistant.pipeline import Assistant

    settings = _settings(index, writer, host=host, port=port)
    by_default = settings.index == DEFAULT_INDEX  # an index that was named must be there
    here = settings.catalogue_url or (settings.index / "catalogue.sqlite").is_file()
    on_sample = by_default and not here
    folder = SAMPLE_INDEX if on_sample else settings.index
    with Assistant.open(folder, settings, create=on_sample) as assistant:
        if on_sample:
            with index_bars() as progress:
                assistant.index([sample.articles_path()], on_progress=progress)
        assistant.warm_up()
        web.serve(
            assistant,
            host=settings.host,
            port=settings.port,
            sample=on_sample,
            examples=sample.EXAMPLES if on_sample else (),
        )


@app.command()
def doctor(
    index: IndexOption = None,
    endpoint: Annotated[bool, typer.Option(help="ask the endpoint one thing too")] = False,
) -> None:
    """Check models, store, endpoint and versions; say what to do."""
    from assistant.doctor import examine

    failed = False
    for check in examine(_settings(index), ask_endpoint=endpoint):
        failed |= not check.ok
        say(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.says}")
    if failed:
        raise typer.Exit(1)


@articles_app.command("list")
def list_articles(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """List every article, newest first."""
    with _opened(index) as assistant:
        articles = assistant.articles()
        links = assistant.links()
    if as_json:
        of: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            of[link.article_id].append(link)
            of[link.original_id].append(link)
        say(json.dumps([article_dict(article, of[article.id]) for article in articles], indent=2))
        return
    for article in articles:
        day = article.published.isoformat() if article.published else "undated   "
        say(f"{day}  {article.id}  {article.source}  {article.title}")
    note(counted(len(articles), "article"))


@articles_app.command("show")
def show_article(
    article_id: str,
    revision: Annotated[str | None, typer.Option(help="an older revision")] = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print one article as it is stored: the text that offsets refer to."""
    with _opened(index) as assistant:
        article = assistant.article(article_id, revision)
        links = assistant.links(article_id)
    if as_json:
        fields = article_dict(article, links)
        say(json.dumps(fields | {"text": article.text}, ensure_ascii=False, indent=2))
        return
    for line in article_lines(article, links):
        say(line)
    say(f"\n{article.text}")


@articles_app.command("remove")
def remove_articles(article_ids: list[str], index: IndexOption = None) -> None:
    """Remove articles from the index; their files stay where they are."""
    with _opened(index) as assistant:
        removed = assistant.remove(article_ids)
    missing = [article_id for article_id in article_ids if article_id not in removed]
    note(f"{len(removed)} removed")
    if missing:
        raise UsageError(
            f"not in this library: {', '.join(missing)}; `assistant articles list` shows what is"
        )


@articles_app.command("export")
def export(
    out: Annotated[Path, typer.Argument(help="JSONL file to write")], index: IndexOption = None
) -> None:
    """Write every article, one a line, as `assistant index` reads them."""
    with _opened(index) as assistant:
        note(f"{counted(assistant.export(out), 'article')} written to {out}")


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(help="file to write, .tar.gz")],
    index: IndexOption = None,
    embeddings: Annotated[
        bool, typer.Option(help="keep the embeddings too, so that none is made again")
    ] = True,
) -> None:
    """Keep an index in one file; others may read and write it meanwhile."""
    from assistant.library import back_up, engines_of

    settings = _settings(index)
    engines = engines_of(settings, settings.index)
    back_up(settings.index, out, embeddings=embeddings, engines=engines)
    note(f"{settings.index} kept in {out}")


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="file that `assistant backup` wrote")],
    index: IndexOption = None,
) -> None:
    """Make an index of a backup, in a folder where there is nothing yet."""
    from assistant.library import engines_of, restore

    settings = _settings(index)
    restore(backup, settings.index, engines_of(settings, settings.index))
    _rebuild(settings, as_json=False)


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
        message, code = "interrupted; what was committed stays", 130
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


def _settings(
    index: Path | None,
    writer: str | None = None,
    *,
    host: str | None = None,
    port: int | None = None,
) -> Settings:
    if writer not in (None, "quote", "openai"):
        raise UsageError(f"no writer {writer!r}: choose quote or openai")
    return load_settings(index=index, writer=writer, host=host, port=port)


@contextmanager
def _planning(settings: Settings) -> Iterator[Assistant]:
    """Open the index, or none where it is still to be made."""
    from assistant.pipeline import Assistant

    try:
        opened = Assistant.open(settings.index, settings)
    except IndexNotFoundError:
        opened = Assistant.open(None, settings)
    with opened as assistant:
        yield assistant


@contextmanager
def _opened(index: Path | None) -> Iterator[Assistant]:
    from assistant.pipeline import Assistant

    settings = _settings(index)
    with Assistant.open(settings.index, settings) as assistant:
        yield assistant


@contextmanager
def _open_for(cases: Sequence[EvalCase], settings: Settings) -> Iterator[Assistant]:
    """Open the index that the cases need: none where every case brings its own articles."""
    from assistant.pipeline import Assistant

    closed = all(case.articles is not None for case in cases)
    try:
        opened = Assistant.open(settings.index, settings)
    except IndexNotFoundError:
        if not closed:
            raise
        opened = Assistant.open(None, settings)
    with opened as assistant:
        yield assistant
