"""JSON arguments become what the annotations ask for."""

from __future__ import annotations

from typing import Any

import pytest

from funcsmith.execute import Sandbox

HEADER = """
from __future__ import annotations
import dataclasses, datetime, decimal, enum, fractions, typing
from collections import Counter, deque
from typing import Annotated, Literal, NamedTuple, Optional, TypedDict, Union

class Colour(enum.Enum):
    RED = "red"
    BLUE = 2

@dataclasses.dataclass
class Guest:
    name: str
    born: datetime.date
    colours: list[Colour] = dataclasses.field(default_factory=list)

class Pair(NamedTuple):
    left: int
    right: decimal.Decimal

class Row(TypedDict):
    day: datetime.date
"""


@pytest.mark.parametrize(
    ("annotation", "given", "shown"),
    [
        ("int", 5, "5"),
        ("int", 5.0, "5"),
        ("float", 5, "5"),
        ("str", "2026-01-02", "'2026-01-02'"),
        ("tuple", [1, 2], "(1, 2)"),
        ("tuple[int, str]", [1, "a"], "(1, 'a')"),
        ("tuple[datetime.date, ...]", ["2026-01-02"], "(datetime.date(2026, 1, 2),)"),
        ("set[int]", [2, 1, 2], "{1, 2}"),
        ("frozenset", ["a"], "frozenset({'a'})"),
        ("deque", [1], "deque([1])"),
        ("datetime.date", "2026-01-02", "datetime.date(2026, 1, 2)"),
        ("datetime.date", "never", "'never'"),
        (
            "datetime.datetime",
            "2026-01-02T03:04:05Z",
            "datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)",
        ),
        ("datetime.time", "08:30", "datetime.time(8, 30)"),
        ("datetime.timedelta", 90, "datetime.timedelta(seconds=90)"),
        ("decimal.Decimal", 0.1, "Decimal('0.1')"),
        ("decimal.Decimal", "12.50", "Decimal('12.50')"),
        ("fractions.Fraction", "1/3", "Fraction(1, 3)"),
        ("fractions.Fraction", 0.5, "Fraction(1, 2)"),
        ("Colour", "red", "<Colour.RED: 'red'>"),
        ("Colour", "BLUE", "<Colour.BLUE: 2>"),
        ("Colour", 2, "<Colour.BLUE: 2>"),
        ("Optional[datetime.date]", None, "None"),
        ("Optional[datetime.date]", "2026-01-02", "datetime.date(2026, 1, 2)"),
        ("Union[int, str]", "5", "'5'"),
        ("list[Optional[Colour]]", ["red", None], "[<Colour.RED: 'red'>, None]"),
        ("dict[int, set[str]]", {"1": ["a"]}, "{1: {'a'}}"),
        ("dict[datetime.date, float]", {"2026-01-02": 1.5}, "{datetime.date(2026, 1, 2): 1.5}"),
        ("Literal['a', 'b']", "a", "'a'"),
        ("Annotated[datetime.date, 'birthday']", "2026-01-02", "datetime.date(2026, 1, 2)"),
        ("Pair", [1, 2.5], "Pair(left=1, right=Decimal('2.5'))"),
        ("Row", {"day": "2026-01-02"}, "{'day': datetime.date(2026, 1, 2)}"),
        ("Counter", {"a": 1}, "Counter({'a': 1})"),
        ("complex", [1, 2], "(1+2j)"),
        ("bytes", "é", "b'\\xc3\\xa9'"),
        (
            "Guest",
            {"name": "Li", "born": "2000-01-02", "colours": ["red"]},
            "Guest(name='Li', born=datetime.date(2000, 1, 2), colours=[<Colour.RED: 'red'>])",
        ),
        ("no_such_name", 1, "1"),
    ],
)
def test_an_argument_becomes_its_annotation(
    annotation: str, given: Any, shown: str, sandbox: Sandbox
) -> None:
    """A JSON value becomes what is asked for; what cannot stays as it is."""
    source = f"{HEADER}\ndef f(x: {annotation}):\n    return repr(x)\n"

    assert sandbox.call(source, "f", {"x": given}).value == shown


def test_coercion_can_be_left_out(sandbox: Sandbox) -> None:
    """With coercion off the JSON value arrives as it is."""
    source = "from datetime import date\ndef f(x: date): return x\n"

    assert sandbox.call(source, "f", {"x": "2026-01-02"}, annotations_coerce=False).typed is None


@pytest.mark.parametrize(
    ("signature", "positional", "named", "value"),
    [
        ("a, b=2", [1], {}, [1, 2]),
        ("a, b=2", [], {"b": 3, "a": 1}, [1, 3]),
        ("a, /, b", [], {"a": 1, "b": 2}, [1, 2]),
        ("a, *, b", [1], {"b": 2}, [1, 2]),
        ("*a, b=0", [], {"a": [1, 2], "b": 3}, [[1, 2], 3]),
        ("a, *b", [], {"a": 1, "b": [2, 3]}, [1, [2, 3]]),
        ("a, **b", [], {"a": 1, "b": {"c": 2}}, [1, {"c": 2}]),
    ],
)
def test_arguments_find_their_parameters(
    signature: str, positional: list[Any], named: dict[str, Any], value: Any, sandbox: Sandbox
) -> None:
    """Names and positions reach parameters of every kind."""
    result = sandbox.call(
        f"def f({signature}):\n    return [a, b]\n", "f", named, positional=positional
    )

    assert result.value == value, result.error


def test_a_decorated_function_keeps_its_annotations(sandbox: Sandbox) -> None:
    """Wrapped and cached functions are coerced for as the inner one says."""
    source = (
        "import functools\nfrom decimal import Decimal\n"
        "@functools.lru_cache\ndef f(x: Decimal): return repr(x)\n"
    )

    assert sandbox.call(source, "f", {"x": 1.5}).value == "Decimal('1.5')"


def test_an_async_function_is_awaited(sandbox: Sandbox) -> None:
    """An async function that waits for nothing outside gives its value."""
    source = "async def inner(n): return n + 1\nasync def f(n): return await inner(n)\n"

    assert sandbox.call(source, "f", {"n": 1}).value == 2


def test_arguments_that_do_not_fit_are_a_result(sandbox: Sandbox) -> None:
    """An unknown name is the function's TypeError."""
    result = sandbox.call("def f(a): return a\n", "f", {"b": 1})

    assert result.status == "error"
    assert result.error == "TypeError: f() got an unexpected keyword argument 'b'"
