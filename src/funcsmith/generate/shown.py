"""Functions as the model sees them: offered in a short line each, and as one is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..contract import Tool
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
        if said:
            notes.append(f"{name}: {said[:_NOTE]}")
    line = f"{tool.name}({', '.join(parts)})"
    return " ".join(f"{line} {'; '.join(notes)}".split())


_NOTE = 160
"""Characters of what a parameter says of itself: what it is, and the form it wants."""


def _typed(schema: dict[str, Any]) -> str:
    """The type as the call shows it."""
    schema = inner_schema(schema)
    kind = kind_of(schema)
    if kind == "enum":
        return "Literal[" + ", ".join(repr(v) for v in schema.get("enum", [])[:_MEMBERS]) + "]"
    if kind == "array":
        items = schema.get("items")
        return f"list[{_typed(items)}]" if isinstance(items, dict) else "list"
    return _TYPES.get(kind, "str")


_MEMBERS = 30
_TYPES = {
    "boolean": "bool",
    "object": "dict",
    "integer": "int",
    "number": "float",
    "date": "str",
    "any": "str",
}


__all__ = ["asked", "listed", "shown"]
