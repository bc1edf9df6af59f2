"""The command `funcsmith`: what is typed becomes a request, what came of it is shown.

A text goes the quick way (`quick.py`); everything else is read by Typer, one command's file at a
time. Errors leave in one place, `failures.py`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    code: int
    try:
        # Imported in here, so that Ctrl-C ends quietly from the first moment that is ours.
        from .stopping import prepare

        prepare()
        _streams()
        code = _dispatch(given)
        _flush()
    except BrokenPipeError:  # the reader has seen enough
        from .failures import drop_output

        drop_output()
        code = 128 + 13
    except SystemExit:
        raise
    except BaseException as error:  # noqa: BLE001  # nobody comes after us
        code = _failed(error, given)
    sys.exit(code)


def _dispatch(arguments: list[str]) -> int:
    from .quick import COMMANDS, parsed

    first = arguments[0] if arguments else ""
    if first == "--version":
        from .. import __version__

        print(f"funcsmith {__version__}")
        return 0
    if first in ("--help", "-h") or (first in COMMANDS and first != "run"):
        from .app import start

        return start(arguments)
    options = parsed(arguments[1:] if first == "run" else arguments)
    if options is None:
        from .app import start

        return start(arguments if first == "run" else ["run", *arguments])
    from .turn import take

    return take(options)


def _failed(error: BaseException, arguments: Sequence[str]) -> int:
    from .failures import drop_output, leave
    from .stopping import unstoppable

    before_texts = arguments[: arguments.index("--")] if "--" in arguments else arguments
    # Only `run` and `execute` answer with an outcome or a result.
    as_json = "--json" in before_texts and arguments[0] not in ("library", "doctor", "execute")
    try:
        with unstoppable():
            return leave(error, text=" ".join(arguments), as_json=as_json)
    except OSError:  # the message could not be written either
        drop_output()
        return 3


def _streams() -> None:
    """UTF-8 on every stream."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
