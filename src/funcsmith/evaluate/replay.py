"""A suite's own program of tests, run on values that the function under test gave elsewhere.

The source of this file is handed to the fence; nothing here imports the package. The tests never
share a process with the function: they call a stand-in that knows what each call gave, so code
under test cannot reach them, what they compare with, or what compares.
"""

from __future__ import annotations

import copy
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

MARK = "\0funcsmith"
"""What a value that cannot be handed over as it is begins with, as a tuple."""
_DATA = (type(None), bool, int, float, complex, str, bytes)


class _NotKnown(BaseException):
    """What this call gives is not known yet; no test catches it."""


class _Items:
    """What could be gone through but is no list: a map, a generator, a dictionary's keys."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __iter__(self) -> Any:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


class _Opaque:
    """A value of which only its looks crossed the border; equal to nothing."""

    def __init__(self, looks: str) -> None:
        self._looks = looks

    def __repr__(self) -> str:
        return self._looks


def replay(
    setting: str, tests: str, name: str, known: list[Any] | None, reference: str | None
) -> dict[str, Any]:
    """Run the tests; `calls` are those that they made, up to the first that is not known.

    `known` is a list of (arguments, keywords, (how, value)) in the order of the calls. Without it
    the reference answers, to find out which calls there are.
    """
    calls: list[tuple[Any, Any]] = []
    guess = _defined(reference, name) if reference is not None else None

    def stand_in(*arguments: Any, **keywords: Any) -> Any:
        calls.append(copy.deepcopy((arguments, keywords)))
        if not _is_data(calls[-1]):
            raise _NotKnown("arguments that are no data")
        if known is None:
            if guess is None:
                raise _NotKnown
            return guess(*arguments, **keywords)
        at = len(calls) - 1
        if at >= len(known) or not _same(known[at][0], calls[at]):
            raise _NotKnown
        how, value = known[at][1]
        if how == "raised":
            raise RuntimeError(value)
        return _Items(_alive(value)) if how == "items" else _alive(value)

    random.seed(0)  # some tests draw their inputs
    names: dict[str, Any] = {"__name__": "tests"}
    answer: dict[str, Any] = {"passed": False, "wants": False, "error": None}
    try:
        exec(setting, names)  # noqa: S102 - what the fence is for
        names[name] = stand_in
        exec(tests, names)  # noqa: S102
        answer["passed"] = True
    except _NotKnown as unknown:
        answer["wants"], answer["error"] = True, str(unknown) or None
    except BaseException as error:  # noqa: BLE001 - the tests say by any that they fail
        answer["error"] = type(error).__name__
    return {**answer, "calls": [call for call in calls if _is_data(call)]}


def _defined(source: str, name: str) -> Any:
    names: dict[str, Any] = {"__name__": "reference"}
    exec(source, names)  # noqa: S102
    return names[name]


def _same(one: Any, other: Any) -> bool:
    # Sets may be written in another order, and a NaN is equal to nothing.
    return bool(one == other) or repr(one) == repr(other)


def _is_data(value: Any) -> bool:
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        return all(map(_is_data, value))
    if kind is dict:
        return all(_is_data(key) and _is_data(inner) for key, inner in value.items())
    return kind in _DATA


def _alive(value: Any) -> Any:
    """The value with what could not be handed over made anew."""
    kind = type(value)
    if kind is tuple and len(value) == 3 and value[0] == MARK:
        if value[1] == "decimal":
            return Decimal(value[2])
        return Fraction(*value[2]) if value[1] == "fraction" else _Opaque(value[2])
    if kind in (list, tuple, set, frozenset):
        return kind(map(_alive, value))
    if kind is dict:
        return {_alive(key): _alive(inner) for key, inner in value.items()}
    return value
