"""Whose turn it is at the model: so many at a time, so many waiting, the rest refused at once.

What needs no model never comes here, so it never waits behind what does.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import Cancelled, ServerBusy
from ..models.cancel import Cancel

_LOOK_SECONDS = 0.1
_FIRST_GUESS_SECONDS = 15.0


class Lane:
    """Turns in the order of asking. Safe to use from several threads."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self.at_once = at_once
        self.most_waiting = waiting
        self._changed = threading.Condition()
        self._queue: deque[object] = deque()
        self._under_way = 0
        self._usual_seconds = _FIRST_GUESS_SECONDS

    @property
    def waiting(self) -> int:
        return len(self._queue)

    @property
    def under_way(self) -> int:
        return self._under_way

    @property
    def retry_after_seconds(self) -> int:
        """When one who is refused now may find room, from how long turns took lately."""
        with self._changed:
            ahead = 1 + len(self._queue) / self.at_once
            return max(1, round(ahead * self._usual_seconds / self.at_once))

    @contextmanager
    def turn(self, cancel: Cancel | None = None) -> Iterator[None]:
        """Wait for a turn and have it. ServerBusy where too many wait already."""
        me = object()
        with self._changed:
            if self._under_way >= self.at_once and len(self._queue) >= self.most_waiting:
                raise ServerBusy(self.retry_after_seconds)
            self._queue.append(me)
            try:
                while self._queue[0] is not me or self._under_way >= self.at_once:
                    if cancel is not None and cancel.cancelled:
                        raise Cancelled
                    self._changed.wait(_LOOK_SECONDS if cancel is not None else None)
            finally:
                self._queue.remove(me)
                self._changed.notify_all()
            self._under_way += 1
        started = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._usual_seconds += 0.2 * (time.monotonic() - started - self._usual_seconds)
                self._changed.notify_all()
