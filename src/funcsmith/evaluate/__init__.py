"""Evaluate: run a suite through the shipped pipeline; one table, one file.

Not here: the naive path beside it (`benchmarks/naive.py`), which uses the same judge of values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import RequestInvalid
from . import call_problems, problems

SUITES = ("texts", "data", *problems.SUITES, *call_problems.SUITES)


def run_suite(
    suite: str,
    *,
    model: str | None = None,
    limit: int | None = None,
    out: Path | None = None,
    seed: int = 0,
    raw: bool = False,
    missing: bool = False,
    at_once: int = 1,
    texts: Path | None = None,
    groups: Sequence[str] | None = None,
    on_row: Callable[[dict[str, Any]], object] | None = None,
) -> dict[str, Any]:
    """Run a suite and write its result file; the same call goes on where one was stopped.

    `raw` is the model alone, greedy, with its maker's prompt; only suites of functions have that.
    `at_once` problems of such a suite are under way together, so each one's seconds are longer.
    `missing` asks each text of calls a second time, without the value of one required parameter.
    `groups` are groups of the texts, parts of the texts over files, languages of humaneval_xl, or parts of a suite of calls;
    `limit` counts problems of humaneval_xl in each language once, and those of calls for each figure
    of their suite. Returns what the file holds; `table` makes it readable. Without `on_row`
    each row's outcome is a line on standard error.
    """
    if suite not in SUITES:
        raise RequestInvalid(
            {
                "en": f"There is no suite '{suite[:100]}'.",
                "zh": f"没有名为 «{suite[:100]}» 的评测集。",
            },
            hint={"en": f"Suites: {', '.join(SUITES)}", "zh": f"评测集：{'、'.join(SUITES)}"},
        )
    of_calls, of_functions = suite in call_problems.SUITES, suite in problems.SUITES
    for told, wanted, option, zh in (
        (raw, of_functions, "--raw", "--raw 只用于编写函数的评测集。"),
        (at_once != 1, of_functions, "--at-once", "--at-once 只用于编写函数的评测集。"),
        (missing, of_calls, "--missing", "--missing 只用于函数调用的评测集。"),
    ):
        if told and not wanted:
            kind = "calls" if option == "--missing" else "functions to write"
            some = call_problems.SUITES if option == "--missing" else problems.SUITES
            raise RequestInvalid(
                {"en": f"{option} is for suites of {kind}; {suite} is none.", "zh": zh},
                hint={"en": f"Suites: {', '.join(some)}", "zh": f"评测集：{'、'.join(some)}"},
            )
    if of_functions:
        from .functions import run as run_functions

        return run_functions(
            suite,
            model=model,
            limit=limit,
            out=out,
            seed=seed,
            alone=raw,
            at_once=at_once,
            languages=groups,
            on_row=on_row,
        )
    if of_calls:
        from .calls import run as run_calls

        return run_calls(
            suite,
            model=model,
            limit=limit,
            out=out,
            seed=seed,
            missing=missing,
            parts=groups,
            on_row=on_row,
        )
    if suite == "data":
        from .data import run
    else:
        from .texts import run

    return run(
        model=model,
        limit=limit,
        out=out,
        seed=seed,
        texts=texts,
        groups=groups,
        on_row=on_row,
    )


def table(result: Mapping[str, Any]) -> str:
    """A result of `run_suite` as plain text."""
    from . import call_report, function_report, report

    if result["suite"] in ("texts", "data"):
        return report.table(result)
    if result["suite"] in call_problems.SUITES:
        return call_report.table(result)
    return function_report.table(result)
