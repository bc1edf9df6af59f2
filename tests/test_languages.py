"""What is said back is in the language of the text."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith import errors
from funcsmith.language import language_of


@pytest.mark.parametrize(
    "text",
    ["10 的阶乘", "把 hello 反过来", "三晚", "用 quicksort 对 [3, 1, 2] 排序", "𠮷", "阶乘"],
)
def test_chinese(text: str) -> None:
    """Chinese with code words, names or digits in it is Chinese."""
    assert language_of(text) == "zh"


@pytest.mark.parametrize(
    "text",
    ["10 factorial", "", "42", "3 + 4", "!?", "Translate the word 苹果 for me", "été"],
)
def test_english(text: str) -> None:
    """English with a Chinese value in it is English, and so is what has no words."""
    assert language_of(text) == "en"


def test_short_chinese_value_in_english() -> None:
    """The example of `language_of` itself."""
    assert language_of("reverse 你好") == "en"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    """Whatever the characters, one of the two."""
    assert language_of(text) in ("zh", "en")


def _kinds() -> list[type[errors.FuncsmithError]]:
    return [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.FuncsmithError)
    ]


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.__name__)
def test_error_speaks_both_languages(kind: type[errors.FuncsmithError]) -> None:
    """Errors that bring their own words have them in Chinese and in English."""
    given = {errors.TextEmpty: (), errors.Cancelled: (), errors.TextTooLong: (30_000, 20_000)}
    error = kind(*given.get(kind, ({"en": "It broke.", "zh": "坏了。"},)))  # type: ignore[arg-type]

    assert language_of(error.message("zh")) == "zh"
    assert language_of(error.message("en")) == "en"
    assert str(error) == error.message("en")


@pytest.mark.parametrize("kind", _kinds(), ids=lambda kind: kind.__name__)
def test_error_has_a_code(kind: type[errors.FuncsmithError]) -> None:
    """Codes are words, exit codes and HTTP statuses are those of the contract."""
    assert kind.code.replace("_", "").isalpha() and kind.code == kind.code.lower()
    assert kind.exit_code in (2, 3, 130)
    assert 400 <= kind.status_code < 600
