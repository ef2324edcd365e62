"""Other systems that are asked: a Dateline server, a chat endpoint, a plain text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import sample
from assistant.cli import main
from assistant.errors import UsageError
from assistant.evaluation import evaluate, http_target, load_cases, text_answer
from assistant.evaluation.lines import line_of, result_of
from assistant.evaluation.page import render
from assistant.pipeline import Assistant
from assistant.types import Article, EvalCase, GoldQuote, Turn
from tests.fake_endpoint import (
    FakeEndpoint,
    Request,
    Step,
    drips,
    echoes_headers,
    fails,
    hangs,
    says,
    sends,
)
from tests.served import api_app, served

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment")

TOKEN = "hidden-token-123"
CASE = EvalCase(
    "c1",
    "Who holds the dam?",
    "single",
    True,
    answers=(("rebels",),),
    evidence=((GoldQuote("dam", "Rebels hold the dam"),),),
)


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    with FakeEndpoint() as started:
        yield started


def asked_once(endpoint: FakeEndpoint, *steps: Step, case: EvalCase = CASE, **given: Any) -> Any:
    """The one result of a chat endpoint that takes these steps."""
    endpoint.script(*steps)
    with http_target(endpoint.url, model="m", **given) as target:
        return evaluate([case], target.ask, article_text=target.article_text).results[0]


def message(**more: Any) -> Step:
    """A reply whose message has further fields."""
    said = {"role": "assistant", "content": "Rebels hold the dam [1].", **more}
    body = {"choices": [{"index": 0, "message": said}]}
    return sends(json.dumps(body).encode(), "application/json")


# A Dateline server


def test_a_server_answers_as_the_library_itself(assistant: Assistant) -> None:
    cases = load_cases(sample.questions_path())
    cases = [*cases[:2], next(case for case in cases if case.history)]
    with served(api_app(assistant)) as url, http_target(url) as target:
        report = evaluate(cases, target.ask, article_text=target.article_text, workers=2)
    from assistant.evaluating import answering

    own = evaluate(cases, answering(assistant, {}))
    assert [r.error for r in report.results] == [None] * 3
    for theirs, ours in zip(report.results, own.results, strict=True):
        assert theirs.answer is not None and ours.answer is not None
        for key in ("text", "citations", "standalone_question", "confidence"):
            assert theirs.answer[key] == ours.answer[key]
    assert report.metrics["verbatim"].value == 1
    assert report.metrics["verbatim"].n > 0


def test_a_server_s_citation_that_is_not_verbatim_is_found(assistant: Assistant) -> None:
    with served(api_app(assistant)) as url, http_target(url) as target:

        def bent(case: EvalCase) -> dict[str, Any]:
            answer = dict(target.ask(case))
            answer["citations"] = [{**c, "start": c["start"] + 1} for c in answer["citations"]]
            return answer

        case = load_cases(sample.questions_path())[0]
        report = evaluate([case], bent, article_text=target.article_text)
    assert report.metrics["verbatim"].value == 0


def test_filters_go_to_the_server_and_its_refusal_is_one_line(assistant: Assistant) -> None:
    case = load_cases(sample.questions_path())[0]
    narrowed = {"region": "Atlantis"}
    with served(api_app(assistant)) as url, http_target(url, filters=narrowed) as target:
        (result,) = evaluate([case], target.ask).results
    assert result.error is not None
    assert "refused (400): no region 'Atlantis'" in result.error


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"not json",
        b'{"text": "Rebels."}',
        b"[" * 100_000,
        b'{"text": "x", "standalone_question": "x", "writer": "quote", "abstained": false,'
        b'"abstention_reason": null, "confidence": NaN, "dropped": 0, "statements": [],'
        b'"citations": [], "evidence": []}',
    ],
)
def test_what_is_no_answer_fails_its_case_alone(endpoint: FakeEndpoint, body: bytes) -> None:
    endpoint.script(sends(body, "application/json"))
    with http_target(endpoint.url.removesuffix("/v1")) as target:
        (result,) = evaluate([CASE], target.ask).results
    assert result.answer is None
    assert result.error and "\n" not in result.error
    assert result.error.startswith("127.0.0.1:")


# A chat endpoint


def test_a_chat_is_sent_the_history_and_the_question_alone(endpoint: FakeEndpoint) -> None:
    case = EvalCase("c", "And now?", "t", True, history=(Turn("Who holds it?", "They do."),))
    result = asked_once(endpoint, says("Rebels."), case=case, token=TOKEN)
    (request,) = endpoint.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.body == {
        "model": "m",
        "messages": [
            {"role": "user", "content": "Who holds it?"},
            {"role": "assistant", "content": "They do."},
            {"role": "user", "content": "And now?"},
        ],
    }
    assert result.answer["text"] == "Rebels."
    assert result.answer["confidence"] is None
    assert result.checks.tokens_in > 0


def test_passages_and_quotes_of_a_chat_count(endpoint: FakeEndpoint) -> None:
    result = asked_once(
        endpoint,
        message(
            citations=["https://example.org", {"quote": "Rebels hold the dam.", "title": "Dam"}],
            passages=["Nothing.", {"text": "Rebels hold the dam.", "article_id": "dam"}, 3],
        ),
    )
    assert result.checks.verdict == "right"
    assert result.checks.gold_ranks == (2,)
    assert result.checks.article_ranks == (2,)
    assert result.checks.quoted == (True,)
    assert result.checks.cited == (True,)
    assert result.checks.verbatim == (), "no article can be looked up"
    page = render(evaluate([CASE], lambda _: result.answer))
    assert "<mark>Rebels hold the dam</mark>." in page
    assert result_of(line_of(result)) == result


def test_a_bare_text_has_no_citation_and_none_is_made_up(endpoint: FakeEndpoint) -> None:
    result = asked_once(endpoint, says("Rebels hold it [1]."))
    assert result.answer["citations"] == []
    assert result.checks.cited == (False,)
    assert result.checks.gold_ranks == (None,)


@pytest.mark.parametrize(
    ("text", "abstained"),
    [
        ("", True),
        ("I don’t know. The dam is large.", True),
        ("INSUFFICIENT INFORMATION", True),
        ("Rebels hold it. I do not know since when.", False),
        ("Nobody knows nothing.", False),
    ],
)
def test_an_abstention_is_told_by_its_words(
    endpoint: FakeEndpoint, text: str, abstained: bool
) -> None:
    assert asked_once(endpoint, message(content=text)).checks.abstained is abstained


def test_the_words_of_an_abstention_can_be_given(endpoint: FakeEndpoint) -> None:
    given: dict[str, Any] = {"abstentions": ("pass",)}
    assert asked_once(endpoint, says("Pass."), **given).checks.abstained is True
    assert asked_once(endpoint, says("I don't know."), **given).checks.abstained is False


def test_a_chat_of_dateline_is_scored_by_its_whole_answer(assistant: Assistant) -> None:
    case = load_cases(sample.questions_path())[0]
    with (
        served(api_app(assistant)) as url,
        http_target(f"{url}/v1", model="dateline") as target,
    ):
        (result,) = evaluate([case], target.ask).results
    assert result.answer is not None
    assert result.answer["writer"] == "quote"
    assert result.answer["confidence"] == assistant.ask(case.question).confidence


# What fails


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (hangs(20), "did not reply within 3 s"),
        (drips(20), "did not reply within 3 s"),
        (fails(401, "bad key"), "refused (401): bad key; set DATELINE_TARGET_TOKEN"),
        (fails(404, "no such model"), "refused (404): no such model"),
        (fails(500, "line\nand line"), "refused (500): line and line"),
        (sends(b"<html>", "text/html"), "sent no JSON"),
        (sends(b'{"choices": []}', "application/json"), "sent no chat completion"),
        (sends(b'{"choices": [{"message": []}]}', "application/json"), "sent no chat completion"),
    ],
)
def test_a_failure_is_one_line_and_the_rest_goes_on(
    endpoint: FakeEndpoint, step: Step, words: str
) -> None:
    endpoint.script(step, says("Rebels."))
    other = EvalCase("c2", "Who?", "single", True, answers=(("rebels",),))
    with http_target(endpoint.url, model="m", timeout=3) as target:
        first, second = evaluate([CASE, other], target.ask).results
    assert first.error is not None and words in first.error
    assert "\n" not in first.error
    assert second.checks.verdict == "right"


def test_nobody_there_is_one_line(endpoint: FakeEndpoint) -> None:
    url = endpoint.url
    endpoint.stop()
    with http_target(url, model="m", timeout=2) as target:
        (result,) = evaluate([CASE], target.ask).results
    assert result.error is not None and "cannot be reached" in result.error


def test_what_is_busy_is_asked_again(endpoint: FakeEndpoint) -> None:
    busy = fails(429, "slow down", retry_after=0)
    assert asked_once(endpoint, busy, busy, says("Rebels.")).checks.verdict == "right"
    assert len(endpoint.requests) == 3
    result = asked_once(endpoint, busy)
    assert result.error is not None and "refused (429): slow down" in result.error
    assert len(endpoint.requests) == 6


def test_a_token_is_in_no_error(endpoint: FakeEndpoint) -> None:
    result = asked_once(endpoint, echoes_headers(400), token=TOKEN)
    assert result.error is not None and "refused (400)" in result.error
    assert TOKEN not in line_of(result)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense", "ftp://127.0.0.1/", "http://", "http://[::1", "http://127.0.0.1:x/v1",
        "http://user:hidden@127.0.0.1/v1", "http://hidden@127.0.0.1/v1",
        "http://127.0.0.1/v1?key=hidden", "http://127.0.0.1/v1#hidden",
    ],
)  # fmt: skip
def test_an_address_that_is_none_or_holds_a_key_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as raised:
        http_target(url, model="m")
    assert "hidden" not in str(raised.value)


def test_a_chat_needs_a_model_and_takes_no_filters() -> None:
    with pytest.raises(UsageError, match="--model"):
        http_target("http://127.0.0.1:1/v1")
    with pytest.raises(UsageError, match="region"):
        http_target("http://127.0.0.1:1/v1", model="m", filters={"region": "Corvay"})


# A peer's pipeline in Python


def test_a_peer_s_texts_and_passages_are_scored() -> None:
    def pipeline(question: str) -> tuple[str, list[str]]:
        return "Rebels hold it.", ["Rebels hold the dam."]

    def ask(case: EvalCase) -> dict[str, Any]:
        text, passages = pipeline(case.question)
        return text_answer(case.question, text, passages)

    report = evaluate([CASE], ask)
    assert report.metrics["right"].value == 1
    assert report.metrics["hit_rate@1"].value == 1
    assert report.metrics["verbatim"].n == 0
    assert "Rebels hold it." in render(report)


def test_offsets_of_a_peer_are_checked_where_it_gives_them() -> None:
    closed = EvalCase("c", "Who?", "t", True, articles=(Article("dam", "Rebels hold the dam."),))
    quote = {"quote": "Rebels", "article_id": "dam", "start": 0, "end": 6}

    def verbatim(**change: Any) -> tuple[bool, ...]:
        answer = text_answer("Who?", "Rebels [1].", citations=[{**quote, **change}])
        return evaluate([closed], lambda _: answer).results[0].checks.verbatim

    assert verbatim() == (True,)
    assert verbatim(end=7) == (False,)
    assert verbatim(start=None) == (), "without offsets there is nothing to look at"


# The command line


def written(folder: Path) -> str:
    """Everything in a folder's files."""
    return "\n".join(
        path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file()
    )


def test_the_command_asks_another_system_and_its_record_says_which(
    endpoint: FakeEndpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def reply(request: Request) -> str:
        return "I don't know." if "dam" in request.body["messages"][-1]["content"] else "Rebels."

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATELINE_TARGET_TOKEN", TOKEN)
    endpoint.script(says(reply))
    path = tmp_path / "q.jsonl"
    case = {"id": "a", "question": "Who?", "type": "t", "answerable": True, "answers": [["rebels"]]}
    none = {"id": "b", "question": "Whose dam?", "type": "t", "answerable": False}
    path.write_text(f"{json.dumps(case)}\n{json.dumps(none)}\n")
    common = ["evaluate", str(path), "--url", endpoint.url, "--model", "m-1", "--runs", "kept"]
    code = main([*common, "--workers", "2", "--out", "out"])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert endpoint.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    (record,) = (json.loads(p.read_text()) for p in Path("kept").glob("*/run.json"))
    assert record["workers"] == 2
    made, host = record["made_by"], endpoint.url.split("/")[2]
    assert (made["target"]["host"], made["target"]["model"]) == (host, "m-1")
    assert "insufficient information" in made["target"]["abstains with"]
    assert made["command"] == f"assistant evaluate q.jsonl --url={host} --model=m-1"
    report = json.loads(Path("out/report.json").read_text())
    assert report["metrics"]["right"]["value"] == 1
    assert report["about"]["model"] == "m-1"
    assert TOKEN not in written(tmp_path) + said.out + said.err
    assert not (tmp_path / "indexes").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "m"], "--model: without --url"),
        (["--url", "http://127.0.0.1:1", "--writer", "quote"], "--writer: the system at --url"),
        (["--abstains-with", "x", "--timeout", "3"], "--timeout, --abstains-with: without --url"),
        (["--resume"], "no runs are kept here"),
        (["--url", "http://127.0.0.1:1/v1"], "add --model NAME"),
        (["--url", "http://k:hidden@127.0.0.1:1"], "DATELINE_TARGET_TOKEN"),
        (["--url", "http://127.0.0.1:1", "--no-keep", "--resume"], "--resume: the run is not kept"),
        (["--url", "http://127.0.0.1:1"], "1 of 1 cases bring articles of their own"),
    ],
)
def test_what_does_not_fit_together_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    case = {"id": "a", "question": "Who?", "type": "t", "answerable": True}
    own = {**case, "articles": [{"id": "x", "text": "They do."}]}
    Path("q.jsonl").write_text(json.dumps(own) + "\n")
    assert main(["evaluate", "q.jsonl", *arguments]) == 2
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
    assert "hidden" not in err
