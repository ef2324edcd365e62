"""The page Evaluation without a browser: what is shown to whom, and that data stays data."""

from __future__ import annotations

import asyncio
import doctest
import json
import re
import threading
import time
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from evaluation_helpers import TEXT, abstention, answer, case, unanswerable
from markupsafe import escape

from assistant.access import Door
from assistant.access.callers import LOCAL, Caller, Scope
from assistant.access.rules import rule_of
from assistant.errors import ArticleNotFoundError, CaseError, EndpointError, UsageError
from assistant.evaluation import Run, Runs, compare, evaluate, text_answer
from assistant.evaluation.compared import row
from assistant.evaluation.figures import Figure, share
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.page import SCRIPT_HASH
from assistant.settings import load_settings
from assistant.types import Answer, Article, EvalCase
from assistant.web.evaluation import cells, compared, handlers, questions, starting, trend, view
from assistant.web.evaluation.handlers import Evaluation
from assistant.web.evaluation.report import report_routes

NASTY = "</h4><script>alert(1)</script><img src=x onerror='x'> \"q\" & {{ value }} ${value} \u202e"
READER = Caller("reader", frozenset({Scope.ASK}))
ARTICLE = Article("marrat", TEXT, title="The bridge", source="Coast Herald")
CASES = [
    case(),
    unanswerable(),
    case(id="c3", question="Who was wounded?", answers=(("four engineers", "4 engineers"),)),
    case(id="c4", question="Is the mayor sure?", answers=(("yes",),)),
    case(id="c5", question="Who swam?"),
]


def ask(asked: EvalCase) -> dict[str, Any]:
    if asked.id == "c5":
        raise EndpointError("the endpoint is away; start it")
    return abstention() if asked.id == "u1" else answer()


@dataclass
class Library:
    """As much of an assistant as the page needs."""

    folder: Path
    settings: Any = field(default_factory=load_settings)

    def article(self, article_id: str, revision: str | None = None) -> Article:
        if article_id != ARTICLE.id or revision not in (None, ARTICLE.revision):
            raise ArticleNotFoundError(f"no article {article_id!r} in this library")
        return ARTICLE


def keep(folder: Path, cases: list[EvalCase] = CASES, answering: Any = ask, **made: Any) -> Run:
    made_by = {
        "questions": {"name": "q.jsonl", "digest": "d1"},
        "articles": {"digest": "a1"},
        "filters": {},
        "settings": {"writer": "quote"},
        **made,
    }
    keeping = Runs(folder / "runs").begin("q.jsonl", len(cases), made_by)
    report = evaluate(cases, answering, on_result=keeping.add)
    run = keeping.finish(report)
    return run


def request(caller: Caller = LOCAL, query: str = "") -> Any:
    state = {"caller": caller, "door": Door.of(load_settings())}
    return SimpleNamespace(
        request=SimpleNamespace(scope={"state": state}),
        query_params=query,
        session_hash="window",
        cookies={},
    )


def start(page: Evaluation, caller: Caller = LOCAL, **data: Any) -> str:
    return asyncio.run(page.start(event(**data), request(caller)))


def event(**data: Any) -> Any:
    return gr.EventData(None, data)


@pytest.fixture
def page(tmp_path: Path) -> Evaluation:
    questions: Any = None  # nothing is asked
    return Evaluation(Library(tmp_path), questions)


def shown(page: Evaluation, query: str = "", caller: Caller = LOCAL) -> str:
    return page.go(event(address=query), request(caller))[0]


class Tags(HTMLParser):
    """Collects the tags and the attributes of a markup."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def test_doctests() -> None:
    for module in (view, cells, trend):
        found = doctest.testmod(module)
        assert found.failed == 0


# The address


def test_an_address_gives_its_view_again() -> None:
    asked = view.View("q & a.jsonl", ("brier", "mrr@10"), "20260101-000000-abcd", "é?", "all", 3)
    expected = asked._replace(figures=("brier", "mrr@10"))
    assert view.view_of(view.address(asked).partition("?")[2]) == expected
    assert view.view_of("") == view.View()


@pytest.mark.parametrize(
    "query",
    ["page=-1&ended=nope&figure=nope", "page=١", "figure=" + "x" * 9000, "%ff=%ff&=&&", "page=0"],
)
def test_an_odd_address_gives_the_usual_view(query: str) -> None:
    assert view.view_of(query) == view.View()


def test_at_most_six_figures_are_taken() -> None:
    query = "&".join(f"figure={metric.name}" for metric in view.OFFERED)
    assert len(view.view_of(query).figures) == view.MOST


# The plot


def figures(**values: float | None) -> dict[str, Figure]:
    made = {metric.name: Figure(None, 0) for metric in METRICS}
    return {**made, **{name: Figure(value, 4) for name, value in values.items()}}


def test_a_plot_needs_two_runs_and_leaves_gaps() -> None:
    right = METRICS[0]
    assert trend.trend([right], [figures(right=0.5)], [1]) is None
    runs = [figures(right=v) for v in (0.25, 0.5, None, 1.0, 1.5)]
    plot = trend.trend([right], runs, [1, 1, 2, 2, 2])
    assert plot is not None
    (line,) = plot.lines
    assert [dot.run for dot in line.dots] == [0, 1, 3, 4]
    assert [len(stretch) for stretch in line.stretches] == [2, 2]
    assert line.dots[0].y == 75
    assert line.dots[-1].y == 0  # not beyond the drawing
    assert plot.breaks == [38.25]


def test_one_figure_alone_has_its_interval() -> None:
    right, completed = METRICS[:2]
    runs = [
        {**figures(completed=1), "right": share([True, False, True])},
        {**figures(completed=1), "right": share([True, True, True])},
    ]
    alone = trend.trend([right], runs, [1, 1])
    both = trend.trend([right, completed], runs, [1, 1])
    assert alone is not None
    assert both is not None
    assert len(alone.lines[0].band) == 4
    assert both.lines[0].band == []


def test_of_many_runs_the_newest_are_drawn() -> None:
    plot = trend.trend([METRICS[0]], [figures(right=0.5)] * 57, [1] * 57)
    assert plot is not None
    assert (plot.runs, plot.left_out) == (trend.MOST_RUNS, 17)
    assert len(plot.days) <= 7


# What is shown


def test_who_has_no_run_is_told_the_command(page: Evaluation, tmp_path: Path) -> None:
    told = shown(page)
    assert "No run is kept yet" in told
    assert f"assistant evaluate QUESTIONS.jsonl --index {tmp_path}" in told
    assert str(tmp_path) not in shown(page, caller=READER)


def test_the_overview_tells_what_changed_and_how_figures_moved(
    page: Evaluation, tmp_path: Path
) -> None:
    keep(tmp_path, answering=lambda c: abstention())
    keep(tmp_path, settings={"writer": "openai", "model": "m-1"})
    told = shown(page)
    assert "First run" in told
    assert re.search(r"<bdi>writer</bdi>.*<bdi>quote</bdi>.*<bdi>openai</bdi>", told)
    assert "openai m-1" in told
    assert "less than the run before" in told or "more than the run before" in told
    assert told.index("openai m-1") < told.index("First run")  # newest first


def test_figures_over_other_questions_are_not_held_against_each_other(
    page: Evaluation, tmp_path: Path
) -> None:
    keep(tmp_path, answering=lambda c: abstention())
    keep(tmp_path, questions={"name": "q.jsonl", "digest": "d2"})
    told = shown(page)
    assert "than the run before" not in told
    assert "questions, articles or filters changed there" in told


def test_a_damaged_run_is_shown_as_damaged_beside_the_others(
    page: Evaluation, tmp_path: Path
) -> None:
    keep(tmp_path)
    for name, text in (("run.json", "{"), ("report.json", "[]")):
        (keep(tmp_path).folder / name).write_text(text)
    told = shown(page)
    assert told.count("is damaged") == 2
    assert told.count('scope="row"') == 1


def test_a_run_whose_answers_are_damaged_shows_its_figures(
    page: Evaluation, tmp_path: Path
) -> None:
    run = keep(tmp_path)
    (run.folder / "answers.jsonl").write_text("{}\n")
    told = shown(page, f"run={run.id}")
    assert "How the questions ended" in told
    assert "answers.jsonl, line 1" in told
    assert 'class="ev-case ' not in told
    assert "is damaged" in shown(page, f"run={run.id}&case=c1")
    assert "is damaged" in start(page, run=run.id)


def test_a_run_that_is_not_whole_has_no_figures(page: Evaluation, tmp_path: Path) -> None:
    keeping = Runs(tmp_path / "runs").begin("q.jsonl", 5, {})
    keeping.note("stopped")
    assert "Stopped: 0 of 5 questions asked" in shown(page)
    assert "is not whole" in shown(page, f"run={keeping.run.id}")


def test_a_run_lists_its_failures_with_gold_answer_quotes_and_why(
    page: Evaluation, tmp_path: Path
) -> None:
    run = keep(tmp_path)
    told = shown(page, f"run={run.id}")
    assert "Who was wounded?" in told
    assert "four engineers" in told
    assert "Missing: <bdi>four engineers</bdi>" in told
    assert "Gold sentences: 1 of 1 among the first 10 passages" in told
    assert "1 quote</summary>" in told
    assert "the endpoint is away; start it" in told
    assert "Is the mayor sure?" not in told
    assert "Is the mayor sure?" in shown(page, f"run={run.id}&ended=unjudged")
    assert "./?q=Who+was+wounded%3F" in told
    every = shown(page, f"run={run.id}&ended=all")
    assert every.count('class="ev-case ') == 5


def test_more_cases_are_listed_when_asked_for(page: Evaluation, tmp_path: Path) -> None:
    many = [case(id=f"c{n}", answers=(("nobody at all",),)) for n in range(45)]
    run = keep(tmp_path, many)
    first = shown(page, f"run={run.id}")
    assert first.count('class="ev-case ') == 20
    assert "20 of 45 are shown" in first
    last = shown(page, f"run={run.id}&page=3")
    assert last.count('class="ev-case ') == 45
    assert "are shown" not in last


def test_a_failure_is_asked_again_with_its_filters(page: Evaluation, tmp_path: Path) -> None:
    filters = {"since": "2021-03-01", "source": "Coast Herald", "tag": "war & peace", "odd": 3}
    run = keep(tmp_path, filters=filters)
    told = shown(page, f"run={run.id}")
    assert (
        "./?q=Who+was+wounded%3F&amp;since=2021-03-01&amp;outlet=Coast+Herald&amp;tag=war+%26+peace"
        in told
    )


def test_the_answer_as_it_was_can_be_read_with_its_sources(
    page: Evaluation, tmp_path: Path
) -> None:
    run = keep(tmp_path)
    where = f"run={run.id}&case=c3"
    told = shown(page, where)
    assert "Reported 2 March 2021 by Coast Herald" in told
    assert 'data-kind="citation"' in told
    assert 'rel="next"' in told
    opened = page.open(event(address=where, kind="citation", turn=3, number=1), request())
    assert "<mark>Fighters of the Red Coast Army hold the bridge at Marrat.</mark>" in opened
    gold = page.open(event(address=where, kind="gold", turn=0, number=0), request())
    assert "<mark>the Red Coast Army hold the bridge</mark>" in gold
    for odd in ({"turn": 9, "number": 9}, {"turn": -1, "number": 0}, {"turn": "0", "number": None}):
        for kind in ("gold", "citation", "evidence", "else"):
            told = page.open(event(address=where, kind=kind, **odd), request())
            assert str(escape(handlers.UNQUOTED)) in told


def test_a_passage_of_an_abstention_is_opened_as_no_answer(
    page: Evaluation, tmp_path: Path
) -> None:
    run = keep(tmp_path, [case()], lambda c: abstention())
    where = f"run={run.id}&case=c1"
    assert "Not in the library" in shown(page, where)
    opened = page.open(event(address=where, kind="evidence", turn=1, number=1), request())
    assert "Nearest passage" in opened
    assert "dl-not-answer" in opened


def test_a_closed_case_is_read_from_its_own_articles(page: Evaluation, tmp_path: Path) -> None:
    own = replace(ARTICLE, id="elsewhere")
    run = keep(
        tmp_path,
        [case(articles=(own,), answers=(("nobody",),))],
        lambda c: answer(
            citations=[{**answer()["citations"][0], "article_id": "elsewhere"}], evidence=[]
        ),
    )
    where = f"run={run.id}&case=c1"
    told = shown(page, where)
    assert "articles of its own" in told
    assert "Ask it now" not in told
    opened = page.open(event(address=where, kind="citation", turn=1, number=1), request())
    assert "<mark>Fighters of the Red Coast Army" in opened


def test_an_article_that_is_gone_or_changed_is_told(page: Evaluation, tmp_path: Path) -> None:
    gone = {**answer()["citations"][0], "article_id": "gone"}
    run = keep(tmp_path, [case()], lambda c: answer(citations=[gone]))
    where = f"run={run.id}&case=c1"
    told = page.open(event(address=where, kind="citation", turn=1, number=1), request())
    assert "no article" in told


# Who may see what


def test_who_may_only_ask_sees_figures_and_no_case(page: Evaluation, tmp_path: Path) -> None:
    run = keep(tmp_path)
    assert "Right" in shown(page, "", READER)
    told = shown(page, f"run={run.id}&ended=all", READER)
    assert "How the questions ended" in told
    for secret in ("Who was wounded?", "four engineers", "Red Coast Army", "data-delete", "Report"):
        assert secret not in told, secret
    assert handlers.MAY_NOT_READ in shown(page, f"run={run.id}&case=c3", READER)
    opened = page.open(
        event(address=f"run={run.id}&case=c3", kind="gold", turn=0, number=0), request(READER)
    )
    assert handlers.MAY_NOT_READ in opened


def test_who_may_only_ask_deletes_and_starts_nothing(page: Evaluation, tmp_path: Path) -> None:
    run = keep(tmp_path)
    assert "manage" in page.delete(event(run=run.id, address=""), request(READER))
    assert run.folder.is_dir()
    assert start(page, READER, run=run.id).strip() == ""
    assert page.stop(request(READER)).strip() == ""
    assert page._starter.now is None


def test_a_run_is_deleted(page: Evaluation, tmp_path: Path) -> None:
    run, other = keep(tmp_path), keep(tmp_path)
    told = page.delete(event(run=run.id, address=f"run={run.id}"), request())
    assert not run.folder.exists()
    assert other.id in told
    assert other.id in page.delete(event(run="../..", address=""), request())
    assert tmp_path.is_dir()


# Starting


def test_one_run_at_a_time_and_it_can_be_stopped(
    page: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, free = threading.Event(), threading.Event()

    def slowly(assistant: Any, cases: Any, name: str, **more: Any) -> None:
        more["on_progress"](0, len(cases), cases[0].question)
        going.set()
        free.wait(60)
        more["on_progress"](1, len(cases), cases[1].question)

    monkeypatch.setattr(starting, "run_evaluation", slowly)
    monkeypatch.setattr(Library, "warm_up", lambda self: None, raising=False)
    run = keep(tmp_path)
    assert "0 of 5" in start(page, run=run.id)
    assert going.wait(60)
    assert "Running <bdi>q.jsonl</bdi>" in start(page, run=run.id)
    assert "is being asked: wait" in start(page, run=run.id)
    with pytest.raises(UsageError, match="is being asked"):
        page._starter.start(questions.Asked("x", CASES), Runs(tmp_path), None, None)
    assert "Stopping" in page.stop(request())
    free.set()
    for _ in range(1500):
        if page._starter.now is None:
            break
        time.sleep(0.02)
    shown_now, started = page.poll(event(address=""), request())
    assert "was stopped" in started
    assert "q.jsonl" in shown_now


def test_a_question_file_that_is_none_is_told(page: Evaluation) -> None:
    told = start(page, run="", name="C:\\mine\\q.jsonl", text="no json")
    assert "q.jsonl, line 1: not JSON" in told
    assert "C:" not in told
    assert "no question file is chosen" in start(page, run="")
    with pytest.raises(CaseError, match="assistant evaluate"):
        questions.questions_in("big.jsonl", "x" * (questions.LARGEST + 1))


def test_the_sample_brings_its_questions(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    assert questions.known_files(runs, sample=False) == []
    (known,) = questions.known_files(runs, sample=True)
    asked = questions.questions_of(known.run, runs)
    assert (asked.questions, len(asked.cases)) == (known.questions, known.cases)


# Poison


def poisoned(tmp_path: Path) -> Run:
    nasty = answer(text=NASTY, model=NASTY)
    nasty["statements"] = [
        {**nasty["statements"][0], "text": NASTY, "body": NASTY, "attributed_to": NASTY}
    ]
    nasty["citations"] = [
        {**nasty["citations"][0], "quote": NASTY, "title": NASTY, "url": "javascript:alert(1)"}
    ]
    bad = case(id=NASTY, question=NASTY, type=NASTY, answers=((NASTY, NASTY),), note=NASTY)
    run = keep(
        tmp_path,
        [bad, case(id="c2", question="q?", type=NASTY, answers=(("z",),))],
        lambda c: nasty if c.id == NASTY else answer(),
        settings={"writer": NASTY, NASTY: NASTY},
        filters={"source": NASTY},
    )
    record = json.loads((run.folder / "run.json").read_text())
    record["questions"] = NASTY
    (run.folder / "run.json").write_text(json.dumps(record))
    return run


def test_poisoned_records_are_shown_as_text(page: Evaluation, tmp_path: Path) -> None:
    run = poisoned(tmp_path)
    poisoned(tmp_path)
    name = view.address(view.View(run=run.id, case=NASTY)).partition("?")[2]
    for query in ("", f"run={run.id}&ended=all", name):
        told = shown(page, query)
        found = Tags(told)
        assert not {"script", "img", "iframe"} & set(found.tags), query
        assert found.handlers == []
        assert all(a.startswith(("./", "#")) for a in found.addresses), found.addresses
        assert "&lt;script&gt;" in told
    started = start(page, READER, run=run.id, name=NASTY)
    assert "script" not in Tags(started).tags
    told = start(page, run="", name=NASTY, text=NASTY)
    assert "script" not in Tags(told).tags


@pytest.mark.parametrize(
    "change",
    [
        {"answer": {}},
        {"answer": {**answer(), "statements": "<script>"}},
        {"answer": {**answer(), "evidence": [{"passage_id": NASTY}]}},
    ],
)
def test_an_answer_that_is_none_is_told_as_damaged(
    page: Evaluation, tmp_path: Path, change: dict[str, Any]
) -> None:
    run = keep(tmp_path)
    path = run.folder / "answers.jsonl"
    lines = path.read_text("utf-8").splitlines()
    lines[2] = json.dumps({**json.loads(lines[2]), **change})
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert "record is damaged" in shown(page, f"run={run.id}")
    assert "record is damaged" in shown(page, f"run={run.id}&case=c3")


def test_the_text_of_another_system_is_shown_as_it_is(page: Evaluation, tmp_path: Path) -> None:
    said = text_answer("Who swam?", f"Nobody swam. {NASTY}")
    run = keep(tmp_path, [case()], lambda c: said)
    for where in (f"run={run.id}", f"run={run.id}&case=c1"):
        seen = shown(page, where)
        assert "record is damaged" not in seen
        assert NASTY not in seen
    assert "Nobody swam." in shown(page, f"run={run.id}&case=c1")


@pytest.mark.parametrize(("start", "end"), [(-5, 10**12), (10**12, 10**12 + 1), (9, 3), (-9, -3)])
def test_a_quote_with_odd_offsets_opens_its_article_all_the_same(
    page: Evaluation, tmp_path: Path, start: int, end: int
) -> None:
    odd = {**answer()["citations"][0], "start": start, "end": end}
    run = keep(tmp_path, [case()], lambda c: answer(citations=[odd]))
    where = f"run={run.id}&case=c1"
    assert 'data-kind="citation"' in shown(page, where)
    opened = page.open(event(address=where, kind="citation", turn=1, number=1), request())
    assert "The bridge" in opened


@pytest.mark.parametrize(
    "made_by",
    [{}, {"settings": []}, {"settings": {"writer": ["x"]}}, {"filters": "x"}, {"a": {"b": {}}}],
)
def test_an_odd_record_of_what_made_a_run_is_borne(
    page: Evaluation, tmp_path: Path, made_by: dict[str, Any]
) -> None:
    run = keep(tmp_path)
    keep(tmp_path)
    record = json.loads((run.folder / "run.json").read_text())
    record["made_by"] = made_by
    (run.folder / "run.json").write_text(json.dumps(record))
    assert 'data-view="runs"' in shown(page)
    assert 'data-view="run"' in shown(page, f"run={run.id}")


def test_a_defect_is_told_in_one_line(page: Evaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(handlers, "overview", broken)
    assert str(escape(handlers.FAILED)) in shown(page)


def test_what_the_helpers_make_is_an_answer() -> None:
    assert Answer.from_dict(answer()).to_dict()["text"] == answer()["text"]


def test_of_many_runs_the_table_shows_the_newest(
    page: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.web.evaluation.overview.A_PAGE", 2)
    for _ in range(3):
        keep(tmp_path, [case()])
    assert shown(page).count('scope="row"') == 2
    assert "2 of 3 are shown" in shown(page)
    assert shown(page, "page=2").count('scope="row"') == 3


# The report as a page


def test_a_report_is_for_managers_and_runs_its_own_script_alone(
    page: Evaluation, tmp_path: Path
) -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    assert rule_of("GET", "/evaluation/report/x") is not None
    assert rule_of("GET", "/evaluation/report/x").need is Scope.MANAGE
    run, damaged = keep(tmp_path), keep(tmp_path)
    (damaged.folder / "report.html").unlink()
    (run.folder / "report.html").write_text(f"<script>{NASTY}</script>")
    client = TestClient(Starlette(routes=report_routes(Library(tmp_path))))
    answered = client.get(f"/evaluation/report/{run.id}")
    assert answered.status_code == 200
    policy = answered.headers["content-security-policy"]
    assert policy.startswith(f"sandbox allow-scripts allow-popups; script-src '{SCRIPT_HASH}'; ")
    assert "default-src 'none'; connect-src 'none'" in policy
    assert "allow-same-origin" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    for run_id in (damaged.id, "20200101-000000-0000", "..%2f..%2fetc%2fpasswd"):
        assert client.get(f"/evaluation/report/{run_id}").status_code == 404


# Runs beside each other


def two(tmp_path: Path) -> tuple[Run, Run]:
    """Two runs, of which the later one abstains where the first was right."""
    typed = [replace(each, type="numbers") if each.id == "c3" else each for each in CASES]
    one = keep(tmp_path, typed, settings={"writer": "quote", "passages": 10})
    two = keep(
        tmp_path, typed, lambda c: abstention() if c.id == "c1" else ask(c),
        settings={"writer": "quote", "passages": 20},
    )  # fmt: skip
    return one, two


def beside(*runs: Run) -> str:
    return view.address(view.View(compare=tuple(run.id for run in runs))).partition("?")[2]


def test_runs_are_chosen_in_the_table_and_set_beside_each_other(
    page: Evaluation, tmp_path: Path
) -> None:
    one = keep(tmp_path)
    assert 'name="compare"' not in shown(page), "there is nothing to compare it with"
    one, two_ = two(tmp_path)
    table = shown(page)
    assert table.count('type="checkbox" name="compare"') == 3
    told = shown(page, beside(one, two_))
    assert 'data-view="compared"' in told
    assert "5 questions that both asked" in told
    assert "<bdi>passages</bdi>" in told, "what was changed"
    (expected,) = [
        each
        for each in compare(one.results(), two_.results()).differences
        if each.name == "answered_answerable"
    ]
    for value in (row(expected).before, row(expected).after, row(expected).interval):
        assert value in told
    assert "Right before, and no more (1)" in told
    assert "Right now, and not before" not in told, "of that there is none"
    assert "abstained" in told
    assert "By type of question" in told
    assert view.address(view.View(run=one.id, case="c1", ended="all")).replace("&", "&amp;") in told
    turned = shown(page, beside(two_, one))
    assert "Right now, and not before (1)" in turned
    told = shown(page, beside(one, keep(tmp_path)))
    assert "4 questions that both asked; 1 left out" in told, "one is of another type"
    told = shown(page, beside(keep(tmp_path), keep(tmp_path)))
    assert "Every figure is equal" in told
    assert "No question ended otherwise" in told


def test_what_cannot_be_compared_is_one_line_on_the_page(page: Evaluation, tmp_path: Path) -> None:
    one, two_ = two(tmp_path)
    other = keep(tmp_path, [case(id="z", question="Another?")])
    assert "no question in common" in shown(page, beside(one, other))
    assert escape(compared.FEW) in shown(page, f"compare={one.id}&compare={one.id}")
    told = shown(page, f"compare={one.id}&compare=../../etc")
    assert "Not shown:" in told
    assert "no run" in told
    assert "Right before" in shown(page, beside(one, two_))
    page.delete(event(run=two_.id, address=""), request())
    told = shown(page, beside(one, two_))
    assert f"no run {two_.id!r}" in told.replace("&#39;", "'")
    assert "Right before" not in told


def test_who_may_only_ask_sees_differences_and_no_question(
    page: Evaluation, tmp_path: Path
) -> None:
    one, two_ = two(tmp_path)
    told = shown(page, beside(one, two_), READER)
    assert "Right before, and no more (1)" in told
    assert "95 % interval" in told
    for secret in (CASES[0].question, "Answer before", "As a page", "Red Coast"):
        assert secret not in told, secret


def test_poisoned_runs_are_compared_as_text(page: Evaluation, tmp_path: Path) -> None:
    one = poisoned(tmp_path)
    two_ = keep(
        tmp_path,
        [result.case for result in one.results()],
        lambda c: abstention(),
        settings={NASTY: "other", "writer": "quote"},
    )
    told = shown(page, beside(one, two_))
    found = Tags(told)
    assert not {"script", "img", "iframe"} & set(found.tags)
    assert found.handlers == []
    assert all(a.startswith(("./", "#")) for a in found.addresses), found.addresses
    assert "&lt;script&gt;" in told


def test_a_comparison_is_a_page_of_its_own_for_managers(tmp_path: Path) -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    assert rule_of("GET", "/evaluation/compared").need is Scope.MANAGE
    one, two_ = two(tmp_path)
    client = TestClient(Starlette(routes=report_routes(Library(tmp_path))))
    answered = client.get(f"/evaluation/compared?{beside(one, two_)}")
    assert answered.status_code == 200
    assert "Runs compared" in answered.text
    assert CASES[0].question in answered.text
    policy = answered.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups; default-src 'none'; connect-src 'none'")
    assert "script" not in policy
    for query in ("", f"compare={one.id}", f"compare={one.id}&compare=20200101-000000-0000"):
        assert client.get(f"/evaluation/compared?{query}").status_code == 404
