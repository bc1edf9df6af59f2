"""The examples that a request states, with and without a header."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.task import examples_of, header_parameters

HEADER = 'def share(total, parts):\n    """{}\n    """\n'


def read(said: str) -> list[tuple[object, ...]]:
    found = examples_of("Write it.", HEADER.format(said))
    return [(*e.arguments, *e.keywords.values(), e.expected) for e in found]


def test_the_header_says_the_parameters() -> None:
    """Values given by the header's own names are an example of its function."""
    assert read("For total = 6, parts = 3 the answer is 2") == [(6, 3, 2)]


def test_a_forgotten_name_still_means_the_function() -> None:
    """Examples that call one unknown name are the header's; of two names or a known one, none is."""
    assert read("divide(6, 3) == 2\n divide(8, 4) == 2") == [(6, 3, 2), (8, 4, 2)]
    assert [e.name for e in examples_of("", HEADER.format("divide(6, 3) == 2"))] == [None]
    assert read("divide(6, 3) == 2\n halve(8, 4) == 2") == []
    assert read("max(6, 3) == 6") == []
    assert read("divide(6, 3, 1) == 2") == []
    assert read("divide(6, 3) == 2\n share(9, 3) == 3") == [(9, 3, 3)]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("def f(a, /, b=1, *c, d, **e):", ("a", "b", "d")),
        ("import re\ndef g(x): return x\n\ndef f(y: int) -> int:\n", ("y",)),
        ("async def f(n):", ("n",)),
        ("x = 1", ()),
        ("def f(", ()),
    ],
)
def test_parameters_of_a_header(header: str, names: tuple[str, ...]) -> None:
    """Those of the last function, in order, without the starred ones."""
    assert header_parameters(header) == names


@given(st.text())
def test_any_header_is_read_without_a_fault(said: str) -> None:
    """Whatever stands in a header, reading it ends without an exception."""
    header_parameters(said)
    examples_of("", said)
