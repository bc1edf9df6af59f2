"""What holds for every text and every value: written in a supported way, it is read back."""

from datetime import date, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funcsmith.readers import convert, evidence, forms, read, wanted_unit
from funcsmith.readers.characters import fold, lower

NOW = datetime(2026, 11, 23, 9, 0)
CHINESE = "零一二三四五六七八九"
FORMAL = dict(zip("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟", strict=True))
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen".split()
)
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def chinese(number: int) -> str:
    """A whole number below 10**12 as it is spoken."""
    if number == 0:
        return "零"
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if low and low < size // 10 else ""
            return chinese(high) + unit + gap + (chinese(low) if low else "")
    said = ""
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            said += CHINESE[digit] + unit
        elif said and number and not said.endswith("零"):
            said += "零"
    return said.rstrip("零")


def english(number: int) -> str:
    """A whole number below 10**9 in English words."""
    for size, word in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            high, low = divmod(number, size)
            joint = " and " if size == 100 else " "
            return f"{english(high)} {word}" + (joint + english(low) if low else "")
    if number < 20:
        return ONES[number]
    ten, one = divmod(number, 10)
    return TENS[ten] + (f"-{ONES[one]}" if one else "")


def states(text, value, kinds=("integer", "number")):
    return any(v.kind in kinds and v.value == value for v in read(text, now=NOW))


@given(st.integers(0, 10**11))
def test_spoken_numerals(number):
    """Every whole number is read back as it is spoken and as it is written on cheques."""
    said = chinese(number)
    formal = "".join(FORMAL.get(char, char) for char in said)

    assert states(f"共 {said}，谢谢", number)
    assert states(f"共{formal}元", number, ("money",))


@given(st.integers(2, 10**8))
def test_english_numerals(number):
    """Every whole number is read back from English words."""
    assert states(f"take {english(number)} of them", number)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["{}", "{:,}", "={}", "值为{}。"]))
def test_digits(number, form):
    """Digits are read back with separators, signs and in full width."""
    text = form.format(number)
    wide = text.translate({code: code + 0xFEE0 for code in range(ord("0"), ord("9") + 1)})

    assert evidence(text, number)
    assert evidence(wide, number)


@given(st.decimals(-(10**6), 10**6, places=3, allow_nan=False))
def test_decimals(number):
    """Decimals are read back to the last place."""
    assert states(f"x = {number}", float(number))


@given(
    st.integers(1, 10**6), st.sampled_from([("公斤", "kg"), ("kg", "kg"), (" km", "km"), ("毫升", "ml"), ("箱", "箱")])
)  # fmt: skip
def test_quantities(number, unit):
    """A quantity is read back with its unit."""
    found = [v for v in read(f"要{number}{unit[0]}") if v.unit == unit[1]]

    assert [v.value for v in found] == [number]


@given(
    st.integers(0, 10**7),
    st.sampled_from(["${}", "{} dollars", "USD {}", "{}美元", "US${}", "{:,} USD"]),
)
def test_money(amount, form):
    """A sum is read back with its currency."""
    assert [(v.value, v.unit) for v in read(form.format(amount)) if v.kind == "money"] == [
        (amount, "USD")
    ]


@given(st.integers(0, 1000), st.sampled_from(["{}%", "{} percent", "百分之{}", "{} ％"]))
def test_percentages(number, form):
    """A percentage is read back."""
    assert states(form.format(number), number, ("percent",))


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%B %d, %Y", "%d %B %Y", "%b %d %Y"]),
)
def test_dates(day, form):
    """A date is read back from every way to write it."""
    assert states(f"on {day.strftime(form)}", day.isoformat(), ("date",))


@given(st.integers(0, 23), st.integers(0, 59))
def test_times(hour, minute):
    """A clock time is read back from digits, 12-hour English and Chinese."""
    part = "凌晨" if hour < 6 else "上午" if hour < 12 else "下午" if 12 < hour < 18 else "晚上"
    part = "中午" if hour == 12 else part
    half = f"{(hour - 1) % 12 + 1}:{minute:02d} {'am' if hour < 12 else 'pm'}"
    spoken = f"{part}{(hour - 1) % 12 + 1}点{minute}分"
    value = f"{hour:02d}:{minute:02d}"

    assert all(states(text, value, ("time",)) for text in (f"{hour}:{minute:02d}", half, spoken))


@given(
    st.integers(1, 400), st.sampled_from(["{}天后", "in {} days", "{} days from now", "{}天以后"])
)
def test_days_away(number, form):
    """So many days away is the day it is."""
    expected = (NOW + timedelta(days=number)).date().isoformat()

    assert states(form.format(number), expected, ("date",))


@given(st.integers(0, 99), st.integers(0, 59))
def test_durations(hours, minutes):
    """Hours and minutes make one duration."""
    seconds = hours * 3600 + minutes * 60

    for form in ("{}小时{}分钟", "{}h{}m", "{} hours and {} minutes", "{} hours {} min"):
        assert states(form.format(hours, minutes), seconds, ("duration",))


@given(st.lists(st.integers(-999, 999), min_size=2, max_size=8))
def test_lists_of_numbers(numbers):
    """A list of numbers is read back from a literal and from prose."""
    prose = "、".join(map(str, numbers[:-1])) + f"和{numbers[-1]}"

    assert any(v.value == numbers for v in read(str(numbers)) if v.kind == "list")
    assert any(v.value == numbers for v in read(f"数据是 {prose}") if v.kind == "list")


JSON = st.recursive(
    st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc 中文,1'", min_size=1, max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(JSON, min_size=1, max_size=4))
def test_literals(value):
    """A Python literal is read back, nested as it is."""
    assert [v.value for v in read(repr(value)) if v.kind == "list"][:1] == [value]


@given(
    st.text("abc 中文，1.", min_size=1, max_size=20),
    st.sampled_from(["“”", "「」", "『』", "«»", '""', "``"]),
)
def test_quotes(content, quotes):
    """What stands between quotes is read back as it is."""
    text = f"名为 {quotes[0]}{content}{quotes[1]} 的文件"

    assert any(v.value == content and v.note == "quoted" for v in read(text))


ANY = st.text(st.characters(codec=None) | st.characters(categories=["Cs"]), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        "一 两 三 十 百 千 万 亿 点 半 个 元 块 角 分 年 月 日 号 周 下 前 后 天 小时 - ~ , . / : 、 和 [ ] ( { } \" ' “ ” 1 20"
        " 3.5 % ° km a an and half past to three twenty million $ pm March 1st next Friday in ago 不 含 折 成 第 分之"
        " 差 刻 ½ ３ ， SKU-1 a@b.c e999".split()
    ),
    max_size=25,
).map("".join)


@settings(max_examples=300)
@given(ANY | PIECES)
def test_any_text(text):
    """No text raises, and every span holds the characters it says."""
    values = read(text, now=NOW)

    assert [(v.start, -v.end) for v in values] == sorted((v.start, -v.end) for v in values)
    for value in values:
        assert text[value.start : value.end] == value.text
        assert all(text[item.start : item.end] == item.text for item in value.items)
        assert isinstance(forms(value), list)
        convert(value, "kg")
    for value in values[:3]:
        assert evidence(text, value.value, now=NOW, values=values) or value.value in (
            "",
            [],
            {},
            None,
        )
    wanted_unit(text, text)


@given(ANY)
def test_folding_moves_nothing(text):
    """Folded and lowered text is as long as the text."""
    assert len(fold(text)) == len(lower(fold(text))) == len(text)


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "一" * 50_000, "[" * 50_000, '"a ' * 20_000, "a, b " * 10_000, "1e9999999999", "三分之" * 9_000]
)  # fmt: skip
def test_long_texts_end(text):
    """Repetition does not make a reader explode (seconds here would be hours)."""
    began = process_time()
    read(text, now=NOW)

    assert process_time() - began < 20
