"""What looks wrong from outside is doubted; what may be right is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from funcsmith.generate.plausibility import (
    asks_for_average,
    asks_for_one,
    entries_of,
    implausible,
    invented,
    no_average,
    overlooked,
    places_wanted,
)
from funcsmith.readers import read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("晚班 22:40 开始，做 9 小时，几点下班？", "31:40"),
        ("When does the shift end?", "07:75"),
        ("运 50 吨沙要几辆车？", 6.25),
        ("一共要多少个箱子？", 3.5),
        ("How many boxes do we need?", 8.4),
        ("How many full crates can I fill?", 8.4),
    ],
)
def test_what_cannot_be_is_implausible(text: str, value: Any) -> None:
    """No clock shows 31 o'clock, and nobody needs a quarter of a lorry."""
    assert implausible(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("几点下班？", "07:40"),
        ("What is 24:00 in the other zone?", "26:00"),
        ("几点下班？", 7.5),
        ("平均每辆车装多少个？", 6.25),
        ("How many hours does it take?", 2.5),
        ("How many kilometres is that?", 2.5),
        ("How many apples does each child get on average?", 2.5),
        ("运 50 吨沙要几辆车？", 7),
        ("运 50 吨沙要几辆车？", 7.0),
        ("几个半小时？", 2.5),
        ("比例写成什么？", "16:9"),
        ("多少个小时？", 1.5),
    ],
)
def test_what_may_be_is_plausible(text: str, value: Any) -> None:
    """Measures and means may be fractions, and a ratio is no clock."""
    assert not implausible(text, value)


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("pages - days * 20", [20]),
        ("pages * 0.35", [0.35]),
        ("pages / 60 + days * 24", []),
        ("pages * 2.54 + 273.15", []),
        ("pages * (1 - 0.3)", []),
        ("pages * 0.7 + days", []),
        ("pages * 1000 * 0.001", []),
        ("pages * 15 + 15", [15]),
    ],
)
def test_numbers_that_nobody_stated(body: str, numbers: list[float]) -> None:
    """Neither stated (30 % as 0.3 or 0.7 too), nor known to everybody, nor a unit's factor."""
    source = f"def left(pages, days):\n    return {body}"

    assert invented(source, "left", read("420 pages, 30 % less")) == numbers


def test_defaults_and_other_functions_are_not_looked_at() -> None:
    """Only the body of the function that is named may hold an invented number."""
    source = "def other(n):\n    return n * 17\ndef f(n=23):\n    return n"

    assert invented(source, "f", []) == []


@pytest.mark.parametrize(
    ("text", "body", "left"),
    [
        ("3 friends and 20 %", "n", ["3", "20 %"]),
        ("3 friends and 20 %", "n * 0.8 / 3", []),
        ("3 friends and 20 %", "n * 1.2", ["3"]),
        ('Put "0" in its place', "n.replace('o', '0')", []),
        ("算出这个三位数，保留两位小数", "round(n, 2)", []),
        ("十六进制转成八进制", "oct(n)", []),
        ("a 3-digit number to 2 decimal places, at most 5", "n", ["5"]),
    ],
)
def test_number_that_nothing_looks_at(text: str, body: str, left: list[str]) -> None:
    """A number of the text is overlooked where neither the call nor the code has it."""
    values = [v for v in read(text) if v.note != "part" and v.kind != "string"]
    counted = [v for v in values if isinstance(v.value, (int, float)) and v.value is not True]

    assert [v.text for v in overlooked(text, f"def f(n):\n    return {body}", counted)] == left


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("结果保留一位小数", 1),
        ("保留2位小数", 2),
        ("精确到小数点后三位", 3),
        ("精确到 0.01", 2),
        ("精确到分", 2),
        ("精确到分钟", None),
        ("rounded to two decimals", 2),
        ("to 3 decimal places", 3),
        ("Round to the nearest cent.", 2),
        ("a 2-decimal number", 2),
        ("两位数", None),
        ("0.1 公里", None),
        ("先保留两位小数，再保留一位小数", None),
        ("Both to two decimals: rounded to two decimals", 2),
    ],
)
def test_digits_that_a_text_asks_for(text: str, places: int | None) -> None:
    """How many digits are wanted behind the point, where one number is said."""
    assert places_wanted(text) == places


RANKING = {"华东": 3, "华南": 5, "西南": 1}


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("哪个地区卖得最多？", True),
        ("卖得最好的是哪个地区", True),
        ("谁的得分最高", True),
        ("Which region sold the most, and how much?", True),
        ("What was the longest trip?", True),
        ("哪两个地区卖得最多？", False),
        ("卖得最多的三个地区", False),
        ("各地区哪个月卖得最多", False),
        ("哪些地区卖得最多", False),
        ("Which three regions sold the most?", False),
        ("Which region sold the most in each year?", False),
        ("Which regions lie in the west?", False),
        ("各地区销售额", False),
    ],
)
def test_who_asks_for_the_one_that_is_most(text: str, one: bool) -> None:
    """A single winner is asked for, not several, and not one of each."""
    assert asks_for_one(text) is one


@pytest.mark.parametrize(
    ("value", "entries"),
    [
        (RANKING, 3),
        ([["华东", 3], ["华南", 5], ["西南", 1]], 3),
        ([{"a": 1}, {"a": 2}, {"a": 3}], 3),
        ({"华南": 5}, 0),
        ({"地区": "华南", "数量": 5, "月份": "2024-01"}, 0),
        ([["华南", 5], ["华东", 5]], 0),
        (["华南", 5, 1], 0),
        ("华南", 0),
        (5, 0),
    ],
)
def test_entries_of_a_ranking(value: Any, entries: int) -> None:
    """Groups and rows are counted, a tie and a single record are none."""
    assert entries_of(value) == entries


@pytest.mark.parametrize(
    ("text", "average"),
    [
        ("the average age", True),
        ("各组的年龄中位数", True),
        ("the total age", False),
        ("平均每人的年龄", False),
        ("the average age per club", False),
    ],
)
def test_who_asks_for_an_average(text: str, average: bool) -> None:
    """A rate is none: it may be anything."""
    assert asks_for_average(text) is average


@pytest.mark.parametrize(
    ("value", "none"),
    [(1295.0, True), ({"a": 20.0, "b": 3.0}, True), (18.0, False), (40, False), (None, False)],
)
def test_an_average_lies_among_its_values(value: Any, none: bool) -> None:
    """Of ages from 18 to 40."""
    assert no_average(value, [[18, 40, 22]]) is none
    assert not no_average(value, [])
