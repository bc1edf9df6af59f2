"""The judge: when a value, an argument or a question is the right one."""

from __future__ import annotations

import math
from typing import Any

import pytest

from funcsmith.evaluate import judge

PARAMETERS = {
    "properties": {
        "drink": {"type": "string"},
        "count": {"type": "integer"},
        "hot": {"type": "boolean", "default": True},
    }
}
ROW = {"arguments": {"drink": "tea", "count": 2}, "accept": {"drink": ["green tea"]}}


@pytest.mark.parametrize(
    ("got", "expected", "right"),
    [
        (3, 3.0, True),
        (3.0000009, 3, True),
        (3.000002, 3, False),
        (10**18 + 1, 10**18, False),
        pytest.param(10**400, 1.5, False, id="larger than a float"),
        pytest.param(10**400, 10**400, True, id="large and equal"),
        (True, 1, False),
        (1, True, False),
        (0, False, False),
        (True, True, True),
        ("12", 12, False),
        (None, 0, False),
        (None, None, True),
        (math.nan, math.nan, True),
        ((1, [2.0]), [1, (2,)], True),
        ([1, 2], [2, 1], False),
        ([1, 2], [1, 2, 3], False),
        ({3, 1, 2}, [1, 2, 3], True),
        ({"a": 1}, {"a": 1.0}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ({2: 4}, {"2": 4}, True),
        ({True: 1, None: 2}, {"true": 1, "null": 2}, True),
        (" 05:25\n", "05:25", True),
        ("5:25", "05:25", False),
        ("hello", "HELLO", False),
        ("Ａ", "A", False),
    ],
)
def test_same(got: Any, expected: Any, right: bool) -> None:
    """Types and text count exactly, but 3 is 3.0 and a tuple or a set's sorted items are a list."""
    assert judge.same(got, expected) is right


def test_tolerance_is_absolute_and_reaches_inside() -> None:
    """A row's tolerance is for every number in the value, whatever its size."""
    row = {"expected": [376.99, {"a": 0.001}], "tolerance": 0.005}

    assert judge.value_right([376.9911, {"a": 0.0}], row)
    assert not judge.value_right([376.98, {"a": 0.001}], row)


def test_accepted_values_are_right() -> None:
    """What the row accepts is as right as what it expects, and nothing else is."""
    row = {"expected": "Monday", "accept": ["Mon", 1]}

    assert [judge.value_right(one, row) for one in ("Monday", "Mon", 1, "mon", True)] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ({"drink": "tea", "count": 2}, True),
        ({"drink": " ＴＥＡ ", "count": 2.0}, True),
        ({"drink": "Green Tea", "count": 2}, True),
        ({"drink": "tea", "count": 2, "hot": True}, True),
        ({"drink": "tea", "count": 2, "hot": False}, False),
        ({"drink": "tea", "count": "2"}, False),
        ({"drink": "tea", "count": True}, False),
        ({"drink": "tea"}, False),
        ({"drink": "tea", "count": 2, "sugar": None}, False),
        ({"drink": "coffee", "count": 2}, False),
    ],
)
def test_arguments(given: dict[str, Any], right: bool) -> None:
    """Every stated argument must be there; an optional one may be there with its default."""
    assert judge.arguments_right(given, ROW, PARAMETERS) is right


def test_stated_default_may_be_left_out() -> None:
    """A text that states the default calls the function in the same way without it."""
    row = {"arguments": {"drink": "tea", "count": 2, "hot": True}}

    assert judge.arguments_right({"drink": "tea", "count": 2}, row, PARAMETERS)
    assert not judge.arguments_right({"drink": "tea", "count": 2, "hot": False}, row, PARAMETERS)


def test_numbers_among_arguments_are_relative() -> None:
    """An argument may differ by one in a million."""
    assert judge.argument_right(850_000.5, [850_000])
    assert not judge.argument_right(850_001, [850_000])
    assert not judge.argument_right(0.0000001, [0])


@pytest.mark.parametrize(
    ("missing", "names", "question", "said"),
    [
        (["city"], ["city"], None, (1, True)),
        (["city"], ["city", "nights"], None, (1, False)),
        (["city"], ["nights"], "Which city?", (0, False)),
        (["name", "age_years"], ["age_years"], None, (1, False)),
        (["name", "age_years"], ["age_years", "name"], None, (2, True)),
        (["guest"], ["guest.name"], None, (1, True)),
        ([["age", "年龄"]], ["average"], None, (0, False)),
        ([["age", "年龄"]], ["patient_age"], None, (1, True)),
        ([["age", "年龄"]], ["x"], "请问年龄是多少？", (1, True)),
        ([["hour"]], ["HOURS"], None, (1, True)),
        ([["age"]], ["age", "height"], None, (1, False)),
        ([["a"], ["b"]], ["a"], None, (1, False)),
    ],
)
def test_values_named(
    missing: list[Any], names: list[str], question: str | None, said: tuple[int, bool]
) -> None:
    """A library function's parameters by name; a new computation's values by any of their words."""
    assert judge.values_named(missing, names, question) == said
