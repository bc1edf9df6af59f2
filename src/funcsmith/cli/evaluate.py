"""funcsmith evaluate: a suite through the shipped pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def evaluate(
    suite: Annotated[
        str,
        typer.Argument(
            metavar="SUITE",
            help="texts; data (texts over files); functions to write: humaneval, humaneval_plus, mbpp_sanitized, "
            "humaneval_xl, mbpp_train; calls to make: bfcl, toolalpaca, apibank, glaive_zh",
        ),
    ],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A model of the catalogue, or the path of a GGUF file or Transformers folder.",
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Only so many texts or problems, drawn evenly."),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="S", help="Draws the sample, and further versions of a function.")
    ] = 0,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw",
            help="The model alone: its maker's prompt, one greedy answer, nothing verified.",
        ),
    ] = False,
    missing: Annotated[
        bool,
        typer.Option(
            "--missing",
            help="Each text of calls twice: as it is, and without one required value.",
        ),
    ] = False,
    part: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this part of the suite (again for more): a group of texts, a language, "
            "a category of calls.",
        ),
    ] = None,
    at_once: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=16,
            help="So many problems at a time: faster in all, each one slower. For functions to write.",
        ),
    ] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the JSON file goes.")
    ] = None,
) -> int:
    """A suite through the shipped pipeline: one table, one file.

    The public suites are read from the folder of FUNCSMITH_DATA.

    \b
    funcsmith evaluate texts
    funcsmith evaluate texts --model small --limit 20
    funcsmith evaluate humaneval --limit 20 --raw --model small
    funcsmith evaluate bfcl --limit 40 --missing
    """
    from ..evaluate import run_suite, table
    from .visible import visible

    result = run_suite(
        suite,
        model=model,
        limit=limit,
        out=out,
        seed=seed,
        raw=raw,
        missing=missing,
        groups=part,
        at_once=at_once,
    )
    print(visible(table(result)))
    return 0
