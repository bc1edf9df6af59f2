"""Arguments by name, held against a function's parameters before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentsInvalid
from .annotations import Schema


def fitting(
    name: str, signature: str, schema: Schema, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments, if the function takes them; ArgumentsInvalid says which one it does not."""
    from jsonschema import Draft202012Validator

    known = schema.get("properties", {})
    names = {"en": ", ".join(known) or "none", "zh": "、".join(known) or "无"}
    hint = {
        "en": f"{name}{signature} takes: {names['en']}",
        "zh": f"{name}{signature} 的参数：{names['zh']}",
    }
    for one in schema.get("required", ()):
        if one not in arguments:
            raise ArgumentsInvalid(
                {"en": f"The argument {one!r} is missing.", "zh": f"缺少参数 {one!r}。"},
                hint=hint,
            )
    for one, value in arguments.items():
        if one not in known:
            if schema.get("additionalProperties"):
                continue
            raise ArgumentsInvalid(
                {
                    "en": f"{name} has no parameter {one[:100]!r}.",
                    "zh": f"{name} 没有参数 {one[:100]!r}。",
                },
                hint=hint,
            )
        problem = next(Draft202012Validator(known[one]).iter_errors(value), None)
        if problem is not None:
            said = problem.message[:300]
            raise ArgumentsInvalid(
                {"en": f"{one}: {said}.", "zh": f"{one} 不合要求：{said}。"}, hint=hint
            )
    return dict(arguments)
