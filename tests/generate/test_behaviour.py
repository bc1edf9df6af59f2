"""What functions do on the same inputs: compared as Python compares, over what most of them can do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.execute import default_sandbox
from funcsmith.generate.behaviour import Behaviour, agreement, apart, exact, observed

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


def behaviour(*outcomes: str | None) -> Behaviour:
    return Behaviour(outcomes)


@given(VALUES, VALUES)
def test_exact_text_is_equal_where_python_is(one: Any, other: Any) -> None:
    """Two values have one text exactly where Python has them equal."""
    assert (exact(one) == exact(other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (0.1 + 0.2, 0.3, True),
        (3, 3.0, True),
        ([1], (1,), False),
        ({2, 1}, {1, 2}, True),
        ("1", 1, False),
        ({1: "a"}, {"1": "a"}, False),
        (10**20, 10**20 + 1, False),
        (float("inf"), float("-inf"), False),
    ],
)
def test_exact_text_of_special_values(one: Any, other: Any, same: bool) -> None:
    """Noise of floats does not count, kinds of containers and keys do."""
    assert (exact(one) == exact(other)) is same


def test_calls_are_observed_in_the_fence() -> None:
    """A value, a crash and an endless loop: text, None and None; the others are not harmed."""
    source = """def f(n):
    if n == 0:
        return 1 / n
    while n == 1:
        pass
    return (n, [n])
"""
    seen = observed(default_sandbox(), source, "f", [{"n": n} for n in (2, 0, 1, 3)])

    assert seen.outcomes == ("(2, [2])", None, None, "(3, [3])")


def test_inputs_that_most_fail_on_do_not_count() -> None:
    """What two of three cannot do is outside of what was asked; there nobody is right."""
    found = agreement([behaviour("1", None), behaviour("1", "7"), behaviour("1", None)])

    assert found.inputs == (0,)
    assert found.groups == ((0, 1, 2),)
    assert found.support == (1.0, 1.0, 1.0)


def test_largest_group_comes_first() -> None:
    """Groups agree on every input that counts; support tells how near the others are."""
    found = agreement(
        [behaviour("1", "2"), behaviour("1", "3"), behaviour("1", "3"), behaviour("9", None)]
    )

    assert found.groups == ((1, 2), (0,), (3,))
    assert found.support == (0.5, 0.625, 0.625, 0.125)


def test_first_difference_is_found() -> None:
    """The place of the first counted input on which two differ; None where there is none."""
    one, other = behaviour("1", "2", "3"), behaviour("1", "5", "4")

    assert apart(one, other, [0, 1, 2]) == 1
    assert apart(one, other, [0]) is None
