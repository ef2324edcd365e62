"""What happens when a reader looks, opens, adds or removes: gradio's events, answered.

What comes with an event comes from the browser and is trusted for nothing: who may add and remove
is asked of the door each time, and files are taken from where uploads lie, and from nowhere else.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from anyio import sleep

from assistant.access import Scope, caller_of, door_of
from assistant.access.callers import MAY_NOT
from assistant.articles.files import printable
from assistant.errors import ArticleNotFoundError, DatelineError
from assistant.indexing.paths import actual_path
from assistant.types import Article
from assistant.web.library import render
from assistant.web.library.counted import Counted
from assistant.web.library.looking import ON_A_PAGE, View, view_of
from assistant.web.library.plot import overview
from assistant.web.library.run import Upload
from assistant.web.library.runs import Runs

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

TICK, STEADY = 0.4, 2.0
"""Seconds between two looks at what is coming in, and after which the page hears of it anyway."""

MOST_FILES, MOST_ADDRESSES, MOST_REMOVED = 5_000, 1_000, 1_000
NAMED = 5
"""Articles whose titles stand in the question whether to remove them."""

NOTHING = "choose a file or paste an address first"
LOST = "the files did not arrive; choose them again"
GONE = "this article is no longer in the library; look again"


class Desk:
    """The event handlers over one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._runs = Runs(assistant)
        self._counted = Counted(assistant)
        self._serials = count(1)

    # Looking

    def arrive(self, request: gr.Request) -> tuple[str, str, str, str, str]:
        """The page as its address has it: adding, runs, list, overview, article."""
        view, may = view_of(dict(request.query_params)), _may(request)
        rows, over, held = self._looked(view, may, 0)
        add = render.render_add(may=may, empty=not held, limit=door_of(request).max_upload)
        article = self._article(view, may) if view.article else render.render_nothing_open()
        return add, self._shown_runs(may), rows, over, article

    def seek(self, request: gr.Request) -> str:
        """The search as the address has it."""
        return self._found(view_of(dict(request.query_params)))

    def look(self, event: gr.EventData, request: gr.Request) -> tuple[str, str, Any]:
        """The list and the overview of what is looked for; after a change the search, too."""
        view = view_of(event._data if isinstance(event._data, dict) else {})
        rows, over, _ = self._looked(view, _may(request), _of(event, "serial"))
        return rows, over, self._found(view) if _of(event, "changed") is True else gr.skip()

    def _looked(self, view: View, may: bool, serial: object) -> tuple[str, str, int]:
        try:
            held = self._assistant.manifest()
            counts = self._counted.counts(view.look, held.generation)
            rows = self._assistant.listed(view.look, (view.page - 1) * ON_A_PAGE, ON_A_PAGE)
        except DatelineError as error:
            return render.render_error(str(error), serial=serial), "", 1
        over, whole = overview(counts, view), held.articles
        listed = render.render_list(rows, view, over.held, may=may, serial=serial, whole=whole)
        return listed, render.render_overview(over, view, whole), whole

    def _found(self, view: View) -> str:
        try:
            choices = self._counted.choices()
        except DatelineError:
            choices = render.Choices()  # the list says what is wrong
        return render.render_find(view, choices)

    def open(self, event: gr.EventData, request: gr.Request) -> str:
        """An article; nothing where none is named."""
        view = view_of(event._data if isinstance(event._data, dict) else {})
        if not view.article:
            return render.render_nothing_open()
        return self._article(view, _may(request))

    def _article(self, view: View, may: bool) -> str:
        serial = next(self._serials)
        try:
            article = self._assistant.article(view.article)
            file = self._assistant.file_of(article.id)
            shown = self._shown_file(file, may)
            opened = render.Opened(article, shown, self._relatives(article), view)
        except DatelineError as error:
            gone = isinstance(error, ArticleNotFoundError)
            return render.render_error(GONE if gone else str(error), serial=serial)
        return render.render_article(opened, may=may, serial=serial)

    def _shown_file(self, stored: str, may: bool) -> str:
        """A file as it is shown: of those that the index keeps, the path below its folder.

        Who may only ask learns its name, and nothing of the server's folders.
        """
        if not stored:
            return ""
        path, own = actual_path(stored), self._assistant.fetched_folder.resolve().parent
        if not may:
            return printable(path.name)
        return printable(str(path.relative_to(own) if path.is_relative_to(own) else path))

    def _relatives(self, article: Article) -> list[render.Relative]:
        found = []
        for link in self._assistant.links(article.id):
            other = link.original_id if link.article_id == article.id else link.article_id
            found.append(render.Relative(self._assistant.article(other), link))
        return found

    # Removing

    def doubt(self, event: gr.EventData, request: gr.Request) -> str:
        """Ask whether to remove articles, and say what it comes to."""
        serial = next(self._serials)
        if not _may(request):
            return render.render_error(MAY_NOT, serial=serial)
        try:
            removal = self._assistant.plan_removal(_ids(event))
            if not removal.article_ids:
                return render.render_error(GONE, serial=serial)
            first = [self._assistant.article(each) for each in removal.article_ids[:NAMED]]
        except DatelineError as error:
            return render.render_error(str(error), serial=serial)
        return render.render_doubt(first, removal, serial=serial)

    def remove(self, event: gr.EventData, request: gr.Request) -> str:
        """Remove articles."""
        serial = next(self._serials)
        if not _may(request):
            return render.render_error(MAY_NOT, serial=serial)
        try:
            removed = self._assistant.discard(_ids(event))
        except DatelineError as error:
            return render.render_error(str(error), serial=serial)
        return render.render_removed(len(removed.article_ids), serial=serial)

    # Adding

    def add(self, event: gr.EventData, request: gr.Request) -> str:
        """Begin to take in files that were uploaded, and pages by their addresses."""
        if not _may(request):
            return render.render_error(MAY_NOT)
        uploads, addresses = self._uploads(_of(event, "files")), _addresses(_of(event, "addresses"))
        if not uploads and not addresses:
            problem = LOST if _of(event, "files") else NOTHING
            return render.render_error(problem) + self._shown_runs(True)
        self._runs.add(uploads, addresses, feeds=_of(event, "feeds") is True)
        return self._shown_runs(True)

    def _uploads(self, value: object) -> list[Upload]:
        """The files of an event, taken from where gradio put them to a folder of their own each."""
        files = value if isinstance(value, list) else []
        found = []
        for each in files[:MOST_FILES]:
            named = each if isinstance(each, dict) else {}
            path, name = named.get("path"), named.get("name")
            if isinstance(path, str) and isinstance(name, str):
                taken = _taken(path, lambda: self._incoming)
                found += [Upload(taken, name)] if taken else []
        return found

    @cached_property
    def _incoming(self) -> str:
        """Where files wait that a run is to take in; gone when the server ends."""
        folder = tempfile.mkdtemp(prefix="taken-", dir=gr.utils.get_upload_folder())
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return folder

    async def follow(self, request: gr.Request) -> AsyncIterator[str]:
        """What comes in, again and again until all of it is in."""
        if not _may(request):
            yield render.render_error(MAY_NOT)
            return
        shown, since = "", 0.0
        while True:
            active = self._runs.active()
            now = self._shown_runs(True)
            since += TICK
            if now != shown or since >= STEADY or not active:
                yield now
                shown, since = now, 0.0
            if not active:
                return
            await sleep(TICK)

    def stop(self, event: gr.EventData, request: gr.Request) -> str:
        """End a run early."""
        return self._changed(request, self._runs.stop, event)

    def again(self, event: gr.EventData, request: gr.Request) -> str:
        """Try a run that failed once more."""
        return self._changed(request, self._runs.again, event)

    def dismiss(self, event: gr.EventData, request: gr.Request) -> str:
        """Show a run that has ended no longer."""
        return self._changed(request, self._runs.dismiss, event)

    def _changed(
        self, request: gr.Request, change: Callable[[object], None], event: gr.EventData
    ) -> str:
        if not _may(request):
            return render.render_error(MAY_NOT)
        change(_of(event, "run"))
        return self._shown_runs(True)

    def _shown_runs(self, may: bool) -> str:
        return render.render_runs(self._runs.shown()) if may else ""


def _may(request: gr.Request) -> bool:
    return caller_of(request).may(Scope.MANAGE)


def _of(event: gr.EventData, name: str) -> object:
    """What an event says under a name; None where it says nothing."""
    return event._data.get(name) if isinstance(event._data, dict) else None


def _strings(value: object, most: int) -> list[str]:
    values = value if isinstance(value, list) else []
    return [each for each in values[:most] if isinstance(each, str)]


def _ids(event: gr.EventData) -> list[str]:
    return list(dict.fromkeys(_strings(_of(event, "ids"), MOST_REMOVED)))


def _addresses(value: object) -> list[str]:
    """One a line, without empty lines and comments."""
    lines = value.splitlines()[:MOST_ADDRESSES] if isinstance(value, str) else []
    named = (line.strip() for line in lines)
    return list(dict.fromkeys(line for line in named if line and not line.startswith("#")))


def _taken(path: str, into: Callable[[], str]) -> Path | None:
    """A file that was uploaded, where it is now; None for any other file, and for none."""
    folder = Path(gr.utils.get_upload_folder()).resolve()
    try:
        file = Path(path).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):
        return None
    if not file.is_file() or not file.is_relative_to(folder):
        return None
    own = Path(tempfile.mkdtemp(dir=into()))
    try:
        os.replace(file, own / "file")  # noqa: PTH105  # pathlib's goes by another name
    except OSError:  # another page took it just now
        own.rmdir()
        return None
    return own / "file"
