"""funcsmith evaluate: a suite through the shipped pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="texts")],
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A model of the catalogue, or the path of a GGUF file."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Only so many texts, drawn evenly.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the JSON file goes.")
    ] = None,
) -> int:
    """A suite through the shipped pipeline: one table, one file.

    \b
    funcsmith evaluate texts
    funcsmith evaluate texts --model small --limit 20
    """
    from ..evaluate import report, run_suite
    from .visible import visible

    result = run_suite(suite, model=model, limit=limit, out=out)
    print(visible(report.table(result)))
    return 0
