"""Files as values: encodings, delimiters, headers, sheets, and what is wrong with a file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.errors import InputInvalid
from funcsmith.tables import files
from funcsmith.tables.encodings import encoding_of
from funcsmith.tables.files import read_bytes, read_path

TEXT = "地区,销售额\n上海,12.5\n北京,-3\n"
ROWS = [{"地区": "上海", "销售额": 12.5}, {"地区": "北京", "销售额": -3.0}]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings_are_found(encoding: str) -> None:
    """The same table in every encoding that Chinese files come in."""
    assert read_bytes("data", TEXT.encode(encoding), ".csv").value == ROWS


def test_western_and_traditional_files() -> None:
    """Accents in Windows-1252 and traditional characters in Big5 are what they were."""
    assert encoding_of("prénom,été\nÉlodie,3\n".encode("cp1252")) == "cp1252"
    assert encoding_of("地區,銷售額\n臺北,12\n".encode("big5")) == "big5"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_found(mark: str) -> None:
    """Cells in quotation marks may hold the delimiter, a line end and doubled marks."""
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(
        [["name", "note"], ["a", f"x{mark}y\nz"], ["b", 'say "hi"']]
    )

    assert read_bytes("data", text.getvalue().encode(), ".csv").value == [
        {"name": "a", "note": f"x{mark}y\nz"},
        {"name": "b", "note": 'say "hi"'},
    ]


@given(
    st.lists(
        st.lists(st.text("ab,\"\n'；中 0", max_size=6), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_what_csv_writes_is_read(rows: list[list[str]]) -> None:
    """Whatever stands in the cells comes back, but for space around it and what is blank."""
    body = [["x1", *row] for row in rows]
    text = io.StringIO()
    csv.writer(text).writerows([["id", "a", "b", "c"], *body])

    read = read_bytes("data", text.getvalue().encode(), ".csv").value

    assert [row["id"] for row in read] == ["x1"] * len(rows)


def test_no_header_gets_numbered_names_and_says_so() -> None:
    """A first line with numbers is data."""
    read = read_bytes("data", b"1,x\n2,y\n", ".csv")

    assert read.value == [{"column_1": 1, "column_2": "x"}, {"column_1": 2, "column_2": "y"}]
    assert "column_1" in read.notes[0]["zh"]


def test_years_are_a_header() -> None:
    """A header may have years among names."""
    assert read_bytes("data", "地区,2022,2023\n华东,3,4\n".encode(), ".csv").value == [
        {"地区": "华东", "2022": 3, "2023": 4}
    ]


def test_title_and_total_are_left_out_and_that_is_said() -> None:
    """A line above the header and the line of totals are no rows."""
    text = "2024 年报,,\n,,\n部门,人数,备注\n研发,3,\n市场,4,\n财务,2,\n合计,9,\n"

    read = read_bytes("data", text.encode(), ".csv")

    assert [row["人数"] for row in read.value] == [3, 4, 2]
    assert len(read.notes) == 2


def test_stray_cells_are_empty_and_named() -> None:
    """Among numbers a word is no number; which cell that was is said."""
    text = "n\n" + "".join(f"{n}\n" for n in range(20)) + "待定\n"

    read = read_bytes("data", text.encode(), ".csv")

    assert read.value[-1] == {"n": None}
    assert "待定" in read.notes[0]["zh"]


@pytest.mark.parametrize(
    ("content", "ending", "words"),
    [
        (b'a,b\n1,"2\n3,4\n', ".csv", ("line 2", "第 2 行")),
        (b"a,b\n1,2\n1,2,3\n", ".csv", ("line 3", "第 3 行")),
        (b'{"a":', ".json", ("not JSON", "不是 JSON")),
        (b'{"a": 1}\n{"a"\n', ".jsonl", ("line 2", "第 2 行")),
        (b'{"a": NaN}', ".json", ("NaN", "NaN")),
        (b"\xff\x00\x81\x92", ".txt", ("encoding", "编码")),
        (b"PK\x03\x04 torn", ".xlsx", ("Excel", "Excel")),
        (b"old", ".xls", (".xlsx", ".xlsx")),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(content, ending, words) -> None:
    """A torn, ragged or foreign file is refused with the place and its name."""
    with pytest.raises(InputInvalid) as refused:
        read_bytes("data", content, ending, shown="sales" + ending)

    for language, word in zip(("en", "zh"), words, strict=True):
        assert word in refused.value.message(language)
        assert "sales" in refused.value.message(language)


def test_a_file_that_is_too_large_names_apply(tmp_path: Path, monkeypatch) -> None:
    """More than the limit is for `funcsmith apply`."""
    monkeypatch.setattr(files, "LIMIT", 10)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,4\n")

    with pytest.raises(InputInvalid) as refused:
        read_path("data", str(tmp_path / "a.csv"))

    assert "apply" in refused.value.hint("zh")


def test_bytes_without_a_name_are_what_they_are() -> None:
    """JSON, JSON Lines, a table, and text that is none of these."""
    assert read_bytes("data", b"[1, 2]").value == [1, 2]
    assert read_bytes("data", b'{"a": 1}\n{"a": 2}\n').value == [{"a": 1}, {"a": 2}]
    assert read_bytes("data", TEXT.encode("gbk")).value == ROWS
    assert read_bytes("data", "只是一句话，没有表。".encode()).value == "只是一句话，没有表。"
    assert read_bytes("data", b"one\ntwo\n").value == "one\ntwo\n"


# Excel and Parquet


def book(sheets: dict[str, list[list]], merged: str = "") -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def test_a_workbook_s_first_sheet_with_anything() -> None:
    """Rows above the header, cells merged downwards, codes that are text."""
    rows = [
        ["报表"],
        [],
        ["部门", "工号", "月薪"],
        ["研发", "001", 100],
        [None, "002", 200],
        ["市场", "003", 5],
    ]
    content = book({"空": [], "表": rows}, "A4:A5")

    read = read_bytes("data", content, ".xlsx")

    assert read.value == [
        {"部门": "研发", "工号": "001", "月薪": 100},
        {"部门": "研发", "工号": "002", "月薪": 200},
        {"部门": "市场", "工号": "003", "月薪": 5},
    ]
    assert read_bytes("data", content).value == read.value


def test_a_sheet_by_its_name() -> None:
    """The others are named; one that is not there is refused with those that are."""
    content = book({"A": [["x"], [1]], "B": [["y"], [2]]})

    assert read_bytes("data", content, ".xlsx", sheet="B").value == [{"y": 2}]
    assert "B" in read_bytes("data", content, ".xlsx").notes[0]["en"]
    with pytest.raises(InputInvalid, match="It has: A, B"):
        read_bytes("data", content, ".xlsx", sheet="C")


def test_a_zip_that_unpacks_without_end_is_refused(monkeypatch) -> None:
    """What is in a workbook is added up before it is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/sheet.xml", b"0" * 5_000_000)
    monkeypatch.setattr("funcsmith.tables.workbooks.UNPACKED_BYTES", 1_000_000)

    pytest.importorskip("openpyxl")
    with pytest.raises(InputInvalid, match="unpacks to"):
        read_bytes("data", packed.getvalue(), ".xlsx")


def test_parquet(tmp_path: Path) -> None:
    """Numbers, days and nothing come as JSON has them."""
    pa = pytest.importorskip("pyarrow")
    from datetime import date

    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"n": [1, None], "d": [date(2024, 3, 5), None]}), path)

    assert read_path("data", str(path)).value == [
        {"n": 1, "d": "2024-03-05"},
        {"n": None, "d": None},
    ]


@pytest.mark.parametrize(("package", "ending"), [("openpyxl", ".xlsx"), ("pyarrow", ".parquet")])
def test_without_the_extra_it_is_named(package: str, ending: str, monkeypatch) -> None:
    """Where the package is not installed the error says what to install."""
    monkeypatch.setitem(__import__("sys").modules, package, None)

    with pytest.raises(InputInvalid) as refused:
        read_bytes("data", b"PK\x03\x04" if ending == ".xlsx" else b"PAR1", ending)

    assert "funcsmith[data]" in refused.value.hint("en")


def test_json_strings_are_not_bent() -> None:
    """What JSON says is text stays text."""
    rows = [{"n": "12", "d": "3/4/2024"}]

    assert read_bytes("data", json.dumps(rows).encode(), ".json").value == rows
