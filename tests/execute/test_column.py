"""One function over many rows: each row its value or its error, whatever the others do."""

from __future__ import annotations

import decimal
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.errors import ArgumentsInvalid
from funcsmith.execute import Column, Limits, Sandbox

SOURCE = """
import decimal

def f(n: int, word: str = ""):
    if word == "spin":
        while True: pass
    if word == "exit":
        import os; os._exit(0)
    if word == "sleep":
        import time; time.sleep(9)
    if word == "zero":
        return 1 / 0
    if word == "huge":
        return "x" * 2_000_000
    if word == "flood":
        print("x" * 200_000)
    if word == "open":
        return open("/etc/passwd").read()
    if word == "decimal":
        return decimal.Decimal(n)
    return n * 2
"""
ENDINGS = {
    "spin": ("timeout", "cpu_seconds"),
    "exit": ("killed", None),
    "sleep": ("timeout", "wall_seconds"),
    "zero": ("error", None),
    "huge": ("output", "value_bytes"),
    "flood": ("output", "output_bytes"),
    "open": ("forbidden", None),
}


def test_a_row_that_fails_fails_alone(sandbox: Sandbox) -> None:
    """Rows that spin, exit, sleep, fail, flood or reach out say so; all others have their values."""
    words = [""] * 3_000
    for number, word in enumerate(ENDINGS):
        words[400 * number + 7] = word
    limits = Limits(value_bytes=1_000_000, output_bytes=100_000)

    column = sandbox.column(
        SOURCE,
        "f",
        {"n": list(range(3_000)), "word": words},
        limits=limits,
        per_row_cpu_seconds=0.1,
    )

    said = {words[row]: (result.status, result.limit) for row, result in column.failed.items()}
    assert said == ENDINGS
    assert column.values == [None if words[n] else 2 * n for n in range(3_000)]


def test_rows_keep_their_lossless_form(sandbox: Sandbox) -> None:
    """A row's Decimal is a number in `values` and whole in `typed`."""
    column = sandbox.column(SOURCE, "f", {"n": [1, 2], "word": ["", "decimal"]})

    assert (column.values, column.typed) == ([2, 2], {1: {"$decimal": "2"}})
    assert decimal.Decimal(column.typed[1]["$decimal"]) == 2


def test_rows_are_fitted_to_annotations(sandbox: Sandbox) -> None:
    """Each row's arguments become what the annotations ask for, as in a single call."""
    source = "import datetime\ndef f(d: datetime.date, *, days: int) -> int:\n"
    source += "    return d.day + days\n"

    column = sandbox.column(source, "f", {"days": [1, 2.0], "d": ["2026-03-01", "2026-03-04"]})

    assert column.values == [2, 6]


def test_rows_share_one_limit(sandbox: Sandbox) -> None:
    """Rows that the limits leave no time for are not run, and say so."""
    column = sandbox.column(
        "def f(n):\n    while True: pass\n",
        "f",
        {"n": [1, 2, 3, 4]},
        limits=Limits(cpu_seconds=0.3),
        per_row_cpu_seconds=0.1,
    )

    assert column.values == [None] * 4
    assert (column.failed[3].status, column.failed[3].limit) == ("not_run", "cpu_seconds")


def test_a_source_that_fails_fails_in_every_row(sandbox: Sandbox) -> None:
    """Where the source itself raises, each row says it."""
    column = sandbox.column("raise ValueError('no')\n", "f", {"n": [1, 2]})

    assert [result.error for result in column.failed.values()] == ["ValueError: no (line 1)"] * 2


def test_nothing_of_a_column_reaches_the_next(sandbox: Sandbox) -> None:
    """Rows share their module; two columns do not."""
    source = "seen = []\ndef f(n):\n    seen.append(n)\n    return len(seen)\n"

    first, second = (sandbox.column(source, "f", {"n": [5, 5]}).values for _ in range(2))

    assert (first, second) == ([1, 2], [1, 2])


def test_columns_of_different_lengths_are_refused(sandbox: Sandbox) -> None:
    """Columns that differ in length raise before anything runs."""
    with pytest.raises(ArgumentsInvalid, match="differ in length"):
        sandbox.column(SOURCE, "f", {"n": [1], "word": []})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("$tuple"), inner),
    max_leaves=8,
)


@given(st.lists(JSON | st.tuples(st.lists(JSON), st.lists(JSON)), max_size=4), st.integers(0, 40))
def test_hostile_answers_are_read_as_data(records: list[object], cut: int) -> None:
    """Chunks of wrong types, sizes and rows, cut anywhere, give at most the rows asked for."""
    answers = b""
    for record in records:
        text = json.dumps(record).encode("ascii")
        answers += len(text).to_bytes(8, "little") + text
    column = Column()

    column.add_answers(answers[: max(0, len(answers) - cut)], 3)

    assert len(column.values) <= 3
    assert set(column.failed) | set(column.typed) <= set(range(len(column.values)))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_answer_give_no_row(answers: bytes) -> None:
    """A length field that claims anything leads nowhere."""
    column = Column()

    column.add_answers(answers, 3)

    assert column.values == []
