"""The judge of written functions, judged: on the suites' own solutions, and on another model's.

    FUNCSMITH_DATA=… python benchmarks/references.py [--samples 8]

Every reference must pass and a function that returns None must not. With the samples of CodeT
(`selection_dev` in the data folder) each is also run as usual, with its tests in one process
(fenced too), and both must say the same. No model runs.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from funcsmith.evaluate import machine, report
from funcsmith.evaluate.problems import SUITES, Problem, read_suite
from funcsmith.evaluate.trial import Trial
from funcsmith.execute import Limits, Sandbox
from funcsmith.settings import settings

RESULT = Path(__file__).parent / "results" / "references.json"
SAMPLES = "selection_dev/HumanEval_codegen16B_temp0.8_topp0.95_num100_max300_code_solution.jsonl.gz"
USUAL = Limits(cpu_seconds=20, wall_seconds=300, memory_bytes=2**30, output_bytes=8_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--samples", type=int, default=8, help="for each problem of HumanEval")
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    started = machine.now()
    suites: dict[str, Any] = {}
    with Sandbox() as sandbox:
        trial = Trial(sandbox)
        for suite in SUITES:
            suites[suite] = of_suite(suite, trial)
            print(suite, json.dumps(suites[suite]), flush=True)
        samples = compared(trial, sandbox, options.samples)
    print("samples", json.dumps(samples))
    result = {
        "suites": suites,
        "samples": samples,
        "code": machine.code(),
        "date": {"started": started, "finished": machine.now()},
        "machine": machine.machine(),
    }
    report.write(result, options.out)
    print(f"written to {options.out}")


def of_suite(suite: str, trial: Trial) -> dict[str, Any]:
    """How many references pass, and which functions that return None do."""
    source = read_suite(suite)
    not_passed, nothing_passes = [], []
    for problem in source.problems:
        if not trial.judge(problem, problem.reference).passed:
            not_passed.append(problem.id)
        nothing = f"def {problem.entry_point}(*_, **__):\n    return None\n"
        if trial.judge(problem, nothing).passed is not False:
            nothing_passes.append(problem.id)
    return {
        "n": len(source.problems),
        "passed": len(source.problems) - len(not_passed),
        "not_passed": not_passed,
        "none_passes": nothing_passes,
        "files": source.files,
    }


def compared(trial: Trial, sandbox: Sandbox, each: int) -> dict[str, Any] | None:
    """On how many samples the judge and the usual program of function and tests agree."""
    folder = settings().data
    if folder is None or not (folder / SAMPLES).is_file():
        return None
    count = passed = 0
    apart: list[str] = []
    for problem, source in written(folder / SAMPLES, each):
        usual = sandbox.call(
            f"{source}\n\n{problem.tests}\n\ndef whole():\n    return 1\n",
            "whole",
            {},
            limits=USUAL,
        )
        count += 1
        passed += usual.status == "ok"
        if trial.judge(problem, source).passed != (usual.status == "ok"):
            apart.append(problem.id)
    return {"n": count, "passed": passed, "agree": count - len(apart), "apart": apart}


def written(path: Path, each: int) -> Iterator[tuple[Problem, str]]:
    """Problems of HumanEval with the first samples of each."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for problem in read_suite("humaneval").problems:
        for row in rows:
            if f"def {problem.entry_point}(" in row["prompt"]:
                for sample in row["samples"][:each]:
                    yield problem, row["prompt"] + sample
                break


if __name__ == "__main__":
    main()
