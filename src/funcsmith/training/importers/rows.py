"""What several importers share: rows of the data folder, and one call made into a record."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...contract import Tool
from ...errors import InputInvalid
from ...generate.kinds import inner_schema, kind_of, properties
from ..record import Record, group_of, required_of
from . import Found, Left


def rows_of(data: Path | None, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a file of the data folder, with their places from 0; none where it is not there.

    Raises `InputInvalid` where the file is there and cannot be read.
    """
    path = data / name if data is not None else None
    if path is None or not path.is_file():
        return
    try:
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        # Not splitlines: JSON text may hold other line separators as they are.
        lines = [line for line in content.decode("utf-8").split("\n") if line.strip()]
        found = [json.loads(line) for line in lines]
    except (OSError, EOFError, ValueError) as error:
        raise InputInvalid(
            {"en": f"{path} cannot be read: {error}.", "zh": f"无法读取 {path}：{error}。"},
            hint={
                "en": "It must be JSON Lines in UTF-8, plain or gzipped.",
                "zh": "应为 UTF-8 的 JSON Lines，可用 gzip 压缩。",
            },
        ) from error
    yield from enumerate(row for row in found if isinstance(row, dict))


def tool_from(value: Any) -> Tool | None:
    """A function as sets write it: with a JSON Schema, or with its parameters flat."""
    try:
        tool = Tool.model_validate(value)
    except (ValidationError, TypeError):
        return None
    parameters = tool.parameters
    if parameters and "properties" not in parameters and "type" not in parameters:
        tool = flat_tool(tool.name, tool.description, parameters)
    return tool if tool.name else None


def flat_tool(
    name: str,
    description: str,
    parameters: Mapping[str, Any],
    required: Sequence[str] | None = None,
) -> Tool:
    """A function whose parameters stand without a schema around them."""
    if required is None:
        required = [one for one, schema in parameters.items() if schema.get("required")]
    inner = {
        one: {key: value for key, value in schema.items() if key != "required"}
        for one, schema in parameters.items()
    }
    schema = {"type": "object", "properties": inner, "required": list(required)}
    return Tool(name=name, description=description, parameters=schema)


def call_record(
    text: str,
    tools: Sequence[Tool],
    name: str,
    arguments: Mapping[str, Any],
    *,
    origin: str,
    licence: str,
    made: str = "",
) -> Found:
    """One text and its one call, values in their parameters' types."""
    tool = next((one for one in tools if one.name == name), None)
    if tool is None:
        return Left(origin, "its function is not among the tools")
    known = properties(tool)
    given = {
        key: typed(value, known.get(key) or {})
        for key, value in arguments.items()
        if value not in (None, "", [], {})
    }
    if any(given.get(one) is None for one in required_of(tool)):
        return Left(origin, "a required value is not given")
    return record_or_left(
        origin,
        text=text.strip(),
        kind="parameters",
        tools=tools,
        function=name,
        arguments=given,
        licence=licence,
        group=group_of(name),
        made=made,
    )


def none_record(
    text: str, tools: Sequence[Tool], *, origin: str, licence: str, made: str = ""
) -> Found:
    """A text that none of the tools is for."""
    group = group_of(tools[0].name) if tools else f"none {hash_of(text)}"
    return record_or_left(
        origin,
        text=text.strip(),
        kind="none",
        tools=tools,
        licence=licence,
        group=group,
        made=made,
    )


def record_or_left(origin: str, **fields: Any) -> Found:
    """A record of these fields; left where they make none."""
    try:
        return Record.of(origin=origin, **fields)
    except InputInvalid:
        return Left(origin, "no valid record")


def hash_of(text: str) -> str:
    """A short name for a text."""
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


_NUMBER = re.compile(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?")


def typed(value: Any, schema: Mapping[str, Any]) -> Any:
    """A value in the type that its parameter wants, where only the writing differs.

    >>> typed("1,500", {"type": "integer"}), typed("yes", {"type": "boolean"}), typed(7, {"type": "string"})
    (1500, True, '7')
    """
    kind = kind_of(inner_schema(dict(schema)))
    if kind in ("integer", "number") and isinstance(value, str):
        match = _NUMBER.fullmatch(value.strip())
        if match is None:
            return value
        number = float(match.group().replace(",", ""))
        return int(number) if number.is_integer() else number
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "boolean" and isinstance(value, str):
        words = {"true": True, "yes": True, "false": False, "no": False}
        return words.get(value.strip().lower(), value)
    plain = kind in ("string", "date", "datetime", "time")
    if plain and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value
