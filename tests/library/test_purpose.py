"""What a function is for is looked for in the text, in either language."""

from __future__ import annotations

import pytest

from funcsmith.library.purpose import spoken_of


@pytest.mark.parametrize(
    ("text", "name", "summary"),
    [
        ("Book a train to Lyon", "book_train", "Book a train."),
        ("预订火车票，去昆明", "book_train", "预订火车票。"),
        ("What will the ticket cost?", "ticket_price", "票价。"),
    ],
)
def test_spoken_purpose_counts_whole(text: str, name: str, summary: str) -> None:
    """A text that says the function's name or its first line speaks of it wholly."""
    assert spoken_of(text, name, summary) == 1.0


def test_other_language_counts_for_less() -> None:
    """A translated word is a weaker sign than the word itself, and more than none."""
    share = spoken_of("订一张去广州的火车票", "book_train", "Book a train.")

    assert 0.5 < share < 1.0


@pytest.mark.parametrize(
    ("text", "name", "summary"),
    [
        ("24 和 90 的最小公倍数是几", "book_train", "订火车票。"),
        ("How many minutes are 3 hours?", "pace", "Running pace in minutes per km."),
    ],
)
def test_units_and_everyday_words_are_no_purpose(text: str, name: str, summary: str) -> None:
    """Time, money and counts, which nearly every function has, say nothing of what it is for."""
    assert spoken_of(text, name, summary) == 0.0


def test_function_of_everyday_words_is_always_spoken_of() -> None:
    """A function whose name and first line say nothing but such words is not held against any text."""
    assert spoken_of("把「你好」倒过来", "total_cost", "总金额") == 1.0
