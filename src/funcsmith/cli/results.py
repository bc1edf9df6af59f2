"""A result that becomes a file: where --out says, and a figure in any case, since no line can show it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from ..errors import Language
from .visible import visible
from .words import say

if TYPE_CHECKING:
    from ..contract import Outcome
    from .quick import Options


def keep_result(outcome: Outcome, options: Options, language: Language) -> None:
    """Write the result of an outcome where it belongs, and say where that is."""
    result = outcome.result
    assert result is not None
    path = options.out
    if path is None and (options.json or options.no_save or not result.is_figure):
        return
    from ..tables.writing import write_result

    if path is None:
        from ..settings import settings

        folder = settings().home / "figures"
        folder.mkdir(parents=True, exist_ok=True)
        name = outcome.function.name if outcome.function is not None else "figure"
        path = str(folder / f"{name}-{time.strftime('%Y%m%d-%H%M%S')}.png")
    written = write_result(result, path)
    said = f"  {visible(say(language, 'written_to', path=written))}"
    print(said, file=sys.stderr if options.json else sys.stdout, flush=True)
