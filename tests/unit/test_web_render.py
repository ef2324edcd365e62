"""The chat's markup: what is shown, and that data never becomes markup."""

from __future__ import annotations

import doctest
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chats.words import safe_url
from assistant.types import (
    Answer,
    Article,
    Citation,
    Disagreement,
    Event,
    Evidence,
    Filters,
    Passage,
    Side,
    Statement,
    Status,
    TimelineEntry,
    Timings,
)
from assistant.web import cutting, labels, render, view
from assistant.web.talk import Turn

NASTY = "</mark><script>alert(1)</script><img src=x onerror='x'> \"quoted\" & {{ value }} ${value}"
TEXT = "Snow fell on Monday.\n\nThe pass was shut by noon. Two lorries turned back.\n\nIt thawed."
QUOTE = "The pass was shut by noon."
ARTICLE = Article(
    id="pass",
    text=TEXT,
    title="Pass shut",
    source="Northern Wire",
    publisher="Atlas Digest",
    author="R. Holm",
    published=date(2021, 3, 12),
    carried_on=date(2021, 3, 13),
    region="Coast",
    url="https://wire.example/pass",
)
CITED = Citation(
    marker=1,
    article_id="pass",
    revision=ARTICLE.revision,
    passage_id="p",
    title="Pass shut",
    source="Northern Wire",
    publisher="Atlas Digest",
    published=date(2021, 3, 12),
    url="https://wire.example/pass",
    quote=QUOTE,
    start=TEXT.index(QUOTE),
    end=TEXT.index(QUOTE) + len(QUOTE),
)
STATED = Statement(
    text=f"Reported 12 March 2021 by Northern Wire (carried by Atlas Digest): “{QUOTE}” [1]",
    body=QUOTE,
    markers=(1,),
    reported_on=date(2021, 3, 12),
)
ANSWER = Answer(
    question="Is the pass open?",
    standalone_question="Is the pass open?",
    text=STATED.text,
    writer="quote",
    model="",
    prompt_id="",
    abstained=False,
    abstention_reason=None,
    confidence=0.8,
    dropped=0,
    statements=(STATED,),
    citations=(CITED,),
)


def evidence(rank: int, article: Article = ARTICLE) -> Evidence:
    text = article.text
    passage = Passage(article.id, article.revision, text, 0, len(text), ((0, len(text)),))
    return Evidence(passage, article, rank, 0.1, "test")


class Page(HTMLParser):
    """The tags, attributes and text of some markup, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.marked: list[str] = []
        self._in_mark = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_mark += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._in_mark:
            self.marked.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.tags if name in (a.get("class") or "").split()]


def turn(answer: Answer = ANSWER, **more: object) -> Turn:
    fields = {"statements": answer.statements, "citations": answer.citations, **more}
    return Turn(number=3, question=answer.question, answer=answer, **fields)


def shown(*turns: Turn, **more: object) -> Page:
    return Page(render.render_transcript(turns, **more))


def test_the_welcome_says_what_the_library_holds() -> None:
    assert "28 articles from 6 outlets" in shown(library="28 articles from 6 outlets").text
    assert not shown().with_class("dl-library")


def test_suggested_questions_are_text_on_buttons_and_none_is_nothing() -> None:
    page = Page(render.render_suggestions(["Who <b>holds</b> it?", "When?"]))
    assert len([a for tag, a in page.tags if tag == "button" and "data-example" in a]) == 2
    assert "Who <b>holds</b> it?" in page.text
    assert ("b", {}) not in page.tags
    assert render.render_suggestions([]).strip() == ""


def test_an_answer_shows_its_frame_its_claim_and_a_button_for_each_citation() -> None:
    page = shown(turn())
    assert "Reported 12 March 2021 by Northern Wire (carried by Atlas Digest)" in page.text
    assert f"“{QUOTE}”" in page.text
    assert "[1]" not in page.text  # the marker is the button
    (button,) = page.with_class("dl-cite")
    assert (button["data-turn"], button["data-kind"], button["data-number"]) == (
        "3",
        "citation",
        "1",
    )
    label = button["aria-label"] or ""
    assert "Citation 1: Northern Wire, carried by Atlas Digest, 12 March 2021" in label
    assert (button["data-quote"], button["data-by"]) == (
        QUOTE,
        "Northern Wire, carried by Atlas Digest, 12 March 2021",
    )
    assert "no language model" in page.text


def test_what_a_turn_offers_depends_on_whether_an_answer_is_under_way() -> None:
    earlier, newest = replace(turn(), number=1), replace(turn(), number=2)

    def buttons(page: Page, name: str) -> list[tuple[str | None, bool]]:
        return [(a[name], "disabled" in a) for _, a in page.tags if name in a]

    page = shown(earlier, newest)
    assert buttons(page, "data-edit") == [("1", False), ("2", False)]
    assert buttons(page, "data-retry") == [("2", False)]
    page = shown(earlier, Turn(number=2, question="And now?"))
    assert buttons(page, "data-edit") == [("1", True)]
    assert buttons(page, "data-retry") == []


def test_an_edit_shows_what_asking_will_replace() -> None:
    turns = [replace(turn(), number=number) for number in (1, 2, 3)]
    page = shown(*turns, editing=2)
    replaced = page.with_class("dl-replaced")
    assert [a["data-turn"] for a in replaced] == ["2", "3"]
    assert page.text.count("Asking replaces this answer and what came after it") == 1
    assert not shown(*turns).with_class("dl-replaced")


def test_the_time_that_it_took_is_small_and_says_what_it_went_into() -> None:
    timings = Timings(retrieve=180.0, write=90.0, total=273.0)
    page = shown(turn(replace(ANSWER, timings=timings)))
    assert "0.3 s" in page.text
    (took,) = page.with_class("dl-took")
    assert took["title"] == "finding 180 ms, writing 90 ms"
    assert not shown(turn()).with_class("dl-took")


@pytest.mark.parametrize("status", ["reported", "claimed", "expected", "unconfirmed", "denied"])
def test_the_status_is_a_label_with_its_meaning(status: Status) -> None:
    stated = replace(STATED, status=status, attributed_to="the county")
    page = shown(turn(replace(ANSWER, statements=(stated,))))
    (label,) = page.with_class("dl-status")
    assert label["title"] == labels.STATUS_MEANS[status]
    assert f"{status} · according to the county".replace(" · ", " ") in page.text


def test_the_report_date_is_shown_once_and_an_undated_report_says_so() -> None:
    page = shown(turn())
    assert page.text.count("12 March 2021") == 2  # in the frame, and in the list of sources
    bare = replace(STATED, text="The pass was shut[1]", body="The pass was shut")
    page = shown(turn(replace(ANSWER, statements=(bare,))))
    assert "reported 12 March 2021" in page.text
    page = shown(turn(replace(ANSWER, statements=(replace(bare, reported_on=None),))))
    assert "date unknown" in page.text


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Event(date(2021, 3, 11), date(2021, 3, 11), "day", "On Thursday"), "11 March 2021"),
        (
            Event(date(2021, 3, 8), date(2021, 3, 14), "week", "this week"),
            "8–14 March 2021",
        ),
        (Event(date(2021, 2, 1), date(2021, 2, 28), "month", "last month"), "February 2021"),
        (Event(date(2020, 1, 1), date(2020, 12, 31), "year", "in 2020"), "2020"),
    ],
)
def test_the_event_is_shown_as_exactly_as_its_words_say(event: Event, expected: str) -> None:
    page = shown(turn(replace(ANSWER, statements=(replace(STATED, event=event),))))
    assert f"“{event.words}”: {expected}" in page.text


def test_disagreement_timeline_standalone_filters_and_dropped_are_shown() -> None:
    full = replace(
        ANSWER,
        standalone_question="When was the pass shut?",
        dropped=2,
        writer="openai",
        model="small-model",
        disagreements=(Disagreement("lorries", (Side("40", (1,)), Side("60", (1,)))),),
        timeline=(
            TimelineEntry(date(2021, 3, 12), (1,)),
            TimelineEntry(date(2021, 3, 10), (1,)),
        ),
    )
    filters = Filters(date(2021, 3, 1), date(2021, 3, 31), "Northern Wire")
    text = shown(turn(full, filters=filters)).text
    by = "Northern Wire, carried by Atlas Digest, 12 March 2021 1"
    sides = f"lorries 40 {by} “{QUOTE}” 60 {by} “{QUOTE}”"
    assert f"Reports differ, compare them: {sides}" in text
    told = f"Northern Wire: {QUOTE} 1"
    assert f"When it was reported 12 March 2021 {told} 10 March 2021 {told}" in text
    assert "Understood as: When was the pass shut?" in text
    assert "Only Northern Wire, from 1 March 2021 until 31 March 2021" in text
    assert "2 sentences were dropped: their quotes did not carry them" in text
    assert "Written by small-model, checked against the quotes" in text


def test_an_earlier_report_and_who_else_carried_it_are_named_and_escaped() -> None:
    cited = replace(ANSWER.citations[0], also_carried_by=("<b>Digest</b>", "Post"))
    entries = (
        TimelineEntry(date(2021, 3, 12), (1,)),
        TimelineEntry(date(2021, 3, 10), (1,), earlier=True),
    )
    text = shown(turn(replace(ANSWER, citations=(cited,), timeline=entries))).text
    told = f"Northern Wire: {QUOTE} 1"
    assert f"12 March 2021 {told} 10 March 2021 (earlier) {told}" in text
    assert "also carried by <b>Digest</b> and Post" in text


def test_the_words_that_answer_are_marked_inside_the_quote() -> None:
    cited = replace(CITED, answer=(0, 3))
    page = shown(turn(replace(ANSWER, citations=(cited,))))
    assert len(page.with_class("dl-answer")) == 1
    assert f"“{QUOTE}”" in page.text  # and no word is lost
    pieces = cutting.cut_claim(f"“{QUOTE}”", STATED, [cited])
    assert [piece.text for piece in pieces if piece.cited] == [QUOTE[:3]]


@pytest.mark.parametrize("claim", ["Words of a model's own.", ""])
def test_a_claim_in_other_words_is_not_marked(claim: str) -> None:
    (piece,) = cutting.cut_claim(claim, STATED, [replace(CITED, answer=(0, 3))])
    assert (piece.text, piece.cited) == (claim, False)


def test_what_need_not_be_said_is_not_said() -> None:
    text = shown(turn()).text
    for absent in (
        "Understood as",
        "Only ",
        "dropped",
        "Reports differ, compare them",
        "When it was reported",
    ):
        assert absent not in text


def test_an_abstention_shows_the_nearest_passages_as_no_answer() -> None:
    abstained = replace(
        ANSWER,
        abstained=True,
        abstention_reason="No passage says who.",
        statements=(),
        citations=(),
        evidence=tuple(evidence(rank) for rank in (2, 1, 3, 4, 5, 6)),
    )
    page = shown(turn(abstained))
    assert "Not in the library No passage says who." in page.text
    assert "Nearest passages not an answer" in page.text
    buttons = page.with_class("dl-passage")
    assert [b["data-number"] for b in buttons] == ["1", "2", "3", "4"]
    assert {b["data-kind"] for b in buttons} == {"evidence"}
    assert "Pass shut Northern Wire, carried by Atlas Digest, 12 March 2021 Snow fell" in page.text
    assert not page.with_class("dl-cite")
    assert page.with_class("dl-absent")


def test_a_pending_turn_says_what_goes_on_and_an_error_is_one_line() -> None:
    pending = Turn(number=1, question="Is it open?")
    assert "Searching the library" in shown(pending).text
    streaming = replace(pending, statements=(STATED,), citations=(CITED,))
    assert "Checking the next sentence" in shown(streaming).text
    assert len(shown(streaming).with_class("dl-cite")) == 1
    failed = shown(replace(pending, error="no answer within 60 s"))
    assert "No answer: no answer within 60 s" in failed.text
    cut = shown(replace(streaming, error="the stream was cut"))
    assert "The answer stopped here: the stream was cut" in cut.text
    assert len(cut.with_class("dl-cite")) == 1


def test_a_bracketed_number_of_the_article_itself_is_not_a_citation() -> None:
    body = "The survey [7] put it at 40 [1]"
    stated = replace(STATED, text=f"Reported: “{body}” [1]", body=body)
    page = shown(turn(replace(ANSWER, statements=(stated,))))
    assert f"“{body}”" in page.text
    assert len(page.with_class("dl-cite")) == 1


@pytest.mark.parametrize(
    ("text", "body", "markers", "expected"),
    [
        ("Reported: “A b.” [1][2]", "A b.", (1, 2), ("Reported", "“A b.”")),
        (
            "Reported 1 May 2021: It held A. [1]",
            "It held A.",
            (1,),
            ("Reported 1 May 2021", "It held A."),
        ),
        (
            "Reported: “A on Monday.” (3 May 2021) [1]",
            "A on Monday.",
            (1,),
            ("Reported", "“A on Monday.” (3 May 2021)"),
        ),
        ("A b [1][2]", "not in it", (1, 2), ("", "A b")),
        ("A b [9]", "A b [9]", (1,), ("", "A b [9]")),
        ("A b", "", (), ("", "A b")),
    ],
)
def test_a_frame_is_taken_apart_without_losing_words(
    text: str, body: str, markers: tuple[int, ...], expected: tuple[str, str]
) -> None:
    stated = Statement(text=text, body=body, markers=markers)
    assert cutting.split_frame(stated) == expected


def test_the_note_of_a_relative_date_is_shown_once_among_the_facts() -> None:
    event = Event(date(2021, 3, 11), date(2021, 3, 11), "day", "on Thursday")
    stated = Statement(
        text="Reported 12 March 2021: “It shut on Thursday.” (“on Thursday”: 11 March 2021) [1]",
        body="It shut on Thursday.",
        markers=(1,),
        event=event,
    )
    assert cutting.split_frame(stated) == ("Reported 12 March 2021", "“It shut on Thursday.”")
    text = shown(turn(replace(ANSWER, statements=(stated,), citations=()))).text
    assert text.count("11 March 2021") == 1


def test_the_source_pane_marks_the_quote_and_names_the_article() -> None:
    html = render.render_source(ARTICLE, CITED.start, CITED.end, label="Citation 1")
    page = Page(html)
    assert page.marked == [QUOTE]
    for words in (
        "Citation 1",
        "Pass shut",
        "Outlet Northern Wire",
        "Published 12 March 2021",
        "Carried by Atlas Digest, 13 March 2021",
        "Author R. Holm",
        "Region Coast",
        "Two lorries turned back.",
    ):
        assert words in page.text
    (link,) = (a for tag, a in page.tags if tag == "a")
    assert link["href"] == "https://wire.example/pass"
    assert {"noopener", "noreferrer"} <= set((link["rel"] or "").split())
    assert link["target"] == "_blank"
    assert "Tags" not in page.text


def test_tags_are_named_where_there_are_some() -> None:
    article = replace(ARTICLE, tags=("snow", "<b>roads</b>"))
    page = Page(render.render_source(article, 0, 4, label="Citation 1"))
    assert "Tags snow, <b>roads</b>" in page.text


@pytest.mark.parametrize(
    ("quote", "value", "answer", "expected"),
    [
        ("The pass was shut.", "", None, "The pass was shut."),
        ("One two three. " * 10, "", None, "One two three. " * 6 + "…"),
        ("It held 40 lorries, not 140.", "40", None, "It held [40] lorries, not 140."),
        ("a " * 10 + "forty b", "Forty", None, "… " + "a " * 9 + "[forty] b"),
        ("Snow shut it.", "", (0, 4), "[Snow] shut it."),
        ("Snow shut it.", "rain", (5, 9), "Snow [shut] it."),
        ("(40)", "40", None, "([40])"),
        ("40", "40", None, "[40]"),
    ],
)  # fmt: skip
def test_a_few_words_around_the_value(
    quote: str, value: str, answer: tuple[int, int] | None, expected: str
) -> None:
    pieces = cutting.cut_gist(replace(CITED, quote=quote, answer=answer), value)
    told = "".join(f"[{p.text}]" if p.cited else p.text for p in pieces)
    assert told == expected


def test_a_nearest_passage_opens_as_no_answer() -> None:
    page = Page(render.render_source(ARTICLE, 0, 5, label="Nearest", not_an_answer=True))
    assert "Nearest not an answer" in page.text
    assert page.with_class("dl-not-answer")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example/x",
        "http://",
        "https:///path",
        "http://[::1",
        "ftp://evil.example/",
        "",
        "not an address",
    ],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert safe_url(url) is None
    html = render.render_source(replace(ARTICLE, url=url), 0, 1, label="Citation 1")
    page = Page(html)
    assert not [a for tag, a in page.tags if tag == "a"]
    assert " ".join(url.split()) in page.text


def test_plain_web_addresses_are_kept() -> None:
    for url in ("http://a.example/x?y=1&z=2#w", "https://a.example", "HTTPS://A.example/"):
        assert safe_url(url) == url


def allowed(page: Page) -> None:
    """Nothing in the page runs, loads or leaves it, but the page's own buttons and links."""
    for tag, attributes in page.tags:
        assert tag not in {"script", "img", "iframe", "style", "b", "object", "svg"}
        assert not [name for name in attributes if name.startswith("on")]
        assert tag == "a" or "href" not in attributes
        assert "src" not in attributes


def test_nothing_that_comes_from_outside_becomes_markup() -> None:
    hostile = replace(
        ARTICLE, title=NASTY, source=NASTY, publisher=f"p{NASTY}", author=NASTY, region=NASTY,
        url=NASTY, language=NASTY, text=NASTY, tags=(NASTY,),
    )  # fmt: skip
    cited = replace(CITED, title=NASTY, source=NASTY, publisher=f"p{NASTY}", quote=NASTY)
    event = Event(date(2021, 3, 11), date(2021, 3, 11), "day", NASTY)
    stated = replace(STATED, text=NASTY, body=NASTY, attributed_to=NASTY, event=event)
    answer = replace(
        ANSWER,
        question=NASTY,
        standalone_question=f"x{NASTY}",
        writer="openai",
        model=NASTY,
        statements=(stated,),
        citations=(cited,),
        evidence=(evidence(1, hostile),),
        disagreements=(Disagreement(NASTY, (Side(NASTY, (1,)),)),),
        timeline=(TimelineEntry(date(2021, 3, 12), (1,)), TimelineEntry(date(2021, 3, 1), (1,))),
    )
    abstained = replace(answer, abstained=True, abstention_reason=NASTY)
    failed = Turn(number=1, question=NASTY, error=NASTY)
    pages = [
        shown(
            turn(answer, filters=Filters(None, None, NASTY, NASTY, NASTY)), turn(abstained), failed
        ),
        shown(library=NASTY),
        Page(render.render_suggestions([NASTY])),
        Page(render.render_source(hostile, 3, 30, label=NASTY)),
        Page(render.render_source_error(NASTY)),
    ]
    for page in pages:
        allowed(page)
        assert " ".join(NASTY.split()) in page.text


def test_text_that_utf8_cannot_hold_is_still_shown() -> None:
    article = Article(id="a", text="before \udcff after")
    page = Page(render.render_source(article, 0, 6, label="Citation 1"))
    assert "before ? after" in page.text


@given(st.text(max_size=400), st.data())
def test_cutting_paragraphs_keeps_every_character_but_blank_lines(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    pieces = [p for paragraph in cutting.cut_paragraphs(text, start, end) for p in paragraph]
    assert "".join("".join(p.text for p in pieces).split()) == "".join(text.split())
    cited = "".join(p.text for p in pieces if p.cited)
    assert "".join(cited.split()) == "".join(text[start:end].split())


@given(st.text(alphabet="<>&\"'{}$`/ab \n[]()!=;", max_size=200), st.data())
def test_article_text_is_shown_as_it_is_and_marked_where_cited(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    article = Article(id="a", text=text, title="t")
    page = Page(render.render_source(article, start, end, label="Citation 1"))
    allowed(page)
    assert "".join("".join(page.marked).split()) == "".join(text[start:end].split())
    assert "".join(text.split()) in "".join(page.text.split())


def test_a_quote_of_two_paragraphs_is_marked_in_both() -> None:
    start, end = TEXT.index("Two lorries"), TEXT.index("thawed") + len("thawed")
    page = Page(render.render_source(ARTICLE, start, end, label="Citation 1"))
    assert page.marked == ["Two lorries turned back.", "It thawed"]


def test_a_very_long_article_is_cut_around_the_quote_and_says_so() -> None:
    text = "word " * 40_000
    page = Page(render.render_source(Article(id="a", text=text), 100_000, 100_004, label="x"))
    assert "Earlier text is left out" in page.text
    assert "Later text is left out" in page.text
    assert len(page.text) < 3 * cutting.AROUND
    assert page.marked == ["word"]


def test_a_name_from_right_to_left_does_not_turn_the_date_behind_it() -> None:
    line = labels.byline(replace(CITED, source="بريد الساحل", publisher=""))
    assert line == "\u2068بريد الساحل\u2069, 12 March 2021"
    assert labels.byline(replace(CITED, publisher="")) == "Northern Wire, 12 March 2021"


def test_opening_the_same_quote_twice_is_a_change() -> None:
    first = render.render_source(ARTICLE, 0, 4, label="Citation 1", opened=1)
    assert first != render.render_source(ARTICLE, 0, 4, label="Citation 1", opened=2)


def test_the_banner_is_for_the_sample_library_only() -> None:
    assert "its reports are invented" in Page(render.render_masthead("chat", sample=True)).text
    assert "invented" not in Page(render.render_masthead("chat", sample=False)).text


def test_the_examples_in_the_docstrings_hold() -> None:
    results = [doctest.testmod(module) for module in (labels, view)]
    assert sum(result.attempted for result in results) >= 7
    assert all(result.failed == 0 for result in results)
