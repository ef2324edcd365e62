"""What is counted for Prometheus, and the routes that say how the server is."""

from __future__ import annotations

from time import perf_counter

from anyio import to_thread
from fastapi import APIRouter
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.failing import Route
from assistant.api.schemas import HealthOut, ReadyOut
from assistant.errors import DatelineError
from assistant.pipeline import Assistant
from assistant.types import Answer

STEPS = ("rewrite", "retrieve", "write", "verify", "total")
UNTOLD = "it cannot be used; who is logged in is told why"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "dateline_http_requests",
            "Requests to the API",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "dateline_http_request_seconds",
            "From a request to API to the last byte of its response",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.steps = Histogram(
            "dateline_step_seconds",
            "Time that answers spent in each step",
            ("step",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answers = Counter(
            "dateline_answers",
            "Answers, by who wrote and whether it was an abstention",
            ("writer", "outcome"),
            registry=self.registry,
        )
        self.errors = Counter(
            "dateline_errors", "Questions that failed", ("error",), registry=self.registry
        )
        self.running = Gauge(
            "dateline_questions_running",
            "Questions that were taken and are not answered yet",
            registry=self.registry,
        )

    def answered(self, answer: Answer) -> None:
        """Count an answer and the time it took."""
        outcome = "abstained" if answer.abstained else "answered"
        self.answers.labels(answer.writer, outcome).inc()
        for step in STEPS:
            self.steps.labels(step).observe(getattr(answer.timings, step) / 1000)


class Counting:
    """Counts requests to the API's routes and how long they took; others pass by.

    Plain ASGI, so that streams pass through as they come.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it when it is done."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = scope.get("route")
            if isinstance(route, Route):  # its pattern, for an address could hold anything
                self._metrics.requests.labels(route.path_format, scope["method"], str(status)).inc()
                self._metrics.seconds.labels(route.path_format).observe(perf_counter() - began)


def measuring_router(assistant: Assistant, metrics: Metrics) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(route_class=Route, tags=["server"])

    @router.get("/healthz", summary="Whether the process answers")
    async def healthz() -> HealthOut:
        return HealthOut(status="ok")

    @router.get(
        "/readyz",
        summary="Whether questions can be asked",
        response_model=ReadyOut,
        responses={503: {"model": ReadyOut, "description": "not yet, or no longer"}},
    )
    async def readyz(request: Request) -> Response:
        index = await to_thread.run_sync(_index_says, assistant)
        ready = index == "ok" and assistant.ready
        if index != "ok" and "caller" not in request.scope.get("state", {}):
            index = UNTOLD  # anybody may ask, and the line may name folders and hosts
        models = "loaded" if assistant.ready else "not loaded"
        body = {"ready": ready, "index": index, "models": models}
        return JSONResponse(body, 200 if ready else 503)

    @router.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def figures() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router


def _index_says(assistant: Assistant) -> str:
    try:
        assistant.manifest()
    except DatelineError as error:
        return str(error)
    return "ok"
