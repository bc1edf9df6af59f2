"""When a value, an argument or a question is the right one. The same judge for every path.

Values are JSON as the contract has it (`plain` makes them so). Rules of `benchmarks/texts`:
lists and tuples are equal, 3 and 3.0 are equal, a tolerance is absolute and for numbers, text is
compared exactly but for space around it. `True` is not 1, and "12" is 12 only where a row says so.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

TOLERANCE = 1e-6
RELATIVE_TOLERANCE = 1e-6
"""For numbers among arguments, which have no tolerance of their own."""


def value_right(got: Any, row: Mapping[str, Any]) -> bool:
    """Whether a result is the row's `expected` value or one that it accepts."""
    tolerance = float(row.get("tolerance", TOLERANCE))
    accepted = row.get("accept", ())
    # Rows of calls accept arguments by name; only function rows accept other results.
    others = accepted if isinstance(accepted, Sequence) else ()
    return any(same(got, one, tolerance=tolerance) for one in (row["expected"], *others))


def same(got: Any, expected: Any, *, tolerance: float = TOLERANCE) -> bool:
    """Whether two values are equal as the benchmark means it.

    >>> same((1, 2.0), [1, 2]), same(True, 1), same(0.33, 1 / 3, tolerance=0.005)
    (True, False, True)
    """
    got, expected = plain(got), plain(expected)
    if _is_number(got) and _is_number(expected):
        return _within(got, expected, tolerance)
    if type(got) is not type(expected):
        return False
    if isinstance(expected, str):
        return bool(got.strip() == expected.strip())
    if isinstance(expected, list):
        return len(got) == len(expected) and all(
            same(one, other, tolerance=tolerance) for one, other in zip(got, expected, strict=True)
        )
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(
            same(got[key], expected[key], tolerance=tolerance) for key in expected
        )
    return bool(got == expected)


def plain(value: Any) -> Any:
    """A Python value as JSON has it: arrays, text as keys; a set becomes a sorted array."""
    if isinstance(value, (set, frozenset)):
        try:
            return [plain(one) for one in sorted(value)]
        except TypeError:
            return [plain(one) for one in sorted(value, key=repr)]
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, complex):
        return repr(value)
    return value


def arguments_right(
    got: Mapping[str, Any], row: Mapping[str, Any], parameters: Mapping[str, Any]
) -> bool:
    """Whether a call gets the row's `arguments`; left out and equal to the default are the same.

    `parameters` is the function's JSON Schema.
    """
    properties: Mapping[str, Any] = parameters.get("properties", {})
    defaults = {name: one["default"] for name, one in properties.items() if "default" in one}
    wanted = {**defaults, **row["arguments"]}
    given = {**defaults, **got}
    if given.keys() != wanted.keys():
        return False
    accept: Mapping[str, Sequence[Any]] = row.get("accept", {})
    return all(
        argument_right(given[name], (wanted[name], *accept.get(name, ()))) for name in wanted
    )


def argument_right(got: Any, accepted: Iterable[Any]) -> bool:
    """Whether an argument is one of the right values; width, case and outer space do not count.

    >>> argument_right(" Ｌatte", ["latte"]), argument_right(68.0, [68]), argument_right(1, [True])
    (True, True, False)
    """
    return any(_same_argument(plain(got), plain(one)) for one in accepted)


def values_named(
    missing: Sequence[Any], names: Sequence[str], question: str | None
) -> tuple[int, bool]:
    """How many of the missing values were asked for, and whether they and nothing else were.

    `missing` holds names of parameters, or for a new computation lists of words any one of which
    names the value; there the wording of the question counts too.
    """
    asked = [unicodedata.normalize("NFKC", name).split(".")[0].strip() for name in names]
    if all(isinstance(one, str) for one in missing):
        return len(set(missing) & set(asked)), set(missing) == set(asked)
    said = [*(name.replace("_", " ") for name in asked), question or ""]
    count = sum(any(_mentions(text, word) for text in said for word in words) for words in missing)
    return count, count == len(missing) and len(set(asked)) <= len(missing)


def _mentions(text: str, word: str) -> bool:
    """Whether a text has the word; `age` is in "your age" but not in "average"."""
    text, word = _folded(text), _folded(word).replace("_", " ")
    if not word.isascii():
        return word in text
    return re.search(rf"(?<![a-z]){re.escape(word)}s?(?![a-z])", text) is not None


def _same_argument(got: Any, expected: Any) -> bool:
    if _is_number(got) and _is_number(expected):
        return _within(got, expected, RELATIVE_TOLERANCE * _size(got, expected))
    if type(got) is not type(expected):
        return False
    if isinstance(expected, str):
        return _folded(got) == _folded(expected)
    if isinstance(expected, list):
        return len(got) == len(expected) and all(map(_same_argument, got, expected))
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(
            _same_argument(got[key], expected[key]) for key in expected
        )
    return bool(got == expected)


def _within(got: float, expected: float, tolerance: float) -> bool:
    if got == expected:
        return True
    try:
        # Integers are subtracted exactly, however large.
        return abs(got - expected) <= tolerance
    except OverflowError:
        return False


def _size(*numbers: float) -> float:
    try:
        return float(max(map(abs, numbers)))
    except OverflowError:
        return math.inf


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _key(key: Any) -> str:
    """A dictionary's key as JSON writes it."""
    if isinstance(key, str):
        return key
    return json.dumps(plain(key), ensure_ascii=False, default=str)
