"""What is known is found without a model; what is not known is not claimed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from funcsmith.contract import Tool
from funcsmith.detect import _decided as decided
from funcsmith.detect import detect, shortlist
from funcsmith.generate.filled import Filled
from funcsmith.generate.parameters import Chosen
from funcsmith.generate.task import Spending
from funcsmith.library import Library
from funcsmith.models.scripted import Scripted
from funcsmith.readers import read
from funcsmith.recall import Detected, remembered
from funcsmith.settings import settings

NOW = datetime(2026, 11, 23, 9, 0)
FACTORIAL = 'def factorial(n: int) -> int:\n    """n 的阶乘。"""\n    return n if n < 2 else n * factorial(n - 1)\n'


@pytest.fixture
def library() -> Iterator[Library]:
    opened = Library.open(settings())
    yield opened
    opened.close()


def recalled(text: str, library: Library) -> Detected | None:
    return remembered(text, library, values=lambda: read(text, now=NOW), now=NOW)


def detected(
    text: str, *answers: str, library: Library | None = None, tools: list[Tool] | None = None,
    **named: Any,
) -> tuple[Detected, Scripted]:  # fmt: skip
    engine = Scripted().enqueue(*answers)
    found = detect(
        text, library=library, tools=tools, engine=engine, values=read(text, now=NOW), now=NOW,
        spending=Spending(), **named,
    )  # fmt: skip
    return found, engine


def test_same_text_is_remembered(library: Library) -> None:
    """The same text gives the saved function with its arguments."""
    library.add(FACTORIAL, text="6 的阶乘", sample={"n": 6})

    found = recalled("6 的阶乘", library)

    assert found is not None
    assert (found.way, found.arguments) == ("saved", {"n": 6})
    assert (found.detection.language, found.detection.probability) == ("zh", 1.0)
    assert [choice.name for choice in found.detection.candidates] == ["factorial"]


def test_other_values_fit_the_template(library: Library) -> None:
    """The same text with another value is filled, with the value's place."""
    library.add(FACTORIAL, text="6 的阶乘", sample={"n": 6}, template="{n} 的阶乘")

    found = recalled("12 的阶乘", library)

    assert found is not None and found.filled is not None
    assert (found.way, found.filled.arguments, found.filled.spans) == (
        "template",
        {"n": 12},
        {"/n": [(0, 2)]},
    )


@pytest.mark.parametrize("text", ["北京的阶乘", "2.5 的阶乘", "12 的平方", "12 的阶乘的平方"])
def test_template_takes_only_its_own(library: Library, text: str) -> None:
    """A value of another kind, or other words, is not forced into it."""
    library.add(FACTORIAL, text="6 的阶乘", sample={"n": 6}, template="{n} 的阶乘")

    assert recalled(text, library) is None


def test_empty_library_asks_nobody(library: Library) -> None:
    """With nothing known a new function is needed, and the model is not asked."""
    found, engine = detected("10 的阶乘", library=library)

    assert (found.way, engine.prompts) == ("new", [])


def test_nothing_near_is_new(library: Library) -> None:
    """A library of other things is no candidate; where one must be chosen it is none."""
    library.add(FACTORIAL)

    assert detected("translate this poem into French", library=library)[0].way == "new"
    assert detected("translate this poem into French", library=library, must=True)[0].way == "none"


def tools(count: int) -> list[Tool]:
    made = [Tool(name=f"odd_{n}", description="something else") for n in range(count)]
    weather = Tool(
        name="get-weather",
        description="查询城市的天气",
        parameters={"properties": {"城市": {"type": "string"}}, "required": ["城市"]},
    )
    return [*made, weather]


def test_given_function_is_chosen() -> None:
    """The model names the function; the arguments come from the text."""
    found, engine = detected("北京的天气怎么样", 'get-weather(城市="北京")', tools=tools(2))

    assert (found.way, len(engine.prompts)) == ("known", 1)
    assert found.filled is not None
    assert (found.filled.function, found.filled.arguments) == ("get-weather", {"城市": "北京"})
    assert found.detection.candidates[0].name == "get-weather"


@pytest.mark.parametrize(("answer", "way"), [("none", "other"), ("other", "other")])
def test_neither_is_said(answer: str, way: str) -> None:
    """What the model refuses is not taken; whether anything is to be computed the writer says."""
    found, _ = detected("今天心情不错", answer, tools=tools(2))

    assert (found.way, found.filled) == (way, None)


def test_shortlist_holds_five() -> None:
    """Of many functions the nearest are shown, in the order given."""
    listed = shortlist("北京的天气", tools(40))

    assert len(listed) == 5
    assert listed[-1].name == "get-weather"
    assert shortlist("北京的天气", tools(3)) == tools(3)


def test_no_more_than_five_in_a_prompt() -> None:
    """A prompt never holds more functions than that."""
    _, engine = detected("北京的天气怎么样", "none", tools=tools(40))

    asked = engine.prompts[0].messages[-1].content
    assert sum(line.startswith(("odd_", "get-")) for line in asked.splitlines()) == 5


@pytest.mark.parametrize(
    "text", ["阶乘", "\ud800 的阶乘", "\x00", "的" * 5000, "{n} 的阶乘", "%_的阶乘"]
)
def test_odd_texts(library: Library, text: str) -> None:
    """Odd characters are looked up like any other."""
    library.add(FACTORIAL, text="6 的阶乘", sample={"n": 6}, template="{n} 的阶乘")

    assert recalled(text, library) is None


def test_no_number_for_a_list(library: Library) -> None:
    """A function that returns a number is not offered where a name or an order is asked for."""
    library.add(
        'def average_score(scores: list[float]) -> float:\n    """成绩的平均分。\n\n    scores: 各科成绩\n    """\n'
        "    return sum(scores) / len(scores)\n"
    )

    found, engine = detected("成绩是 88、92、79，从高到低排序", library=library)

    assert (found.way, engine.prompts) == ("new", [])


RENT = (
    'def rent_bike(hours: float, bikes: int) -> float:\n    """租自行车的费用。\n\n    hours: 租几小时\n'
    '    bikes: 几辆\n    """\n    return hours * bikes * 8\n'
)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("租 2 辆自行车，4 小时", True),
        ("租自行车一共多少钱？", True),
        ("合同 2025 年 3 月 1 日到期，还有几天？", False),
        ("把「上海-杭州」按短横线拆开，费用写在后面", False),
    ],
)
def test_only_what_is_spoken_of_is_offered(library: Library, text: str, offered: bool) -> None:
    """A shared word or unit is no reason to show a function; its purpose or its values are."""
    library.add(RENT)

    _, engine = detected(text, "other", library=library)

    assert bool(engine.prompts) == offered


COUNTS = Tool(
    name="text_statistics",
    description="Count the words of a text.",
    parameters={"properties": {"text": {"type": "string"}}, "required": ["text"]},
)
FINE = Tool(
    name="library_fine",
    description="Fine for a library book.",
    parameters={
        "properties": {"days": {"type": "integer"}, "price": {"type": "number"}},
        "required": ["days", "price"],
    },
)


@pytest.mark.parametrize(
    ("tool", "arguments", "share", "score", "must", "way"),
    [
        (COUNTS, {"text": "queue"}, 0.82, 0.09, False, "other"),
        (COUNTS, {"text": "queue"}, 0.95, 0.13, False, "known"),
        (COUNTS, {"text": "queue"}, 0.82, 0.09, True, "known"),
        (FINE, {"days": 3}, 0.6, 0.2, False, "other"),
        (FINE, {"days": 3}, 0.9, 0.2, False, "known"),
        (FINE, {"days": 3}, 0.6, 0.2, True, "known"),
        (FINE, {"days": 3, "price": 0.5}, 0.6, 0.2, False, "known"),
    ],
)  # fmt: skip
def test_near_miss(
    tool: Tool, arguments: dict[str, Any], share: float, score: float, must: bool, way: str
) -> None:
    """A function filled with nothing but words, or that lacks a value, must be plainly meant."""
    missing = tuple(name for name in tool.parameters["required"] if name not in arguments)
    filled = Filled(tool.name, arguments, {}, missing)
    chosen = Chosen(tool.name, filled, {tool.name: share})

    found = decided("text about it", chosen, [(tool, None, score)], "en", must=must)

    assert found.way == way


@pytest.mark.parametrize(
    ("text", "share", "way"),
    [
        ("What is the fine for the library book?", 0.7, "known"),
        ("What is the fine for the library book?", 0.4, "other"),
        ("Write a function that works out the fine for a library book.", 0.9, "other"),
    ],
)
def test_what_is_lacking_is_asked_for(text: str, share: float, way: str) -> None:
    """A function that the text plainly means asks; who describes a function wants a new one."""
    chosen = Chosen(FINE.name, Filled(FINE.name, {}, {}, ("days", "price")), {FINE.name: share})

    assert decided(text, chosen, [(FINE, None, 0.25)], "en", must=False).way == way
