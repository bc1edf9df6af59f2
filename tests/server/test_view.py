"""What the page shows of an outcome."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.contract import Call, Result
from funcsmith.server.view import Mark, code, marks, result_view, table_of

SOURCE = "def f(n: int) -> int:\n    # why\n    return n + 1\n"


def shown(value: Any, **more: Any) -> Any:
    return result_view(Result(status="ok", value=value, **more), "en")


def test_values_are_marked_in_the_sentence() -> None:
    """The characters that state an argument bear its name; the rest bears none."""
    call = Call(function="f", arguments={"n": 10}, spans={"/n": [(0, 2)], "/xs/1": [(3, 4)]})

    assert marks("10 的阶乘", [call]) == [
        Mark("10", "n"),
        Mark(" "),
        Mark("的", "xs"),
        Mark("阶乘"),
    ]


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=5),
)
def test_marks_lose_nothing(text: str, spans: list[tuple[int, int]]) -> None:
    """Whatever the spans say, the pieces together are the text."""
    call = Call(function="f", arguments={"n": 1}, spans={"/n": spans})

    assert "".join(mark.text for mark in marks(text, [call])) == text


@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.just(0.3)), max_size=3))  # fmt: skip
def test_code_loses_nothing(source: str, uncertainty: list[tuple[int, int, float]]) -> None:
    """Coloured and shaded, the source is still the source."""
    lines = code(source, uncertainty)

    said = "\n".join("".join(piece.text for piece in line) for line in lines)
    assert said == source.rstrip("\n")


def test_uncertain_stretch_is_shaded() -> None:
    """The stretch that the model was unsure of is apart, its indentation is not."""
    start = SOURCE.index("    return")
    lines = code(SOURCE, [(start, len(SOURCE) - 1, 0.25)])

    assert {piece.sure for line in lines[:2] for piece in line} == {None}
    assert lines[2][0].sure is None
    assert "".join(p.text for p in lines[2] if p.sure == 0.25) == "return n + 1"


@pytest.mark.parametrize(
    ("value", "more", "kind", "text"),
    [
        (120, {}, "number", "120"),
        (0.1 + 0.2, {}, "number", "0.3"),
        (True, {"repr": "True"}, "value", "True"),
        ("a\nb", {}, "text", "a\nb"),
        ("", {}, "text", ""),
        (None, {"repr": "None"}, "nothing", "None"),
        ([3, 1], {"repr": "[3, 1]"}, "value", "[3, 1]"),
        ([], {"repr": "[]"}, "value", "[]"),
    ],
)
def test_result_is_shown_as_what_it_is(value: Any, more: Any, kind: str, text: str) -> None:
    """Numbers, texts and the rest have each their own way of being shown."""
    view = shown(value, **more)

    assert (view.kind, view.text) == (kind, text)


def test_figure_is_a_picture_only_as_a_png() -> None:
    """A figure's address is shown as a picture where it is a PNG's, and nothing else."""
    typed = {"$figure": [1, 1, "aGk="]}

    assert shown("data:image/png;base64,aGk=", typed=typed).kind == "picture"
    assert shown("data:image/svg+xml,<svg onload=alert(1)>", typed=typed).kind == "value"
    assert shown("javascript:alert(1)", typed=typed).kind == "value"


def test_records_are_a_table() -> None:
    """Records have a column for each key, what lacks one stays empty and sorts last."""
    table = table_of([{"a": 1, "b": "x"}, {"a": 2.5}])

    assert table is not None and table.head == ("a", "b")
    assert [[cell.text for cell in row] for row in table.rows] == [["1", "x"], ["2.5", "–"]]
    assert [row[0].number for row in table.rows] == [True, True]
    assert table.rows[1][1].key == ""


def test_long_table_is_cut_and_says_so() -> None:
    """Of ten thousand rows five hundred are shown, and how many are not."""
    table = table_of([[n, n] for n in range(10_000)])

    assert table is not None and (len(table.rows), table.left_out) == (500, 9_500)


@pytest.mark.parametrize("value", [[], {}, [[1], [1, 2]], [1, 2], {"a": [1]}, [{}], "x", None])
def test_other_values_are_no_table(value: Any) -> None:
    """Rows of different lengths, plain lists and nested values stay what they are."""
    assert table_of(value) is None


def test_failure_names_its_line() -> None:
    """An error of the code carries the line at which it happened."""
    result = Result(status="error", error="ZeroDivisionError: division by zero (line 3)")

    view = result_view(result, "zh")

    assert (view.kind, view.line) == ("failed", 3)
    assert view.text == "代码出错：ZeroDivisionError: division by zero (line 3)"
