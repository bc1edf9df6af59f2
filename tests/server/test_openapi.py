"""What `/api/openapi.json` says is what the server does, tried with generated requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

pytest.importorskip("schemathesis")

import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance
from schemathesis.core.failures import FailureGroup
from starlette.testclient import TestClient

from funcsmith.models.scripted import Scripted
from funcsmith.server.access import Access
from funcsmith.server.app import make_app
from funcsmith.server.keys import OWNER, KeyRing
from funcsmith.server.service import Service
from funcsmith.settings import settings

TYPED = {"model": "funcsmith", "messages": [{"role": "user", "content": "21 doubled"}]}
CODE = "def double(n: int) -> int:\n    return 2 * n\n\ndouble(21)"
TRYING = trying(
    max_examples=6,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    suppress_health_check=[*HealthCheck],
)


@pytest.fixture
def application() -> Iterator[Any]:
    """A server whose model answers everything with one function."""
    found = settings()
    service = Service(found, engine=Scripted({"": CODE}))
    service.library(OWNER).add("def kept(n: int) -> int:\n    return n + 1\n")
    # In a thread of its own: the browser of other tests leaves a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(service.warm())).result()
    app = make_app(service, Access(KeyRing(found.home), host="0.0.0.0"))

    async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
        # The loader begins and ends an application with each request; MCP's part begins once.
        if scope["type"] == "http":
            await app(scope, receive, send)

    yield without_lifespan
    service.close()


@pytest.fixture
def client(application: Any) -> httpx.Client:
    """A client that sees a failure of the server as its status."""
    return TestClient(application, raise_server_exceptions=False)


@pytest.mark.slow
def test_server_answers_as_its_document_says(application: Any) -> None:
    """No generated request makes an error of ours, and every answer has a status, a type and a form
    that the document names. (What a text says is no matter of a schema, so it may be refused.)"""
    api = schemathesis.openapi.from_asgi("/api/openapi.json", application)
    found: list[str] = []
    for operation in (each.ok() for each in api.get_all_operations()):
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:

            @given(case=operation.as_strategy(generation_mode=mode))
            @trying(TRYING)
            def holds(case: Any) -> None:
                case.call_and_validate(excluded_checks=[positive_data_acceptance])

            try:
                holds()
            except FailureGroup as failure:
                found.append(f"{operation.label}: {failure}")
            except Unsatisfiable:
                continue  # nothing can be wrong with a request that takes nothing

    assert found == [], "\n\n".join(found)


@pytest.mark.parametrize(
    "torn",
    [
        {"messages": "text"},
        {"messages": [1]},
        {"messages": [{"role": "user", "content": {"a": 1}}]},
        {"tools": "f"},
        {"tools": [{"function": "f"}]},
        {"tools": [{"type": "function", "function": {"name": 3}}]},
        {"response_format": "json"},
        {"response_format": {"type": "json_schema", "json_schema": "x"}},
        {"response_format": {"type": "json_schema", "json_schema": {"schema": []}}},
        {"stream": True, "stream_options": "yes"},
        {"model": ["funcsmith"]},
        {"n": "two"},
    ],
    ids=json.dumps,
)
def test_torn_fields_of_a_chat_are_refused(client: httpx.Client, torn: dict[str, Any]) -> None:
    """A field of OpenAI's form that has another type is a refusal in that form, no failure."""
    answer = client.post("/v1/chat/completions", json={**TYPED, **torn})

    assert answer.status_code in (404, 422)
    assert {*answer.json()["error"]} == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    "torn",
    [
        {"input": 3},
        {"input": [{"role": "user", "content": 3}]},
        {"input": [{"type": "function_call_output", "output": {"a": 1}}]},
        {"text": "plain"},
        {"text": {"format": "json"}},
        {"tools": {"a": 1}},
    ],
    ids=json.dumps,
)
def test_torn_fields_of_a_response_are_refused(client: httpx.Client, torn: dict[str, Any]) -> None:
    """The same in the Responses API."""
    answer = client.post("/v1/responses", json={"model": "funcsmith", "input": "21", **torn})

    assert answer.status_code == 422
    assert {*answer.json()["error"]} == {"message", "type", "param", "code"}


def test_choice_of_a_torn_tool_is_no_failure(client: httpx.Client) -> None:
    """A tool whose function is no object has no name, so that a choice by name finds none."""
    torn = {"tools": [{"function": "f"}], "tool_choice": {"function": {"name": "f"}}}

    answer = client.post("/v1/chat/completions", json={**TYPED, **torn})

    assert answer.status_code == 200
    assert "42" in answer.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize("path", ["/api/run", "/api/library", "/v1/chat/completions"])
@pytest.mark.parametrize("body", [b"\xff\xfe", b"{", b"[" * 100_000, b""])
def test_body_that_is_no_json_is_refused(client: httpx.Client, path: str, body: bytes) -> None:
    """Bytes that are no text, half an object and nesting without end are refused alike."""
    answer = client.post(path, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "request_invalid"
