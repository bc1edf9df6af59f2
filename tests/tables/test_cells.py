"""What a written cell says, and what a column is."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.tables.cells import Reading, Unfit, reading_of


def values(cells: list, **more) -> list:
    reading = reading_of(cells, **more)
    return [reading.read(cell) for cell in cells]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "-20", "0"], [1, -20, 0]),
        (["1,200", "12,000,000"], [1200, 12_000_000]),
        (["1.5", "2"], [1.5, 2.0]),
        (["12%", "5.5%"], [0.12, 0.055]),
        (["0.1%", "29%"], [0.001, 0.29]),
        (["￥1,234.50", "￥8"], [1234.5, 8.0]),
        (["$3", "-$4.5", "$1,000"], [3.0, -4.5, 1000.0]),
        (["12元", "7.5元"], [12.0, 7.5]),
        (["1.2万元", "3万元"], [12000.0, 30000.0]),
        (["(1,200)", "300"], [-1200, 300]),
        (["１２", "３．５"], [12.0, 3.5]),
        (["1.5E+06", "2"], [1.5e6, 2.0]),
        (["true", "FALSE"], [True, False]),
        (["3", "", "N/A", "-", "暂无"], [3, None, None, None, None]),
    ],
)
def test_numbers_as_people_write_them(cells: list, expected: list) -> None:
    """Thousands, percent, currencies, brackets for minus, full width; blanks are empty."""
    assert values(cells) == expected


@pytest.mark.parametrize(
    "cells",
    [["007", "012"], ["1e5", "2e7"], ["6222020200112233445", "6222020200112233446"],
     ["3号楼", "5号楼"], ["12kg", "7kg"], ["$3", "€4"], ["1.2.3", "1.2.4"], ["是", "否"]],
)  # fmt: skip
def test_codes_and_words_stay_text(cells: list[str]) -> None:
    """Leading zeros, long digits, versions, units and two currencies are text as it stands."""
    assert values(cells) == cells


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024/3/5", "2024/12/31"], ["2024-03-05", "2024-12-31"]),
        (["2024年3月5日"], ["2024-03-05"]),
        (["2024.3.5", "2024.11.30"], ["2024-03-05", "2024-11-30"]),
        (["5 Mar 2024", "Mar 6, 2024"], ["2024-03-05", "2024-03-06"]),
        (["25/03/2024", "05/04/2024"], ["2024-03-25", "2024-04-05"]),
        (["03/25/2024", "04/05/2024"], ["2024-03-25", "2024-04-05"]),
        (["05.04.2024"], ["2024-04-05"]),
        (["2024-03-05 8:05", "2024-03-06T18:30:15"], ["2024-03-05 08:05:00", "2024-03-06 18:30:15"]),
        (["2024年3月5日 下午3:20"], ["2024-03-05 15:20:00"]),
        (["2024-03-05T08:00:00Z"], ["2024-03-05 08:00:00+00:00"]),
        ([datetime(2024, 3, 5), date(2024, 3, 6)], ["2024-03-05", "2024-03-06"]),
        ([datetime(2024, 3, 5, 9, 30)], ["2024-03-05 09:30:00"]),
    ],
)  # fmt: skip
def test_days_become_iso(cells: list, expected: list[str]) -> None:
    """Whatever way a day is written; a number above twelve says which one is the day."""
    assert values(cells) == expected


def test_a_day_that_could_be_two_stays_text() -> None:
    """Nothing says whether 03/05 is in March or in May."""
    cells = ["03/05/2024", "04/05/2024"]

    assert values(cells) == cells


def test_eight_digits_are_a_day_where_the_column_says_so() -> None:
    """20240305 is a number, except under 日期."""
    assert values(["20240305"]) == [20240305]
    assert values(["20240305"], name="下单日期") == ["2024-03-05"]
    assert values(["20241399"], name="下单日期") == [20241399]


def test_a_decimal_comma_where_another_delimiter_stands() -> None:
    """1.234,5 is a number in a file whose cells are parted by semicolons."""
    assert values(["1.234,5", "7,25"], decimal_comma=True) == [1234.5, 7.25]
    assert values(["1.234,5", "7,25"]) == ["1.234,5", "7,25"]


def test_what_hardly_ever_fits_not_is_the_column_nevertheless() -> None:
    """One stray cell among ten makes no text of numbers; two among four do."""
    assert reading_of([*map(str, range(10)), "待定"]).kind == "integer"
    assert reading_of(["1", "2", "x", "y"]).kind == "text"


def test_a_cell_that_does_not_fit_is_refused() -> None:
    """Nothing is bent: a fraction is no whole number, a yes no number."""
    for kind, cell in (("integer", "1.5"), ("integer", True), ("number", "1 2"), ("number", "x"),
                       ("date", "2024-02-30"), ("boolean", "maybe"), ("integer", "1.0")):  # fmt: skip
        with pytest.raises(Unfit if kind != "date" else ValueError):
            Reading(kind).read(cell)


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_read_as_itself(number: int) -> None:
    """With thousands separators and without."""
    assert values([f"{number:,}"]) == [number]
    assert values([str(number)]) == [number]


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_as_itself(day: date) -> None:
    """In the ways that only one day can be meant by."""
    for said in (day.isoformat(), f"{day.year}/{day.month}/{day.day}",
                 f"{day.year}年{day.month}月{day.day}日"):  # fmt: skip
        assert values([said]) == [day.isoformat()]


@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_column_can_be_read(cells: list[str]) -> None:
    """Whatever stands in a column, a reading is found, and text that is kept is kept whole."""
    reading = reading_of(cells)

    if reading.kind == "text":
        assert [reading.read(cell) for cell in cells] == [cell.strip() or None for cell in cells]
