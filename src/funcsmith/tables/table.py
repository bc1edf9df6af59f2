"""A table: rows by the names of columns, and what is known of each column. Plain Python values only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import Kind, Reading, reading_of

Note = dict[str, str]
"""Something said of how a file was read, by language."""

NAME_CHARACTERS = 60
"""Of a column's name; a longer one is cut."""


@dataclass(frozen=True)
class Column:
    """One column: its name, what its values are, and how many it lacks."""

    name: str
    kind: Kind
    empty: int = 0


@dataclass(frozen=True)
class Table:
    """Rows as dictionaries, each with every column; an empty cell is None."""

    columns: tuple[Column, ...]
    rows: list[dict[str, Any]]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Grid:
    """Cells as they stand in a file, rows of any length, before anything is known of them."""

    rows: Sequence[Sequence[Any]]
    lines: Sequence[int] = ()
    """The line of the file on which each row begins, where there are lines."""
    decimal_comma: bool = False
    notes: list[Note] = field(default_factory=list)


class Ragged(ValueError):
    """A row has more cells than there are columns."""

    def __init__(self, line: int, cells: int, columns: int) -> None:
        super().__init__(f"line {line} has {cells} cells for {columns} columns")
        self.line, self.cells, self.columns = line, cells, columns


def table_of(grid: Grid) -> Table:
    """The table that a grid holds: its header found, its columns read, a line of totals left out."""
    notes = list(grid.notes)
    rows = [list(row) for row in grid.rows]
    lines = list(grid.lines) or list(range(1, len(rows) + 1))
    kept = [at for at, row in enumerate(rows) if any(_filled(cell) for cell in row)]
    rows, lines = [rows[at] for at in kept], [lines[at] for at in kept]
    if not rows:
        return Table((), [])
    start, headed = header_of(rows)
    if start:
        notes.append(
            {
                "en": f"{start} line{'s' * (start > 1)} above the header left out",
                "zh": f"表头之上的 {start} 行没有读入",
            }
        )
    body, lines = rows[start + headed :], lines[start + headed :]
    names = named(rows[start]) if headed else named([""] * _width(rows[start:]))
    if not headed:
        notes.append(
            {"en": "no header: column_1, column_2 …", "zh": "没有表头：column_1、column_2 …"}
        )
    short = 0
    for at, row in enumerate(body):
        while len(row) > len(names) and not _filled(row[-1]):
            row.pop()
        if len(row) > len(names):
            raise Ragged(lines[at], len(row), len(names))
        short += len(row) < len(names)
        row += [None] * (len(names) - len(row))
    if short and grid.lines:
        notes.append(
            {
                "en": f"{short} row{'s' * (short > 1)} end early; what is missing is empty",
                "zh": f"有 {short} 行较短，缺少的单元格视为空",
            }
        )
    if headed and len(body) > 2 and _is_total(body[-1]):
        body.pop()
        notes.append({"en": "the last line, a total, left out", "zh": "最后一行是合计，没有读入"})
    columns: list[Column] = []
    read: list[list[Any]] = []
    for place, name in enumerate(names):
        cells = [row[place] for row in body]
        reading = reading_of(cells, name=name, decimal_comma=grid.decimal_comma)
        values, unfit = _values(cells, reading)
        if unfit:
            notes.append(_unfit(name, unfit, reading))
        if reading.how and reading.how not in ("digits", "day first", "month first"):
            notes += _bent(name, reading)
        columns.append(Column(name, reading.kind, sum(value is None for value in values)))
        read.append(values)
    keyed = [dict(zip(names, row, strict=True)) for row in zip(*read, strict=True)]
    return Table(tuple(columns), keyed, tuple(notes))


def described(rows: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    """The columns of rows that are values already: what each holds, and how often nothing."""
    names = dict.fromkeys(name for row in rows for name in row)
    return tuple(
        Column(name, _kind([row.get(name) for row in rows]),
               sum(row.get(name) is None for row in rows))
        for name in names
    )  # fmt: skip


def is_table(value: Any) -> bool:
    """Whether a value is rows: a list of dictionaries that share at least one name."""
    if not (isinstance(value, list) and value and all(isinstance(row, dict) for row in value)):
        return False
    return any(value) and bool(set.intersection(*(set(row) for row in value)))


def is_of_data(inputs: Mapping[str, Any]) -> bool:
    """Whether what was handed in is data: rows, nested values, or a text of several lines."""
    if not inputs or not all(name.isidentifier() for name in inputs):
        return False
    return any(
        is_table(value)
        or (isinstance(value, dict) and any(isinstance(v, (dict, list)) for v in value.values()))
        or (isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value))
        or (isinstance(value, str) and value.count("\n") > 1)
        for value in inputs.values()
    )


def header_of(rows: Sequence[Sequence[Any]]) -> tuple[int, bool]:
    """Where the table begins, and whether with a header.

    Lines with much fewer filled cells than the rest (a title, a remark) stand above it.
    """
    counts = sorted(sum(map(_filled, row)) for row in rows[:200])
    usual = counts[len(counts) // 2]
    start = 0
    while start < min(len(rows) - 1, 20) and 2 * sum(map(_filled, rows[start])) <= usual:
        start += 1
    first, rest = rows[start], rows[start + 1 : start + 101]
    said = [cell for cell in first if _filled(cell)]
    if not said or not rest:
        return start, bool(said) and not any(map(_is_value, said))
    values = [cell for cell in said if _is_value(cell)]
    years = [cell for cell in values if re.fullmatch(r"(?:19|20)\d\d", str(cell).strip())]
    if not values:
        # All text: a header, unless it is one more row of a table of text.
        return start, len(set(map(str, said))) == len(said)
    return start, len(years) == len(values) and len(values) < len(said)


def named(header: Sequence[Any]) -> list[str]:
    """The names of columns: on one line, without what steers a terminal or a model, each once.

    >>> named(["销售额\\n(元)", "", "a", "a", "x```y<|z|>"])
    ['销售额 (元)', 'column_2', 'a', 'a_2', 'x y z']
    """
    names: list[str] = []
    for place, cell in enumerate(header, 1):
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        name = clean_name("" if cell is None else str(cell)) or f"column_{place}"
        count, free = 1, name
        while free in names:
            count += 1
            free = f"{name}_{count}"
        names.append(free)
    return names


def clean_name(name: str) -> str:
    """A name that can stand between quotation marks in a prompt, a source and a terminal."""
    plain = "".join(
        " " if c in "`<>|\\{}\"'" or unicodedata.category(c)[0] in "CZ" else c
        for c in unicodedata.normalize("NFC", name)
    )
    return " ".join(plain.split())[:NAME_CHARACTERS].strip()


def _values(cells: Sequence[Any], reading: Reading) -> tuple[list[Any], list[Any]]:
    """The values of a column, and the cells that are none and so stay empty."""
    values: list[Any] = []
    unfit: list[Any] = []
    for cell in cells:
        try:
            values.append(reading.read(cell))
        except (ValueError, ArithmeticError):
            values.append(None)
            unfit.append(cell)
    return values, unfit


def _kind(values: Sequence[Any]) -> Kind:
    found = {type(value) for value in values if value is not None}
    if not found:
        return "empty"
    if found == {bool}:
        return "boolean"
    if found == {int}:
        return "integer"
    if found <= {int, float}:
        return "number"
    if found == {str}:
        filled = [value for value in values if value is not None]
        if all(map(_ISO_DAY.fullmatch, filled)):
            return "date"
        return "datetime" if all(map(_ISO_MOMENT.fullmatch, filled)) else "text"
    return "mixed"


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")


def _filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _is_value(cell: Any) -> bool:
    """Whether a cell says a number or a day, which names of columns seldom are."""
    if not isinstance(cell, str):
        return True
    return reading_of([cell]).kind in ("integer", "number", "date", "datetime", "boolean") or bool(
        re.fullmatch(r"[\d.,%-]+", cell.strip())
    )


def _width(rows: Sequence[Sequence[Any]]) -> int:
    counts = sorted(len(row) for row in rows)
    return counts[len(counts) // 2]


_TOTALS = frozenset("合计 总计 总和 累计 小计 total totals sum grandtotal".split())


def _is_total(row: Sequence[Any]) -> bool:
    first = next((cell for cell in row if _filled(cell)), None)
    said = str(first).strip().strip(":：").replace(" ", "").casefold()
    return isinstance(first, str) and said in _TOTALS


def _unfit(name: str, cells: Sequence[Any], reading: Reading) -> Note:
    some = ", ".join(dict.fromkeys(str(cell)[:20] for cell in cells[:3]))
    what = {"integer": ("number", "数字"), "number": ("number", "数字")}.get(
        reading.kind, ("day", "日期")
    )
    count = len(cells)
    return {
        "en": f"{name}: {count} cell{'s' * (count > 1)} no {what[0]} ({some}), taken as empty",
        "zh": f"{name}：有 {count} 个单元格不是{what[1]}（{some}），视为空",
    }


def _bent(name: str, reading: Reading) -> list[Note]:
    if reading.how == "percent":
        return [{"en": f"{name}: 12% is 0.12", "zh": f"{name}：12% 读作 0.12"}]
    if reading.how == "万元":
        return [{"en": f"{name}: 1.2万元 is 12000", "zh": f"{name}：1.2万元 读作 12000"}]
    return []
