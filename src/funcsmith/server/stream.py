"""A request's stages as server-sent events, and its client's leaving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from fastapi import Request

from ..contract import Failure, Outcome, dumps
from ..errors import FuncsmithError
from ..language import language_of
from ..objects import Data
from ..trip import Event, Watcher

_ALIVE_SECONDS = 15.0


def spoken(request: Request | None) -> str:
    """The language to answer an error in: that of the browser or client, else English."""
    said = "" if request is None else request.headers.get("accept-language", "")
    return "zh" if said.strip().lower().startswith("zh") or language_of(said) == "zh" else "en"


def leaving(request: Request) -> Callable[[], Awaitable[None]]:
    """Waits until the client of a request, whose body was read, has gone away."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return gone


async def stages(
    answered: Callable[[Watcher], Awaitable[Outcome | dict[str, Any]]], language: str
) -> AsyncIterator[str]:
    """Every stage as an event of its name, at last `outcome` or `error`; a sign of life between.

    Left early, the work is cancelled.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Event] = asyncio.Queue()

    def seen(event: Event) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, event)

    task = asyncio.ensure_future(answered(seen))
    try:
        while True:
            coming = asyncio.ensure_future(queue.get())
            await asyncio.wait(
                {task, coming}, timeout=_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if coming.done():
                yield event_text("stage", _told(coming.result()))
                continue
            coming.cancel()
            if not task.done():
                yield ": waiting\n\n"
                continue
            while not queue.empty():
                yield event_text("stage", _told(queue.get_nowait()))
            break
        try:
            yield event_text("outcome", _dumped(task.result()))
        except FuncsmithError as error:
            yield event_text("error", Failure.of(error, language).model_dump())
    finally:
        if not task.done():
            task.cancel()


def event_text(name: str, data: Any) -> str:
    """One event; JSON has no line ends of its own, so one `data` line is enough."""
    return f"event: {name}\ndata: {dumps(data)}\n\n"


def _told(event: Event) -> dict[str, Any]:
    data = _dumped(event.data)
    return {"stage": event.stage, "state": event.state, "text": event.text, "data": data}


def _dumped(data: Any) -> Any:
    return data.model_dump() if isinstance(data, Data) else data
