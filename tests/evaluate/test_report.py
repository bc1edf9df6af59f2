"""The table people read: columns, widths, and two paths side by side."""

from __future__ import annotations

from typing import Any

from funcsmith.evaluate import report


def _record(name: str, right: bool, seconds: float) -> dict[str, Any]:
    return {"id": name, "group": "function", "language": "zh", "right": right, "seconds": seconds}


def test_chinese_counts_two_columns() -> None:
    """Columns stand under each other where the text is Chinese, narrow or combining."""
    lines = report.aligned(("名", "n"), [("函匠", "1"), ("cafe\u0301", "10")], left=1).split("\n")

    assert lines == ["名     n", "----  --", "函匠   1", "cafe\u0301  10"]


def test_cut_keeps_within_the_columns() -> None:
    """Long text ends in one ellipsis and never exceeds its room, however wide its characters."""
    assert report.cut("一二三四五", 10) == "一二三四五"
    assert report.cut("一二三四五", 9) == "一二三四…"
    assert report.cut("一二三四五", 8) == "一二三…"
    assert report.cut("a\n b", 9) == "a b"


def test_long_values_are_short_in_the_file() -> None:
    """The result file keeps the beginning of a long value as text."""
    row = {"id": "x", "right": False, "seconds": 1.0, "got": "a" * 500, "source": "def f(): ..."}

    assert report.short(row) == {
        "id": "x",
        "right": False,
        "seconds": 1.0,
        "got": '"' + "a" * 299 + "…",
    }


def test_two_paths_are_compared_in_pairs() -> None:
    """Points, the paired table, its probability and the ratio of medians, on the same rows."""
    first = [_record(f"r{n}", right, 1.0 + n) for n, right in enumerate([True, True, True, False])]
    second = [_record(f"r{n}", right, 4.0) for n, right in enumerate([False, True, False, False])]
    pair = report.compared(first, list(reversed(second)))["function"]["all"]

    assert pair["right"] == [3, 1]
    assert pair["points"] == 50.0
    assert pair["paired"] == {"both": 1, "only_first": 2, "only_second": 0, "neither": 1}
    assert pair["p"] == 0.5
    assert pair["median_seconds"] == [2.5, 4.0]
    assert pair["ratio"] == 0.625


def test_compared_table_has_both_paths_in_a_line() -> None:
    """Both shares, their distance and the ratio stand in one line."""
    records = [_record("r", True, 1.0)]
    table = report.compared_table(report.compared(records, [_record("r", False, 2.0)]))

    assert table.split("\n")[2].split() == [
        *("function", "all", "1", "100.0", "20.7–100.0", "0.0", "0.0–79.3", "+100.0"),
        *("0", "1", "0", "0", "1", "1.00", "2.00", "0.50"),
    ]
