"""Steps -> an OpenTelemetry collector, where the environment names one.

By OpenTelemetry's own variables. LlamaIndex's own bridge is not used: it sends the words of
questions, prompts and passages along, and keeps every span that has ended.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span import BaseSpan
from llama_index_instrumentation.span_handlers import BaseSpanHandler
from pydantic import PrivateAttr

from assistant.errors import UsageError
from assistant.observing.logs import request_id

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_PROTOCOL = "http/protobuf"
_ID = 37  # what LlamaIndex adds to a span's name: "-" and a uuid


@contextmanager
def traced(version: str) -> Iterator[None]:
    """Send the steps done meanwhile to the collector of the environment; without one, nothing.

    Raises:
        UsageError: the packages are not installed, or the environment asks for another protocol.
    """
    named = any(os.environ.get(name) for name in _ENDPOINTS)
    if not named or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        yield
        return
    provider = _provider(version)
    handler = _Handler(provider.get_tracer("dateline", version))
    dispatcher = get_dispatcher()
    dispatcher.add_span_handler(handler)
    try:
        yield
    finally:
        dispatcher.span_handlers.remove(handler)
        provider.shutdown()


def _provider(version: str) -> TracerProvider:
    asked = next(filter(None, (os.environ.get(name) for name in _PROTOCOLS)), _PROTOCOL)
    if asked != _PROTOCOL:
        raise UsageError(f"traces are sent as {_PROTOCOL} alone: set {_PROTOCOLS[1]} to that")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as error:
        raise UsageError(
            f"traces need the package {error.name}: pip install 'dateline-assistant[otel]'"
        ) from error
    name = os.environ.get("OTEL_SERVICE_NAME", "dateline")
    resource = Resource.create({"service.name": name, "service.version": version})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


class _Span(BaseSpan):
    """A span of LlamaIndex's that is open, and OpenTelemetry's of it."""

    sent: Any


class _Handler(BaseSpanHandler[_Span]):
    """Begins and ends a span of OpenTelemetry's with each of LlamaIndex's: name, times, our values.

    Of an error its class, not its words, and of a call no argument and no result.
    """

    _tracer: Any = PrivateAttr()

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(open_spans={}, completed_spans=[], dropped_spans=[], current_span_ids={})
        self._tracer = tracer

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows this class."""
        return "DatelineSpanHandler"

    def new_span(
        self,
        id_: str,
        bound_args: inspect.BoundArguments,
        instance: Any | None = None,  # noqa: ANN401  # LlamaIndex's signature
        parent_span_id: str | None = None,
        tags: dict[str, Any] | None = None,
        **kwargs: Any,  # noqa: ANN401  # llama-index's signature
    ) -> _Span:
        """Begin one, below that which LlamaIndex says; the first of a tree names its request."""
        from opentelemetry.context import Context
        from opentelemetry.trace import set_span_in_context

        parent = self.open_spans.get(parent_span_id or "")
        within = set_span_in_context(parent.sent, Context()) if parent else Context()
        sent = self._tracer.start_span(id_[:-_ID], within)
        if parent is None and (named := request_id()):
            sent.set_attribute("dateline.request_id", named)
        span = _Span(id_=id_, parent_id=parent_span_id, sent=sent)
        span.tags = tags if tags is not None else {}  # not copied: more may be put in on the way
        return span

    def prepare_to_exit_span(
        self,
        id_: str,
        bound_args: inspect.BoundArguments,
        instance: Any | None = None,  # noqa: ANN401  # llama-index's signature
        result: Any | None = None,  # noqa: ANN401  # llama-index's signature
        **kwargs: Any,  # noqa: ANN401  # llama-index's signature
    ) -> _Span | None:
        """End one."""
        return self._end(id_)

    def prepare_to_drop_span(
        self,
        id_: str,
        bound_args: inspect.BoundArguments,
        instance: Any | None = None,  # noqa: ANN401  # llama-index's signature
        err: BaseException | None = None,
        **kwargs: Any,  # noqa: ANN401  # llama-index's signature
    ) -> _Span | None:
        """End one that failed, or that nobody wanted to the end."""
        return self._end(id_, err)

    def _end(self, id_: str, error: BaseException | None = None) -> _Span | None:
        from opentelemetry.trace import StatusCode

        span = self.open_spans.get(id_)
        if span is None:
            return None
        for name, value in span.tags.items():
            span.sent.set_attribute(f"dateline.{name}", value)
        if error is not None:
            span.sent.set_attribute("error.type", type(error).__name__)
        if isinstance(error, Exception):  # not an end that was asked for
            span.sent.set_status(StatusCode.ERROR)
        span.sent.end()
        return span
