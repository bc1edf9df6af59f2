"""Numbers that a text states as something else reach the parameters that want just these."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.derived import derived
from funcsmith.generate.options import options
from funcsmith.readers import read
from funcsmith.readers.names import words_of

NOW = datetime(2026, 11, 23, 9, 0)


def _best(text: str, name: str, description: str = "", kind: str = "integer") -> object:
    schema = {"type": kind, "description": description}
    offered = options(text, name, schema, values=read(text, now=NOW), now=NOW)
    return (offered[0].value, text[slice(*offered[0].spans[0])]) if offered else None


@pytest.mark.parametrize(
    ("text", "name", "description", "best"),
    [
        ("the flat on the 9th floor", "floor", "", (9, "9th")),
        ("停在第 3 站", "stop", "第几站", (3, "第 3")),
        ("the bill of February 2022", "month", "1 to 12", (2, "February 2022")),
        ("the bill of February 2022", "year", "", (2022, "2022")),
        ("the hands at 6:40", "hours", "the hour on the clock", (6, "6")),
        ("the hands at 6:40", "minutes", "", (40, "40")),
        ("open until 11 PM", "closing_hour", "", (23, "11")),
        ("compounded quarterly", "n", "compounding periods per year", (4, "quarterly")),
        ("按月计息", "periods", "每年计息次数", (12, "按月")),
        ("a table of pine wood", "kind", "1 for oak wood, 2 for pine wood", (2, "pine")),
        ("meet on May 5 at 3 pm", "hour", "", (15, "3")),
        ("3月15日下午4点开会", "hour", "", (16, "4")),
        ("合肥的师傅", "city_id", "1 表示北京，2 表示合肥", (2, "合肥")),
    ],
)  # fmt: skip
def test_stated_as_something_else(
    text: str, name: str, description: str, best: tuple[int, str]
) -> None:
    """The number and the very characters that state it."""
    assert _best(text, name, description) == best


def test_nothing_is_derived_for_others() -> None:
    """A room takes no century, a count no hour, and a code that nothing names is not guessed."""
    text = "the flat on the 9th floor, open until 11 PM"

    assert list(derived(text, "room", "which room", read(text, now=NOW))) == []
    codes = "1 for yes, 0 for no"
    assert list(derived("order a notebook", "gift", codes, [])) == []
    assert list(derived("open daily until 5", "fee", "annual fee", [])) == []


def test_places_of_codes_survive_odd_letters() -> None:
    """A letter that is longer in small does not shift the place."""
    text = "İzmir: a pine table"
    ((code, (start, end), _),) = derived(text, "kind", "1 for oak, 2 for pine", [])

    assert (code, text[start:end]) == (2, "pine")


def test_both_parts_of_one_time() -> None:
    """Hour and minute have their own characters, so that both can be filled from one time."""
    text = "the angle at 3:15"
    values = read(text, now=NOW)

    hour = next(derived(text, "hour", "", values))
    minute = next(derived(text, "minute", "", values))

    assert [(n, text[slice(*span)]) for n, span, _ in (hour, minute)] == [(3, "3"), (15, "15")]


def test_kelvin_is_no_thousand() -> None:
    """77K is 77 where kelvin are wanted, and 77,000 where money is."""
    assert _best("nitrogen at 77K", "temp", "temperature in Kelvin") == (77, "77K")
    assert _best("a budget of 77K", "budget", "money to spend") == (77000, "77K")


def test_share_is_written_as_programs_take_it() -> None:
    """8 % is 0.08 for a rate that may be any number, 8 for a whole one or where percent is wanted."""
    text = "discounted at 8%"

    assert _best(text, "rate", "The discount rate.", "number") == (0.08, "8%")
    assert _best(text, "rate", "The discount rate.") == (8, "8%")
    assert _best(text, "rate", "The discount rate, in percent.", "number") == (8, "8%")
    assert _best("按 8% 折现", "rate", "折现率", "number") == (0.08, "8%")
    assert _best("a tip of 15%", "tip", "from 0 to 100", "number") == (15, "15%")


def test_currencies_are_codes() -> None:
    """A currency is named in many ways and passed in one."""
    text = "把 300 英镑换成日元"
    schema = {"type": "string", "description": "要换成的货币"}

    offered = options(text, "target_currency", schema, values=read(text, now=NOW), now=NOW)

    assert offered is not None
    assert {one.value: text[slice(*one.spans[0])] for one in offered} == {
        "GBP": "英镑",
        "JPY": "日元",
    }


def test_length_is_no_area() -> None:
    """A letter of the description's words is no unit that it speaks of."""
    described = "area of the wall in square metres"

    assert _best("a wall 4 m wide", "area_m2", described, "number") is None
    assert _best("a wall of 4 square metres", "area_m2", described, "number") == (
        4,
        "4 square metres",
    )


def test_mixed_measure_is_no_unit() -> None:
    """Words per page are not words, so a bare number fits."""
    assert _best("a book with 20 wpp", "density", "in minutes per page") == (20, "20")


@given(st.text("abcDEF_-. 日期0", max_size=20))
def test_any_name_has_words(name: str) -> None:
    """Words are in small letters and without marks, whatever the name."""
    assert all(word == word.lower() and "_" not in word and word for word in words_of(name))
