"""The pipelines behind the routes: one engine for all, one library for each tenant.

The pipeline is made of plain calls, so each request has a thread of its own while it is answered.
Whoever gives up (a client that went away, a time-out) cancels: decoding stops, the fence too.
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread

from ..contract import Detection, Outcome, Request
from ..errors import Cancelled, EngineTimeout, InputInvalid
from ..library import Library
from ..models.cancel import Cancel
from ..models.engine import Engine
from ..pipeline import Pipeline
from ..settings import Settings
from ..trip import Watcher
from .audit import Audit
from .keys import Key
from .lane import Lane
from .metrics import Metrics
from .uploads import Uploads

if TYPE_CHECKING:
    from .tracing import Tracing

T = TypeVar("T")

AT_ONCE = 2
"""Requests that have the model at the same time; each may have several candidates under way."""
WAITING = 16
QUICK = 32
"""Requests without the model at the same time."""
SECONDS = 600.0


class Service:
    """Everything that the routes share."""

    def __init__(
        self,
        settings: Settings,
        *,
        model: str | None = None,
        engine: Engine | None = None,
        at_once: int = AT_ONCE,
        waiting: int = WAITING,
        seconds: float = SECONDS,
        tracing: Tracing | None = None,
    ) -> None:
        self.settings = settings
        self.lane = Lane(at_once=at_once, waiting=waiting)
        self.metrics = Metrics(self.lane)
        self.audit = Audit(settings.home)
        self.uploads = Uploads()
        self.seconds = seconds
        self.tracing = tracing
        self.ready = False
        """Whether the model is loaded; known functions are answered before that too."""
        self._pipeline = Pipeline(settings=settings, model=model, engine=engine)
        self._tenants: dict[str, Pipeline] = {}
        self._lock = threading.Lock()
        # Whoever waits for a turn holds a thread, so there are as many as may wait, and then some.
        self._threads = CapacityLimiter(at_once + waiting + QUICK)

    @property
    def model(self) -> str:
        return self._pipeline.model

    def pipeline(self, key: Key) -> Pipeline:
        """The pipeline with the library of the key's tenant."""
        if not key.tenant:
            return self._pipeline
        with self._lock:
            if key.tenant not in self._tenants:
                home = self.settings.home / "tenants" / key.tenant
                self._tenants[key.tenant] = Pipeline(
                    settings=replace(self.settings, home=home),
                    model=self._pipeline.model,
                    engine=_Borrowed(self._pipeline),
                )
            return self._tenants[key.tenant]

    def library(self, key: Key) -> Library:
        return self.pipeline(key).library

    async def warm(self) -> None:
        """Load the model now."""
        await self.threaded(self._pipeline.warm)
        self.ready = True

    async def run(
        self,
        request: Request,
        key: Key,
        *,
        on_event: Watcher | None = None,
        gone: Callable[[], Awaitable[None]] | None = None,
        save: bool = True,
    ) -> Outcome:
        """Answer a request. `gone` returns when its client has gone away; then it is cancelled."""
        _takes_no_path(request)
        pipeline, cancel = self.pipeline(key), Cancel()
        answer = functools.partial(
            pipeline.run,
            request,
            on_event=on_event,
            cancel=cancel,
            turn=lambda: self.lane.turn(cancel),
            save=save,
            around=self.tracing.stage if self.tracing is not None else None,
        )
        outcome = await self._until(answer, cancel, gone)
        self.metrics.count(outcome)
        if self.tracing is not None:
            self.tracing.outcome(outcome)
        await self.threaded(self._audited, outcome, key)
        return outcome

    async def detect(
        self, request: Request, key: Key, gone: Callable[[], Awaitable[None]] | None = None
    ) -> Detection:
        _takes_no_path(request)
        cancel = Cancel()
        found = functools.partial(
            self.pipeline(key).detect,
            request,
            cancel=cancel,
            turn=lambda: self.lane.turn(cancel),
        )
        return await self._until(found, cancel, gone)

    async def threaded(self, work: Callable[..., T], *given: Any) -> T:
        """Plain work in a thread."""
        return await to_thread.run_sync(work, *given, limiter=self._threads)

    async def cancellable(
        self,
        work: Callable[[Cancel], T],
        gone: Callable[[], Awaitable[None]] | None = None,
    ) -> T:
        """Plain work that a client's leaving, or the time-out, stops."""
        cancel = Cancel()
        return await self._until(functools.partial(work, cancel), cancel, gone)

    def close(self) -> None:
        self.uploads.close()
        for pipeline in (*self._tenants.values(), self._pipeline):
            pipeline.close()
        if self.tracing is not None:
            self.tracing.close()

    async def _until(
        self,
        work: Callable[[], T],
        cancel: Cancel,
        gone: Callable[[], Awaitable[None]] | None,
    ) -> T:
        """The work's answer. Left early, it is told to stop, and is waited for."""
        task = asyncio.ensure_future(self.threaded(work))
        watch = [asyncio.ensure_future(gone())] if gone is not None else []
        try:
            done, _ = await asyncio.wait(
                {task, *watch}, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED
            )
        except asyncio.CancelledError:
            cancel.cancel()
            # A thread cannot be stopped from outside: it is told, and waited for.
            with CancelScope(shield=True):
                await asyncio.gather(task, return_exceptions=True)
            raise
        finally:
            for one in watch:
                one.cancel()
        if not task.done():
            cancel.cancel()
            await asyncio.wait([task])
        try:
            return task.result()
        except Cancelled as error:
            if not done:
                raise _late(self.seconds) from error
            raise

    def _audited(self, outcome: Outcome, key: Key) -> None:
        function = outcome.function
        for call in outcome.calls:
            if call.result is not None and call.result.status != "not_run":
                own = function is not None and call.function == function.name
                self.audit.write(
                    key=key.name,
                    action="run",
                    function=call.function,
                    source=function.source if own and function is not None else None,
                    grants=call.result.isolation.grants if call.result.isolation else (),
                    status=call.result.status,
                )


def _takes_no_path(request: Request) -> None:
    """InputInvalid for an input by path: a path of the server is not for its clients to read."""
    from ..handed import is_file

    for name, value in request.inputs.items():
        if is_file(value):
            raise InputInvalid(
                {
                    "en": f"The input {name} names a file of the server; that is not read.",
                    "zh": f"输入 {name} 指向服务器上的文件，不会读取。",
                },
                hint={"en": "Send the data itself.", "zh": "请直接发送数据。"},
            )


def _late(seconds: float) -> EngineTimeout:
    return EngineTimeout(
        {
            "en": f"There was no answer within {seconds:.0f} s.",
            "zh": f"{seconds:.0f} 秒内没有得到结果。",
        },
        hint={
            "en": "Ask for less at once, or start the server with a larger --timeout.",
            "zh": "请把请求拆小，或以更大的 --timeout 启动服务。",
        },
    )


class _Borrowed:
    """The engine of another pipeline, started when it is first used; closing it closes nothing."""

    def __init__(self, lender: Pipeline) -> None:
        self._lender = lender

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lender.engine(), name)

    def close(self) -> None:
        pass
