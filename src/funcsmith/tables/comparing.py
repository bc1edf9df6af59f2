"""When two answers about data say the same, whatever form they have."""

from __future__ import annotations

import json
import math
import re
from typing import Any


def asks_for_order(text: str) -> bool:
    """Whether a text says in which order its answer is to stand.

    >>> asks_for_order("各地区的销售额，从高到低"), asks_for_order("orders per region")
    (True, False)
    """
    return _ORDER.search(text) is not None


_ORDER = re.compile(
    r"[从由].{1,4}[到至].{1,2}|[降升]序|排[序列名行在前]|倒序|正序|先后|前\s*[\d一二三四五六七八九十两几]|"
    r"\bsort|\bordered\b|\border(?:ed)? (?:by|from)|\bin order|\bascending|\bdescending|\brank"
    r"|\btop \w+|\b(?:\w{2,}est|most|least|best|worst)"
    r" first|\b(?:from|by) (?:high|low|large|small|most|least)",
    re.IGNORECASE,
)


def comparable(value: Any, *, ordered: bool) -> str:
    """An answer as text that is equal where two say the same.

    A dictionary of groups, pairs and rows of two cells are one; so are 3 and 3.0; rows keep their
    order only where that was asked for.

    >>> comparable({"a": 1}, ordered=True) == comparable([{"k": "a", "n": 1.0}], ordered=True)
    True
    """
    return json.dumps(_plain(value, ordered), ensure_ascii=False, sort_keys=True, default=str)


def _plain(value: Any, ordered: bool) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        if abs(value) > 1e15:
            return value
        rounded = float(f"{value:.9g}")
        return int(rounded) if rounded == int(rounded) else rounded
    if isinstance(value, dict):
        pairs = [[str(key), _plain(one, ordered)] for key, one in value.items()]
        return pairs if ordered else _sorted(pairs)
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(one, dict) and one for one in value):
            items = [[_plain(cell, ordered) for cell in row.values()] for row in value]
        else:
            items = [_plain(one, ordered) for one in value]
        return items if ordered else _sorted(items)
    return str(value)


def _sorted(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda one: json.dumps(one, ensure_ascii=False, default=str))
