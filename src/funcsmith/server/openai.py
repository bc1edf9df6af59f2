"""OpenAI's routes: models, chat completions, responses. Arguments are never invented here either."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response, StreamingResponse

from ..contract import Outcome, dumps
from ..errors import FuncsmithError, ModelUnknown, RequestInvalid
from .conversation import Reply, Said, reply, results_told, said
from .keys import Key
from .refusal import ClientRefusal, refusals
from .responses import Item, as_messages, as_response, events
from .rest import Runs, Served, allowed
from .service import Service
from .stream import leaving

openai = APIRouter(prefix="/v1", tags=["openai"], responses=refusals(form=ClientRefusal))

NAME = "funcsmith"
"""What clients may call the model, whichever serves."""
_PIECE = 24
_FIRST_SECONDS = 1.0
"""So long a stream waits before it begins, so that a refusal still has its own status."""
_ALIVE_SECONDS = 15.0

_Fields = Annotated[
    dict[str, Any],
    Body(
        openapi_examples={
            "zh": {
                "value": {
                    "model": NAME,
                    "messages": [{"role": "user", "content": "给定一个正整数 n，输出 n 的阶乘。"}],
                }
            }
        }
    ),
]


_ERRORS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def error_of(error: FuncsmithError, language: str) -> dict[str, Any]:
    """An error in the form that OpenAI's clients read."""
    status = error.status_code
    kind = "server_error" if status >= 500 else "invalid_request_error"
    words = " ".join(filter(None, (error.message(language), error.hint(language))))
    return {"message": words, "type": _ERRORS.get(status, kind), "param": None, "code": error.code}


@openai.get("/models", dependencies=[allowed("read")])
async def models(service: Served) -> dict[str, Any]:
    """The model that serves, by its own name and as `funcsmith`."""
    names = dict.fromkeys((NAME, service.model))
    return {"object": "list", "data": [_model(name) for name in names]}


@openai.get("/models/{name}", dependencies=[allowed("read")])
async def model(name: str, service: Served) -> dict[str, Any]:
    _known(name, service)
    return _model(name)


@openai.post("/chat/completions")
async def chat(fields: _Fields, request: Request, service: Served, key: Runs) -> Response:
    """A turn of a conversation; with `tools`, their calls, or a question where a value is missing."""
    _known(fields.get("model"), service)
    if fields.get("n") not in (None, 1):
        raise RequestInvalid(
            {"en": "One choice is given; `n` is not.", "zh": "只返回一个选择，不支持 n。"}
        )
    asked = said(
        _list(fields, "messages"),
        tools=_list(fields, "tools"),
        choice=fields.get("tool_choice", "auto"),
        form=_object(fields, "response_format"),
        seed=_seed(fields),
    )
    made = _Made("chatcmpl", str(fields.get("model")))

    async def answered() -> tuple[Outcome, Reply]:
        return await _turn(asked, request, service, key)

    if not fields.get("stream"):
        return _json(made.completion(*await answered()))
    usage = bool(_object(fields, "stream_options").get("include_usage"))
    return await _streamed(answered, lambda outcome, turn: made.chunks(outcome, turn, usage))


@openai.post("/responses")
async def responses(fields: _Fields, request: Request, service: Served, key: Runs) -> Response:
    """The same in the form of the Responses API; nothing is stored between requests."""
    _known(fields.get("model"), service)
    if fields.get("previous_response_id"):
        raise RequestInvalid(
            {
                "en": "Responses are not stored, so there is no previous one.",
                "zh": "不保存 response，因此没有前一个 response。",
            },
            hint={
                "en": "Send the whole conversation as `input`.",
                "zh": "请在 input 中发送整个对话。",
            },
        )
    asked = said(
        as_messages(fields.get("input")),
        tools=_list(fields, "tools"),
        choice=fields.get("tool_choice", "auto"),
        form=_object(_object(fields, "text"), "format"),
        seed=_seed(fields),
    )
    name, number = str(fields.get("model")), f"resp_{uuid.uuid4().hex}"

    async def answered() -> tuple[Outcome, Reply]:
        return await _turn(asked, request, service, key)

    def whole(outcome: Outcome, turn: Reply) -> tuple[dict[str, Any], list[Item]]:
        return as_response(outcome, turn, number=number, model=name, fields=fields)

    if not fields.get("stream"):
        return _json(whole(*await answered())[0])
    return await _streamed(answered, lambda outcome, turn: events(*whole(outcome, turn)))


async def _turn(asked: Said, request: Request, service: Service, key: Key) -> tuple[Outcome, Reply]:
    if asked.results and not asked.waiting:
        return Outcome(kind="none"), results_told(asked)
    outcome = await service.run(asked.request, key, gone=leaving(request))
    return outcome, reply(outcome, asked)


async def _streamed(
    answered: Callable[[], Awaitable[tuple[Outcome, Reply]]],
    pieces: Callable[[Outcome, Reply], list[str]],
) -> Response:
    task = asyncio.ensure_future(answered())
    try:
        await asyncio.wait({task}, timeout=_FIRST_SECONDS)
        if task.done():
            task.result()
    except asyncio.CancelledError:
        task.cancel()
        raise

    async def stream() -> AsyncIterator[str]:
        try:
            while not task.done():
                yield ": waiting\n\n"
                await asyncio.wait({task}, timeout=_ALIVE_SECONDS)
            try:
                for piece in pieces(*task.result()):
                    yield piece
            except FuncsmithError as error:
                yield f"data: {dumps({'error': error_of(error, 'en')})}\n\n"
        finally:
            if not task.done():
                task.cancel()

    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)


class _Made:
    """One chat completion being made, whole or in chunks."""

    def __init__(self, kind: str, model: str) -> None:
        self._head = {"id": f"{kind}-{uuid.uuid4().hex}", "created": int(time.time())}
        self._model = model

    def completion(self, outcome: Outcome, turn: Reply) -> dict[str, Any]:
        message: dict[str, Any] = {
            "role": "assistant",
            "content": turn.content,
            "refusal": turn.refusal,
        }
        if turn.calls:
            message["tool_calls"] = _tool_calls(turn)
        return {
            **self._head,
            "object": "chat.completion",
            "model": self._model,
            "choices": [
                {"index": 0, "message": message, "finish_reason": _end(turn), "logprobs": None}
            ],
            "usage": usage_of(outcome),
            "funcsmith": outcome.model_dump(),
        }

    def chunks(self, outcome: Outcome, turn: Reply, usage: bool) -> list[str]:
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": piece} for piece in in_pieces(turn.content or "")]
        deltas += [{"refusal": piece} for piece in in_pieces(turn.refusal or "")]
        deltas += [
            {"tool_calls": [{"index": index, **call}]}
            for index, call in enumerate(_tool_calls(turn))
        ]
        found = [self._chunk([{"index": 0, "delta": d, "finish_reason": None}]) for d in deltas]
        found.append(self._chunk([{"index": 0, "delta": {}, "finish_reason": _end(turn)}]))
        if usage:
            found.append(self._chunk([], usage=usage_of(outcome)))
        return [*found, "data: [DONE]\n\n"]

    def _chunk(self, choices: list[dict[str, Any]], **more: Any) -> str:
        chunk = {
            **self._head,
            "object": "chat.completion.chunk",
            "model": self._model,
            "choices": choices,
            **more,
        }
        return f"data: {dumps(chunk)}\n\n"


def in_pieces(text: str) -> list[str]:
    """A text in the pieces that a stream sends."""
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


def usage_of(outcome: Outcome) -> dict[str, int]:
    tokens = outcome.tokens
    return {
        "prompt_tokens": tokens.prompt,
        "completion_tokens": tokens.generated,
        "total_tokens": tokens.prompt + tokens.generated,
    }


def _tool_calls(turn: Reply) -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "type": "function",
            "function": {"name": call.function, "arguments": dumps(call.arguments)},
        }
        for name, call in zip(turn.ids, turn.calls, strict=True)
    ]


def _end(turn: Reply) -> str:
    return "tool_calls" if turn.calls else "stop"


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "funcsmith"}


def _known(name: Any, service: Service) -> None:
    if name not in (NAME, service.model):
        raise ModelUnknown(
            {
                "en": f"This server has no model {str(name)[:100]!r}.",
                "zh": f"本服务没有模型 {str(name)[:100]!r}。",
            },
            hint=f"{NAME}, {service.model}",
        )


def _list(fields: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = fields.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise RequestInvalid(
            {"en": f"'{name}' is a list of objects.", "zh": f"«{name}» 应是对象的列表。"}
        )
    return found


def _object(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = fields.get(name) or {}
    if not isinstance(found, dict):
        raise RequestInvalid({"en": f"'{name}' is an object.", "zh": f"«{name}» 应是对象。"})
    return found


def _seed(fields: Mapping[str, Any]) -> int:
    seed = fields.get("seed")
    return seed if isinstance(seed, int) and not isinstance(seed, bool) else 0


def _json(value: Any) -> Response:
    return Response(dumps(value), media_type="application/json")
