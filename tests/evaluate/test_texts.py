"""The suite of texts, with a pipeline that answers what it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funcsmith.contract import Outcome
from funcsmith.errors import EngineFailed, RequestInvalid
from funcsmith.evaluate import report, run_suite, texts

from .conftest import ANSWERS, ROWS, Fake

ALL = ["f-1", "f-2", "f-3", "p-1", "m-1", "m-2", "n-1"]
SCHEMAS = {"order": {"properties": {"hot": {"default": True}}}}


def _run(folder: Path, fake: Fake, **more: Any) -> dict[str, Any]:
    return texts.run(texts=folder, pipeline=fake.open, on_row=lambda _: None, **more)


def _judged(group: str, number: int, answer: dict[str, Any]) -> dict[str, Any]:
    row = {"group": group, **ROWS[group][number]}
    return texts.judged(row, Outcome.model_validate(answer), SCHEMAS)


def test_every_row_runs_once_and_the_file_says_what_came(folder: Path) -> None:
    """One warm pipeline answers all rows; the file beside the texts holds figures and rows."""
    fake = Fake()
    result = _run(folder, fake)
    out = folder.parent / "results" / "texts-qwen2.5-coder-0.5b.json"

    assert fake.asked == ALL
    assert fake.warmed
    assert fake.closed
    assert fake.names == ["order"]
    assert result["out"] == str(out)
    written = json.loads(out.read_text("utf-8"))
    assert {**written, "out": str(out)} == result
    assert [row["id"] for row in written["rows"] if not row["right"]] == ["f-2"]
    assert written["model"] == "qwen2.5-coder-0.5b"
    assert len(written["sha256"]) == 64
    assert set(written["code"]) == {"commit", "dirty", "sha256"}
    assert {"cpu", "cores", "kernel", "python", "packages"} <= set(written["machine"])


def test_figures_of_each_group(folder: Path) -> None:
    """Counts, intervals, verdicts and means come from the rows."""
    totals = _run(folder, Fake())["totals"]
    function = totals["function"]

    assert list(function) == ["all", "zh", "en", "easy", "hard", "easy zh", "hard en", "easy en"]
    assert (function["all"]["right"], function["all"]["n"]) == (2, 3)
    assert function["all"]["share"] == 0.666667
    assert function["all"]["generated_tokens"] == 20
    assert [function["zh"]["model_calls"], function["hard"]["model_calls"]] == [1, 3]
    assert {v: (o["n"], o["right"]) for v, o in function["all"]["verdicts"].items()} == {
        "agreed": (2, 2),
        "runs": (1, 0),
    }
    assert totals["parameters"]["all"]["result_right"]["right"] == 1
    assert totals["missing"]["all"]["values"]["right"] == 2
    assert totals["missing"]["all"]["invented"]["right"] == 0
    assert totals["none"]["all"]["interval"] == [0.206549, 1.0]


def test_home_is_temporary_and_models_are_the_users(folder: Path, tmp_path: Path) -> None:
    """The library of the suite lies elsewhere than the user's, and is gone afterwards."""
    fake = Fake()
    _run(folder, fake)

    assert fake.settings is not None
    assert fake.settings.models == tmp_path / "home" / "models"
    assert fake.settings.home != tmp_path / "home"
    assert not fake.settings.home.exists()
    assert fake.settings.database_url is None


def test_stopped_run_goes_on(folder: Path) -> None:
    """What was done before Ctrl-C is not done again, and a torn last line is dropped."""
    first, second = Fake(stop_after=3), Fake()
    with pytest.raises(KeyboardInterrupt):
        _run(folder, first)
    rows = folder.parent / "results" / "texts-qwen2.5-coder-0.5b.json.rows.jsonl"
    rows.write_bytes(rows.read_bytes()[:-10])
    result = _run(folder, second)

    assert first.closed
    assert second.asked == ALL[2:]
    assert [row["id"] for row in result["rows"]] == ALL


@pytest.mark.parametrize("change", ["seed", "settings", "model", "texts"])
def test_other_facts_begin_anew(
    folder: Path, change: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Rows of another model, seed, setting or text are set aside, not mixed in."""
    out = tmp_path / "one.json"
    with pytest.raises(KeyboardInterrupt):
        _run(folder, Fake(stop_after=2), out=out)
    fake = Fake()
    more: dict[str, Any] = {}
    if change == "seed":
        more = {"seed": 1}
    elif change == "settings":
        monkeypatch.setenv("FUNCSMITH_THREADS", "1")
    elif change == "model":
        more = {"model": "1.5b"}
    else:
        with (folder / "none.jsonl").open("a", encoding="utf-8") as file:
            file.write("\n")
    _run(folder, fake, out=out, **more)

    assert fake.asked == ALL
    assert (tmp_path / "one.json.rows.jsonl.old1").exists()


def test_finished_run_is_measured_again(folder: Path) -> None:
    """Asking once more after the end means measuring once more."""
    fake = Fake()
    _run(folder, Fake())
    _run(folder, fake)

    assert fake.asked == ALL


def test_limit_keeps_the_shares() -> None:
    """A sample has each group, language and level in proportion, and the seed decides which."""
    rows = [
        {"id": f"{group}-{language}-{number}", "group": group, "language": language}
        for group, count in (("function", 60), ("none", 20))
        for language in ("zh", "en")
        for number in range(count)
    ]
    chosen = texts.sample(rows, 16, 0)
    ids = [row["id"] for row in chosen]

    assert [sum(one.startswith(start) for one in ids) for start in ("function-zh", "none-en")] == [
        6,
        2,
    ]
    assert ids == [row["id"] for row in texts.sample(rows, 16, 0)]
    assert ids != [row["id"] for row in texts.sample(rows, 16, 1)]
    assert ids == [row["id"] for row in rows if row["id"] in ids]
    assert len(texts.sample(rows, 3, 0)) == 3
    assert texts.sample(rows, 1000, 0) == rows


def test_part_has_a_file_of_its_own(folder: Path) -> None:
    """A sample or some groups never take the place of the whole suite's figures."""
    fake = Fake()
    result = _run(folder, fake, limit=1, groups=["none"])

    assert fake.asked == ["n-1"]
    assert Path(result["out"]).name == "texts-qwen2.5-coder-0.5b-none-limit1.json"


def test_failure_of_ours_is_a_wrong_row(folder: Path) -> None:
    """The engine's death costs one row and is told; the others go on."""

    class Broken(Fake):
        def run(self, request: Any) -> Outcome:
            if request.id == "m-1":
                raise EngineFailed("The engine ended.")
            return super().run(request)

    result = _run(folder, Broken())
    missing = result["totals"]["missing"]["all"]
    row = next(row for row in result["rows"] if row["id"] == "m-1")

    assert (missing["failed"], missing["right"], missing["values"]["n"]) == (1, 1, 2)
    assert row["error"] == "engine_failed: The engine ended."


def test_parameters_need_the_right_call() -> None:
    """Another function, another argument, two calls or another kind are wrong; the result is told."""
    good = ANSWERS["p-1"]
    call = good["calls"][0]
    other = {**call, "arguments": {"drink": "milk", "count": 2}}

    assert _judged("parameters", 0, good)["right"]
    assert not _judged("parameters", 0, {**good, "calls": [other]})["right"]
    assert _judged("parameters", 0, {**good, "calls": [other]})["result_right"]
    assert not _judged("parameters", 0, {**good, "calls": [call, call]})["right"]
    assert not _judged("parameters", 0, {**good, "kind": "function"})["right"]
    assert not _judged("parameters", 0, {"kind": "ask", "missing": ["drink"]})["name_right"]


@pytest.mark.parametrize(
    ("answer", "asked", "named", "invented"),
    [
        (ANSWERS["m-1"], True, True, False),
        ({"kind": "ask", "missing": ["count"]}, True, False, False),
        ({"kind": "none"}, False, False, False),
        (
            {"kind": "parameters", "calls": [{"function": "order", "arguments": {"drink": "tea"}}]},
            False,
            False,
            True,
        ),
        (
            {"kind": "parameters", "calls": [{"function": "order", "arguments": {"count": 2}}]},
            False,
            False,
            False,
        ),
        ({"kind": "function", "calls": [{"function": "buy"}]}, False, False, True),
    ],
)
def test_missing_value_is_asked_for_or_invented(
    answer: dict[str, Any], asked: bool, named: bool, invented: bool
) -> None:
    """Asking names exactly what is missing; any call that needs it, or another one, invents it."""
    judged = _judged("missing", 0, answer)

    assert [judged["asked"], judged["named"], judged["invented"]] == [asked, named, invented]
    assert judged["right"] is (asked and named and not invented)


def test_checks_run_the_written_function() -> None:
    """A function that was only described is right if it gives every check's value."""
    good = ANSWERS["f-3"]
    source = "def double(x: float) -> float:\n    return x * x\n"
    bad = {**good, "function": {**good["function"], "source": source}}

    assert _judged("function", 2, good) == {"right": True, "got": [4, 0]}
    row = {**ROWS["function"][2], "checks": [{"args": [3], "expected": 6}]}
    assert not texts.judged({"group": "function", **row}, Outcome.model_validate(bad), {})["right"]
    assert not _judged("function", 2, {"kind": "none"})["right"]


def test_value_of_a_failed_call_is_not_right() -> None:
    """Only a result with status ok counts."""
    failed = {**ANSWERS["f-1"], "result": {"status": "timeout", "value": 7}}

    assert not _judged("function", 0, failed)["right"]


def test_none_means_nothing_at_all() -> None:
    """A question asked back is not leaving a text alone."""
    assert _judged("none", 0, {"kind": "none"})["right"]
    assert not _judged("none", 0, {"kind": "ask", "question": "?"})["right"]


def test_unknown_suite_group_or_folder_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be found is said in one sentence, with what to do."""
    with pytest.raises(RequestInvalid, match="There is no suite 'glue'"):
        run_suite("glue")
    with pytest.raises(RequestInvalid, match="There is no group 'easy'"):
        texts.read_rows(folder, ["easy"])
    monkeypatch.setenv("FUNCSMITH_TEXTS", str(folder / "library"))
    with pytest.raises(RequestInvalid, match=r"are not in .*library") as caught:
        texts.find_folder()
    assert "FUNCSMITH_TEXTS" in caught.value.hint()


def test_progress_goes_to_standard_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each row, nothing on standard output."""
    texts.run(texts=folder, pipeline=Fake().open)
    out, err = capsys.readouterr()

    assert out == ""
    assert err.splitlines()[1].startswith("2/7 f-2 funcsmith WRONG function 0.0 s (1 right)")


def test_table_of_a_run(folder: Path) -> None:
    """The table names each group and part, and the rows that are wrong."""
    table = report.table(_run(folder, Fake()))

    assert "function    all      3      2   66.7   20.8–93.9" in table
    assert "agreed   2      2  100.0  34.2–100.0" in table
    assert "missing     values asked for  2      2  100.0  34.2–100.0" in table
    assert "f-2    function  runs     0.0  1" in table
