"""Data on the command line: piped, shown as a table, written to a file, gone over row by row."""

from __future__ import annotations

import base64
import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from funcsmith.cli.visible import cells
from funcsmith.contract import Outcome, Result
from funcsmith.errors import InputInvalid
from funcsmith.tables.writing import write_result

BMI = "def bmi(weight: float, height: float) -> float:\n    return round(weight / height**2, 1)\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def plain(
    *arguments: str, stdin: bytes | None = None, **options
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "funcsmith", *arguments],
        input=stdin,
        stdin=None if stdin is not None else subprocess.DEVNULL,
        capture_output=True,
        check=False,
        **options,
    )


def test_a_piped_gbk_table_is_rows(process, tmp_path: Path) -> None:
    """`cat sales.csv | funcsmith …` as typed; how it was read is said on standard error."""
    log = tmp_path / "log"
    content = '地区,销售额\n华东,"1,200"\n华南,3\n'.encode("gbk")

    ran = process("各地区的销售额 inputs", stdin=content, env={"SCRIPTED_LOG": str(log)})

    request = json.loads(log.read_text("utf-8").splitlines()[0])
    assert request["inputs"] == {
        "data": [{"地区": "华东", "销售额": 1200}, {"地区": "华南", "销售额": 3}]
    }
    assert "gb18030" in ran.stderr.decode()


def test_a_sheet_is_named_behind_the_file(process, tmp_path: Path) -> None:
    """`--input data=book.xlsx#Sheet` is the path and the sheet."""
    log, book = tmp_path / "log", tmp_path / "book.xlsx"
    book.write_bytes(b"PK")

    process("x", "--input", f"data={book}#表二", env={"SCRIPTED_LOG": str(log)})

    request = json.loads(log.read_text("utf-8").splitlines()[0])
    assert request["inputs"] == {"data": {"path": str(book), "sheet": "表二"}}


def test_an_ending_that_nothing_can_be_written_to(command) -> None:
    """It is refused before anything is computed."""
    code, out, err = command("10 的阶乘", "--out", "x.docx")

    assert (code, out) == (2, "")
    assert ".csv" in err


def test_out_says_where_the_result_is(command, tmp_path: Path) -> None:
    """A number becomes a table of one cell."""
    target = tmp_path / "out.csv"

    code, out, _ = command("10 的阶乘", "--out", str(target))

    assert code == 0
    assert str(target) in out
    assert target.read_text("utf-8") == "value\n120\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"华东": 3, "华南": 1.5}, [["key", "value"], ["华东", "3"], ["华南", "1.5"]]),
        ([{"a": 1, "b": None}, {"a": "x,y", "c": [1]}], [["a", "b", "c"], ["1", "", ""], ["x,y", "", "[1]"]]),
        ({"x": {"p": 1}, "y": {"q": 2}}, [["key", "p", "q"], ["x", "1", ""], ["y", "", "2"]]),
        ([["a", 1], ["b", 2]], [["column_1", "column_2"], ["a", "1"], ["b", "2"]]),
        (["a", "b"], [["value"], ["a"], ["b"]]),
        (True, [["value"], ["true"]]),
    ],
)  # fmt: skip
def test_a_result_as_csv(value, written, tmp_path: Path) -> None:
    """Groups, rows, pairs and lists are tables."""
    path = write_result(Result(status="ok", value=value), str(tmp_path / "out.csv"))

    with path.open(newline="", encoding="utf-8-sig") as file:
        assert list(csv.reader(file)) == written


def test_a_result_as_json_and_excel(tmp_path: Path) -> None:
    """JSON is the value; in a workbook what begins with = is text, and no formula."""
    openpyxl = pytest.importorskip("openpyxl")
    result = Result(status="ok", value=[{"名": "=1+1", "n": 2.5}])

    as_json = write_result(result, str(tmp_path / "out.json"))
    book = write_result(result, str(tmp_path / "out.xlsx"))

    assert json.loads(as_json.read_text("utf-8")) == result.value
    sheet = openpyxl.load_workbook(book).active
    assert [[cell.value for cell in row] for row in sheet.rows] == [["名", "n"], ["=1+1", 2.5]]
    assert sheet["A2"].data_type == "s"


def test_a_figure_is_a_png_and_nothing_else(tmp_path: Path) -> None:
    """A figure goes into .png, a table never does."""
    address = "data:image/png;base64," + base64.b64encode(PNG).decode()
    figure = Result(status="ok", value=address, typed={"$figure": [1, 1, ""]})

    assert write_result(figure, str(tmp_path / "a.png")).read_bytes() == PNG
    for result, name in ((figure, "a.csv"), (Result(status="ok", value=1), "b.png")):
        with pytest.raises(InputInvalid):
            write_result(result, str(tmp_path / name))
    assert [one.name for one in tmp_path.iterdir()] == ["a.png"]


def shown(value, capsys, language: str = "zh") -> list[str]:
    from funcsmith.cli.screen import Screen
    from funcsmith.contract import Request

    outcome = Outcome.model_validate(
        {
            "kind": "function",
            "function": {"name": "f", "verdict": "runs"},
            "calls": [{"function": "f", "arguments": {"data": {"$ref": "/inputs/data"}}}],
            "result": {"status": "ok", "value": value, "repr": repr(value)},
            "notes": ["data：按 gb18030 编码读取"],
        }
    )
    text = "合计" if language == "zh" else "total"
    Screen().outcome(outcome, Request(text=text, inputs={"data": {"path": "/tmp/sales.csv"}}))
    return capsys.readouterr().out.splitlines()


def test_groups_are_a_table_with_aligned_numbers(capsys) -> None:
    """Chinese takes two columns; numbers stand under each other; the file is named."""
    lines = shown({"华东": 1200.5, "内蒙古": 30}, capsys)

    at = next(i for i, line in enumerate(lines) if line.startswith("  结果"))
    assert [line.split() for line in lines[at : at + 3]] == [
        ["结果", "分组", "值"],
        ["华东", "1200.5"],
        ["内蒙古", "30"],
    ]
    assert [cells(line) for line in lines[at : at + 3]] == [22, 22, 22]
    assert any("/tmp/sales.csv" in line for line in lines)
    assert any("gb18030" in line for line in lines)


def test_a_long_table_is_bounded(capsys) -> None:
    """Thirty rows, and how many more there are."""
    lines = shown([{"n": n} for n in range(1234)], capsys, "en")

    assert sum(line.strip().isdecimal() for line in lines) == 30
    assert any("1,204 more rows" in line for line in lines)


def test_a_cell_cannot_steer_the_terminal(capsys) -> None:
    """Controls and marks that turn the reading order are shown as what they are."""
    lines = "\n".join(shown([{"\x1b[2Jname": "\x1b]0;t\x07x\u202e"}, {"b": 1}], capsys))

    assert "\x1b" not in lines
    assert "\u202e" not in lines


def test_apply_from_the_command_line(tmp_path: Path) -> None:
    """The summary counts rows and errors; a missing column is asked for with exit code 2."""
    (tmp_path / "bmi.py").write_text(BMI)
    (tmp_path / "p.csv").write_text("姓名,体重,height\n甲,70,1.75\n乙,x,1.6\n", "utf-8")
    plain("library", "add", str(tmp_path / "bmi.py"))
    data, out = str(tmp_path / "p.csv"), str(tmp_path / "o.csv")

    asked = plain("apply", "bmi", data, "--out", out, env=None)
    ran = plain("apply", "bmi", data, "--map", "weight=体重", "--out", out)

    assert (asked.returncode, ran.returncode) == (2, 0)
    assert "Which column is weight? p.csv has: 姓名, 体重, height" in asked.stderr.decode()
    assert "2 rows" in ran.stdout.decode()
    assert "1 row with an error; 2: weight: not a number (x)" in ran.stdout.decode()
    assert (tmp_path / "o.csv").read_text("utf-8").splitlines() == [
        "姓名,体重,height,result,error",
        "甲,70,1.75,22.9,",
        "乙,x,1.6,,weight: not a number (x)",
    ]


def test_set_fits_its_parameter(tmp_path: Path) -> None:
    """One value for all rows is read as exactly as a cell."""
    (tmp_path / "bmi.py").write_text(BMI)
    (tmp_path / "p.csv").write_text("weight\n70\n", "utf-8")
    plain("library", "add", str(tmp_path / "bmi.py"))
    out = str(tmp_path / "o.jsonl")

    bad = plain("apply", "bmi", str(tmp_path / "p.csv"), "--set", "height=tall", "--out", out)
    ran = plain("apply", "bmi", str(tmp_path / "p.csv"), "--set", "height=2", "--out", out)

    assert (bad.returncode, ran.returncode) == (2, 0)
    assert "height=tall does not fit" in bad.stderr.decode()
    assert json.loads(Path(out).read_text("utf-8")) == {
        "weight": "70",
        "result": 17.5,
        "error": None,
    }
