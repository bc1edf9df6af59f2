"""Forms, conversion, the unit a parameter wants, and the evidence for a value."""

from datetime import datetime

import pytest

from funcsmith.readers import convert, evidence, forms, read, wanted_unit

NOW = datetime(2026, 11, 23, 9, 0)


def first(text, kind):
    return next(value for value in read(text, now=NOW) if value.kind == kind)


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("12%", "percent", [12, 0.12]), ("八折", "discount", [0.8, 8, 80, 20, 0.2]),
        ("20% off", "discount", [20, 0.2, 0.8, 80]), ("3.5万元", "money", [35000, 3.5]),
        ("2026年3月1日", "date", ["2026-03-01", "2026年3月1日"]), ("90分钟", "duration", [90, 1.5, 5400]),
        ("$1.2 million", "money", [1200000, 1.2]),
    ],
)  # fmt: skip
def test_forms(text, kind, expected):
    """The plain values a text may stand for come likeliest first."""
    assert forms(first(text, kind))[: len(expected)] == expected


@pytest.mark.parametrize(
    ("text", "kind", "unit", "number"),
    [
        ("350 ml", "quantity", "L", 0.35), ("90 分钟", "duration", "hour", 1.5), ("2斤", "quantity", "kg", 1),
        ("100°C", "quantity", "°F", 212), ("68 °F", "quantity", "celsius", 20), ("1.5公斤", "quantity", "grams", 1500),
        ("12%", "percent", "fraction", 0.12), ("八折", "discount", "%", 80), ("3.5万元", "money", "万元", 3.5),
        ("$5", "money", "cents", 500), ("$5", "money", "CNY", None), ("3 kg", "quantity", "m", None),
        ("2 years", "duration", "months", 24), ("三晚", "quantity", "nights", 3), ("5", "integer", "kg", None),
        ("20度", "quantity", "°C", 20), ("5 miles", "quantity", "km", 8.04672),
    ],
)  # fmt: skip
def test_convert(text, kind, unit, number):
    """A value is converted within its measure, and nowhere else."""
    assert convert(first(text, kind), unit) == (None if number is None else pytest.approx(number))


@pytest.mark.parametrize(
    ("name", "description", "unit"),
    [
        ("weight_kg", "", "kg"), ("weightKg", "", "kg"), ("weight", "重量（千克）", "kg"), ("weight", "重量，单位：克", "g"),
        ("x", "体重，以公斤为单位", "kg"), ("duration", "duration in hours", "h"), ("amount", "Amount in USD", "USD"),
        ("rate", "percentage 0-100", "%"), ("rate", "as a fraction between 0 and 1", "fraction"),
        ("rate", "annual rate as a decimal", "fraction"), ("temp", "in celsius or fahrenheit", None),
        ("days", "", "day"), ("day", "day of the month", None), ("nights", "入住晚数", "night"),
        ("speed", "speed in km/h", "km/h"), ("price", "价格（万元）", "万元"), ("city", "city in France", None),
        ("date", "date in YYYY-MM-DD format", None), ("duration_minutes", "", "min"), ("n", "the number of items", None),
        ("temperature", "The temperature in degrees Celsius.", "°C"), ("t", "时长（分钟）", "min"),
        ("day", "白天的用电量，单位度（千瓦时）", "kWh"), ("room", "室温，单位度", "°C"),
    ],
)  # fmt: skip
def test_wanted_unit(name, description, unit):
    """A parameter's name and description say the unit, or nothing does."""
    assert wanted_unit(name, description) == unit


@pytest.mark.parametrize(
    ("text", "literal", "spans"),
    [
        ("寄 1.5 公斤", 1.5, ["1.5", "1.5 公斤"]), ("寄 1.5 公斤", 1500, ["1.5 公斤"]), ("打八折", 0.8, ["八折"]),
        ("两千零八", 2008, ["两千零八"]), ("涨12%", 0.12, ["12%"]), ("去臺北", "台北", ["臺北"]), ("去北京", "上海", []),
        ("ＡＢＣ 公司", "abc", ["ＡＢＣ"]), ("下午三点半", "15:30", ["下午三点半"]), ("明天出发", "2026-11-24", ["明天"]),
        ("March 1st, 2026", "2026-03-01", ["March 1st, 2026"]), ("含早餐", True, ["含早餐"]), ("含早餐", False, []),
        ("成绩是3, 5 和 8", [3, 5, 8], ["3", "5", "8"]), ("成绩是3, 5 和 8", [3, 5, 9], []), ("任何", None, []),
        ("the cat", "a", []), ("20摄氏度", "celsius", ["摄氏度"]), ("换成美元", "USD", ["美元"]), ("[5, 5]", [5, 5], ["5", "5"]),
        ("x=1500", 150, []), ("code SKU-1023", 1023, []), ("苹果、香蕉和梨", ["苹果", "梨"], ["苹果", "梨"]),
        ("1,234.5", 1234.5, ["1,234.5"]), ("叫张三，25岁", {"name": "张三", "age": 25}, ["张三", "25"]),
    ],
)  # fmt: skip
def test_evidence(text, literal, spans):
    """A value has evidence where the text states it, in any spelling, and nowhere else."""
    assert [text[a:b] for a, b in evidence(text, literal, now=NOW)][: max(len(spans), 1)] == spans


def test_every_place_is_given():
    """A value that is stated twice has two places."""
    assert evidence("3 加 3", 3) == [(0, 1), (4, 5)]


@pytest.mark.parametrize(
    ("text", "literal", "stated"),
    [
        ("开了 5 小时 38 分钟", "5:38", "5 小时 38 分钟"),
        ("it took 1 hour and 5 minutes", "01:05", "1 hour and 5 minutes"),
        ("开了 5 小时 38 分钟", "5:39", None),
    ],
)
def test_duration_as_clocks_show_it(text, literal, stated):
    """A duration is stated where it stands, however a clock writes it."""
    found = evidence(text, literal, now=NOW)

    assert [text[a:b] for a, b in found] == ([stated] if stated else [])


@pytest.mark.parametrize(
    ("text", "clock", "said"),
    [
        ("dinner is at 6 pm.", "18:00", "6 pm"),
        ("until 11:30 a.m. Then", "11:30", "11:30 a.m."),
        ("at 7p.m.", "19:00", "7p.m."),
    ],
)
def test_half_of_the_day_before_a_full_stop(text, clock, said):
    """The full stop behind pm ends the sentence, not the time."""
    value = first(text, "time")

    assert (value.value, value.text) == (clock, said)


FACTORS = [
    ("Ann has twice as many", 2, ["twice"]),
    ("The price doubled in May", 2, ["doubled"]),
    ("Double the amount of 35", 2, ["Double"]),
    ("double 75, please", 2, ["double"]),
    ("it will double.", 2, ["double"]),
    ("a twofold rise", 2, ["twofold"]),
    ("she runs thrice as far", 3, ["thrice"]),
    ("the rent tripled", 3, ["tripled"]),
    ("quadruple that", 4, ["quadruple"]),
    ("the dose is halved", 0.5, ["halved"]),
    ("half as much", 0.5, ["half"]),
    ("paid time and a half", 1.5, ["time and a half"]),
    ("弟弟的书是哥哥的两倍", 2, ["两", "两倍"]),
    ("产量翻了一倍", 2, ["翻了一倍"]),
    ("价格涨了１倍", 2, ["涨了１倍"]),
    ("比去年多一倍", 2, ["多一倍"]),
    ("人数翻番", 2, ["翻番"]),
    ("收入翻了一番", 2, ["翻了一番"]),
    ("收入翻两番", 4, ["翻两番"]),
    ("工资加倍", 2, ["加倍"]),
    ("學費減半", 0.5, ["減半"]),
    ("２ 本书，笔的数量翻倍", 2, ["２", "２ 本", "翻倍"]),
    ("a double room for the night", 2, []),
    ('count the letters of "doubled"', 2, []),
    ("一倍子", 2, []),
    ("the halves meet twice", 3, []),
]


@pytest.mark.parametrize(("text", "number", "stated"), FACTORS)
def test_words_that_multiply(text, number, stated):
    """Twice states the 2 that somebody multiplies by, where it multiplies."""
    assert [text[a:b] for a, b in evidence(text, number, now=NOW)] == stated


@pytest.mark.parametrize("text", ["twice as many", "it doubled", "人数翻番", "工资加倍"])
def test_words_that_multiply_are_no_values(text):
    """A parameter that wants some integer is not filled with the 2 of twice."""
    assert [value for value in read(text, now=NOW) if value.kind != "boolean"] == []


@pytest.mark.parametrize(
    ("text", "literal", "stated"),
    [
        ("due on 15 June 2026", "2026-06-15T00:00:00", ["15 June 2026"]),
        ("从2026年6月15日起", "2026-06-15T00:00:00", ["2026年6月15日"]),
        ("从２０２６年６月１５日起", "2026-06-15 00:00", ["２０２６年６月１５日"]),
        ("leave tomorrow", "2026-11-24T00:00:00Z", ["tomorrow"]),
        ("明天走", "2026-11-24T00:00:00+00:00", ["明天"]),
        ("15 June 2026 at 9:30", "2026-06-15T09:30:00", ["15 June 2026 at 9:30"]),
        ("due on 15 June 2026", "2026-06-15T09:30:00", []),
        ("due on 15 June 2026", "2026-06-16T00:00:00", []),
        ("at midnight", "2026-06-15T00:00:00", []),
    ],
)
def test_day_as_a_moment(text, literal, stated):
    """A day is stated where it stands, though a moment was made of it."""
    assert [text[a:b] for a, b in evidence(text, literal, now=NOW)] == stated
