"""Ctrl-C: it leaves whatever is under way, in good order and without a traceback.

An interrupt may come while a library is being imported, and some then fail in ways of their own;
so it is remembered here that the user wanted to stop, whatever error arrives in the end.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from ..models.cancel import Cancel

_stopped = threading.Event()


def prepare() -> None:
    """From now on Ctrl-C is ours; where the caller ignores it (a background job), so do we."""
    _stopped.clear()
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        _handle(signal.SIGINT, _interrupted)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            _handle(number, _terminated)
    # An interrupt inside a finaliser cannot be raised; Python would print it with a traceback.
    sys.unraisablehook = _unraisable


def stopped() -> bool:
    """Whether the user wants to stop."""
    return _stopped.is_set()


@contextlib.contextmanager
def interruptible(cancel: Cancel) -> Iterator[None]:
    """Ctrl-C also asks the engine to stop; any error that this provokes is KeyboardInterrupt."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        cancel.cancel()
        _interrupted(number, frame)

    _stopped.clear()
    with _on_interrupt(stop):
        try:
            yield
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:
            if stopped():
                raise KeyboardInterrupt from error
            raise


@contextlib.contextmanager
def unstoppable() -> Iterator[None]:
    """Ctrl-C waits: this is the end already."""
    with _on_interrupt(signal.SIG_IGN):
        yield


@contextlib.contextmanager
def _on_interrupt(handler: Any) -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    _stopped.set()
    raise KeyboardInterrupt


def _terminated(number: int, _frame: FrameType | None) -> NoReturn:
    _stopped.set()
    sys.exit(128 + number)


def _handle(number: int, handler: Any) -> None:
    with contextlib.suppress(ValueError):  # not the main thread
        signal.signal(number, handler)


def _unraisable(what: sys.UnraisableHookArgs) -> None:
    if not issubclass(what.exc_type, (KeyboardInterrupt, SystemExit)):
        sys.__unraisablehook__(what)
