"""What is missing is asked for in the text's language."""

from __future__ import annotations

from typing import Any

import pytest

from funcsmith.generate.question import question


def described(**descriptions: str) -> dict[str, Any]:
    return {"properties": {name: {"description": d} for name, d in descriptions.items()}}


@pytest.mark.parametrize(
    ("missing", "schema", "asked"),
    [
        (["nights"], described(nights="入住晚数"), "还缺少：入住晚数（nights）。请补充。"),
        (["a", "b"], described(a="甲", b="乙。第二句"), "还缺少：甲（a）、乙（b）。请补充。"),
        (["入住晚数"], {}, "还缺少：入住晚数。请补充。"),
    ],
)
def test_question_in_chinese(missing: list[str], schema: dict[str, Any], asked: str) -> None:
    """One sentence with each parameter's description and its name."""
    assert question(missing, schema, "zh") == asked


@pytest.mark.parametrize(
    ("missing", "schema", "asked"),
    [
        (["nights"], {}, "What is the nights?"),
        (["height_cm"], {}, "What is the height in cm?"),
        (["guestName", "n"], {}, "What is the guest name and the n?"),
        (["a", "b", "c"], {}, "What is the a, the b and the c?"),
        (["rate"], described(rate="yearly interest. More."), "What is the rate (yearly interest)?"),
        (["rate"], described(rate="利率"), "What is the rate?"),
        ([], {}, "What is missing?"),
    ],
)
def test_question_in_english(missing: list[str], schema: dict[str, Any], asked: str) -> None:
    """Names as words, units spelled, a description where it is English."""
    assert question(missing, schema, "en") == asked


def test_nested_parameter() -> None:
    """guest.name finds the description of the inner one."""
    schema = {"properties": {"guest": {"properties": {"name": {"description": "客人姓名"}}}}}

    assert question(["guest.name"], schema, "zh") == "还缺少：客人姓名（guest.name）。请补充。"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["", "_", ".", "a..b", "__x__", "get-weather", "数量", "from", "\ud800"]
)
@pytest.mark.parametrize("schema", [{}, {"properties": None}, {"properties": {"a": None}}])
def test_any_name_can_be_asked_for(name: str, language: str, schema: dict[str, Any]) -> None:
    """Odd names and schemas make no error, and the name is in the question."""
    asked = question([name], schema, language)

    assert asked
    assert language == "en" or name in asked
