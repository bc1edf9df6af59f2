"""Asking for an end. By itself, so that whoever may stop something need not load an engine."""

from __future__ import annotations

import threading


class Cancel:
    """Asks whatever is being decoded to stop; closing the stream is what really stops it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()
