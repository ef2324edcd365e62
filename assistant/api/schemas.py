"""What goes to and fro over HTTP, as pydantic models: the OpenAPI document is made of these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.intake import MAX_QUESTION_CHARS, Narrowed
from assistant.types import Answer, Citation, Statement

MAX_TURNS = 20
"""Earlier answers that a question may bring."""

_Day = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    Field(json_schema_extra={"format": "date"}, examples=["2017-06-23"]),
]
_Name = Annotated[str, StringConstraints(max_length=300)]
Question = Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION_CHARS)]


class _Given(BaseModel):
    """What a caller sends; a misspelt filter must not go unnoticed."""

    model_config = ConfigDict(extra="forbid")


class Sent(BaseModel):
    """What is sent back; its schema says everything that is in it."""

    model_config = ConfigDict(extra="forbid")


class FiltersIn(_Given):
    """What a question is narrowed to. Both days are inclusive; undated articles then fall out."""

    since: _Day | None = Field(None, description="first day")
    until: _Day | None = Field(None, description="last day")
    source: _Name | None = Field(None, description="outlet or re-publisher")
    region: _Name | None = Field(None, description="region of the articles")
    tag: _Name | None = Field(None, description="one of the articles' tags")

    def narrowed(self) -> Narrowed:
        """As `Assistant.ask` takes them."""
        return Narrowed(
            since=self.since,
            until=self.until,
            source=self.source,
            region=self.region,
            tag=self.tag,
        )


class StatementIn(BaseModel):
    """What a follow-up needs of an earlier answer's statement."""

    body: str = Field("", max_length=20_000)
    attributed_to: str | None = None


class CitationIn(BaseModel):
    """What a follow-up needs of an earlier answer's citation."""

    passage_id: str = Field(max_length=1_000)
    title: str = ""


class AnswerIn(BaseModel):
    """An earlier answer as it was sent, whole or these fields of it; others are not read."""

    question: str = Field(max_length=MAX_QUESTION_CHARS)
    standalone_question: str = Field("", max_length=3 * MAX_QUESTION_CHARS)
    text: str = Field("", max_length=100_000)
    abstained: bool = False
    abstention_reason: str | None = None
    confidence: float = Field(0.0, ge=0, le=1)
    statements: list[StatementIn] = Field(default_factory=list, max_length=50)
    citations: list[CitationIn] = Field(default_factory=list, max_length=200)

    def answer(self) -> Answer:
        """As `history` takes it. Nothing of it is ever cited: it only says what was spoken of."""
        return Answer(
            question=self.question,
            standalone_question=self.standalone_question or self.question,
            text=self.text,
            writer="",
            model="",
            prompt_id="",
            abstained=self.abstained,
            abstention_reason=self.abstention_reason,
            confidence=self.confidence,
            dropped=0,
            statements=tuple(
                Statement(s.body, s.body, (), attributed_to=s.attributed_to)
                for s in self.statements
            ),
            citations=tuple(
                Citation(0, "", "", c.passage_id, c.title, "", "", None, "", "", 0, 0)
                for c in self.citations
            ),
        )


class SearchIn(FiltersIn):
    """A question to find passages for."""

    question: Question


class AskIn(FiltersIn):
    """A question with what it is narrowed to, who writes, and what was answered before."""

    question: Question
    writer: Literal["quote", "openai"] | None = Field(None, description="None: the server's own")
    history: list[AnswerIn] = Field(
        default_factory=list, max_length=MAX_TURNS, description="earlier answers, the first first"
    )


class EventOut(Sent):
    """When the thing told of happened; both days inclusive."""

    start: str
    end: str
    precision: Literal["day", "week", "month", "year"]
    words: str


class StatementOut(Sent):
    """One sentence of an answer: `body` is the claim, `text` the claim in its frame."""

    text: str
    body: str
    markers: list[int]
    reported_on: str | None
    event: EventOut | None
    status: Literal["reported", "claimed", "expected", "unconfirmed", "denied"]
    attributed_to: str | None


class CitationOut(Sent):
    """A verbatim quote: characters `start` to `end` of that revision of the article's text."""

    marker: int
    article_id: str
    revision: str
    passage_id: str
    title: str
    source: str
    publisher: str
    published: str | None
    url: str
    quote: str
    start: int
    end: int
    also_carried_by: list[str]
    answer: list[int] | None = Field(description="where in the quote the answer's words stand")


class PassageOut(Sent):
    """A ranked passage, at most 220 words."""

    rank: int
    score: float
    score_kind: str
    passage_id: str
    article_id: str
    text: str
    start: int
    end: int


class SideOut(Sent):
    """One value that some sources give."""

    value: str
    markers: list[int]


class DisagreementOut(Sent):
    """Sources that give different values for one thing."""

    about: str
    sides: list[SideOut]


class TimelineOut(Sent):
    """The citations of one day's reports; `earlier`: a later report has superseded them."""

    reported_on: str
    markers: list[int]
    earlier: bool


class TimingsOut(Sent):
    """Milliseconds spent in each step."""

    rewrite: float
    retrieve: float
    write: float
    verify: float
    total: float


class TokensOut(Sent):
    """Tokens that a model read and wrote; 0 where none was asked."""

    read: int = Field(alias="in")
    written: int = Field(alias="out")


class AnswerOut(Sent):
    """A whole answer: `Answer.to_dict()`, the form that every surface reads."""

    schema_version: Literal[1]
    question: str
    standalone_question: str
    text: str
    writer: str
    model: str
    prompt_id: str
    abstained: bool
    abstention_reason: str | None
    confidence: float
    dropped: int
    statements: list[StatementOut]
    citations: list[CitationOut]
    evidence: list[PassageOut]
    disagreements: list[DisagreementOut]
    timeline: list[TimelineOut]
    timings_ms: TimingsOut
    tokens: TokensOut


class FoundOut(Sent):
    """Passages that were found, best first."""

    passages: list[PassageOut]


class ArticleOut(Sent):
    """An article as it is stored; offsets count the characters of `text`."""

    id: str
    revision: str
    title: str
    source: str
    publisher: str
    author: str
    published: str | None
    carried_on: str | None
    region: str
    tags: list[str]
    url: str
    language: str
    text: str


class ErrorBody(Sent):
    """What went wrong and what to do, in one line."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorOut(Sent):
    """An error, in OpenAI's form."""

    error: ErrorBody


class HealthOut(Sent):
    """Whether the process answers."""

    status: Literal["ok"]


class ReadyOut(Sent):
    """Whether questions can be asked, and what is missing where they cannot."""

    ready: bool
    index: str = Field(description="ok, or what is wrong with it")
    models: Literal["loaded", "not loaded"]


Json = dict[str, Any]
