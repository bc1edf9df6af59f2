"""Functions as the tools of an MCP server: the living library's, or those of an exported file.

A tool is called by its function's name, takes its parameters' schema and runs in the fence. A call
that fails is an answer with `isError`, in the function's language; a tool that does not exist is an
error of the protocol. Where the functions change, clients are told (`tools/list_changed`), those of
the newest protocol on the stream that they listen to, older ones in their session. Beside the
functions stand the tools that work on them (`workbench.py`), where there is a pipeline to do it.

`server_of` makes the official SDK's server, for stdio as for `/mcp` over HTTP; the SDK is imported
by nothing else.
"""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ..contract import Result, dumps
from ..errors import (
    AccessDenied,
    Cancelled,
    FuncsmithError,
    FunctionNotFound,
    Language,
    RequestInvalid,
)
from ..language import language_of
from ..library.arguments import fitting
from ..library.saved import Saved
from .keys import OWNER, Key

if TYPE_CHECKING:
    from anyio.abc import TaskGroup
    from mcp.server import Server
    from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
    from mcp.server.session import ServerSession
    from mcp_types import CallToolResult, ImageContent, Tool

    from ..execute import Grants
    from ..library import Library
    from .service import Service
    from .workbench import BenchTool, Workbench

CARRIED = ("name", "signature", "description", "language", "parameters", "source")
"""What an exported file has of each function."""
LOOK_SECONDS = 1.0
"""How often the library is looked through for changes that clients have to be told of."""


class Functions(Protocol):
    """What a server offers to one client."""

    key: Key
    """What the client may do, and whose library these are of."""
    workbench: Workbench | None
    """The tools that work on the functions; None where there are none."""

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

    key: Key = OWNER
    workbench: Workbench | None = None

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
    """The functions of a key's library, looked at when a client asks, with the workbench."""

    def __init__(self, service: Service, key: Key) -> None:
        from .workbench import Workbench

        # Whoever sits at this machine is written down as coming this way.
        self.key = replace(key, name="mcp") if key is OWNER else key
        self.workbench: Workbench | None = Workbench(service, self.key)
        self._service = service

    def listed(self) -> Sequence[Saved]:
        return self._functions.listed()

    def grants(self, saved: Saved) -> Grants | None:
        return self._functions.grants(saved)

    def stamp(self) -> object:
        return self._functions.stamp()

    def ran(self, saved: Saved, result: Result) -> None:
        self._service.audit.write(
            key=self.key.name,
            action="execute",
            function=saved.name,
            source=saved.source,
            grants=result.isolation.grants if result.isolation else (),
            status=result.status,
        )

    @property
    def _functions(self) -> LibraryFunctions:
        return LibraryFunctions(self._service.library(self.key))


class FileFunctions:
    """The functions that an exported file carries; nothing is granted to them."""

    key: Key = OWNER
    workbench: Workbench | None = None

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
        return Answer(_said(error, saved.language), failed=True)
    if result.status != "ok":
        return Answer(_failure(result, saved.language), failed=True)
    printed = f"{result.stdout.rstrip()}\n" if result.stdout.strip() else ""
    return Answer(printed + dumps(result.value), result.value)


def server_of(offered: Functions | Callable[[Any], Functions]) -> Server[Any]:
    """The official SDK's server, whose tools are these functions, or those of each HTTP request."""
    import anyio
    import anyio.to_thread
    import mcp_types as types
    from mcp.server import NotificationOptions, ServerRequestContext
    from mcp.server import Server as Official
    from mcp.server.models import InitializationOptions
    from mcp.shared.exceptions import MCPError
    from mcp_types.version import MODERN_PROTOCOL_VERSIONS

    from .. import __version__
    from .workbench import bench_tool

    class Announcing(Official[Any]):
        """Says to clients of the older protocol, too, that its tools change."""

        def create_initialization_options(
            self, notification_options: NotificationOptions | None = None, *given: Any
        ) -> InitializationOptions:
            options = notification_options or NotificationOptions(tools_changed=True)
            return super().create_initialization_options(options, *given)

    @asynccontextmanager
    async def lifespan(_: Server[Any]) -> AsyncIterator[_Rooms]:
        async with anyio.create_task_group() as group:
            yield _Rooms(group)
            group.cancel_scope.cancel()

    async def met(context: ServerRequestContext[Any]) -> tuple[Functions, _Room]:
        functions = offered(context.request) if callable(offered) else offered
        room = await context.lifespan_context.room(functions)
        if context.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            room.enter(context.session)
        return functions, room

    async def on_list_tools(
        context: ServerRequestContext[Any], _params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        functions, _ = await met(context)
        tools: list[types.Tool] = []
        if functions.key.allows("run"):
            tools += map(_tool, await anyio.to_thread.run_sync(functions.listed))
        if functions.workbench is not None:
            language = _language(context.request)
            tools += [_bench(tool, language) for tool in functions.workbench.tools()]
        return types.ListToolsResult(tools=tools)

    async def on_listen(
        context: ServerRequestContext[Any], params: types.SubscriptionsListenRequestParams
    ) -> types.SubscriptionsListenResult:
        _, room = await met(context)
        return await room.listen(context, params)

    async def on_call_tool(
        context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        functions, room = await met(context)
        arguments, language = params.arguments or {}, _language(context.request)
        workbench, tool = functions.workbench, bench_tool(params.name)
        if workbench is not None and tool is not None:
            try:
                said = await workbench.use(tool, arguments, language)
            except FuncsmithError as error:
                text = arguments.get("text")
                return _refused(error, language_of(text) if isinstance(text, str) else language)
            # Who made a function is to see it at once.
            await room.look()
            return _whole(said.model_dump(), failed=said.failed)
        stop = threading.Event()
        call = partial(answered, functions, params.name, arguments, cancel=stop.is_set)
        try:
            functions.key.needs("run")
            answer = await anyio.to_thread.run_sync(call, abandon_on_cancel=True)
        except AccessDenied as error:
            return _refused(error, language)
        except FunctionNotFound as error:
            raise MCPError(types.INVALID_PARAMS, f"{error.message()} {error.hint()}") from error
        finally:
            stop.set()
        return _answer(answer)

    return Announcing(
        "funcsmith",
        version=__version__,
        lifespan=lifespan,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
        on_subscriptions_listen=on_listen,
    )


class _Rooms:
    """One room for each library whose clients have come."""

    def __init__(self, group: TaskGroup) -> None:
        self._group = group
        self._rooms: dict[str, _Room] = {}

    async def room(self, functions: Functions) -> _Room:
        """The room of the library that these functions are of."""
        tenant = functions.key.tenant
        if tenant not in self._rooms:
            self._rooms[tenant] = _Room(functions)
            self._group.start_soon(self._rooms[tenant].watch)
        found = self._rooms[tenant]
        await found.begin()
        return found


class _Room:
    """The clients of one library, who are told when its functions change.

    Before the first of them comes nobody has to be told, and nothing is looked through.
    """

    def __init__(self, functions: Functions) -> None:
        import anyio
        from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler

        self._functions = functions
        self._bus = InMemorySubscriptionBus()
        self.listen = ListenHandler(self._bus)
        # Clients of the older protocol, by what they said of themselves: a session lives for a
        # request, and that object as long as the connection.
        self._sessions: dict[int, ServerSession] = {}
        self._known: object = None
        self._begun = False
        self._lock = anyio.Lock()

    def enter(self, session: ServerSession) -> None:
        """Remember a client that has to be told in its session."""
        self._sessions[id(session.client_params)] = session
        while len(self._sessions) > _MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]

    async def begin(self) -> None:
        """See the functions as they are, before the first client does."""
        import anyio.to_thread

        async with self._lock:
            if not self._begun:
                self._known = await anyio.to_thread.run_sync(self._functions.stamp)
                self._begun = True

    async def watch(self) -> None:
        """Look again and again, as long as the functions can change."""
        import anyio

        await self.begin()
        while self._known is not None:
            await anyio.sleep(LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """Tell everybody, where the functions have changed since the last look."""
        import anyio
        import anyio.to_thread
        from mcp.server.subscriptions import ToolsListChanged

        async with self._lock:
            now = await anyio.to_thread.run_sync(self._functions.stamp)
            before, self._known = self._known, now
        if before is None or before == now:
            return
        await self._bus.publish(ToolsListChanged())
        for name, session in list(self._sessions.items()):
            try:
                await session.send_tool_list_changed()
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                self._sessions.pop(name, None)


def user_of(key: Key) -> AuthenticatedUser:
    """A key as the SDK knows its users: a session answers only to the one who began it."""
    from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
    from mcp.server.auth.provider import AccessToken

    token = AccessToken(token=key.sha256, client_id=key.sha256, scopes=[key.scope])
    return AuthenticatedUser(token)


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

    server = server_of(functions)
    if http:
        import uvicorn

        uvicorn.run(
            server.streamable_http_app(host=host), host=host, port=port, log_level="warning"
        )
        return

    async def on_stdio() -> None:
        from mcp.server.stdio import stdio_server

        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

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


def _bench(tool: BenchTool, language: Language) -> Tool:
    import mcp_types as types

    return types.Tool(
        name=tool.name,
        title=tool.title[language],
        description=tool.description[language],
        input_schema=tool.schema(language),
        output_schema=tool.answer.model_json_schema(),
        annotations=types.ToolAnnotations.model_validate(dict(tool.hints)),
    )


def _answer(said: Answer) -> CallToolResult:
    import mcp_types as types

    content: list[Any] = [types.TextContent(type="text", text=said.text)]
    if isinstance(said.value, str) and said.value.startswith(_PICTURE):
        content = [_picture(said.value)]
    if said.failed:
        return types.CallToolResult(content=content, is_error=True)
    structured = {"result": _plain(said.value)}
    return types.CallToolResult(content=content, structured_content=structured)


def _whole(said: dict[str, Any], *, failed: bool) -> CallToolResult:
    """All that a tool says, and the same as text; a picture beside it, for it says nothing there."""
    import mcp_types as types

    pictures = []
    if str(said.get("result")).startswith(_PICTURE):
        pictures = [_picture(said["result"])]
        said = {**said, "result": None}
    content: list[Any] = [types.TextContent(type="text", text=dumps(said, indent=2)), *pictures]
    return types.CallToolResult(content=content, structured_content=_plain(said), is_error=failed)


def _refused(error: FuncsmithError, language: str) -> CallToolResult:
    return _answer(Answer(_said(error, language), failed=True))


def _said(error: FuncsmithError, language: str) -> str:
    return " ".join(filter(None, [error.message(language), error.hint(language)]))


def _plain(value: Any) -> Any:
    """The value through our own JSON: numbers that JSON has no word for are null there."""
    return json.loads(dumps(value))


def _picture(value: str) -> ImageContent:
    import mcp_types as types

    return types.ImageContent(
        type="image", data=value.removeprefix(_PICTURE), mime_type="image/png"
    )


def _language(request: Any) -> Language:
    """The language of a client: what its request says, else what this process speaks."""
    from ..cli.words import locale_language

    if request is None:
        return locale_language()
    from .stream import spoken

    return "zh" if spoken(request) == "zh" else "en"


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
