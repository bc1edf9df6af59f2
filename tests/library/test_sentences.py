"""Which texts are the same, and which fit a template."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funcsmith.library.sentences import (
    anchors,
    normalised,
    same_values,
    template,
    template_of,
)
from funcsmith.library.terms import terms

UNICODE = st.text(st.characters(), max_size=120)  # lone surrogates included


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("给定一个正整数 n，输出 n 的阶乘。", "请给定一个正整数n，输出n的阶乘"),
        ("计算 １０ 的阶乘", "计算10的阶乘！"),
        ("Please compute the factorial of 10.", "compute the Factorial of 10"),
        ("麻烦你帮我计算 3 天后的日期，谢谢！", "计算3天后的日期"),
        ("sum  of 1, 2", "sum of 1, 2?"),
        ("could you reverse the list, please?", "reverse the list"),
        ("计算\u200b 10 的阶乘", "计算10的阶乘"),
        ("cafe\u0301 的长度", "café的长度"),
    ],
)
def test_same_text(one: str, other: str) -> None:
    """Width, case of words, idle spaces, final punctuation and politeness do not count."""
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("计算 5!", "计算 5"),
        ("x² 是多少", "x2 是多少"),
        ("convert 5 GB to MB", "convert 5 GB to Mb"),
        ("反转“AB”", "反转“ab”"),
        ('replace "Cat" here', 'replace "cat" here'),
        ("数一数 1 2 有几个数", "数一数 12 有几个数"),
        ("列表：\n1\n2", "列表：\n12"),
        ("甲 乙的长度", "甲乙的长度"),
        ("1, 234 之和", "1,234 之和"),
        ("3.5 的一半", "35 的一半"),
        ("-3 的绝对值", "3 的绝对值"),
    ],
)
def test_other_text(one: str, other: str) -> None:
    """What may change a result makes another text."""
    assert normalised(one) != normalised(other)


def test_text_values_must_stand_unchanged() -> None:
    """A value that is text is not the same in another case or with another end."""
    assert same_values("reverse hello", "Reverse hello", {"s": "hello"})
    assert same_values("n 的阶乘", "Ｎ 的阶乘", {"n": 5})
    assert not same_values("reverse Hello", "reverse hello", {"s": "Hello"})
    assert not same_values("count hello", "count hello!", {"s": ["hello"]})


SALT = "{volume} 毫升的 {percent}% 盐水里有多少克盐？"


@pytest.mark.parametrize(
    ("written", "text", "values"),
    [
        (SALT, "500 毫升的 4% 盐水里有多少克盐？", ["500", "4"]),
        (SALT, "请问 ２５０毫升的1.5％盐水里有多少克盐", ["２５０", "1.5"]),
        (SALT, "五百 毫升的 百分之四% 盐水里有多少克盐", ["五百", "百分之四"]),
        ("{n} 的阶乘", "10的阶乘。", ["10"]),
        ("sum of {xs} please", "Sum of [1, 2, 3]", ["[1, 2, 3]"]),
        ("sum the values {xs}", "sum the values 1, 2, 3", ["1, 2, 3"]),
        ("把“{s}”反转", "把“你好。再见！”反转", ["你好。再见！"]),
        ("add {a} to {b} apples", "add tomato to 5 apples", ["tomato", "5"]),
        ("add {a} to {b} apples", "add 5 tons to 6 apples", ["5 tons", "6"]),
        ("{{x}} 与 {n} 的最大公约数", "{x} 与 8 的最大公约数", ["8"]),
    ],
)
def test_template_fits(written: str, text: str, values: list[str]) -> None:
    """A text with other values fits, and each value's place is that of the text as given."""
    wanted = template(written)
    assert wanted is not None
    spans = wanted.match(text)

    assert spans is not None
    assert [text[start:end] for start, end in spans.values()] == values


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (SALT, "500 毫升的 4% 糖水里有多少克盐"),
        (SALT, "500 毫升的 4% 盐水里有多少克盐和糖"),
        (SALT, " 毫升的 4% 盐水里有多少克盐"),
        (SALT, "我有水。它是 500 毫升的 4% 盐水里有多少克盐"),
        (SALT, "500 毫升的 " + "4" * 61 + "% 盐水里有多少克盐"),
        ("{n} 的阶乘", "10 的阶乘和 5 的阶乘"),
        ("{n} 的阶乘", "先算 3，再算 10 的阶乘"),
        ("从 {a} 到 {b} 的整数之和", "从 1 到 5 到 9 的整数之和"),
        ("add {a} to {b} apples", "add 5 to 6 apples to 7 apples"),
        ("{n}! and {n} again", "3! and 4 again"),
    ],
)
def test_template_does_not_fit(written: str, text: str) -> None:
    """Other fixed words, empty, long or ambiguous values and whole sentences do not fit."""
    wanted = template(written)

    assert wanted is not None
    assert wanted.match(text) is None


@pytest.mark.parametrize(
    "written", ["{a} 加 {b}", "{n}", "{a}{b} 的最大公约数", "没有值", "of {n}"]
)
def test_template_must_say_something(written: str) -> None:
    """A template with too little that is fixed, or values that touch, is none."""
    assert template(written) is None


def test_template_of_spans() -> None:
    """A text and its spans make the template that fits it, braces included."""
    text = "{x} 与 8 的最大公约数"
    written = template_of(text, {"n": (6, 7)})

    assert written == "{{x}} 与 {n} 的最大公约数"
    assert template(written).match(text) == {"n": (6, 7)}  # type: ignore[union-attr]


@given(UNICODE)
@settings(max_examples=300, deadline=None)
def test_normalising_never_fails_and_settles(text: str) -> None:
    """Any text is normalised, and a final full stop does not change it."""
    assert normalised(text + "。") == normalised(text + "。。")
    assert isinstance(anchors(text), set)
    assert all(weight > 0 for weight in terms(text).values())


@given(UNICODE, UNICODE)
@settings(max_examples=300, deadline=None)
def test_matching_never_fails(written: str, text: str) -> None:
    """Any template meets any text; what fits has its spans inside the text."""
    wanted = template(written + "{a}，一共有多少" + written)
    spans = wanted.match(text) if wanted else None

    assert all(0 <= start < end <= len(text) for start, end in (spans or {}).values())


@given(
    st.sampled_from(
        ["从 {0} 到 {1} 的整数之和", "{0} 元打 {1} 折后多少钱", "add {0} to {1} quickly"]
    ),
    st.tuples(st.integers(-999, 99999), st.floats(0, 9999).map(lambda x: f"{x:.2f}")),
    st.tuples(st.integers(-999, 99999), st.floats(0, 9999).map(lambda x: f"{x:.2f}")),
)
@settings(max_examples=200, deadline=None)
def test_new_values_are_found_where_they_stand(
    form: str, old: tuple[int, str], new: tuple[int, str]
) -> None:
    """A template made of one text's spans finds the values of another."""
    text, other = form.format(*old), form.format(*new)
    first = text.index(str(old[0]))
    second = text.rindex(old[1])
    written = template_of(
        text, {"a": (first, first + len(str(old[0]))), "b": (second, second + len(old[1]))}
    )
    wanted = template(written)
    assert wanted is not None

    spans = wanted.match(other)
    assert spans is not None
    assert [other[start:end] for start, end in spans.values()] == [str(new[0]), new[1]]
    assert any(wanted.anchor == anchor for anchor in anchors(other))
