"""Public sets of calls are read, asked and judged as published; nothing of them is kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.errors import RequestInvalid
from funcsmith.evaluate import call_report, calls, run_suite, table
from funcsmith.evaluate.call_judge import Official, Own, Ruling
from funcsmith.evaluate.call_problems import (
    FIGURES,
    SUITES,
    CallProblem,
    read_suite,
    sample,
)
from funcsmith.evaluate.deletion import deletion, deletions
from funcsmith.models.scripted import Scripted

from .conftest import write_lines

SEND = {
    "name": "post.send",
    "description": "Send a parcel.",
    "parameters": {
        "type": "dict",
        "properties": {
            "city": {"type": "string", "description": "where to"},
            "weight": {"type": "float", "description": "in kg"},
            "note": {"type": "string", "description": "a note"},
        },
        "required": ["city", "weight"],
    },
}


def problem(text: str, *expected: Mapping[str, Any], **fields: Any) -> CallProblem:
    known = {"id": "p", "part": "simple_python", "language": "en", "functions": (SEND,)}
    return CallProblem(text=text, expected=expected, **{**known, **fields})


def send(**accepted: Any) -> dict[str, Any]:
    return {"post.send": {key: [value] for key, value in accepted.items()}}


@pytest.fixture
def sets(data: Path) -> Path:
    """A row or two for each part of each suite, made up."""
    for name in (part for figure in FIGURES["bfcl"].values() for part in figure.parts):
        idle = "relevance" in name
        rows = [
            {
                "id": f"{name}_{number}",
                "question": [
                    [
                        {"role": "system", "content": "The current date is 2024/02/21, today."},
                        {"role": "user", "content": f"Send {number + 1} kg to Lyon."},
                    ]
                ],
                "function": [SEND],
                "ground_truth": None if idle else [send(city="Lyon", weight=number + 1, note="")],
            }
            for number in range(3)
        ]
        write_lines(data / "bfcl_v4" / f"{name}.jsonl.gz", rows, packed=True)
    flat = {"city": {"type": "string", "required": True}, "note": {"type": "string"}}
    answers = [{"name": "send", "arguments": {"city": "Lyon"}}]
    row = {"query": "To Lyon", "tools": [{"name": "send", "parameters": flat}], "answers": answers}
    write_lines(data / "tool_eval" / "toolalpaca.jsonl.gz", [row, row], packed=True)
    talk = [
        {"role": "user", "content": "Send it."},
        {"role": "agent", "content": "Where to?"},
        {"role": "assistant", "content": "```[{}]```"},
        {"role": "tool", "content": "{'token': 'a1'}"},
        {"role": "user", "content": "To Lyon\nGenerate API Request:"},
    ]
    bank = {
        "query": talk,
        "tools": [{"name": "send", "parameters": {"city": {"type": "str"}}}],
        "answers": answers,
    }
    for part in ("apibank_l1", "apibank_l2"):
        write_lines(data / "tool_eval" / f"{part}.jsonl.gz", [bank], packed=True)
    glaive = {
        "tools": json.dumps([{"name": "send", "parameters": {}}]),
        "conversations": [
            {"from": "human", "value": "你好"},
            {"from": "gpt", "value": "寄到哪里？"},
            {"from": "human", "value": "大连"},
            {"from": "function_call", "value": '{"name": "send", "arguments": {"city": "大连"}}'},
            {"from": "observation", "value": "{}"},
            {"from": "human", "value": "再寄到青岛"},
            {"from": "function_call", "value": '{"name": "send", "arguments": {"city": "青岛"}}'},
        ],
    }
    write_lines(data / "train" / "glaive_toolcall_zh.jsonl.gz", [glaive], packed=True)
    return data


def test_bfcl_row_is_a_text_with_functions(sets: Path) -> None:
    """What the user says is the text; the day that the instructions state is now."""
    one = read_suite("bfcl").problems[0]

    assert (one.id, one.text, one.now) == ("simple_python_0", "Send 1 kg to Lyon.", "2024-02-21")
    assert one.functions == (SEND,)
    assert one.expected == (send(city="Lyon", weight=1, note=""),)
    assert read_suite("bfcl").problems[-1].expected == ()


def test_flat_parameters_become_a_schema(sets: Path) -> None:
    """Parameters without a schema get one; a row that is there twice counts twice."""
    first, second = read_suite("toolalpaca").problems

    assert first.functions[0]["parameters"] == {
        "type": "object",
        "properties": {"city": {"type": "string"}, "note": {"type": "string"}},
        "required": ["city"],
    }
    assert second.id == f"{first.id}-2"


def test_conversation_is_one_text(sets: Path) -> None:
    """What was said and what tools gave, without calls and commands; all parameters are required."""
    one = read_suite("apibank").problems[0]

    assert one.text == "Send it.\nWhere to?\n{'token': 'a1'}\nTo Lyon"
    assert one.functions[0]["parameters"]["required"] == ["city"]


def test_each_call_of_a_conversation_is_a_problem(sets: Path) -> None:
    """The text is what the user said since the call before."""
    problems = read_suite("glaive_zh").problems

    assert [(one.text, one.language) for one in problems] == [
        ("你好\n大连", "zh"),
        ("再寄到青岛", "zh"),
    ]
    assert problems[1].expected == ({"send": {"city": ["青岛"]}},)


def test_sample_is_drawn_for_each_figure(sets: Path) -> None:
    """A figure that is a mean of parts has as many of each; a larger sample has a smaller one's."""
    problems = read_suite("bfcl").problems
    small = {one.id for one in sample("bfcl", problems, 4, 0)}
    large = {one.id for one in sample("bfcl", problems, 8, 0)}

    parts = [name.rsplit("_", 1)[0] for name in small]
    assert {part: parts.count(part) for part in FIGURES["bfcl"]["non_live_ast"].parts} == {
        "simple_python": 1, "multiple": 1, "parallel": 1, "parallel_multiple": 1,
    }  # fmt: skip
    assert sum(part in FIGURES["bfcl"]["live_ast"].parts for part in parts) == 4
    assert small < large


@pytest.mark.parametrize(
    ("made", "ruling"),
    [
        ([{"post.send": {"city": "LYON.", "weight": 3.0}}], Ruling(True)),
        ([{"post.send": {"city": "Lyon", "weight": "3"}}], Ruling(True)),
        ([{"post.send": {"city": "Nice", "weight": 3}}], Ruling(False, "arguments")),
        ([{"post.send": {"city": "Lyon"}}], Ruling(False, "arguments")),
        ([{"post.send": {"city": "Lyon", "weight": 3, "note": "hi"}}], Ruling(False, "arguments")),
        ([{"send": {"city": "Lyon", "weight": 3}}], Ruling(False, "function")),
        ([], Ruling(False, "0 calls for 1")),
        ([{"post.send": {"city": "Lyon", "weight": -3}}], Ruling(False, "arguments")),
        ([{"post.send": {"city": "Lyon", "weight": 0.3}}], Ruling(False, "arguments")),
    ],
)
def test_own_judge(made: list[dict[str, Any]], ruling: Ruling) -> None:
    """The function and every argument, written as one likes, and nothing else."""
    assert Own().judge(problem("…", send(city="Lyon", weight=3)), made) == ruling


def test_order_of_calls_does_not_count() -> None:
    """Two calls are right in either order, and one of them twice is not."""
    wanted = problem("…", send(city="Lyon", weight=3), send(city="Nice", weight=4))
    lyon, nice = {"city": "Lyon", "weight": 3}, {"city": "Nice", "weight": 4}

    assert Own().judge(wanted, [{"post.send": nice}, {"post.send": lyon}]).right
    assert not Own().judge(wanted, [{"post.send": lyon}, {"post.send": lyon}]).right


def test_official_judge_of_irrelevance_needs_no_environment(tmp_path: Path) -> None:
    """Any call where none is wanted is wrong; relevance is the other way round."""
    judge = Official(tmp_path / "never")
    made = [{"post.send": {}}]

    assert judge.judge(problem("…", part="irrelevance"), []) == Ruling(True)
    assert judge.judge(problem("…", part="irrelevance"), made) == Ruling(False, "a call")
    assert judge.judge(problem("…", part="live_relevance"), made) == Ruling(True)
    assert judge.judge(problem("…", send(city="x")), []) == Ruling(False, "no call")
    assert not (tmp_path / "never").exists()


def test_official_checker_judges_in_its_own_environment(tmp_path: Path) -> None:
    """bfcl-eval is installed beside us and rules as published, names with dots and all."""
    wanted = problem("…", send(city="Lyon", weight=3.0))
    with closing(Official(tmp_path / "environment")) as judge:
        right = judge.judge(wanted, [{"post.send": {"city": "lyon", "weight": 3}}])
        wrong = judge.judge(wanted, [{"post.send": {"city": "Nice", "weight": 3}}])
        more = judge.judge(wanted, [{"post.send": {}}] * 2)

    assert right == Ruling(True)
    assert wrong == Ruling(False, "value_error:string")
    assert more == Ruling(False, "simple_function_checker:wrong_count")


def test_environment_that_cannot_be_made_is_our_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an interpreter the error says what was wanted and what to do."""
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with (
        closing(Official(tmp_path / "environment")) as judge,
        pytest.raises(RequestInvalid, match="bfcl-eval") as caught,
    ):
        judge.judge(problem("…", send(city="Lyon")), [{"post.send": {}}])
    assert "package index" in caught.value.hint()


def test_one_value_is_taken_out() -> None:
    """The value, with the word that leads to it; the rest of the text stays."""
    one = problem("Send 3 kg to Lyon with the note hello.", send(city="Lyon", weight=3))

    assert {made.parameter: made.text for made in deletions(one)} == {
        "city": "Send 3 kg with the note hello.",
        "weight": "Send to Lyon with the note hello.",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Send 3 kg to Lyon, yes, Lyon.", {"city": "Lyon"}),
        ("Send the heavy parcel to the usual place.", {"city": "Lyon"}),
        ("Send 3 kg to Lyon today.", {"city": "Lyon", "weight": "3 kg to Lyon"}),
        ("To Lyon", {"city": "Lyon"}),
        ("Send 3 kg with the note Lyon please.", {"note": "Lyon"}),
    ],
)
def test_what_cannot_be_taken_out_cleanly_stays(text: str, expected: dict[str, Any]) -> None:
    """Stated twice or not at all, part of something else, all there is, or not required."""
    found = [made.parameter for made in deletions(problem(text, send(**expected)))]
    assert [name for name in found if name in ("city", "note")] == []


@given(st.sampled_from(["Lyon", "New York", "大连", "São Paulo"]), st.integers(2, 900))
def test_deleted_value_is_gone(city: str, weight: int) -> None:
    """Whatever the values: the text without one does not state it."""
    one = problem(f"Please send {weight} kg to {city}, quickly.", send(city=city, weight=weight))

    assert {made.parameter for made in deletions(one)} == {"city", "weight"}
    for made in deletions(one):
        gone = city if made.parameter == "city" else str(weight)
        assert gone not in made.text
    assert deletion(one, 0) == deletion(one, 0)


def _run(suite: str, engine: Scripted, **options: Any) -> dict[str, Any]:
    return calls.run(suite, engine=engine, judges=Own(), on_row=lambda row: None, **options)


ANSWER = {"kg": '# post.send(city, weight)\n# x\npost.send(city="Lyon", weight="2 kg", note=None)'}


def test_suite_is_run_judged_and_written(sets: Path, tmp_path: Path) -> None:
    """The share of each part, what was asked and left alone; the file holds no text of the suite."""
    result = _run("bfcl", Scripted(ANSWER), parts=["multiple", "irrelevance"])

    figures = result["totals"]
    assert (figures["non_live_ast"]["n"], figures["non_live_ast"]["right"]) == (3, 3)
    assert figures["non_live_ast"]["asked"] == 0
    assert figures["irrelevance"]["n"] == 3
    said = Path(result["out"]).read_text("utf-8")
    assert "Lyon" not in said
    assert Path(result["out"]).name == "bfcl-qwen2.5-coder-0.5b-multiple-irrelevance.json"
    assert "non_live_ast" in table(result)
    assert "100.0" in table(result)


def test_part_that_is_none_is_named(sets: Path) -> None:
    """A part that the suite does not have is refused with those it has."""
    with pytest.raises(RequestInvalid, match="no part 'java'") as caught:
        run_suite("bfcl", groups=["java"])
    assert "simple_python" in caught.value.hint()


def test_stopped_run_goes_on(sets: Path) -> None:
    """Rows that were finished are not asked again."""
    engine = Scripted(ANSWER)

    def stop(row: Mapping[str, Any]) -> None:
        if row["id"] == "multiple_1":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calls.run("bfcl", engine=engine, judges=Own(), on_row=stop, parts=["multiple"])
    before = len(engine.prompts)
    again = Scripted(ANSWER)
    result = _run("bfcl", again, parts=["multiple"])

    assert before == 2
    assert len(again.prompts) == 1
    assert result["totals"]["non_live_ast"]["n"] == 3


def test_missing_asks_twice(sets: Path) -> None:
    """Each text as it is and without one value: what is asked, what is made up."""
    result = _run("bfcl", Scripted(ANSWER), parts=["multiple"], missing=True)

    figures = result["totals"]["all"]
    assert {name: (one["right"], one["n"]) for name, one in figures.items()} == {
        "named": (3, 3), "exact": (3, 3), "asked": (3, 3), "invented": (0, 3),
        "asks_all_the_same": (0, 3), "whole": (3, 3),
    }  # fmt: skip
    assert "asks for it by name" in table(result)


def _record(**fields: Any) -> dict[str, Any]:
    known = {
        "id": "x", "path": "funcsmith", "part": "simple_python", "kind": "parameters", "seconds": 1.0,
        "right": True, "failed": False, "tokens": {"generated": 10}, "calls": [{"f": {"a": "Lyon"}}],
    }  # fmt: skip
    return {**known, **fields}


def test_figure_of_equal_parts_is_their_mean() -> None:
    """A part of two problems counts as much as one of four."""
    records: Sequence[dict[str, Any]] = [
        *(_record(part="simple_python", right=True) for _ in range(2)),
        *(_record(part="multiple", right=right) for right in (True, False, False, False)),
    ]

    figures = call_report.totals("bfcl", records, missing=False)

    assert figures["non_live_ast"]["share"] == 0.625
    assert figures["non_live_ast: multiple"]["share"] == 0.25
    assert "calls" not in call_report.short(records[0])


def test_every_suite_has_its_figures(sets: Path) -> None:
    """Every problem of every suite belongs to a figure."""
    for suite in SUITES:
        parts = {part for figure in FIGURES[suite].values() for part in figure.parts}
        assert {one.part for one in read_suite(suite).problems} == parts
