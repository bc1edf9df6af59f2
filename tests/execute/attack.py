"""An attack is a file, and there is a world outside the fence for it to reach for.

Shared by the tests and by `benchmarks/attacks.py`; what an attack does stands in its own file.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funcsmith import contract
from funcsmith.contract import Result
from funcsmith.execute import Limits

FOLDER = Path(__file__).parent / "attacks"
SMALL = Limits(
    cpu_seconds=0.4,
    wall_seconds=2.5,
    memory_bytes=32 * 2**20,
    output_bytes=100_000,
    value_bytes=1_000_000,
    disk_bytes=2**20,
)


@dataclass(frozen=True)
class Attack:
    """One file of the folder: what it tries, and how it must end."""

    path: Path
    source: str
    expected: str
    """"refused", or what its harmless end is: a status, a value, a repr."""
    open_end: str
    """Without the fence: it "escapes", is "unsafe" to run outside a container, does in a plain
    process what `unfenced.WAYS` says, or does the "same", because the border stops it and not the
    fence."""

    @property
    def name(self) -> str:
        return self.path.stem

    def held(self, result: Result) -> bool:
        """Whether it ended as its file says, and brought nothing out."""
        kind, _, detail = self.expected.partition(" ")
        if "ESCAPED" in str(result.value):
            return False
        if kind == "refused":
            return True  # whatever else it did, it did not get out
        if kind == "value":
            return result.status == "ok" and bool(result.value == json.loads(detail))
        if kind == "repr":
            return result.status == "ok" and result.repr is not None
        return result.status in detail.split("|")


def read_attacks() -> list[Attack]:
    """Every attack, by name."""
    return [_read(path) for path in sorted(FOLDER.glob("*.py"))]


def _read(path: Path) -> Attack:
    source = path.read_text()
    said = dict(
        line[2:].partition(": ")[::2] for line in source.splitlines() if line.startswith("# ")
    )
    return Attack(path, source, said["expect"], said["without the fence"])


class World:
    """Things outside the fence, and whether anyone touched them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secret = folder / "secret.txt"
        self.secret.write_text("the secret")
        self.victim = folder / "victim.txt"
        self.victim.write_text("precious")
        self.victim.chmod(0o600)
        (folder / "stolen.py").write_text("WORD = 'imported'\n")
        self.process = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=-1)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.visitors = 0
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()
        self.before = self._seen()

    def as_argument(self) -> dict[str, Any]:
        return {
            "secret": str(self.secret),
            "victim": str(self.victim),
            "module": str(self.folder / "stolen.py"),
            "outside": str(self.folder),
            "package": os.path.realpath(str(contract.__file__)),
            "port": self.server.getsockname()[1],
            "pid": self.process.pid,
        }

    def untouched(self) -> bool:
        return self._seen() == self.before and self.visitors == 0 and self.process.poll() is None

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.server.close()

    def _seen(self) -> list[tuple[str, int, int, int]]:
        return sorted(
            (path.name, path.stat().st_size, path.stat().st_mode, path.stat().st_mtime_ns)
            for path in self.folder.iterdir()
        )

    def _listen(self) -> None:
        while True:
            try:
                visitor, _ = self.server.accept()
            except OSError:
                return
            self.visitors += 1
            visitor.close()
