"""What an attack does in a plain Python process: no fence, no limits and no worker of ours.

So it runs where generated code is called with exec(). It is for attacks on limits, on the answer,
on the next call and on what the process was given; what reaches outside is shown in a sandbox without its fence instead.
A bomb hurts nobody: outer limits and another user hold it, and its first excess ends it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .attack import SMALL, Attack

WAYS = ("exceeds", "ends", "stays", "finds", "forges", "lies")
"""It takes more than a call's limit; it ends the process; it is still there for the next call; it
finds what the process has and a call must not see; it writes where the process answers; its value
equals everything."""

_ANSWERS = ("same", "stays", "finds", "lies")
_SECONDS = 8.0
_TICK_SECONDS = 0.01
_BOUNDS = {
    "RLIMIT_AS": 5 * 2**28,
    "RLIMIT_CPU": 5,
    "RLIMIT_FSIZE": 2**26,
    "RLIMIT_NOFILE": 2_000,
    "RLIMIT_CORE": 0,
}
_NOBODY = 65534

_HOST = """
import atexit, builtins, ctypes, hashlib, itertools, json, marshal, math, mmap, opcode, os, re
import resource, signal, sys, threading, time, zlib
os.close(os.open("ready", os.O_CREAT))
given = json.loads(sys.stdin.readline())
shown = os.open("shown", os.O_CREAT | os.O_WRONLY)
done = os.open("done", os.O_CREAT | os.O_WRONLY)
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(given["nobody"])
    os.setuid(given["nobody"])
for name, most in given["bounds"].items():
    hard = resource.getrlimit(getattr(resource, name))[1]
    most = most if hard == -1 else min(most, hard)
    resource.setrlimit(getattr(resource, name), (most, most))
write, wait, threads, modules = os.write, time.sleep, threading.active_count, (builtins, json, os)
kept = [(module, dict(vars(module))) for module in modules]
names = {}
text = second = None
lies = False
try:
    exec(given["source"], names)
    value = names["attack"](given["world"])
    value = list(value) if hasattr(type(value), "__next__") else value
    said = repr(value)
    write(shown, said.encode())
    text = said
    lies = bool(value == object())
    second = repr(names["attack"](given["world"]))
except Exception as error:
    str(error)
stays = threads() > 1 or second is not None and text != second
for module, before in kept:
    for name in before:
        if vars(module).get(name) is not before[name]:
            stays = True
found = text is not None and "ESCAPED" in text
write(done, b"finds" if found else b"lies" if lies else b"stays" if stays else b"same")
if given["held"]:
    wait(60)
"""


def plain_end(attack: Attack, folder: Path) -> str:
    """How the attack ends in a plain process: in the words of its header, or the "same"."""
    folder.chmod(0o777)
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _HOST],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "SERVICE_KEY": "a key of the user's"},
            start_new_session=True,
        )
    way, _, what = attack.open_end.partition(" ")
    while not (folder / "ready").exists():
        time.sleep(_TICK_SECONDS)
        assert process.poll() is None, "the plain process did not start"
    used, most = _measures(process.pid, folder).get(what, (lambda: 0.0, 1.0))
    before = used()
    given = {
        "source": attack.source,
        "world": {"outside": "."},
        "bounds": {**_BOUNDS, "RLIMIT_NPROC": _tasks() + (300 if what == "threads" else 12)},
        "nobody": _NOBODY,
        "held": way == "exceeds",
    }
    assert process.stdin is not None
    process.stdin.write(json.dumps(given).encode() + b"\n")
    process.stdin.close()
    try:
        return _watched(process, folder, lambda: used() - before > most, attack.open_end)
    finally:
        _end(process)


def _watched(
    process: subprocess.Popen[bytes], folder: Path, exceeds: Callable[[], bool], said: str
) -> str:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        answer = _read(folder / "done")
        if exceeds():
            return said
        ended = process.poll() is not None
        answer = answer or _read(folder / "done")
        if ended:
            if (folder / "left").exists():
                return "stays"
            return "ends" if not answer else answer if answer in _ANSWERS else "forges"
        if answer and said.startswith("exceeds"):
            return "same"
        time.sleep(_TICK_SECONDS)
    return "same"


def _measures(pid: int, folder: Path) -> dict[str, tuple[Callable[[], float], float]]:
    """What is used by now, and how much of it a call may use."""
    started = time.monotonic()
    tick = os.sysconf("SC_CLK_TCK")
    return {
        "cpu": (lambda: sum(map(int, _stat(pid)[11:13])) / tick, SMALL.cpu_seconds),
        "wall": (
            lambda: 0.0 if _read(folder / "done") else time.monotonic() - started,
            SMALL.wall_seconds,
        ),
        "memory": (lambda: _peak(pid), SMALL.memory_bytes),
        "disk": (lambda: _size(folder), SMALL.disk_bytes),
        "output": (lambda: (folder / "printed").stat().st_size, SMALL.output_bytes),
        "value": (lambda: _size(folder, "shown"), SMALL.value_bytes),
        "threads": (lambda: len(_listed(f"/proc/{pid}/task")), 256),
        "files": (lambda: len(_listed(f"/proc/{pid}/fd")), SMALL.open_files),
        # What is there before the attack is the one process of its own.
        "processes": (lambda: len(_session(pid)), 0),
    }


def _stat(pid: int | str) -> list[str]:
    said = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return said or ["0"] * 50


def _peak(pid: int) -> int:
    for line in _read(Path(f"/proc/{pid}/status")).splitlines():
        if line.startswith("VmPeak:"):
            return int(line.split()[1]) * 1024
    return 0


def _size(folder: Path, name: str = "*") -> int:
    sizes = 0
    for path in folder.glob(name):
        try:
            sizes += path.stat().st_size
        except OSError:
            continue
    return sizes


def _session(leader: int) -> list[int]:
    """The processes of a session that still run."""
    return [
        int(name)
        for name in _listed("/proc")
        if name.isdigit() and (stat := _stat(name))[3] == str(leader) and stat[0] != "Z"
    ]


def _tasks() -> int:
    """The tasks of the user whom the attack will run as."""
    user = os.getuid() or _NOBODY
    count = 0
    for name in _listed("/proc"):
        try:
            if name.isdigit() and Path("/proc", name).stat().st_uid == user:
                count += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return count


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole session: its members may fork until the last is gone."""
    for _ in range(1_000):
        for pid in _session(process.pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        if process.poll() is not None and not _session(process.pid):
            return
        time.sleep(_TICK_SECONDS / 10)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
