"""Each limit ends in its status, in time, and leaves nothing behind."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from funcsmith.execute import Limits, Sandbox

SMALL = Limits(
    cpu_seconds=0.3, wall_seconds=2.0, memory_bytes=2**26, output_bytes=10**5, disk_bytes=2**20
)
BY_NAME = {
    "cpu_seconds": ("timeout", "while True: pass"),
    "wall_seconds": ("timeout", "import time; time.sleep(60)"),
    "memory_bytes": ("memory", "return len('x' * 10**9)"),
    "output_bytes": ("output", "while True: print('x' * 1000)"),
    "value_bytes": ("output", "return [0] * 5_000_000"),
    "processes": ("forbidden", "import os; os.fork()"),
    "open_files": ("error", "return [open(f'{n}', 'w') for n in range(200)]"),
    "disk_bytes": ("output", "open('f', 'wb').write(bytes(2**22))"),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_limit_ends_in_its_status_in_time(name: str, sandbox: Sandbox) -> None:
    """A call that crosses a limit ends within half a second of it, and says which it was."""
    status, body = BY_NAME[name]
    limits = Limits(**{**vars(SMALL), "wall_seconds": 0.3}) if name == "wall_seconds" else SMALL
    sandbox.call("def f(): pass", "f", {})
    started = time.monotonic()

    result = sandbox.call(f"def f():\n    {body}\n", "f", {}, limits=limits)

    assert (result.status, result.limit) == (status, name), result.error
    assert time.monotonic() - started < 0.3 + 0.5


def test_threads_are_counted(sandbox: Sandbox) -> None:
    """Threads of small stacks fit into the memory; a call that starts too many of them is ended.

    Found by an attack: 2,000 were there after 23 ms, and the machine has numbers for 32,768.
    """
    body = (
        "import threading, time\n"
        "def f(count):\n"
        "    threading.stack_size(32_768)\n"
        "    for _ in range(count):\n"
        "        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n"
        "    time.sleep(1)\n"
        "    return count\n"
    )

    few = sandbox.call(body, "f", {"count": 100})
    many = sandbox.call(body, "f", {"count": 400})

    assert few.value == 100, few.error
    assert (many.status, many.limit) == ("forbidden", "processes"), many.error
    assert many.error == "too many threads were started"


def test_text_printed_before_the_end_is_kept(sandbox: Sandbox) -> None:
    """What a call printed before its time ran out comes back."""
    result = sandbox.call(
        "def f():\n    print('before')\n    while True: pass\n", "f", {}, limits=SMALL
    )

    assert (result.status, result.stdout) == ("timeout", "before\n")


def test_a_value_too_large_says_its_size(sandbox: Sandbox) -> None:
    """A value beyond the bound is not cut in half: its size and the start of its repr come back."""
    result = sandbox.call("def f():\n    return list(range(5_000_000))\n", "f", {})

    assert (result.status, result.value, result.limit) == ("output", None, "value_bytes")
    assert result.error == "the value is larger than 8,000,000 bytes: list (5,000,000 items)"
    assert result.repr is not None
    assert result.repr.startswith("[0, 1, 2")
    assert result.repr.endswith("… (5,000,000 items)")


def test_nothing_is_left_behind() -> None:
    """After a sandbox has closed there is no process and no folder of it."""
    before = set(glob.glob(f"{tempfile.gettempdir()}/funcsmith-fence-*"))
    with Sandbox() as passing:
        passing.call("def f():\n    open('left', 'w').write('x')\n", "f", {})
        passing.call("def f():\n    while True: pass\n", "f", {}, limits=SMALL)
        worker = passing._worker
        assert worker is not None
        pid, root = worker.process.pid, worker.root
        assert os.listdir(f"{root}/calls/0") == []

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not os.path.exists(root)
    assert set(glob.glob(f"{tempfile.gettempdir()}/funcsmith-fence-*")) <= before


PROGRAM = """
import os, sys, threading, time
from funcsmith.execute import Limits, default_sandbox, execute
print(execute("def f(): return 42", "f").value)
print(default_sandbox()._worker.process.pid, default_sandbox()._worker.root, flush=True)
"""


def test_a_program_that_ends_leaves_nothing() -> None:
    """The default sandbox ends with its program."""
    said = _program(PROGRAM)

    assert said[0] == "42"
    _gone(int(said[1].split()[0]), said[1].split()[1])


def test_a_program_that_is_killed_leaves_nothing() -> None:
    """When the program is killed in a call, the call and the warmed process end and clear up."""
    said = _program(
        PROGRAM
        + "threading.Thread(target=execute, args=('def f():\\n  while True: pass', 'f')).start()\n"
        + "time.sleep(0.3)\nos.kill(os.getpid(), 9)\n"
    )

    _gone(int(said[1].split()[0]), said[1].split()[1])


def test_it_works_as_an_ordinary_user() -> None:
    """A call as user 65534, where this process may change to it, gives its value in the fence."""
    if os.getuid() != 0:
        pytest.skip("already an ordinary user")
    change = "import os\nos.setgid(65534); os.setuid(65534)\n"
    minor = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for python in (sys.executable, shutil.which(minor, path="/usr/local/bin:/usr/bin")):
        probe = change + "import encodings.idna, json.tool"
        if (
            python
            and not subprocess.run(
                [python, "-c", probe], capture_output=True, check=False
            ).returncode
        ):
            break
    else:
        pytest.skip("no Python here is readable by other users")

    said = _program(change + PROGRAM, python)

    assert said[0] == "42"


def test_only_the_first_call_pays_for_the_start() -> None:
    """A warm call takes a few milliseconds."""
    with Sandbox() as warm:
        warm.call("def f(): return 1", "f", {})
        times = []
        for _ in range(50):
            started = time.perf_counter()
            warm.call("def f(): return 1", "f", {})
            times.append(time.perf_counter() - started)

    assert sorted(times)[10] < 0.02


def _program(text: str, python: str = sys.executable) -> list[str]:
    paths = [str(Path(__file__).parents[2] / "src"), *sys.path]
    ended = subprocess.run(
        [python, "-c", f"import sys; sys.path += {paths!r}\n{text}"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert ended.stdout, ended.stderr
    return ended.stdout.splitlines()


def _gone(pid: int, path: str) -> None:
    """Gone, or ended and waiting for a slow init to say so."""
    for _ in range(100):
        if not _runs(pid):
            break
        time.sleep(0.02)
    assert not _runs(pid)
    assert not os.path.exists(path)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
