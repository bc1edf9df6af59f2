"""The command `funcsmith`: what is typed becomes a request, what came of it is shown.

A text goes the quick way (`quick.py`); everything else is read by Typer, one command's file at a
time. Errors leave in one place, `failures.py`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from .quick import COMMANDS, parsed


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    code: int
    try:
        _prepare()
        code = _dispatch(given)
        _flush()
    except BrokenPipeError:
        _drop_output()
        code = 128 + 13
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # nobody comes after us
        code = _failed(error, given)
    sys.exit(code)


def _dispatch(arguments: list[str]) -> int:
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
    from .failures import leave

    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    before_texts = arguments[: arguments.index("--")] if "--" in arguments else arguments
    # Only `run` and `execute` answer with an outcome or a result.
    as_json = "--json" in before_texts and arguments[0] not in ("library", "doctor", "execute")
    try:
        code = leave(error, text=" ".join(arguments), as_json=as_json)
        _flush()
    except OSError:
        # The message could not be written either.
        _drop_output()
        return 3
    return code


def _prepare() -> None:
    """UTF-8 on every stream, and signals that end us in good order."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    # No plugin of somebody's environment is looked for; looking takes longer than we do.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for ending in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, ending, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not the main thread
                signal.signal(number, _terminated)


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _flush() -> None:
    sys.stdout.flush()
    sys.stderr.flush()


def _drop_output() -> None:
    """Nothing more is written, so that the interpreter's last flush cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
