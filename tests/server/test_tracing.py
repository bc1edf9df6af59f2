"""Traces: one span a request, its stages within, and nothing of a user's in them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

pytest.importorskip("opentelemetry.sdk")

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from funcsmith.errors import EngineFailed
from funcsmith.models.scripted import Scripted
from funcsmith.server.tracing import Tracing

from .conftest import CODE

TEXT = "给定一个正整数 n，输出 n 的阶乘。机密七四一"


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracing(exporter: InMemorySpanExporter) -> Tracing:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Tracing(provider)


def by_name(exporter: InMemorySpanExporter, *, requests: int = 1) -> dict[str, ReadableSpan]:
    """The spans once so many requests have ended: a client has its answer a moment before."""
    until = time.monotonic() + 10
    while True:
        spans = exporter.get_finished_spans()
        if sum(span.kind is SpanKind.SERVER for span in spans) >= requests:
            return {span.name: span for span in spans}
        assert time.monotonic() < until
        time.sleep(0.01)


def test_stages_are_within_the_request(
    serve: Callable[..., Any], tracing: Tracing, exporter: InMemorySpanExporter
) -> None:
    """A new function is detected and generated within its request's span, a kept one executed."""
    server = serve(Scripted().enqueue(*[CODE] * 6), tracing=tracing)

    server.client.post("/api/run", json={"text": TEXT}).raise_for_status()
    spans = by_name(exporter)
    exporter.clear()
    server.client.post("/api/run", json={"text": TEXT}).raise_for_status()

    request = spans["POST /api/run"]
    assert set(by_name(exporter)) == {"detect", "execute", "POST /api/run"}
    assert set(spans) == {"detect", "generate", "POST /api/run"}
    for stage in ("detect", "generate"):
        assert spans[stage].parent is not None
        assert spans[stage].parent.span_id == request.context.span_id
        assert spans[stage].start_time >= request.start_time
        assert spans[stage].end_time <= request.end_time
    said = dict(request.attributes or {})
    numbers = {k: v for k, v in said.items() if k.endswith("_ms") or ".tokens." in k}
    assert {k: v for k, v in said.items() if k not in numbers} == {
        "http.request.method": "POST",
        "http.route": "/api/run",
        "http.response.status_code": 200,
        "funcsmith.kind": "function",
        "funcsmith.language": "zh",
        "funcsmith.verdict": "agreed",
        "funcsmith.origin": "generated",
        "funcsmith.status": "ok",
        "funcsmith.model_calls": 2,
        "funcsmith.model_calls_avoided": 0,
        "funcsmith.escalated": False,
    }
    assert len(numbers) == 5
    assert all(isinstance(number, int) for number in numbers.values())


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_trace_of_the_client_is_gone_on_with(
    serve: Callable[..., Any], tracing: Tracing, exporter: InMemorySpanExporter, accept: str
) -> None:
    """`traceparent` names the trace and the span that the request belongs to, also of a stream."""
    server = serve(Scripted().enqueue(*[CODE] * 6), tracing=tracing)
    trace, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    headers = {"traceparent": f"00-{trace}-{parent}-01", "accept": accept}

    server.client.post("/api/run", json={"text": TEXT}, headers=headers).raise_for_status()

    spans = by_name(exporter)
    request = spans["POST /api/run"]
    assert {format(span.context.trace_id, "032x") for span in spans.values()} == {trace}
    assert request.parent is not None
    assert format(request.parent.span_id, "016x") == parent
    assert (request.attributes or {})["funcsmith.kind"] == "function"


@pytest.mark.parametrize("said", ["", "nothing", "00-0-0-00", "é"])
def test_torn_traceparent_begins_a_trace(
    serve: Callable[..., Any], tracing: Tracing, exporter: InMemorySpanExporter, said: str
) -> None:
    """A header that is no traceparent is no error, and no parent."""
    server = serve(tracing=tracing)

    answer = server.client.get("/api/stats", headers={"traceparent": said.encode("latin-1")})

    assert answer.status_code == 200
    assert by_name(exporter)["GET /api/stats"].parent is None


def test_spans_hold_nothing_of_a_user(
    serve: Callable[..., Any], tracing: Tracing, exporter: InMemorySpanExporter
) -> None:
    """Texts, values, names, code, headers and messages of errors stay out, also where it fails."""
    secret = "机密七四一"
    failing = EngineFailed({"en": secret, "zh": secret})
    broken = CODE.replace("result *= factor", f"raise ValueError('{secret}')")
    server = serve(Scripted().enqueue(*[broken] * 6, *[failing] * 30), tracing=tracing)
    headers = {"tracestate": "x=secret741", "baggage": "y=secret741", "x-request-id": "secret741"}

    server.client.post("/api/run", json={"text": TEXT}, headers=headers)
    server.client.post("/api/run", json={"text": f"另一个 {TEXT}"}, headers=headers)
    server.client.get("/api/library/secret741", headers=headers)
    server.client.get("/secret741?q=secret741", headers=headers)

    by_name(exporter, requests=4)
    told = [json.loads(span.to_json()) for span in exporter.get_finished_spans()]
    assert len(told) >= 6
    whole = json.dumps(told, ensure_ascii=False)
    assert secret not in whole
    assert "741" not in whole
    assert "factorial" not in whole
    assert [span["events"] for span in told if span["events"]] == []


def test_failed_stage_says_its_kind(
    serve: Callable[..., Any], tracing: Tracing, exporter: InMemorySpanExporter
) -> None:
    """A stage that raised is an error of its code's name; so is the request, with its status."""
    server = serve(tracing=tracing)  # the script has no answer

    answer = server.client.post("/api/run", json={"text": TEXT})

    spans = by_name(exporter)
    failed = [span for span in spans.values() if "error.type" in (span.attributes or {})]
    assert {(span.attributes or {})["error.type"] for span in failed} == {"engine_failed"}
    assert (spans["POST /api/run"].attributes or {})["http.response.status_code"] == (
        answer.status_code
    )
    assert not spans["POST /api/run"].status.is_ok


def test_signs_of_life_are_not_traced(
    serve: Callable[..., Any], tracing: Tracing, exporter: InMemorySpanExporter
) -> None:
    """What machines ask every few seconds makes no span."""
    server = serve(tracing=tracing)

    for path in ("/livez", "/readyz", "/metrics"):
        assert server.client.get(path).status_code == 200

    assert exporter.get_finished_spans() == ()


def test_nothing_is_loaded_without_traces() -> None:
    """A server that was not asked for traces imports nothing of OpenTelemetry."""
    script = """
import sys
for name in [*sys.modules]:
    assert not name.startswith("opentelemetry")
from funcsmith.server.access import Access
from funcsmith.server.app import make_app
from funcsmith.server.keys import KeyRing
from funcsmith.server.service import Service
from funcsmith.settings import settings

found = settings()
make_app(Service(found), Access(KeyRing(found.home), host="127.0.0.1"))
print(sorted(n for n in sys.modules if n.startswith("opentelemetry.sdk") or "otlp" in n))
print("funcsmith.server.tracing" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines() == ["[]", "False"]


def test_spans_reach_a_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `--trace` makes sends its spans to the address of OTEL_EXPORTER_OTLP_ENDPOINT."""
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    from funcsmith.server.tracing import exporting

    seen: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        Thread(target=collector.serve_forever, daemon=True).start()
        address = httpx.URL(f"http://127.0.0.1:{collector.server_port}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", str(address))
        tracing = Tracing(exporting())
        with tracing.stage("detect"):
            pass
        tracing.close()
        collector.shutdown()

    assert [path for path, _ in seen] == ["/v1/traces"]
    assert b"funcsmith" in seen[0][1]
    assert b"detect" in seen[0][1]
