"""`/v1`: chat completions as OpenAI's clients speak them, and the names of the models."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.api.conversing import read_messages
from assistant.api.events import EVENTS, Begun, event, events_response
from assistant.api.failing import ERRORS, Route, body_of
from assistant.api.kept import KeptAnswers
from assistant.api.openai_schemas import ChatIn, ChatOut, ModelOut, ModelsOut
from assistant.api.questions import Questions, while_there
from assistant.api.schemas import FiltersIn, Json
from assistant.api.wording import message_of, message_pieces
from assistant.pipeline.assistant import Options
from assistant.types import Answer, Part

WRITERS = {"dateline": None, "dateline-quote": "quote", "dateline-openai": "openai"}
"""The models' names, and who writes; None: the writer that the server is set to."""

_STREAMED: Json = {"content": {EVENTS: {"schema": {"type": "string"}}}}


def chat_router(questions: Questions, kept: KeptAnswers) -> APIRouter:
    """`/v1/chat/completions` and `/v1/models`."""
    router = APIRouter(prefix="/v1", route_class=Route, responses=ERRORS, tags=["openai"])
    started = int(time.time())

    @router.post(
        "/chat/completions",
        summary="A chat completion: the answer to the last message",
        description="Streamed or not. The answer as data is the message's field `dateline`, or "
        "that of the last chunk's delta. Parameters that are not named here are taken and not "
        "read.",
        response_model=ChatOut,
        responses={200: _STREAMED},
    )
    async def complete(asked: ChatIn, request: Request) -> Response:
        if asked.model not in WRITERS:
            return _no_model(asked.model)
        question, history = read_messages(asked.messages, kept)
        narrowed = (asked.dateline or FiltersIn()).narrowed()
        options = Options(history=history, writer=WRITERS[asked.model], **narrowed)
        reply = _Reply(asked.model)
        if asked.stream:
            begun = Begun(questions.parts(question, **options))
            await while_there(request, begun.begin)
            usage = bool(asked.stream_options and asked.stream_options.include_usage)
            return events_response(_chunks(begun, reply, kept, usage=usage))
        answer = await while_there(request, lambda: questions.answer(question, **options))
        message = message_of(answer)
        kept.keep(answer, message)
        return JSONResponse(reply.whole(answer, message))

    @router.get("/models", summary="The models' names")
    async def models() -> ModelsOut:
        return ModelsOut(object="list", data=[_model(name, started) for name in WRITERS])

    @router.get("/models/{name}", summary="One of them", response_model=ModelOut)
    async def model(name: str) -> Response:
        if name not in WRITERS:
            return _no_model(name)
        return JSONResponse(_model(name, started).model_dump())

    return router


@dataclass(frozen=True)
class _Reply:
    """The envelope of one completion."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer, message: str) -> Json:
        said = {
            "role": "assistant",
            "content": message,
            "refusal": None,
            "dateline": answer.to_dict(),
        }
        choice = {"index": 0, "message": said, "finish_reason": "stop", "logprobs": None}
        return {**self._envelope("chat.completion", [choice]), "usage": _usage(answer)}

    def chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return self._envelope("chat.completion.chunk", [choice])

    def usage_chunk(self, answer: Answer) -> Json:
        return {**self._envelope("chat.completion.chunk", []), "usage": _usage(answer)}

    def _envelope(self, kind: str, choices: list[Json]) -> Json:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }


async def _chunks(
    begun: Begun, reply: _Reply, kept: KeptAnswers, *, usage: bool
) -> AsyncIterator[str]:
    yield event(reply.chunk({"role": "assistant", "content": ""}))
    said = ""
    async for item in begun.items():
        piece = message_pieces(item, first=not said)
        said += piece
        if piece:
            yield event(reply.chunk({"content": piece}))
        if isinstance(item, Part):
            continue
        kept.keep(item, said)
        yield event(reply.chunk({"dateline": item.to_dict()}, finish="stop"))
        if usage:
            yield event(reply.usage_chunk(item))
    yield event("[DONE]")


def _usage(answer: Answer) -> Json:
    sent, received = answer.tokens.sent, answer.tokens.received
    return {
        "prompt_tokens": sent,
        "completion_tokens": received,
        "total_tokens": sent + received,
    }


def _model(name: str, started: int) -> ModelOut:
    return ModelOut(id=name, object="model", created=started, owned_by="dateline")


def _no_model(name: str) -> Response:
    said = f"no model {name[:80]!r}: choose {', '.join(WRITERS)}"
    return JSONResponse(body_of(said, 404, code="model_not_found", param="model"), 404)
