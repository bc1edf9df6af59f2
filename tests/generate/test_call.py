"""A call that a model wrote is read as data, whatever its names are and wherever it was cut off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.call import read_call, read_defaults


@pytest.mark.parametrize(
    ("said", "name", "parameters", "arguments"),
    [
        ("f(1, '二')", "f", (), [(0, "1"), (1, "'二'")]),
        ('f(城市="上海", n=3)', "f", ("城市", "n"), [("城市", '"上海"'), ("n", "3")]),
        ('get-it(from="a", to-day=2)', "get-it", ("from", "to-day"), [("from", '"a"'), ("to-day", "2")]),
        ("f(#=1, +=2)", "f", ("#", "+"), [("#", "1"), ("+", "2")]),
        ('f(a="cut o', "f", ("a",), [("a", '"cut o')]),
        ("f(\n  a=[1,\n 2],\n)", "f", ("a",), [("a", "[1,\n 2]")]),
        ("none", "f", (), []),
        ("f)(", "f", (), []),
    ],
)  # fmt: skip
def test_arguments_and_their_places(said, name, parameters, arguments):
    """Each argument has its key, and the characters that it stands in."""
    found = read_call(said, name, parameters)

    assert [(one.key, said[one.start : one.end]) for one in found] == arguments


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=4), max_size=3))
def test_any_answer_is_survived(said: str, parameters: list[str]) -> None:
    """Places lie inside what was said or what completes it, in order."""
    for one in read_call("f(" + said, "f", parameters):
        assert 0 < one.start <= one.end <= len(said) + 6


@pytest.mark.parametrize(
    ("said", "arguments"),
    [
        ("def f(a: int = 3, b=None) -> int:\n    return a", [("a", "3"), ("b", "None")]),
        ("def f(\n    a: int,\n    b: list = [1,\n 2],\n) -> dict:\n    return {a: b}", [("b", "[1,\n 2]")]),
        ('def 计算(早餐: str = "粥：", *, 份数=2):\n    pass', [("早餐", '"粥："'), ("份数", "2")]),
        ('def f(d: dict = {"a": 1}, c="x:\\n"):\n    pass', [("d", '{"a": 1}'), ("c", '"x:\\n"')]),
        ("def f(a: int) -> int:\n    return a", []),
        ("def f(a: int = 3", []),
        ("class A:\n    b = 2", []),
        ("none", []),
    ],
)  # fmt: skip
def test_defaults_and_their_places(said: str, arguments: list[tuple[str, str]]) -> None:
    """Each default of a header has its parameter's name, and the characters that it stands in."""
    found = read_defaults(said)

    assert [(one.key, said[one.start : one.end]) for one in found] == arguments


@given(st.text(max_size=40))
def test_any_header_is_survived(said: str) -> None:
    """Places lie inside what was said, in order."""
    for one in read_defaults("def f(" + said):
        assert 0 < one.start <= one.end <= len(said) + 6
