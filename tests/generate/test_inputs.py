"""Inputs to try a function on: the call itself first, then its neighbours, never outputs."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.inputs import inputs, tries


def schema(**types: Any) -> dict[str, Any]:
    return {"properties": {n: t if isinstance(t, dict) else {"type": t} for n, t in types.items()}}


def test_the_call_itself_comes_first() -> None:
    """What the text asks for is tried before anything made up."""
    made = inputs(schema(n="integer", s="string"), {"n": 5, "s": "ab"})

    assert made[0] == {"n": 5, "s": "ab"}
    assert len(made) > 5


def test_boundaries_of_a_number() -> None:
    """Zero, one and the neighbours are among them; nothing turns negative by itself."""
    tried = {one["n"] for one in inputs(schema(n="integer"), {"n": 5})}

    assert {0, 1, 4, 5, 6} <= tried
    assert min(tried) == 0


def test_boundaries_of_a_list() -> None:
    """Empty, reversed, with a duplicate."""
    tried = [one["xs"] for one in inputs(schema(xs="array"), {"xs": [3, 1]})]

    assert all(xs in tried for xs in ([], [1, 3], [3], [3, 1, 3]))


def test_boundaries_of_a_text() -> None:
    """Empty, shorter, doubled, in the other case."""
    tried = [one["s"] for one in inputs(schema(s="string"), {"s": "ab"})]

    assert all(s in tried for s in ("", "a", "abab", "AB"))


def test_date_stays_a_date() -> None:
    """The neighbours of a date are dates, also over the end of a month."""
    tried = {
        one["day"]
        for one in inputs(schema(day={"type": "string", "format": "date"}), {"day": "2024-02-28"})
    }

    assert {"2024-02-28", "2024-02-29", "2024-02-27", "2025-02-27"} <= tried
    assert all(len(day) == 10 for day in tried)


def test_enum_stays_in_its_list() -> None:
    """Only listed values are tried."""
    tried = {one["unit"] for one in inputs(schema(unit={"enum": ["kg", "g", "t"]}), {"unit": "kg"})}

    assert tried == {"kg", "g", "t"}


def test_same_seed_same_inputs() -> None:
    """What was tried can be tried again."""
    wanted = schema(xs="array", s="string")
    call = {"xs": [5, 3, 9, 1], "s": "abcdef"}

    assert inputs(wanted, call, seed=3) == inputs(wanted, call, seed=3)


def test_no_more_than_asked_for() -> None:
    """The number of tries is bounded and none comes twice."""
    made = inputs(
        schema(**dict.fromkeys("abcdefgh", "integer")), dict.fromkeys("abcdefgh", 7), most=10
    )

    assert len(made) == 10
    assert all(made.index(one) == at for at, one in enumerate(made))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_ends_of_the_calendar(day: str) -> None:
    """There is no day after the last one, and that is no error."""
    made = inputs(schema(day={"type": "string", "format": "date"}), {"day": day})

    assert made[0] == {"day": day}


def test_text_that_is_called_a_date() -> None:
    """A text that is none, in a parameter that wants a date, is still tried as it is."""
    made = inputs(schema(day={"type": "string", "format": "date"}), {"day": "tomorrow"})

    assert made[0] == {"day": "tomorrow"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_SCHEMAS = st.sampled_from(
    [{}, *({"type": t} for t in ("integer", "number", "string", "array", "object", "boolean")),
     {"type": "array", "items": {"type": "integer"}}]
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from("abc"), st.tuples(_SCHEMAS, _JSON), max_size=3), st.integers()
)
def test_any_call_can_be_varied(call: dict[str, Any], seed: int) -> None:
    """Whatever the arguments: no error, nothing changed, every set complete and plain JSON."""
    wanted = {"properties": {name: schema for name, (schema, _) in call.items()}}
    arguments = {name: value for name, (_, value) in call.items()}
    before = copy.deepcopy(arguments)

    made = inputs(wanted, arguments, seed=seed)

    assert repr(arguments) == repr(before)
    assert repr(made[0]) == repr(before)
    assert all(set(one) == set(arguments) for one in made)
    json.dumps(made)


def test_tries_begin_with_what_is_known() -> None:
    """The calls of the examples first, then their neighbours, and ties of two parameters."""
    known = [{"a": [1, 2], "b": [3]}, {"a": [5], "b": [6, 7]}]
    made = tries(schema(a="array", b="array"), known)

    assert made[:2] == known
    assert {"a": [1, 2], "b": [1, 2]} in made
    assert {"a": [1, 2], "b": [2, 1]} in made
    assert len(made) == len({repr(one) for one in made}) <= 40


def test_types_alone_give_inputs() -> None:
    """Without a known call the types say what goes in: empty, zero, negative, duplicates, Chinese."""
    made = tries(schema(n="integer", s="string", xs={"type": "array", "items": {}}), [])

    assert {0, 1, -1} <= {one["n"] for one in made}
    assert {"", "你好"} <= {one["s"] for one in made}
    assert [] in [one["xs"] for one in made]


def test_unknown_types_give_none() -> None:
    """A parameter of no known type, and no call: nothing is made up."""
    assert tries(schema(x={}), []) == []


def test_tuples_stay_tuples() -> None:
    """What is varied keeps its kind."""
    made = tries(schema(p={}), [{"p": (3, 1, 2)}])

    assert all(isinstance(one["p"], tuple) for one in made)
    assert {"p": (2, 1, 3)} in made
    assert {"p": ()} in made
