"""Whether a function computes with its values as what they are: metres, minutes, money, pages.

A stated value that is taken for something else (six days as pages, a weight as the third side of a
box) stands in for one that is missing. Only what the text says of a value counts: its unit. Rates
are often said without theirs («每天读 20 页»), so a product is nothing that can be held against it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from ..readers import Value
from ..readers.names import words_of
from ..readers.units import measure
from ..readers.wanted import wanted_unit
from ..syntax import parse
from .grounding import Grounding

_COUNT = "count"
_NAMED = {
    "length": "distance length width height depth radius diameter side perimeter circumference"
    " thickness altitude 距离 路程 长 宽 高 长度 宽度 高度 深度 厚度 半径 直径 边长 周长",
    "mass": "weight mass 重量 质量 体重",
    "time": "time duration hours minutes seconds days weeks months years 时间 时长 小时 分钟 天数",
    "money": "price cost salary wage fee rent budget income bill deposit principal payment coupon"
    " 价格 单价 总价 金额 工资 费用 租金 预算 收入 本金 押金 优惠券",
    "area": "area 面积",
    "volume": "volume 体积 容积",
}
_MEASURE_OF = {word: kind for kind, words in _NAMED.items() for word in words.split()}
_POWERS: dict[str, tuple[tuple[str, int], ...]] = {
    "area": (("length", 2),),
    "volume": (("length", 3),),
    "speed": (("length", 1), ("time", -1)),
}


def mistaken(source: str, name: str, grounding: Grounding, values: Sequence[Value]) -> list[str]:
    """The parameters whose values are taken for something else than the text says they are."""
    measures = {
        parameter: found
        for parameter in grounding.arguments
        if (found := _measured(grounding.spans.get(f"/{parameter}", ()), values)) is not None
    }
    wrong = [one for one, found in measures.items() if not _may_be_called(one, found)]
    function = next(
        (n for n in parse(source).body if isinstance(n, ast.FunctionDef) and n.name == name),
        None,
    )
    if function is not None:
        wrong += _added_up(function, measures)
        wrong += _multiplied(function, measures)
    return list(dict.fromkeys(wrong))


def _measured(spans: Sequence[tuple[int, int]], values: Sequence[Value]) -> str | None:
    """What the value at a place measures: length, money, count …; None where nothing says so."""
    if len(spans) != 1:
        return None
    start, end = spans[0]
    around = [v for v in values if v.start <= start and end <= v.end and v.note != "part"]
    for value in sorted(around, key=lambda v: v.end - v.start):
        if value.kind == "money":
            return "money"
        if value.kind == "duration":
            return "time"
        if value.kind == "quantity" and value.unit:
            return measure(value.unit) or _COUNT
    return None


def _may_be_called(name: str, found: str) -> bool:
    """Whether a parameter of this name may hold what measures this.

    >>> _may_be_called("distance", "time"), _may_be_called("minutes_per_page", "time")
    (False, True)
    """
    words = words_of(name)
    if "per" in words:
        # «pages_per_day» of "4 days": only what is divided by is there.
        under = words[words.index("per") + 1 :]
        over = words[: words.index("per")]
        return found == _COUNT or not _says(under, found) or _says(over, found)
    if "rate" in words or "speed" in words:
        return True
    unit = wanted_unit(name, "")
    wanted = measure(unit) if unit else None
    if wanted in ("length", "mass", "time", "area", "volume"):
        return found == wanted
    wanted = _MEASURE_OF.get(words[-1]) or _MEASURE_OF.get(name)
    return wanted is None or found == wanted


def _says(words: Sequence[str], kind: str) -> bool:
    return any(
        _MEASURE_OF.get(word) == kind or _MEASURE_OF.get(f"{word}s") == kind for word in words
    )


def _added_up(function: ast.FunctionDef, measures: Mapping[str, str]) -> list[str]:
    """Parameters added to, taken from or compared with one that measures something else."""
    wrong: list[str] = []
    rebound = {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    for node in ast.walk(function):
        sides: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
            sides = [node.left, node.right]
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        names = [
            side.id
            for side in sides
            if isinstance(side, ast.Name) and side.id in measures and side.id not in rebound
        ]
        if len({measures[one] for one in names}) > 1:
            wrong += names
    return wrong


_SAID_BY_NAME = re.compile(r"(?:^|_)(area|volume|speed)(?:_|$)|(面积)$|(体积)$|(速度)$")
_CHINESE = {"面积": "area", "体积": "volume", "速度": "speed"}


def _multiplied(function: ast.FunctionDef, measures: Mapping[str, str]) -> list[str]:
    """Parameters that cannot be a factor of the area, the volume or the speed that is returned."""
    said = _SAID_BY_NAME.search(function.name)
    if said is None or len(function.body) != 1 or not isinstance(function.body[0], ast.Return):
        return []
    word = next(group for group in said.groups() if group)
    value = function.body[0].value
    powers = _powers(value, measures) if value is not None else None
    if powers is None:
        return []
    kind = _CHINESE.get(word, word)
    allowed = {kind, *(base for base, _ in _POWERS[kind])}
    return [
        one
        for one in measures
        if powers.get(measures[one]) and measures[one] not in allowed and measures[one] != _COUNT
    ]


def _powers(node: ast.expr, measures: Mapping[str, str]) -> dict[str, int] | None:
    """The measures that a product is made of, with their powers; None where it is no product."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return {}
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "math.pi":
        return {}
    if isinstance(node, ast.Name):
        return {measures[node.id]: 1} if node.id in measures else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        left, right = _powers(node.left, measures), _powers(node.right, measures)
        if left is None or right is None:
            return None
        sign = 1 if isinstance(node.op, ast.Mult) else -1
        return {kind: left.get(kind, 0) + sign * right.get(kind, 0) for kind in {*left, *right}}
    return None


__all__ = ["mistaken"]
