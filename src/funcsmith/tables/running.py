"""What a function over data may use: more than one over a few values, by how much data there is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..execute import Limits

_BYTES_A_CELL = 400
_MOST_BYTES = 4 * 2**30


def limits_for(inputs: Mapping[str, Any]) -> Limits:
    """The limits of one call on these inputs; the usual ones up to some 10,000 cells."""
    cells = sum(map(_cells, inputs.values()))
    if cells <= 10_000:
        return Limits()
    usual = Limits()
    cpu = min(60.0, usual.cpu_seconds + cells / 100_000)
    return Limits(
        cpu_seconds=cpu,
        wall_seconds=2 * cpu,
        memory_bytes=min(_MOST_BYTES, usual.memory_bytes + _BYTES_A_CELL * cells),
        value_bytes=64 * 2**20,
    )


def _cells(value: Any) -> int:
    if isinstance(value, list):
        first = value[0] if value else None
        return len(value) * (len(first) if isinstance(first, (dict, list)) else 1)
    if isinstance(value, dict):
        return sum(map(_cells, value.values()))
    return len(value) // 20 + 1 if isinstance(value, str) else 1
