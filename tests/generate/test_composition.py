"""Calls put together become one function: its parameters are the plain values."""

from __future__ import annotations

import ast
import doctest
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate import composition
from funcsmith.generate.composition import composed

CODE = """
def total(a: float, b: float) -> float:
    return a + b

def rest(sum: float, paid: float) -> float:
    return paid - sum

def share(total: float, people: int, *, digits: int = 2, up: bool = False) -> float:
    return round(total / people, digits) + up

def count(words: list[str]) -> int:
    return len(words)

def joined(left: str, right: str) -> str:
    return left + right

"""


def put_together(code: str) -> tuple[str, str, Any] | None:
    """The function, the call, and what it gives."""
    tree = ast.parse(CODE + code)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    made = composed(tree, functions)
    if made is None:
        return None
    function, call = map(ast.unparse, made)
    scope: dict[str, Any] = {}
    defined = [node for node in tree.body if not isinstance(node, ast.Expr)]
    exec(compile(ast.Module(defined, []), "answer", "exec"), scope)
    exec(function, scope)
    return function, call, eval(call, scope)


TOGETHER = [
    (
        "rest(total(3.2, 5.5), 50)",
        (
            "def rest_of_total(a: float, b: float, paid: float) -> float:\n"
            "    return rest(total(a, b), paid)"
        ),
        "rest_of_total(a=3.2, b=5.5, paid=50)",
        41.3,
    ),
    # Steps before, a print around, keywords.
    (
        "s = total(b=5.5, a=3.2)\nleft = rest(s, paid=50)\nprint(left)",
        (
            "def rest_of_total(b: float, a: float, paid: float) -> float:\n"
            "    return rest(total(b=b, a=a), paid=paid)"
        ),
        "rest_of_total(b=5.5, a=3.2, paid=50)",
        41.3,
    ),
    # A name that is given two values stands for the one it has at that line.
    (
        "s = total(1.0, 2.0)\ns = total(s, 4.0)\ns = rest(s, 10.0)",
        (
            "def rest_of_total(a: float, b: float, b_2: float, paid: float) -> float:\n"
            "    return rest(total(total(a, b), b_2), paid)"
        ),
        "rest_of_total(a=1.0, b=2.0, b_2=4.0, paid=10.0)",
        3.0,
    ),
    (
        "x = 3.0\ny = total(x, 1.0)\nx = 9.0\nrest(y, x)",
        (
            "def rest_of_total(a: float, b: float, paid: float) -> float:\n"
            "    return rest(total(a, b), paid)"
        ),
        "rest_of_total(a=3.0, b=1.0, paid=9.0)",
        5.0,
    ),
    # The same value under the same name is one; another one gets a number.
    (
        "total(3.0, 4.0) + total(3.0, 5.0)",
        (
            "def total_whole(a: float, b: float, b_2: float) -> float:\n"
            "    return total(a, b) + total(a, b_2)"
        ),
        "total_whole(a=3.0, b=4.0, b_2=5.0)",
        15.0,
    ),
    # A parameter hides neither a function nor a builtin that the expression calls.
    (
        "share(9.0, count(['a', 'b'])) + total(1.0, 1.0)",
        (
            "def share_and_total(total_2: float, words: list[str], digits: int, a: float, b: float) -> float:\n"
            "    return share(total_2, count(words), digits=digits) + total(a, b)"
        ),
        None,
        6.5,
    ),
    (
        "rest(sum([total(1.0, 2.0), total(3.0, 4.0)]), 20.0) - rest(6.0, 7.0)",
        None,
        None,
        9.0,
    ),
    # A default is a value and shows; a switch may stay unsaid.
    (
        "share(total(5.0, 5.0), 3)",
        (
            "def share_of_total(a: float, b: float, people: int, digits: int) -> float:\n"
            "    return share(total(a, b), people, digits=digits)"
        ),
        "share_of_total(a=5.0, b=5.0, people=3, digits=2)",
        3.33,
    ),
    (
        "share(total(5.0, 5.0), 3, digits=1, up=True)",
        (
            "def share_of_total(a: float, b: float, people: int, digits: int, up: bool) -> float:\n"
            "    return share(total(a, b), people, digits=digits, up=up)"
        ),
        "share_of_total(a=5.0, b=5.0, people=3, digits=1, up=True)",
        4.3,
    ),
    # A number beside the calls is a value too; one that belongs to a unit is not.
    (
        "50 - total(3.2, 5.5)",
        (
            "def total_whole(number: int, a: float, b: float) -> float:\n"
            "    return number - total(a, b)"
        ),
        "total_whole(number=50, a=3.2, b=5.5)",
        41.3,
    ),
    (
        "total(1.0, 2.0) / count(['a', 'b', 'c']) * 100",
        (
            "def total_and_count(a: float, b: float, words: list[str]) -> float:\n"
            "    return total(a, b) / count(words) * 100"
        ),
        "total_and_count(a=1.0, b=2.0, words=['a', 'b', 'c'])",
        100.0,
    ),
    (
        "max(total(1.0, 2.0), 5) - -2.5",
        (
            "def total_whole(number: float, number_2: int, a: float, b: float):\n"
            "    return max(total(a, b), number_2) - number"
        ),
        "total_whole(number=-2.5, number_2=5, a=1.0, b=2.0)",
        7.5,
    ),
    # A named constant is said by its name.
    (
        "fee = 2.5\nrest(total(fee, 1.0), fee)",
        (
            "def rest_of_total(a: float, b: float, paid: float) -> float:\n"
            "    return rest(total(a, b), paid)"
        ),
        "rest_of_total(a=fee, b=1.0, paid=fee)",
        -1.0,
    ),
]


@pytest.mark.parametrize(("code", "function", "call", "value"), TOGETHER)
def test_calls_are_put_together(
    code: str, function: str | None, call: str | None, value: Any
) -> None:
    """The wrapper does what the lines did, and its values are those of the text."""
    made = put_together(code)

    assert made is not None
    assert made[2] == pytest.approx(value)
    assert function is None or made[0] == function
    assert call is None or made[1] == call


RETURNS = [
    ("count(['a']) + count(['b'])", "int"),
    ("count(['a']) / count(['b'])", "float"),
    ("count(['a']) * total(1.0, 2.0)", "float"),
    ("count(['a']) * 2", "int"),
    ("count(['a']) * 1.5", "float"),
    ("round(rest(total(1.0, 2.0), 3.0), 1)", "float"),
    ("joined('a', 'b') + joined('c', 'd')", "str"),
    ("joined('a', 'b') * count(['c'])", None),
    ("count(['a']) ** count(['b'])", None),
    ("(count(['a']), count(['b']))", None),
]


@pytest.mark.parametrize(("code", "annotation"), RETURNS)
def test_return_annotation(code: str, annotation: str | None) -> None:
    """What comes back is annotated where it can be told from the annotations of the calls."""
    made = put_together(code)

    assert made is not None
    said = ast.parse(made[0]).body[0].returns
    assert (said and ast.unparse(said)) == annotation


@pytest.mark.parametrize(
    "code",
    [
        "",
        "total(1, 2)",
        "print(total(1, 2))",
        "round(total(1, 2), 1)",
        "s = total(1, 2)\nprint(s)",
        "total(1, 2)\nrest(3, 4)",
        "print(f'It is {total(1, 2)} yuan')",
        "'It is ' + str(total(1, 2))",
        "print(total(1, 2), rest(3, 4))",
        "rest(total(1, 2), *[3])",
        "rest(total(1, 2), **{'paid': 3})",
        "rest(total(1, 2), 3, 4)",
        "rest(total(1, 2), back=3)",
        "rest(total(1, 2))",
        "[total(n, 1) + rest(n, 1) for n in (1, 2)]",
        "(lambda a: total(a, 1) + rest(a, 1))(2)",
        "(s := total(1, 2)) + rest(s, 3)",
        "s = total(1, 2)\ns += 3\nrest(s, total(4, 5))",
        "s, t = total(1, 2), 3\nrest(s, total(t, 5))",
        "s = 0\nfor n in (1, 2):\n    s = total(s, n)\nrest(s, total(1, 2))",
        "words = ['a', 'b']\ntotal(1, 2) + count(['c']) + len(words)",
        "a = total(1, 2)\n" + "a = total(a, a)\n" * 12,
        "rest(total(1, 2), 3)\ndef last(n):\n    return n",
        "rest(total(1, 2), " + "-" * 300 + "1)",
    ],
)
def test_what_cannot_be_told_is_left(code: str) -> None:
    """A plain call, and anything that takes running to understand, is no composition."""
    tree = ast.parse(CODE + code)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}

    assert composed(tree, functions) is None


def test_coroutines_are_left() -> None:
    """What must be awaited is not put together."""
    tree = ast.parse("async def f(n):\n    return n\n\nf(f(3))")

    assert composed(tree, {"f": tree.body[0]}) is None


def test_name_is_free() -> None:
    """The wrapper takes no name that the code has."""
    tree = ast.parse("def f(n):\n    return n\n\ndef f_whole(n):\n    return n\n\nf(f(3))")

    made = composed(tree, {"f": tree.body[0], "f_whole": tree.body[1]})

    assert made is not None
    assert ast.unparse(made[1]) == "f_whole_whole(n=3)"


def test_nothing_of_the_answer_changes() -> None:
    """The code is read; its own nodes stay as they are."""
    tree = ast.parse(CODE + "s = total(1.0, 2.0)\nshare(s, 3) + 7.5")
    before = ast.dump(tree)

    composed(tree, {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)})

    assert ast.dump(tree) == before


def test_example_of_the_module_is_true() -> None:
    """The example in the docstring gives what it says."""
    assert doctest.testmod(composition) == (0, 3)


_EXPRESSION = st.recursive(
    st.sampled_from(["s", "t", "total(1.5, 2.5)", "count(['a'])", "3", "100"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"rest({p[0]}, {p[1]})"),
        st.tuples(inner, inner).map(lambda p: f"share({p[0]}, 4, up=bool({p[1]}))"),
        inner.map(lambda one: f"max({one}, 2)"),
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(st.sampled_from("st"), _EXPRESSION), max_size=4), _EXPRESSION)
def test_wrapper_gives_what_the_lines_gave(steps: list[tuple[str, str]], last: str) -> None:
    """Whatever is put together in whatever order, the value is the same."""
    lines = ["s = total(2.0, 4.0)", "t = 8.0", *(f"{name} = {said}" for name, said in steps)]
    scope: dict[str, Any] = {}
    exec("\n".join([CODE, *lines]), scope)
    value = eval(last, scope)

    made = put_together("\n".join([*lines, last]))

    assert made is None or made[2] == pytest.approx(value, nan_ok=True)
