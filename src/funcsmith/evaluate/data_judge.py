"""When an answer about data is the right one, whatever form it has. The same judge for every path.

A dictionary of groups, a list of pairs and a list of rows say the same; columns may stand in any
order; a row whose cells are named may have more of them, and may stand without a list where it is
the only one. Rows count in order only where the text asks for one. A single value may come alone in
a list or a dictionary. Text is compared exactly but for space around it; numbers within the row's
tolerance or one in a million.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

TOLERANCE = 1e-6


def data_right(got: Any, row: Mapping[str, Any]) -> bool:
    """Whether a value is the row's `expected` or one that it accepts.

    >>> data_right([{"地区": "华东", "合计": 3.0}], {"expected": {"华东": 3}})
    True
    >>> data_right({"b": 1, "a": 2}, {"expected": {"a": 2, "b": 1}, "ordered": True})
    False
    """
    tolerance = float(row.get("tolerance", TOLERANCE))
    ordered = bool(row.get("ordered"))
    return any(
        _same(got, one, tolerance=tolerance, ordered=ordered)
        for one in (row["expected"], *row.get("accept", ()))
    )


def _same(got: Any, expected: Any, *, tolerance: float, ordered: bool) -> bool:
    if not isinstance(expected, (list, dict)):
        return _cell(_alone(got), expected, tolerance)
    if not isinstance(got, (list, tuple, dict)):
        return False
    mine, theirs = _rows(got), _rows(expected)
    if (
        isinstance(got, dict)
        and len(theirs) == 1
        and _row(_Named(_flat(got)), theirs[0], tolerance)
    ):
        return True  # one row whose cells are named
    if len(mine) != len(theirs):
        return False
    if ordered:
        return all(_row(a, b, tolerance) for a, b in zip(mine, theirs, strict=True))
    left = list(mine)
    for wanted in theirs:
        at = next((i for i, one in enumerate(left) if _row(one, wanted, tolerance)), None)
        if at is None:
            return False
        del left[at]
    return True


def _alone(value: Any) -> Any:
    """The only value in a list or a dictionary of one."""
    while isinstance(value, (list, tuple, dict)) and len(value) == 1:
        value = next(iter(value.values())) if isinstance(value, dict) else value[0]
    return value


class _Named(list[Any]):
    """The cells of a row that says what each is."""


def _rows(value: Any) -> list[list[Any]]:
    if isinstance(value, dict):
        if value and all(isinstance(one, dict) for one in value.values()):
            # A table of two keys, or rows by their key.
            return [
                [key, *inside]
                for key, one in value.items()
                for inside in ([[k, *_flat(v)] for k, v in one.items()])
            ]
        return [[key, *_flat(one)] for key, one in value.items()]
    found: list[list[Any]] = []
    for one in value:
        found.append(_Named(_flat(list(one.values()))) if isinstance(one, dict) else _flat(one))
    # One row may stand without its list: ["Hamlet", 9].
    if (
        found
        and all(len(one) == 1 for one in found)
        and not any(isinstance(v, (list, tuple, dict)) for v in value)
    ):
        kinds = {isinstance(v, str) for v in value}
        if len(found) == 2 and len(kinds) == 2:
            return [[cell for one in found for cell in one]]
    return found


def _flat(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [cell for one in value for cell in _flat(one)]
    if isinstance(value, dict):
        return [cell for one in value.values() for cell in _flat(one)]
    return [value]


def _row(got: Sequence[Any], expected: Sequence[Any], tolerance: float) -> bool:
    if len(got) < len(expected) or (len(got) > len(expected) and not isinstance(got, _Named)):
        return False
    left = list(got)
    for wanted in expected:
        at = next((i for i, cell in enumerate(left) if _cell(cell, wanted, tolerance)), None)
        if at is None:
            return False
        del left[at]
    return True


def _cell(got: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(got, bool) or isinstance(expected, bool):
        return got is expected
    if isinstance(got, (int, float)) and isinstance(expected, (int, float)):
        near = max(tolerance, TOLERANCE * abs(expected))
        return math.isfinite(got) and abs(got - expected) <= near
    if isinstance(got, (int, str)) and isinstance(expected, (int, str)):
        # A key is text in JSON: {"1": 12} of {1: 12}.
        return _said(got) == _said(expected)
    return bool(got == expected) if got is None or expected is None else False


def _said(value: Any) -> str:
    return value.strip() if isinstance(value, str) else json.dumps(value)
