"""An OpenAI-compatible server on loopback that does what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Play = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.headers.append(dict(self.headers))
        if self.path == "/v1/models":
            status, answer = self.server.models
        elif self.path == "/props" and self.server.props is not None:
            status, answer = 200, self.server.props
        else:
            status, answer = 404, {"error": "no such route"}
        self.answer(status, answer)

    def do_POST(self) -> None:
        self.server.headers.append(dict(self.headers))
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)
        plays = self.server.plays
        (plays.pop(0) if len(plays) > 1 else plays[0])(self, body)

    def answer(self, status: int, answer: Any, kind: str = "application/json") -> None:
        said = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def begin(self) -> None:
        """A stream without a stated length: it ends when the connection does."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def event(self, event: Any) -> None:
        said = event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)
        self.wfile.write(f"data: {said}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Nothing is written beside the test's own output."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *plays: Play, owner: str = "somebody", props: Any = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.plays = list(plays)
        self.models: tuple[int, Any] = (200, {"data": [{"id": "large", "owned_by": owner}]})
        self.props = props
        self.bodies: list[dict[str, Any]] = []
        """What was asked, in order."""
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is what some tests are about."""


@contextmanager
def serving(*plays: Play, owner: str = "somebody", props: Any = None) -> Iterator[Server]:
    server = Server(*plays, owner=owner, props=props)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def says(
    *pieces: str,
    logprob: float | None = -0.01,
    finish: str | None = "stop",
    usage: dict[str, Any] | None = None,
    done: bool = True,
) -> Play:
    """Streams the pieces, each a token, as vLLM and others do."""

    def play(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin()
        for piece in pieces:
            choice: dict[str, Any] = {"index": 0, "delta": {"content": piece}}
            if logprob is not None and body.get("logprobs"):
                one = {"token": piece, "logprob": logprob, "bytes": [*piece.encode()]}
                choice["logprobs"] = {"content": [{**one, "top_logprobs": [one]}]}
            handler.event({"choices": [choice]})
        if finish is not None:
            handler.event({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        if usage is not None:
            handler.event({"choices": [], "usage": usage})
        if done:
            handler.event("[DONE]")

    return play


def refuses(status: int, answer: Any) -> Play:
    return lambda handler, _: handler.answer(status, answer)
