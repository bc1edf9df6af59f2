"""Calls that are known: those of the examples, and those that a model proposes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from ..syntax import parse
from .examples import Example


def read_calls(text: str, name: str, parameters: Sequence[str]) -> list[dict[str, Any]]:
    """The calls in a model's answer whose arguments are literals, by parameter name.

    >>> read_calls("f(1, [2])\\nf(x)\\nf(3, b=4)", "f", ["a", "b"])
    [{'a': 1, 'b': [2]}, {'a': 3, 'b': 4}]
    """
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        try:
            said = parse(line.strip()).body
            call = said[0].value if len(said) == 1 and isinstance(said[0], ast.Expr) else None
            if not isinstance(call, ast.Call) or ast.unparse(call.func) != name:
                continue
            given = dict(zip(parameters, map(ast.literal_eval, call.args), strict=False))
            given |= {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
        except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
            continue
        if len(call.args) <= len(parameters) and set(given) == set(parameters):
            found.append({one: given[one] for one in parameters})
    return found


def samples_of(examples: Sequence[Example], parameters: Sequence[str]) -> list[dict[str, Any]]:
    """The arguments of the examples by parameter name; those that leave one out are left out."""
    found: list[dict[str, Any]] = []
    for example in examples:
        given = {**dict(zip(parameters, example.arguments, strict=False)), **example.keywords}
        if set(given) == set(parameters) and len(example.arguments) <= len(parameters):
            found.append({one: given[one] for one in parameters})
    return found


def ordinary(values: Sequence[Any], known: Sequence[Any]) -> bool:
    """Whether nothing in the values of a call is None, shorter or below what the `known` ones have.

    >>> ordinary([[1, 2]], [[3, 1, 2]]), ordinary([[]], [[3, 1, 2]]), ordinary([-1], [3])
    (True, False, False)
    """
    seen = [inner for value in known for inner in _inside(value)]
    given = [inner for value in values for inner in _inside(value)]
    least = min(_numbers(seen), default=1)
    # One element among examples of many is a border; two are none.
    shortest = min(2, *_sizes(seen)) if _sizes(seen) else 1
    return (
        None not in given
        and min(_numbers(given), default=least) >= least
        and min(_sizes(given), default=2) >= shortest
    )


def _inside(value: Any) -> Iterator[Any]:
    """A value and all that is in it, however deep; of a dict the values."""
    yield value
    if isinstance(value, (dict, list, tuple, set, frozenset)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _inside(one)


def _numbers(values: Sequence[Any]) -> list[float]:
    return [one for one in values if isinstance(one, (int, float)) and not isinstance(one, bool)]


def _sizes(values: Sequence[Any]) -> list[int]:
    return [len(one) for one in values if isinstance(one, _SIZED)]


_SIZED = (str, bytes, dict, list, tuple, set, frozenset)


__all__ = ["ordinary", "read_calls", "samples_of"]
