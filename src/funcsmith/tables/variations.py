"""Tables like the user's own: for holding functions against each other, and rows that nobody owns."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from .table import described, is_table

ROWS = 300
"""Rows of a variation at most: it is run by every version of a function."""


def variations(inputs: Mapping[str, Any], *, seed: int = 0) -> list[dict[str, Any]]:
    """The inputs changed in ways that two right functions answer alike.

    Part of the rows, one row, rows twice, numbers dealt out anew, cells emptied where some are empty.
    """
    draw = random.Random(seed)  # noqa: S311 - the same tables each time, nothing secret
    tables = {name: value for name, value in inputs.items() if is_table(value)}
    if not tables:
        return []
    made: list[dict[str, Any]] = []
    for change in (_part, _dealt, _twice, _one):
        changed = {
            name: change(_some(value, draw), draw) if name in tables else value
            for name, value in inputs.items()
        }
        if changed != dict(inputs):
            made.append(changed)
    return made


def made_up(columns: Mapping[str, str], rows: int = 3) -> list[dict[str, Any]]:
    """A few rows with these columns by kind, of values that are nobody's."""
    return [{name: _VALUES[kind][at % 3] for name, kind in columns.items()} for at in range(rows)]


_VALUES: dict[str, Sequence[Any]] = {
    "integer": (3, 1, 2),
    "number": (2.5, 1.0, 4.0),
    "boolean": (True, False, True),
    "date": ("2024-01-05", "2024-02-10", "2024-01-20"),
    "datetime": ("2024-01-05 08:30:00", "2024-02-10 12:00:00", "2024-01-20 18:45:00"),
    "text": ("a", "b", "a"),
    "empty": (None, None, None),
    "mixed": (None, None, None),
}


def _some(rows: Sequence[dict[str, Any]], draw: random.Random) -> list[dict[str, Any]]:
    if len(rows) <= ROWS:
        return [dict(row) for row in rows]
    return [dict(rows[at]) for at in sorted(draw.sample(range(len(rows)), ROWS))]


def _part(rows: list[dict[str, Any]], draw: random.Random) -> list[dict[str, Any]]:
    return [row for row in rows if draw.random() < 0.6] or rows[:1]


def _one(rows: list[dict[str, Any]], draw: random.Random) -> list[dict[str, Any]]:
    return [draw.choice(rows)]


def _twice(rows: list[dict[str, Any]], draw: random.Random) -> list[dict[str, Any]]:
    return rows + [dict(row) for row in rows if draw.random() < 0.3]


def _dealt(rows: list[dict[str, Any]], draw: random.Random) -> list[dict[str, Any]]:
    for column in described(rows):
        if column.kind in ("integer", "number"):
            values = [row.get(column.name) for row in rows]
            draw.shuffle(values)
            for row, value in zip(rows, values, strict=True):
                row[column.name] = value
    return rows
