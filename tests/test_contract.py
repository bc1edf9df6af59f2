"""The request and the outcome: what is refused, what is read, and what the JSON looks like."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from funcsmith.contract import Call, Evidence, Outcome, Request, Result, Tool, dumps


def refused(**fields: Any) -> list[tuple[tuple[Any, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        Request.model_validate(fields)
    return [(error["loc"], error["type"]) for error in caught.value.errors()]


def test_only_the_text_is_required() -> None:
    """A text alone is a request; a request without one is refused."""
    assert Request(text="10 的阶乘").mode == "run"
    assert refused() == [(("text",), "missing")]


@pytest.mark.parametrize("name", ["txt", "Text", "model", "temperature", "文本"])
def test_unknown_field_is_refused_by_name(name: str) -> None:
    """The error says which field is not known."""
    assert refused(text="x", **{name: 1}) == [((name,), "unexpected_keyword_argument")]


@pytest.mark.parametrize("mode", ["Run", "execute", "", None, 1])
def test_unknown_mode_is_refused(mode: Any) -> None:
    """Only the three modes are known."""
    assert refused(text="x", mode=mode) == [(("mode",), "literal_error")]


@pytest.mark.parametrize("text", [None, 3, ["x"], {"a": 1}])
def test_text_is_text(text: Any) -> None:
    """A number is no text."""
    assert refused(text=text) == [(("text",), "string_type")]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T09:00:00", datetime(2026, 11, 23, 9)),
        (
            "2026-11-23T09:00:00+08:00",
            datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=8))),
        ),
    ],
)
@pytest.mark.parametrize("field", ["now", "today"])
def test_now_and_its_alias(field: str, given: str, read: date) -> None:
    """`today` is `now`; a date alone will do."""
    request = Request.model_validate({"text": "x", field: given})

    got = request.now
    assert (got.date() if isinstance(got, datetime) and type(read) is date else got) == read


def test_a_request_made_by_hand_is_checked_too() -> None:
    """Its fields are read as those that come from outside."""
    request = Request(text="x", functions=[{"name": "f", "parameters": {"type": "dict"}}])  # type: ignore[list-item]

    assert request.functions == [Tool(name="f", parameters={"type": "object"})]
    with pytest.raises(ValidationError):
        Request(text=5)  # type: ignore[arg-type]


def test_a_plain_request_needs_no_pydantic() -> None:
    """Fields of the right types make a request; any other is left to be looked at."""
    assert Request.plain({"text": "x", "seed": 3}) == Request(text="x", seed=3)
    for other in ({}, {"text": 5}, {"text": "x", "mode": "Run"}, {"text": "x", "txt": "y"},
                  {"text": "x", "functions": [{}]}, {"text": "x", "inputs": {1: 2}},
                  {"text": "x", "now": "2026-01-01"}, {"text": "x", "inputs": None}):  # fmt: skip
        assert Request.plain(other) is None


def test_copy_leaves_the_original() -> None:
    """A copy has the new values, the original its own; fields that only a file had are kept."""
    fact = Evidence.of({"kind": "changed", "call": "f", "was": "proven"})
    copy = fact.model_copy(update={"call": "g"})

    assert (fact.call, copy.call) == ("f", "g")
    assert copy.model_dump(exclude_none=True) == {"kind": "changed", "call": "g", "was": "proven"}
    assert Evidence.model_validate(copy.model_dump()).model_dump() == copy.model_dump()


def test_now_comes_before_today() -> None:
    """Where both are given, `now` counts."""
    request = Request.model_validate(
        {"text": "x", "now": "2026-11-23T09:00:00", "today": "2020-01-01"}
    )

    assert request.now == datetime(2026, 11, 23, 9)


@pytest.mark.parametrize("now", ["yesterday", "2026-13-01", "", []])
def test_now_that_is_no_time(now: Any) -> None:
    """A word is refused, not guessed at."""
    assert {where[0] for where, _ in refused(text="x", now=now)} == {"now"}


@pytest.mark.parametrize(
    ("given", "kept"), [("a", "a"), ("", ""), (7, "7"), (0, "0"), (None, None)]
)
def test_id_is_copied_as_text(given: Any, kept: str | None) -> None:
    """A number as id is kept as its digits."""
    assert Request(text="x", id=given).id == kept


def test_id_that_is_no_name() -> None:
    """A list is no id, nor is true."""
    assert refused(text="x", id=[1]) == [(("id",), "string_type")]
    assert refused(text="x", id=True) == [(("id",), "string_type")]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("dict", "object"),
        ("float", "number"),
        ("bool", "boolean"),
        ("list", "array"),
        ("tuple", "array"),
        ("int", "integer"),
        ("str", "string"),
        ("Float", "number"),
        ("integer", "integer"),
    ],
)
def test_type_aliases(written: str, named: str) -> None:
    """The types that Python people write are read as JSON Schema's, at every depth."""
    tool = Tool(
        name="f",
        parameters={
            "type": "dict",
            "properties": {
                "type": {"type": written},
                "b": {"type": "list", "items": {"type": written, "default": "dict"}},
                "c": {"anyOf": [{"type": written}, {"type": "null"}], "enum": ["float"]},
            },
        },
    )

    assert tool.parameters == {
        "type": "object",
        "properties": {
            "type": {"type": named},
            "b": {"type": "array", "items": {"type": named, "default": "dict"}},
            "c": {"anyOf": [{"type": named}, {"type": "null"}], "enum": ["float"]},
        },
    }


def test_any_has_no_type() -> None:
    """`any` is no type of JSON Schema: it is left out."""
    tool = Tool(name="f", parameters={"properties": {"a": {"type": "any", "description": "d"}}})

    assert tool.parameters == {"properties": {"a": {"description": "d"}}}


@pytest.mark.parametrize("name", ["get-weather", "math.add", "查询天气", "a b", "from", "1x", "é"])
def test_any_tool_name_is_kept(name: str) -> None:
    """Names are the caller's."""
    request = Request.model_validate({"text": "x", "functions": [{"name": name}]})

    assert request.functions is not None
    assert request.functions[0].name == name


def test_unknown_keys_in_functions_are_ignored() -> None:
    """OpenAI's envelope and whatever else stands in it is accepted."""
    inner = {"name": "f", "description": None, "parameters": None, "strict": True, "returns": 3}
    request = Request.model_validate(
        {"text": "x", "functions": [inner, {"type": "function", "function": inner, "x": 1}]}
    )

    assert request.functions == [Tool(name="f"), Tool(name="f")]


def test_previous_is_an_outcome() -> None:
    """An outcome's own JSON can be handed back."""
    asked = Outcome(kind="ask", missing=["n"], question="n?", partial={"m": 1})

    request = Request.model_validate({"text": "3", "previous": json.loads(asked.to_json())})

    assert request.previous == asked


FIELDS = {
    "id", "kind", "detection", "function", "calls", "partial", "missing", "question", "readings",
    "result", "tokens", "seconds", "cost", "model", "notes", "error",
}  # fmt: skip


def test_outcome_has_the_contract_s_fields() -> None:
    """Names are final."""
    empty = json.loads(Outcome().to_json())

    assert set(empty) == FIELDS
    assert empty["kind"] == "none"
    assert set(empty["seconds"]) == {"detect", "generate", "execute"}
    assert set(empty["tokens"]) == {"prompt", "generated"}
    assert set(empty["cost"]) == {
        "model_calls",
        "model_calls_avoided",
        "cpu_seconds",
        "escalated_to",
        "escalation",
        "escalated_calls",
        "escalated_tokens",
    }
    assert set(empty["detection"]) == {"probability", "language", "candidates", "reuse"}


def test_value_is_the_result_s() -> None:
    """`outcome.value` is the top result's value."""
    assert Outcome(result=Result(status="ok", value=[1])).value == [1]
    assert Outcome().value is None


def test_spans_are_pairs() -> None:
    """In JSON a span is a list of two."""
    outcome = Outcome(calls=[Call(function="f", arguments={"n": 5}, spans={"/n": [(0, 1)]})])

    assert json.loads(outcome.to_json())["calls"][0]["spans"] == {"/n": [[0, 1]]}


@pytest.mark.parametrize(
    "text", ["\ud800", "a\udfffb", "\u202e和\u200f", "\x00\x1b[31m", "\u2028", "😀", '"\\ud800']
)
def test_any_text_goes_through_utf8(text: str) -> None:
    """Lone surrogates are escaped, everything else is readable; all of it comes back."""
    written = dumps({"text": text})

    assert json.loads(written.encode("utf-8")) == {"text": text}


def test_chinese_stays_readable() -> None:
    """Nothing that can be read is escaped."""
    assert dumps({"问": "三晚"}) == '{"问": "三晚"}'


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters()), lambda s: st.lists(s) | st.dictionaries(st.text(st.characters()), s),
    max_leaves=8,
))  # fmt: skip
def test_any_json_comes_back(value: Any) -> None:
    """Arguments of any shape and any characters survive."""
    outcome = Outcome(partial={"v": value})

    assert json.loads(outcome.to_json().encode("utf-8"))["partial"] == {"v": value}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_has_no_word_for(value: float) -> None:
    """A non-finite number is null, at any depth."""
    outcome = Outcome(partial={"a": [value, 1.5]})

    assert json.loads(outcome.to_json())["partial"] == {"a": [None, 1.5]}


def test_integer_of_any_length() -> None:
    """A number of 6000 digits is written, not an error of ours."""
    outcome = Outcome(result=Result(status="ok", value=10**6000))

    assert outcome.to_json().encode("utf-8")
