"""Every error is raised somewhere, is provoked here, and says what to do in one line."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

import assistant
from assistant import errors
from assistant.access import Gate, within
from assistant.articles.frontmatter import split_front_matter
from assistant.chats import ANYONE, Chats
from assistant.cli import main
from assistant.errors import (
    AnswerTimeoutError,
    ArticleError,
    ArticleNotFoundError,
    BusyError,
    CaseError,
    ChatError,
    ChatLimitError,
    ChatNotFoundError,
    ClusterError,
    DatelineError,
    EndpointError,
    EngineError,
    FetchError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
    ModelFileError,
    PromptError,
    RunError,
    RunNotFoundError,
    StoppingError,
    UsageError,
)
from assistant.evaluation import Runs, load_cases
from assistant.fetching.addresses import parse
from assistant.library import Engines, Library
from assistant.models import embedder_info, load_llm
from assistant.models.files import check_digests
from assistant.models.ray_embedder import RayEmbedder
from assistant.pipeline import Assistant
from assistant.prompting import load_prompt
from assistant.settings import load_settings
from assistant.types import Filters

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment")

DECLARED = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DatelineError)
]
MINILM = embedder_info(load_settings())


def _bad_cases(folder: Path) -> None:
    (folder / "q.jsonl").write_text('{"id": "a"}\n')
    load_cases(folder / "q.jsonl")


def _mismatch(folder: Path) -> None:
    Library.create(folder / "idx", MINILM).close()
    Library.open(folder / "idx", replace(MINILM, weights_digest="other"))


def _locked(folder: Path) -> None:
    one, other = (Library.create(folder / "idx", MINILM) for _ in range(2))
    with one.writing(), other.writing():
        pass


def _damaged(folder: Path) -> None:
    (folder / "catalogue.sqlite").write_text("no database " * 200)
    Library.open(folder, MINILM)


def _no_article(folder: Path) -> None:
    with Assistant.open(folder / "idx", create=True) as opened:
        opened.article("nope")


def _altered(folder: Path) -> None:
    (folder / "onnx").mkdir()
    for name in ("tokenizer.json", "onnx/model.onnx", "onnx/model.onnx_data"):
        (folder / name).write_text("other weights")
    check_digests(folder)


def _bad_prompt(folder: Path) -> None:
    load_prompt("answer").render()


def _no_cluster(folder: Path) -> None:
    with RayEmbedder(load_settings(ray="127.0.0.1:1")) as embed:
        embed(["nothing listens there"])


def _bad_chats(folder: Path) -> None:
    (folder / "chats.sqlite").write_text("no database " * 200)
    with Chats.open(folder) as chats:
        chats.new(ANYONE)


def _no_chat(folder: Path) -> None:
    with Chats.open(folder) as chats:
        chats.chat(ANYONE, "nope")


def _one_chat_too_many(folder: Path) -> None:
    with Chats.open(folder, load_settings(chats_per_user=1)) as chats:
        chats.new(ANYONE)
        chats.new(ANYONE)


def _bad_run(folder: Path) -> None:
    (folder / "20200101-000000-0000").mkdir()
    Runs(folder).run("20200101-000000-0000")


def _no_engine(folder: Path) -> None:
    library = Library.create(folder / "idx", MINILM, Engines(chroma="http://127.0.0.1:1"))
    library.search_vectors([0.0] * MINILM.dimension, 1, Filters())


def _ask(gate: Gate) -> None:
    async def ask() -> None:
        async with gate.turn("a"), gate.turn("b"):
            pass

    asyncio.run(ask())


def _stopping(folder: Path) -> None:
    gate = Gate(1, 1)
    gate.close()
    _ask(gate)


def _slow(folder: Path) -> None:
    async def answer() -> AsyncIterator[str]:
        await asyncio.sleep(60)
        yield "too late"

    async def ask() -> None:
        async for _ in within(0.01, answer()):
            pass

    asyncio.run(ask())


PROVOKED: dict[type[DatelineError], Callable[[Path], object]] = {
    UsageError: lambda folder: load_settings(writer="pen"),
    CaseError: _bad_cases,
    ArticleError: lambda folder: split_front_matter("---\nid: a\n"),
    FetchError: lambda folder: parse("ftp://news.example/a"),
    IndexNotFoundError: lambda folder: Assistant.open(folder / "none"),
    IndexMismatchError: _mismatch,
    IndexLockedError: _locked,
    IndexDamagedError: _damaged,
    ArticleNotFoundError: _no_article,
    ChatError: _bad_chats,
    ChatNotFoundError: _no_chat,
    ChatLimitError: _one_chat_too_many,
    RunError: _bad_run,
    RunNotFoundError: lambda folder: Runs(folder).run("20200101-000000-0000"),
    ModelFileError: _altered,
    EngineError: _no_engine,
    EndpointError: lambda folder: load_llm(load_settings()),
    ClusterError: _no_cluster,
    PromptError: _bad_prompt,
    BusyError: lambda folder: _ask(Gate(1, 0)),
    StoppingError: _stopping,
    AnswerTimeoutError: _slow,
}


@pytest.mark.parametrize("kind", PROVOKED, ids=lambda kind: kind.__name__)
def test_each_error_is_one_line(kind: type[DatelineError], tmp_path: Path) -> None:
    with pytest.raises(DatelineError) as caught:
        PROVOKED[kind](tmp_path)
    assert type(caught.value) is kind
    said = str(caught.value)
    assert len(said) > 15
    assert said == " ".join(said.split())
    assert not said.endswith((".", "!"))


def test_every_error_is_raised_and_provoked() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in Path(assistant.__file__).parent.rglob("*.py")
    )
    raised = {kind for kind in DECLARED if re.search(rf"raise {kind.__name__}\(", source)}
    for kind in DECLARED:  # what is never raised itself is there to be caught by
        assert kind in raised or kind.__subclasses__(), kind
    assert raised - {DatelineError} == PROVOKED.keys()


def test_the_drawn_tree_is_the_tree() -> None:
    drawn = re.findall(r"^    [│├└─ ]*(\w+Error)\b", errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(kind.__name__ for kind in DECLARED)
    depth = {"": -1}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"    ([│├└─ ]*)(\w+Error)\b", line)
        if found:
            level = len(found[1]) // 4
            above = next(name for name, d in reversed(depth.items()) if d == level - 1)
            depth[found[2]] = level
            if above:
                assert vars(errors)[found[2]].__bases__ == (vars(errors)[above],)


def test_exit_codes() -> None:
    assert DatelineError.exit_code == 1
    for kind in DECLARED:
        assert kind.exit_code == (2 if issubclass(kind, UsageError) else 1)


@pytest.mark.parametrize("kind", DECLARED, ids=lambda kind: kind.__name__)
def test_the_command_line_ends_with_the_errors_code(
    kind: type[DatelineError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **more: object) -> None:
        raise kind("it is\nbroken")

    monkeypatch.setattr(Assistant, "open", fail)
    assert main(["articles", "list"]) == kind.exit_code
    assert capsys.readouterr().err == "assistant: it is broken\n"
