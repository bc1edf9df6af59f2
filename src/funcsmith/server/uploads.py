"""Files that clients sent, and the results made of them: in a folder of this server's own, for a while.

Each has an address that nobody can guess and that opens for the key which made it alone. It goes once
its result was fetched, when nobody used it for an hour, and with the server.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from ..errors import FuncsmithError
from .keys import Key

KEPT_SECONDS = 3600.0
MOST_OF_A_KEY = 4
"""Files of one key at a time; a further one takes the place of the oldest."""
MOST = 64
_BLOCK_BYTES = 2**18


class UploadNotFound(FuncsmithError):
    code = "upload_not_found"
    status_code = 404


class UploadsFull(FuncsmithError):
    code = "uploads_full"
    status_code = 429
    retry_after_seconds = 30


@dataclass
class Upload:
    """One file, and what came of it."""

    token: str
    owner: Key
    function: str
    name: str
    """What its sender calls it; it stands in no path but as an ending."""
    path: Path
    result: Path
    """Where the rows with their results go."""
    columns: list[str] = field(default_factory=list)
    used: float = 0.0
    busy: bool = False
    """Whether its rows are gone over just now."""


class Uploads:
    """What one server holds. Safe to use from several threads."""

    def __init__(self, *, seconds: float = KEPT_SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._held: dict[str, Upload] = {}
        self._root: Path | None = None

    def new(self, owner: Key, function: str, name: str, ending: str, result_ending: str) -> Upload:
        """Room for one more file. UploadsFull where there is none."""
        self.sweep()
        with self._lock:
            own = [one for one in self._held.values() if _same(one.owner, owner)]
            idle = [one for one in own if not one.busy]
            if len(own) >= MOST_OF_A_KEY and idle:
                self._removed(min(idle, key=lambda one: one.used))
            elif len(own) >= MOST_OF_A_KEY or len(self._held) >= MOST:
                raise _full()
            if self._root is None:
                self._root = Path(tempfile.mkdtemp(prefix="funcsmith-files-"))
            folder = Path(tempfile.mkdtemp(dir=self._root))
            upload = Upload(
                secrets.token_urlsafe(32),
                owner,
                function,
                name,
                folder / f"rows{ending}",
                folder / f"result{result_ending}",
                used=time.monotonic(),
            )
            self._held[upload.token] = upload
            return upload

    def of(self, token: str, asking: Key) -> Upload:
        """The file of an address. UploadNotFound where it went, or is another key's."""
        self.sweep()
        with self._lock:
            found = self._held.get(token)
            if found is None or not _same(found.owner, asking):
                raise UploadNotFound(
                    {"en": "This file is no longer here.", "zh": "文件已不在这里。"},
                    hint={"en": "Choose it again.", "zh": "请重新选择文件。"},
                )
            found.used = time.monotonic()
            return found

    @contextlib.contextmanager
    def using(self, upload: Upload) -> Iterator[None]:
        """While its rows are gone over it is kept. UploadsFull where they are already."""
        with self._lock:
            if upload.busy or upload.token not in self._held:
                raise _full()
            upload.busy = True
        try:
            yield
        finally:
            with self._lock:
                upload.busy, upload.used = False, time.monotonic()

    def drop(self, upload: Upload) -> None:
        """Remove a file and what was made of it."""
        with self._lock:
            self._removed(upload)

    def sweep(self) -> None:
        """Remove what nobody used for too long."""
        before = time.monotonic() - self.seconds
        with self._lock:
            for one in [*self._held.values()]:
                if one.used <= before and not one.busy:
                    self._removed(one)

    def close(self) -> None:
        """Remove everything."""
        with self._lock:
            self._held.clear()
            if self._root is not None:
                shutil.rmtree(self._root, ignore_errors=True)
                self._root = None

    def _removed(self, upload: Upload) -> None:
        self._held.pop(upload.token, None)
        shutil.rmtree(upload.path.parent, ignore_errors=True)


async def blocks(path: Path) -> AsyncIterator[bytes]:
    """A file in pieces, as it is sent."""
    async with await anyio.open_file(path, "rb") as file:
        while block := await file.read(_BLOCK_BYTES):
            yield block


def _same(one: Key, other: Key) -> bool:
    return (one.sha256, one.tenant) == (other.sha256, other.tenant)


def _full() -> UploadsFull:
    return UploadsFull(
        {
            "en": "As many files as this server holds are being worked on.",
            "zh": "正在处理的文件已达到本服务的上限。",
        },
        hint={"en": "Try again in a moment.", "zh": "请稍后重试。"},
    )
