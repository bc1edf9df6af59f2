"""Traces for OpenTelemetry (`funcsmith serve --trace`): one span a request, one for each stage in it.

Imported only where traces are asked for. No text, name or value of a user stands in a span, and of
what a client sends only `traceparent` is taken over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import __version__
from ..contract import Outcome
from ..errors import FuncsmithError

_UNTRACED = frozenset({"/livez", "/readyz", "/metrics"})
"""Asked every few seconds by machines."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def exporting() -> TracerProvider:
    """Spans go to where OTEL_EXPORTER_OTLP_ENDPOINT says, else to a collector on this machine."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = os.environ.get("OTEL_SERVICE_NAME") or "funcsmith"
    provider = TracerProvider(resource=Resource.create({"service.name": named}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


class Tracing:
    """The spans of one server. Threads that a request starts are part of its span."""

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("funcsmith", __version__)
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, method: str, traceparent: str) -> Iterator[Span]:
        """The span of a request, within its client's trace where it names one."""
        with self._tracer.start_as_current_span(
            method,
            context=self._propagator.extract({"traceparent": traceparent}),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield span

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """The span of a stage. Of an error its kind is said, not its message, which may hold values."""
        with self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except BaseException as error:
                kind = error.code if isinstance(error, FuncsmithError) else type(error).__name__
                span.set_attribute("error.type", kind)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def outcome(self, outcome: Outcome) -> None:
        """What came of the request that is under way, in kinds and counts."""
        cost, seconds = outcome.cost, outcome.seconds
        said: dict[str, str | int | bool] = {
            "funcsmith.kind": outcome.kind,
            "funcsmith.language": outcome.detection.language,
            "funcsmith.tokens.prompt": outcome.tokens.prompt,
            "funcsmith.tokens.generated": outcome.tokens.generated,
            "funcsmith.model_calls": cost.model_calls,
            "funcsmith.model_calls_avoided": cost.model_calls_avoided,
            "funcsmith.escalated": cost.escalated_to is not None,
            "funcsmith.detect_ms": round(seconds.detect * 1000),
            "funcsmith.generate_ms": round(seconds.generate * 1000),
            "funcsmith.execute_ms": round(seconds.execute * 1000),
        }
        if outcome.function is not None:
            said["funcsmith.verdict"] = outcome.function.verdict
            said["funcsmith.origin"] = outcome.function.origin
        if outcome.result is not None:
            said["funcsmith.status"] = outcome.result.status
        trace.get_current_span().set_attributes(said)

    def close(self) -> None:
        """Send what is not sent yet."""
        self._provider.shutdown()


class Traced:
    """The outermost layer of an application: a span around each request."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _UNTRACED:
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"traceparent", b"")
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        status = 499

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._tracing.request(method, said.decode("ascii", "replace")) as span:
            try:
                await self._app(scope, receive, answered)
            finally:
                route = getattr(scope.get("route"), "path", None)
                if route is not None:
                    span.update_name(f"{method} {route}")
                    span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)
                if status >= 500:
                    span.set_status(Status(StatusCode.ERROR))
