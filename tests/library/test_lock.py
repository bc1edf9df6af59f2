"""The lock of a library folder: one holder, a queue, a limit of time, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from funcsmith.library.lock import locked

HOLDER = """
import sys, time
from pathlib import Path
from funcsmith.library.lock import locked
with locked(Path(sys.argv[1]), 60):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder(tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "lock")],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_another_process_waits_only_so_long(tmp_path: Path, holder) -> None:
    """TimeoutError after the time; whoever gave up does not hold it afterwards."""
    for _ in range(2):
        with pytest.raises(TimeoutError), locked(tmp_path / "lock", 0.2):
            pass
    holder.kill()
    holder.wait()
    with (
        locked(tmp_path / "lock", 30),
        pytest.raises(TimeoutError),
        locked(tmp_path / "lock", 0.1),
    ):
        pass


def test_killed_holder_gives_it_back(tmp_path: Path, holder) -> None:
    """A waiter gets it the moment that its holder is killed."""
    threading.Timer(0.3, holder.send_signal, [signal.SIGKILL]).start()
    with locked(tmp_path / "lock", 60):
        pass
    assert holder.wait() == -signal.SIGKILL


def test_one_at_a_time(tmp_path: Path) -> None:
    """Of eight threads none is inside with another; no file is left open."""
    inside, most, files = (
        [0],
        [0],
        len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc") else 0,
    )

    def work() -> None:
        for _ in range(5):
            with locked(tmp_path / "lock", 60):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.002)
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1]
    if files:
        assert len(os.listdir("/proc/self/fd")) <= files
