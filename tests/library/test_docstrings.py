"""Types and descriptions of parameters in the docstrings of other people."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.library.annotations import Annotations, schema_in_words
from funcsmith.library.docstrings import described, typed
from funcsmith.library.signature import parsed, signature_of

STYLES = {
    "google": """Do it.

    Args:
        n (int): How many: at least one.
        names (list of str, optional): Who.
        mode ({'fast', 'slow'}): How.
    """,
    "numpy": """Do it.

    Parameters
    ----------
    n : int
        How many: at least one.
    names : list of str, optional
        Who.
    mode : {'fast', 'slow'}
        How.

    Returns
    -------
    int
    """,
    "sphinx": """Do it.

    :param int n: How many: at least one.
    :param names: Who.
    :type names: list[str]
    :param mode: How.
    :type mode: {'fast', 'slow'}
    :rtype: int
    """,
}


@pytest.mark.parametrize("style", STYLES)
def test_every_style_gives_types_and_descriptions(style: str) -> None:
    """Google, NumPy and Sphinx say the same of the same parameters."""
    source = f'def do(n, names, mode):\n    """{STYLES[style]}"""\n'

    assert signature_of(source, infer=True).parameters["properties"] == {
        "n": {"type": "integer", "description": "How many: at least one."},
        "names": {"type": "array", "items": {"type": "string"}, "description": "Who."},
        "mode": {"type": "string", "enum": ["fast", "slow"], "description": "How."},
    }


@pytest.mark.parametrize(
    ("said", "schema"),
    [
        ("整数", {"type": "integer"}),
        ("字符串，可选", {"type": "string"}),
        ("int or None", {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        ("list of numbers", {"type": "array", "items": {"type": "number"}}),
        ("bool, default True", {"type": "boolean"}),
        ("dict", {"type": "object"}),
        ("the thing to do", {}),
        ("pandas.DataFrame", {}),
        ("date", {}),
        ("(((", {}),
    ],
)
def test_types_in_words(said: str, schema: dict[str, Any]) -> None:
    """A type that is not understood, or that would arrive as mere text, says nothing."""
    source = f'def do(x):\n    """Do.\n\n    :type x: {said}\n    """\n'

    assert signature_of(source, infer=True).parameters["properties"]["x"] == schema


def test_annotation_goes_before_words() -> None:
    """What the code says holds against what the docstring says."""
    source = 'def do(x: str, y=2):\n    """Do.\n\n    x (int): X.\n\n    >>> do(1, "a")\n    """\n'

    assert signature_of(source, infer=True).parameters["properties"] == {
        "x": {"type": "string", "description": "X."},
        "y": {"type": "number", "default": 2},
    }


def test_examples_say_types_where_nothing_else_does() -> None:
    """The first value that an example hands over, by position or by name."""
    source = (
        'def do(x, y, z):\n    """Do.\n\n    >>> do(w, y=[1])\n    >>> do("a", [2], q)\n    """\n'
    )

    assert signature_of(source, infer=True).parameters["properties"] == {
        "x": {"type": "string"},
        "y": {"type": "array", "items": {"type": "number"}},
        "z": {},
    }


_LINES = st.lists(
    st.sampled_from(
        ["n", "x", ":", " : ", "int", "(", ")", "param ", ":type ", "of", " or ", "{", "}"]
    )
    | st.text(max_size=6)
)


@given(_LINES.map("".join), st.text(max_size=40))
def test_any_docstring_is_read(lines: str, word: str) -> None:
    """Whatever stands in a docstring, its types are known ones or none, and nothing fails."""
    for text in (lines, f"Parameters\n------\nn : {lines}", f":type n: {word}"):
        found = typed(text, ["n", "x"])
        assert found.keys() <= {"n", "x"}
        assert described(text, ["n", "x"]).keys() <= {"n", "x"}
        for said in found.values():
            assert isinstance(schema_in_words(said, Annotations(parsed(""))), dict)
