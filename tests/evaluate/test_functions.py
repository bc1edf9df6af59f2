"""The suites of functions, through the pipeline and through the model alone, on a scripted engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funcsmith.contract import Request
from funcsmith.errors import EngineFailed, RequestInvalid
from funcsmith.evaluate import function_report, functions, machine, raw, run_suite, table
from funcsmith.evaluate.trial import Ruling, Trial
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline

from .conftest import JOIN, TRIPLE

BODIES = {
    "def triple": "    return 3 * n\n",
    "def joined": "    return SEPARATOR + SEPARATOR.join(words)\n",
}
WHOLE = {
    "def triple": "def triple(n):\n    return n\n```",
    "def joined": 'SEPARATOR = "-"\ndef joined(words):\n    return SEPARATOR.join(words)\n```\nSo.',
}


def _run(suite: str, engine: Scripted, **more: Any) -> dict[str, Any]:
    more.setdefault("on_row", lambda _: None)
    return functions.run(suite, engine=engine, **more)


@pytest.mark.parametrize("suite", ["humaneval", "humaneval_plus"])
def test_functions_are_written_and_judged(data: Path, tmp_path: Path, suite: str) -> None:
    """A right function passes, a wrong one does not; the file holds figures and no benchmark."""
    result = _run(suite, Scripted(BODIES))
    out = tmp_path / "checkout" / "benchmarks" / "results" / f"{suite}-qwen2.5-coder-0.5b.json"
    figures = result["totals"]["all"]

    assert result["out"] == str(out)
    assert {**json.loads(out.read_text("utf-8")), "out": str(out)} == result
    assert figures["pass_at_1"] == {
        "n": 2,
        "right": 1,
        "share": 0.5,
        "interval": [0.094531, 0.905469],
    }
    assert (figures["failing"], figures["not_judged"]) == (["Made/1"], [])
    assert [(row["id"], row["right"], row["verdict"]) for row in result["rows"]] == [
        ("Made/0", True, "tested"),
        ("Made/1", False, "agreed"),
    ]
    assert result["rows"][1]["why"] == "wrong value"
    assert not {"source", "text"} & set(result["rows"][0])
    assert "Three times" not in out.read_text("utf-8")
    assert (result["model"], len(result["sha256"])) == ("qwen2.5-coder-0.5b", 64)
    assert set(result["code"]) == {"commit", "dirty", "sha256"}
    assert {"cpu", "cores", "kernel", "python", "packages"} <= set(result["machine"])
    assert set(result["date"]) == {"started", "finished"}
    assert result["settings"]["cpu_seconds"] == {"call": 10.0, "tests": 20.0, "inputs": 60.0}
    assert result["data"]["suite"] == suite


def test_request_is_the_shipped_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mode function, the prompt's code as text and header; MBPP has only its text."""
    asked: list[Request] = []
    run = Pipeline.run

    def seen(self: Pipeline, request: Request, **more: Any) -> Any:
        asked.append(request)
        return run(self, request, **more)

    monkeypatch.setattr(Pipeline, "run", seen)
    _run("humaneval", Scripted(BODIES), seed=3)
    _run("mbpp_sanitized", Scripted({"Write": "def add_it(x):\n    return x + 11\n"}), limit=1)

    assert [(one.mode, one.text, one.header, one.seed) for one in asked[:2]] == [
        ("function", TRIPLE, TRIPLE, 3),
        ("function", JOIN, JOIN, 3),
    ]
    assert (asked[2].mode, asked[2].header, asked[2].seed) == ("function", None, 0)
    assert asked[2].text.endswith("\nassert add_it(1) == 12")


def test_raw_is_one_greedy_answer_of_the_makers_prompt(data: Path) -> None:
    """One completion a problem, its code judged the same way; no verdict and no probability."""
    engine = Scripted(WHOLE)
    result = _run("humaneval", engine, alone=True)
    figures = result["totals"]["all"]

    assert [prompt.messages[0].content for prompt in engine.prompts] == [
        raw.raw_prompt(TRIPLE).messages[0].content,
        raw.raw_prompt(JOIN).messages[0].content,
    ]
    assert [row["right"] for row in result["rows"]] == [False, True]
    assert figures["model_calls"] == {"mean": 1, "median": 1}
    assert figures["calibration"]["n"] == 0
    assert list(figures["verdicts"]) == ["(function)"]
    assert result["path"] == "raw"
    assert result["settings"]["raw"]["temperature"] == 0.0
    assert result["out"].endswith("humaneval-qwen2.5-coder-0.5b-raw.json")


def test_both_paths_are_set_beside_each_other(data: Path) -> None:
    """Whoever comes second compares: points, pairs and tokens to tokens."""
    alone = _run("humaneval", Scripted(WHOLE), alone=True)
    shipped = _run("humaneval", Scripted(BODIES))
    one = shipped["beside"]

    assert alone["beside"] is None
    assert (one["path"], one["n"], one["points"], one["same_code"]) == ("raw", 2, 0.0, True)
    assert one["paired"] == {"both": 0, "only_first": 1, "only_second": 1, "neither": 0}
    means = [r["totals"]["all"]["generated_tokens"]["mean"] for r in (shipped, alone)]
    assert one["mean_generated_tokens"] == means
    assert one["tokens_ratio"] == round(means[0] / means[1], 4)
    assert "beside" in table(shipped)


def test_other_data_is_not_set_beside(data: Path) -> None:
    """Two paths on different files or samples are no comparison."""
    _run("humaneval", Scripted(WHOLE), alone=True)
    path = data / "humaneval" / "HumanEval.jsonl.gz"
    (data / "humaneval" / "HumanEval.jsonl").write_bytes(path.read_bytes())
    path.unlink()

    assert _run("humaneval", Scripted(BODIES))["beside"] is None


def test_stopped_run_goes_on(data: Path, tmp_path: Path) -> None:
    """What was judged before a kill is not asked again; a torn last line is."""
    out = tmp_path / "one.json"

    def stop(_: Any) -> None:
        raise KeyboardInterrupt

    first, second, third = (Scripted(WHOLE) for _ in range(3))
    for engine in (first, second):
        with pytest.raises(KeyboardInterrupt):
            _run("humaneval_xl", engine, alone=True, out=out, on_row=stop)
    rows = Path(f"{out}.rows.jsonl")
    rows.write_bytes(rows.read_bytes()[:-10])
    result = _run("humaneval_xl", third, alone=True, out=out)

    assert [len(engine.prompts) for engine in (first, second, third)] == [1, 1, 3]
    assert [row["id"] for row in result["rows"]] == [
        "python/0-zh",
        "python/1-zh",
        "python/0-en",
        "python/1-en",
    ]
    assert list(result["totals"]) == ["all", "zh", "en"]
    assert result["totals"]["zh"]["pass_at_1"]["right"] == 1


def test_several_problems_at_once_give_the_same(data: Path) -> None:
    """Four under way together: the rows stand in the suite's order, judged as one by one."""
    alone = _run("humaneval_xl", Scripted(WHOLE), alone=True)
    together = _run("humaneval_xl", Scripted(WHOLE), alone=True, at_once=4)

    for row in (*alone["rows"], *together["rows"]):
        del row["seconds"]
    assert together["rows"] == alone["rows"]
    assert together["settings"]["at_once"] == 4


def test_first_failure_of_many_ends_the_run(data: Path) -> None:
    """A defect of ours in one problem is not lost among the others."""

    def fail(_: Any) -> None:
        raise ZeroDivisionError("ours")

    with pytest.raises(ZeroDivisionError, match="ours"):
        _run("humaneval_xl", Scripted(WHOLE), alone=True, at_once=2, on_row=fail)


def test_same_problems_are_written_once(data: Path) -> None:
    """HumanEval+ judges what was written for HumanEval, on the same path only."""
    engines = [Scripted({**BODIES, **WHOLE}) for _ in range(3)]
    first = _run("humaneval", engines[0], alone=True)
    second = _run("humaneval_plus", engines[1], alone=True)
    _run("humaneval_plus", engines[2])

    assert [len(engine.prompts) for engine in engines[:2]] == [2, 0]
    assert engines[2].prompts
    assert second["data"] != first["data"]
    assert second["totals"]["all"]["generated_tokens"] == first["totals"]["all"]["generated_tokens"]
    assert [row["right"] for row in second["rows"]] == [False, True]


@pytest.mark.parametrize("change", ["path", "seed", "data", "code"])
def test_other_facts_begin_anew(
    data: Path, tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of another path, seed, file or commit are set aside, not mixed in."""
    out = tmp_path / "one.json"

    def stop(_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _run("humaneval", Scripted(WHOLE), alone=True, out=out, on_row=stop)
    engine, more = Scripted({**WHOLE, **BODIES} if change != "path" else BODIES), {}
    if change == "seed":
        more = {"seed": 1}
    elif change == "data":
        path = data / "humaneval" / "HumanEval.jsonl.gz"
        (data / "humaneval" / "HumanEval.jsonl").write_bytes(path.read_bytes())
        path.unlink()
    elif change == "code":
        monkeypatch.setattr(machine, "code", lambda: {"commit": "c1", "sha256": "1"})
    _run("humaneval", engine, alone=change != "path", out=out, **more)

    assert (tmp_path / "one.json.rows.jsonl.old1").exists()


def test_sample_and_seed_have_files_of_their_own(data: Path) -> None:
    """A part of a suite never takes the whole one's place."""
    result = _run("humaneval_xl", Scripted(WHOLE), alone=True, limit=1, seed=2)

    assert len(result["rows"]) == 2
    assert result["out"].endswith("humaneval_xl-qwen2.5-coder-0.5b-raw-limit1-seed2.json")


def test_one_language_of_a_suite(data: Path) -> None:
    """Languages are chosen by name; one that a suite lacks is refused."""
    result = _run("humaneval_xl", Scripted(WHOLE), alone=True, languages=["zh"])

    assert [row["language"] for row in result["rows"]] == ["zh", "zh"]
    with pytest.raises(RequestInvalid, match="nothing in 'zh'"):
        _run("humaneval", Scripted(WHOLE), languages=["zh"])


def test_failure_of_ours_is_a_problem_not_solved(data: Path) -> None:
    """An engine that fails costs the problem and says so; the run goes on."""
    engine = Scripted(WHOLE).enqueue(EngineFailed("It died."))
    result = _run("humaneval", engine, alone=True)

    assert result["totals"]["all"]["failed"] == 1
    assert [row["right"] for row in result["rows"]] == [False, True]
    assert result["rows"][0]["error"] == "engine_failed: It died."


def test_what_was_not_judged_counts_on_no_side(data: Path) -> None:
    """pass@1, verdicts and calibration are of what was judged; the others are named."""

    class Half(Trial):
        def judge(self, problem: Any, source: str | None, name: str | None = None) -> Any:
            ruling = super().judge(problem, source, name)
            return Ruling(None, "not judged: no") if problem.id == "Made/1" else ruling

    result = _run("humaneval", Scripted(BODIES), trial=Half())
    figures = result["totals"]["all"]

    assert (figures["pass_at_1"]["n"], figures["pass_at_1"]["right"]) == (1, 1)
    assert (figures["not_judged"], figures["failing"]) == (["Made/1"], [])
    assert figures["calibration"]["n"] == 1
    assert "not judged: no" in table(result)


def _record(right: bool, verdict: str | None, probability: float | None, tokens: int) -> Any:
    return {
        "id": f"{verdict} {tokens}",
        "language": "en",
        "right": right,
        "kind": "function" if verdict else "none",
        "verdict": verdict,
        "probability": probability,
        "seconds": tokens / 10,
        "tokens": {"prompt": 5, "generated": tokens},
        "model_calls": 1,
    }


def test_verdicts_have_coverage_and_precision() -> None:
    """Coverage is a verdict's share of all problems, precision how often it is right."""
    records = [
        _record(True, "tested", 0.95, 10),
        _record(True, "tested", 0.95, 20),
        _record(False, "runs", 0.45, 30),
        _record(False, None, None, 100),
    ]
    figures = function_report.totals(records)["all"]

    assert {
        name: (one["coverage"], one["right"], one["share"])
        for name, one in figures["verdicts"].items()
    } == {"tested": (0.5, 2, 1.0), "runs": (0.25, 0, 0.0), "(none)": (0.25, 0, 0.0)}
    assert figures["calibration"]["error"] == 0.183333
    assert figures["generated_tokens"] == {"mean": 40.0, "median": 25.0}
    assert figures["seconds"] == {"mean": 4.0, "median": 2.5}


def test_table_is_readable(data: Path) -> None:
    """pass@1, verdicts, calibration and what failed stand under each other."""
    lines = table(_run("humaneval", Scripted(BODIES))).split("\n")

    assert lines[0] == "humaneval: qwen2.5-coder-0.5b (" + lines[0][31:43] + "), c0"
    assert any(line.startswith("funcsmith  all   2      1      50.0") for line in lines)
    assert any(line.startswith("tested") for line in lines)
    assert any(line.startswith("calibration over 2: expected error") for line in lines)
    assert any(line.startswith("Made/1      agreed") for line in lines)


@pytest.mark.parametrize(
    ("suite", "option", "said"),
    [
        ("texts", {"raw": True}, "--raw is for suites of functions to write; texts is none"),
        ("bfcl", {"raw": True}, "--raw is for suites of functions to write; bfcl is none"),
        ("texts", {"at_once": 2}, "--at-once is for suites of functions to write"),
        ("humaneval", {"missing": True}, "--missing is for suites of calls"),
    ],
)
def test_option_of_other_suites_is_refused(suite: str, option: dict[str, Any], said: str) -> None:
    """An option that means nothing for a suite is no silent no-op."""
    with pytest.raises(RequestInvalid, match=said):
        run_suite(suite, **option)
