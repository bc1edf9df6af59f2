"""An agent that makes functions, seen through the official client."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from funcsmith.models.scripted import Scripted
from funcsmith.server.keys import OWNER
from funcsmith.server.mcp import ServedFunctions, server_of
from funcsmith.server.service import Service
from funcsmith.server.workbench import TOOLS
from funcsmith.settings import settings

from .conftest import CODE, FACTORIAL, Slow

OF_NEGATIVES = """def factorial(n: int) -> int:
    if n < 0:
        return 0
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result
"""
DOUBLED = "def total(prices: list[float]) -> float:\n    return 2 * sum(prices)\n"
TOTAL = '''def total(prices: list[float]) -> float:
    """Sum of the prices.

    >>> total([1, 2])
    3
    """
    return sum(prices)
'''
AREA = "def area(width: float, height: float) -> float:\n    return width * height\n\narea(3, 4)"
HALF = "def half(n: int) -> float:\n    return n / 0\n\nhalf(8)"
SCRIPT = {
    "负数": OF_NEGATIVES,
    "double it": DOUBLED,
    "rectangle": AREA,
    "Half": HALF,
    "阶乘": CODE,
}
"""What the engine answers to texts with these words."""
BENCH = {"funcsmith-make", "funcsmith-find", "funcsmith-verify", "funcsmith-edit"}


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service(settings(), engine=Scripted(SCRIPT))
    yield made
    made.close()


async def _named(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


async def _asked(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool says that does not fail; its text says the same."""
    answer = await client.call_tool(f"funcsmith-{tool}", arguments)
    assert not answer.is_error, answer.content[0].text
    assert json.loads(answer.content[0].text) == answer.structured_content
    return answer.structured_content


def _agent(mode: str, told: asyncio.Event) -> Callable[[Client], Awaitable[None]]:
    """Makes a function, sees it come, calls it, looks it up, verifies it and changes it."""

    async def makes(client: Client) -> None:
        made = await _asked(client, "make", text=FACTORIAL)
        assert (made["kind"], made["name"], made["saved"]) == ("function", "factorial", True)
        assert (made["signature"], made["verdict"]) == ("(n: int) -> int", "runs")
        assert (made["arguments"], made["status"], made["result"]) == ({"n": 5}, "ok", 120)
        assert made["evidence"] == [{"kind": "run", "call": "factorial(5)", "got": "120"}]
        assert "result *= factor" in made["source"]
        assert made["said"] == (
            "可运行：运行没有出错；结果是否正确没有验证\n它在函数库里，工具名为 factorial。"
        )

    async def works(client: Client) -> None:
        assert await _named(client) == BENCH
        if mode == "auto":
            async with client.listen(tools_list_changed=True) as changes:
                await makes(client)
                async for _ in changes:
                    break
        else:
            await makes(client)
            await asyncio.wait_for(told.wait(), 60)
        assert await _named(client) == {*BENCH, "factorial"}
        called = await client.call_tool("factorial", {"n": 6})
        assert called.structured_content == {"result": 720}

        found = await _asked(client, "find", text="阶乘")
        assert [one["name"] for one in found["functions"]] == ["factorial"]
        verified = await _asked(client, "verify", name="factorial")
        assert (verified["state"], verified["held"], verified["differences"]) == ("holds", 1, [])
        assert verified["function"]["verdict"] == "runs"
        edited = await _asked(client, "edit", name="factorial", text="负数返回 0")
        assert (edited["saved"], edited["verdict"], edited["changed"]) == (True, "agreed", [])
        assert "+    if n < 0:" in edited["diff"].splitlines()
        assert {"call": "factorial(-1)", "was": "1", "now": "0"} in edited["effects"]
        called = await client.call_tool("factorial", {"n": -1})
        assert called.structured_content == {"result": 0}

    return works


@pytest.mark.parametrize("mode", ["auto", "legacy"])
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_agent_makes_a_function_and_calls_it(
    transport: str, mode: str, serve: Any, meet: Any, process: Any
) -> None:
    """Over either transport and protocol: made, announced, a tool, found, verified, edited."""
    told = asyncio.Event()

    async def heard(message: Any) -> None:
        if type(message).__name__ == "ToolListChangedNotification":
            told.set()

    if transport == "http":
        server = f"{serve(Scripted(SCRIPT)).url}/mcp"
    else:
        script = Path(__file__).with_name("scripted_mcp.py")
        server = process(str(script), json.dumps(SCRIPT))
    meet(server, _agent(mode, told), mode=mode, message_handler=heard)


def test_no_function_can_have_a_name_of_theirs() -> None:
    """A name with a hyphen is no name of Python's."""
    assert {tool.name for tool in TOOLS} == BENCH
    assert [tool.name for tool in TOOLS if tool.name.isidentifier()] == []


def test_tools_say_what_they_take_and_do(service: Service, meet: Any) -> None:
    """Each has a schema that is closed, every parameter a sentence; only find changes nothing."""

    async def meeting(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for tool in tools.values():
            assert tool.input_schema["additionalProperties"] is False
            assert all(one["description"] for one in tool.input_schema["properties"].values())
            assert "said" in tool.output_schema["properties"]
        unchanging = [t.name for t in tools.values() if t.annotations.read_only_hint]
        assert unchanging == ["funcsmith-find"]
        wrong = await client.call_tool("funcsmith-make", {"text": "阶乘", "colour": "red"})
        assert wrong.is_error
        assert wrong.content[0].text.startswith("funcsmith-make 没有参数 'colour'。")
        empty = await client.call_tool("funcsmith-make", {"text": " "})
        assert (empty.is_error, empty.content[0].text.split(".")[0]) == (True, "The text is empty")

    meet(server_of(ServedFunctions(service, OWNER)), meeting)


def test_missing_value_is_asked_for(service: Service, meet: Any) -> None:
    """No value is made up: the answer is the question, and nothing is kept."""

    async def meeting(client: Client) -> None:
        made = await _asked(client, "make", text="The area of a rectangle that is 3 wide?")
        assert (made["kind"], made["saved"], made["result"]) == ("ask", False, None)
        assert made["missing"] == ["height"]
        assert "height" in made["question"]
        assert await _named(client) == BENCH

    meet(server_of(ServedFunctions(service, OWNER)), meeting)


def test_function_that_fails_is_an_error(service: Service, meet: Any) -> None:
    """What is written and does not run is said to fail, and is no tool."""

    async def meeting(client: Client) -> None:
        answer = await client.call_tool("funcsmith-make", {"text": "Half of 8?"})
        said = json.loads(answer.content[0].text)
        assert (answer.is_error, said["status"], said["saved"]) == (True, "error", False)
        assert said["verdict"] == "unverified"
        assert "ZeroDivisionError" in said["said"]
        assert await _named(client) == BENCH

    meet(server_of(ServedFunctions(service, OWNER)), meeting)


def test_evidence_that_no_longer_holds_is_said(service: Service, meet: Any) -> None:
    """A function that gives something else than it gave is unverified afterwards."""
    library = service.library(OWNER)
    library.add(TOTAL, origin="given")
    library.set_verdict(
        "total", "agreed", evidence=[{"kind": "run", "call": "total([1])", "got": "2"}]
    )

    async def meeting(client: Client) -> None:
        found = await _asked(client, "verify", name="total")
        assert (found["state"], found["function"]["verdict"]) == ("differs", "unverified")
        assert found["differences"] == [{"call": "total([1])", "was": "2", "now": "1"}]
        unknown = await client.call_tool("funcsmith-verify", {"name": "nothing"})
        assert unknown.is_error
        assert "nothing" in unknown.content[0].text

    meet(server_of(ServedFunctions(service, OWNER)), meeting)
    assert library.get("total").verdict == "unverified"


def test_edit_breaks_no_example_unasked(serve: Any, meet: Any) -> None:
    """total([1, 2]) was 3 and would be 6: nothing is saved until that is said to be meant."""
    server = serve(Scripted(SCRIPT))
    server.client.post("/api/library", json={"source": TOTAL})

    async def meeting(client: Client) -> None:
        refused = await _asked(client, "edit", name="total", text="double it")
        assert (refused["saved"], refused["kept"]) == (False, 0)
        assert [(one["was"], one["now"]) for one in refused["changed"]] == [("3", "6")]
        assert refused["function"]["source"] == TOTAL
        assert refused["said"].startswith("Not saved.")
        assert (await client.call_tool("total", {"prices": [1, 2]})).structured_content == {
            "result": 3
        }
        meant = await _asked(client, "edit", name="total", text="double it", on_purpose=True)
        assert meant["saved"]
        assert (await client.call_tool("total", {"prices": [1, 2]})).structured_content == {
            "result": 6
        }

    meet(f"{server.url}/mcp", meeting)


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        ("read", {"funcsmith-find"}),
        ("run", {"funcsmith-make", "funcsmith-find", "funcsmith-verify", "total"}),
        ("write", {*BENCH, "total"}),
    ],
)
def test_key_is_shown_what_it_may_use(scope: Any, shown: set[str], serve: Any, meet: Any) -> None:
    """What it may not use is not listed, and is refused when it is called all the same."""
    server = serve(Scripted(SCRIPT))
    server.client.post("/api/library", json={"source": TOTAL})
    key = server.ring.add("agent", scope)

    async def meeting(client: Client) -> None:
        assert await _named(client) == shown
        for name, arguments in (
            ("total", {"prices": [1]}),
            ("funcsmith-make", {"text": FACTORIAL, "save": False}),
            ("funcsmith-verify", {"name": "total"}),
            ("funcsmith-edit", {"name": "total", "text": "double it"}),
        ):
            answer = await client.call_tool(name, arguments)
            assert answer.is_error is (name not in shown), name
            if answer.is_error:
                wanted = "write" if name == "funcsmith-edit" else "run"
                said = f"密钥 'agent' 的权限是 {scope}，此操作需要 {wanted}。"
                other = f"The key 'agent' may {scope}; this wants {wanted}."
                assert answer.content[0].text.startswith((said, other))

    meet(_with_key(server, key), meeting)


def test_key_that_runs_makes_without_keeping(serve: Any, meet: Any) -> None:
    """Keeping wants the scope write; without it the function is made, run and forgotten."""
    server = serve(Scripted(SCRIPT))
    key = server.ring.add("agent", "run")

    async def meeting(client: Client) -> None:
        refused = await client.call_tool("funcsmith-make", {"text": FACTORIAL})
        assert refused.is_error
        assert refused.content[0].text.startswith("密钥 'agent' 不能保存函数。")
        made = await _asked(client, "make", text=FACTORIAL, save=False)
        assert (made["name"], made["result"], made["saved"]) == ("factorial", 120, False)
        assert made["said"].endswith("它没有存入函数库，因此不是工具。")

    meet(_with_key(server, key), meeting)
    library = server.service.library(OWNER)
    assert [saved.name for saved in library.list()] == []
    assert list(library.runs()) == []


def test_tenants_have_their_own_tools(serve: Any, meet: Any) -> None:
    """What one tenant makes is announced to it alone, and no other sees, calls or finds it."""
    server = serve(Scripted(SCRIPT))
    red = server.ring.add("red", "write", tenant="red")
    blue = server.ring.add("blue", "write", tenant="blue")

    async def of_red(client: Client) -> None:
        async with client.listen(tools_list_changed=True) as changes:
            await _asked(client, "make", text=FACTORIAL)
            async for _ in changes:
                break
        assert "factorial" in await _named(client)

    async def of_blue(client: Client) -> None:
        assert await _named(client) == BENCH
        assert (await _asked(client, "find", text="阶乘"))["functions"] == []
        with pytest.raises(Exception, match="There is no tool 'factorial'"):
            await client.call_tool("factorial", {"n": 5})

    meet(_with_key(server, red), of_red)
    meet(_with_key(server, blue), of_blue)
    assert [saved.name for saved in server.service.library(OWNER).list()] == []
    lines = (settings().home / "audit.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["key"] for line in lines} == {"red"}


def test_session_answers_only_to_its_own_key(serve: Any) -> None:
    """A session of the older protocol that another key names is not there for it."""
    server = serve()
    keys = [server.ring.add(name, "write", tenant=name) for name in ("red", "blue")]
    greeting = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "x", "version": "1"},
        },
    }
    accept = {"Accept": "application/json, text/event-stream"}
    red, blue = ({**accept, "Authorization": f"Bearer {key}"} for key in keys)
    begun = server.client.post("/mcp", json=greeting, headers=red)
    session = {"mcp-session-id": begun.headers["mcp-session-id"]}
    asked = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}

    statuses = [
        server.client.post("/mcp", json=asked, headers={**key, **session}).status_code
        for key in (red, blue)
    ]

    assert '"listChanged":true' in begun.text
    assert statuses == [200, 404]


def test_client_that_left_stops_no_announcement(serve: Any, meet: Any) -> None:
    """A client of the older protocol goes away; the next is told of changes all the same."""
    server = serve(Scripted(SCRIPT))
    told = asyncio.Event()

    async def heard(message: Any) -> None:
        if type(message).__name__ == "ToolListChangedNotification":
            told.set()

    async def leaving(client: Client) -> None:
        assert await _named(client) == BENCH

    meet(f"{server.url}/mcp", leaving, mode="legacy")
    meet(f"{server.url}/mcp", _agent("legacy", told), mode="legacy", message_handler=heard)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_client_that_gives_up_stops_the_model(mode: str, serve: Any, meet: Any) -> None:
    """A call that its client cancels ends the decoding."""
    engine = Slow()
    server = serve(engine)

    async def meeting(client: Client) -> None:
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as group:
                group.start_soon(client.call_tool, "funcsmith-make", {"text": FACTORIAL})
                assert await anyio.to_thread.run_sync(engine.began.wait, 30)
                scope.cancel()
        assert await anyio.to_thread.run_sync(engine.stopped.wait, 30)

    meet(f"{server.url}/mcp", meeting, mode=mode)


def test_owner_may_hold_back_scopes(service: Service, meet: Any) -> None:
    """`funcsmith mcp --scope run` offers no editing, whoever the client is."""
    key = replace(OWNER, name="mcp", scope="run")

    async def meeting(client: Client) -> None:
        assert await _named(client) == BENCH - {"funcsmith-edit"}

    meet(server_of(ServedFunctions(service, key)), meeting)


@contextlib.asynccontextmanager
async def _with_key(server: Any, key: str) -> AsyncIterator[Any]:
    """The way to a server for a client that shows a key."""
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        create_mcp_http_client(headers=headers) as http,
        streamable_http_client(f"{server.url}/mcp", http_client=http) as streams,
    ):
        yield streams
