"""Functions as the tools of an MCP server: the living library's, or those of an exported file.

A tool is called by its function's name, takes its parameters' schema and runs in the fence. A call
that fails is an answer with `isError`, in the function's language; a tool that does not exist is an
error of the protocol. Where the functions change, clients are told (`tools/list_changed`), those of
the newest protocol on the stream that they listen to, older ones in their session.

`server_of` makes the official SDK's server, for stdio as for `/mcp` over HTTP; the SDK is imported
by nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ..contract import Result, dumps
from ..errors import Cancelled, FuncsmithError, FunctionNotFound, RequestInvalid
from ..library.arguments import fitting
from ..library.saved import Saved
from .keys import OWNER

if TYPE_CHECKING:
    from mcp.server import Server
    from mcp.server.session import ServerSession
    from mcp_types import CallToolResult, Tool

    from ..execute import Grants
    from ..library import Library
    from .service import Service

CARRIED = ("name", "signature", "description", "language", "parameters", "source")
"""What an exported file has of each function."""
LOOK_SECONDS = 1.0
"""How often the library is looked through for changes that clients have to be told of."""


class Functions(Protocol):
    """What a server offers."""

    def listed(self) -> Sequence[Saved]:
        """The functions, in the order in which they are shown."""

    def grants(self, saved: Saved) -> Grants | None:
        """What the owner lets one of them do beyond computing."""

    def stamp(self) -> object:
        """Equal as long as the functions are the same."""

    def ran(self, saved: Saved, result: Result) -> None:
        """Told of every run."""


class LibraryFunctions:
    """The functions of a library as it is now: all, or those of some names."""

    def __init__(self, library: Library, names: Sequence[str] = ()) -> None:
        self._library, self._names = library, tuple(names)

    def listed(self) -> Sequence[Saved]:
        if self._names:
            found = [self._library.get(name) for name in self._names]
        else:
            found = [saved for saved in self._library.list() if not saved.broken]
        return [self._library.alone(saved) for saved in found]

    def grants(self, saved: Saved) -> Grants | None:
        return self._library.grants(self._library.get(saved.name))

    def stamp(self) -> object:
        return self._library.folder.stamps()

    def ran(self, saved: Saved, result: Result) -> None:
        pass


class ServedFunctions:
    """The functions of the library that a server has, looked at when a client asks."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def listed(self) -> Sequence[Saved]:
        return LibraryFunctions(self._service.library(OWNER)).listed()

    def grants(self, saved: Saved) -> Grants | None:
        return LibraryFunctions(self._service.library(OWNER)).grants(saved)

    def stamp(self) -> object:
        return LibraryFunctions(self._service.library(OWNER)).stamp()

    def ran(self, saved: Saved, result: Result) -> None:
        self._service.audit.write(
            key="mcp",
            action="execute",
            function=saved.name,
            source=saved.source,
            grants=result.isolation.grants if result.isolation else (),
            status=result.status,
        )


class FileFunctions:
    """The functions that an exported file carries; nothing is granted to them."""

    def __init__(self, functions: Sequence[Mapping[str, Any]]) -> None:
        """Each with the keys of `CARRIED`, as the export wrote them."""
        self._functions = [
            Saved(file=str(one["name"]), **{key: one[key] for key in CARRIED}) for one in functions
        ]

    def listed(self) -> Sequence[Saved]:
        return self._functions

    def grants(self, saved: Saved) -> Grants | None:  # noqa: ARG002  # nothing is granted
        return None

    def stamp(self) -> object:
        return None

    def ran(self, saved: Saved, result: Result) -> None:
        pass


@dataclass(frozen=True)
class Answer:
    """What a tool says."""

    text: str
    value: Any = None
    failed: bool = False


def answered(
    functions: Functions,
    name: str,
    arguments: Mapping[str, Any],
    *,
    cancel: Callable[[], bool] | None = None,
) -> Answer:
    """Run one function in the fence; FunctionNotFound where there is none of that name."""
    from ..execute import execute

    saved = next((one for one in functions.listed() if one.name == name), None)
    if saved is None:
        known = ", ".join(one.name for one in functions.listed()[:20])
        raise FunctionNotFound(
            {"en": f"There is no tool {name!r}.", "zh": f"没有工具 {name!r}。"}, hint=known
        )
    try:
        given = fitting(saved.name, saved.signature, saved.parameters, arguments)
        grants = functions.grants(saved)
        result = execute(saved.source, saved.name, given, grants=grants, cancel=cancel)
        functions.ran(saved, result)
    except Cancelled:
        raise
    except FuncsmithError as error:
        said = " ".join(filter(None, [error.message(saved.language), error.hint(saved.language)]))
        return Answer(said, failed=True)
    if result.status != "ok":
        return Answer(_failure(result, saved.language), failed=True)
    printed = f"{result.stdout.rstrip()}\n" if result.stdout.strip() else ""
    return Answer(printed + dumps(result.value), result.value)


def server_of(functions: Functions) -> Server[Any]:
    """The official SDK's server, whose tools are these functions."""
    import anyio
    import anyio.to_thread
    import mcp_types as types
    from mcp.server import Server, ServerRequestContext
    from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ToolsListChanged
    from mcp.shared.exceptions import MCPError
    from mcp_types.version import MODERN_PROTOCOL_VERSIONS

    from .. import __version__

    bus = InMemorySubscriptionBus()
    # Clients of the older protocol, by what they said of themselves: a session lives for a request,
    # and that object as long as the connection.
    sessions: dict[int, ServerSession] = {}

    listen, met = ListenHandler(bus), anyio.Event()

    async def told_of_changes() -> None:
        # Until the first client comes nobody has to be told, and nothing is looked through.
        await met.wait()
        known = await anyio.to_thread.run_sync(functions.stamp)
        while known is not None:
            await anyio.sleep(LOOK_SECONDS)
            now = await anyio.to_thread.run_sync(functions.stamp)
            if now == known:
                continue
            known = now
            await bus.publish(ToolsListChanged())
            for session in list(sessions.values()):
                await session.send_tool_list_changed()

    @asynccontextmanager
    async def lifespan(_: Server[Any]) -> AsyncIterator[dict[str, Any]]:
        async with anyio.create_task_group() as group:
            group.start_soon(told_of_changes)
            yield {}
            group.cancel_scope.cancel()

    async def on_list_tools(
        context: ServerRequestContext[Any], _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        met.set()
        if context.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            sessions[id(context.session.client_params)] = context.session
            while len(sessions) > _MOST_SESSIONS:
                del sessions[next(iter(sessions))]
        found = await anyio.to_thread.run_sync(functions.listed)
        return types.ListToolsResult(tools=[_tool(saved) for saved in found])

    async def on_listen(
        context: ServerRequestContext[Any], params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        met.set()
        return await listen(context, params)

    async def on_call_tool(
        _context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        stop = threading.Event()
        call = partial(answered, functions, params.name, params.arguments or {}, cancel=stop.is_set)
        try:
            said = await anyio.to_thread.run_sync(call, abandon_on_cancel=True)
        except FunctionNotFound as error:
            raise MCPError(types.INVALID_PARAMS, f"{error.message()} {error.hint()}") from error
        finally:
            stop.set()
        return _answer(said)

    return Server(
        "funcsmith",
        version=__version__,
        lifespan=lifespan,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
        on_subscriptions_listen=on_listen,
    )


def serve(functions: Functions, *, http: bool = False, host: str = "", port: int = 0) -> None:
    """Serve until the client leaves (standard input and output), or until stopped (HTTP).

    Over HTTP only this machine is served, since nobody is asked for a key: RequestInvalid otherwise.
    """
    if http and host not in ("127.0.0.1", "localhost", "::1"):
        raise RequestInvalid(
            {
                "en": f"{host} can be reached by others, and nobody would be asked for a key.",
                "zh": f"{host} 可被其他机器访问，而这里不检查密钥。",
            },
            hint={
                "en": "Serve 127.0.0.1, and put something with keys in front of it.",
                "zh": "请只监听 127.0.0.1，并在前面放一个检查密钥的服务。",
            },
        )
    import anyio
    from mcp.server import NotificationOptions

    server = server_of(functions)
    if http:
        import uvicorn

        uvicorn.run(
            server.streamable_http_app(host=host), host=host, port=port, log_level="warning"
        )
        return

    async def on_stdio() -> None:
        from mcp.server.stdio import stdio_server

        options = server.create_initialization_options(NotificationOptions(tools_changed=True))
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, options)

    anyio.run(on_stdio)


def _tool(saved: Saved) -> Tool:
    import mcp_types as types

    described = "\n\n".join(filter(None, [saved.description or saved.summary, _granted(saved)]))
    return types.Tool(
        name=saved.name,
        title=next(iter(saved.aliases), None),
        description=described or None,
        input_schema={"type": "object", **saved.parameters},
    )


def _granted(saved: Saved) -> str:
    """What a client should know before it calls: whether the function only computes."""
    kinds = [kind for kind in ("read", "network", "packages") if saved.granted.get(kind)]
    if not kinds:
        return ""
    said = {"read": "文件", "network": "网络", "packages": "安装的包"}
    if saved.language == "zh":
        return "已授权：" + "、".join(said[kind] for kind in kinds)
    return f"granted: {', '.join(kinds)}"


def _answer(said: Answer) -> CallToolResult:
    import mcp_types as types

    content: list[Any] = [types.TextContent(type="text", text=said.text)]
    if isinstance(said.value, str) and said.value.startswith(_PICTURE):
        picture = said.value.removeprefix(_PICTURE)
        content = [types.ImageContent(type="image", data=picture, mime_type="image/png")]
    if said.failed:
        return types.CallToolResult(content=content, is_error=True)
    # Through our own JSON: numbers that JSON has no word for are null there.
    import json

    structured = {"result": json.loads(dumps(said.value))}
    return types.CallToolResult(content=content, structured_content=structured)


_MOST_SESSIONS = 256
_PICTURE = "data:image/png;base64,"


def _failure(result: Result, language: str) -> str:
    what = result.error or result.limit or result.status
    if language == "zh":
        return f"{_STATUSES.get(result.status, result.status)}：{what}"
    return f"{result.status}: {what}"


_STATUSES = {
    "error": "代码出错",
    "timeout": "超时",
    "memory": "内存超限",
    "output": "输出过多",
    "forbidden": "不允许",
    "killed": "进程被终止",
    "not_run": "没有运行",
}
