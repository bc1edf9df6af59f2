"""The command line on a scripted pipeline, in this process and as a whole process."""

from __future__ import annotations

import importlib.util
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from funcsmith import cli
from funcsmith.cli import turn

HERE = Path(__file__).parent
SCRIPTED = HERE / "scripted.py"
SOURCE = HERE.parent.parent / "src"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(scope="session")
def scripted():
    spec = importlib.util.spec_from_file_location("scripted", SCRIPTED)
    module = importlib.util.module_from_spec(spec)
    sys.modules["scripted"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def interruptible():
    """Children can be interrupted, also where these tests run as a shell's background job."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary home, an English locale, no colours asked for or forbidden."""
    home = tmp_path / "home"
    for name in ("LC_ALL", "LC_MESSAGES", "NO_COLOR", "TERM", "PYTHONIOENCODING", "PYTHONUTF8",
                 "FUNCSMITH_DEBUG", "FUNCSMITH_DATABASE_URL", "FUNCSMITH_MODEL",
                 "FUNCSMITH_MODELS"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("FUNCSMITH_HOME", str(home))
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    return home


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, scripted, capsys
) -> Callable[..., tuple[int, str, str]]:
    """Run a command line here: exit code, standard output, standard error."""
    monkeypatch.setattr(turn, "make_pipeline", scripted.Scripted)
    hook = sys.unraisablehook
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(arguments)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        sys.unraisablehook = hook
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run a command line as a process of its own."""

    def run(
        *arguments: str,
        stdin: bytes | None = None,
        env: dict[str, str] | None = None,
        **options: Any,
    ) -> subprocess.CompletedProcess[bytes]:
        source = options.pop("source", subprocess.DEVNULL)
        given = {"stdin": source} if stdin is None else {"input": stdin}
        return subprocess.run(
            [sys.executable, str(SCRIPTED), *arguments],
            capture_output=True,
            timeout=30,
            env=os.environ | (env or {}),
            check=False,
            **(given | options),
        )

    return run


class Terminal:
    """A terminal of 80 columns with the command line on it."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str]) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # A test run in the background has Ctrl-C switched off, and children inherit that.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.execve(
                sys.executable,
                [sys.executable, str(SCRIPTED), *arguments],
                os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "30"} | env,
            )
        import fcntl
        import termios

        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 80, 0, 0))
        self.said = ""
        self._bytes = b""
        self._looked = 0

    def expect(self, words: str, seconds: float = 15) -> str:
        """Wait until something new matches; what was said since the last time."""
        until = time.monotonic() + seconds
        while True:
            found = re.search(words, self.said[self._looked :])
            if found:
                new = self.said[self._looked : self._looked + found.end()]
                self._looked += found.end()
                return new
            assert time.monotonic() < until, f"{words!r} did not come: {self.said!r}"
            assert self._read(0.1), f"it ended before {words!r}: {self.said!r}"

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def end(self, seconds: float = 15) -> int:
        """Wait for the end; the exit code."""
        until = time.monotonic() + seconds
        while self._read(0.1):
            assert time.monotonic() < until, f"it did not end: {self.said!r}"
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)

    def _read(self, seconds: float) -> bool:
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            came = os.read(self.fd, 65536)
        except OSError:
            return False
        self._bytes += came
        self.said = self._bytes.decode("utf-8", "ignore")
        return bool(came)


@pytest.fixture
def terminal() -> Callable[..., Terminal]:
    def start(*arguments: str, **env: str) -> Terminal:
        return Terminal(arguments, env)

    return start
