"""Months, quarters and years in texts, and the order that a text asks for."""

from __future__ import annotations

import pytest

from funcsmith.generate.ordering import direction_of, out_of_order, with_order
from funcsmith.tables.periods import hints, periods


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("十二月的订单", ['day[5:7] == "12"']),
        ("2023年11月的合计", ['day[:7] == "2023-11"']),
        ("5月和6月", ['day[5:7] == "05"', 'day[5:7] == "06"']),
        ("sales in May", ['day[5:7] == "05"']),
        ("orders of Sept 2024", ['day[:7] == "2024-09"']),
        ("第二季度", ['day[5:7] in ("04", "05", "06")']),
        ("in Q4 2023", ['day[5:7] in ("10", "11", "12")']),
        ("2020年以后入职", ['day[:4] is "2020"']),
        ("hired since 2021", ['day[:4] is "2021"']),
        ("三个月的合计", []),
        ("每月的合计", []),
        ("3月5日之后", []),
        ("March 5", []),
        ("the marching band may come", []),
        ("月薪最高的人", []),
    ],
)
def test_periods(text: str, expected: list[str]) -> None:
    """A month that is a month, whatever language; a day, a length of time and a word are none."""
    assert [one.condition("day") for one in periods(text)] == expected


def test_hints_name_the_only_column_of_days() -> None:
    """With two such columns none is chosen; without any nothing is said."""
    day = {"日期": "2024-03-05", "n": 1}

    assert hints("三月的合计", {"data": [day]}) == ['三月: row["日期"][5:7] == "03"']
    assert hints("三月的合计", {"data": [{**day, "到期": "2024-04-01"}]}) == [
        '三月: day[5:7] == "03"'
    ]
    assert hints("三月的合计", {"data": [{"n": 1}]}) == []


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("各仓库的库存，多的排在前面", "falling"),
        ("hours per worker, most hours first", "falling"),
        ("按合计升序", "rising"),
        ("按日期升序", None),
        ("totals by month, ascending", None),
        ("各地区的合计", None),
        ("from high to low, then lowest first", None),
    ],
)
def test_direction(text: str, direction: str | None) -> None:
    """Which way numbers run, unless something else is what is sorted."""
    assert direction_of(text) == direction


def test_groups_that_run_the_wrong_way_are_put_in_order() -> None:
    """Only groups with one number each; what the function computes stays as it is."""
    assert out_of_order({"a": 1, "b": 2}, "falling")
    assert not out_of_order({"a": 2, "b": 1}, "falling")
    assert not out_of_order({"a": 1, "b": "x"}, "falling")
    assert not out_of_order([["a", 1], ["b", 2]], "falling")
    names: dict = {}
    exec(
        with_order("def f(a):\n    def g(b):\n        return b\n    return g(a)\n", "f", "falling"),
        names,
    )
    assert list(names["f"]({"a": 1, "b": 3, "c": 2})) == ["b", "c", "a"]
