"""A conversation as one request, and the next turn of it."""

from __future__ import annotations

from typing import Any

import pytest

from funcsmith.contract import Call, Outcome
from funcsmith.errors import RequestInvalid
from funcsmith.server.conversation import reply, said

TOOLS = [{"type": "function", "function": {"name": "area", "parameters": {}}}]


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ([user("10 的阶乘")], "10 的阶乘"),
        ([user("10 的阶乘"), assistant("3628800"), user("3+4")], "3+4"),
        ([user("住店"), assistant("还缺少：天数。请补充。"), user("3 天")], "住店\n3 天"),
        ([user("a stay"), assistant("What is the nights?"), user("three")], "a stay\nthree"),
        ([user("a"), assistant("How are you?"), user("b")], "b"),
        ([{"role": "user", "content": [{"type": "text", "text": "1+1"}]}], "1+1"),
        ([{"role": "system", "content": "Be brief."}, user("1+1")], "1+1"),
    ],
)
def test_text_of_a_conversation(messages: list[dict[str, Any]], text: str) -> None:
    """What was answered is left behind; an answer to a question is read with what was asked."""
    assert said(messages).request.text == text


def test_conversation_without_a_request_is_refused() -> None:
    """Without words of the user there is nothing to answer."""
    with pytest.raises(RequestInvalid, match="asks nothing"):
        said([assistant("Hello")])


@pytest.mark.parametrize(("choice", "names"), [("auto", ["area"]), ("none", None)])
def test_tools_are_offered_unless_refused(choice: str, names: list[str] | None) -> None:
    """`tool_choice` none offers none."""
    functions = said([user("1")], tools=TOOLS, choice=choice).request.functions

    assert (functions and [tool.name for tool in functions]) == names


def test_call_that_needs_a_result_waits_for_it() -> None:
    """A call that takes another's result is made once that result has come."""
    outcome = Outcome(
        kind="parameters",
        calls=[
            Call(function="a", arguments={"x": 1}),
            Call(function="b", arguments={"y": {"$ref": "/calls/0/result/value"}}),
        ],
    )
    asked = said([user("a, then b")], tools=TOOLS)

    first = reply(outcome, asked)
    again = said(
        [
            user("a, then b"),
            {"role": "assistant", "tool_calls": [{"id": first.ids[0]}]},
            {"role": "tool", "tool_call_id": first.ids[0], "content": "7"},
        ],
        tools=TOOLS,
    )
    second = reply(outcome, again)

    assert [call.arguments for call in first.calls] == [{"x": 1}]
    assert again.waiting
    assert [(call.function, call.arguments) for call in second.calls] == [("b", {"y": 7})]
    last = said(
        [
            user("a, then b"),
            {"role": "assistant", "tool_calls": [{"id": second.ids[0]}]},
            {"role": "tool", "tool_call_id": second.ids[0], "content": "8"},
        ],
        tools=TOOLS,
    )
    assert not last.waiting
