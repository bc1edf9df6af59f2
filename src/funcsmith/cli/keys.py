"""funcsmith keys: who may use the server."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from ..settings import settings
from .screen import Screen
from .table import show_table
from .words import locale_language, say

keys = typer.Typer(rich_markup_mode=None)


@keys.callback(invoke_without_command=True)
def _keys(context: typer.Context) -> None:
    """The keys of `funcsmith serve`. Without any, this machine alone may use it.

    \b
    funcsmith keys add laptop --scope run
    funcsmith keys revoke laptop
    """
    if context.invoked_subcommand is None:
        list_()


@keys.command("list")
def list_() -> int:
    """List the keys; what opens the door is shown only when a key is made."""
    from ..server.keys import KeyRing

    found = KeyRing(settings().home).all()
    show_table(
        ["name", "scope", "tenant", "a minute", "created", "revoked"],
        [
            [
                (key.name, "name"),
                key.scope,
                key.tenant,
                str(key.per_minute or ""),
                (key.created, "dim"),
                (key.revoked, "bad"),
            ]
            for key in found
        ],
    )
    return 0


@keys.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    scope: Annotated[
        Literal["read", "run", "write", "admin"],
        typer.Option(help="What it may do; each includes those before it."),
    ] = "run",
    tenant: Annotated[
        str, typer.Option(metavar="NAME", help="A library of its own; without it, yours.")
    ] = "",
    per_minute: Annotated[
        int, typer.Option(metavar="N", min=0, help="Requests a minute; 0 sets no bound.")
    ] = 0,
) -> int:
    """Make a key and print it, this once."""
    from ..server.keys import KeyRing

    shown = KeyRing(settings().home).add(name, scope, tenant=tenant, per_minute=per_minute)
    print(shown)
    Screen(sys.stderr).line((say(locale_language(), "key_once"), "dim"))
    return 0


@keys.command()
def revoke(name: Annotated[str, typer.Argument(metavar="NAME")]) -> int:
    """From now on the key opens nothing; a running server knows at once."""
    from ..server.keys import KeyRing

    KeyRing(settings().home).revoke(name)
    Screen().line(("- ", "dim"), (name, "name"))
    return 0
