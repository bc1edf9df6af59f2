"""Values handed in beside the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from funcsmith.errors import InputInvalid
from funcsmith.handed import handed


def test_json_values_pass_as_they_are() -> None:
    """A value that names no file is handed on unchanged."""
    given = {"data": [1, 2], "options": {"path": "x", "deep": True}}

    assert handed(given).values == given


def test_csv_becomes_records(tmp_path: Path) -> None:
    """A CSV file is a list of records, numbers as numbers, codes with leading zeros as text."""
    file = tmp_path / "sales.csv"
    file.write_text("地区,销售额,编码\n上海,12.5,007\n北京,-3,1e5\n", "utf-8")

    assert handed({"data": {"path": str(file)}}).values == {
        "data": [
            {"地区": "上海", "销售额": 12.5, "编码": "007"},
            {"地区": "北京", "销售额": -3.0, "编码": "1e5"},
        ]
    }


@pytest.mark.parametrize(
    ("name", "content"), [("a.json", b"{"), ("a.txt", b"\xff\x00\x81"), ("a.jsonl", b"1\nx\n")]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    """What is not UTF-8 or not JSON is refused with the file's name in both languages."""
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(InputInvalid) as refused:
        handed({"data": {"path": str(file)}})

    assert str(file) in refused.value.message("en")
    assert str(file) in refused.value.message("zh")
