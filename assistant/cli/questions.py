"""`assistant questions draft | list | accept | drop | edit | check | export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import IndexOption, JsonOption, WriterOption, opened, settings_of
from assistant.console import counted, note, say

if TYPE_CHECKING:
    from assistant.drafting import Draft, Drafts, State

questions_app = typer.Typer(
    help="Make a question set of one's own: propose questions, look at them, export them."
)

FileOption = Annotated[
    Path | None, typer.Option("--file", help="file of drafts (default: below the index)")
]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="a draft, as `list` names it")]


@questions_app.command("draft")
def draft_questions(
    count: Annotated[int, typer.Option(min=1, max=1000, help="questions at most")] = 40,
    seed: Annotated[int, typer.Option(help="another number, other articles")] = 0,
    feedback: Annotated[
        bool, typer.Option("--feedback", help="from what was rated in the chat, instead")
    ] = False,
    user: Annotated[str, typer.Option(help="whose chats (with --feedback)")] = "",
    writer: WriterOption = None,
    known: Annotated[
        list[Path] | None, typer.Option(help="question files whose questions are not wanted again")
    ] = None,
    file: FileOption = None,
    index: IndexOption = None,
) -> None:
    """Propose questions with their gold quotes, and some that the library cannot answer.

    By rules; with --writer openai the configured model writes those that have an answer.
    """
    from assistant.drafting.library import add_new, add_proposed
    from assistant.evaluation import load_cases

    asked = [case.question for path in known or () for case in load_cases(path)]
    settings = settings_of(index, writer)
    drafts = _drafts(file, settings.index)
    with opened(settings) as assistant:
        if feedback:
            added = add_new(assistant, drafts, _of_chats(settings.index, user), asked)
        else:
            added = add_proposed(assistant, drafts, count, seed=seed, known=asked)
    note(f"{counted(added, 'question')} proposed in {drafts.path}; look at them: questions list")


@questions_app.command("list")
def list_drafts(
    state: Annotated[
        str | None, typer.Option(help="only those: proposed, accepted or dropped")
    ] = None,
    file: FileOption = None,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the drafts with their answers, quotes and flags."""
    found = [
        draft
        for draft in _drafts(file, settings_of(index).index).all()
        if state in (None, draft.state)
    ]
    if as_json:
        say(json.dumps([draft.to_dict() for draft in found], indent=2))
        return
    for draft in found:
        say(f"{draft.id}  {draft.state}  {draft.question}")
        for part in draft.answers:
            say(f"    {' or '.join(part)}")
        for article_id, quote in draft.quotes:
            say(f"    {article_id}: “{' '.join(quote.split())}”")
        for flag in draft.flags:
            say(f"    ! {flag}")
    note(counted(len(found), "draft"))


@questions_app.command("accept")
def accept_drafts(
    ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    file: FileOption = None,
    index: IndexOption = None,
) -> None:
    """Accept drafts: they go into the question file that `export` writes."""
    _decide(ids, "accepted", file, index)


@questions_app.command("drop")
def drop_drafts(
    ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    file: FileOption = None,
    index: IndexOption = None,
) -> None:
    """Drop drafts: they stay in the file, so that they are not proposed again."""
    _decide(ids, "dropped", file, index)


@questions_app.command("edit")
def edit_draft(
    draft_id: IdArgument,
    question: Annotated[str | None, typer.Option(help="the question, written anew")] = None,
    answer: Annotated[
        list[str] | None,
        typer.Option(help="an expected part, its spellings parted by |; once for each part"),
    ] = None,
    file: FileOption = None,
    index: IndexOption = None,
) -> None:
    """Write a draft's question or answers anew, and look at its flags again."""
    from assistant.drafting.library import look_again, parts_of

    drafts = _drafts(file, settings_of(index).index)
    values: dict[str, object] = {}
    if question is not None:
        values["question"] = " ".join(question.split())
    if answer:
        values["answers"] = parts_of(answer)
    for flag in look_again(drafts, drafts.change(draft_id, **values)).flags:
        note(flag)


@questions_app.command("check")
def check_drafts(file: FileOption = None, index: IndexOption = None) -> None:
    """Look at every draft's flags again, against the library as it is now."""
    from assistant.drafting.library import look_again

    settings = settings_of(index)
    drafts = _drafts(file, settings.index)
    with opened(settings) as assistant:
        for draft in drafts.all():
            if draft.state != "dropped":
                for flag in look_again(drafts, draft, assistant).flags:
                    say(f"{draft.id}: {flag}")


@questions_app.command("export")
def export_questions(
    out: Annotated[Path, typer.Argument(help="question file to write, .jsonl")],
    file: FileOption = None,
    index: IndexOption = None,
) -> None:
    """Write the accepted drafts as a question file for `assistant evaluate`."""
    cases = _drafts(file, settings_of(index).index).export(out)
    note(f"{counted(cases, 'question')} written to {out}")


def _decide(ids: list[str], state: State, file: Path | None, index: Path | None) -> None:
    drafts = _drafts(file, settings_of(index).index)
    for draft_id in ids:
        drafts.change(draft_id, state=state)
    note(f"{counted(len(ids), 'draft')} {state}")


def _drafts(file: Path | None, index: Path) -> Drafts:
    from assistant.drafting import Drafts
    from assistant.drafting.library import DRAFTS

    return Drafts(file or index / DRAFTS)


def _of_chats(index: Path, user: str) -> list[Draft]:
    from assistant.chats import Chats, feedback_cases
    from assistant.drafting import from_feedback

    with Chats.open(index, settings_of(index)) as chats:
        found = feedback_cases(chats.rated(user))
    return from_feedback([*found.cases, *found.apart])
