"""Forms made from schemas, and the arguments that come back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.errors import ArgumentsInvalid
from funcsmith.server.form import arguments_of, fields

SCHEMA = {
    "properties": {
        "n": {"type": "integer"},
        "rate": {"type": "number", "default": 0.5},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "day": {"type": "string", "format": "date"},
        "sure": {"type": "boolean"},
        "xs": {"type": "array", "items": {"type": "number"}},
        "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None},
    },
    "required": ["n", "kind", "day", "sure", "xs"],
}


def sent(schema: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """What comes back of a form that nobody touched."""
    return arguments_of([(field.key, field.text) for field in fields(schema, arguments)])


def test_controls_suit_the_schema() -> None:
    """Each parameter has the control that its schema wants, filled with its value or default."""
    made = fields(SCHEMA, {"n": 3, "kind": "b", "day": "2026-02-01", "sure": True, "xs": [1, 2]})

    assert [(field.control, field.text) for field in made] == [
        ("integer", "3"),
        ("number", "0.5"),
        ("choice", '"b"'),
        ("date", "2026-02-01"),
        ("yesno", "true"),
        ("json", "[1, 2]"),
        ("integer", ""),
    ]
    assert made[2].choices == (('"a"', "a"), ('"b"', "b"))
    assert [field.required for field in made] == [True, False, True, True, True, True, False]


def test_untouched_form_gives_the_same_arguments() -> None:
    """Nothing changes by going through the form; an optional None stays out."""
    arguments = {"n": 3, "rate": 0.25, "kind": "b", "day": "2026-02-01", "sure": False, "xs": []}

    assert sent(SCHEMA, arguments) == arguments


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
KINDS = st.sampled_from(
    [
        {"type": "integer"},
        {"type": "number"},
        {"type": "string"},
        {"type": "string", "format": "date"},
        {"type": "boolean"},
        {"type": "string", "enum": ["x", "y"]},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {},
    ]
)


@given(KINDS, JSON)
def test_any_value_survives_any_control(schema: dict[str, Any], value: Any) -> None:
    """Whatever value a required parameter has, the form sends that very value back."""
    whole = {"properties": {"a.b c": schema}, "required": ["a.b c"]}

    back = sent(whole, {"a.b c": value})["a.b c"]

    assert back == value and type(back) is type(value)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("integer.required.n", " 42 ", 42),
        ("integer.required.n", "３", 3),
        ("integer.required.n", "2.0", 2),
        ("number.required.n", "−1.5", -1.5),
        ("text.required.n", "", ""),
        ("text.required.n", "<b>", "<b>"),
        ("json.required.n", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_field_is_read_by_its_name(key: str, text: str, value: Any) -> None:
    """The name of a field says how its text is read."""
    assert arguments_of([(key, text)]) == {"n": value}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("integer.required.n", "2.5"),
        ("integer.required.n", ""),
        ("number.required.n", "1e999"),
        ("number.required.n", "nan"),
        ("json.required.n", "[1"),
        ("json.required.n", "NaN"),
        ("json.required.n", "[" * 100_000),
        ("yesno.required.n", "perhaps"),
    ],
)
def test_unreadable_field_is_named(key: str, text: str) -> None:
    """What cannot be read is refused with the parameter's name, in both languages."""
    with pytest.raises(ArgumentsInvalid) as caught:
        arguments_of([(key, text)])

    assert caught.value.message("en").startswith("n: ")
    assert caught.value.message("zh").startswith("n：")


def test_foreign_fields_are_no_arguments() -> None:
    """Fields that are none of the form's are passed over, an empty optional one too."""
    pairs = [("function", "f"), ("exec.required.x", "1"), ("number.optional.y", " ")]

    assert arguments_of(pairs) == {}
