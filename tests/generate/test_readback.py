"""The readback is made from the tree and the evidence."""

from __future__ import annotations

from typing import Any

import pytest

from funcsmith.contract import Evidence
from funcsmith.generate.readback import readback

SOURCE = "def f(n: int) -> int:\n    if n < 0:\n        raise ValueError('n')\n    return n\n"
TAKES = {
    "properties": {"n": {"type": "integer"}, "xs": {"type": "array", "items": {"type": "number"}}}
}
FACTS = [
    Evidence(kind="example", call="f(3) == 3", passed=True),
    Evidence(kind="agreement", call="f(5)", got="5", candidates=2, inputs=11),
]


def test_in_chinese() -> None:
    """Types, exceptions and evidence in Chinese."""
    assert readback(SOURCE, TAKES, {"type": "integer"}, FACTS, "zh") == (
        "输入：n（整数）、xs（数的列表）；输出：整数。会抛出 ValueError。"
        "通过文中的例子 f(3) == 3。2 个独立写出的版本在 11 组输入上结果一致。"
    )


def test_in_english() -> None:
    """The same in English."""
    assert readback(SOURCE, TAKES, {"type": "integer"}, FACTS, "en") == (
        "Takes n (a whole number), xs (a list of numbers); gives a whole number. Raises ValueError. "
        "Passes the text's example f(3) == 3. 2 versions written independently agree on 11 inputs."
    )


def test_failed_example_is_said() -> None:
    """What did not pass is not hidden."""
    facts = [Evidence(kind="example", call="f(3) == 4", passed=False)]

    assert "Fails the text's example f(3) == 4." in readback(SOURCE, {}, {}, facts, "en")
    assert "没有通过文中的例子 f(3) == 4。" in readback(SOURCE, {}, {}, facts, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("source", "parameters", "returns"),
    [
        ("", {}, {}),
        ("def f(:", {"properties": None}, {"type": ["integer", "null"]}),
        ("\0", {"properties": {"x": {}}}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (
            "def f(): raise",
            {"properties": {"x": {"type": "array", "items": True}}},
            {"type": "array"},
        ),
    ],
)
def test_anything_can_be_read_back(
    source: str, parameters: dict[str, Any], returns: dict[str, Any], language: str
) -> None:
    """Source that is no Python and schemas without types still give a sentence."""
    assert readback(source, parameters, returns, [Evidence(kind="odd")], language)


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ({"type": "object"}, "a list of dictionaries"),
        ({"type": "boolean"}, "a list of yes or no"),
        ({"type": "array", "items": {"type": "number"}}, "a list of lists of numbers"),
    ],
)
def test_lists_are_said_in_english(items: dict, said: str) -> None:
    """What a list holds is said in the plural that English has for it."""
    schema = {"properties": {"xs": {"type": "array", "items": items}}}

    assert f"Takes xs ({said})" in readback("", schema, {}, [], "en")
