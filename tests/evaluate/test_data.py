"""The suite over files: its judge, its texts, its run, and the naive path beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from funcsmith.contract import Outcome
from funcsmith.errors import RequestInvalid
from funcsmith.evaluate import data, run_suite
from funcsmith.evaluate.data_judge import data_right

FOLDER = Path(__file__).parents[2] / "benchmarks" / "data"


@pytest.mark.parametrize(
    ("got", "row"),
    [
        (3.0, {"expected": 3}),
        ([3], {"expected": 3}),
        ({"count": 3}, {"expected": 3}),
        ({"b": 1, "a": 2}, {"expected": {"a": 2, "b": 1}}),
        ([("a", 2), ("b", 1)], {"expected": {"a": 2, "b": 1}}),
        ([{"地区": "a", "n": 2.0000001}, {"地区": "b", "n": 1}], {"expected": {"a": 2, "b": 1}}),
        ([[2, "a"]], {"expected": [["a", 2]]}),
        (["Hamlet", 9], {"expected": {"Hamlet": 9}}),
        ([{"name": "a", "since": "2020"}], {"expected": ["a"]}),
        ({"x": {"p": 1, "q": 2}}, {"expected": {"x": {"q": 2, "p": 1}}}),
        ({1: 12}, {"expected": {"1": 12}}),
        (52.86, {"expected": 0.5286, "accept": [52.857], "tolerance": 0.006}),
        ([], {"expected": []}),
        ({"title": "Hamlet", "copies": 9}, {"expected": ["Hamlet", 9]}),
    ],
)
def test_the_form_does_not_count(got: Any, row: dict[str, Any]) -> None:
    """Groups, pairs and rows that say the same are right."""
    assert data_right(got, row)


@pytest.mark.parametrize(
    ("got", "row"),
    [
        (3.1, {"expected": 3}),
        ("3", {"expected": "4"}),
        (True, {"expected": 1}),
        (None, {"expected": 0}),
        ({"a": 2}, {"expected": {"a": 2, "b": 1}}),
        ({"a": 2, "b": 1, "c": 0}, {"expected": {"a": 2, "b": 1}}),
        ({"a": 1, "b": 2}, {"expected": {"a": 2, "b": 1}}),
        ({"b": 1, "a": 2}, {"expected": {"a": 2, "b": 1}, "ordered": True}),
        ([["a", 2, 7]], {"expected": [["a", 2]]}),
        (["b", "a"], {"expected": ["a", "b"], "ordered": True}),
        (["a", "a"], {"expected": ["a", "b"]}),
        ({}, {"expected": ["a"]}),
        ([1, 2], {"expected": 3}),
        ({"title": "Hamlet", "copies": 8}, {"expected": ["Hamlet", 9]}),
        ({"Hamlet": 9, "Othello": 3}, {"expected": {"Hamlet": 9}}),
    ],
)
def test_the_values_and_an_asked_order_count(got: Any, row: dict[str, Any]) -> None:
    """Too few, too many, others, or in another order than was asked for."""
    assert not data_right(got, row)


def test_every_expected_answer_is_right_by_the_judge() -> None:
    """What the reference code gives passes for its own row, and for few others."""
    rows = data.read_rows(FOLDER)

    assert all(data_right(row["expected"], row) for row in rows)
    for row in rows:
        others = [one["id"] for one in rows if one is not row and data_right(row["expected"], one)]
        assert len(others) <= 2, (row["id"], others)


def test_the_texts_are_what_was_promised() -> None:
    """60, half of them Chinese, a third to develop on, over at least twelve files that all are used."""
    rows = data.read_rows(FOLDER)
    used = {file for row in rows for file in row["files"].values()}

    assert len(rows) == 60
    assert sum(row["language"] == "zh" for row in rows) == 30
    assert sum(row["part"] == "development" for row in rows) == 20
    assert len({row["text"] for row in rows}) == 60
    assert used == {path.name for path in (FOLDER / "files").iterdir()}
    assert len(used) >= 12


def test_files_and_answers_are_made_by_the_script() -> None:
    """Nobody changed an answer by hand."""
    pytest.importorskip("openpyxl")
    made = subprocess.run(
        [sys.executable, str(FOLDER / "make.py"), "--check"], capture_output=True, check=False
    )

    assert made.returncode == 0, made.stderr.decode()


class Fake:
    """Answers each text with what its row expects, but for one."""

    def __init__(self, wrong: str) -> None:
        self.wrong, self.requests = wrong, []

    def open(self, settings: Any, library: Any) -> Fake:
        return self

    def warm(self) -> None: ...

    def close(self) -> None: ...

    def run(self, request: Any) -> Outcome:
        self.requests.append(request)
        row = next(row for row in data.read_rows(FOLDER) if row["id"] == request.id)
        value = None if request.id == self.wrong else row["expected"]
        function = {"name": "f", "verdict": "runs"}
        return Outcome.model_validate(
            {"kind": "function", "function": function, "result": {"status": "ok", "value": value}}
        )


def test_a_part_is_run_and_counted(tmp_path: Path) -> None:
    """Files are handed in by path; the figures say how many were right, by language and part."""
    fake = Fake("zh-02")

    result = data.run(
        texts=FOLDER,
        groups=["development", "zh"],
        out=tmp_path / "out.json",
        pipeline=fake.open,
        on_row=lambda _: None,
    )

    total = result["totals"]["data"]
    assert (total["all"]["n"], total["all"]["right"]) == (10, 9)
    assert list(total["all"]["verdicts"]) == ["runs"]
    assert all(Path(one["path"]).is_file() for r in fake.requests for one in r.inputs.values())
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["suite"] == "data"


def test_an_unknown_part_is_refused() -> None:
    """The parts are named."""
    with pytest.raises(RequestInvalid, match="no part 'easy'"):
        run_suite("data", texts=FOLDER, groups=["easy"])


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("42\n", 42),
        ("Total: 42.0\n", 42),
        ("{'a': 2, 'b': 1}\n", {"a": 2, "b": 1}),
        ("a: 2\nb: 1\n", {"a": 2, "b": 1}),
        ("region\na    2\nb    1\nName: n, dtype: int64\n", {"a": 2, "b": 1}),
        ("  name  n\n0  a  2\n1  b  1\n", {"a": 2, "b": 1}),
        ("x\ny\n", ["x", "y"]),
        ("The answer is\nMar\n", "Mar"),
    ],
)
def test_printed_answers_get_the_benefit(script, printed: str, expected: Any) -> None:
    """What plain code prints is read in every way that may have been meant."""
    naive_data = script("naive_data")

    assert any(data_right(one, {"expected": expected}) for one in naive_data.readings(printed))
