"""A form made from a function's parameters, and the arguments that come back from it.

No model, and no checking against the schema: that is `arguments.py` and the fence. A field's name
says how its text is to be read, so reading needs no schema: `number.optional.rate`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..cli.visible import visible, visible_json
from ..contract import dumps
from ..errors import ArgumentsInvalid

Control = Literal["integer", "number", "text", "date", "yesno", "choice", "json"]

MOST_CHARACTERS = 200_000
"""Longer values are no matter for a form: a browser's text field grows slow."""
_PLAIN: dict[str, Control] = {
    "integer": "integer",
    "number": "number",
    "string": "text",
    "boolean": "yesno",
}


@dataclass(frozen=True)
class Field:
    """One parameter in the form."""

    name: str
    control: Control
    required: bool
    text: str
    """What stands in it at first; of a choice, a choice's JSON."""
    choices: tuple[tuple[str, str], ...] = ()
    """What is sent and what is shown."""
    description: str = ""
    kind: str = ""
    """What its schema wants, as JSON Schema names it."""

    @property
    def key(self) -> str:
        return f"{self.control}.{'required' if self.required else 'optional'}.{self.name}"

    @property
    def rows(self) -> int:
        """Lines of the text field."""
        return min(12, max(1, self.text.count("\n") + 1, len(self.text) // 50))


def fields(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[Field]:
    """A field for each parameter, filled with its argument or its default."""
    properties = schema.get("properties", {})
    required = schema.get("required", ())
    names = [*properties, *(name for name in arguments if name not in properties)]
    return [
        _field(
            name,
            properties.get(name, {}),
            arguments,
            required=name in required or name not in properties,
        )
        for name in names
    ]


def arguments_of(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The arguments that a form sent. ArgumentsInvalid names the field that cannot be read.

    >>> arguments_of([("number.required.rate", "0.5"), ("integer.optional.n", "")])
    {'rate': 0.5}
    """
    arguments: dict[str, Any] = {}
    for key, text in pairs:
        control, _, rest = key.partition(".")
        need, _, name = rest.partition(".")
        if need not in ("required", "optional") or control not in _READERS:
            continue
        if need == "optional" and not text.strip():
            continue
        try:
            arguments[name] = _READERS[control](text)
        except (ValueError, RecursionError):
            raise _unreadable(name, control, text) from None
    return arguments


def _field(name: str, schema: Any, arguments: Mapping[str, Any], *, required: bool) -> Field:
    schema = schema if isinstance(schema, Mapping) else {}
    described = str(schema.get("description") or "")
    given = name in arguments
    value = arguments[name] if given else schema.get("default")
    absent = not given and "default" not in schema
    ways = [one for one in schema.get("anyOf", ()) if isinstance(one, Mapping)]
    real = [one for one in ways if one.get("type") != "null"]
    narrow = real[0] if len(real) == 1 and len(ways) == 2 else schema
    kind = str(narrow.get("type", "")) if isinstance(narrow.get("type", ""), str) else ""
    choices = narrow.get("enum")
    if isinstance(choices, list) and choices:
        options = [(_json(one), _said(one)) for one in choices]
        if not absent and value not in choices:
            options.insert(0, (_json(value), _said(value)))
        text = "" if absent else _json(value)
        return Field(name, "choice", required, text, tuple(options), described, kind)
    control = _PLAIN.get(kind, "json")
    if control == "text" and narrow.get("format") == "date":
        control = "date"
    if not absent and not _shows(control, value):
        # None for a value that may be left out is an empty field.
        if value is None and not required:
            absent = True
        else:
            control = "json"
    text = "" if absent else _text(control, value)
    return Field(name, control, required, text, (), described, kind)


def _shows(control: Control, value: Any) -> bool:
    """Whether what the control shows and sends back is the value itself."""
    if control in ("text", "date"):
        line = isinstance(value, str) and value == visible(value) and "\n" not in value
        return line and bool(control == "text" or re.fullmatch(r"\d{4}-\d\d-\d\d", value))
    if control == "yesno":
        return isinstance(value, bool)
    if control == "integer":
        return type(value) is int
    if control == "number":
        return type(value) in (int, float)
    return True


def _text(control: Control, value: Any) -> str:
    return value if control in ("text", "date") else _json(value)


def _json(value: Any) -> str:
    return visible_json(dumps(value))


def _said(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)


def _number(text: str) -> int | float:
    said = text.strip().replace("−", "-")
    if re.fullmatch(r"[+-]?\d+", said):
        return int(said)
    number = float(said)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    number = _number(text)
    if isinstance(number, float) and not number.is_integer():
        raise ValueError(text)
    return int(number)


def _refused(text: str) -> None:
    raise ValueError(text)


def _loaded(text: str) -> Any:
    return json.loads(text, parse_constant=_refused)


_READERS: dict[str, Any] = {
    "integer": _whole,
    "number": _number,
    "text": str,
    "date": str,
    "yesno": _loaded,
    "choice": _loaded,
    "json": _loaded,
}


def _unreadable(name: str, control: str, text: str) -> ArgumentsInvalid:
    wanted = {
        "integer": {"en": "a whole number", "zh": "整数"},
        "number": {"en": "a number", "zh": "数字"},
    }.get(control, {"en": "JSON", "zh": "JSON"})
    said = text[:60]
    return ArgumentsInvalid(
        {
            "en": f"{name}: {said!r} is not {wanted['en']}.",
            "zh": f"{name}：“{said}”不是{wanted['zh']}。",
        },
        hint={
            "en": 'Lists are written [1, 2], texts in a list in "quotes".',
            "zh": '列表写作 [1, 2]，列表中的文本要加 "引号"。',
        }
        if control == "json"
        else "",
    )


__all__ = ["MOST_CHARACTERS", "Field", "arguments_of", "fields"]
