"""A parameter is offered what the text states, in the form it wants, and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.kinds import kind_of, string_kind
from funcsmith.generate.options import Option, options
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)  # a Monday


def offered(text: str, name: str, schema: dict[str, Any]) -> list[Option] | None:
    return options(text, name, schema, values=read(text, now=NOW), now=NOW)


BEST = [
    ("寄 1.5 公斤到北京", "weight_g", "number", 1500, "1.5 公斤"),
    ("寄 1.5 公斤到北京", "weight_kg", "number", 1.5, "1.5 公斤"),
    ("跑了 5 公里", "distance_m", "integer", 5000, "5 公里"),
    ("a 2.5 hour film", "minutes", "integer", 150, "2.5 hour"),
    ("I am 180 cm tall", "height_m", "number", 1.8, "180 cm"),
    ("存入三万五千元", "amount", "number", 35000, "三万五千元"),
    ("年利率 3.5%", "rate_percent", "number", 3.5, "3.5%"),
    ("3 nights please", "nights", "integer", 3, "3 nights"),
]


@pytest.mark.parametrize(("text", "name", "kind", "value", "said"), BEST)
def test_number_in_the_unit_that_is_wanted(
    text: str, name: str, kind: str, value: float, said: str
) -> None:
    """1.5 公斤 is 1500 for weight_g, with the characters that say so."""
    found = offered(text, name, {"type": kind})

    assert found
    assert found[0].value == value
    start, end = found[0].spans[0]
    assert text[start:end] in said


def test_whole_number_only_where_it_is_whole() -> None:
    """2.5 is not offered to an integer, not even rounded."""
    found = offered("2.5 和 7", "n", {"type": "integer"})

    assert found is not None
    assert [option.value for option in found] == [7]


DATES = [
    ("明天出发", "2026-11-24"),
    ("后天出发", "2026-11-25"),
    ("leaving tomorrow", "2026-11-24"),
    ("2024年3月1日出发", "2024-03-01"),
    ("下周五出发", "2026-12-04"),
]


@pytest.mark.parametrize(("text", "day"), DATES)
@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("day", {"type": "string", "format": "date"}),
        ("check_in", {"type": "string"}),
        ("x", {"type": "string", "description": "the day, YYYY-MM-DD"}),
    ],
)
def test_date_relative_to_now(text: str, day: str, name: str, schema: dict[str, Any]) -> None:
    """Days are counted from the request's now; name or description make a text a date."""
    found = offered(text, name, schema)

    assert found
    assert found[0].value == day


def test_time_of_day() -> None:
    """Half past three in the afternoon is 15:30."""
    found = offered("下午三点半开会", "start_time", {"type": "string"})

    assert found
    assert found[0].value == "15:30"


def test_nothing_stated_nothing_offered() -> None:
    """A number or date that the text lacks cannot be chosen."""
    for schema in ({"type": "integer"}, {"type": "number"}, {"type": "string", "format": "date"}):
        assert offered("去北京", "n", schema) == []


def test_any_words_may_fill_a_text() -> None:
    """A plain text parameter takes any words of the text: the grammar sees to that."""
    assert offered("去北京", "city", {"type": "string"}) is None


def test_enum_offers_what_it_lists() -> None:
    """All listed values in their order, those that the text names with their places."""
    found = offered("换成 USD", "currency", {"type": "string", "enum": ["CNY", "USD"]})

    assert found is not None
    assert [option.value for option in found] == ["CNY", "USD"]
    assert [option.spans for option in found] == [(), ((3, 6),)]


def test_list_of_numbers() -> None:
    """A stated list is offered whole, each item with its place."""
    found = offered("对 [5, 2, 9] 排序", "xs", {"type": "array", "items": {"type": "integer"}})

    assert found
    assert found[0].value == [5, 2, 9]
    assert found[0].spans == ((3, 4), (6, 7), (9, 10))


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({}, "any"),
        ({"type": "integer"}, "integer"),
        ({"type": ["null", "integer"]}, "integer"),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, "number"),
        ({"anyOf": [{"type": "null"}]}, "any"),
        ({"enum": [1, 2], "type": "integer"}, "enum"),
        ({"const": 1}, "enum"),
        ({"type": "string", "format": "date-time"}, "datetime"),
        ({"type": "string", "format": "email"}, "string"),
    ],
)
def test_kind_of_a_schema(schema: dict[str, Any], kind: str) -> None:
    """`null` beside a type does not hide it."""
    assert kind_of(schema) == kind


@pytest.mark.parametrize("name", ["days", "weekday", "duration_time", "times", "city", "message"])
def test_words_that_are_no_date(name: str) -> None:
    """How many days, which weekday and how many times are neither dates nor times."""
    assert string_kind(name, {}) == "string"


_TEXTS = st.text("0123456789.%年月日明天公斤米元 三千[],折 abckgm", max_size=40) | st.text(
    max_size=30
)
_NAMES = st.sampled_from(["n", "weight_g", "rate_percent", "date", "start_time", "xs", "城市", ""])
_WANTED = st.sampled_from(
    [{"type": t} for t in ("integer", "number", "string", "boolean")]
    + [{"type": "string", "format": f} for f in ("date", "date-time", "time")]
    + [{"type": "array", "items": {"type": "number"}}, {}]
)


@given(_TEXTS, _NAMES, _WANTED)
def test_what_is_offered_has_its_place(text: str, name: str, schema: dict[str, Any]) -> None:
    """For any text: each number, date and list on offer points inside the text."""
    found = offered(text, name, schema)

    for option in found or ():
        assert all(0 <= start < end <= len(text) for start, end in option.spans)
        assert option.spans or isinstance(option.value, bool)
        assert 0 <= option.weight <= 1


def ways(text: str, name: str, schema: dict[str, Any]) -> list[tuple[Any, tuple[str, ...]]]:
    return [(one.value, one.said) for one in offered(text, name, schema) or ()]


def test_other_ways_of_saying_a_value() -> None:
    """What is offered may be written in digits, in numerals, or as clocks and calendars show it."""
    number, text = {"type": "number"}, {"type": "string"}

    assert ways("跑了十二公里", "distance_km", number) == [(12, ("十二", "12"))]
    assert ways("提成百分之八", "percent", number)[0] == (8, ("百分之八", "8%", "8"))
    assert [(v, set(said)) for v, said in ways("at 4:30 pm", "time", text)] == [
        ("16:30", {"16:30", "4:30 pm"})
    ]
    assert ways("by next Friday", "date", text)[0] == ("2026-12-04", ("2026-12-04", "Friday"))


def test_a_rate_lasts_no_time() -> None:
    """«90 a month» and 每天 state no duration."""
    hours = {"type": "number", "description": "length in hours"}

    assert [value for value, _ in ways("We pay 90 a month", "hours", hours)] == [90]
    assert ways("电费每天三块", "hours", {"type": "number", "description": "时长，单位小时"}) == []


def test_unit_one_word_behind() -> None:
    """«4 extra hours» measures, «4 extra chairs» counts."""
    assert [o.value for o in offered("I did 4 extra hours", "hours", {"type": "number"}) or ()] == [
        4
    ]
    assert offered("I took 4 extra chairs", "hours", {"type": "number"}) == []


def test_unit_that_the_description_speaks_of() -> None:
    """A description that explains another unit accepts it: 一吨水就是一立方米."""
    schema = {"type": "number", "description": "用水量，单位立方米，一吨水就是一立方米"}

    assert [o.value for o in offered("用了二十八吨水", "volume_m3", schema) or ()] == [28]


def test_amounts_among_words_are_a_list() -> None:
    """Of loose amounts those in the wanted unit belong together."""
    schema = {"type": "array", "items": {"type": "number"}, "description": "amounts in grams"}

    found = offered("给 6 个人：面粉 300 克、糖 0.12 公斤，烤 180 度", "amounts_g", schema)

    assert [o.value for o in found or ()] == [[300, 120]]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("订两个人的位子。上次我们是五个人。", [2]),
        ("Please book a table for two. By the way, there were 5 of us yesterday.", [2]),
        ("上次的 5 个人", [5]),
    ],
)
def test_asides_state_nothing(text: str, left: list[int]) -> None:
    """What was last time, or comes by the way, is about something else."""
    found = offered(text, "people", {"type": "integer"})

    assert [o.value for o in found or ()] == left


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("The talk lasts an hour and a half", [90]),
        ("We play for an hour", [60]),
        ("Three times a day", []),
        ("It costs 40 dollars an hour", []),
    ],
)
def test_an_hour_lasts_unless_something_is_paid_for_it(text: str, minutes: list[int]) -> None:
    """«An hour» is a duration, «40 dollars an hour» is a rate."""
    found = offered(text, "minutes", {"type": "integer", "description": "length in minutes"})

    assert [o.value for o in found or () if o.weight >= 0.9] == minutes


def test_a_way_of_writing_states_one_value() -> None:
    """«Friday» alone could be either Friday, so neither is written so."""
    found = offered("not this Friday but next Friday", "date", {"type": "string"})

    assert [o.value for o in found or ()] == ["2026-11-27", "2026-12-04"]
    assert all("Friday" not in o.said for o in found or ())


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("汽油八块一升，加满要多少钱？", []),
        ("汽油 8.2 元/一升", []),
        ("苹果 5 块一斤，称了三斤半", [3.5]),
        ("加一升汽油", [1.0]),
        ("一共花了八块，买了一升", [1.0]),
    ],
)
def test_what_a_price_is_for_is_no_amount(text: str, values: list[float]) -> None:
    """«八块一升» states a price of a litre, and no litre that was bought."""
    name = "weight_jin" if "斤" in text else "litres"
    unit = "斤" if "斤" in text else "升"
    found = offered(text, name, {"type": "number", "description": f"数量，单位{unit}"})

    assert [one.value for one in found or () if one.weight >= 0.9] == values
