"""Generated code is read, never run: one function, and one call of it as data."""

from __future__ import annotations

import ast
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.answer import read_answer

DEFINITION = "def f(x, y=None, *, z=None):\n    return x\n\n"

READ = [
    ("f(3)", {"x": 3}),
    ("f(3, 4)", {"x": 3, "y": 4}),
    ("f(y=4, x=3)", {"x": 3, "y": 4}),
    ("f(3, z=5)", {"x": 3, "z": 5}),
    ("f(-3.5)", {"x": -3.5}),
    ("f(None)", {"x": None}),
    ("f(...)", {"x": None}),
    ("f(True)", {"x": True}),
    ("f('春眠')", {"x": "春眠"}),
    ("f([1, (2, 3), {'a': [None]}])", {"x": [1, [2, 3], {"a": [None]}]}),
    ("f({2: 'b'})", {"x": {"2": "b"}}),
    ("f(dict(a=1))", {"x": {"a": 1}}),
    ("f(date(2024, 3, 1))", {"x": "2024-03-01"}),
    ("f(datetime.date(year=2024, month=3, day=1))", {"x": "2024-03-01"}),
    ("f(datetime(2024, 3, 1, 9, 5))", {"x": "2024-03-01T09:05:00"}),
    ("f(time(9, 5))", {"x": "09:05:00"}),
    ("f(date.fromisoformat('2024-03-01'))", {"x": "2024-03-01"}),
    ("f(datetime.strptime('01/03/2024', '%d/%m/%Y'))", {"x": "2024-03-01"}),
    ("f(Decimal('1.50'))", {"x": 1.5}),
    ("f(float('3.5'), int('7'))", {"x": 3.5, "y": 7}),
    ("f(list((1, 2)))", {"x": [1, 2]}),
    ("f(range(3))", {"x": [0, 1, 2]}),
    ("f(1.5 * 1000)", {"x": 1500.0}),
    ("f(7 // 2 + 1)", {"x": 4}),
    ("print(f(3))", {"x": 3}),
    ("result = f(3)\nprint(result)", {"x": 3}),
    ("a = 3\nb = [a, 4]\nf(b)", {"x": [3, 4]}),
    ("f(1)\nf(2)", {"x": 2}),
]


@pytest.mark.parametrize(("call", "arguments"), READ)
def test_call_is_read_as_data(call: str, arguments: dict[str, Any]) -> None:
    """Arguments are what the call writes, bound to the parameters."""
    answer = read_answer(DEFINITION + call)

    assert answer is not None
    assert (answer.name, answer.called, answer.problem) == ("f", True, None)
    assert {name: argument.value for name, argument in answer.arguments.items()} == arguments


UNREADABLE = [
    ("f(__import__('os').system('x'))", "an argument that is computed"),
    ("f(open('/etc/passwd').read())", "an argument that is computed"),
    ("f(lambda: 1)", "an argument that is computed"),
    ("f([n for n in range(3)])", "an argument that is computed"),
    ("f('a' * 10)", "an argument that is computed"),
    ("f(2 ** 1000000)", "an argument that is computed"),
    ("f(1 / 0)", "division by zero"),
    ("f(unknown)", "an argument that is computed"),
    ("x = x\nf(x)", "an argument that is nested too deep"),
    ("f(*[1, 2])", "a starred argument"),
    ("f(**{'x': 1})", "no parameter is called None"),
    ("f(1, 2, 3)", "more arguments than parameters"),
    ("f(1, x=2)", "x twice"),
    ("f(w=2)", "no parameter is called w"),
    ("f(b'x')", "an argument that JSON has no word for"),
    ("f(2j)", "an argument that JSON has no word for"),
    ("f({**{}})", "an unpacked dictionary"),
    ("f(-'a')", "a sign before something that is no number"),
    ("f'{f(1)} left'", "the call is part of a larger expression"),
    ("[f(n) for n in (1, 2)]", "the call is part of a larger expression"),
    ("", "no call"),
]


@pytest.mark.parametrize(("call", "problem"), UNREADABLE)
def test_call_that_cannot_be_read(call: str, problem: str) -> None:
    """What is no data is a problem, in words; the function is read all the same."""
    answer = read_answer(DEFINITION + call)

    assert answer is not None
    assert (answer.called, answer.problem, answer.arguments) == (False, problem, {})
    assert answer.source.startswith("def f(x, y=None, *, z=None):")


@pytest.mark.parametrize("call", ["f(date(2024, 2, 30))", "f(int('seven'))", "f(Decimal('x'))"])
def test_impossible_values_are_problems(call: str) -> None:
    """A date that does not exist is not used."""
    answer = read_answer(DEFINITION + call)

    assert answer is not None
    assert answer.problem is not None and answer.problem.startswith("an argument that cannot be")


def test_nothing_is_executed(tmp_path: Any) -> None:
    """Reading code that would leave a file leaves none."""
    mark = tmp_path / "mark"
    evil = f"__import__('pathlib').Path({str(mark)!r}).touch()"

    for code in (
        f"{evil}\n{DEFINITION}f({evil})",
        f"def f(x={evil}):\n    {evil}\n\nf(3)",
        f"class A:\n    {evil}\n\n{DEFINITION}f(A())",
        f"{DEFINITION}f(date({evil}))",
        f"{DEFINITION}f(dict(a={evil}))",
    ):
        read_answer(code)

    assert not mark.exists()


@pytest.mark.parametrize(
    "code",
    [
        "f(range(10**12))",
        "f(range(999999999999))",
        "a = [0] * 9\nf(a)",
        "a = [0, 0, 0, 0, 0, 0, 0, 0]\n"
        + "".join(
            f"{new} = [{', '.join(old * 8)}]\n"
            for old, new in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "f(i)",
        "f({99999 * 99999: 1})".replace("99999", "9" * 4000),
        "f(a" + ".b" * 800 + "())",
        "f(" + "-" * 150 + "1)",
    ],
)
def test_bombs_cost_nothing(code: str) -> None:
    """A few lines that would fill the memory are read in no time."""
    started = time.process_time()
    answer = read_answer(DEFINITION + code)

    assert answer is not None
    assert time.process_time() - started < 2
    assert all(len(repr(a.value)) < 10_000 for a in answer.arguments.values())


def test_arithmetic_keeps_its_literals() -> None:
    """1.5 * 1000 remembers that it was written as 1.5 and 1000; a plain value does not."""
    answer = read_answer(DEFINITION + "f(1.5 * 1000, 7)")

    assert answer is not None
    assert answer.arguments["x"].literals == (1.5, 1000)
    assert answer.arguments["y"].literals == ()


def test_source_is_only_what_defines() -> None:
    """Imports, helpers and the constants that are used stay; prints, calls and the rest go."""
    code = (
        "import math\nprint('x')\nLIMIT = 10\nunused = 3\n\n"
        "def g(x):\n    return min(x, LIMIT)\n\ndef f(x):\n    return math.floor(g(x))\n\n"
        "answer = f(2.5)\nprint(answer)\n"
    )
    answer = read_answer(code)

    assert answer is not None
    assert (answer.name, answer.arguments["x"].value) == ("f", 2.5)
    assert ast.unparse(ast.parse(answer.source)) == (
        "import math\nLIMIT = 10\n\ndef g(x):\n    return min(x, LIMIT)\n\n"
        "def f(x):\n    return math.floor(g(x))"
    )


@pytest.mark.parametrize("torn", ["f(3", "f(3)\n\nf('an open str", "f(3)\nif x:\n  for"])
def test_torn_end_is_left_off(torn: str) -> None:
    """The token limit may cut anywhere; whole lines before it still count."""
    answer = read_answer(DEFINITION + torn)

    assert answer is not None
    assert answer.name == "f" and "open str" not in answer.source


@pytest.mark.parametrize(
    "code", ["", "none", "42", "class A: ...", "x = 3", "这里没有代码。", "def f("]
)
def test_no_function(code: str) -> None:
    """Where no function is, none is made up."""
    assert read_answer(code) is None


def test_calls_put_together_are_one_function() -> None:
    """The wrapper is called with the plain values; what was written stays, comments too."""
    code = (
        "def total(a: float, b: float) -> float:\n    return a + b  # both\n\n"
        "def rest(t: float, paid: float) -> float:\n    return paid - t\n"
    )
    answer = read_answer(f"{code}\nfee = 1.5\ns = total(3.2, fee)\nprint(rest(s, 5 * 10))\n")

    assert answer is not None
    assert (answer.name, answer.called, answer.problem) == ("rest_of_total", True, None)
    assert {k: (a.value, a.literals) for k, a in answer.arguments.items()} == {
        "a": (3.2, ()), "b": (1.5, ()), "paid": (50, (5, 10)),
    }  # fmt: skip
    assert answer.source == code.replace("\n\n", "\n\n\n") + (
        "\n\ndef rest_of_total(a: float, b: float, paid: float) -> float:\n"
        "    return rest(total(a, b), paid)\n"
    )


def test_number_beside_the_call_is_an_argument() -> None:
    """«f(1) + 5» has two values, and both are held against the text."""
    answer = read_answer(DEFINITION + "f(1) + 5")

    assert answer is not None
    assert (answer.name, answer.problem) == ("f_whole", None)
    assert {k: a.value for k, a in answer.arguments.items()} == {"number": 5, "x": 1}


def test_constant_beside_the_calls_is_an_argument() -> None:
    """A named number that the last line reads is a parameter of what it becomes."""
    answer = read_answer(f"rate = 0.8\n{DEFINITION}f(f(3)) * rate")

    assert answer is not None
    assert {k: a.value for k, a in answer.arguments.items()} == {"x": 3, "rate": 0.8}
    assert "def f_whole(x, rate: float):" in answer.source


def test_header_is_not_put_together() -> None:
    """With a name given, the function is that one."""
    answer = read_answer(DEFINITION + "f(f(3))", name="f")

    assert answer is not None
    assert (answer.name, answer.called) == ("f", False)


def test_header_names_the_function() -> None:
    """With a name given, a call of a helper is not the answer's call."""
    answer = read_answer("def g(x):\n    return x\n\n" + DEFINITION + "g(3)", name="f")

    assert answer is not None
    assert (answer.name, answer.called) == ("f", False)


@pytest.mark.parametrize(
    "code",
    [
        "def pay(hours):\n    hourly_rate = 85.5\n    return hours * hourly_rate\n\npay(8)",
        "hourly_rate = 85.5\n\ndef pay(hours):\n    return hours * hourly_rate\n\npay(8)",
        "hourly_rate = 85.5\n\ndef pay(hours=3):\n    return hours * hourly_rate\n\npay(8)",
    ],
)
def test_values_beside_the_parameters_become_parameters(code: str) -> None:
    """A rate that the function sets by itself must be held against the text like any other."""
    answer = read_answer(code)

    assert answer is not None
    assert {k: a.value for k, a in answer.arguments.items()} == {"hours": 8, "hourly_rate": 85.5}
    assert "85.5" not in answer.source
    assert "def pay(hours, hourly_rate: float):" in answer.source


def test_header_keeps_its_parameters() -> None:
    """A given signature gets no parameter more, whatever the body calls its numbers."""
    code = "def area(n: int) -> int:\n    width = 3\n    return n * width\n"

    answer = read_answer(code, name="area")

    assert answer is not None
    assert answer.source == code


@given(
    st.text() | st.text(alphabet="def f(x):\n 0123,.'\"[]{}=+-*/#\\").map(lambda s: DEFINITION + s)
)
def test_any_text_is_read_or_not(code: str) -> None:
    """Arbitrary text never raises, and what is called source can be parsed."""
    answer = read_answer(code)

    if answer is not None:
        ast.parse(answer.source)


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc的", max_size=3), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@given(_PLAIN)
def test_any_literal_comes_back(value: Any) -> None:
    """What repr writes is read as the same value."""
    answer = read_answer(f"{DEFINITION}f({value!r})")

    assert answer is not None
    read = answer.arguments["x"].value
    assert read == value
    assert not isinstance(value, float) or math.copysign(1, read) == math.copysign(1, value)


@pytest.mark.parametrize(
    ("code", "name", "arguments"),
    [
        ("def f(a: int = 3, b: str = 'x') -> int:\n    return a", "f", {"a": 3, "b": "x"}),
        ("def f(a: int = 3, b: int = None) -> int:\n    return a", "f", {"a": 3, "b": None}),
        ("def f(a: list[int] = [1, 2]) -> int:\n    return a[0]", "f", {"a": [1, 2]}),
        (
            "def helper(n=9):\n    return n\n\ndef f(*, a: int = 3):\n    return helper(a)",
            "f",
            {"a": 3},
        ),
        ("def f() -> int:\n    return 74", "f", {}),
        (
            "from datetime import date\n\ndef f(a: date = date(2024, 5, 8)):\n    return a",
            "f",
            {"a": "2024-05-08"},
        ),
    ],
)
def test_defaults_are_the_call(code: str, name: str, arguments: dict[str, Any]) -> None:
    """Where nothing is called, the last function's own defaults say what it is called with."""
    answer = read_answer(code)

    assert answer is not None
    assert (answer.name, answer.called, answer.in_header) == (name, True, True)
    assert {key: one.value for key, one in answer.arguments.items()} == arguments


def test_call_comes_before_defaults() -> None:
    """A call says what is meant, whatever the header says."""
    answer = read_answer("def f(a: int = 3):\n    return a\n\nf(5)")

    assert answer is not None
    assert (answer.in_header, answer.arguments["a"].value) == (False, 5)


def test_parameters_without_defaults_are_no_call() -> None:
    """A header that states nothing calls nothing."""
    answer = read_answer("def f(a: int):\n    return a")

    assert answer is not None
    assert (answer.called, answer.problem) == (False, "no call")
