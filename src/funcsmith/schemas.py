"""JSON Schemas as people write them, as the standard names things."""

from __future__ import annotations

from typing import Any

_TYPE_ALIASES = {
    "dict": "object",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "int": "integer",
    "str": "string",
    "tuple": "array",
    "any": "",
}
_KINDS = frozenset("object array string number integer boolean null".split())


def canonical(schema: Any) -> dict[str, Any]:
    """The same schema with the types that people write (dict, float …) as JSON Schema names them.

    What is no schema at all (a list of properties, a number for an enum) is left out.
    """
    if not isinstance(schema, dict):
        return {}
    clean: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            if isinstance(value, dict):
                clean[key] = {str(name): canonical(one) for name, one in value.items()}
        elif key == "type":
            named = [_TYPE_ALIASES.get(str(one).lower(), str(one)) for one in _listed(value)]
            known = [one for one in named if one in _KINDS]
            if known:
                clean[key] = known[0] if len(known) == 1 else known
        elif key in ("items", "additionalProperties", "not"):
            if isinstance(value, (dict, bool)):
                clean[key] = value if isinstance(value, bool) else canonical(value)
            if clean.get("items") is True:
                del clean["items"]
        elif key in ("anyOf", "oneOf", "allOf"):
            ways = [canonical(one) for one in _listed(value) if isinstance(one, dict)]
            if ways:
                clean[key] = ways
        elif key == "enum":
            if isinstance(value, list) and value:
                clean[key] = value
        elif key == "required":
            if isinstance(value, list):
                clean[key] = [one for one in value if isinstance(one, str)]
        elif key == "description":
            clean[key] = "" if value is None else str(value)
        else:
            clean[key] = value
    return clean


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
