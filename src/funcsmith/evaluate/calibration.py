"""Whether probabilities mean what they say: of what is called 80 % sure, 80 % should be right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .intervals import wilson

BINS = 10


def calibration(stated: Sequence[tuple[float, bool]], *, bins: int = BINS) -> dict[str, Any]:
    """The expected calibration error of (probability, right) pairs, Brier's score, and the bins.

    Bins are of equal width, the last one with its upper end; empty ones are left out. The error is
    the mean distance between a bin's mean probability and its share of right ones, by its size.

    >>> found = calibration([(0.9, True), (0.9, False), (0.2, False)])
    >>> found["error"], found["brier"], [bin["n"] for bin in found["bins"]]
    (0.333333, 0.286667, [1, 2])
    """
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probability, right in stated:
        parts[min(int(probability * bins), bins - 1)].append((probability, right))
    table: list[dict[str, Any]] = []
    error = 0.0
    for number, part in enumerate(parts):
        if not part:
            continue
        correct = sum(right for _, right in part)
        mean = sum(probability for probability, _ in part) / len(part)
        share = correct / len(part)
        error += len(part) / len(stated) * abs(mean - share)
        table.append(
            {
                "from": round(number / bins, 6),
                "to": round((number + 1) / bins, 6),
                "n": len(part),
                "right": correct,
                "probability": round(mean, 6),
                "share": round(share, 6),
                "interval": [round(end, 6) for end in wilson(correct, len(part))],
            }
        )
    squares = [(probability - right) ** 2 for probability, right in stated]
    return {
        "n": len(stated),
        "error": round(error, 6) if stated else None,
        "brier": round(sum(squares) / len(squares), 6) if stated else None,
        "bins": table,
    }
