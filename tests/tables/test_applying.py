"""A function over the rows of a file: exact, resumable, in the order and number of the rows."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from funcsmith.errors import ArgumentsInvalid, Cancelled, InputInvalid
from funcsmith.execute import Sandbox
from funcsmith.library import Library
from funcsmith.settings import settings
from funcsmith.tables import applying
from funcsmith.tables.cells import Unfit
from funcsmith.tables.fitting import fit_for

HALF = "def half(n: float, by: int = 2) -> float:\n    return n / by\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def library() -> Iterator[Library]:
    opened = Library.open(settings())
    yield opened
    opened.close()


def applied(library: Library, sandbox: Sandbox, source: str, path: Path, out: Path, **more: Any):
    over = more.pop("overwrite", False)
    plan = applying.planned(library.add(source), str(path), str(out), **more)
    return applying.run(plan, sandbox, overwrite=over)


def rows_of(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_rows_stand_as_they_were_with_results_beside(library, sandbox, tmp_path: Path) -> None:
    """Cells are untouched; what does not fit, fails or is short is that row's error."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(
        'n,by,名称\n10,2,"a,\nb"\nx,2,\n1,0,\n007,1,\n"1,000",4,\n,2,\n5\n1,2,3,4\n', "utf-8"
    )

    done = applied(library, sandbox, HALF, path, out)

    read = rows_of(out)
    assert read[0] == ["n", "by", "名称", "result", "error"]
    assert read[1] == ["10", "2", "a,\nb", "5.0", ""]
    assert [row[3] for row in read[1:]] == ["5.0", "", "", "", "250.0", "", "", ""]
    assert [row[4].split("(")[0].strip() for row in read[1:]] == [
        "",
        "n: not a number",
        "ZeroDivisionError: float division by zero",
        "n: a code",
        "",
        "n: the cell is empty",
        "by: the cell is empty",
        "4 cells for 3 columns",
    ]
    assert (done.rows, done.failed) == (8, 6)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_columns_by_name_by_map_and_by_set(library, sandbox, tmp_path: Path) -> None:
    """A parameter takes the column of its name, the one it is mapped to, or one value for all."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("金额,result,error\n9,x,y\n", "utf-8")

    applied(library, sandbox, HALF, path, out, mapped={"n": "金额"}, fixed={"by": 3})

    assert rows_of(out) == [
        ["金额", "result", "error", "result_2", "error_2"],
        ["9", "x", "y", "3.0", ""],
    ]


def test_a_missing_column_is_asked_for(library, tmp_path: Path) -> None:
    """The columns that there are stand in the question, in both languages."""
    path = tmp_path / "in.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    saved = library.add(HALF)

    with pytest.raises(ArgumentsInvalid) as asked:
        applying.planned(saved, str(path), str(tmp_path / "o.csv"))
    assert "Which column is n?" in asked.value.message("en")
    assert "n 对应哪一列" in asked.value.message("zh")
    assert asked.value.hint("zh") == "--map n=a"
    with pytest.raises(ArgumentsInvalid, match="no parameter 'k'"):
        applying.planned(saved, str(path), str(tmp_path / "o.csv"), mapped={"k": "a"})
    with pytest.raises(ArgumentsInvalid, match="no column 'c'"):
        applying.planned(saved, str(path), str(tmp_path / "o.csv"), mapped={"n": "c"})


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"type": "integer"}, {"7": 7, "-1,200": -1200}, ["7.5", "7.0", "007", "7a", "", "true"]),
        ({"type": "number"}, {"7": 7.0, "1.50": 1.5}, ["nan", "inf", "1_000", "１a", ""]),
        ({"type": "boolean"}, {"true": True, "否": False, "1": True}, ["2", "maybe", ""]),
        ({"type": "string"}, {" a ": " a ", "": "", "7": "7"}, [7, 1.5, None]),
        ({"type": "string", "format": "date"}, {"2024/3/5": "2024-03-05"}, ["2024-02-30", "x", ""]),
        ({"type": "string", "format": "time"}, {"8:05": "08:05:00"}, ["25:00", "x"]),
        ({"enum": ["S", "M", 3]}, {"S": "S", "3": 3}, ["L", ""]),
        ({"type": "array"}, {"[1, 2]": [1, 2]}, ["{}", "1,2", ""]),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"7": 7, "": None}, ["x"]),
    ],
)
def test_cells_fit_exactly_or_not_at_all(schema, good, bad) -> None:
    """A cell becomes the parameter's type as it is written, or is refused."""
    fit = fit_for(schema, [*good])

    assert {cell: fit(cell) for cell in good} == good
    assert [type(fit(cell)) for cell in good] == [type(value) for value in good.values()]
    for cell in bad:
        with pytest.raises((Unfit, ValueError)):
            fit(cell)


def test_how_a_column_is_written_holds_for_all_of_it() -> None:
    """Currency and percent are read where the first cells have them, and nowhere else."""
    assert fit_for({"type": "number"}, ["￥1,200.50", "￥3"])("￥7") == 7.0
    assert fit_for({"type": "number"}, ["12%", "3%"])("50%") == 0.5
    with pytest.raises(Unfit):
        fit_for({"type": "number"}, ["12%", "3%"])("50")
    with pytest.raises(Unfit):
        fit_for({"type": "number"}, ["12", "3"])("50%")


def test_json_lines_in_and_out(library, sandbox, tmp_path: Path) -> None:
    """Objects keep their keys and types; a line that is none, or has other keys, is an error."""
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text(
        '{"n": 3, "k": [1]}\n{"n": "3"}\n[1]\n\n{"n": 4.0, "k": null}\ntorn {\n', "utf-8"
    )

    done = applied(library, sandbox, HALF, path, out, fixed={"by": 2})

    said = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert (done.rows, done.failed) == (5, 3)
    assert said[0] == {"n": 3, "k": [1], "result": 1.5, "error": None}
    no_object = "the line is no JSON object"
    assert [one["error"] for one in said[1:]] == ["n: text (3)", no_object, None, no_object]
    assert said[3]["result"] == 2.0


def test_parquet_in_and_out(library, sandbox, tmp_path: Path) -> None:
    """Types of columns and results come through; a missing number is that row's error."""
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    parquet.write_table(pa.table({"n": [1.0, None, 5.0], "名": ["a", "b", None]}), path)

    applied(library, sandbox, HALF, path, out, fixed={"by": 2})

    assert parquet.read_table(out).to_pydict() == {
        "n": [1.0, None, 5.0],
        "名": ["a", "b", None],
        "result": [0.5, None, 2.5],
        "error": [None, "n: the cell is empty", None],
    }
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_errors_stop_or_are_dropped(library, sandbox, tmp_path: Path) -> None:
    """`stop` names the row and keeps what was done before; `drop` leaves such rows out."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("n,by\n4,2\n4,0\n6,2\n", "utf-8")

    with pytest.raises(InputInvalid, match="Row 2: ZeroDivisionError"):
        applied(library, sandbox, HALF, path, out, errors="stop")
    assert not out.exists()
    done = applied(library, sandbox, HALF, path, out, errors="drop", overwrite=True)
    assert (done.rows, done.failed) == (3, 1)
    assert [row[2] for row in rows_of(out)] == ["result", "2.0", "3.0"]


def big(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("n,by\n")
        for number in range(rows):
            file.write(f"{number},{number % 7}\n")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_stopped_run_goes_on_with_the_same_bytes(
    library, sandbox, tmp_path: Path, ending
) -> None:
    """Stopped after some chunks and torn behind them, the output is that of a run in one go."""
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    path = tmp_path / "in.csv"
    big(path, 4000)
    saved = library.add(HALF)
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    applying.run(applying.planned(saved, str(path), str(whole)), sandbox)

    stops = 0
    while not out.exists():
        plan = applying.planned(saved, str(path), str(out))
        seen: list[int] = []

        def progress(done: applying.Done, seen: list[int] = seen) -> None:
            seen.append(done.rows)
            if len(seen) == 2 and done.rows < 4000:
                raise Cancelled

        try:
            applying.run(plan, sandbox, on_progress=progress)
        except Cancelled:
            stops += 1
            partial = applying.partial_of(out)
            if ending == "parquet":
                (partial / "00000099.parquet").write_bytes(b"torn")
            else:
                with partial.open("ab") as file:
                    file.write(b'12,3,"torn li')

    assert stops >= 1
    if ending == "parquet":
        from pyarrow import parquet

        assert parquet.read_table(out).to_pydict() == parquet.read_table(whole).to_pydict()
    else:
        assert out.read_bytes() == whole.read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(
        ["in.csv", whole.name, out.name]
    )


def test_another_file_function_or_mapping_does_not_go_on(library, sandbox, tmp_path: Path) -> None:
    """What was done belongs to one input, one source and one mapping."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    big(path, 1500)
    saved = library.add(HALF)

    def stop(_: applying.Done) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        applying.run(applying.planned(saved, str(path), str(out)), sandbox, on_progress=stop)
    with pytest.raises(InputInvalid, match="another run"):
        applying.run(applying.planned(saved, str(path), str(out), mapped={"n": "by"}), sandbox)
    path.write_text(path.read_text() + "1,2\n")
    with pytest.raises(InputInvalid, match="another run"):
        applying.run(applying.planned(saved, str(path), str(out)), sandbox)
    done = applying.run(applying.planned(saved, str(path), str(out)), sandbox, overwrite=True)
    assert (done.rows, done.before) == (1501, 0)
    with pytest.raises(InputInvalid, match="there already"):
        applying.run(applying.planned(saved, str(path), str(out)), sandbox)


def test_the_input_is_never_the_output(library, tmp_path: Path) -> None:
    """Neither by its name nor by an ending that nothing can be written to."""
    path = tmp_path / "in.csv"
    big(path, 2)
    saved = library.add(HALF)

    with pytest.raises(InputInvalid, match="overwrite the input"):
        applying.planned(saved, str(path), str(path))
    with pytest.raises(InputInvalid, match="by its ending"):
        applying.planned(saved, str(path), str(tmp_path / "out.xlsx"))


def test_gbk_with_a_title_and_semicolons(library, sandbox, tmp_path: Path) -> None:
    """A file is read as it is anywhere else: encoding, delimiter, title above the header."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_bytes("报表;;\nn;by;名称\n1,5;2;甲\n3;2;乙\n4;2;丙\n".encode("gbk"))

    applied(library, sandbox, HALF, path, out)

    assert rows_of(out)[1:] == [
        ["1,5", "2", "甲", "0.75", ""],
        ["3", "2", "乙", "1.5", ""],
        ["4", "2", "丙", "2.0", ""],
    ]


def test_killed_in_the_middle_it_goes_on(library, tmp_path: Path) -> None:
    """SIGKILL while rows are written: the same command ends with the bytes of an undisturbed run."""
    path, out, whole = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "whole.csv"
    slow = "def slow(n: int) -> int:\n    return sum(range(200)) + n\n"
    big(path, 30_000)
    library.add(slow)
    library.close()
    command = [sys.executable, "-m", "funcsmith", "apply", "slow", str(path), "--out"]
    state = tmp_path / "out.csv.progress.json"
    process = subprocess.Popen(
        [*command, str(out)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while not state.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert state.exists()
    assert not out.exists()

    subprocess.run([*command, str(out)], check=True, capture_output=True)
    subprocess.run([*command, str(whole)], check=True, capture_output=True)

    assert out.read_bytes() == whole.read_bytes()
    assert len(rows_of(out)) == 30_001
    assert os.listdir(tmp_path) and not state.exists()
