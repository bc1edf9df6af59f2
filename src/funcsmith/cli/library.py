"""funcsmith library: the functions that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .add import add, alias
from .correct import correct
from .export import export, trust
from .history import DIFFERENCE, diff, history, rollback
from .opened import Json, opened, print_json
from .reuse import duplicates, graph, stats
from .screen import Code, Screen, shortened
from .table import Cell, show_table
from .upkeep import rebuild, runs, verify
from .words import locale_language, say

if TYPE_CHECKING:
    from ..library import Library, Saved

library = typer.Typer(rich_markup_mode=None)
_Name = Annotated[str, typer.Argument(metavar="NAME")]


@library.callback(invoke_without_command=True)
def _library(context: typer.Context) -> None:
    """The functions that are kept, as plain .py files.

    \b
    funcsmith library add my_functions.py
    funcsmith library list
    funcsmith library export --out functions.py
    """
    if context.invoked_subcommand is None:
        list_()


@library.command("list")
def list_(json: Json = False) -> int:
    """List the functions."""
    with opened() as functions:
        found = functions.list()
    if json:
        print_json([_facts(saved) for saved in found])
        return 0
    show_table(
        ["name", "verdict", "origin", "summary"],
        [
            [
                (saved.name, "name"),
                (saved.verdict, "bad") if saved.broken else (saved.verdict, ""),
                (saved.origin, "dim"),
                _summary(saved),
            ]
            for saved in found
        ],
    )
    return 0


@library.command()
def show(name: _Name, json: Json = False) -> int:
    """Show one function and what is known of it."""
    with opened() as functions:
        saved = functions.get(name)
        granted = _granted_lines(functions, saved)
    if json:
        print_json(_facts(saved) | {"source": saved.source, "evidence": list(saved.evidence)})
        return 0
    screen = Screen()
    language = locale_language()
    screen.line((saved.name, "name"), saved.signature)
    where = "" if saved.path is None else f"   {saved.path}"
    screen.line((f"{saved.verdict}   {say(language, _origin(saved))}{where}", "dim"))
    for line in granted:
        screen.line(line)
    if saved.aliases:
        screen.line(("= ", "dim"), ", ".join(saved.aliases))
    if saved.package:
        screen.line((say(language, "taken_from", what=saved.taken_from), "dim"))
    if saved.edited:
        screen.line((say(language, "edited"), "bad"))
    for text in saved.texts:
        screen.line(("“", "dim"), shortened(text, 300), ("”", "dim"))
    screen.show([[], Code(saved.source.rstrip()), []])
    for fact in saved.evidence[:5]:
        got = fact.get("got", fact.get("expected", ""))
        screen.line((f"{fact['kind']}: {fact.get('call', '')} → {got}", "dim"))
    return 0


@library.command()
def grant(
    name: _Name,
    read: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="Let it read a file or folder.")
    ] = None,
    network: Annotated[
        list[str] | None, typer.Option(metavar="HOST[:PORT]", help="Let it reach a host over TCP.")
    ] = None,
    package: Annotated[
        list[str] | None, typer.Option(metavar="PACKAGE", help="Let it import a package.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Take everything back.")] = False,
) -> int:
    """Show what a function may do beyond computing; let it do more, or nothing.

    A grant holds for the function as it is now. Change the function, and it has to be granted
    again.

    \b
    funcsmith library grant count_lines --read ~/notes.txt
    funcsmith library grant exchange_rate --network api.example.com
    funcsmith library grant count_lines --none
    """
    language, screen = locale_language(), Screen()
    with opened() as functions:
        saved = functions.get(name)
        if none or read or network or package:
            from ..execute.grants import Grants

            grants = Grants.to(read=read or (), network=network or (), packages=package or ())
            held = None if none else functions.grants(saved)
            saved = functions.grant(name, held.joined(grants) if held is not None else grants)
        screen.line((saved.name, "name"), saved.signature)
        lines = _granted_lines(functions, saved)
    for line in lines or [(say(language, "nothing_granted"), "dim")]:
        screen.line(("  ", ""), line)
    return 0


def _granted_lines(functions: Library, saved: Saved) -> list[tuple[str, str]]:
    """What is written of a function's grants, and whether it holds."""
    from ..library.seal import KINDS, holds

    language = locale_language()
    said = [
        (say(language, kind.removesuffix("s"), what=what), "bad")
        for kind in KINDS
        for what in saved.granted.get(kind, [])
    ]
    if said and not holds(functions.settings.home, saved):
        return [*((words, "dim") for words, _ in said), (say(language, "lapsed"), "bad")]
    return said


@library.command()
def edit(
    name: _Name,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    on_purpose: Annotated[
        bool,
        typer.Option(
            "--on-purpose", help="Save it also where examples that held before no longer do."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the change, save nothing.")] = (
        False
    ),
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A model of the catalogue, or the path of a GGUF file or Transformers folder.",
        ),
    ] = None,
) -> int:
    """Change a function as a text asks: show the difference, and what it now does otherwise.

    The examples that it had are run again. Where one no longer holds nothing is saved, and the exit
    code is 1, unless you say that it is on purpose.

    \b
    funcsmith library edit total_price 改成含税，税率是一个参数
    funcsmith library edit initials "also accept a list of names"
    """
    from ..language import language_of
    from ..pipeline import Pipeline

    language, screen = language_of(text), Screen()
    with Pipeline(model=model) as pipeline:
        made = pipeline.edit(name, text)
        for line in made.diff.splitlines():
            screen.line((line, DIFFERENCE.get(line[:1], "")))
        screen.line("")
        screen.line((made.written.verdict, "name"))
        for effect in made.effects:
            screen.line((f"{effect.call}: {effect.was} → {effect.now}", "dim"))
        held = say(language, "held", count=len(made.kept))
        screen.line((held, "dim"))
        for effect in made.changed:
            screen.line((f"! {effect.call}: {effect.was} → {effect.now}", "bad"))
        refused = bool(made.changed) and not on_purpose
        if not refused and not dry_run:
            saved = pipeline.keep_edit(made)
            screen.line(("→ ", "dim"), str(saved.path or saved.name))
        elif refused:
            screen.line((say(language, "on_purpose"), "bad"))
    return int(refused)


@library.command()
def search(text: Annotated[str, typer.Argument(metavar="TEXT")], json: Json = False) -> int:
    """Show the functions nearest to a text, best first."""
    with opened() as functions:
        found = functions.search(text, 10)
    if json:
        print_json([_facts(saved) | {"score": round(score, 4)} for saved, score in found])
        return 0
    show_table(
        ["score", "name", "summary"],
        [[f"{score:.2f}", (saved.name, "name"), _summary(saved)] for saved, score in found],
    )
    return 0


@library.command()
def remove(name: _Name) -> int:
    """Remove a function; its files go to library/.removed."""
    with opened() as functions:
        moved = functions.remove(name)
    Screen().line(("- ", "dim"), (name, "name"), (f"   → {moved}", "dim"))
    return 0


def _facts(saved: Saved) -> dict[str, Any]:
    return {
        "name": saved.name,
        "verdict": saved.verdict,
        "signature": saved.signature,
        "summary": saved.summary,
        "origin": saved.origin,
        "language": saved.language,
        "parameters": saved.parameters,
        "texts": list(saved.texts),
        "aliases": list(saved.aliases),
        "package": saved.package,
        "grants": {kind: granted for kind, granted in saved.granted.items() if kind != "seal"},
        "path": str(saved.path) if saved.path is not None else None,
        "problem": saved.broken,
    }


def _summary(saved: Saved) -> Cell:
    if saved.problem:
        return (saved.problem.get(locale_language()) or saved.problem["en"], "bad")
    return (saved.summary or (saved.texts[0] if saved.texts else ""), "")


def _origin(saved: Saved) -> str:
    return saved.origin if saved.origin in ("generated", "given") else "library"


for _command in (
    add,
    alias,
    export,
    trust,
    history,
    diff,
    rollback,
    correct,
    verify,
    rebuild,
    runs,
    duplicates,
    graph,
    stats,
):
    library.command()(_command)
