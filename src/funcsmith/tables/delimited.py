"""CSV and its kin: the delimiter found, quotes kept, a torn or shifted line named. Whole files here;
for files of any size row by row see `streams.py`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from .table import Grid

DELIMITERS = (",", "\t", ";", "|")
LONGEST_CELL = 2**20


class Torn(ValueError):
    """A line that cannot be read: a quotation mark that is never closed, mostly."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line, self.why = line, why


def grid_of(text: str, *, delimiter: str | None = None) -> Grid:
    """The cells of a delimited text, with the line on which each row begins."""
    mark = delimiter or delimiter_of(text)
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, row in numbered(io.StringIO(text, newline=""), mark):
        rows.append(row)
        lines.append(line)
    return Grid(rows, lines, decimal_comma=mark != ",")


def numbered(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins on; Torn where one cannot be read."""
    before = csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        begins = 1
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Torn(begins, str(error)) from error
            yield begins, row
            begins = reader.line_num + 1
    finally:
        csv.field_size_limit(before)


def delimiter_of(text: str) -> str:
    """The delimiter that cuts the first lines into equally many cells.

    >>> delimiter_of("a;b\\n1,5;2\\n"), delimiter_of("一句话，没有表格")
    (';', ',')
    """
    best, score = ",", 0.0
    for mark in DELIMITERS:
        counts = _cells(text, mark)
        if not counts:
            continue
        usual, often = Counter(counts).most_common(1)[0]
        if usual < 2:
            continue
        # More cells win only where as many lines agree.
        found = often / len(counts) + min(usual, 50) / 1000
        if found > score:
            best, score = mark, found
    return best


def looks_delimited(text: str) -> bool:
    """Whether a text without a name is a table: at least two lines of as many cells."""
    counts = _cells(text, delimiter_of(text))
    return len(counts) > 1 and counts[0] > 1 and len(set(counts)) == 1


def _cells(text: str, mark: str) -> Sequence[int]:
    head = text[:65_536]
    if len(head) < len(text):
        head = head[: head.rfind("\n") + 1] or head
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=mark)
    counts: list[int] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                counts.append(len(row))
            if len(counts) == 60:
                break
    except csv.Error:
        pass
    return counts
