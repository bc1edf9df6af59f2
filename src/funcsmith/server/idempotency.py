"""The same request sent twice with one `Idempotency-Key` is answered once.

Kept in this process, for the latest requests: a restart forgets, another replica does not know.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from fastapi import Request

from ..errors import RequestInvalid
from .keys import Key

KEPT = 1_000


class KeyReused(RequestInvalid):
    code = "idempotency_key_reused"
    status_code = 422


@dataclass
class Answers:
    """The latest answers by key; safe within one event loop."""

    kept: OrderedDict[tuple[str, str], tuple[str, asyncio.Future[str]]] = field(
        default_factory=OrderedDict
    )

    async def once(
        self, name: tuple[str, str], asked: str, work: Callable[[], Awaitable[str]]
    ) -> str:
        """The answer that was given under this name, or the work's. What failed is not kept."""
        digest = hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
        while name in self.kept:
            before, answer = self.kept[name]
            if before != digest:
                raise KeyReused(
                    {
                        "en": "This Idempotency-Key was used for another request.",
                        "zh": "该 Idempotency-Key 已用于另一个请求。",
                    },
                    hint={"en": "Use a new key.", "zh": "请换用新的 Idempotency-Key。"},
                )
            await asyncio.wait([answer])
            if not answer.cancelled() and answer.exception() is None:
                self.kept.move_to_end(name)
                return answer.result()
        mine: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.kept[name] = (digest, mine)
        try:
            given = await work()
        except BaseException:
            del self.kept[name]
            mine.cancel()
            raise
        mine.set_result(given)
        while len(self.kept) > KEPT:
            self.kept.popitem(last=False)
        return given


async def once(key: Key, request: Request, asked: str, work: Callable[[], Awaitable[str]]) -> str:
    """The work's answer, or the one that was given to the same request before."""
    said = request.headers.get("idempotency-key", "")
    if not said:
        return await work()
    answers: Answers = request.app.state.answers
    return await answers.once((f"{key.tenant}/{key.name}", said[:200]), asked, work)
