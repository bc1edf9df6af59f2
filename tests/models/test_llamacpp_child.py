"""How long an engine waits for the next command. No model."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from funcsmith.models import llamacpp_child


def waiting(lease: Path, *, seconds: float = 0.2) -> threading.Thread:
    order = {"keep_warm_seconds": seconds, "lease": str(lease)}
    thread = threading.Thread(target=llamacpp_child._wait, args=(order, threading.Event()))
    thread.start()
    return thread


def test_lease_that_comes_late_is_waited_for(tmp_path: Path) -> None:
    """On a busy machine the parent writes the lease later than the engine first looks for it."""
    lease = tmp_path / "engine.json"
    engine = waiting(lease)
    time.sleep(0.6)

    assert engine.is_alive()
    lease.write_text("{}")
    engine.join(20)
    assert not engine.is_alive()
    assert not lease.exists()


def test_lease_that_is_taken_away_ends_it(tmp_path: Path) -> None:
    """Whoever removes the lease ends the engine."""
    lease = tmp_path / "engine.json"
    lease.write_text("{}")
    engine = waiting(lease, seconds=40)
    time.sleep(2)
    lease.unlink()

    engine.join(20)

    assert not engine.is_alive()
