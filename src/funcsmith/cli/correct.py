"""funcsmith library correct: what was wrong with an answer, and what is right."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from .failures import UsageInvalid
from .opened import Json, opened, print_json
from .request import own_values, read_file
from .screen import Screen
from .words import locale_language, say


def correct(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The text that it answered.")],
    args: Annotated[
        str | None, typer.Option(metavar="JSON", help="The arguments as they should be.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="FILE", help="The function as it should be.")
    ] = None,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="The text asks for another function.")
    ] = False,
    json: Json = False,
) -> int:
    """Keep what is right for a text, to be trained on; nothing leaves this machine.

    \b
    funcsmith library correct taxi_fare "打车 5 公里，半夜" --args '{"distance_km": 5, "night": true}'
    funcsmith library correct taxi_fare "到机场多少钱" --rejected
    """
    from ..library.corrections import corrected

    if sum((args is not None, source is not None, rejected)) != 1:
        raise UsageInvalid(
            {
                "en": "Say one of --args, --source and --rejected.",
                "zh": "请给出 --args、--source、--rejected 三者之一。",
            }
        )
    with opened() as library:
        made = corrected(
            library,
            text,
            "rejected" if rejected else "arguments" if args is not None else "candidate",
            name,
            arguments=own_values(args),
            source=None if source is None else read_file(source),
        )
    if json:
        print_json(asdict(made))
        return 0
    Screen().line((f"{made.function} ", "name"), (say(locale_language(), "corrected"), "dim"))
    return 0
