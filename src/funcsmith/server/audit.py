"""Who ran which code with which grants: one JSON line each in `audit.jsonl`. No texts, no values."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

LIMIT_BYTES = 50 * 2**20
"""Beyond it the log begins anew, and the one before is kept as `audit.jsonl.1`."""


class Audit:
    """The log of one home. A line that was returned from is on the disk's way: it is not buffered."""

    def __init__(self, home: Path) -> None:
        self.path = home / "audit.jsonl"
        self._lock = threading.Lock()

    def write(
        self,
        *,
        key: str,
        action: str,
        function: str | None = None,
        source: str | None = None,
        grants: Sequence[str] = (),
        status: str | None = None,
    ) -> None:
        """Add one line. What cannot be written is an error of the request: nothing runs unseen."""
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "key": key,
            "action": action,
            "function": function,
            "sha256": hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
            if source
            else None,
            "grants": list(grants),
            "status": status,
        }
        written = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "replace")
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                if self.path.stat().st_size > LIMIT_BYTES:
                    os.replace(self.path, self.path.with_name("audit.jsonl.1"))
            except FileNotFoundError:
                pass
            file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(file, written)
            finally:
                os.close(file)
