"""Functions as OpenAI tools: for Chat Completions, and for the Responses API.

`strict` is true where the schema as it is allows it: every parameter required, and none of them a
free object or a keyword that strict mode refuses. Nothing is bent for it: a parameter with a
default would become one that has to be sent as null, which is another function.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..library.saved import Saved, dumps

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""What OpenAI itself takes as the name of a function; other servers take more."""
_STRICT = frozenset(
    "type properties required additionalProperties description enum const anyOf items format "
    "minimum maximum exclusiveMinimum exclusiveMaximum multipleOf pattern minItems maxItems".split()
)
_FORMATS = frozenset("date-time time date duration email hostname ipv4 ipv6 uuid".split())


def chat_tools(functions: Sequence[Saved]) -> str:
    """The `tools` of a Chat Completions request, as JSON."""
    tools = [{"type": "function", "function": _function(saved)} for saved in functions]
    return dumps(tools, pretty=True) + "\n"


def responses_tools(functions: Sequence[Saved]) -> str:
    """The `tools` of a Responses request, as JSON: the same, one level higher."""
    return (
        dumps([{"type": "function", **_function(saved)} for saved in functions], pretty=True) + "\n"
    )


def tool_name(saved: Saved) -> str:
    """The function's name, or its first other one where only that is a name for OpenAI."""
    names = (saved.name, *saved.aliases)
    return next((name for name in names if NAME.fullmatch(name)), saved.name)


def is_strict(schema: Any) -> bool:
    """Whether strict mode takes a schema as it is.

    >>> is_strict({"type": "object", "properties": {}, "required": [], "additionalProperties": False})
    True
    >>> is_strict({"type": "object"})
    False
    """
    if not isinstance(schema, Mapping) or not schema.keys() <= _STRICT:
        return False
    if schema.get("format", "date") not in _FORMATS:
        return False
    if "anyOf" in schema:
        return all(map(is_strict, schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return True
    if schema.get("type") == "array":
        return is_strict(schema.get("items"))
    if schema.get("type") == "object":
        properties = schema.get("properties")
        return (
            isinstance(properties, Mapping)
            and schema.get("additionalProperties") is False
            and set(schema.get("required", ())) == set(properties)
            and all(map(is_strict, properties.values()))
        )
    return isinstance(schema.get("type"), str)


def _function(saved: Saved) -> dict[str, Any]:
    parameters = {"type": "object", **saved.parameters}
    return {
        "name": tool_name(saved),
        "description": saved.description or saved.summary,
        "parameters": parameters,
        "strict": is_strict(parameters),
    }
