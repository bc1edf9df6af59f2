"""The unit of a result, where it is stated: by the question, or by the function's name. Else none."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract import Function
from ..generate.options import options
from ..readers import Value
from ..readers.currencies import currency_of
from ..readers.units import canonical, measure
from ..readers.wanted import wanted_unit


def stated_currency(text: str, values: Sequence[Value]) -> str | None:
    """The one currency of a question; None where it names several, or none for certain.

    >>> from ..readers import read
    >>> text = "3 个苹果每个 5 元，一共多少钱？"
    >>> stated_currency(text, read(text))
    'CNY'
    """
    if any(value.unit == "lb" for value in values):
        return None  # pounds are money and weight
    named = options(text, "currency", {"type": "string"}, values=[], now=None) or []
    found = {str(one.value) for one in named} | {
        value.unit for value in values if value.kind == "money" and value.unit
    }
    return found.pop() if len(found) == 1 else None


def stated_measure(text: str, function: Function | None, kinds: Sequence[str]) -> str | None:
    """The unit of one of these measures that the question, or else the function's name, asks for.

    >>> stated_measure("How far is it, in km?", None, ["length"])
    'km'
    """
    for unit in (wanted_unit("", text), wanted_unit(function.name, "") if function else None):
        if unit is not None and measure(unit) in kinds:
            return unit
    return None


def unit_of(words: str) -> str | None:
    """The unit or currency that these words name, and nothing else."""
    said = words.strip().removeprefix("degrees ").removeprefix("the ")
    return canonical(said) or currency_of(said)


__all__ = ["stated_currency", "stated_measure", "unit_of"]
