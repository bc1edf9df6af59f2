"""Counts for Prometheus. No text, name or value of a user stands in a label."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ..contract import Outcome
from .lane import Lane

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """The counters of one server."""

    def __init__(self, lane: Lane) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "funcsmith_requests",
            "Answered requests.",
            ("route", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "funcsmith_request_seconds",
            "Time to the whole answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._outcomes = Counter(
            "funcsmith_outcomes", "Outcomes.", ("kind", "verdict"), registry=self._registry
        )
        self._tokens = Counter(
            "funcsmith_tokens", "Tokens of the model.", ("kind",), registry=self._registry
        )
        self._avoided = Counter(
            "funcsmith_model_calls_avoided",
            "Texts answered without the model.",
            registry=self._registry,
        )
        waiting = Gauge(
            "funcsmith_model_waiting", "Requests waiting for the model.", registry=self._registry
        )
        waiting.set_function(lambda: lane.waiting)
        busy = Gauge(
            "funcsmith_model_busy", "Requests that have the model.", registry=self._registry
        )
        busy.set_function(lambda: lane.under_way)

    def count(self, outcome: Outcome) -> None:
        verdict = outcome.function.verdict if outcome.function is not None else ""
        self._outcomes.labels(outcome.kind, verdict).inc()
        self._tokens.labels("prompt").inc(outcome.tokens.prompt)
        self._tokens.labels("generated").inc(outcome.tokens.generated)
        self._avoided.inc(outcome.cost.model_calls_avoided)

    def text(self) -> bytes:
        return generate_latest(self._registry)
