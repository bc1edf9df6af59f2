"""What kind of value a parameter's schema wants: a number, a choice, a day, any words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ..contract import Tool
from ..readers.names import words_of
from .form import form_of


def properties(tool: Tool) -> dict[str, dict[str, Any]]:
    """A tool's parameters by name."""
    found = tool.parameters.get("properties") or {}
    return {name: schema if isinstance(schema, dict) else {} for name, schema in found.items()}


def kind_of(schema: dict[str, Any]) -> str:
    """The kind of value that a parameter wants: number, integer, boolean, enum, date, time …"""
    if "enum" in schema:
        return "enum"
    if "const" in schema:
        return "enum"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            inner = [one for one in schema[key] if one.get("type") != "null"]
            return kind_of(inner[0]) if inner else "any"
    wanted = schema.get("type", "any")
    if isinstance(wanted, list):
        wanted = next((one for one in wanted if one != "null"), "any")
    if wanted == "string":
        if schema.get("format") in ("date", "date-time", "time"):
            return {"date": "date", "date-time": "datetime", "time": "time"}[schema["format"]]
        return "string"
    return str(wanted)


def inner_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without its "or null"."""
    for key in ("anyOf", "oneOf"):
        if key in schema:
            inner = [one for one in schema[key] if one.get("type") != "null"]
            if inner:
                return {**inner[0], **{k: v for k, v in schema.items() if k != key}}
    return schema


def members_of(schema: dict[str, Any]) -> list[Any]:
    """The values that a schema allows, where it allows only some; [] where any of a type.

    >>> members_of({"type": "boolean"}), members_of({"enum": ["a", "b"]}), members_of({})
    ([True, False], ['a', 'b'], [])
    """
    if "const" in schema:
        return [schema["const"]]
    if kind_of(schema) == "boolean":
        return [True, False]
    listed = schema.get("enum")
    return list(listed) if isinstance(listed, list) else []


_DAY_WORDS = frozenset(
    "date day dates birthday birthdate dob deadline checkin checkout 日期 日子 哪天 生日".split()
)
_NO_DAY = frozenset("of week type name range format period id night nights count".split())
_TIME_WORDS = frozenset("time clock 时间 几点".split())
_NO_TIME = frozenset(
    "zone frame period range span limit unit step series format type stamp scale interval window"
    " out of name".split()
)


def string_kind(name: str, schema: dict[str, Any]) -> str:
    """What a text parameter holds, by its name and description: a date, a time, or any words.

    >>> string_kind("updated", {}), string_kind("checkInDate", {}), string_kind("time_zone", {})
    ('string', 'date', 'string')
    """
    said = f"{name} {schema.get('description', '')}"
    form = form_of(said)
    if form is not None:
        return form.kind
    words = words_of(name)
    if _DATETIME_WORDS.search(said):
        return "datetime"
    if speaks_of(words, _DAY_WORDS, _NO_DAY) and not re.search(
        r"days|daily|today_|weekday|星期", said
    ):
        return "date"
    if re.search(r"ISO", said) and re.search(r"date|day|日期", said, re.IGNORECASE):
        return "date"
    if speaks_of(words, _TIME_WORDS, _NO_TIME) and "duration" not in said:
        return "time"
    return "string"


def speaks_of(words: Sequence[str], these: frozenset[str], never: frozenset[str]) -> bool:
    """Whether a name has one of these words, and none that turns it into something else."""
    # "check in" is two words of a name and one thing.
    pairs = {"".join(pair) for pair in pairwise(words)}
    return bool(these & {*words, *pairs}) and not never & set(words)


_DATETIME_WORDS = re.compile(r"date ?time|日期时间|日期和时间", re.IGNORECASE)
