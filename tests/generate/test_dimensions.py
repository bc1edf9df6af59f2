"""A value is what the text says it is: minutes are no distance, and days are no pages."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from funcsmith.generate.answer import Argument
from funcsmith.generate.dimensions import mistaken
from funcsmith.generate.grounding import ground
from funcsmith.readers import read


def found(text: str, source: str, **arguments: Any) -> list[str]:
    values = read(text)
    name = next(n.name for n in ast.parse(source).body if isinstance(n, ast.FunctionDef))
    grounding = ground(
        text, {k: Argument(v) for k, v in arguments.items()}, list(arguments), values=values,
        now=None,
    )  # fmt: skip
    assert not grounding.missing
    return mistaken(source, name, grounding, values)


@pytest.mark.parametrize(
    ("text", "source", "arguments", "wrong"),
    [
        (
            "I swam for 25 minutes. What was my speed?",
            "def speed(distance):\n    return distance / 60",
            {"distance": 25}, ["distance"],
        ),
        (
            "I typed 90 pages in 3 days.",
            "def f(pages, pages_per_day):\n    return pages / pages_per_day",
            {"pages": 90, "pages_per_day": 3}, ["pages_per_day"],
        ),
        (
            "一共 300 页，读了 5 天，还剩多少页？",
            "def f(total, done):\n    return total - done",
            {"total": 300, "done": 5}, ["total", "done"],
        ),
        (
            "The crate is 40 cm long, 30 cm wide and weighs 6 kg. Its volume?",
            "def crate_volume(a, b, c):\n    return a * b * c",
            {"a": 40, "b": 30, "c": 6}, ["c"],
        ),
        ("绳子重 3 公斤", "def f(length_m):\n    return length_m * 2", {"length_m": 3}, ["length_m"]),
    ],
)  # fmt: skip
def test_value_taken_for_something_else(
    text: str, source: str, arguments: dict[str, Any], wrong: list[str]
) -> None:
    """A name, a sum or a product that the value's unit contradicts."""
    assert found(text, source, **arguments) == wrong


@pytest.mark.parametrize(
    ("text", "source", "arguments"),
    [
        (
            "时速 60 公里，开了 3 小时",
            "def f(speed, hours):\n    return speed * hours", {"speed": 60, "hours": 3},
        ),
        (
            "A room 4 m by 5 m, 2.5 m high: its volume?",
            "def room_volume(a, b, height):\n    return a * b * height",
            {"a": 4, "b": 5, "height": 2.5},
        ),
        ("3 个苹果和 2 根香蕉", "def f(a, b):\n    return a + b", {"a": 3, "b": 2}),
        ("3 kg and 500 g", "def f(a_kg, b_g):\n    return a_kg + b_g / 1000", {"a_kg": 3, "b_g": 500}),
        ("每天读 20 页，7 天", "def f(pages_per_day, days):\n    return pages_per_day * days",
         {"pages_per_day": 20, "days": 7}),
        ("弟弟 9 岁", "def f(age):\n    return age + 2", {"age": 9}),
        ("3 小时后还剩 2 升", "def f(a, b):\n    b = a * 2\n    return a - b", {"a": 3, "b": 2}),
    ],
)  # fmt: skip
def test_value_taken_as_it_is(text: str, source: str, arguments: dict[str, Any]) -> None:
    """Rates that are said without theirs, counts of different things and the same measure are fine."""
    assert found(text, source, **arguments) == []
