"""Numbers and shares of a whole, in digits, Chinese and English."""

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
        ("两千零八", "integer", 2008),
        ("2.5 亿", "integer", 250000000),
        ("三千五", "integer", 3500),
        ("带俩娃去", "integer", 2),
        ("半打鸡蛋", "integer", 6),
        ("两打啤酒", "integer", 24),
        ("twenty-five", "integer", 25),
        ("three and a half", "number", 3.5),
        ("两万五千", "integer", 25000),
        ("貳拾萬", "integer", 200000),
        ("負三", "integer", -3),
        ("3k", "integer", 3000),
        ("-7", "integer", -7),
        ("1e-3", "number", 0.001),
        ("1.2 million", "integer", 1200000),
        ("two dozen", "integer", 24),
        ("a hundred and five", "integer", 105),
        ("½", "number", 0.5),
        ("half a dozen", "integer", 6),
        ("三点一四", "number", 3.14),
        ("十万", "integer", 100000),
        ("一百零一", "integer", 101),
        ("一千", "integer", 1000),
        ("十", "integer", 10),
        ("三", "integer", 3),
        ("5", "integer", 5),
        ("1,234,567", "integer", 1234567),
        ("+5", "integer", 5),
    ],
)
def test_numbers(text, kind, value):
    """A bare number is read however it is written."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("百分之十二点五", "percent", 12.5),
        ("12.5%", "percent", 12.5),
        ("１２％", "percent", 12),
        ("四成半", "percent", 45),
        ("三成", "percent", 30),
        ("八折", "discount", 0.8),
        ("八五折", "discount", 0.85),
        ("8.5折", "discount", 0.85),
        ("85折", "discount", 0.85),
        ("twelve percent", "percent", 12),
        ("千分之五", "percent", 0.5),
        ("20% off", "discount", 0.8),
        ("负百分之五", "percent", -5),
        ("3/4", "fraction", 0.75),
        ("四分之三", "fraction", 0.75),
        ("three quarters", "fraction", 0.75),
        ("two thirds", "fraction", 0.6666666666666666),
        ("1 1/2", "fraction", 1.5),
        ("一半", "fraction", 0.5),
        ("第三", "ordinal", 3),
        ("21st", "ordinal", 21),
        ("third", "ordinal", 3),
        ("第21", "ordinal", 21),
    ],
)
def test_shares(text, kind, value):
    """Percentages, fractions, discounts and ordinals are read."""
    for before, after in AROUND[: 1 if kind in ("list", "object") else 3]:
        whole = before + text + after

        found = [one for one in readings(whole, kind) if one.value == value]

        assert found, read(whole, now=NOW)
        assert all(whole[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "试一下", "一打电话就", "一样的", "统一格式", "一般来说", "一起去", "万一下雨", "三角形", "四川人", "十分重要",
        "千万别去", "五金店", "不三不四", "星期五", "下周三", "SKU-1023", "航班 CA1234", "H2O", "v1.2.3",
        "https://a.b/12/34", "mail 12@34.com", "每一次", "唯一的",
    ],
)  # fmt: skip
def test_syllables_and_codes_are_no_numbers(text):
    """What only looks like a numeral is not read as a number."""
    assert [v for v in read(text, now=NOW) if v.kind in ("integer", "number") and not v.note] == []


@pytest.mark.parametrize("text", ["a ticket", "一个人", "one of them"])
def test_articles_are_a_one_of_low_rank(text):
    """The 1 of an article is noted as such."""
    ones = [v for v in readings(text, "integer") if v.value == 1]

    assert [v.note for v in ones] == ["article"]


def test_digits_inside_a_larger_reading_are_noted():
    """The 3.5 of 3.5% is also a number, noted as a part."""
    assert [(v.kind, v.value, v.note) for v in read("涨了3.5%", now=NOW)] == [
        ("percent", 3.5, ""),
        ("number", 3.5, "part"),
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,2,3,4,5", [1, 2, 3, 4, 5]), ("5 -3 8", [5, -3, 8]), ("3-5", [3, 5]), ("10 - 5", [10, 5]),
        ("x=2，y=-3", [2, -3]), ("3x+2y", [3, 2]), ("八点二十", []), ("第3章", []), ("2026-12-20", []),
        ("version 1.2.3", []), ("5 千米", []), ("从-10到25", [-10, 25]), ("一成二", []), ("3x4", [3, 4]),
    ],
)  # fmt: skip
def test_free_numbers(text, numbers):
    """The numbers that stand free, no part of something larger, are these."""
    found = [v for v in read(text, now=NOW) if v.kind in ("integer", "number") and not v.note]

    assert [v.value for v in found] == numbers
