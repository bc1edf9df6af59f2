"""An adapter beside its base on public sets of calls that it never saw, in the direct way.

    python benchmarks/finetune.py ADAPTER
    python benchmarks/finetune.py ADAPTER --model small --limit 150 --suites toolalpaca bfcl apibank

Both answer the same texts in turns from one engine: one greedy answer under the same grammar, no
readers, no joint filling, no second question (`src/funcsmith/training/direct.py`). Of each suite's
problems that ask for one call or for none, `--limit` are drawn by the seed; each that has a required
value which can be taken out cleanly is asked a second time without it. Calls are judged as `funcsmith
evaluate` judges them: BFCL by its own checker, the others by ours. What must be asked for counts as
asked where the answer is a question, and as named where it asks for that value.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from funcsmith.contract import Tool
from funcsmith.errors import EngineFailed
from funcsmith.evaluate import machine, measurement
from funcsmith.evaluate.call_judge import Judges, Official, Own
from funcsmith.evaluate.call_problems import CallProblem, read_suite
from funcsmith.evaluate.deletion import Deletion, deletion
from funcsmith.evaluate.files import drawn
from funcsmith.evaluate.intervals import sign_test, wilson
from funcsmith.evaluate.rows import Row
from funcsmith.models import adapters, catalogue
from funcsmith.models.llamacpp import LlamaCpp
from funcsmith.settings import settings
from funcsmith.training.direct import answer_directly
from funcsmith.training.scoring import Prediction

SUITES = ("toolalpaca", "bfcl", "apibank")
RAW, ADAPTED = "raw", "adapter"
BASE = ""
WITHOUT = "-without"
"""What the number of a row that lacks a value ends with."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("adapter", help="an installed adapter: funcsmith models")
    parser.add_argument("--model", default="small", help="its base")
    parser.add_argument("--limit", type=int, default=150, help="problems of each suite")
    parser.add_argument("--suites", nargs="+", choices=SUITES, default=list(SUITES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="default: benchmarks/results/finetune-….json")
    options = parser.parse_args()
    with measurement.as_command():
        result = measure(
            options.adapter,
            model=options.model,
            suites=options.suites,
            limit=options.limit,
            seed=options.seed,
            out=options.out,
        )
    print(readable(result))


def measure(
    adapter: str, *, model: str, suites: Sequence[str], limit: int, seed: int, out: Path | None
) -> dict[str, Any]:
    """Answer every text by both; the same call goes on where it was stopped."""
    base, path = catalogue.ensure(model)
    beside = adapters.beside(adapter, base, path)
    problems: dict[str, tuple[str, CallProblem, Deletion | None]] = {}
    files: dict[str, str] = {}
    for suite in suites:
        source = read_suite(suite)
        files |= source.files
        for problem in chosen(source.problems, limit, seed):
            problems[problem.id] = (suite, problem, None)
            taken = deletion(problem, seed)
            if taken is not None:
                problems[problem.id + WITHOUT] = (suite, problem, taken)
    facts = {
        "model": base.name,
        "sha256": base.sha256,
        "adapter": adapter,
        "adapter_sha256": beside.sha256(adapter),
        "settings": {**machine.settings_facts(settings()), "seed": seed},
        "code": machine.code(),
        "data": {"suites": list(suites), "files": files},
    }
    out = out or machine.result_file("finetune", base.name, adapter, limit=limit, seed=seed)

    @contextmanager
    def ways() -> Iterator[dict[str, measurement.Way]]:
        engine = LlamaCpp(
            path,
            model=base.name,
            sha256=base.sha256,
            threads=settings().threads,
            adapters=beside,
        )
        judges: dict[str, Judges] = {
            suite: Official() if suite == "bfcl" else Own() for suite in suites
        }
        asking = Asking(engine, problems, judges)
        try:
            yield {RAW: asking.way(RAW, BASE), ADAPTED: asking.way(ADAPTED, adapter)}
        finally:
            engine.close()
            for one in judges.values():
                one.close()

    rows = [
        {"id": number, "suite": suite, "language": problem.language}
        for number, (suite, problem, _) in problems.items()
    ]
    return measurement.measure(
        "finetune",
        facts,
        rows,
        paths=(RAW, ADAPTED),
        ways=ways,
        tell=lambda found: (
            lambda row: print(
                f"{len(found.found)}/{2 * len(rows)} {row['id']} {row['path']} "
                f"{'right' if row['right'] else row['why']} {row['seconds']:.1f} s",
                file=sys.stderr,
            )
        ),
        totals=lambda by_path: {"totals": totals(by_path, suites)},
        about={"limit": limit},
        out=out,
    )


def chosen(problems: Sequence[CallProblem], limit: int, seed: int) -> list[CallProblem]:
    """So many of the problems that ask for one call or for none, drawn by the seed."""
    single = [one for one in problems if len(one.expected) <= 1 and one.functions]
    wanted = drawn((one.id for one in single), limit, seed)
    return [one for one in single if one.id in wanted]


class Asking:
    """Asks one engine and judges what it says."""

    def __init__(
        self,
        engine: LlamaCpp,
        problems: Mapping[str, tuple[str, CallProblem, Deletion | None]],
        judges: Mapping[str, Judges],
    ) -> None:
        self._engine = engine
        self._problems = problems
        self._judges = judges

    def way(self, path: str, adapter: str) -> measurement.Way:
        def measured(row: Row) -> Row:
            suite, problem, taken = self._problems[row["id"]]
            started = time.perf_counter()
            failed = None
            tools = [Tool.model_validate(one) for one in problem.functions]
            text = taken.text if taken else problem.text
            try:
                said = answer_directly(self._engine, text, tools, now=problem.now, adapter=adapter)
            except EngineFailed as failure:
                said, failed = Prediction("none"), failure.message()
            seconds = round(time.perf_counter() - started, 3)
            judged = asked(problem, taken, said) if taken else self._called(suite, problem, said)
            return {
                **row,
                "path": path,
                **judged,
                "kind": said.kind,
                "got": asdict(said),
                "error": failed,
                "failed": failed is not None,
                "seconds": seconds,
            }

        return measured

    def _called(self, suite: str, problem: CallProblem, said: Prediction) -> Row:
        called = [{said.function: dict(said.arguments)}] if said.kind == "parameters" else []
        ruling = self._judges[suite].judge(problem, called)
        # A question calls nothing, and where nothing is to be called it is none the less wrong.
        troubled = not problem.expected and said.kind == "ask"
        return {
            "right": ruling.right and not troubled,
            "why": "asked where nothing is to be called" if troubled else ruling.why,
            "asked": said.kind == "ask",
        }


def asked(problem: CallProblem, taken: Deletion, said: Prediction) -> Row:
    """What became of a value that is not there."""
    wanted = next(iter(problem.expected[0]))
    is_asked = said.kind == "ask"
    named = is_asked and said.function == wanted and taken.parameter in said.missing
    return {
        "right": named,
        "why": None if named else "not named" if is_asked else said.kind,
        "parameter": taken.parameter,
        "asked": is_asked,
        "named": named,
    }


def totals(by_path: Mapping[str, list[Row]], suites: Sequence[str]) -> dict[str, Any]:
    """Each suite's shares for both, and all suites together, with 95 % intervals."""
    found: dict[str, Any] = {}
    for suite in (*suites, "all"):
        one: dict[str, Any] = {}
        pairs = {
            path: [row for row in rows if suite in (row["suite"], "all")]
            for path, rows in by_path.items()
        }
        for path, rows in pairs.items():
            whole = [row for row in rows if not row["id"].endswith(WITHOUT)]
            lacking = [row for row in rows if row["id"].endswith(WITHOUT)]
            one[path] = {
                "exact": share(whole, "right"),
                "needless": share(whole, "asked"),
                "asked": share(lacking, "asked"),
                "named": share(lacking, "named"),
            }
        for name, lacks in (("exact", False), ("named", True)):
            kept = [
                [row["right"] for row in pairs[path] if row["id"].endswith(WITHOUT) is lacks]
                for path in (RAW, ADAPTED)
            ]
            both = list(zip(*kept, strict=True))
            only = (both.count((True, False)), both.count((False, True)))
            one[f"{name}_only_raw_only_adapter"] = list(only)
            one[f"{name}_p"] = round(sign_test(*only), 4)
        found[suite] = one
    return found


def share(rows: Sequence[Row], key: str) -> dict[str, Any]:
    right = sum(bool(row[key]) for row in rows)
    low, high = wilson(right, len(rows))
    return {"right": right, "count": len(rows), "interval": [round(low, 4), round(high, 4)]}


def readable(result: Mapping[str, Any]) -> str:
    """The result as plain text."""
    lines = [f"{result['model']} beside {result['adapter']}, direct calls, greedy"]
    for suite, one in result["totals"].items():
        lines.append(suite)
        for key in ("exact", "asked", "named", "needless"):
            both = "   ".join(f"{path} {_shown(one[path][key])}" for path in (RAW, ADAPTED))
            lines.append(f"  {key:<10}{both}")
    lines.append(f"written to {result['out']}")
    return "\n".join(lines)


def _shown(told: Mapping[str, Any]) -> str:
    if not told["count"]:
        return "–"
    low, high = (100 * end for end in told["interval"])
    percent = 100 * told["right"] / told["count"]
    return f"{told['right']}/{told['count']} {percent:.1f} % ({low:.0f}–{high:.0f})"


if __name__ == "__main__":
    main()
