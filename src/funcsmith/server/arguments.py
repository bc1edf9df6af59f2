"""Arguments by name, held against a function's parameters before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import ArgumentsInvalid
from ..library import Saved


def fitting(saved: Saved, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, if the function takes them; ArgumentsInvalid says which one it does not."""
    from jsonschema import Draft202012Validator

    schema = saved.parameters
    known = schema.get("properties", {})
    names = {"en": ", ".join(known) or "none", "zh": "、".join(known) or "无"}
    hint = {
        "en": f"{saved.name}{saved.signature} takes: {names['en']}",
        "zh": f"{saved.name}{saved.signature} 的参数：{names['zh']}",
    }
    for name in schema.get("required", ()):
        if name not in arguments:
            raise ArgumentsInvalid(
                {"en": f"The argument {name!r} is missing.", "zh": f"缺少参数 {name!r}。"},
                hint=hint,
            )
    for name, value in arguments.items():
        if name not in known:
            if schema.get("additionalProperties"):
                continue
            raise ArgumentsInvalid(
                {
                    "en": f"{saved.name} has no parameter {name[:100]!r}.",
                    "zh": f"{saved.name} 没有参数 {name[:100]!r}。",
                },
                hint=hint,
            )
        problem = next(Draft202012Validator(known[name]).iter_errors(value), None)
        if problem is not None:
            said = problem.message[:300]
            raise ArgumentsInvalid(
                {"en": f"{name}: {said}.", "zh": f"{name} 不合要求：{said}。"}, hint=hint
            )
    return dict(arguments)
