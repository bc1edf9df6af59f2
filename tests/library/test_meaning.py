"""What texts mean: the same in both languages, and what makes them different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.library.meaning import Meaning, meaning_of


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("求列表中偶数的和", "Add up the even numbers in a list"),
        ("把字符串按长度从长到短排序", "Sort strings by length, longest first"),
        ("文本里各个单词出现了多少次", "How often does each word occur in a text?"),
        ("判断一个数是不是质数", "Is a number prime?"),
        ("把数值四舍五入，保留四位小数", "Round a value to four decimal places"),
        (
            "去掉列表中的重复元素，保持原来的顺序",
            "Remove duplicates from a list, keeping the order",
        ),
    ],
)
def test_both_languages_have_the_same_concepts(chinese: str, english: str) -> None:
    """A sentence and its translation differ in words only."""
    one, other = meaning_of(chinese), meaning_of(english)
    assert (one.concepts, one.words, other.words) == (other.concepts, frozenset(), frozenset())
    assert one.numbers == other.numbers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the square of the sum of a list", "the sum of the squares of a list"),
        ("列表的平方和", "列表的和的平方"),
        ("the absolute value of the mean", "the mean of the absolute values"),
    ],
)
def test_operations_stand_in_an_order(one: str, other: str) -> None:
    """The square of a sum has the concepts of a sum of squares, and the other order."""
    first, second = meaning_of(one), meaning_of(other)
    assert first.concepts == second.concepts
    assert {(b, a) for a, b in first.order} == set(second.order) != set()


def test_chinese_and_english_order_agree() -> None:
    """«平方和» and "sum of the squares" both square first."""
    assert meaning_of("求一组数的平方和").order == {("op.square", "op.sum")}
    assert meaning_of("the sum of the squares").order == {("op.square", "op.sum")}


@pytest.mark.parametrize(
    ("text", "out", "into"),
    [
        ("英里换公里", "unit.mile", "unit.km"),
        ("Convert kilometres to miles", "unit.km", "unit.mile"),
        ("how many miles is a kilometre", "unit.km", "unit.mile"),
        ("华氏换摄氏", "unit.fahrenheit", "unit.celsius"),
    ],
)
def test_conversions_have_a_direction(text: str, out: str, into: str) -> None:
    """Which unit goes into which."""
    assert meaning_of(text).ways == (frozenset([out]), frozenset([into]))


def test_negation_belongs_to_what_follows() -> None:
    """Not in the second is not the same as not in the first."""
    assert "not second" in meaning_of("in the first list but not in the second").concepts
    assert "not first" in meaning_of("in the second list but not in the first").concepts


def test_what_is_given_is_not_what_is_asked() -> None:
    """«已知体积，求半径» is not «已知半径，求体积»."""
    asked = meaning_of("已知体积，求球的半径")
    assert (asked.known, asked.head) == (frozenset(["op.volume"]), "radius")
    assert meaning_of("已知半径，求球的体积").concepts == asked.concepts


def test_number_words_are_numbers() -> None:
    """两位 and two are 2; «two numbers» only counts what goes in."""
    assert meaning_of("保留两位小数").numbers == ("2",)
    assert (meaning_of("the sum of two numbers").numbers) == ()
    assert (meaning_of("the sum of two numbers").counted) == ("2",)
    assert meaning_of("numbers greater than 10").numbers == ("10",)


@given(st.text(max_size=60))
def test_any_text_has_a_meaning(text: str) -> None:
    """No text is refused, and the same text means the same."""
    first = meaning_of(text)
    meaning_of.cache_clear()
    assert isinstance(first, Meaning)
    assert meaning_of(text) == first
