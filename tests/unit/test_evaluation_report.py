"""The files of a report, the page and the table."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import evaluation_helpers as on
import pytest
from rich.console import Console

from assistant.errors import EndpointError, UsageError
from assistant.evaluation import EvalReport, evaluate, table, write_report
from assistant.evaluation.page import LONG, SCRIPT, render, segments
from assistant.evaluation.plots import BOTTOM, LEFT, RIGHT, TOP, reliability_plot, risk_plot
from assistant.evaluation.spread import LEFT as FROM
from assistant.evaluation.spread import RIGHT as TO
from assistant.evaluation.spread import TimeRow, TypeRow, times_plot, types_plot
from assistant.types import Article, EvalCase, GoldQuote, Turn

POISON = '</p><script>document.title="run"</script><img src=x onerror=alert(1)>"\'{{ 7*7 }}'


class Seen(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.ids: set[str] = set()
        self.plots: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self.ids.update(value or "" for name, value in attrs if name == "id")
        self.plots += [dict(attrs)] if tag == "svg" else []
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(page: str) -> Seen:
    parser = Seen()
    parser.feed(page)
    parser.close()
    return parser


def full_report() -> EvalReport:
    def ask(case: EvalCase) -> dict[str, Any]:
        if case.id == "failed":
            raise EndpointError("the endpoint is busy; try later")
        if case.id == "wrong":
            return on.answer("The mayor denied it.")
        return on.abstention() if case.id in ("abstained", "right-2") else on.answer()

    cases = [
        on.case(id="right-1"),
        on.unanswerable(id="right-2"),
        on.case(id="wrong", type="status", status="denied"),
        on.case(id="abstained", history=(Turn("And before?", "The mayor's men."),)),
        on.case(id="failed"),
        on.unanswerable(id="answered"),
        on.case(id="unjudged", answers=(("Yes",),)),
    ]
    return evaluate(
        cases, ask, article_text=lambda article_id, revision: on.TEXT, about={"questions": "q"}
    )


def test_the_three_files_are_written(tmp_path: Path) -> None:
    report = full_report()
    page = write_report(report, tmp_path / "deep" / "out")
    assert page == tmp_path / "deep" / "out" / "report.html"
    data = json.loads((page.parent / "report.json").read_text(encoding="utf-8"))
    assert data == report.to_dict()
    lines = (page.parent / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["id"] for row in rows] == [result.case.id for result in report.results]
    assert rows[0]["answer"] == on.answer()
    assert rows[0]["checks"]["verdict"] == "right"
    assert rows[4]["answer"] is None
    assert rows[4]["error"] == "the endpoint is busy; try later"


def test_a_second_report_replaces_the_first(tmp_path: Path) -> None:
    write_report(full_report(), tmp_path)
    write_report(evaluate([on.case()], lambda case: on.answer()), tmp_path)
    assert json.loads((tmp_path / "report.json").read_text())["counts"]["cases"] == 1
    assert len((tmp_path / "answers.jsonl").read_text().splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write the report"):
        write_report(full_report(), tmp_path / "file")


def test_the_page_lists_each_failure_with_what_was_wanted_and_given() -> None:
    words = " ".join(" ".join(seen(render(full_report())).words).split())
    for heading in (
        "Without the expected words (1)",
        "Should have abstained (1)",
        "Should have answered (1)",
        "Failed (1)",
        "Not judged (1)",
        "Right (2)",
    ):
        assert heading in words
    assert "The mayor denied it." in words
    assert "the endpoint is busy; try later" in words
    assert "or RCA" in words
    assert "Earlier: And before? — The mayor's men." in words
    assert "status: denied" in words
    assert "none quoted: lost in answering" in words
    assert "not verbatim" not in words
    assert "rank 1" in words


def test_a_citation_that_is_not_verbatim_is_said_aloud() -> None:
    report = evaluate([on.case()], lambda case: on.answer(), article_text=lambda *_: "other")
    words = " ".join(seen(render(report)).words)
    assert "Citations that are not verbatim" in words
    assert "not verbatim" in words


def test_a_gold_sentence_that_retrieval_missed_is_told() -> None:
    case = on.case(evidence=((GoldQuote("marrat", "no such words"),),))
    page = render(evaluate([case], lambda case: on.abstention()))
    assert "lost in retrieval" in page


def poisoned_report() -> EvalReport:
    """Poison wherever words of a case, an article or a model can stand."""
    case = on.case(
        id=POISON,
        question=POISON,
        type=POISON,
        answers=((POISON, POISON),),
        evidence=((GoldQuote(POISON, POISON), GoldQuote(POISON, "alert(1)")),),
        history=(Turn(POISON, POISON),),
        note=POISON,
        status="denied",
        extra={POISON: True},
    )
    names = {key: POISON for key in ("article_id", "title", "source", "publisher")}
    answer = on.answer(
        POISON,
        text=POISON,
        citations=[on.citation(POISON, url='javascript:alert("1")', **names)],
        evidence=[{**on.passage(1, POISON, POISON), "score_kind": POISON}],
        writer=POISON,
        model=POISON,
    )
    refused = on.abstention(text="", abstention_reason=POISON)
    cases = [case, on.case(extra={POISON: False}), on.case(id="c2")]

    def ask(asked: EvalCase) -> dict[str, Any]:
        if asked.id == "c2":
            raise EndpointError(POISON)
        return answer if asked is case else refused

    return evaluate(cases, ask, lambda *_: None, lambda *_: POISON, {POISON: POISON})


def test_poisoned_words_are_shown_and_never_markup() -> None:
    page = render(poisoned_report())
    parsed = seen(page)
    assert not parsed.tags & {"img", "iframe", "object", "embed", "form", "link"}
    assert [plot["role"] for plot in parsed.plots] == ["img"] * 4
    assert not {name for name in parsed.attributes if name.startswith("on")}
    assert all(link.startswith("#") for link in parsed.links)
    assert POISON in "".join(parsed.words)
    assert "{{ 7*7 }}" in page
    assert "default-src 'none'" in page


def test_the_page_s_own_script_is_the_only_one_and_the_policy_names_it() -> None:
    page = render(poisoned_report())
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert script == SCRIPT
    assert page.count("<script") == 1
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy == [
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    ]


def test_only_web_addresses_become_links() -> None:
    answer = on.answer(citations=[on.citation(url='https://example.org/?a=1&b="><b>')])
    links = seen(render(evaluate([on.case()], lambda case: answer))).links
    assert [link for link in links if not link.startswith("#")] == [
        'https://example.org/?a=1&b="><b>'
    ]


def test_the_page_reaches_for_nothing_elsewhere() -> None:
    page = render(full_report())
    assert "@import" not in page
    assert "url(" not in page
    assert "src=" not in page


def test_words_that_utf8_cannot_hold_are_written(tmp_path: Path) -> None:
    report = evaluate([on.case(question="\ud800?")], lambda case: on.answer())
    page = write_report(report, tmp_path)
    (line,) = (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["question"] == "\ud800?"
    assert page.read_text(encoding="utf-8")


def test_a_case_with_articles_of_its_own_is_written(tmp_path: Path) -> None:
    closed = on.case(articles=(Article("marrat", on.TEXT),))
    write_report(evaluate([closed], lambda case: on.answer()), tmp_path)
    row = json.loads((tmp_path / "answers.jsonl").read_text(encoding="utf-8"))
    assert [each["text"] for each in row["articles"]] == [
        on.TEXT
    ]  # its citations are read from them
    assert (tmp_path / "report.html").exists()


def printed(report: EvalReport) -> str:
    console = Console(width=120, file=StringIO())
    console.print(table(report))
    return console.file.getvalue()


def test_the_table_has_the_figures_that_apply() -> None:
    words = printed(full_report())
    assert "33.3 %" in words
    assert "2 of 6" in words
    assert "Report date agrees" not in words
    assert "Latency: wall" in words


def test_the_table_takes_a_type_as_words() -> None:
    report = evaluate([on.case(type="[bold]x[/nope]")], lambda case: on.answer())
    assert "Right: [bold]x[/nope]" in printed(report)


def test_overlapping_quotes_are_marked_once() -> None:
    assert segments("abcdef", ["bcd", "cde", "zz"]) == [
        ("a", False), ("bcd", True), ("e", True), ("f", False),
    ]  # fmt: skip


def sure_report(outcomes: list[tuple[str, float]], threshold: float | None = None) -> EvalReport:
    """Cases that end so, each with its confidence."""
    cases, answers = [], {}
    for number, (verdict, confidence) in enumerate(outcomes):
        make = on.unanswerable if verdict in ("answered", "due") else on.case
        cases.append(make(id=f"c{number}"))
        silent = verdict in ("due", "withheld")
        quote = "The mayor denied it." if verdict == "wrong" else on.HOLDS
        answers[f"c{number}"] = (
            on.abstention(confidence=confidence)
            if silent
            else on.answer(quote, confidence=confidence)
        )
    return evaluate(cases, lambda case: answers[case.id], threshold=threshold)


MIXED = [("right", 0.75), ("wrong", 0.75), ("withheld", 0.5), ("due", 0.25)]


def test_the_risk_plot_lies_where_the_figures_are() -> None:
    report = sure_report(MIXED, threshold=0.6)
    plot = risk_plot(report, report.metrics)
    assert plot is not None
    across, height = RIGHT - LEFT, BOTTOM - TOP
    half = (LEFT + across / 2, BOTTOM - height / 2)
    assert list(plot.line) == [half]
    assert list(plot.most) == [
        half,
        (LEFT + across * 3 / 4, BOTTOM - height * 2 / 3),
        (RIGHT, BOTTOM - height * 3 / 4),
    ]
    assert list(plot.least) == [
        half,
        (LEFT + across * 3 / 4, BOTTOM - height / 3),
        (RIGHT, BOTTOM - height / 2),
    ]
    assert plot.all == BOTTOM - height * 3 / 4
    assert (plot.run, plot.withheld) == (half, 1)
    assert plot.mark is not None
    assert (plot.mark.x, plot.mark.label) == (half[0], "threshold 0.60")
    # The band goes along all points and back, and holds the line.
    lows, highs = plot.band[:3], plot.band[:2:-1]
    assert [x for x, _ in lows] == [x for x, _ in highs]
    assert all(high[1] < low[1] for low, high in zip(lows, highs, strict=True))
    assert highs[0][1] < half[1] < lows[0][1]
    assert all(LEFT <= x <= RIGHT and TOP <= y <= BOTTOM for x, y in plot.band)


def test_a_curve_of_known_answers_is_one_line() -> None:
    report = sure_report([("right", 0.9), ("wrong", 0.8), ("answered", 0.7)])
    plot = risk_plot(report, report.metrics)
    assert plot is not None
    assert len(plot.line) == 3
    assert not plot.most and not plot.least and not plot.between
    assert plot.mark is not None and plot.mark.label == "this run"
    assert plot.mark.to_left, "no word runs over the right edge"


def test_the_table_beside_a_curve_goes_by_tenths() -> None:
    report = sure_report([("right", 1 - place / 100) for place in range(50)])
    plot = risk_plot(report, report.metrics)
    assert plot is not None
    assert [row.answered for row in plot.rows] == list(range(5, 51, 5))


def test_the_reliability_plot_lies_where_the_bins_are() -> None:
    plot = reliability_plot(sure_report(MIXED, threshold=0.6))
    assert plot is not None
    low, high = plot.dots
    assert low.x == pytest.approx(LEFT + (RIGHT - LEFT) * 0.375)
    assert high.x == pytest.approx(LEFT + (RIGHT - LEFT) * 0.75)
    assert (low.y, high.y) == ((TOP + BOTTOM) / 2, TOP)
    assert all(dot.high <= dot.y <= dot.low for dot in plot.dots), "y grows downwards"
    assert len(plot.with_answer) == 3
    assert list(plot.without) == [LEFT + (RIGHT - LEFT) / 4]
    assert plot.mark is not None
    assert plot.mark.label == "threshold 0.60"


def test_without_a_threshold_the_lowest_answered_confidence_is_marked() -> None:
    plot = reliability_plot(sure_report(MIXED))
    assert plot is not None and plot.mark is not None
    assert plot.mark.label == "answered from 0.75"
    silent = reliability_plot(sure_report([("due", 0.2), ("withheld", 0.3)]))
    assert silent is not None and silent.mark is None


@pytest.mark.parametrize("outcomes", [[], [("right", 0.5)], [("right", 0.5), ("due", 0.5)]])
def test_one_confidence_makes_no_plot(outcomes: list[tuple[str, float]]) -> None:
    report = sure_report(outcomes)
    assert risk_plot(report, report.metrics) is None
    assert reliability_plot(report) is None
    assert not {"risk-title", "reliability-title"} & seen(render(report)).ids


def test_the_page_draws_both_plots_and_says_them_in_words() -> None:
    parsed = seen(render(sure_report(MIXED, threshold=0.6)))
    assert [plot["aria-labelledby"] for plot in parsed.plots] == [
        "risk-title",
        "reliability-title",
        "times-title",
    ]
    for plot in parsed.plots:
        assert {plot["aria-labelledby"], plot["aria-describedby"]} <= parsed.ids
    words = " ".join(" ".join(parsed.words).split())
    assert "answered 2 of 4 cases, and 1 of 2 answers were not right" in words
    assert "1 answers were withheld" not in words
    assert "An answer was withheld" in words
    assert "Mean risk (AURC): at most 0.604" in words
    assert "% of the cases answered, the surest first" in words
    assert words.count("threshold 0.60") == 2
    assert "Each dot stands for 2 cases" in words
    whole = " ".join(seen(render(sure_report([("right", 0.9), ("wrong", 0.8)]))).words)
    assert "withheld" not in whole.split("Figures")[0]
    assert "at most" not in " ".join(whole.split("Figures")[0].split())


def test_the_table_has_the_figures_of_the_confidence() -> None:
    words = printed(full_report())
    for title in ("(coverage)", "(risk)", "(AURC)", "(E-AURC)", "(AUC)", "(Brier)", "(ECE)"):
        assert title in words


def test_times_lie_on_a_scale_of_powers_of_ten() -> None:
    plot = times_plot({"wall": [1.0, 10.0, 100.0], "rewrite": [0.0, 0.001, 1.0]})
    assert plot is not None
    assert [tick.label for tick in plot.ticks] == ["0.1 ms", "1 ms", "10", "100"]
    wall, rewrite = plot.rows
    assert isinstance(wall, TimeRow) and isinstance(rewrite, TimeRow)
    assert wall.median == pytest.approx(FROM + (TO - FROM) * 2 / 3, abs=0.01)
    assert wall.said == "10 ms, 91 ms"
    assert rewrite.median == FROM, "what is shorter than the scale stands at its edge"
    for row in (wall, rewrite):
        assert all(FROM <= x <= TO + 0.01 and y <= row.y for x, y in row.hill)
        assert row.hill[0][1] == row.hill[-1][1] == row.y
    assert times_plot({}) is None
    assert times_plot({"wall": [0.0]}) is None


def test_types_have_their_share_and_its_interval() -> None:
    cases = [on.case(id="c1", type="a"), on.case(id="c2", type="a"), on.unanswerable(type="b" * 40)]
    report = evaluate(cases, lambda case: on.answer() if case.id != "c2" else on.abstention())
    plot = types_plot(report)
    assert plot is not None
    one, other = plot.rows
    assert isinstance(one, TypeRow) and isinstance(other, TypeRow)
    assert (one.name, one.said, one.x) == ("a", "1 of 2", (FROM + TO) / 2)
    assert one.low < one.x < one.high
    assert (other.said, other.x, len(other.name)) == ("0 of 1", FROM, 16)
    assert types_plot(evaluate(cases[:2], lambda case: on.answer())) is None


def test_each_case_tells_how_it_came_about() -> None:
    told = on.answer(
        standalone_question="Who holds the bridge at Marrat now?",
        dropped=2,
        evidence=[on.passage(1, "Nothing.", "other"), on.passage(2)],
    )
    words = " ".join(" ".join(seen(render(evaluate([on.case()], lambda _: told))).words).split())
    assert "understood as Who holds the bridge at Marrat now?" in words
    assert "dropped 2 for want of support" in words
    assert "retrieve 2 ms" in words
    assert "confidence 0.900" in words
    assert words.index("other , bm25 1.000") < words.index("marrat , bm25 0.500 gold sentence")


def test_a_long_report_folds_and_leaves_out_what_is_right() -> None:
    cases = [on.case(id=f"c{number}") for number in range(LONG + 1)]
    page = render(evaluate(cases, lambda _: on.answer()))
    assert "Nearest passages" not in page
    assert "answers.jsonl has them" in page
    assert '<details class="ending">' in page
    short = render(evaluate(cases[:3], lambda _: on.answer()))
    assert short.count("Nearest passages (1 of 1)") == 3


def test_an_answer_without_a_confidence_has_none_made_up() -> None:
    report = evaluate([on.case(), on.unanswerable()], lambda _: on.answer(confidence=None))
    assert [result.checks.confidence for result in report.results] == [None, None]
    assert report.metrics["right"].k == 1
    for name in ("brier", "ece", "aurc", "auc_confidence"):
        assert report.metrics[name].value is None
    assert "confidence" not in " ".join(seen(render(report)).words).split("The cases")[1]
