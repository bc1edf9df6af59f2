"""The order that a text asks for, put into a function that forgot it: of groups with one number each.

Like rounding, it is stated in the text, so it is part of the function and needs no model.
"""

from __future__ import annotations

import ast
import re
from typing import Any, Literal

from ..syntax import parse

Direction = Literal["falling", "rising"]


def direction_of(text: str) -> Direction | None:
    """Which way the numbers of an answer are to run; None where that is not said, or of other things.

    >>> direction_of("各地区的合计，从高到低"), direction_of("totals, lowest first")
    ('falling', 'rising')
    >>> direction_of("sorted by name, ascending") is None
    True
    """
    if _BY_WORDS.search(text):
        return None
    falling, rising = _FALLING.search(text), _RISING.search(text)
    if bool(falling) == bool(rising):
        return None
    return "falling" if falling else "rising"


def out_of_order(value: Any, direction: Direction | None) -> bool:
    """Whether a value is groups with a number each that do not run the way they should."""
    if direction is None or not isinstance(value, dict) or len(value) < 2:
        return False
    numbers = list(value.values())
    if not all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in numbers):
        return False
    return numbers != sorted(numbers, reverse=direction == "falling")


def with_order(source: str, name: str, direction: Direction) -> str:
    """The function with the groups that it returns in that order.

    >>> print(with_order("def f(a):\\n    return a", "f", "rising"), end="")
    def f(a):
        return dict(sorted(a.items(), key=lambda group: group[1]))
    """
    tree = parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            node.body = [_Ordering(direction).visit(statement) for statement in node.body]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Ordering(ast.NodeTransformer):
    def __init__(self, direction: Direction) -> None:
        self._falling = direction == "falling"

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        # A helper inside gives values that are computed with.
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            reverse = ", reverse=True" if self._falling else ""
            around = f"dict(sorted(VALUE.items(), key=lambda group: group[1]{reverse}))"
            wrapped = ast.parse(around, mode="eval").body
            for inner in ast.walk(wrapped):
                if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                    inner.value = node.value
                    break
            node.value = wrapped
        return node


_FALLING = re.compile(
    r"[从由][高大多]到[低小少]|降序|倒序|[高大多]的?(?:排|放)?在?(?:最?前面?|前头)|"
    r"\b(?:highest|largest|biggest|longest|most(?: \w+)?|greatest) first|\bdescending|\bhigh(?:est)? to low|\blargest to",
    re.IGNORECASE,
)
_RISING = re.compile(
    r"[从由][低小少]到[高大多]|升序|[低小少]的?(?:排|放)?在?(?:最?前面?|前头)|"
    r"\b(?:lowest|smallest|shortest|cheapest|least(?: \w+)?|fewest) first|\bascending|\blow(?:est)? to high|\bsmallest to",
    re.IGNORECASE,
)
_BY_WORDS = re.compile(
    r"按\S{0,6}(?:名|字母|拼音|日期|时间|月份|先后)|\b(?:by|of) (?:\w+ )?(?:name|date|day|month|time|title|alphabet)|alphabetic",
    re.IGNORECASE,
)
