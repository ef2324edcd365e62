"""What another system's reply must be like before anything is made of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)

from assistant.errors import EndpointError


def _day(text: str) -> str:
    if text:
        date.fromisoformat(text)
    return text


T = TypeVar("T", bound=BaseModel)
Day = Annotated[str, AfterValidator(_day)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class _Form(BaseModel):
    """Checked as it stands: further keys are kept, and nothing is turned into another kind."""

    model_config = ConfigDict(extra="allow", strict=True)


class _Statement(_Form):
    body: str
    text: str
    markers: list[int]
    reported_on: Day | None
    status: str | None


class CitationForm(_Form):
    """A citation of a chat's reply: words, and what is known of where they stand."""

    quote: str
    marker: int | None = None
    article_id: str = ""
    revision: str = ""
    title: str = ""
    source: str = ""
    publisher: str = ""
    published: Day | None = None
    url: str = ""
    start: int | None = None
    end: int | None = None


class _Citation(CitationForm):
    marker: int
    article_id: str
    revision: str
    start: int
    end: int


class PassageForm(_Form):
    """A passage of a chat's reply."""

    text: str
    article_id: str = ""
    score: Number | None = None
    score_kind: str = ""


class _Passage(PassageForm):
    rank: int
    article_id: str
    score: Number


class _Answer(_Form):
    text: str
    standalone_question: str
    writer: str
    abstained: bool
    abstention_reason: str | None
    confidence: Annotated[Number, Field(ge=0, le=1)]
    dropped: int
    statements: list[_Statement]
    citations: list[_Citation]
    evidence: list[_Passage]
    timings_ms: dict[str, Number] = {}
    tokens: dict[str, int] = {}


class _Message(_Form):
    content: str | None = None
    dateline: dict[str, Any] | None = None
    citations: Any = None
    passages: Any = None


class _Choice(_Form):
    message: _Message


class _Usage(_Form):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Completion(_Form):
    """A reply of the chat completions protocol."""

    choices: Annotated[list[_Choice], Field(min_length=1)]
    usage: _Usage | None = None


def answer_form(data: object, host: str) -> dict[str, Any]:
    """A Dateline server's answer, which is given back as it came.

    Raises:
        EndpointError: it is not of the contract's form.
    """
    _read(_Answer, data, host, "answer of Dateline's form")
    return dict(data)  # type: ignore[call-overload,no-any-return]  # the form is that of an object


def completion_form(data: object, host: str) -> Completion:
    """A chat's reply.

    Raises:
        EndpointError: it is none.
    """
    return _read(Completion, data, host, "chat completion")


def those_of(form: type[T], given: object) -> list[T]:
    """The members of a list that are of a form; the others are left out."""
    found = []
    for each in given if isinstance(given, list) else ():
        try:
            found.append(form.model_validate(each))
        except ValidationError:
            continue
    return found


def _read(form: type[T], data: object, host: str, what: str) -> T:
    try:
        return form.model_validate(data)
    except (ValidationError, RecursionError) as error:
        where = ""
        if isinstance(error, ValidationError):
            first = error.errors(include_input=False, include_url=False)[0]
            where = f" ({'.'.join(map(str, first['loc']))}: {first['msg']})"[:160]
        raise EndpointError(f"{host} sent no {what}{where}; check --url and --model") from error
