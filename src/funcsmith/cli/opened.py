"""What every command of the library begins and ends with: the library, open, and JSON, printed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..library import Library


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
