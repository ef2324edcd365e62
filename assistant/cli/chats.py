"""`assistant chats list | show | export | import | rename | delete | feedback`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import IndexOption, JsonOption, opened, settings_of
from assistant.console import counted, note, say
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.chats import Chat, ChatInfo, Chats

chats_app = typer.Typer(help="List, show, export and delete the chats that are kept.")

UserOption = Annotated[
    str, typer.Option("--user", help="whose chats (default: those of who needs no login)")
]
ChatArgument = Annotated[str, typer.Argument(metavar="ID", help="a chat, as `list` names it")]


@contextmanager
def _kept(index: Path | None) -> Iterator[Chats]:
    from assistant.chats import Chats

    settings = settings_of(index)
    with Chats.open(settings.index, settings) as chats:
        yield chats


@chats_app.command("list")
def list_chats(
    words: Annotated[
        list[str] | None, typer.Argument(help="only chats that have all of these words")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="chats at most")] = 50,
    user: UserOption = "",
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the chats, the one last added to first."""
    sought = " ".join(words or ())
    with _kept(index) as chats:
        found, held = chats.chats(user, sought, limit=limit), chats.count(user, sought)
    if as_json:
        say(json.dumps([_info_dict(info) for info in found], indent=2))
        return
    for info in found:
        say(f"{info.changed:%Y-%m-%d %H:%M}  {info.id}  {info.title}")
    note(counted(held, "chat") + (f", {len(found)} shown" if len(found) < held else ""))


@chats_app.command("show")
def show_chat(
    chat_id: ChatArgument,
    user: UserOption = "",
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print one chat, as Markdown or JSON."""
    from assistant.chats import to_json, to_markdown

    with _kept(index) as chats:
        chat = chats.chat(user, chat_id)
    say((to_json([chat]) if as_json else to_markdown(chat)).rstrip("\n"))


@chats_app.command("export")
def export_chats(
    out: Annotated[Path, typer.Argument(help="file to write: .json, or .md or .html for one chat")],
    chat_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="chats; without: all, as .json")
    ] = None,
    user: UserOption = "",
    index: IndexOption = None,
) -> None:
    """Write chats to a file: Markdown with footnotes, JSON, or a page to print."""
    with _kept(index) as chats:
        ids = chat_ids or [info.id for info in chats.chats(user, limit=chats.count(user))]
        text = _exported(out, [chats.chat(user, chat_id) for chat_id in ids])
    _write({out: text})
    note(f"{counted(len(ids), 'chat')} written to {out}")


@chats_app.command("import")
def import_chats(
    file: Annotated[Path, typer.Argument(help="JSON that `export` wrote", dir_okay=False)],
    user: UserOption = "",
    index: IndexOption = None,
) -> None:
    """Take chats in from a file; each quote in them is compared with the library first."""
    from assistant.chats import from_json

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text: give a file that `export` wrote") from error
    with opened(settings_of(index)) as assistant, _kept(index) as chats:
        taken = from_json(text, assistant.article)
        for chat in taken:
            chats.add(user, chat)
    note(f"{counted(len(taken), 'chat')} taken in")


@chats_app.command("rename")
def rename_chat(
    chat_id: ChatArgument, title: str, user: UserOption = "", index: IndexOption = None
) -> None:
    """Give a chat another title."""
    with _kept(index) as chats:
        chats.rename(user, chat_id, title)


@chats_app.command("delete")
def delete_chats(
    chat_ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    user: UserOption = "",
    index: IndexOption = None,
) -> None:
    """Delete chats for good."""
    wanted = list(dict.fromkeys(chat_ids))
    with _kept(index) as chats:
        deleted = chats.delete(user, wanted)
    note(f"{deleted} deleted")
    if deleted < len(wanted):
        raise UsageError(
            f"{len(wanted) - deleted} not found; `assistant chats list` shows what is kept"
        )


@chats_app.command("feedback")
def export_feedback(
    out: Annotated[Path, typer.Argument(help="JSONL question file to write")],
    user: UserOption = "",
    index: IndexOption = None,
) -> None:
    """Write what was found good as evaluation cases, and beside it what is to be looked at."""
    from assistant.chats import feedback_cases, to_lines

    with _kept(index) as chats:
        found = feedback_cases(chats.rated(user))
    apart = out.with_name(f"{out.stem}.apart{out.suffix}")
    written = ((out, found.cases, "case"), (apart, found.apart, "question"))
    _write({path: to_lines(rows) for path, rows, _ in written if rows})
    for path, rows, what in written:
        note(f"{counted(len(rows), what)}" + (f" written to {path}" if rows else ""))


def _write(texts: dict[Path, str]) -> None:
    """Write new files: none of them where one is there already."""
    from assistant.library.export import new_file

    with ExitStack() as files:
        new = {path: files.enter_context(new_file(path)) for path in texts}
        for path, text in texts.items():
            new[path].write(text.encode("utf-8"))


def _exported(out: Path, chats: list[Chat]) -> str:
    from assistant.chats import to_json, to_markdown, to_page

    if out.suffix == ".json":
        return to_json(chats)
    forms = {".md": to_markdown, ".html": to_page}
    if out.suffix not in forms:
        raise UsageError(f"{out} ends in neither .md, .json nor .html: which form is it to have?")
    if len(chats) != 1:
        raise UsageError(f"{out.suffix} holds one chat: name its id, or export to .json")
    return forms[out.suffix](chats[0])


def _info_dict(info: ChatInfo) -> dict[str, object]:
    return {
        "id": info.id,
        "title": info.title,
        "made": info.made.isoformat(),
        "changed": info.changed.isoformat(),
        "turns": info.turns,
        "imported": info.imported,
    }
