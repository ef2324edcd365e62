"""Dateline's own routes: ask, search, and the article that a citation points into."""

from __future__ import annotations

from collections.abc import AsyncIterator

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.api.events import EVENTS, Begun, event, events_response
from assistant.api.failing import ERRORS, Route
from assistant.api.questions import Questions, while_there
from assistant.api.schemas import AnswerOut, ArticleOut, AskIn, FoundOut, SearchIn
from assistant.pipeline import Assistant
from assistant.pipeline.assistant import Options
from assistant.types import Article, Part, citation_dict, evidence_dict, statement_dict

_STREAMED = {
    EVENTS: {
        "schema": {"type": "string"},
        "example": 'event: part\ndata: {"statement": {…}, "citations": […]}\n\n'
        "event: answer\ndata: {…}\n\n",
    }
}


def library_router(assistant: Assistant, questions: Questions) -> APIRouter:
    """`/api/ask`, `/api/search` and `/api/articles`."""
    router = APIRouter(prefix="/api", route_class=Route, responses=ERRORS, tags=["library"])

    @router.post(
        "/ask",
        summary="A question's answer, with its citations",
        description="With `Accept: text/event-stream` each statement is an event `part` as soon as "
        "it is checked; the last event is `answer`, or `error`.",
        response_model=AnswerOut,
        responses={200: {"content": _STREAMED}},
    )
    async def ask(asked: AskIn, request: Request) -> Response:
        options = Options(
            history=[earlier.answer() for earlier in asked.history],
            writer=asked.writer,
            **asked.narrowed(),
        )
        if EVENTS in request.headers.get("accept", ""):
            begun = Begun(questions.parts(asked.question, **options))
            await while_there(request, begun.begin)
            return events_response(_events(begun), error_name="error")
        answer = await while_there(request, lambda: questions.answer(asked.question, **options))
        return JSONResponse(answer.to_dict())

    @router.post(
        "/search", summary="The passages that an answer would be made from", response_model=FoundOut
    )
    async def search(sought: SearchIn, request: Request) -> Response:
        found = await while_there(
            request, lambda: questions.passages(sought.question, **sought.narrowed())
        )
        return JSONResponse({"passages": [evidence_dict(each) for each in found]})

    @router.get(
        "/articles/{article_id:path}",
        summary="An article's text and what is known of it",
        response_model=ArticleOut,
    )
    async def article(article_id: str, revision: str | None = None) -> Response:
        found = await to_thread.run_sync(assistant.article, article_id, revision)
        return JSONResponse(article_body(found))

    return router


async def _events(begun: Begun) -> AsyncIterator[str]:
    async for item in begun.items():
        if isinstance(item, Part):
            cited = [citation_dict(each) for each in item.citations]
            yield event({"statement": statement_dict(item.statement), "citations": cited}, "part")
        else:
            yield event(item.to_dict(), "answer")


def article_body(article: Article) -> dict[str, object]:
    """An article with its text, as JSON-ready values."""
    return {
        "id": article.id,
        "revision": article.revision,
        "title": article.title,
        "source": article.source,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "carried_on": article.carried_on.isoformat() if article.carried_on else None,
        "region": article.region,
        "tags": list(article.tags),
        "url": article.url,
        "language": article.language,
        "text": article.text,
    }
