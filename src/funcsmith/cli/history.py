"""funcsmith library history, diff, rollback: what a function was before."""

from __future__ import annotations

from typing import Annotated

import typer

from .opened import Json, opened, print_json
from .screen import Screen
from .table import show_table
from .words import locale_language, say

_Name = Annotated[str, typer.Argument(metavar="NAME")]

DIFFERENCE = {"+": "name", "-": "bad", "@": "dim"}
"""Styles of the lines of a difference, by their first character."""


def history(name: _Name, json: Json = False) -> int:
    """List the versions of a function, the oldest first; also of one that was removed.

    \b
    funcsmith library history factorial
    """
    with opened() as library:
        found = library.history(name)
    if json:
        print_json([{**version.facts(), "source": version.source} for version in found])
        return 0
    language = locale_language()
    show_table(
        ["", "version", "at", "verdict", "cause"],
        [
            [
                ("*", "name") if version.current else "",
                (version.id, "name"),
                (version.at[:19].replace("T", " "), "dim"),
                str(version.record.get("verdict")),
                (say(language, f"version_{version.cause}", of=version.of), "dim"),
            ]
            for version in found
        ],
    )
    return 0


def diff(
    name: _Name,
    a: Annotated[str | None, typer.Argument(metavar="[A]", help="A version; its hash too.")] = None,
    b: Annotated[str | None, typer.Argument(metavar="[B]", help="Another one.")] = None,
    json: Json = False,
) -> int:
    """Show what changed between two versions: by default from the one before to what is there.

    \b
    funcsmith library diff factorial
    funcsmith library diff factorial 1 3
    """
    with opened() as library:
        found = library.diff(name, a, b)
    if json:
        print_json({"name": name, "diff": found})
        return 0
    screen = Screen()
    for line in found.splitlines():
        screen.line((line, DIFFERENCE.get(line[:1], "")))
    if not found:
        screen.line((say(locale_language(), "no_difference"), "dim"))
    return 0


def rollback(
    name: _Name,
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="The one before, if none is named.")
    ] = None,
    json: Json = False,
) -> int:
    """Put a function back to an earlier version; bring a removed one back.

    That is a new version. Texts and evidence are those of the version it returns to; what it was
    granted has to be granted again.

    \b
    funcsmith library rollback factorial
    funcsmith library rollback factorial 1
    """
    with opened() as library:
        saved = library.rollback(name, version)
        now = library.history(name)[-1]
    if json:
        print_json({"name": saved.name, "verdict": saved.verdict, **now.facts()})
        return 0
    Screen().line(
        ("→ ", "dim"), (saved.name, "name"), f"{saved.signature}  ", (saved.verdict, "dim"),
        (f"  {now.id}", "dim"),
    )  # fmt: skip
    return 0
