"""How an error leaves the command: one or two lines on standard error, and an exit code.

With --json an outcome whose `error` is filled goes to standard output as well. A traceback is only
shown where FUNCSMITH_DEBUG=1 asks for it.
"""

from __future__ import annotations

import contextlib
import os
import sys

from ..errors import Cancelled, FuncsmithError, Language, RequestInvalid
from .stopping import stopped
from .visible import visible, visible_json
from .words import error_language, say

INTERRUPTED = 130


class UsageInvalid(RequestInvalid):
    """The command line itself cannot be understood."""

    code = "usage"


def leave(error: BaseException, *, text: str = "", as_json: bool = False) -> int:
    """Say what went wrong and give the exit code."""
    ours = as_ours(error)
    if os.environ.get("FUNCSMITH_DEBUG") == "1":
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    language = error_language(text)
    tell(ours, language)
    try:
        if as_json:
            print_failure(ours, language)
        sys.stdout.flush()
    except OSError:  # standard output is what failed
        drop_output()
    except BaseException:
        # An interrupt in the middle of an import can leave a library that cannot be used.
        if not stopped():
            raise
    return ours.exit_code


def tell(error: FuncsmithError, language: Language) -> None:
    """The message and the hint, for people."""
    head = "" if isinstance(error, Cancelled) else say(language, "error_head")
    lines = [f"{head}{error.message(language)}"]
    if hint := error.hint(language):
        lines.append(f"{say(language, 'hint')}{hint}")
    print(visible("\n".join(lines)), file=sys.stderr, flush=True)


def print_failure(error: FuncsmithError, language: Language) -> None:
    """The outcome of a request that failed, alone on standard output."""
    from ..contract import Failure, Outcome

    outcome = Outcome(error=Failure.of(error, language))
    print(visible_json(outcome.to_json()), flush=True)


def drop_output() -> None:
    """Nothing more is written, so that the interpreter's last flush cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def as_ours(error: BaseException) -> FuncsmithError:
    """The same error in our tree; what nobody foresaw is internal."""
    if stopped() or isinstance(error, KeyboardInterrupt):
        return Cancelled()
    if isinstance(error, FuncsmithError):
        return error
    said = " ".join(str(error).split())[:500]
    name = type(error).__name__
    foreseen = isinstance(error, (OSError, MemoryError))
    return FuncsmithError(
        f"{name}: {said}" if said else name,
        hint=""
        if foreseen
        else {
            "en": "This should not happen; FUNCSMITH_DEBUG=1 shows where. Please report it.",
            "zh": "这不应发生；设置 FUNCSMITH_DEBUG=1 可查看位置，欢迎报告。",
        },
    )
