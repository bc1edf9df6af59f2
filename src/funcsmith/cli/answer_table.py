"""A result over data as a table on the terminal: bounded rows, numbers to the right, Chinese widths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import Language
from ..tables.shaped import Shaped, shaped
from .layout import Line
from .visible import cells, visible
from .words import say

if TYPE_CHECKING:
    from ..contract import Outcome

ROWS = 30
"""Rows that a terminal is shown; files and --json have all of them."""
_CELL = 40
_COLUMNS = 12


def over_data(outcome: Outcome) -> bool:
    """Whether a function ran on data that was handed in."""
    return any(
        isinstance(value, dict) and str(value.get("$ref", "")).startswith("/inputs/")
        for call in outcome.calls
        for value in call.arguments.values()
    )


def answer_table(value: Any, language: Language, width: int | None) -> list[Line] | None:
    """The lines of a table; None where a value is none, or is better said in a line."""
    table = shaped(value)
    if table is None or not table.rows:
        return None
    if len(table.names) == 1 and table.names == ["value"] and len(table.rows) <= 1:
        return None
    return _lines(table, language, width)


def _lines(table: Shaped, language: Language, width: int | None) -> list[Line]:
    names = [_name(name, language) for name in table.names[:_COLUMNS]]
    places = [_places([row[at] for row in table.rows]) for at in range(len(names))]
    shown = [
        [_said(cell, places[at]) for at, cell in enumerate(row[:_COLUMNS])]
        for row in table.rows[:ROWS]
    ]
    widths = [
        max(cells(column) for column in (name, *(row[at] for row in shown)))
        for at, name in enumerate(names)
    ]
    right = [_are_numbers([row[at] for row in table.rows]) for at in range(len(names))]
    fitting = _fitting(widths, width)
    lines: list[Line] = [_row(names, widths, right, "dim", fitting)]
    lines += [_row(row, widths, right, "value", fitting) for row in shown]
    left = len(table.rows) - len(shown)
    hidden = len(table.names) - fitting
    if left > 0:
        lines.append([(say(language, "more_rows", count=f"{left:,}"), "dim")])
    if hidden > 0:
        lines.append([(say(language, "more_columns", count=hidden), "dim")])
    return lines


def _name(name: str, language: Language) -> str:
    if name in ("key", "value"):
        return say(language, f"column_{name}")
    return _cut(name)


def _places(column: Sequence[Any]) -> int | None:
    """The decimals that a column of floats needs, at most six; None where it has none."""
    floats = [cell for cell in column if isinstance(cell, float)]
    if not floats or any(abs(cell) >= 1e10 or 0 < abs(cell) < 1e-4 for cell in floats):
        return None
    return max(len(f"{cell:.6f}".rstrip("0").partition(".")[2]) for cell in floats)


def _said(cell: Any, places: int | None = None) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.10g}" if places is None else f"{cell:.{places}f}"
    if isinstance(cell, (list, dict, bool)):
        from ..contract import dumps

        return _cut(dumps(cell))
    return _cut(str(cell))


def _cut(text: str) -> str:
    text = " ".join(visible(text).split())
    while cells(text) > _CELL:
        text = text[: max(1, len(text) - 1 - (cells(text) - _CELL) // 2)].rstrip("…") + "…"
    return text


def _are_numbers(column: Sequence[Any]) -> bool:
    filled = [cell for cell in column if cell is not None]
    return bool(filled) and all(
        isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in filled
    )


def _fitting(widths: Sequence[int], width: int | None) -> int:
    """How many columns fit side by side; at least one."""
    if width is None:
        return len(widths)
    used = 0
    for at, one in enumerate(widths):
        used += one + (2 if at else 0)
        if used > width:
            return max(1, at)
    return len(widths)


def _row(
    row: Sequence[str], widths: Sequence[int], right: Sequence[bool], style: str, fitting: int
) -> Line:
    line: Line = []
    for at, (words, width) in enumerate(zip(row[:fitting], widths, strict=False)):
        gap = " " * (width - cells(words))
        if at:
            line.append(("  ", ""))
        line += [(gap, ""), (words, style)] if right[at] else [(words, style), (gap, "")]
    return line
