"""Reuse, adapt or new: what is the same in other words, and what only looks like it."""

from __future__ import annotations

from datetime import datetime

import pytest

from funcsmith.library import Library
from funcsmith.library.reuse import Reuse, reuse
from funcsmith.readers import read

NOW = datetime(2026, 11, 27, 9, 0)

SAVED = {
    "mean": ("(numbers: list[float]) -> float", "求一组数的平均数"),
    "sort_up": ("(numbers: list[int]) -> list[int]", "Sort a list of numbers in ascending order"),
    "between": (
        "(n: float, low: float, high: float) -> bool",
        "检查数值是否介于 low 与 high 之间，含两端",
    ),
    "km_to_mile": ("(km: float) -> float", "把公里换算成英里"),
    "count_words": ("(text: str) -> int", "Count the words in a text"),
    "round_two": ("(n: float) -> float", "把一个数四舍五入保留两位小数"),
    "largest": ("(numbers: list[int]) -> int", "Find the largest number in a list"),
    "sum_even": ("(numbers: list[int]) -> int", "求列表中偶数的和"),
    "distinct": ("(items: list[str]) -> int", "统计列表中不同元素的个数"),
    "at_least": ("(numbers: list[int], k: int) -> int", "Count the numbers that are at least k"),
    "nth_prime": ("(n: int) -> int", "Find the nth prime number"),
    "remainder": ("(a: int, b: int) -> int", "求 a 除以 b 的余数"),
    "sphere": ("(radius: float) -> float", "已知半径，求球的体积"),
    "trim": ("(text: str) -> str", "去掉字符串两端的空格"),
}


@pytest.fixture
def saved(library: Library) -> Library:
    for name, (signature, text) in SAVED.items():
        source = f'def {name}{signature}:\n    """{text}"""\n    raise NotImplementedError\n'
        library.add(source, name=name, text=text, sample={})
    return library


def decided(text: str, library: Library) -> Reuse:
    return reuse(text, library, values=lambda: read(text, now=NOW), now=NOW, arguments=False)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What is the average of a list of numbers?", "mean"),
        ("把列表从小到大排个序", "sort_up"),
        ("check if a number is between low and high, both ends included", "between"),
        ("turn kilometres into miles", "km_to_mile"),
        ("这段文本里有几个单词", "count_words"),
        ("Round a number to 2 decimals", "round_two"),
        ("列表里最大的数是多少", "largest"),
        ("total of the even numbers in a list", "sum_even"),
        ("how many distinct elements are in a list", "distinct"),
        ("有多少个数不小于 k", "at_least"),
        ("第 n 个质数是多少", "nth_prime"),
        ("Find the remainder of a divided by b", "remainder"),
        ("volume of a sphere given its radius", "sphere"),
        ("remove leading and trailing spaces from a string", "trim"),
    ],
)
def test_other_words_are_the_same_function(saved: Library, text: str, name: str) -> None:
    """Synonyms, another order of words and the other language find the saved function."""
    found = decided(text, saved)
    assert (found.decision, found.saved and found.saved.name) == ("reuse", name)
    assert found.score >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        "求一组数的中位数",
        "Sort a list of numbers in descending order",
        "检查数值是否介于 low 与 high 之间，不含两端",
        "Convert miles to kilometres",
        "把公里换算成海里",
        "Count the characters in a text",
        "Count the distinct words in a text",
        "Count how often a word occurs in a text",
        "将数值四舍五入到四位小数",
        "Round a number up to two decimal places",
        "Find the smallest number in a list",
        "Find the second largest number in a list",
        "求列表中奇数的和",
        "求列表中偶数的平方和",
        "统计列表中元素的个数",
        "Count the numbers that are more than k",
        "Find the nth composite number",
        "b 除以 a 余几",
        "已知体积，求球的半径",
        "去掉字符串左边的空格",
        "Find the largest number in a list without using the first one",
        "求一组数的加权平均数",
    ],
)
def test_near_misses_are_not_reused(saved: Library, text: str) -> None:
    """One word that contrasts, a number, the order or the direction is enough against it."""
    assert decided(text, saved).decision != "reuse"


def test_nearest_is_offered_with_the_reason(saved: Library) -> None:
    """What falls short by a little is a base to adapt; why is said in both languages."""
    found = decided("Convert miles to kilometres", saved)
    assert found.decision == "adapt"
    assert found.saved is not None and found.saved.name == "km_to_mile"
    assert found.reason == {
        "en": "Near km_to_mile, but it converts the other way.",
        "zh": "与 km_to_mile 相近，但换算方向相反。",
    }


def test_nothing_near_is_new(saved: Library) -> None:
    """A text about something else has score and reason of its own."""
    found = decided("写一首关于秋天的诗", saved)
    assert (found.decision, found.saved) == ("new", None)


def test_values_are_read_from_the_text(library: Library) -> None:
    """A text with values is reused with those that it states, and only in one way."""
    library.add(
        "def circle_area(radius: float) -> float:\n    return 3.14 * radius ** 2\n",
        text="已知半径，求圆的面积",
        sample={"radius": 2.0},
    )
    text = "求圆的面积，已知半径 3.5"
    found = reuse(text, library, values=lambda: read(text, now=NOW), now=NOW)
    assert found.decision == "reuse" and found.filled is not None
    assert found.filled.arguments == {"radius": 3.5}
    text = "求圆的面积，已知半径 3.5 和 4"
    assert reuse(text, library, values=lambda: read(text, now=NOW), now=NOW).decision != "reuse"


def test_missing_values_are_not_made_up(library: Library) -> None:
    """A text without values is no reuse of one whose values stood in it."""
    library.add(
        "def bill(amount: float) -> float:\n    return amount * 1.1\n",
        text="500 元账单的小费",
        template="{amount} 元账单的小费",
        sample={"amount": 500.0},
    )
    text = "账单的小费是多少元"
    assert reuse(text, library, values=lambda: read(text, now=NOW), now=NOW).decision != "reuse"


def test_same_text_decides_the_same(saved: Library) -> None:
    """Nothing is left to chance."""
    text = "Find the biggest number of a list"
    assert decided(text, saved) == decided(text, saved)
