"""Evaluate: run a suite through the shipped pipeline; one table, one file.

Not here: the naive path beside it (`benchmarks/naive.py`), which uses the same judge of values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import RequestInvalid
from . import problems

SUITES = ("texts", *problems.SUITES)


def run_suite(
    suite: str,
    *,
    model: str | None = None,
    limit: int | None = None,
    out: Path | None = None,
    seed: int = 0,
    raw: bool = False,
    at_once: int = 1,
    texts: Path | None = None,
    groups: Sequence[str] | None = None,
    on_row: Callable[[dict[str, Any]], object] | None = None,
) -> dict[str, Any]:
    """Run a suite and write its result file; the same call goes on where one was stopped.

    `raw` is the model alone, greedy, with its maker's prompt; only suites of functions have that.
    `at_once` problems of such a suite are under way together, so each one's seconds are longer.
    `groups` are groups of the texts, or languages of humaneval_xl; `limit` counts its problems in
    each language once. Returns what the file holds; `table` makes it readable. Without `on_row`
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
    if suite != "texts":
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
    if raw:
        raise RequestInvalid(
            {
                "en": "The texts have no raw path: they ask for values, not for functions.",
                "zh": "texts 评测集没有 raw 方式：它要的是结果，而不是函数。",
            },
            hint={
                "en": "benchmarks/naive.py runs the same texts through the model alone.",
                "zh": "benchmarks/naive.py 用模型本身跑同样的文本。",
            },
        )
    if at_once != 1:
        raise RequestInvalid(
            {
                "en": "The texts run one at a time: their seconds are a figure.",
                "zh": "texts 评测集只能逐条运行：其用时本身就是指标。",
            },
            hint={"en": "Leave --at-once out.", "zh": "请去掉 --at-once。"},
        )
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
    from . import function_report, report

    return report.table(result) if result["suite"] == "texts" else function_report.table(result)
