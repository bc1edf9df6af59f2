"""OpenAI's routes, asked by its official client."""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest

from funcsmith.models.scripted import Scripted

from .conftest import CODE, FACTORIAL

WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "get-weather",
        "description": "查询城市的天气",
        "parameters": {
            "type": "object",
            "properties": {
                "城市": {"type": "string", "description": "城市名"},
                "天数": {"type": "integer"},
            },
            "required": ["城市", "天数"],
        },
    },
}
USER = "北京未来 3 天的天气"
CALL = 'get-weather(城市="北京", 天数=3)'


def client_of(server: Any, key: str = "any") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key=key, max_retries=0, timeout=60)


def user(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def test_models_are_listed(serve: Any) -> None:
    """The model that serves is listed by its name and as `funcsmith`."""
    client = client_of(serve())

    assert [model.id for model in client.models.list()] == ["funcsmith", "scripted"]
    assert client.models.retrieve("scripted").owned_by == "funcsmith"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-5")


def test_text_is_answered_with_the_result(serve: Any) -> None:
    """Without tools the answer is the result, the function and how far it was checked."""
    client = client_of(serve(Scripted().enqueue(CODE)))

    answer = client.chat.completions.create(model="funcsmith", messages=user(FACTORIAL))

    content = answer.choices[0].message.content
    assert content is not None
    assert content.splitlines()[0] == "120"
    assert "def factorial(n: int) -> int:" in content
    assert (answer.choices[0].finish_reason, answer.object) == ("stop", "chat.completion")
    assert answer.usage is not None
    assert answer.usage.completion_tokens > 0


def test_tools_are_called(serve: Any) -> None:
    """With tools their calls come back, arguments as JSON."""
    client = client_of(serve(Scripted().enqueue(CALL)))

    answer = client.chat.completions.create(model="funcsmith", messages=user(USER), tools=[WEATHER])

    (call,) = answer.choices[0].message.tool_calls or []
    assert answer.choices[0].finish_reason == "tool_calls"
    assert call.type == "function"
    assert call.function.name == "get-weather"
    assert json.loads(call.function.arguments) == {"城市": "北京", "天数": 3}


def test_missing_value_is_asked_for_and_answered(serve: Any) -> None:
    """A value that is not there is asked for; the answer, in the next turn, completes the call."""
    engine = Scripted().enqueue('get-weather(城市="北京", 天数=None)', CALL)
    client = client_of(serve(engine))

    asked = (
        client.chat.completions.create(
            model="funcsmith", messages=user("北京的天气"), tools=[WEATHER]
        )
        .choices[0]
        .message
    )
    answered = (
        client.chat.completions.create(
            model="funcsmith",
            messages=[
                *user("北京的天气"),
                {"role": "assistant", "content": asked.content},
                *user("3 天"),
            ],
            tools=[WEATHER],
        )
        .choices[0]
        .message
    )

    assert asked.tool_calls is None
    assert asked.content == "还缺少：天数。请补充。"
    assert answered.tool_calls is not None
    assert answered.tool_calls[0].type == "function"
    assert json.loads(answered.tool_calls[0].function.arguments) == {"城市": "北京", "天数": 3}


def test_results_of_tools_are_told(serve: Any) -> None:
    """After the calls were made, what they gave is the answer; no model is asked."""
    server = serve(Scripted().enqueue(CALL))
    client = client_of(server)
    first = client.chat.completions.create(model="funcsmith", messages=user(USER), tools=[WEATHER])
    message = first.choices[0].message
    assert message.tool_calls is not None
    asked = len(server.engine.prompts)

    last = client.chat.completions.create(
        model="funcsmith",
        messages=[
            *user(USER),
            message.model_dump(exclude_none=True),  # type: ignore[list-item]
            {"role": "tool", "tool_call_id": message.tool_calls[0].id, "content": "晴，25 度"},
        ],
        tools=[WEATHER],
    )

    assert last.choices[0].message.content == "晴，25 度"
    assert len(server.engine.prompts) == asked


def test_answer_is_streamed(serve: Any) -> None:
    """The pieces of a stream are the whole answer; the usage comes last."""
    client = client_of(serve(Scripted().enqueue(CODE)))

    chunks = list(
        client.chat.completions.create(
            model="funcsmith",
            messages=user(FACTORIAL),
            stream=True,
            stream_options={"include_usage": True},
        )
    )

    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said.splitlines()[0] == "120"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].usage is not None


def test_calls_are_streamed(serve: Any) -> None:
    """So are calls: each whole in one piece."""
    client = client_of(serve(Scripted().enqueue(CALL)))

    with client.chat.completions.stream(
        model="funcsmith", messages=user(USER), tools=[WEATHER]
    ) as stream:
        message = stream.get_final_completion().choices[0].message

    assert message.tool_calls is not None
    assert json.loads(message.tool_calls[0].function.arguments) == {"城市": "北京", "天数": 3}


def test_schema_is_filled_or_refused(serve: Any) -> None:
    """`response_format` with a schema is filled from the text; what the text lacks is refused."""
    schema: Any = {
        "type": "json_schema",
        "json_schema": {"name": "weather", "schema": WEATHER["function"]["parameters"]},
    }
    engine = Scripted().enqueue('weather(城市="北京", 天数=3)', 'weather(城市="北京", 天数=None)')
    client = client_of(serve(engine))

    filled, lacking = (
        client.chat.completions.create(
            model="funcsmith", messages=user(text), response_format=schema
        )
        .choices[0]
        .message
        for text in (USER, "北京的天气")
    )

    assert json.loads(filled.content or "") == {"城市": "北京", "天数": 3}
    assert lacking.content is None
    assert lacking.refusal == "还缺少：天数。请补充。"


def test_responses_give_calls_and_words(serve: Any) -> None:
    """The Responses API gives the same, whole and streamed."""
    tool: Any = {"type": "function", "strict": False, **WEATHER["function"]}
    client = client_of(serve(Scripted().enqueue(CALL, CODE)))

    called = client.responses.create(model="funcsmith", input=USER, tools=[tool])
    events = list(client.responses.create(model="funcsmith", input=FACTORIAL, stream=True))

    (item,) = called.output
    assert item.type == "function_call"
    assert json.loads(item.arguments) == {"城市": "北京", "天数": 3}
    assert [event.type for event in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text.splitlines()[0] == "120"


def test_errors_have_the_form_that_clients_know(serve: Any) -> None:
    """A wrong key, an unknown model, a conversation without a request: each its own exception."""
    server = serve()
    key = server.ring.add("k", "run")

    with pytest.raises(openai.AuthenticationError):
        client_of(server, "wrong").models.list()
    with pytest.raises(openai.NotFoundError, match="gpt-5"):
        client_of(server, key).chat.completions.create(model="gpt-5", messages=user("1+1"))
    with pytest.raises(openai.UnprocessableEntityError, match="asks nothing"):
        client_of(server, key).chat.completions.create(
            model="funcsmith", messages=[{"role": "system", "content": "x"}]
        )
    with pytest.raises(openai.UnprocessableEntityError, match="list of objects"):
        client_of(server, key).chat.completions.create(
            model="funcsmith",
            messages="hello",  # type: ignore[call-overload]
        )
