"""The form of OpenAI's Responses API: its items in, its items and events out."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from ..contract import Outcome, dumps
from ..errors import RequestInvalid
from .conversation import Reply

Item = dict[str, Any]


def as_messages(given: Any) -> list[dict[str, Any]]:
    """The input as a conversation; RequestInvalid where it is neither words nor items."""
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise RequestInvalid(
            {
                "en": "'input' is a text or a list of items.",
                "zh": "«input» 应是文本或条目的列表。",
            }
        )
    found: list[dict[str, Any]] = []
    for item in given:
        if item.get("type") == "function_call":
            found.append({"role": "assistant", "tool_calls": [item]})
        elif item.get("type") == "function_call_output":
            found.append(
                {
                    "role": "tool",
                    "tool_call_id": item.get("call_id"),
                    "content": item.get("output"),
                }
            )
        elif "role" in item:
            found.append(item)
    return found


def as_response(
    outcome: Outcome, turn: Reply, *, number: str, model: str, fields: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Item]]:
    """The response, and the items of its output."""
    if turn.calls:
        items: list[Item] = [
            {
                "type": "function_call",
                "id": f"fc_{uuid.uuid4().hex}",
                "call_id": name,
                "name": call.function,
                "arguments": dumps(call.arguments),
                "status": "completed",
            }
            for name, call in zip(turn.ids, turn.calls, strict=True)
        ]
    else:
        part: Item = (
            {"type": "refusal", "refusal": turn.refusal}
            if turn.refusal is not None
            else {"type": "output_text", "text": turn.content or "", "annotations": []}
        )
        items = [
            {
                "type": "message",
                "id": f"msg_{uuid.uuid4().hex}",
                "role": "assistant",
                "status": "completed",
                "content": [part],
            }
        ]
    tokens = outcome.tokens
    whole = {
        "id": number,
        "object": "response",
        "created_at": int(time.time()),
        "status": "completed",
        "model": model,
        "output": items,
        "parallel_tool_calls": True,
        "tool_choice": fields.get("tool_choice") or "auto",
        "tools": fields.get("tools") or [],
        "error": None,
        "incomplete_details": None,
        "instructions": fields.get("instructions"),
        "metadata": fields.get("metadata") or {},
        "usage": {
            "input_tokens": tokens.prompt,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": tokens.generated,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": tokens.prompt + tokens.generated,
        },
        "funcsmith": outcome.model_dump(),
    }
    return whole, items


def events(whole: dict[str, Any], items: Sequence[Item]) -> list[str]:
    """The events of a response that is known, in the order of the API."""
    told: list[tuple[str, dict[str, Any]]] = []
    begun = {**whole, "status": "in_progress", "output": []}
    told.append(("response.created", {"response": begun}))
    told.append(("response.in_progress", {"response": begun}))
    for index, item in enumerate(items):
        told += _item_events(item, {"output_index": index, "item_id": item["id"]})
    told.append(("response.completed", {"response": whole}))
    return [
        f"event: {kind}\ndata: {dumps({'type': kind, 'sequence_number': number, **data})}\n\n"
        for number, (kind, data) in enumerate(told)
    ]


def _item_events(item: Item, place: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    index = {"output_index": place["output_index"]}
    added = {**item, "status": "in_progress"}
    if item["type"] == "function_call":
        arguments = item["arguments"]
        kind = "response.function_call_arguments"
        between = [
            (f"{kind}.delta", {**place, "delta": arguments}),
            (f"{kind}.done", {**place, "arguments": arguments, "name": item["name"]}),
        ]
        added["arguments"] = ""
    else:
        part = item["content"][0]
        field = "refusal" if part["type"] == "refusal" else "text"
        kind = "response.refusal" if field == "refusal" else "response.output_text"
        more: Item = {} if field == "refusal" else {"logprobs": []}
        here = {**place, "content_index": 0}
        between = [
            ("response.content_part.added", {**here, "part": {**part, field: ""}}),
            (f"{kind}.delta", {**here, "delta": part[field], **more}),
            (f"{kind}.done", {**here, field: part[field], **more}),
            ("response.content_part.done", {**here, "part": part}),
        ]
        added["content"] = []
    return [
        ("response.output_item.added", {**index, "item": added}),
        *between,
        ("response.output_item.done", {**index, "item": item}),
    ]
