"""Functions as the model sees them: offered in a short line each, and as one is called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..contract import Tool
from .form import wants_form
from .kinds import inner_schema, kind_of, properties


def asked(text: str, tools: Sequence[Tool]) -> str:
    """The user's turn: the functions in a short line each, then the text."""
    return "\n".join(listed(tool) for tool in tools) + f"\n\n{text.strip()}"


def listed(tool: Tool) -> str:
    """A function as it is offered: its parameters' names and what it does."""
    first = (tool.description or "").strip().split("\n")[0][:_PURPOSE]
    return f"{tool.name}({', '.join(properties(tool))}): {first}"


_PURPOSE = 110
"""Characters of what a function does: enough to tell it from others of its kind."""


def shown(tool: Tool) -> str:
    """A function as it is called: its signature and what it says of its parameters."""
    parts: list[str] = []
    notes: list[str] = []
    for name, schema in properties(tool).items():
        # Shown without a default: a small model leaves out what it may leave out, stated or not.
        typed = _typed(schema)
        parts.append(f"{name}: {typed}")
        said = str(schema.get("description") or "").strip()
        formed = typed == "Form"
        description = said if formed else _without_format(said)
        if description:
            notes.append(f"{name}: {description[: 120 if formed else 60]}")
    line = f"{tool.name}({', '.join(parts)})"
    return " ".join(f"{line} {'; '.join(notes)}".split())


def _typed(schema: dict[str, Any]) -> str:
    """The type as the call shows it: whatever is copied from the text is words."""
    schema = inner_schema(schema)
    kind = kind_of(schema)
    if kind == "enum":
        return "Literal[" + ", ".join(repr(v) for v in schema.get("enum", [])[:12]) + "]"
    if kind == "array":
        items = schema.get("items")
        # Numbers are copied as they stand, all in one.
        words = isinstance(items, dict) and kind_of(items) not in ("integer", "number")
        return f"list[{_typed(items)}]" if words and isinstance(items, dict) else "str"
    if kind == "string" and wants_form(str(schema.get("description", ""))):
        return "Form"
    return {"boolean": "bool", "object": "dict"}.get(kind, "str")


_FORMAT = re.compile(
    r"[,，、;；(（]?\s*(?:in |as )?(?:an? )?(?:ISO(?:[ -]?8601)?(?: (?:date|time|format))?|日期?格式|格式[为是：:]?|format:?|"
    r"24[ -]?(?:小时制|h(?:our)?)(?: clock)?|[YyMmDdHhSs]{2,4}(?:[-/:T年月日 ]+[YyMmDdHhSs]{2,4})+)(?![A-Za-z])\s*[)）]?"
)


def _without_format(description: str) -> str:
    """A description without the form that its value takes: the value is copied, not converted.

    >>> _without_format("day of arrival, ISO date YYYY-MM-DD")
    'day of arrival'
    """
    return _FORMAT.sub("", description).strip()


__all__ = ["asked", "listed", "shown"]
