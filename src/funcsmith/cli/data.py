"""funcsmith data: records to train on, collected, prepared, and what they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .screen import Screen
from .words import locale_language

data = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="NAME",
        help="seal_tools, glaive, snips, mbpp, snippets, routing, phrasebook, docstrings, library "
        "(again for more). Default: all.",
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="A file of your own (again for more): records, {text, name, arguments}, OpenAI "
        "messages, ShareGPT, Alpaca, BFCL's form.",
    ),
]
Packages = Annotated[
    list[str] | None,
    typer.Option(
        "--package", metavar="NAME", help="An installed package whose docstrings to read."
    ),
]
Licence = Annotated[str, typer.Option(metavar="NAME", help="The licence of the files.")]


@data.callback()
def _data() -> None:
    """Records to train on: from the library, your files, and the public sets of FUNCSMITH_DATA.

    \b
    funcsmith data prepare --out data
    funcsmith data collect --source library --out mine.jsonl
    funcsmith data prepare --file mine.jsonl --out data
    funcsmith data card data
    """


@data.command()
def collect(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the records go.")],
    source: Sources = None,
    file: Files = None,
    package: Packages = None,
    licence: Licence = "own",
) -> int:
    """Read sources into one file of records, nothing proven yet."""
    from ..training.collecting import collect_into

    told = collect_into(
        out,
        sources=tuple(source or ()),
        files=tuple(file or ()),
        packages=tuple(package or ()),
        licence=licence,
    )
    screen = Screen()
    for name in dict.fromkeys([*told.records, *told.left]):
        left: dict[str, int] = told.left.get(name) or {}
        why = "; ".join(f"{reason} {count:,}" for reason, count in sorted(left.items()))
        screen.line(f"{name}: {told.records[name]:,}" + (f" ({why})" if why else ""))
    screen.line(str(out))
    return 0


@data.command()
def prepare(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the data go.")],
    source: Sources = None,
    file: Files = None,
    package: Packages = None,
    licence: Licence = "own",
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="At most so many rows to train on.")
    ] = None,
    tokens: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="At most about so many tokens to train on."),
    ] = None,
    per_function: Annotated[
        int, typer.Option(metavar="N", min=1, help="At most so many rows of one function.")
    ] = 24,
    negatives: Annotated[
        float, typer.Option(metavar="SHARE", min=0.0, max=0.9, help="Of rows that ask or decline.")
    ] = 0.2,
    chinese: Annotated[
        float, typer.Option(metavar="SHARE", min=0.0, max=0.95, help="Of Chinese rows, at least.")
    ] = 0.36,
    seed: Annotated[
        int, typer.Option(metavar="S", help="Another seed is another split by function.")
    ] = 0,
    augment: Annotated[
        bool, typer.Option("--augment/--no-augment", help="Make further rows by rule.")
    ] = True,
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A local model that says requests in other words."),
    ] = None,
    paraphrases: Annotated[
        int, typer.Option(metavar="N", min=1, help="How many the model is asked for.")
    ] = 200,
) -> int:
    """Prove, multiply, clean, balance and split; a run that was stopped goes on.

    Values must stand in their texts and code must pass its tests in the fence. What shares a text
    with an evaluation set of FUNCSMITH_DATA is taken out.
    """
    from ..training.balancing import Balance
    from ..training.card import readable
    from ..training.preparing import Plan
    from ..training.preparing import prepare as prepared
    from .visible import visible

    plan = Plan(
        sources=tuple(source or ()),
        files=tuple(file or ()),
        packages=tuple(package or ()),
        licence=licence,
        balance=Balance(per_function, negatives, chinese, limit, tokens),
        augment=augment,
        seed=seed,
        model=model,
        paraphrases=paraphrases,
    )
    print(visible(readable(prepared(out, plan, told=_Teller()))))
    print(out)
    return 0


@data.command()
def card(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A data folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="The whole card as JSON.")] = False,
) -> int:
    """What data are made of, whose they are, and what was left out."""
    from ..contract import dumps
    from ..training.card import read_card, readable
    from .visible import visible

    found = read_card(folder)
    print(dumps(found, indent=1) if as_json else visible(readable(found)))
    return 0


_WORDS = {
    "collect": ("Collecting", "收集"),
    "prove": ("Proving", "验证"),
    "multiply": ("Saying it in Chinese", "生成中文"),
    "rewrite": ("Rewriting", "改写"),
    "paraphrase": ("Asking the model", "询问模型"),
    "clean": ("Cleaning", "清理"),
    "done": ("Written", "已写入"),
}


class _Teller:
    """Says on the error stream how far it is, a few times a step."""

    def __init__(self) -> None:
        self._place = 1 if locale_language() == "zh" else 0
        self._said: tuple[str, int] = ("", -1)

    def __call__(self, step: str, at: int, count: int) -> None:
        tenth = at * 10 // count if count else 0
        if (step, tenth) == self._said:
            return
        self._said = (step, tenth)
        words = _WORDS[step][self._place]
        typer.echo(f"{words}: {at:,}/{count:,}" if count else words, err=True)


__all__ = ["data"]
