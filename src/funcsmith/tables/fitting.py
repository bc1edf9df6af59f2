"""A cell as the value of a function's parameter, by its JSON Schema: exactly, or not at all.

How a column is written (thousands, a currency's sign, percent, the order of day and month) is found on
its first cells and holds for all of them; a cell that is written otherwise is an error of its row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .cells import Reading, Unfit, reading_of

Fit = Callable[[Any], Any]
"""A cell in, a value out; Unfit where it is none."""


def fit_for(
    schema: Mapping[str, Any],
    first: Sequence[Any],
    *,
    name: str = "",
    decimal_comma: bool = False,
    written: bool = True,
) -> Fit:
    """How the cells of a column become values of a parameter.

    Cells that are not `written` have types of their own, so text there is no number.

    >>> fit = fit_for({"type": "integer"}, ["1,200", "7"])
    >>> fit("1,200"), fit("7")
    (1200, 7)
    """
    schema, nullable = _inner(schema)
    reading = reading_of(first, name=name, decimal_comma=decimal_comma)
    fit = _fit(schema, reading)

    def fitted(cell: Any) -> Any:
        if cell is None or cell == "":
            if nullable:
                return None
            if cell == "" and schema.get("type") == "string" and not schema.get("format"):
                return ""
            raise Unfit("the cell is empty")
        if not written and isinstance(cell, str) and schema.get("type") in _NO_TEXT:
            raise Unfit("text")
        return fit(cell)

    if not written:
        return fitted
    return _quick(schema.get("type"), reading, fitted) if "enum" not in schema else fitted


_NO_TEXT = ("integer", "number", "boolean")


def _quick(kind: Any, reading: Reading, slow: Fit) -> Fit:
    """What is plainly written needs no Decimal, as long as nothing else is meant by it."""
    plain: Callable[[str], Any]
    made: Callable[[str], Any]
    if kind == "integer" and reading.how != "万元":
        plain, made = _PLAIN_INTEGER.fullmatch, int
    elif kind == "number" and reading.how not in ("percent", "万元", "decimal comma"):
        plain, made = _PLAIN_NUMBER.fullmatch, float
    else:
        return slow

    def fitted(cell: Any) -> Any:
        return made(cell) if type(cell) is str and plain(cell) else slow(cell)

    return fitted


def _fit(schema: Mapping[str, Any], reading: Reading) -> Fit:
    kind, form = schema.get("type"), schema.get("format")
    if "enum" in schema:
        return _choice(schema["enum"])
    how = reading.how if reading.kind in ("integer", "number") else ""
    order = reading.how if reading.kind in ("date", "datetime") else ""
    if kind in ("integer", "number"):
        return _counted(Reading(kind, how))
    if kind == "boolean":
        return _boolean
    if kind == "string" and form in ("date", "date-time"):
        return Reading("date" if form == "date" else "datetime", order).read
    if kind == "string" and form == "time":
        return _time
    if kind == "string":
        return _text
    if kind in ("array", "object"):
        return _structured(list if kind == "array" else dict)
    return reading.read if reading.kind not in ("empty", "mixed") else _as_it_is


def _inner(schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """The schema without its null, and whether it had one."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        rest = [kind for kind in kinds if kind != "null"]
        return {**schema, "type": rest[0] if len(rest) == 1 else None}, "null" in kinds
    for key in ("anyOf", "oneOf"):
        ways = schema.get(key)
        if isinstance(ways, list):
            rest = [way for way in ways if way.get("type") != "null"]
            return (rest[0] if len(rest) == 1 else {}), len(rest) < len(ways)
    return schema, False


_PLAIN_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,17})?")


def _counted(reading: Reading) -> Fit:
    def fitted(cell: Any) -> Any:
        value = reading.read(cell)
        if value is None:
            raise Unfit(f"no value: {str(cell)[:40]}")
        return value

    return fitted


_YES, _NO = frozenset("true yes y 1 是".split()), frozenset("false no n 0 否".split())


def _boolean(cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    said = cell.strip().casefold() if isinstance(cell, str) else None
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise Unfit("neither yes nor no")


def _text(cell: Any) -> str:
    if not isinstance(cell, str):
        raise Unfit(f"not text: {str(cell)[:40]}")
    return cell


def _time(cell: Any) -> str:
    found = (
        re.fullmatch(r"\s*(\d{1,2}):(\d\d)(?::(\d\d))?\s*", cell) if isinstance(cell, str) else None
    )
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise Unfit("not a time of day")
    return f"{int(found[1]):02d}:{found[2]}:{found[3] or '00'}"


def _choice(members: Sequence[Any]) -> Fit:
    by_text = {str(member): member for member in members}

    def fitted(cell: Any) -> Any:
        if isinstance(cell, str) and cell.strip() in by_text:
            return by_text[cell.strip()]
        if not isinstance(cell, str) and cell in members:
            return cell
        raise Unfit("none of " + ", ".join(map(str, members))[:200])

    return fitted


def _structured(kind: type) -> Fit:
    def fitted(cell: Any) -> Any:
        value = cell
        if isinstance(cell, str):
            try:
                value = json.loads(cell)
            except (ValueError, RecursionError) as error:
                raise Unfit("not JSON") from error
        if not isinstance(value, kind):
            raise Unfit(f"not a JSON {'array' if kind is list else 'object'}")
        return value

    return fitted


def _as_it_is(cell: Any) -> Any:
    return cell
