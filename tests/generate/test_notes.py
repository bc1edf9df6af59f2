"""What is said to the model beside the text is only what the text says."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.notes import notes
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)  # a Monday


def said(text: str) -> str:
    return notes(read(text, now=NOW), NOW)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("打七五折", "0.75"),
        ("买三千五百克", "三千五百 = 3500"),
        ("存两万零八元", "两万零八 = 20008"),
        ("后天出发", "后天 = 2026-11-25"),
        ("leaving tomorrow", "tomorrow = 2026-11-24 Tuesday"),
    ],
)
def test_reading_that_a_small_model_gets_wrong(text: str, note: str) -> None:
    """Numerals, discounts and relative days are said in digits."""
    assert note in said(text)
    assert said(text).startswith("（") and said(text).endswith("）")


@pytest.mark.parametrize(
    "text",
    ["", "Add 3 and 4.", "把 3 和 4 相加", "三个苹果", "把“共三千五百元”反过来", "2024年3月1日"],
)
def test_plain_text_needs_no_note(text: str) -> None:
    """Digits, single numerals and quoted words are left alone."""
    assert said(text) == ""


@given(st.text("三千五百零两万打折后明天下周元克 0123456789“”", max_size=40) | st.text(max_size=40))
def test_any_text_has_bounded_notes(text: str) -> None:
    """No text makes it fail, and what is said stays short."""
    found = said(text)

    assert found == "" or (found[0], found[-1]) == ("（", "）")
    assert found.count("；") < 8
