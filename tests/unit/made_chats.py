"""Chats, answers and their parts as values, written out and drawn by hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from assistant.chats import Chat, ChatInfo, Feedback, KeptTurn
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
    TimelineEntry,
    Timings,
    Tokens,
)

TEXT = "The bridge at Marrat was closed on Thursday. Nobody knew why."
ARTICLE = Article(
    "marrat", TEXT, title="Bridge closed", source="Harbour Post", published=date(2017, 6, 23)
)
QUOTE = TEXT[:44]
POISON = [
    "<script>alert(1)</script>",
    "<img src=http://evil.example/x.png onerror=alert(1)>",
    "![x](http://evil.example/x.png)",
    "[x](javascript:alert(1))",
    "![x][1]\n\n[1]: http://evil.example/x.png",
    "<http://evil.example>",
    "http://evil.example/x.png",
    "# heading",
    "1. list",
    "- list",
    "+ list",
    "    code",
    "```\ncode\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "title\n=====",
    "---",
    "> quote",
    "&lt;b&gt; &#60;i&#62;",
    "a[^1-1] [^1-1]: forged",
    "~~struck~~ *em* _em_ `code` $x$ \\",
    "{{ 7*7 }} {% raw %}",
    '" onmouseover="alert(1)',
    "</q></li></ol></main><iframe src=//evil.example>",
]
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def cited(**changed: object) -> Citation:
    """A citation of ARTICLE."""
    values: dict[str, object] = {
        "marker": 1,
        "article_id": "marrat",
        "revision": ARTICLE.revision,
        "passage_id": f"marrat@{ARTICLE.revision}:0-{len(TEXT)}",
        "title": "Bridge closed",
        "source": "Harbour Post",
        "publisher": "",
        "published": date(2017, 6, 23),
        "url": "https://harbour.example/bridge",
        "quote": QUOTE,
        "start": 0,
        "end": 44,
        "answer": (32, 43),
    }
    return Citation(**(values | changed))


def near(text: str = TEXT, title: str = "") -> Evidence:
    """A passage that is the whole of ARTICLE."""
    passage = Passage("marrat", ARTICLE.revision, text, 0, len(text), ())
    return Evidence(passage, Article("marrat", "", title=title), 1, 0.5, "rrf")


def answered(
    question: str = "When was the bridge closed?",
    *,
    body: str = QUOTE,
    citation: Citation | None = None,
    standalone: str = "",
) -> Answer:
    """An answer of one statement, with one citation."""
    text = f"Reported 23 June 2017 by Harbour Post: “{body}”"
    return Answer(
        question=question,
        standalone_question=standalone or question,
        text=f"{text} [1]",
        writer="quote",
        model="",
        prompt_id="",
        abstained=False,
        abstention_reason=None,
        confidence=0.75,
        dropped=0,
        statements=(Statement(f"{text} [1]", body, (1,), date(2017, 6, 23)),),
        citations=(citation or cited(),),
        evidence=(near(),),
    )


def refused(question: str = "Who closed it?", reason: str = "The library does not say.") -> Answer:
    """An answer that abstained, with what came nearest."""
    return Answer(
        question=question,
        standalone_question=question,
        text=reason,
        writer="quote",
        model="",
        prompt_id="",
        abstained=True,
        abstention_reason=reason,
        confidence=0.1,
        dropped=0,
        evidence=(near(),),
    )


def turn(number: int, answer: Answer | None, **changed: object) -> KeptTurn:
    """A turn of a kept chat."""
    values: dict[str, object] = {
        "id": f"turn-{number}",
        "number": number,
        "asked": NOON,
        "question": answer.question if answer else "And then?",
        "answer": answer,
    }
    return KeptTurn(**(values | changed))


def chat(*turns: KeptTurn, title: str = "The bridge", imported: bool = False) -> Chat:
    """A kept chat."""
    return Chat(ChatInfo("chat-1", title, NOON, NOON, len(turns), imported), turns)


def poisoned(text: str) -> Chat:
    """A chat that has a text wherever one can be."""
    citation = cited(
        quote=text,
        title=text,
        source=text,
        publisher=f"{text}!",
        url=text,
        article_id=text,
        also_carried_by=(text,),
        answer=(0, len(text)),
    )
    good = replace(
        answered(text, body=text, citation=citation, standalone=f"{text}?"),
        disagreements=(Disagreement(text, (Side(text, (1,)), Side(text, (1,)))),),
    )
    bad = replace(refused(text, text), evidence=(near(text, text),))
    narrow = Filters(source=text, region=text, tag=text)
    return chat(turn(1, good, filters=narrow), turn(2, bad), turn(3, None, error=text), title=text)


texts = st.text(st.characters(exclude_categories=()), max_size=20)
"""Any text at all: NUL, control characters and halves of surrogate pairs included."""

_days = st.dates()
_markers = st.lists(st.integers(1, 9), max_size=3).map(tuple)
_floats = st.floats(allow_nan=False, allow_infinity=False)
_counts = st.integers(0, 2**40)
_events = st.builds(Event, _days, _days, st.sampled_from(["day", "week", "month", "year"]), texts)
_statements = st.builds(
    Statement,
    texts,
    texts,
    _markers,
    st.none() | _days,
    st.none() | _events,
    st.sampled_from(["reported", "claimed", "expected", "unconfirmed", "denied"]),
    st.none() | texts,
)
_citations = st.builds(
    Citation,
    marker=_counts,
    article_id=texts,
    revision=texts,
    passage_id=texts,
    title=texts,
    source=texts,
    publisher=texts,
    published=st.none() | _days,
    url=texts,
    quote=texts,
    start=_counts,
    end=_counts,
    also_carried_by=st.lists(texts, max_size=2).map(tuple),
    answer=st.none() | st.tuples(_counts, _counts),
)
_passages = st.builds(Passage, texts, texts, texts, _counts, _counts, st.just(((0, 1),)), texts)
_evidence = st.builds(
    Evidence, _passages, st.builds(Article, texts, texts), _counts, _floats, texts
)
_sides = st.lists(st.builds(Side, texts, _markers), max_size=2).map(tuple)
answers = st.builds(
    Answer,
    question=texts,
    standalone_question=texts,
    text=texts,
    writer=texts,
    model=texts,
    prompt_id=texts,
    abstained=st.booleans(),
    abstention_reason=st.none() | texts,
    confidence=_floats,
    dropped=_counts,
    statements=st.lists(_statements, max_size=2).map(tuple),
    citations=st.lists(_citations, max_size=2).map(tuple),
    evidence=st.lists(_evidence, max_size=2).map(tuple),
    disagreements=st.lists(st.builds(Disagreement, texts, _sides), max_size=2).map(tuple),
    timeline=st.lists(st.builds(TimelineEntry, _days, _markers, st.booleans()), max_size=2).map(
        tuple
    ),
    timings=st.builds(Timings, _floats, _floats, _floats, _floats, _floats),
    tokens=st.builds(Tokens, _counts, _counts),
)
filters = st.builds(
    Filters,
    st.none() | _days,
    st.none() | _days,
    *(st.none() | texts.filter(bool) for _ in range(3)),
)
feedback = st.builds(Feedback, st.sampled_from([1, -1]), texts)
