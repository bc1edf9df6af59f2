"""A conversation in OpenAI's form, as one request of the contract; an outcome as the next turn.

Nothing is kept between turns: an answer to a question of ours is read together with the text that
it belongs to, and a call that waits for another's result says so in its id.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..asked import checked
from ..contract import Call, Outcome, Request, dumps
from ..errors import RequestInvalid
from ..generate.question import is_question
from ..language import language_of

_POINTER = re.compile(r"/calls/(\d+)/result/value")
_CALL_ID = re.compile(r"call_[0-9a-f]+_(\d+)_of_(\d+)")


@dataclass(frozen=True)
class Said:
    """What a conversation comes to: a request, or the results that its tools gave."""

    request: Request
    schema: bool = False
    """The answer is to be JSON by a schema."""
    json: bool = False
    """The answer is to be a JSON object of any form."""
    tools: bool = False
    results: tuple[Any, ...] = ()
    """What the calls made so far for this text gave, in order."""
    waiting: bool = False
    """Whether a call is still to come that takes one of the results."""


@dataclass(frozen=True)
class Reply:
    """The assistant's turn: words, calls, or words that say why there is neither."""

    content: str | None = None
    calls: tuple[Call, ...] = ()
    ids: tuple[str, ...] = field(default=())
    refusal: str | None = None


def said(
    messages: Sequence[Mapping[str, Any]],
    *,
    tools: Sequence[Mapping[str, Any]] = (),
    choice: Any = "auto",
    form: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> Said:
    """The request of a conversation; RequestInvalid where it has none."""
    texts: list[str] = []
    results: list[Any] = []
    waiting = False
    for message in messages:
        role = message.get("role")
        if role == "user":
            texts.append(_text(message.get("content")))
            results = []
        elif role == "assistant":
            if not message.get("tool_calls") and not is_question(_text(message.get("content"))):
                texts = []
        elif role in ("tool", "function"):
            results.append(_value(_text(message.get("content"))))
            place = _CALL_ID.fullmatch(str(message.get("tool_call_id", "")))
            waiting = place is not None and int(place[1]) + 1 < int(place[2])
    texts = [text for text in texts if text.strip()]
    if not texts:
        raise RequestInvalid(
            {"en": "The conversation asks nothing.", "zh": "对话中没有请求。"},
            hint={
                "en": "End it with a message of the role `user`.",
                "zh": "请以 role 为 user 的消息结尾。",
            },
        )
    asked: dict[str, Any] = {"text": "\n".join(texts), "seed": seed or 0}
    kind = (form or {}).get("type")
    if kind == "json_schema":
        wanted = form.get("json_schema", form) if form else {}
        schema = wanted.get("schema") if isinstance(wanted, Mapping) else None
        if not isinstance(schema, dict):
            raise RequestInvalid(
                {"en": "The json_schema has no schema.", "zh": "json_schema 里没有 schema。"}
            )
        name = str(wanted.get("name") or "answer")
        described = str(wanted.get("description") or schema.get("description") or "")
        tool = {"name": name, "description": described, "parameters": schema}
        return Said(checked({**asked, "mode": "parameters", "functions": [tool]}), schema=True)
    offered = [] if choice == "none" else [dict(tool) for tool in tools]
    only = _chosen(choice)
    if only is not None:
        offered = [tool for tool in offered if _named(tool) == only]
    if offered:
        asked |= {"mode": "parameters", "functions": offered}
    return Said(
        checked(asked),
        json=kind == "json_object",
        tools=bool(offered),
        results=tuple(results),
        waiting=waiting,
    )


def reply(outcome: Outcome, said: Said) -> Reply:
    """The turn that an outcome makes."""
    language = language_of(said.request.text)
    if outcome.kind == "ask":
        question = outcome.question or ""
        return Reply(refusal=question) if said.schema else Reply(content=question)
    if said.schema:
        if outcome.kind == "parameters" and outcome.calls:
            return Reply(content=dumps(outcome.calls[0].arguments))
        return Reply(refusal=_NOTHING[language])
    if said.tools:
        return _called(outcome, said) if outcome.calls else Reply(content=_NO_TOOL[language])
    if outcome.kind == "none":
        return Reply(content=_NOTHING[language])
    if said.json:
        return Reply(content=dumps({"result": outcome.value}))
    return Reply(content=_answer(outcome, language))


def results_told(said: Said) -> Reply:
    """What the tools gave, as the assistant's words."""
    last = said.results[-1]
    return Reply(content=last if isinstance(last, str) else dumps(last))


def _called(outcome: Outcome, said: Said) -> Reply:
    """The calls that can be made now; one that takes another's result waits for it."""
    total, done = len(outcome.calls), len(said.results)
    batch = secrets.token_hex(8)
    calls: list[Call] = []
    ids: list[str] = []
    for index, call in enumerate(outcome.calls):
        if index < done:
            continue
        arguments, whole = _resolved(call.arguments, said.results)
        if not whole:
            break
        calls.append(call.model_copy(update={"arguments": arguments}))
        ids.append(f"call_{batch}_{index}_of_{total}")
    if not calls:
        return results_told(said)
    return Reply(calls=tuple(calls), ids=tuple(ids))


def _resolved(value: Any, results: Sequence[Any]) -> tuple[Any, bool]:
    """A value with what earlier calls gave in its places; whether all of it is there."""
    if isinstance(value, dict):
        if set(value) == {"$ref"} and isinstance(value["$ref"], str):
            place = _POINTER.fullmatch(value["$ref"])
            if place is not None:
                index = int(place[1])
                return (results[index], True) if index < len(results) else (value, False)
        parts = {name: _resolved(one, results) for name, one in value.items()}
        return {n: one for n, (one, _) in parts.items()}, all(ok for _, ok in parts.values())
    if isinstance(value, list):
        items = [_resolved(one, results) for one in value]
        return [one for one, _ in items], all(ok for _, ok in items)
    return value, True


def _answer(outcome: Outcome, language: str) -> str:
    """The result and the function that gave it, for people."""
    lines: list[str] = []
    result, function = outcome.result, outcome.function
    if result is not None and result.status == "ok":
        value = result.value
        lines.append(value if isinstance(value, str) else (result.repr or dumps(value)))
    elif result is not None:
        lines.append(_FAILED[language].format(said=result.error or result.status))
    if function is not None and function.source:
        lines += ["", "```python", function.source.rstrip(), "```"]
        if outcome.calls:
            call = outcome.calls[-1]
            shown = ", ".join(f"{name}={dumps(one)}" for name, one in call.arguments.items())
            lines.append(f"`{call.function}({shown})` · {function.verdict}")
    return "\n".join(lines)


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text", "") for part in content if isinstance(part, Mapping)]
        return "\n".join(part for part in parts if isinstance(part, str) and part)
    return ""


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _chosen(choice: Any) -> str | None:
    """The one tool that a choice names."""
    if not isinstance(choice, Mapping):
        return None
    named = choice.get("function", choice)
    return named.get("name") if isinstance(named, Mapping) else None


def _named(tool: Mapping[str, Any]) -> Any:
    """A tool's name, also of one that is an object of OpenAI's own."""
    function = tool.get("function")
    return (function if isinstance(function, Mapping) else tool).get("name")


_NOTHING = {"en": "There is nothing to compute in this.", "zh": "这句话里没有要计算的内容。"}
_NO_TOOL = {"en": "None of the functions fits this.", "zh": "给出的函数都不适用。"}
_FAILED = {"en": "The code failed: {said}", "zh": "代码运行失败：{said}"}
