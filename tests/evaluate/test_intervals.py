"""Intervals and the sign test, against published values."""

from __future__ import annotations

import pytest

from funcsmith.evaluate.intervals import sign_test, wilson


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (9, 10, 0.5958, 0.9821),
        # Newcombe 1998, table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(right: int, count: int, low: float, high: float) -> None:
    """The score interval without correction, to four places."""
    assert [round(end, 4) for end in wilson(right, count)] == [low, high]


def test_nothing_counted_says_nothing() -> None:
    """No rows leave the whole range open, and an impossible share is refused."""
    assert wilson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="3 of 2 is not a share"):
        wilson(3, 2)


@pytest.mark.parametrize(
    ("first", "second", "probability"),
    [(0, 0, 1.0), (5, 5, 1.0), (8, 1, 0.0390625), (1, 8, 0.0390625), (0, 5, 0.0625)],
)
def test_sign_test(first: int, second: int, probability: float) -> None:
    """The exact two-sided probability, which never exceeds one."""
    assert sign_test(first, second) == probability
