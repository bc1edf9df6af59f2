"""What every command of the library has: names, --json, the library, open, and JSON, printed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ..library import Library

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]…")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON alone.")]


@contextlib.contextmanager
def opened() -> Iterator[Library]:
    """The library of FUNCSMITH_HOME."""
    from ..library import Library
    from ..settings import settings

    library = Library.open(settings())
    try:
        yield library
    finally:
        library.close()


def print_json(value: Any) -> None:
    """JSON alone on standard output."""
    from ..contract import dumps
    from .visible import visible_json

    print(visible_json(dumps(value)))
