"""Curves of a training: a small chart for the terminal, and a PNG.

Both read the journal, so they can be drawn while it runs and again years later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from . import journal
from .checkpoint import write

Points = Sequence[tuple[float, float]]
_TASK = ("detection_f1", "exact", "asks", "idle", "passed")
"""The metrics of evaluations that are shares."""


def points(lines: Sequence[Mapping[str, Any]], kind: str, name: str) -> list[tuple[float, float]]:
    """The steps and values of one metric in a journal.

    >>> points([{"kind": "train", "step": 1, "loss": 2.5}], "train", "loss")
    [(1, 2.5)]
    """
    return [
        (one["step"], float(one[name]))
        for one in lines
        if one.get("kind") == kind and isinstance(one.get(name), (int, float))
    ]


def chart(curve: Points, *, title: str, width: int = 64, height: int = 10) -> str:
    """One curve in signs, with its bounds; an empty one is only its title.

    >>> print(chart([(1, 4.0), (2, 2.0), (3, 1.0)], title="loss", width=3, height=4))
    loss
     4.00 │●
          │
          │ ●
     1.00 │  ●
          └───
           1…3
    """
    if not curve:
        return title
    low, high = min(y for _, y in curve), max(y for _, y in curve)
    first, last = curve[0][0], curve[-1][0]
    sums: dict[int, list[float]] = {}
    for x, y in curve:
        place = round((x - first) / (last - first) * (width - 1)) if last > first else 0
        sums.setdefault(place, []).append(y)
    rows = [[" "] * width for _ in range(height)]
    for place, values in sums.items():
        mean = sum(values) / len(values)
        share = (mean - low) / (high - low) if high > low else 0.0
        rows[height - 1 - round(share * (height - 1))][place] = "●"
    margin = max(len(f"{one:.2f}") for one in (low, high)) + 1
    said = [title]
    for number, row in enumerate(rows):
        bound = high if number == 0 else low if number == height - 1 else None
        label = "" if bound is None else f"{bound:.2f}"
        said.append(f"{label:>{margin}} │{''.join(row).rstrip()}")
    said.append(f"{'':>{margin}} └{'─' * width}")
    said.append(f"{'':>{margin}}  {first:g}…{last:g}")
    return "\n".join(said)


def charts(folder: Path) -> str:
    """The curves of a stage's folder for the terminal: its loss, and what was evaluated."""
    lines = journal.read(folder / journal.FILE)
    found = [chart(points(lines, "train", "loss"), title=f"{folder.name}: loss (nats a token)")]
    for name in ("loss", *_TASK):
        curve = points(lines, "evaluate", name)
        if len(curve) > 1:
            title = f"{folder.name}: {name}, records not trained on"
            found.append(chart(curve, title=title, height=6))
    return "\n\n".join(found)


def draw(folders: Sequence[Path], path: Path) -> None:
    """The curves of stages as a PNG: loss, the task's own metrics, and speed, a row each stage."""
    figure = Figure(figsize=(13, 3.6 * len(folders)), layout="constrained")
    panels = figure.subplots(len(folders), 3, squeeze=False)
    for row, folder in zip(panels, folders, strict=True):
        lines = journal.read(folder / journal.FILE)
        loss, task, speed = row
        _plot(loss, points(lines, "train", "loss"), "trained on", alpha=0.5)
        _plot(loss, points(lines, "evaluate", "loss"), "not trained on", marker="o")
        loss.set(title=f"{folder.name}: loss", xlabel="step", ylabel="nats a token")
        for name in _TASK:
            _plot(task, points(lines, "evaluate", name), name, marker="o")
        task.set(title=f"{folder.name}: task", xlabel="step", ylabel="share", ylim=(0, 1.02))
        _plot(speed, points(lines, "train", "tokens_per_second"), "tokens a second")
        speed.set(title=f"{folder.name}: speed", xlabel="step", ylim=(0, None))
        for panel in row:
            if panel.get_legend_handles_labels()[0]:
                panel.legend(fontsize=8)
            panel.grid(alpha=0.3)
    # The same journal gives the same bytes: no date, no version.
    write(
        path, lambda file: figure.savefig(file, format="png", dpi=110, metadata={"Software": None})
    )


def _plot(panel: Any, curve: Points, label: str, **how: Any) -> None:
    if curve:
        panel.plot([x for x, _ in curve], [y for _, y in curve], label=label, **how)


__all__ = ["chart", "charts", "draw", "points"]
