"""Tables for people: columns as wide as they need, the last one cut where the terminal ends."""

from __future__ import annotations

from collections.abc import Sequence

from .layout import Line
from .screen import Screen
from .visible import cells, visible
from .words import locale_language, say

Cell = str | tuple[str, str]
"""Words, or words with their style."""


def show_table(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Print a table on standard output."""
    screen = Screen()
    if not rows:
        screen.line((say(locale_language(), "empty"), "dim"))
        return
    lines = [[(head, "dim") for head in heads], *([_cell(cell) for cell in row] for row in rows)]
    widths = [max(cells(line[place][0]) for line in lines) for place in range(len(heads))]
    for line in lines:
        shown: Line = []
        for place, (words, style) in enumerate(line):
            last = place == len(heads) - 1
            if last:
                left = None if screen.width is None else screen.width - sum(widths[:-1]) - 2 * place
                shown.append((words if left is None else _fitting(words, left), style))
            else:
                shown += [(words, style), (" " * (widths[place] - cells(words) + 2), "")]
        screen.show([shown])


def _cell(cell: Cell) -> tuple[str, str]:
    words, style = (cell, "") if isinstance(cell, str) else cell
    return " ".join(visible(words).split()), style


def _fitting(words: str, columns: int) -> str:
    """The words, cut to so many columns."""
    if cells(words) <= columns:
        return words
    while words and cells(words) > columns - 1:
        words = words[:-1]
    return f"{words}…"
