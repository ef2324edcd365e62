"""The page Library without a browser: its address, its plot, its words, its markup."""

from __future__ import annotations

import doctest
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from assistant.indexing import Removal
from assistant.library import Count, Listed, Look, Repeated
from assistant.types import Article, Link
from assistant.web.library import counted, looking, plot, render, taking, words
from assistant.web.library.looking import View, chat_address, view_of
from assistant.web.library.plot import overview
from assistant.web.library.render import Choices, Opened, Relative
from assistant.web.library.run import Item, Run, Upload

POISON = "\"><img src=x onerror=alert(1)>{{7*7}}${x}</dialog>'"
POISONED = Article(
    id=f"id {POISON}",
    text=f"One {POISON}\n\nTwo </article><script>alert(1)</script>",
    title=POISON,
    source=f"source {POISON}",
    publisher=f"publisher {POISON}",
    author=POISON,
    region=POISON,
    tags=(POISON,),
    url="javascript:alert(1)",
    language='en" onload="alert(1)',
    published=date(2021, 3, 2),
)


@pytest.mark.parametrize("module", [counted, looking, words])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0


# The address


@pytest.mark.parametrize(
    ("address", "view"),
    [
        ({}, View()),
        ({"when": "2017-06", "page": "3"}, View(Look(when="2017-06"), 3)),
        ({"when": "undated", "article": "sub/a b"}, View(Look(when="undated"), 1, "sub/a b")),
        ({"when": "2017-13"}, View()),
        ({"when": "20176"}, View()),
        ({"page": "0"}, View()),
        ({"page": "-2"}, View()),
        ({"page": "9" * 30}, View()),
        ({"q": 5, "article": ["x"], "outlet": None}, View()),
        ({"outlet": " Tarn \n Post "}, View(Look(outlet="Tarn Post"))),
    ],
)
def test_what_an_address_is_taken_for(address: dict[str, object], view: View) -> None:
    assert view_of(address) == view


def test_a_view_goes_through_its_address() -> None:
    view = View(Look("a & b?", "Ärger", "r", "100%", "2017"), 4, "sub/x #1")
    query = parse_qs(urlsplit(view.address(page=view.page, article=view.article)).query)
    assert view_of({name: values[0] for name, values in query.items()}) == view


def test_a_change_of_filters_begins_the_list_anew_and_closes_nothing_else() -> None:
    view = View(Look("road", "Wire"), 7, "x")
    assert view.address(outlet="") == "./library?q=road"
    assert "\ud800" not in view.address(q="\ud800")


def test_the_chat_is_narrowed_to_the_same_days() -> None:
    assert chat_address(Look(when="2020-02")) == "./?since=2020-02-01&until=2020-02-29"
    assert chat_address(Look(when="2020")) == "./?since=2020-01-01&until=2020-12-31"
    assert chat_address(Look("words", when="undated")) == "./"


# The plot

COUNTS = [
    Count("2021-01", "Wire", "", 3),
    Count("2021-01", "Post", "Digest", 2),
    Count("2021-04", "Wire", "", 1),
    Count("", "Wire", "", 4),
    Count("", "", "", 1),
]


def test_every_month_between_the_first_and_the_last_has_a_bar() -> None:
    over = overview(COUNTS, View())
    assert [(bar.label, bar.articles) for bar in over.bars] == [
        ("January 2021", 5),
        ("February 2021", 0),
        ("March 2021", 0),
        ("April 2021", 1),
    ]
    assert (over.held, over.most, over.undated, over.span) == (
        11,
        5,
        5,
        "January 2021 to April 2021",
    )
    assert sum(part.height for part in over.bars[0].parts) == pytest.approx(100)
    assert [part.low for part in over.bars[0].parts] == [0, 60]
    assert [(each.name, each.articles) for each in over.outlets] == [
        ("Wire", 8),
        ("Digest", 2),
        ("Post", 2),
        ("no outlet named", 1),
    ]


def test_what_is_chosen_narrows_the_other_counts_and_not_its_own() -> None:
    over = overview(COUNTS, View(Look(outlet="digest", when="2021-01")))
    assert over.held == 2
    assert [bar.articles for bar in over.bars] == [2]
    assert {each.name: each.articles for each in over.outlets} == {
        "Wire": 3,
        "Digest": 2,
        "Post": 2,
    }


def test_colours_stay_while_the_time_changes() -> None:
    def colours(view: View) -> dict[str, int]:
        return {each.name: each.colour for each in overview(COUNTS, view).outlets}

    assert colours(View(Look(when="2021-04"))).items() <= colours(View()).items()


def test_a_long_time_is_drawn_by_years_then_by_the_months_of_one() -> None:
    counts = [Count(f"{year}-06", "Wire", "", year - 2000) for year in range(2010, 2021)]
    over = overview(counts, View())
    assert [bar.when for bar in over.bars] == [str(year) for year in range(2010, 2021)]
    assert over.year == ""
    for when in ("2015", "2015-06"):
        over = overview(counts, View(Look(when=when)))
        assert [bar.when for bar in over.bars] == [f"2015-{month:02}" for month in range(1, 13)]
        assert (over.held, over.year) == (15, "2015")
    assert [bar.tick for bar in over.bars][:4] == ["Jan 2015", "", "Mar", ""]


def test_many_months_have_few_names_and_none_has_none() -> None:
    counts = [Count(f"{2018 + n // 12}-{n % 12 + 1:02}", "Wire", "", 1) for n in range(plot.MONTHS)]
    ticks = [bar.tick for bar in overview(counts, View()).bars]
    assert len(ticks) == plot.MONTHS
    assert len([tick for tick in ticks if tick]) <= 6
    assert overview([], View()).bars == ()


# The markup


def nodes(markup: str) -> list[str]:
    """The names of all elements, and of attributes that would run something."""
    tree = html.fragment_fromstring(markup, create_parent="div")
    running = [name for node in tree.iter() for name in node.attrib if name.startswith("on")]
    return [node.tag for node in tree.iter() if isinstance(node.tag, str)] + running


def poisoned_parts() -> dict[str, str]:
    look = Look(POISON, POISON, POISON, POISON, "2021-03")
    view = View(look, 2, POISONED.id)
    counts = [Count("2021-03", POISON, POISON, 2), Count("", POISON, "", 9)]
    run = Run(1, [Upload(Path("/nowhere"), POISON)])
    run.items[0].state, run.items[0].reasons = "refused", [(POISON, POISON)]
    run.stage = "ended"
    failed = Run(2, addresses=[POISON])
    failed.stage, failed.error = "ended", POISON
    row = Listed(POISONED, POISON, 7, Repeated(POISON, POISON, POISON, "reprint"), 2)
    link = Link(POISONED.id, "other", "exact", 1.0)
    relatives = [Relative(POISONED, link)]
    removal = Removal((POISONED.id,), (POISON,), (POISON,), (POISON,))
    return {
        "find": render.render_find(view, Choices([POISON], [POISON], [POISON], ["2021-03"])),
        "list": render.render_list([row], view, 120, may=True, serial=POISON, whole=200),
        "none": render.render_list([], view, 0, may=False, serial=1, whole=9),
        "overview": render.render_overview(overview(counts, view), view, 11),
        "article": render.render_article(
            Opened(POISONED, POISON, relatives, view), may=True, serial=1
        ),
        "doubt": render.render_doubt([POISONED], removal, serial=1),
        "runs": render.render_runs([run, failed]),
        "error": render.render_error(POISON),
    }


@pytest.mark.parametrize("name", poisoned_parts())
def test_what_articles_and_files_say_is_data(name: str) -> None:
    markup = poisoned_parts()[name]
    assert not {"img", "script", "iframe"} & set(nodes(markup))
    assert not [each for each in nodes(markup) if each.startswith("on")]
    assert "javascript:" not in [
        node.get("href", "")[:11]
        for node in html.fragment_fromstring(markup, create_parent="div").iter("a")
    ]
    if name not in ("none",):
        assert "&lt;img src=x" in markup


def test_a_lone_surrogate_can_be_sent() -> None:
    row = Listed(Article("\ud800", "", title="half \ud800", url="\ud800"), "", 1)
    markup = render.render_list([row], View(), 1, may=True, serial=1, whole=1)
    assert "half ?" in markup


def test_who_may_only_ask_sees_nothing_to_change_it_with() -> None:
    row = Listed(Article("a", "", title="A"), "", 1)
    listed = render.render_list([row], View(), 1, may=False, serial=1, whole=1)
    opened = Opened(Article("a", "Text."), "a.md", [], View())
    for markup in (
        render.render_add(may=False, empty=True, limit=1),
        listed,
        render.render_article(opened, may=False, serial=1),
    ):
        assert "checkbox" not in markup
        assert "emove" not in markup
        assert "Add articles" not in markup


# Runs in words


def run_of(*states: str, **more: object) -> Run:
    run = Run(1, [Upload(Path("/nowhere"), f"{n}.md") for n in range(len(states))])
    for item, state in zip(run.items, states, strict=True):
        item.state = state
        item.articles = {"added": 2, "partly": 1, "unchanged": 3}.get(state, 0)
    for name, value in more.items():
        setattr(run, name, value)
    return run


@pytest.mark.parametrize(
    ("states", "line"),
    [
        (["added"], "2 articles added"),
        (["unchanged"], "3 articles in the library already"),
        (["added", "partly", "refused", "refused"], "3 articles added, 2 refused, 1 taken in part"),
        (["left"], "0 articles added, 1 left out"),
    ],
)
def test_what_came_of_a_run(states: list[str], line: str) -> None:
    assert words.run_line(run_of(*states, stage="ended")) == line


def test_a_stopped_run_says_so() -> None:
    run = run_of("added", "left", stage="ended")
    run.stopping.set()
    assert words.run_line(run) == "Stopped: 2 articles added, 1 left out"


def test_a_run_says_what_is_not_found_by_its_meaning_yet() -> None:
    line = words.run_line(run_of("added", stage="ended", pending=40))
    assert line == (
        "2 articles added; 40 passages found by words alone until articles are added again"
    )


def test_trouble_comes_first_once_a_run_has_ended_and_work_before() -> None:
    run = run_of("added", "refused", "added", stage="ended")
    assert [item.name for item in words.listed_items(run, 2)] == ["1.md", "0.md"]
    states = ["read"] * 90 + ["at work"] + ["waiting"] * 60
    shown = words.listed_items(run_of(*states, stage="reading"), 100)
    assert shown[5].state == "at work"


def test_a_long_run_shows_some_of_its_files_and_says_how_many_more() -> None:
    markup = render.render_runs([run_of(*["added"] * 150, stage="ended")])
    assert markup.count("dl-item-name") == render.MOST_ITEMS
    assert "and 50 more" in markup


def test_an_item_says_how_far_it_is() -> None:
    item = Item("a", state="at work", done=0.5)
    assert words.item_line(item, run_of()) == "reading, 50 %"


def test_bytes_that_were_read_say_how_far_each_file_is() -> None:
    items = [Item(name) for name in "abc"]
    files = list(zip(items, (100, 0, 50), strict=True))

    def states(done: int) -> list[tuple[str, float]]:
        taking._read_until(files, done)
        return [(item.state, item.done) for item in items]

    assert states(0) == [("at work", 0.0), ("waiting", 0.0), ("waiting", 0.0)]
    assert states(25) == [("at work", 0.25), ("waiting", 0.0), ("waiting", 0.0)]
    assert states(100) == [("read", 1.0), ("read", 1.0), ("at work", 0.0)]
    assert states(150) == [("read", 1.0)] * 3
