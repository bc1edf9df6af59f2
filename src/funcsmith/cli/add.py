"""funcsmith library add, alias: functions that come into the library, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from .screen import Screen
from .table import Cell, show_table
from .words import locale_language, say

if TYPE_CHECKING:
    from ..library.intake import Left, Taken

_SHOWN = 5
"""So many names of a reason are listed; the count says how many there are."""


def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH|MODULE…")],
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Only functions of such names: --only 'to_*'"),
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=OTHER", help="Another name for one: --alias mean=平均值"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added.")] = False,
) -> int:
    """Add the public functions of files, folders, modules or installed packages.

    Nothing is imported or run; a function brings the imports and helpers it needs. The examples of
    its docstring are run in the fence, and give it its verdict. What is left out is listed with the
    reason.

    \b
    funcsmith library add my_functions.py
    funcsmith library add statistics --only 'median*' --alias median=中位数
    funcsmith library add humanize --dry-run
    """
    from ..library.intake import looked_through
    from ..library.places import place

    wanted = _aliases(alias or ())
    found = [place(word) for word in paths]
    screen = Screen()
    left: list[Left] = []
    named: set[str] = set()
    for one in found:
        taken, others = looked_through(one, only or ())
        left += others
        named |= {each.name for each in taken}
        if dry_run:
            for each in taken:
                _show_would(screen, each)
        else:
            _add(screen, taken, one.package, wanted)
    _show_left(left)
    if unknown := sorted(wanted.keys() - named):
        from .failures import UsageInvalid

        raise UsageInvalid(
            {
                "en": f"--alias names what was not added: {', '.join(unknown)}",
                "zh": f"--alias 提到的函数没有被添加：{'、'.join(unknown)}",
            }
        )
    return 0


def alias(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER…")],
) -> int:
    """Give a function more names, in any language; it is found, searched and imported by them.

    One with the parameters in braces is a text that the function answers, without a model.

    \b
    funcsmith library alias factorial 阶乘
    funcsmith library alias factorial "{n} 的阶乘"
    """
    from .opened import opened

    with opened() as functions:
        saved = functions.alias(name, others)
    screen = Screen()
    screen.line((saved.name, "name"), saved.signature)
    for other in (*saved.aliases, *saved.templates):
        screen.line(("  = ", "dim"), other)
    return 0


def _add(
    screen: Screen,
    taken: Sequence[Taken],
    package: dict[str, str],
    wanted: dict[str, list[str]],
) -> None:
    from ..execute import default_sandbox
    from ..generate.own_examples import judged_by_own_examples
    from ..generate.verification import dependents_again
    from .opened import opened

    with opened() as functions:
        for one in taken:
            saved = functions.add_taken(one, package)
            if names := wanted.get(one.name):
                saved = functions.alias(saved.name, names)
            if not one.grant:
                saved = judged_by_own_examples(saved, functions, default_sandbox())
            screen.line(
                ("+ ", "dim"), (saved.name, "name"), f"{saved.signature}  ", (saved.verdict, "dim")
            )
            for again in dependents_again(saved.name, functions, default_sandbox()):
                screen.line(("    ← ", "dim"), again.saved.name, "  ", (again.saved.verdict, "dim"))
            _show_notes(screen, one, saved.name)


def _show_would(screen: Screen, one: Taken) -> None:
    from ..library import signature_of

    screen.line(("~ ", "dim"), (one.name, "name"), signature_of(one.source, one.defined).text)
    _show_notes(screen, one, one.name)


def _show_notes(screen: Screen, one: Taken, name: str) -> None:
    language = locale_language()
    for note in one.notes:
        screen.line(("    ", ""), (note[language], "dim"))
    if one.grant:
        said = f"funcsmith library grant {name} --package {one.grant}"
        screen.line(("    ", ""), (said, "dim"))


def _show_left(left: Sequence[Left]) -> None:
    """What was left out, a line for each reason."""
    from ..library.intake import REASONS

    if not left:
        return
    language = locale_language()
    rows: list[list[Cell]] = []
    for reason, said in REASONS.items():
        those = [one for one in left if one.reason == reason]
        if not those:
            continue
        names = [_named(one, language) for one in those[:_SHOWN]]
        more = ["…"] if len(those) > _SHOWN else []
        rows.append([said[language], str(len(those)), (", ".join([*names, *more]), "dim")])
    Screen().line("")
    show_table([say(language, word) for word in ("left_out", "count", "names")], rows)


def _named(one: Left, language: str) -> str:
    detail = one.detail.get(language, "")
    if one.reason in ("private", "method", "compiled") or not detail:
        return one.name
    return f"{one.name} ({detail})"


def _aliases(given: Sequence[str]) -> dict[str, list[str]]:
    """`NAME=OTHER` as names with their other names."""
    from .failures import UsageInvalid

    found: dict[str, list[str]] = {}
    for one in given:
        name, equals, other = one.partition("=")
        if not (name.strip() and equals and other.strip()):
            raise UsageInvalid(
                {
                    "en": f"--alias {one}: it is NAME=OTHER.",
                    "zh": f"--alias {one}：应写成 名称=别名。",
                }
            )
        found.setdefault(name.strip(), []).append(other.strip())
    return found
