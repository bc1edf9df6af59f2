"""Every attack of tests/execute/attacks against the fence: what held, and what is left behind.

    python benchmarks/attacks.py [--uid 65534] [--rounds 2] [--fence-only]

Each attack runs with the syntax-tree check in front and without it, round after round, against one
sandbox. It held if it ended as its file says and touched nothing outside. Then it runs without any
fence: those that may do harm in a container of their own (`unshare`: processes, network, mounts),
for which the command has to be root. There it "escapes", or ends the "same" because the border
stops it and not the fence, or is "not shown" (this kernel or container refuses it).
Those on limits, on the answer and on the next call run in a plain Python process: there they take
more than a limit ("exceeds …"), end the process ("ends"), are still there for the next call
("stays"), find what the process has ("finds"), write where it answers ("forges") or equal whatever
they are compared with ("lies").
Afterwards no process, folder or socket of ours may be left. `--uid` runs all of it as that user.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from execute import unfenced  # noqa: E402
from execute.attack import SMALL, Attack, World, read_attacks  # noqa: E402

from funcsmith.evaluate import machine, report  # noqa: E402
from funcsmith.execute import Sandbox, check  # noqa: E402

OPEN = "off-i-own-this-machine"
CONTAINER = ("unshare", "--pid", "--fork", "--mount-proc", "--net", "--ipc", "--kill-child")
ONE_SECONDS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--uid", type=int)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--fence-only", action="store_true", help="leave out what is not fenced")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--open", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.open:
        print(json.dumps(open_end(options.open)))
        return
    code = machine.code()
    if options.uid is not None:
        os.setgroups([])
        os.setgid(options.uid)
        os.setuid(options.uid)
    kept = tempfile.mkdtemp(prefix="funcsmith-attacks-")
    tempfile.tempdir = kept
    try:
        result = {**measure(options.rounds, fence_only=options.fence_only), "code": code}
    finally:
        tempfile.tempdir = None
        shutil.rmtree(kept)
    name = "attacks.json" if os.getuid() == 0 else "attacks-user.json"
    out = options.out or Path(__file__).parent / "results" / name
    print(readable(result))
    try:
        report.write(result, out)
        print(f"\nwritten to {out}")
    except PermissionError:  # another user than the one who owns the checkout
        out = Path(tempfile.gettempdir()) / name
        report.write(result, out)
        print(f"\nwritten to {out}")
    raise SystemExit(0 if result["all_held"] else 1)


def measure(rounds: int, *, fence_only: bool = False) -> dict[str, Any]:
    """Every attack in every way, and what was left."""
    attacks = read_attacks()
    before = left_behind()
    started = time.monotonic()
    rows: dict[str, dict[str, Any]] = {
        one.name: {"expected": one.expected, "checked": [], "unchecked": []} for one in attacks
    }
    with tempfile.TemporaryDirectory(prefix="funcsmith-world-") as folder, Sandbox() as sandbox:
        world = World(Path(folder))
        isolation = sandbox.isolation()
        for _ in range(rounds):
            for one in attacks:
                row = rows[one.name]
                row["unchecked"].append(attacked(sandbox, one, world))
                refused = bool(check(one.source))
                row["checked"].append("refused by the check" if refused else row["unchecked"][-1])
        world.close()
    for one in attacks:
        rows[one.name]["open"] = "not tried" if fence_only else opened(one)
    kept = [name for name in left_behind() if name not in before]
    return {
        "attacks": len(attacks),
        "rounds": rounds,
        "uid": os.getuid(),
        "isolation": isolation.model_dump(),
        "held": {way: sum(_held(row[way]) for row in rows.values()) for way in WAYS},
        "open": {
            end: sum(row["open"] == end for row in rows.values())
            for end in sorted({row["open"] for row in rows.values()})
        },
        "left_behind": kept,
        "all_held": not kept and all(_held(row[way]) for row in rows.values() for way in WAYS),
        "seconds": round(time.monotonic() - started, 1),
        "rows": rows,
        "date": machine.now(),
        "machine": machine.machine(),
    }


def attacked(sandbox: Sandbox, one: Attack, world: World) -> str:
    """How one attack ended in the fence."""
    result = sandbox.call(one.source, "attack", {"world": world.as_argument()}, limits=SMALL)
    if not one.held(result):
        return f"GOT OUT: {result.status} {str(result.value)[:100]}"
    if not world.untouched():
        return "GOT OUT: the world was touched"
    return "held: " + result.status + (f" ({result.limit})" if result.limit else "")


def opened(one: Attack) -> str:
    """How it ends where there is no fence: "escapes", or what else came of it."""
    if one.open_end.split()[0] in unfenced.WAYS:
        with tempfile.TemporaryDirectory(prefix="funcsmith-plain-") as plain:
            end = unfenced.plain_end(one, Path(plain))
        return end if end == one.open_end else "not shown"
    command = [sys.executable, str(Path(__file__).resolve()), "--open", one.name]
    if one.open_end != "escapes":
        if os.getuid() != 0 or shutil.which(CONTAINER[0]) is None:
            return "not tried"
        command = [*CONTAINER, *command]
    path = os.pathsep.join(sys.path[1:])
    folder = tempfile.mkdtemp()  # what is killed there leaves its folders
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            timeout=ONE_SECONDS,
            env={**os.environ, "FUNCSMITH_FENCE": OPEN, "PYTHONPATH": path, "TMPDIR": folder},
        )
    except subprocess.TimeoutExpired:
        return "escapes"  # still there after its limits
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not done.stdout.strip():
        return "escapes"  # it took the process that ran it along
    return str(json.loads(done.stdout))


def open_end(name: str) -> str:
    """Run one attack here and now, without a fence."""
    one = next(one for one in read_attacks() if one.name == name)
    with tempfile.TemporaryDirectory(prefix="funcsmith-world-") as folder:
        world = World(Path(folder))
        with Sandbox() as sandbox:
            sandbox.isolation()
            worker = sandbox._worker  # noqa: SLF001
            result = sandbox.call(
                one.source, "attack", {"world": world.as_argument()}, limits=SMALL
            )
            taken = worker is not sandbox._worker or not sandbox._ready().alive()  # noqa: SLF001
        touched = not world.untouched()
        world.close()
    if "ESCAPED" in str(result.value) or touched or taken:
        return "escapes"
    if one.name.startswith("program_") and (result.error or "").endswith(_BECAME_ANOTHER):
        return "escapes"
    return "same" if one.held(result) and one.open_end == "same" else "not shown"


def left_behind() -> list[str]:
    """Folders and processes that look like ours."""
    folders = [str(path) for path in Path(tempfile.gettempdir()).glob("funcsmith-*")]
    processes = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(words[1]) == os.getpid():
            processes.append(f"process {path.parent.name} {words[0]}")
    sockets = [f"socket {one.name}" for one in Path("/proc/self/fd").iterdir() if _is_socket(one)]
    return [*folders, *processes, *sockets]


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except OSError:
        return False


def readable(result: dict[str, Any]) -> str:
    """A line for each attack, and the sums."""
    rounds = range(result["rounds"])
    lines = [
        (name, *(" / ".join({row[way][n]: None for n in rounds}) for way in WAYS), row["open"])
        for name, row in result["rows"].items()
    ]
    table = report.aligned(("attack", "with the check", "fence alone", "no fence"), lines, left=4)
    sums = [
        f"{result['attacks']} attacks, user {result['uid']}, {result['isolation']['kind']}",
        f"{result['rounds']} rounds, {result['seconds']} s",
        *(f"held, {way}: {count} of {result['attacks']}" for way, count in result["held"].items()),
        f"without the fence: {result['open']}",
        f"left behind: {', '.join(result['left_behind']) or 'nothing'}",
    ]
    return "\n".join((table, "", *sums))


def _held(endings: list[str]) -> bool:
    return all(not ending.startswith("GOT OUT") for ending in endings)


_BECAME_ANOTHER = "(exit code 0) before the function returned"
WAYS = ("checked", "unchecked")

if __name__ == "__main__":
    main()
