"""The same request sent twice with one `Idempotency-Key` is answered once.

The answers are in the library's database, so that a restart and another replica know them. Where
nothing is to be kept of what is run (`FUNCSMITH_RUNS_KEPT=0`), they stay in this process.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from anyio import CancelScope
from fastapi import Request

from ..errors import HomeUnusable, RequestInvalid
from ..library.answers import KEPT, Answers, Claim
from .keys import Key
from .service import Service

LOOK_SECONDS = 0.2
"""How often it is looked whether another replica has the answer."""
BEAT_SECONDS = 5.0
LEFT_SECONDS = 30.0
"""A claim without a beat for so long was left by a process that is gone."""


class KeyReused(RequestInvalid):
    code = "idempotency_key_reused"
    status_code = 422


@dataclass
class OwnAnswers:
    """The answers of this process by key; safe within one event loop."""

    kept: OrderedDict[str, tuple[str, asyncio.Future[str]]] = field(default_factory=OrderedDict)

    async def once(
        self, name: str, asked: str, work: Callable[[], Awaitable[str]], *, keep: bool
    ) -> str:
        """The answer that was given under this name, or the work's. What failed is not kept.

        Without `keep` only requests of the same time share an answer here.
        """
        while name in self.kept:
            before, answer = self.kept[name]
            if before != asked:
                raise _reused()
            await asyncio.wait([answer])
            if not answer.cancelled() and answer.exception() is None:
                self.kept.move_to_end(name)
                return answer.result()
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.kept[name] = (asked, mine)
        try:
            given = await work()
        except BaseException:
            del self.kept[name]
            mine.cancel()
            raise
        mine.set_result(given)
        if not keep:
            del self.kept[name]
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return given


async def once(key: Key, request: Request, asked: str, work: Callable[[], Awaitable[str]]) -> str:
    """The work's answer, or the one that was given to the same request before."""
    said = request.headers.get("idempotency-key", "")
    if not said:
        return await work()
    service: Service = request.app.state.service
    own: OwnAnswers = request.app.state.answers
    name, digest = _digest(f"{key.tenant}/{key.name}/{said}"), _digest(asked)
    if service.settings.runs_kept <= 0:
        return await own.once(name, digest, work, keep=True)

    async def shared() -> str:
        answers = (await service.threaded(service.library, key)).answers
        return await once_for_all(service, answers, name, digest, work)

    return await own.once(name, digest, shared, keep=False)


async def once_for_all(
    service: Service,
    answers: Answers,
    name: str,
    asked: str,
    work: Callable[[], Awaitable[str]],
) -> str:
    """The answer that any replica gave under this name, or the work's, which all then have."""
    token = uuid.uuid4().hex
    left: tuple[Claim, float] | None = None
    while True:
        found = await service.threaded(answers.of, name)
        if found is None:
            found = await service.threaded(answers.claim, name, asked, token)
        if found.asked != asked:
            raise _reused()
        if found.answer is not None:
            return found.answer
        if found.token == token:
            break
        if left is None or left[0] != found:
            left = (found, time.monotonic())
        elif time.monotonic() - left[1] > LEFT_SECONDS and await service.threaded(
            answers.take_over, name, found, token
        ):
            break
        await asyncio.sleep(LOOK_SECONDS)
    try:
        async with _beating(service, answers, name, token):
            given = await work()
    except BaseException:
        # Also where the client left: the next one who asks is to work at once.
        with CancelScope(shield=True), contextlib.suppress(HomeUnusable):
            await service.threaded(answers.release, name, token)
        raise
    # Where it cannot be kept, whoever asked has it all the same.
    with contextlib.suppress(HomeUnusable):
        await service.threaded(answers.keep, name, token, given)
    return given


@contextlib.asynccontextmanager
async def _beating(
    service: Service, answers: Answers, name: str, token: str
) -> AsyncIterator[None]:
    """Within, other replicas are told that the work goes on."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            # A database that is away for a moment ends no work; without beats another begins it.
            with contextlib.suppress(HomeUnusable):
                await service.threaded(answers.beat, name, token)

    task = asyncio.ensure_future(beat())
    try:
        yield
    finally:
        task.cancel()


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _reused() -> KeyReused:
    return KeyReused(
        {
            "en": "This Idempotency-Key was used for another request.",
            "zh": "该 Idempotency-Key 已用于另一个请求。",
        },
        hint={"en": "Use a new key.", "zh": "请换用新的 Idempotency-Key。"},
    )
