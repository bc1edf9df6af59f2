"""Functions as MCP tools, seen by the official client."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from funcsmith.export import exported
from funcsmith.library import Library
from funcsmith.server.mcp import LibraryFunctions, answered, server_of
from funcsmith.settings import settings

SOURCES = (
    (
        'def 阶乘(n: int) -> int:\n    """n 的阶乘。\n\n    n：正整数\n    """\n'
        "    print('算')\n    return 1 if n < 2 else n * 阶乘(n - 1)\n"
    ),
    'def divide(a: float, b: float = 0.0) -> float:\n    """a by b."""\n    return a / b\n',
    "def far() -> list:\n    return [float('inf'), {1, 2}]\n",
)
SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
def library() -> Iterator[Library]:
    opened = Library.open(settings())
    for source in SOURCES:
        opened.add(source, origin="given")
    yield opened
    opened.close()


async def _uses(client: Client) -> None:
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert {name for name in listed if name.isidentifier()} == {"阶乘", "divide", "far"}
    assert listed["阶乘"].description == "n 的阶乘。"
    assert listed["阶乘"].input_schema["properties"] == {
        "n": {"type": "integer", "description": "正整数"}
    }

    done = await client.call_tool("阶乘", {"n": 5})
    assert (done.is_error, done.structured_content) == (False, {"result": 120})
    assert done.content[0].text.endswith("120")

    failed = await client.call_tool("divide", {"a": 1})
    assert failed.is_error
    assert "ZeroDivisionError: float division by zero (line 3)" in failed.content[0].text

    missing = await client.call_tool("阶乘", {})
    assert missing.is_error
    assert missing.content[0].text == "缺少参数 'n'。 阶乘(n: int) -> int 的参数：n"
    unknown = await client.call_tool("divide", {"a": 1, "c": 2})
    assert "has no parameter 'c'" in unknown.content[0].text
    wrong = await client.call_tool("divide", {"a": "much"})
    assert wrong.is_error
    assert "a: 'much' is not of type 'number'" in wrong.content[0].text

    far = await client.call_tool("far", {})
    assert far.structured_content == {"result": [None, [1, 2]]}
    with pytest.raises(MCPError, match="There is no tool 'nothing'"):
        await client.call_tool("nothing", {})


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_client_of_either_protocol_lists_and_calls(library: Library, mode: str, meet: Any) -> None:
    """Tools with their schemas; a value, a failure with its line, and what is missing, as answers."""
    meet(server_of(LibraryFunctions(library)), _uses, mode=mode)


def test_server_as_a_process(library: Library, process: Any, meet: Any) -> None:
    """`funcsmith mcp` over standard input and output is the same, whatever functions print."""
    meet(process("-m", "funcsmith", "mcp"), _uses)


def test_exported_server_is_one_file(
    library: Library, tmp_path: Path, process: Any, meet: Any
) -> None:
    """The file carries its functions: the library may be gone."""
    file = exported(library.list(), tmp_path / "server.py", "mcp")
    for name in ("阶乘", "divide", "far"):
        library.remove(name)

    meet(process(str(file)), _uses)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_client_is_told_when_the_library_changes(library: Library, mode: str, meet: Any) -> None:
    """A function that comes while a client is there is announced, and can be called."""

    async def meeting(client: Client) -> None:
        await client.list_tools()
        if mode == "auto":
            async with client.listen(tools_list_changed=True) as changes:
                library.add("def late(x: int) -> int:\n    return x\n", origin="given")
                async for _ in changes:
                    break
        else:
            library.add("def late(x: int) -> int:\n    return x\n", origin="given")
            await asyncio.wait_for(told.wait(), 60)
        assert "late" in {tool.name for tool in (await client.list_tools()).tools}
        assert (await client.call_tool("late", {"x": 7})).structured_content == {"result": 7}

    told = asyncio.Event()

    async def heard(message: Any) -> None:
        if type(message).__name__ == "ToolListChangedNotification":
            told.set()

    meet(server_of(LibraryFunctions(library)), meeting, mode=mode, message_handler=heard)


def test_server_over_http(library: Library, meet: Any) -> None:
    """The same over streamable HTTP, on this machine only."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "PYTHONPATH": str(SOURCE)}
    command = [sys.executable, "-m", "funcsmith", "mcp", "--http", "--port", str(port)]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 120
            while socket.socket().connect_ex(("127.0.0.1", port)):
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.2)
            meet(f"http://127.0.0.1:{port}/mcp", _uses)
        finally:
            process.terminate()
            process.wait(60)


def test_only_named_functions_are_offered(library: Library) -> None:
    """`funcsmith mcp NAME` offers these and no others."""
    chosen = LibraryFunctions(library, ["divide"])

    assert [saved.name for saved in chosen.listed()] == ["divide"]
    assert answered(chosen, "divide", {"a": 1, "b": 2}).value == 0.5


def test_server_of_everything_has_the_tools_too(serve: Any, library: Library, meet: Any) -> None:
    """`funcsmith serve` offers the functions at /mcp; every run is in the audit."""
    server = serve()

    meet(f"{server.url}/mcp", _uses)

    lines = (settings().home / "audit.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["key"] for line in lines} == {"mcp"}
    assert {json.loads(line)["function"] for line in lines} >= {"阶乘", "divide"}


def test_tools_want_a_key_where_there_is_one(serve: Any, library: Library) -> None:
    """With a key in the home nobody without one reaches the tools."""
    server = serve()
    server.ring.add("laptop", "read")
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}

    answer = server.client.post("/mcp", json=asked)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "key_missing")


def test_library_is_not_looked_through_without_a_client(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that no client of MCP has met does not look at the files again and again."""
    looked: list[object] = []
    monkeypatch.setattr(LibraryFunctions, "stamp", looked.append)
    monkeypatch.setattr("funcsmith.server.mcp.LOOK_SECONDS", 0.01)
    serve()

    time.sleep(0.5)

    assert looked == []
