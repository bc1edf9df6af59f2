"""The commands as Typer knows them; only those that are asked for are loaded."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from .failures import UsageInvalid
from .quick import COMMANDS


def start(arguments: Sequence[str]) -> int:
    """Read the command line with Typer and run the command."""
    command = typer.main.get_command(app(arguments[0] if arguments else None))
    try:
        code = command.main(list(arguments), prog_name="funcsmith", standalone_mode=False)
    except typer.TyperException as error:
        raise UsageInvalid(error.format_message(), hint=_help(arguments)) from error
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    return code if isinstance(code, int) else 0


def app(name: str | None = None) -> typer.Typer:
    """The Typer application with this command; where it is none, with a line on each of them."""
    made = typer.Typer(
        add_completion=False,
        subcommand_metavar="TEXT | COMMAND [ARGS]...",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    )
    made.callback()(funcsmith)
    if name not in COMMANDS:
        for each, line in COMMANDS.items():
            made.command(each, help=line)(_listed)
        return made
    found = getattr(import_module(f".{name}", __package__), name)
    if isinstance(found, typer.Typer):
        made.add_typer(found, name=name)
    else:
        made.command(name)(found)
    return made


def funcsmith(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Say what you want computed, in Chinese or English: a typed function, its arguments, the
    result; all of it on this machine.

    \b
    funcsmith "给定一个正整数 n，输出 n 的阶乘。"
    funcsmith "How many days are there between 2026-01-01 and 2026-03-01?"
    funcsmith "求 data 的平均值" < numbers.json
    funcsmith                    a conversation
    funcsmith -- "-3 的绝对值"     a text that begins with - or is a command
    funcsmith batch requests.jsonl --out outcomes.jsonl
    funcsmith apply NAME data.csv --out results.csv
    funcsmith library list

    The options of a text are those of `funcsmith run --help`. Everything that is kept lies in
    FUNCSMITH_HOME (~/.funcsmith); nothing is sent anywhere.
    """
    assert not version  # the quick way answers it


def _listed() -> None:
    """Stands for a command where only its line is read."""


def _help(arguments: Sequence[str]) -> dict[str, str]:
    known = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    see = f"funcsmith {known} --help" if known else "funcsmith --help"
    return {"en": see, "zh": see}
