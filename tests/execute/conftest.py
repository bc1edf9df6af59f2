"""One sandbox for the folder, and a world outside it for attacks to reach for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from funcsmith import contract
from funcsmith.execute import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared


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


@pytest.fixture(scope="session")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.close()


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world
