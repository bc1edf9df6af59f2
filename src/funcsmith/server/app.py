"""The application: routes, who may come in, how an error leaves, and what is written of a request."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import __version__
from ..asked import refused
from ..contract import Failure
from ..contract import Request as Asked
from ..errors import FuncsmithError, RequestInvalid
from .access import Access
from .health import health
from .idempotency import OwnAnswers
from .mcp import ServedFunctions, server_of, user_of
from .openai import error_of, openai
from .page import page
from .page_code import page_code
from .page_rows import page_rows
from .pieces import POLICY, STATIC, failure_piece
from .rest import rest
from .rewriting import rewriting
from .rows import rows
from .service import Service
from .stream import spoken
from .versions import versions

BODY_LIMIT = 16 * 2**20
"""Bytes of one request."""
_SWEEP_SECONDS = 60.0

log = logging.getLogger("funcsmith.server")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
}
_CROSS_ORIGIN = {
    "Access-Control-Allow-Headers": "authorization, content-type, idempotency-key",
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Vary": "Origin",
}


class BodyTooLarge(RequestInvalid):
    code = "body_too_large"
    status_code = 413


def make_app(service: Service, access: Access, *, body_limit: int = BODY_LIMIT) -> FastAPI:
    """The application of one server; the model is loaded while it already answers."""
    tools = server_of(lambda request: ServedFunctions(service, request.state.key))
    tools_app = tools.streamable_http_app(host=access.host)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        warming = asyncio.ensure_future(_warmed(service))
        sweeping = asyncio.ensure_future(_swept(service))
        try:
            async with tools_app.router.lifespan_context(tools_app):
                yield
        finally:
            warming.cancel()
            sweeping.cancel()
            await asyncio.to_thread(service.close)

    app = FastAPI(
        title="Funcsmith · 函匠",
        version=__version__,
        description=(
            "Say what you want computed, in Chinese or English: a typed Python function, its "
            "arguments and the result, with evidence."
        ),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.service = service
    app.state.access = access
    app.state.answers = OwnAnswers()
    app.include_router(health)
    app.include_router(rest)
    app.include_router(rows)
    app.include_router(versions)
    app.include_router(rewriting)
    app.include_router(openai)
    app.include_router(page)
    app.include_router(page_rows)
    app.include_router(page_code)
    app.mount("/static", Assets(directory=STATIC), name="static")
    app.router.routes.append(Route("/mcp", Keyed(tools_app, access)))
    app.add_exception_handler(FuncsmithError, _failed)
    app.add_exception_handler(OSError, _failed)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _unrouted)
    app.add_middleware(BodyLimit, most=body_limit)
    app.add_middleware(Watch, service=service, access=access)
    if service.tracing is not None:
        from .tracing import Traced

        app.add_middleware(Traced, tracing=service.tracing)
    return app


async def _warmed(service: Service) -> None:
    """Load the model; where that fails, known functions are answered all the same."""
    try:
        await service.warm()
    except FuncsmithError as error:
        log.warning("%s %s", error.message("en"), error.hint("en"))


async def _swept(service: Service) -> None:
    """Remove, now and then, the files that clients left here."""
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        await service.threaded(service.uploads.sweep)


class Assets(StaticFiles):
    """The page's own files: asked for again each time, sent again only when they changed."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        answer = super().file_response(*given, **named)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


class Watch:
    """Lets in or not; counts and writes of each request; adds what every answer bears.

    A middleware of plain ASGI: a client that leaves while an answer streams is seen at once.
    """

    def __init__(self, app: ASGIApp, service: Service, access: Access) -> None:
        self._app = app
        self._service = service
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request = Request(scope)
        said = request.headers.get("x-request-id", "")[:100]
        number = "".join(c for c in said if c.isalnum() or c in "-_.") or uuid.uuid4().hex
        origin = request.headers.get("origin")
        status = 499

        async def answered(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = number
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if origin is not None and origin in self._access.origins:
                    for name, value in _CROSS_ORIGIN.items():
                        headers[name] = value
                    headers["Access-Control-Allow-Origin"] = origin
            await send(message)

        try:
            self._access.comes_from_here(request)
        except FuncsmithError as error:
            await _failed(request, error)(scope, receive, answered)
        else:
            if request.method == "OPTIONS" and origin in self._access.origins:
                await Response(status_code=204)(scope, receive, answered)
            else:
                await self._app(scope, receive, answered)
        spent = time.perf_counter() - started
        route = getattr(scope.get("route"), "path", "other")
        self._service.metrics.requests.labels(route, status).inc()
        self._service.metrics.seconds.labels(route).observe(spent)
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "request": number,
            "method": request.method,
            "route": route,
            "status": status,
            "seconds": round(spent, 4),
        }
        log.info("%s", json.dumps(line))


class Keyed:
    """MCP's own application, for whoever has a key; which tools it may use is looked at there."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            key = self._access.key(request, "read")
        except FuncsmithError as error:
            await _failed(request, error)(scope, receive, send)
            return
        request.state.key = key
        await self._app({**scope, "user": user_of(key)}, receive, send)


class BodyLimit:
    """Refuses a body that is too large by its stated length, or once so much of it has come."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        refusal = _failed(Request(scope), _too_large(self._most))
        if not stated.isdigit() or int(stated) > self._most:
            await refusal(scope, receive, send)
            return
        come = 0

        async def counted() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > self._most:
                # Nothing more is read: what was read so far is no request.
                return {"type": "http.disconnect"}
            return message

        async def answered(message: Message) -> None:
            if come <= self._most:
                await send(message)

        with contextlib.suppress(ClientDisconnect):
            await self._app(scope, counted, answered)
        if come > self._most:
            await refusal(scope, receive, send)


def _failed(request: Request | None, error: Exception) -> Response:
    """An error of ours, in the language asked for; OpenAI's clients get it in their form."""
    if isinstance(error, OSError):
        error = FuncsmithError(f"{type(error).__name__}: {error.strerror or error}")
    assert isinstance(error, FuncsmithError)
    language = spoken(request)
    headers = {}
    wait = getattr(error, "retry_after_seconds", None)
    if wait is not None:
        headers["Retry-After"] = str(wait)
    if error.status_code == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if request is not None and request.url.path.startswith("/page/"):
        return failure_piece(request, error, headers)
    body: dict[str, Any] = Failure.of(error, language).model_dump()
    if request is not None and request.url.path.startswith("/v1/"):
        body = error_of(error, language)
    return JSONResponse({"error": body}, error.status_code, headers)


def _misread(request: Request, error: Exception) -> Response:
    """What FastAPI could not read as what the route takes."""
    assert isinstance(error, RequestValidationError)
    found = [{**one, "loc": one["loc"][1:]} for one in error.errors()]
    for one in found:
        if one["type"] == "json_invalid":
            said = (one.get("ctx") or {}).get("error", "")
            return _failed(request, _no_json(f": {said}", f"：{said}"))
    return _failed(request, refused(found, known=Asked.model_names()))


def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # bytes that are no text, or nesting without end
        return _failed(request, _no_json())
    language = spoken(request)
    words = {
        404: {"en": "There is nothing at this address.", "zh": "这个地址上没有内容。"},
        405: {"en": "This address does not answer that method.", "zh": "该地址不支持此方法。"},
    }.get(error.status_code, {"en": str(error.detail), "zh": str(error.detail)})
    body: dict[str, Any] = {"code": "http", "message": words[language], "hint": "/api/openapi.json"}
    return JSONResponse({"error": body}, error.status_code, dict(error.headers or {}))


def _no_json(why_en: str = "", why_zh: str = "") -> RequestInvalid:
    return RequestInvalid(
        {"en": f"The body is not JSON{why_en}.", "zh": f"请求体不是 JSON{why_zh}。"},
        hint='{"text": "…"}',
    )


def _too_large(most: int) -> BodyTooLarge:
    return BodyTooLarge(
        {
            "en": f"The body has more than {most:,} bytes.",
            "zh": f"请求体超过 {most:,} 字节。",
        },
        hint={
            "en": "Send less at once; `funcsmith apply` takes large files.",
            "zh": "请分批发送；大文件请用 `funcsmith apply`。",
        },
    )


__all__ = ["BODY_LIMIT", "BodyTooLarge", "make_app"]
