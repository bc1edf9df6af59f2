"""A lock between processes whose waiters queue: who asked first is first, and nobody polls.

The system gives it back when its holder dies. A hundred processes that poll (as `filelock` does)
starve the unlucky ones for more than a minute on a busy machine; Windows has nothing else.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def locked(path: Path, wait_seconds: float) -> Iterator[None]:
    """Hold the lock of a file; TimeoutError where another process keeps it longer than that."""
    if os.name != "posix":
        from filelock import FileLock, Timeout

        try:
            held = FileLock(path, timeout=wait_seconds).acquire()
        except Timeout as error:
            raise TimeoutError(str(path)) from error
        with held:
            yield
        return
    handle = _Queued(path)
    handle.acquire(wait_seconds)
    try:
        yield
    finally:
        os.close(handle.file)


class _Queued:
    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._got = threading.Event()
        self._left = False
        self._guard = threading.Lock()

    def acquire(self, wait_seconds: float) -> None:
        import fcntl

        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # The system call that queues has no limit of time, so a thread waits in it.
            threading.Thread(target=self._wait, daemon=True).start()
            got = False
            try:
                got = self._got.wait(wait_seconds)
            finally:
                with self._guard:
                    self._left = not got and not self._got.is_set()
                    mine = self._got.is_set()
                if not got and mine:
                    os.close(self.file)  # it came in the very moment of giving up
            if not got:
                raise TimeoutError(str(self.file)) from None
        except BaseException:
            os.close(self.file)
            raise

    def _wait(self) -> None:
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.flock(self.file, fcntl.LOCK_EX)
        with self._guard:
            if self._left:  # nobody waits any more: on to the next
                os.close(self.file)
            else:
                self._got.set()
