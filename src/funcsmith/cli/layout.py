"""Lines of styled words, broken where a terminal's width ends; Chinese takes two columns.

A style is a name ("dim", "value", "span0" …) that only a coloured screen looks up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .visible import cells, visible

Piece = tuple[str, str]
"""Words and their style."""
Line = list[Piece]

_WORDS = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef][\u3001-\u3003\u3009\u300b\u300d\u300f"
    "\u3011\u3015\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u201d]*"
    "|\n| +|[^\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef \n]+"
)


def wrapped(pieces: Iterable[Piece], width: int | None) -> list[Line]:
    """The pieces as lines of at most `width` columns; line feeds break in any case."""
    characters = [(c, style) for words, style in pieces for c in visible(words)]
    text = "".join(c for c, _ in characters)
    rows: list[list[Piece]] = [[]]
    used = 0
    for found in _WORDS.finditer(text):
        word = characters[found.start() : found.end()]
        if found[0] == "\n":
            rows.append([])
            used = 0
            continue
        wide = cells(found[0])
        if width is not None and used and used + wide > width:
            rows.append([])
            used = 0
            if found[0].isspace():
                continue
        for character, style in word:
            each = cells(character)
            if width is not None and used and used + each > width:
                rows.append([])
                used = 0
            rows[-1].append((character, style))
            used += each
    return [_joined(row) for row in rows]


def columns(
    label: str, body: Sequence[Line], *, label_width: int, style: str = "label"
) -> list[Line]:
    """A label with its lines beside it, two columns from the edge."""
    lines: list[Line] = []
    for number, line in enumerate(body):
        head = label if number == 0 else ""
        gap = " " * (label_width - cells(head))
        lines.append([("  ", ""), (head, style), (gap, ""), *line])
    return lines


def carets(rows: Sequence[Line], names: Sequence[str]) -> list[Line]:
    """The rows, each with carets under its marked words (`span0` …) and the names of those."""
    lines: list[Line] = []
    told: set[int] = set()
    for row in rows:
        lines.append(row)
        marks: list[tuple[int, int, int]] = []
        at = 0
        for words, style in row:
            end = at + cells(words)
            if style.startswith("span"):
                marks.append((at, end, int(style[4:])))
            at = end
        if marks:
            lines += [[(line, "dim")] for line in _under(marks, names, told)]
    return lines


def text_of(line: Line) -> str:
    """The line without its styles."""
    return "".join(words for words, _ in line).rstrip()


def _under(
    marks: Sequence[tuple[int, int, int]], names: Sequence[str], told: set[int]
) -> list[str]:
    """The caret line, and as many lines of names as they need."""
    lines = [""]
    for number, (start, end, which) in enumerate(marks):
        lines[0] = _to(lines[0], start) + "^" * (end - start)
        if which in told:
            continue
        told.add(which)
        name = visible(names[which])
        after = marks[number + 1][0] if number + 1 < len(marks) else None
        if after is None or end + 1 + cells(name) < after:
            lines[0] += f" {name}"
            continue
        for place in range(1, len(marks) + 1):
            if place == len(lines):
                lines.append("")
            if not lines[place] or cells(lines[place]) < start:
                lines[place] = _to(lines[place], start) + name
                break
    return lines


def _to(line: str, column: int) -> str:
    return line + " " * (column - cells(line))


def _joined(row: Iterable[Piece]) -> Line:
    line: Line = []
    for character, style in row:
        if line and line[-1][1] == style:
            line[-1] = (line[-1][0] + character, style)
        else:
            line.append((character, style))
    return line
