"""A real server on loopback, with an engine that says what it was told to."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Completion, Prompt, Sampling
from funcsmith.models.scripted import Scripted
from funcsmith.server.access import Access
from funcsmith.server.app import make_app
from funcsmith.server.keys import KeyRing
from funcsmith.server.service import Service
from funcsmith.settings import settings

FACTORIAL = "给定一个正整数 n，输出 n 的阶乘。"
CODE = """def factorial(n: int) -> int:
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result

factorial(5)"""


class Slow(Scripted):
    """Decodes until it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.began = threading.Event()
        self.stopped = threading.Event()
        self.enough = threading.Event()

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        self.began.set()
        until = time.monotonic() + 30
        while time.monotonic() < until and not self.enough.is_set():
            if cancel is not None and cancel.cancelled:
                self.stopped.set()
                return Completion("", finish="cancelled")
            time.sleep(0.01)
        return Completion("")


class Seen(HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.said = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.said += data


@dataclass
class Running:
    """A server that runs, and what is behind it."""

    url: str
    engine: Any
    service: Service
    ring: KeyRing
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.url, timeout=60, trust_env=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Start a server; keywords go to `Service` and `make_app`."""
    ends: list[Callable[[], None]] = []

    def start(
        engine: Any = None, *, body_limit: int = 2**20, origins: Any = (), **given: Any
    ) -> Running:
        engine = engine or Scripted()
        found = settings()
        ring = KeyRing(found.home)
        service = Service(found, engine=engine, **given)
        access = Access(ring, host="127.0.0.1", origins=frozenset(origins))
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            make_app(service, access, body_limit=body_limit), log_level="error", access_log=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        running = Running(f"http://127.0.0.1:{listening.getsockname()[1]}", engine, service, ring)

        def end() -> None:
            running.client.close()
            server.should_exit = True
            thread.join(20)
            listening.close()
            assert not thread.is_alive()

        ends.append(end)
        until = time.monotonic() + 20
        while not (server.started and service.ready):
            assert time.monotonic() < until
            time.sleep(0.01)
        return running

    yield start
    for end in ends:
        end()


@pytest.fixture
def harmless() -> Callable[[str], str]:
    """The text of a piece, in which nothing that was typed or written has become markup."""

    def said(html: str) -> str:
        seen = Seen(html)
        assert not {"script", "img", "iframe", "style", "object"} & set(seen.tags)
        names = {name for name, _ in seen.attributes}
        assert not [name for name in names if name.startswith("on") or name == "style"]
        # Where a piece sends requests is ours alone.
        places = [
            value for name, value in seen.attributes if name in ("hx-post", "hx-get", "action")
        ]
        assert all(value is not None and value.startswith("/page/") for value in places)
        return seen.said

    return said


@pytest.fixture
def process() -> Callable[..., StdioServerParameters]:
    """A server of MCP in a process of its own: Python's arguments."""
    source = Path(__file__).parents[2] / "src"

    def started(*arguments: str) -> StdioServerParameters:
        env = {**os.environ, "PYTHONPATH": str(source)}
        return StdioServerParameters(command=sys.executable, args=[*arguments], env=env)

    return started


@pytest.fixture
def meet() -> Callable[..., None]:
    """Let the official client meet a server of MCP; keywords go to the client."""

    def met(server: Any, meeting: Callable[[Client], Awaitable[None]], **options: Any) -> None:
        async def run() -> None:
            async with Client(server, read_timeout_seconds=120, **options) as client:
                await meeting(client)

        # In a thread of its own: the browser of other tests leaves a loop in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(run())).result()

    return met
