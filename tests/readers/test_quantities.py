"""Quantities, money and durations."""

from datetime import datetime

import pytest

from funcsmith.readers import Value, read

NOW = datetime(2026, 11, 23, 9, 0)  # a Monday
AROUND = [("", ""), ("请问 ", " 可以吗"), ("set ", ", please")]


def readings(text: str, kind: str) -> list[Value]:
    return [value for value in read(text, now=NOW) if value.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("三晚", "quantity", 3),
        ("3 nights", "quantity", 3),
        ("3.5公斤", "quantity", 3.5),
        ("两斤半", "quantity", 2.5),
        ("宽一米八，铺砖", "quantity", 1.8),
        ("一米七五的个子", "quantity", 1.75),
        ("一米六五半", "quantity", 1.655),
        ("1米8左右", "quantity", 1.8),
        ("five foot six tall", "quantity", 5.5),
        ("零下五度", "quantity", -5),
        ("-5°C", "quantity", -5),
        ("98.6°F", "quantity", 98.6),
        ("60 km/h", "quantity", 60),
        ("每小时60公里", "quantity", 60),
        ("5 feet 10 inches", "quantity", 5.8333333333333),
        ("500MB", "quantity", 500),
        ("350毫升", "quantity", 350),
        ("三千克", "quantity", 3),
        ("两百五十克", "quantity", 250),
        ("100平方米", "quantity", 100),
        ("二十五岁", "quantity", 25),
        ("五位客人", "quantity", 5),
        ("25 years old", "quantity", 25),
        ("1米75", "quantity", 1.75),
        ("12 oz", "quantity", 12),
        ("2 cups", "quantity", 2),
        ("minus 5 degrees Celsius", "quantity", -5),
        ("3 kilos", "quantity", 3),
        ("五公里", "quantity", 5),
        ("三两", "quantity", 3),
        ("10kWh", "quantity", 10),
        ("3,000 calories", "quantity", 3000),
    ],
)
def test_quantities(text, kind, value):
    """A quantity keeps the unit it was said in."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("¥35", "money", 35),
        ("35元", "money", 35),
        ("35块5", "money", 35.5),
        ("三块五毛", "money", 3.5),
        ("电价五毛六一度", "money", 0.56),
        ("一度电六毛二，这期", "money", 0.62),
        ("三块五", "money", 3.5),
        ("五毛", "money", 0.5),
        ("$12.50", "money", 12.5),
        ("20 dollars", "money", 20),
        ("1.2万元", "money", 12000),
        ("壹佰贰拾元整", "money", 120),
        ("3元5角2分", "money", 3.52),
        ("五百块钱", "money", 500),
        ("€1,200.50", "money", 1200.5),
        ("USD 100", "money", 100),
        ("100USD", "money", 100),
        ("$3k", "money", 3000),
        ("$1.5 million", "money", 1500000),
        ("50 cents", "money", 0.5),
        ("两千美元", "money", 2000),
        ("HK$300", "money", 300),
        ("5 dollars and 20 cents", "money", 5.2),
    ],
)
def test_money(text, kind, value):
    """A sum of money is stated in its main currency."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("两个半小时", "duration", 9000),
        ("两个小时零五分", "duration", 7500),
        ("90分钟", "duration", 5400),
        ("1h30m", "duration", 5400),
        ("three days", "duration", 259200),
        ("a week", "duration", 604800),
        ("一个半小时", "duration", 5400),
        ("半小时", "duration", 1800),
        ("半个小时", "duration", 1800),
        ("一刻钟", "duration", 900),
        ("一年半", "duration", 47304000),
        ("2小时30分", "duration", 9000),
        ("two and a half hours", "duration", 9000),
        ("45 seconds", "duration", 45),
        ("half an hour", "duration", 1800),
        ("an hour and a half", "duration", 5400),
        ("a countdown of an hour and a half", "duration", 5400),
        ("an hour and 20 minutes", "duration", 4800),
        ("a quarter of an hour", "duration", 900),
        ("half of an hour", "duration", 1800),
        ("three quarters of an hour", "duration", 2700),
        ("a third of an hour", "duration", 1200),
        ("2 hours and 15 minutes", "duration", 8100),
        ("3个月", "duration", 7776000),
        ("1 hr 20 min", "duration", 4800),
    ],
)
def test_durations(text, kind, value):
    """A duration is stated in seconds."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("3公斤", "kg"), ("3 kg", "kg"), ("3 kilograms", "kg"), ("３ｋｇ", "kg"), ("3千克", "kg"), ("3斤", "斤"),
        ("350毫升", "ml"), ("350 mL", "ml"), ("20摄氏度", "°C"), ("气温20度", "°C"), ("旋转20度", "deg"),
        ("5 MB", "MB"), ("5 Mb", "Mbit"), ("3 m", "m"), ("5平方米", "m²"), ("5 m2", "m²"), ("60 mph", "mph"),
        ("三瓶", "瓶"), ("3 bottles", "瓶"), ("三位", "person"), ("3 people", "person"), ("三晚", "night"),
        ("兩公里", "km"), ("10公里每小时", "km/h"),
    ],
)  # fmt: skip
def test_units_are_canonical(text, unit):
    """One unit has one symbol, whatever it is called."""
    assert unit in [v.unit for v in readings(text, "quantity")]


@pytest.mark.parametrize(
    ("text", "currency"),
    [("¥5", "CNY"), ("5块", "CNY"), ("5 dollars", "USD"), ("€5", "EUR"), ("5英镑", "GBP"), ("5 pounds", "GBP"), ("5日元", "JPY"), ("NT$5", "TWD"), ("RMB 5", "CNY")],
)  # fmt: skip
def test_currencies_are_codes(text, currency):
    """Money carries its ISO code."""
    assert [v.unit for v in readings(text, "money")] == [currency]


def test_pounds_are_money_and_mass():
    """Where a word names two units both readings are given."""
    assert {(v.kind, v.unit) for v in read("20 pounds") if v.unit} == {
        ("money", "GBP"),
        ("quantity", "lb"),
    }


def test_three_in_the_morning_is_no_length():
    """The word in is an inch only where nothing else can be meant."""
    assert readings("3 in the morning", "quantity") == []
