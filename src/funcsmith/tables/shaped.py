"""A function's value as a table, where it is one: for the terminal and for files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_SCALARS = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Shaped:
    """Names of columns and rows of cells; cells are scalars or nested values."""

    names: list[str]
    rows: list[list[Any]]


def shaped(value: Any) -> Shaped | None:
    """The table that a value is; None for a single value and for what is nested without order.

    Rows, a value or a row of values for each group, a list of several things.

    >>> shaped({"华东": 3, "华南": 5})
    Shaped(names=['key', 'value'], rows=[['华东', 3], ['华南', 5]])
    >>> shaped([{"a": 1}, {"a": 2, "b": 3}]).rows
    [[1, None], [2, 3]]
    """
    if isinstance(value, dict):
        return _of_groups(value) if value else None
    if not isinstance(value, list) or not value:
        return None
    if all(isinstance(row, dict) for row in value):
        names = list(dict.fromkeys(str(key) for row in value for key in row))
        return Shaped(names, [[row.get(name) for name in names] for row in value])
    if all(isinstance(row, list) and row for row in value):
        width = max(map(len, value))
        names = [f"column_{at}" for at in range(1, width + 1)]
        return Shaped(names, [row + [None] * (width - len(row)) for row in value])
    return Shaped(["value"], [[one] for one in value])


def _of_groups(value: dict[str, Any]) -> Shaped | None:
    inside = list(value.values())
    if all(isinstance(one, _SCALARS) for one in inside):
        return Shaped(["key", "value"], [[key, one] for key, one in value.items()])
    if all(isinstance(one, dict) and _flat(one) for one in inside):
        names = list(dict.fromkeys(str(key) for one in inside for key in one))
        rows = [[key, *(one.get(name) for name in names)] for key, one in value.items()]
        return Shaped(["key", *names], rows)
    if all(isinstance(one, list) and all(isinstance(c, _SCALARS) for c in one) for one in inside):
        width = max(map(len, inside), default=0)
        if width <= 12 and all(len(one) == width for one in inside):
            names = ["key", *(f"column_{at}" for at in range(1, width + 1))]
            return Shaped(names, [[key, *one] for key, one in value.items()])
    return None


def _flat(row: dict[str, Any]) -> bool:
    return all(isinstance(cell, _SCALARS) for cell in row.values())
