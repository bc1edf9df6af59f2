"""Several calls of one text, in order, each with its own places; nothing is said twice."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from funcsmith.contract import Tool
from funcsmith.generate.parameters import Chosen, choose
from funcsmith.generate.task import Spending
from funcsmith.generate.wording import joins
from funcsmith.models.engine import Capabilities, Completion, Prompt, Sampling, Token
from funcsmith.models.scripted import Scripted
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)


class Constrained(Scripted):
    """A script whose engine says that it keeps to grammars, so that calls are asked for one by one."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(grammar=True, logprobs=True, prefill=True)


def tool(name: str, required: list[str] | None = None, **types: str) -> Tool:
    properties = {key: {"type": kind} for key, kind in types.items()}
    listed = list(types) if required is None else required
    return Tool(name=name, parameters={"properties": properties, "required": listed})


def chosen(engine: Scripted, text: str, *tools: Tool, **named: Any) -> Chosen:
    return choose(
        engine, text, tools, values=read(text, now=NOW), now=NOW, spending=Spending(), **named
    )


def calls(found: Chosen, text: str) -> list[tuple[str, dict[str, Any], dict[str, list[str]]]]:
    assert found.filled is not None
    return [
        (
            one.function,
            one.arguments,
            {key: [text[a:b] for a, b in places] for key, places in one.spans.items()},
        )
        for one in (found.filled, *found.further)
    ]


SEND = tool("send", city="string", weight="number")
BOOK = tool("book", hotel="string", nights="integer")


def test_one_function_twice() -> None:
    """Each call has its own values, and where they stand."""
    text = "寄 3 公斤到大连，再寄 5 公斤到青岛"
    engine = Constrained().enqueue(
        "# send(",
        ' 3 公斤 = 重量\nsend(city="大连", weight="3 公斤")',
        'send(city="青岛", weight="5 公斤")',
        "```",
    )

    found = chosen(engine, text, SEND)

    assert calls(found, text) == [
        ("send", {"city": "大连", "weight": 3}, {"/city": ["大连"], "/weight": ["3 公斤"]}),
        ("send", {"city": "青岛", "weight": 5}, {"/city": ["青岛"], "/weight": ["5 公斤"]}),
    ]
    assert found.filled is not None
    assert found.filled.unused == ()
    assert engine.prompts[-1].prefix.endswith('send(city="青岛", weight="5 公斤")\n')


def test_two_functions_in_order() -> None:
    """Another function is named before it is called."""
    text = "Send 3 kg to Lyon, then book the Ritz for 2 nights"
    engine = Constrained().enqueue(
        "# send(",
        ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")',
        '# book(hotel: str, nights: str)\nbook(hotel="the Ritz", nights="2 nights")',
        "```",
    )

    found = chosen(engine, text, SEND, BOOK)

    assert [(name, arguments) for name, arguments, _ in calls(found, text)] == [
        ("send", {"city": "Lyon", "weight": 3}),
        ("book", {"hotel": "the Ritz", "nights": 2}),
    ]


def test_the_same_place_is_not_taken_again_where_another_is_free() -> None:
    """Two equal values are two places."""
    text = "Send 2 kg to Lyon and 2 kg to Nice"
    engine = Constrained().enqueue(
        "# send(",
        ' 2 kg = weight\nsend(city="Lyon", weight="2 kg")',
        'send(city="Nice", weight="2 kg")',
        "```",
    )

    found = chosen(engine, text, SEND)

    assert found.further[0].spans["/weight"] == [(22, 26)]


@pytest.mark.parametrize(
    "again", ['send(city="Lyon", weight="3 kg")', 'send(city="Lyon", weight=None)']
)
def test_what_was_said_is_not_said_again(again: str) -> None:
    """A call that brings nothing new ends it, and so does one that only repeats."""
    text = "Send 3 kg to Lyon, and quickly"
    engine = Constrained().enqueue(
        "# send(", ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")', again, "```"
    )

    found = chosen(engine, text, SEND)

    assert len(calls(found, text)) == 1


def test_what_is_not_said_again_holds_on() -> None:
    """«3 kg to Lyon and to Nice»: the second parcel weighs 3 kg too."""
    text = "Send 3 kg to Lyon and to Nice"
    engine = Constrained().enqueue(
        "# send(",
        ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")',
        'send(city="Nice", weight=None)',
        "```",
    )

    found = chosen(engine, text, SEND)

    assert found.further[0].arguments == {"city": "Nice", "weight": 3}
    assert found.further[0].spans["/weight"] == [(5, 9)]
    assert found.further[0].missing == ()


def test_further_call_that_lacks_a_value_asks() -> None:
    """A second function that is plainly meant is not dropped for want of a value."""
    text = "Send 3 kg to Lyon, then book the Ritz"
    engine = Constrained().enqueue(
        "# send(",
        ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")',
        '# book(hotel: str, nights: str)\nbook(hotel="the Ritz", nights=None)',
        "```",
    )

    found = chosen(engine, text, SEND, BOOK)

    assert found.further[0].missing == ("nights",)


def test_an_engine_without_grammars_writes_them_all_at_once() -> None:
    """A server's answer may hold every call."""
    text = "寄 3 公斤到大连，再寄 5 公斤到青岛"
    engine = Scripted().enqueue(
        'send(city="大连", weight="3 公斤")\nsend(city="青岛", weight="5 公斤")\n```\nBye'
    )

    found = chosen(engine, text, SEND)

    assert [arguments for _, arguments, _ in calls(found, text)] == [
        {"city": "大连", "weight": 3},
        {"city": "青岛", "weight": 5},
    ]


def test_nothing_further_is_asked_where_nothing_joins() -> None:
    """A text without a word or a mark that joins costs no other question."""
    engine = Constrained().enqueue("# send(", ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")')

    found = chosen(engine, "Send 3 kg to Lyon", SEND)

    assert found.further == ()
    assert len(engine.prompts) == 2


@pytest.mark.parametrize("text", ["北京和上海", "a, b", "first this. Then that", "甲；乙"])
def test_joining_words(text: str) -> None:
    """Both languages' words and marks join."""
    assert joins(text)
    assert not joins("Weather in Paris?")


def test_result_of_the_call_before() -> None:
    """A call may take what the one before gives; a value that could stand for it is left alone."""
    text = "Send 3 kg to Lyon, then 5 kg of that to Nice"
    engine = Constrained().enqueue(
        "# send(",
        ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")',
        'send(city="Nice", weight=result)',
        "```",
    )

    found = chosen(engine, text, SEND)

    assert found.further[0].results == ("weight",)
    assert found.further[0].arguments == {"city": "Nice"}
    assert found.further[0].missing == ()


def test_first_call_has_no_result_before_it() -> None:
    """What stands first takes nothing from a call."""
    found = chosen(Scripted().enqueue('send(city="Lyon", weight=result)'), "Send it to Lyon", SEND)

    assert found.filled is not None
    assert (found.filled.results, found.filled.missing) == ((), ("weight",))


class Doubtful(Constrained):
    """An engine that was not sure of the first function, and nearly ended before it named another."""

    def complete(self, prompt: Prompt, sampling: Sampling, **named: Any) -> Completion:
        made = super().complete(prompt, sampling, **named)
        if made.text == "# send(":
            shares = (("# send(", math.log(0.6)), ("# ship(", math.log(0.4)))
            return replace(made, tokens=(Token("# send(", math.log(0.6), shares),))
        if not made.text.startswith("# ship"):
            return made
        first = replace(made.tokens[0], top=(("#", -0.9), ("```", -0.6)))
        return replace(made, tokens=(first, *made.tokens[1:]))


@pytest.mark.parametrize(
    ("engine", "functions"), [(Doubtful(), ["ship"]), (Constrained(), ["send", "ship"])]
)
def test_doubted_function_for_all_of_it_was_meant_instead(
    engine: Scripted, functions: list[str]
) -> None:
    """Another function that takes all that the first took, and more, takes its place if in doubt."""
    text = "Send 3 kg to Lyon by sea, and soon"
    ship = tool("ship", city="string", weight="number", way="string")
    engine.enqueue(
        "# send(",
        ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")',
        '# ship(city: str)\nship(city="Lyon", weight="3 kg", way="by sea")',
        "```",
    )

    found = chosen(engine, text, SEND, ship)

    assert [name for name, _, _ in calls(found, text)] == functions
    assert found.name == functions[0]


def test_words_around_known_values_are_not_new() -> None:
    """A call that only takes a longer stretch of what was taken says nothing that is new."""
    text = "Translate Good morning from English to French, please"
    translate = tool("translate", text="string", source="string", target="string")
    count = tool("word_count", text="string")
    engine = Doubtful().enqueue(
        "# translate(",
        ' English = source\ntranslate(text="Good morning from English to French", '
        'source="English", target="French")',
        '# ship\nword_count(text="Good morning from English to French")',
        "```",
    )

    found = chosen(engine, text, translate, count)

    assert [(name, arguments) for name, arguments, _ in calls(found, text)] == [
        ("translate", {"text": "Good morning", "source": "English", "target": "French"})
    ]


def test_marks_around_the_whole_text_are_left_out() -> None:
    """A text that stands in quotation marks is asked without them; places are those of the text."""
    text = '"Send 3 kg to Lyon"'
    engine = Constrained().enqueue("# send(", ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")')

    found = chosen(engine, text, SEND)

    assert engine.prompts[0].messages[-1].content.endswith("\n\nSend 3 kg to Lyon")
    assert found.filled is not None
    assert found.filled.spans == {"/city": [(14, 18)], "/weight": [(6, 10)]}


def test_grammar_is_of_the_text_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks and blanks around a text do not shift what may be copied from it."""
    grammars: list[str] = []
    engine = Constrained().enqueue("# send(", ' 3 kg = weight\nsend(city="Lyon", weight="3 kg")')
    complete = engine.complete

    def noted(prompt: Prompt, sampling: Sampling, **named: Any) -> Completion:
        grammars.append(sampling.grammar or "")
        return complete(prompt, sampling, **named)

    monkeypatch.setattr(engine, "complete", noted)
    chosen(engine, '  "Send 3 kg to Lyon"', SEND)

    assert '-value ::= "3" | "None"' in grammars[1]


def test_call_without_places_is_not_given_up_for_another() -> None:
    """A function that needs nothing of the text stands beside one that does."""
    text = "What time is it, and send 3 kg to Lyon by sea"
    ship = tool("ship", city="string", weight="number", way="string")
    engine = Doubtful().enqueue(
        "# now(",
        " What = time\nnow()",
        '# ship(city: str)\nship(city="Lyon", weight="3 kg", way="by sea")',
        "```",
    )

    found = chosen(engine, text, tool("now"), ship)

    assert [name for name, _, _ in calls(found, text)] == ["now", "ship"]
