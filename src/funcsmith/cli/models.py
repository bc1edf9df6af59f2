"""funcsmith models: the catalogue, the adapters of this machine, and bringing a model here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ModelFileInvalid
from ..settings import settings
from .screen import Screen
from .stages import stages_for
from .table import Cell, show_table
from .words import locale_language

if TYPE_CHECKING:
    from ..models.adapters import Adapter

models = typer.Typer(rich_markup_mode=None)


@models.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    """The models of the catalogue, which of them are here, and the adapters made for them.

    \b
    funcsmith models
    funcsmith models pull small
    """
    if context.invoked_subcommand is None:
        list_()


@models.command("list")
def list_() -> int:
    """List the models and adapters."""
    from ..models import adapters, catalogue
    from ..models.progress import size

    rows: list[list[Cell]] = []
    for model in catalogue.models():
        try:
            state: Cell = ("here", "value") if catalogue.locate(model, settings()) else "absent"
        except ModelFileInvalid:
            state = ("damaged", "bad")
        rows.append([(model.name, "name"), model.role, state, size(model.bytes), model.license])
    show_table(["name", "role", "state", "size", "licence"], rows)
    made = adapters.installed()
    if made:
        Screen().line("")
        known = {model.sha256 for model in catalogue.models()}
        show_table(
            ["adapter", "base", "made", "trained on", "exact arguments on held-out functions"],
            [
                [
                    (one.name, "name"),
                    one.base if one.base_sha256 in known else f"{one.base} ({one.base_sha256[:8]})",
                    one.made[:10],
                    _trained_on(one),
                    _figures(one),
                ]
                for one in made
            ],
        )
    return 0


def _trained_on(adapter: Adapter) -> str:
    tokens = adapter.training.get("tokens")
    folder = str(adapter.data.get("folder") or "?")
    return f"{folder}, {tokens:,} tokens" if isinstance(tokens, int) else folder


def _figures(adapter: Adapter) -> str:
    """The base's share and the adapter's, as they were measured when it was installed."""
    try:
        both = [adapter.figures["held_out"][path]["exact"] for path in ("raw", "adapter")]
        shares = [f"{one['right']}/{one['count']}" for one in both]
    except (KeyError, TypeError):
        return "?"
    return " → ".join(shares)


@models.command()
def pull(name: Annotated[str, typer.Argument(metavar="NAME")]) -> int:
    """Bring a model here; what was interrupted is gone on with.

    A name, `default` or `small`.
    """
    from ..models import catalogue

    language = locale_language()
    stages = stages_for(language)
    with stages.shown(language):
        path = catalogue.pull(catalogue.find(name), settings(), progress=stages)
    Screen().line(str(path))
    return 0
