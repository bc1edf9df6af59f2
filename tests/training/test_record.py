"""Records: what is none is refused with a reason, and what is one survives its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.errors import InputInvalid
from funcsmith.training.record import (
    Record,
    from_row,
    line_of,
    name_of,
    pointer,
    read_records,
    to_row,
    write_records,
)

from .records import RENT, doubled, rent


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    """What was written is read again, letter for letter, line separators of other kinds included."""
    records = [rent(), doubled(), rent(text="在千岛湖租船，3小时\u2028谢谢")]
    path = tmp_path / "some" / "train.jsonl"
    assert write_records(path, records) == 3
    assert list(read_records(path)) == records
    assert path.read_bytes().count(b"\n") == 3
    assert [one.name for one in path.parent.iterdir()] == ["train.jsonl"]


def test_a_line_has_sorted_keys() -> None:
    """Two programs write the same record as the same bytes."""
    keys = list(json.loads(line_of(rent())))
    assert keys == sorted(keys)


def test_an_id_is_of_the_content_alone() -> None:
    """Where a record came from does not change its id; what it says does."""
    assert rent().id == rent(origin="elsewhere:9", made="template", group="other").id
    assert rent().id != rent(text="在千岛湖租船3小时", spans={}).id


@given(
    st.text(min_size=1, max_size=40).filter(str.strip), st.integers(), st.floats(allow_nan=False)
)
def test_any_values_survive(text: str, whole: int, number: float) -> None:
    """Whatever plain JSON stands in a record comes back from its line."""
    tool = {"name": "f", "parameters": {"properties": {"a": {}, "b": {}}, "required": ["a"]}}
    try:
        record = Record.of(
            text=text,
            kind="parameters",
            tools=[tool],
            function="f",
            arguments={"a": whole, "b": [number, {"键": None}]},
        )
    except InputInvalid:
        assert any("\ud800" <= c <= "\udfff" for c in text) or number in (
            float("inf"),
            -float("inf"),
        )
        return
    assert from_row(json.loads(line_of(record))) == record


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": "  "}, "the text is empty"),
        ({"kind": "maybe"}, "no kind 'maybe'"),
        ({"function": "other"}, "no tool other"),
        ({"arguments": {"lake": "千岛湖"}, "spans": {}}, "required and not there: hours"),
        ({"arguments": {"lake": "x", "hours": 3, "sail": 1}, "spans": {}}, "no parameter sail"),
        ({"spans": {"/hours": [[7, 99]]}}, "span outside the text: /hours"),
        ({"spans": {"/motor": [[0, 1]]}}, "span of no argument: /motor"),
        ({"missing": ["hours"]}, "kind parameters lacks nothing"),
        ({"kind": "ask"}, "missing is not what is missing: -"),
        ({"kind": "none"}, "kind none has no function"),
        ({"tools": [RENT, RENT]}, "two tools of one name"),
        ({"now": "someday"}, "now is no ISO date: someday"),
        ({"arguments": {"lake": "\ud800", "hours": 3}, "spans": {}}, "no plain JSON"),
    ],
)
def test_what_is_no_record(changes: dict[str, Any], why: str) -> None:
    """A record that contradicts itself is refused, and says with what."""
    with pytest.raises(InputInvalid) as caught:
        rent(**changes)
    assert why in caught.value.message("en")
    assert caught.value.message("zh").startswith("记录无法使用")


def test_code_must_define_its_function() -> None:
    """Source that is no Python, or of another name, is refused."""
    with pytest.raises(InputInvalid, match="the source is no Python"):
        doubled(source="def doubled(:")
    with pytest.raises(InputInvalid, match="the source has no doubled"):
        doubled(source="def halved(n):\n    return n")


def test_a_question_says_what_is_missing() -> None:
    """Of kind ask the required parameters that are not there are those that are missing."""
    record = rent(
        text="在千岛湖租船", kind="ask", arguments={"lake": "千岛湖"}, spans={}, missing=["hours"]
    )
    assert (record.missing, record.language) == (("hours",), "zh")


def test_a_bad_row_says_its_line(tmp_path: Path) -> None:
    """A bad row raises with its number, or costs only itself."""
    path = tmp_path / "rows.jsonl"
    good = line_of(rent())
    changed = json.dumps({**to_row(rent()), "text": "changed"})
    path.write_text(f'{good}\n{{"text": 3}}\n\n[1]\n{changed}\n{good}\n{good[:50]}', "utf-8")
    with pytest.raises(InputInvalid, match=r"rows\.jsonl, line 2: .*text is no str"):
        list(read_records(path))
    bad: list[int] = []
    assert len(list(read_records(path, on_bad=lambda number, _: bad.append(number)))) == 2
    assert bad == [2, 4, 5, 7]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is an error of ours with a hint."""
    with pytest.raises(InputInvalid) as caught:
        list(read_records(tmp_path / "no.jsonl"))
    assert caught.value.hint("zh") == "请给出 JSON Lines 文件。"


@given(st.text(min_size=1))
def test_a_pointer_names_its_parameter(name: str) -> None:
    """Whatever a parameter is called, its pointer leads back to it."""
    assert name_of(pointer(name, 3)) == name
