"""Evaluate: run a suite through the shipped pipeline; one table, one file.

Not here: the naive path beside it (`benchmarks/naive.py`), which uses the same judge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..errors import RequestInvalid

SUITES = ("texts",)


def run_suite(
    suite: str,
    *,
    model: str | None = None,
    limit: int | None = None,
    out: Path | None = None,
    seed: int = 0,
    texts: Path | None = None,
    groups: Sequence[str] | None = None,
    on_row: Callable[[dict[str, Any]], object] | None = None,
) -> dict[str, Any]:
    """Run a suite and write its result file; the same call goes on where one was stopped.

    Returns what the file holds; `report.table` makes it readable. Without `on_row` each row's
    outcome is a line on standard error.
    """
    if suite not in SUITES:
        raise RequestInvalid(
            {
                "en": f"There is no suite '{suite[:100]}'.",
                "zh": f"没有名为 «{suite[:100]}» 的评测集。",
            },
            hint={"en": f"Suites: {', '.join(SUITES)}", "zh": f"评测集：{'、'.join(SUITES)}"},
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
