"""REST with the contract's objects, over a real connection."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
import time
from typing import Any

import httpx
import jsonschema
import pytest

from funcsmith.export.openapi import openapi
from funcsmith.library.corrections import corrections
from funcsmith.models.scripted import Scripted
from funcsmith.server.keys import OWNER
from funcsmith.settings import settings

from .conftest import CODE, FACTORIAL, Slow

DOUBLE = 'def double(n: int) -> int:\n    """Twice a number.\n\n    >>> double(3)\n    6\n    """\n    return 2 * n\n'


def test_run_gives_the_outcome(serve: Any) -> None:
    """A text gives the contract's outcome, and its function is kept."""
    server = serve(Scripted().enqueue(CODE))

    outcome = server.client.post("/api/run", json={"text": FACTORIAL, "id": "7"}).json()

    assert (outcome["id"], outcome["kind"], outcome["result"]["value"]) == ("7", "function", 120)
    assert outcome["calls"][0]["arguments"] == {"n": 5}
    names = [one["name"] for one in server.client.get("/api/library").json()]
    assert names == ["factorial"]


def test_stages_are_streamed(serve: Any) -> None:
    """Asked for events, the stages come first and the outcome last."""
    server = serve(Scripted().enqueue(CODE))
    with server.client.stream(
        "POST", "/api/run", json={"text": FACTORIAL}, headers={"Accept": "text/event-stream"}
    ) as answer:
        blocks = "".join(answer.iter_text()).strip().split("\n\n")

    names = [block.splitlines()[0] for block in blocks]
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert set(names[:-1]) == {"event: stage"}
    assert names[-1] == "event: outcome"
    seen = [json.loads(block.splitlines()[1][6:]) for block in blocks]
    assert ("execute", "done") in [(one["stage"], one["state"]) for one in seen[:-1]]
    assert seen[-1]["result"]["value"] == 120


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-CN", "请求没有字段 «colour»。"), ("en", "A request has no field 'colour'.")],
)
def test_unknown_field_is_named(serve: Any, language: str, said: str) -> None:
    """A field that a request has not is refused by name, in the client's language."""
    server = serve()

    answer = server.client.post(
        "/api/run", json={"text": "1+1", "colour": 1}, headers={"Accept-Language": language}
    )

    assert (answer.status_code, answer.json()["error"]["message"]) == (422, said)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "request_invalid"),
        (b"[1]", 422, "request_invalid"),
        (b'{"text": " "}', 422, "text_empty"),
        (b'{"text": "' + b"x" * 30_000 + b'"}', 413, "text_too_long"),
        (b'{"text": "x", "inputs": {"a": {"path": "/etc/passwd"}}}', 422, "input_invalid"),
        (
            b'{"text": "x", "inputs": {"a": {"path": "/etc/passwd", "sheet": "x"}}}',
            422,
            "input_invalid",
        ),
    ],
)
def test_bad_bodies_get_clear_errors(serve: Any, body: bytes, status: int, code: str) -> None:
    """What is no request is refused with a code, and no file of the server is ever read."""
    server = serve()

    answer = server.client.post(
        "/api/run", content=body, headers={"Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert "root:" not in answer.text


def test_body_without_a_stated_length_is_bounded(serve: Any) -> None:
    """A body that is sent in pieces is refused once it is too large."""
    server = serve(body_limit=10_000)

    answer = server.client.post("/api/run", content=(b" " * 1000 for _ in range(100)))

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_library_function_runs_without_the_model(serve: Any) -> None:
    """A kept function runs on arguments; those that do not fit are refused by name."""
    server = serve()
    added = server.client.post("/api/library", json={"source": DOUBLE})
    run = "/api/library/double/run"

    assert (added.status_code, added.json()["verdict"]) == (201, "tested")
    assert server.client.post(run, json={"n": 21}).json()["value"] == 42
    wrong = [server.client.post(run, json=body) for body in ({}, {"n": "x"}, {"n": 1, "m": 2})]
    assert [one.status_code for one in wrong] == [422, 422, 422]
    assert [one.json()["error"]["message"] for one in wrong] == [
        "The argument 'n' is missing.",
        "n: 'x' is not of type 'integer'.",
        "double has no parameter 'm'.",
    ]
    assert server.engine.prompts == []


def test_function_is_shown_and_removed(serve: Any) -> None:
    """A function is shown whole, found by words, and gone once it is removed."""
    server = serve()
    server.client.post("/api/library", json={"source": DOUBLE})

    assert server.client.get("/api/library/double").json()["source"] == DOUBLE
    found = server.client.get("/api/library", params={"search": "twice the number"}).json()
    assert [one["name"] for one in found] == ["double"]
    assert server.client.delete("/api/library/double").status_code == 204
    assert server.client.get("/api/library/double").status_code == 404


def test_code_runs_in_the_fence(serve: Any) -> None:
    """Code of one's own runs, and what it may not do is refused."""
    server = serve()
    source = "def peek(path: str) -> str:\n    return open(path).read()\n"

    answer = server.client.post(
        "/api/execute",
        json={"function": "peek", "source": source, "arguments": {"path": "/etc/passwd"}},
    ).json()

    assert answer["status"] == "forbidden"
    assert "root:" not in json.dumps(answer)


def test_client_that_leaves_stops_the_model(serve: Any) -> None:
    """A client that goes away ends the decoding of its text."""
    engine = Slow()
    server = serve(engine)

    address = httpx.URL(server.url)
    request = httpx.Request("POST", f"{server.url}/api/run", json={"text": FACTORIAL})
    head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())

    with socket.create_connection((address.host, address.port)) as client:
        client.sendall(f"POST /api/run HTTP/1.1\r\n{head}\r\n".encode() + request.content)
        assert engine.began.wait(20)

    assert engine.stopped.wait(5)


def test_client_that_leaves_a_stream_stops_the_model(serve: Any) -> None:
    """The same while its stages are streamed."""
    engine = Slow()
    server = serve(engine)

    with server.client.stream(
        "POST", "/api/run", json={"text": FACTORIAL}, headers={"Accept": "text/event-stream"}
    ):
        assert engine.began.wait(5)

    assert engine.stopped.wait(5)


def test_time_out_stops_the_model(serve: Any) -> None:
    """After the longest time the answer is 504 and the decoding ends."""
    engine = Slow()
    server = serve(engine, seconds=0.5)

    answer = server.client.post("/api/run", json={"text": FACTORIAL})

    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "engine_timeout")
    assert engine.stopped.is_set()


def test_known_functions_do_not_wait_behind_the_model(serve: Any) -> None:
    """With the model taken and its queue full, texts that need it get 429, saved ones an answer."""
    engine = Slow()
    server = serve(engine, at_once=1, waiting=1)
    server.client.post("/api/library", json={"source": DOUBLE, "text": "twice 21"})
    threads = [
        threading.Thread(
            target=lambda text=text: httpx.post(
                f"{server.url}/api/run", json={"text": text}, timeout=30, trust_env=False
            )
        )
        for text in ("求第一个数", "求第二个数")
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 10
    while (server.service.lane.under_way, server.service.lane.waiting) != (1, 1):
        assert time.monotonic() < until
        time.sleep(0.01)

    refused = server.client.post("/api/run", json={"text": "求第三个数"})
    known = server.client.post("/api/library/double/run", json={"n": 4})

    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "server_busy")
    assert int(refused.headers["Retry-After"]) >= 1
    assert known.json()["value"] == 8
    engine.enough.set()
    for thread in threads:
        thread.join(30)


def test_same_key_is_answered_once(serve: Any) -> None:
    """A request that is sent again with its Idempotency-Key has the first answer."""
    server = serve(Scripted().enqueue(CODE))
    headers = {"Idempotency-Key": "a"}

    first = server.client.post("/api/run", json={"text": FACTORIAL}, headers=headers)
    again = server.client.post("/api/run", json={"text": FACTORIAL}, headers=headers)
    other = server.client.post("/api/run", json={"text": "1+1"}, headers=headers)

    assert first.json()["cost"]["model_calls"] == 1
    assert again.text == first.text
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")


def test_replicas_and_restarts_have_the_same_answers(serve: Any) -> None:
    """Another server of the same home has the first answer, and keys are apart by who shows them."""
    headers = {"Idempotency-Key": "a"}
    one, other = serve(Scripted().enqueue(CODE)), serve(Scripted())

    first = one.client.post("/api/functions", json={"text": FACTORIAL}, headers=headers)
    again = other.client.post("/api/functions", json={"text": FACTORIAL}, headers=headers)
    reused = other.client.post("/api/run", json={"text": "1+1"}, headers=headers)
    key = other.ring.add("laptop", "run")
    own = {**headers, "Authorization": f"Bearer {key}"}
    theirs = other.client.post("/api/functions", json={"text": FACTORIAL}, headers=own)

    assert first.json()["cost"]["model_calls"] == 1
    assert again.text == first.text
    assert (reused.status_code, reused.json()["error"]["code"]) == (422, "idempotency_key_reused")
    assert theirs.json()["cost"]["model_calls_avoided"] == 1


def test_answers_stay_in_the_process_where_runs_are_not_kept(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With FUNCSMITH_RUNS_KEPT=0 nothing of an answer is written down."""
    monkeypatch.setenv("FUNCSMITH_RUNS_KEPT", "0")
    server = serve(Scripted().enqueue(CODE))
    headers = {"Idempotency-Key": "a"}

    first, again = (
        server.client.post("/api/run", json={"text": FACTORIAL}, headers=headers) for _ in "ab"
    )

    assert again.text == first.text
    with sqlite3.connect(settings().home / "funcsmith.db") as index:
        assert index.execute("SELECT COUNT(*) FROM answers").fetchall() == [(0,)]


def test_counts_and_health(serve: Any) -> None:
    """The server says that it lives, is ready, and what it counted."""
    server = serve(Scripted().enqueue(CODE))
    server.client.post("/api/run", json={"text": FACTORIAL})
    server.client.post("/api/run", json={"text": FACTORIAL})

    assert server.client.get("/livez").json() == {"status": "ok"}
    assert server.client.get("/readyz").json()["status"] == "ok"
    counted = server.client.get("/metrics").text
    assert 'funcsmith_requests_total{route="/api/run",status="200"} 2.0' in counted
    assert "funcsmith_model_calls_avoided_total 1.0" in counted
    assert FACTORIAL not in counted


def test_runs_and_models(serve: Any) -> None:
    """What was asked is listed, newest first; the catalogue says what is here."""
    server = serve(Scripted().enqueue(CODE))
    server.client.post("/api/run", json={"text": FACTORIAL})

    assert server.client.get("/api/runs").json()[0]["text"] == FACTORIAL
    models = server.client.get("/api/models").json()
    assert {one["name"]: one["state"] for one in models}["qwen2.5-coder-1.5b"] == "absent"
    assert server.client.get("/api/stats").json()["functions"] == 1


def test_document_of_the_routes_is_valid(serve: Any) -> None:
    """The OpenAPI document names the contract's objects and every route."""
    document = serve().client.get("/api/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert {"Request", "Outcome", "Result"} <= document["components"]["schemas"].keys()
    assert "/v1/chat/completions" in document["paths"]


def test_exported_document_is_what_the_server_answers(serve: Any) -> None:
    """Paths and failures of `library export --format openapi` are those of the server."""
    server = serve()
    source = 'def 阶乘(n: int) -> int:\n    """n 的阶乘。"""\n    return 1 if n < 2 else n * 阶乘(n - 1)\n'
    server.client.post("/api/library", json={"source": source})

    document = openapi(server.service.library(OWNER).list())

    (path,) = document["paths"]
    assert server.client.post(path, json={"n": 5}).json()["value"] == 120
    failure = server.client.post(path, json={})
    schema = document["components"]["schemas"]["Failure"]
    assert failure.status_code == 422
    jsonschema.validate(failure.json(), schema)


def test_corrections_are_kept(serve: Any) -> None:
    """What a client says is right stands in the home of its tenant; what does not fit is refused."""
    server = serve()
    server.client.post("/api/library", json={"source": DOUBLE})
    right = {"text": "double four", "what": "arguments", "function": "double"}

    kept = server.client.post("/api/corrections", json={**right, "arguments": {"n": 4}})
    refused = [
        server.client.post("/api/corrections", json=body).json()["error"]["code"]
        for body in (
            {**right, "arguments": {"n": "four"}},
            {**right, "arguments": {"m": 4}},
            {**right, "function": "treble", "arguments": {"n": 4}},
            {**right, "what": "other"},
        )
    ]

    assert (kept.status_code, kept.json()["arguments"]) == (201, {"n": 4})
    assert refused == [
        "arguments_invalid", "arguments_invalid", "function_not_found", "request_invalid",
    ]  # fmt: skip
    home = server.service.settings.home
    assert [(one.text, one.arguments) for one in corrections(home)] == [("double four", {"n": 4})]
