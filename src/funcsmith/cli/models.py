"""funcsmith models: the catalogue, and bringing a model here."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import ModelFileInvalid
from ..settings import settings
from .screen import Screen
from .stages import stages_for
from .table import Cell, show_table
from .words import locale_language

models = typer.Typer(rich_markup_mode=None)


@models.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    """The models of the catalogue, and which of them are here.

    \b
    funcsmith models
    funcsmith models pull small
    """
    if context.invoked_subcommand is None:
        list_()


@models.command("list")
def list_() -> int:
    """List the models."""
    from ..models import catalogue
    from ..models.progress import size

    rows: list[list[Cell]] = []
    for model in catalogue.models():
        try:
            state: Cell = ("here", "value") if catalogue.locate(model, settings()) else "absent"
        except ModelFileInvalid:
            state = ("damaged", "bad")
        rows.append([(model.name, "name"), model.role, state, size(model.bytes), model.license])
    show_table(["name", "role", "state", "size", "licence"], rows)
    return 0


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
