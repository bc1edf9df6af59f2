"""funcsmith run: one text, one outcome."""

from __future__ import annotations

from typing import Annotated, Literal, Optional

import typer

from .quick import Options


def run(
    text: Annotated[
        Optional[str],  # noqa: UP045  # Typer reads this on Python 3.10 too
        typer.Argument(help="What you want computed. Without it: a conversation."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one outcome as JSON and nothing else.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A model of the catalogue, the path of a GGUF file or of a Transformers folder, or `remote`.",
        ),
    ] = None,
    adapter: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="An adapter of the model: `funcsmith models` lists them."
        ),
    ] = None,
    args: Annotated[
        str | None,
        typer.Option(metavar="JSON", help="Values of your own by name: '{\"n\": 5}'"),
    ] = None,
    input: Annotated[  # noqa: A002  # the option's name
        list[str] | None,
        typer.Option(
            metavar="NAME=FILE", help="A file as the input NAME (CSV, JSON, Excel, Parquet, text)."
        ),
    ] = None,
    mode: Annotated[
        Literal["run", "function", "parameters"],
        typer.Option(help="Stop after writing the function, or only fill arguments."),
    ] = "run",
    header: Annotated[
        str | None,
        typer.Option(metavar="FILE_OR_TEXT", help="The exact signature and docstring to write."),
    ] = None,
    functions: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Functions to choose from (JSON, OpenAI objects)."),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="What “tomorrow” is relative to."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="For sampled candidates.")] = 0,
    budget_tokens: Annotated[
        int | None,
        typer.Option(metavar="N", help="Generated tokens; then the best so far is the answer."),
    ] = None,
    budget_cpu_seconds: Annotated[
        float | None,
        typer.Option(metavar="S", help="CPU seconds of model and code; the same."),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="The result as CSV, TSV, JSON or Excel, a figure as PNG."
        ),
    ] = None,
    no_save: Annotated[
        bool, typer.Option("--no-save", help="Keep nothing in the library.")
    ] = False,
) -> int:
    """One text: a function, its arguments and the result.

    \b
    funcsmith "给定一个正整数 n，输出 n 的阶乘。"
    funcsmith "How many days are there between 2026-01-01 and 2026-03-01?"
    funcsmith "求 data 的平均值" < numbers.json
    cat sales.csv | funcsmith "各地区的销售额合计，从高到低" --out totals.xlsx
    funcsmith --json "3 个苹果每个 5 元，一共多少钱" | jq .result.value
    funcsmith -- "-3 的绝对值"

    Standard input, where it is piped, is the input `data` (JSON, or text). Without a text it is
    the text. Exit codes: 0 an outcome, 2 usage, 3 our own failure, 130 stopped.
    """
    from .turn import take

    return take(
        Options(
            text=text,
            json=json,
            model=model,
            adapter=adapter,
            args=args,
            input=input or [],
            mode=mode,
            header=header,
            functions=functions,
            now=now,
            seed=seed,
            budget_tokens=budget_tokens,
            budget_cpu_seconds=budget_cpu_seconds,
            out=out,
            no_save=no_save,
        )
    )
