"""The files of a report, the page and the table."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import evaluation_helpers as on
import pytest
from rich.console import Console

from assistant.errors import EndpointError, UsageError
from assistant.evaluation import EvalReport, evaluate, table, write_report
from assistant.evaluation.page import render, segments
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
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
    assert not parsed.tags & {"script", "img", "iframe", "object", "embed", "form", "svg", "link"}
    assert not {name for name in parsed.attributes if name.startswith("on")}
    assert all(link.startswith("#") for link in parsed.links)
    assert POISON in "".join(parsed.words)
    assert "{{ 7*7 }}" in page
    assert "default-src 'none'" in page


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
    assert "articles" not in row
    assert (tmp_path / "report.html").exists()


def printed(report: EvalReport) -> str:
    console = Console(width=120, file=StringIO())
    console.print(table(report))
    return console.file.getvalue()  # type: ignore[attr-defined]


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
