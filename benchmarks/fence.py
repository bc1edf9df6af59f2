"""What the fence costs: warm calls, the first call, rows, and calls under attack.

    python benchmarks/fence.py [--rounds 200] [--load 10000]

Side by side on the same 50 small functions, in turns: the fence, a plain `python -I -c` for each
call without any fence, and, where they are installed, Monty (`pydantic-monty`) and smolagents'
local executor. A call counts only if its value is right. Overhead is the wall time of a call less
the function's own time, which the same source takes here in this process. The first call is the one
that starts the warmed process; the whole process with all that it imports is timed beside it.

The load mixes attacks that run until a limit of 0.3 CPU seconds into innocent calls, from as many
threads as there are cores, and watches this process's memory.
"""

from __future__ import annotations

import argparse
import atexit
import importlib.metadata
import json
import random
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from funcsmith.evaluate import machine, report
from funcsmith.execute import Limits, Sandbox

RESULT = Path(__file__).parent / "results" / "fence.json"
WARM_SECONDS, FIRST_RATIO, ROWS_PER_SECOND = 0.004, 4.0, 50_000
PANDAS_CALLS = 100
FIRST_ROUNDS, ROWS, ROWS_ROUNDS = 15, 100_000, 5
BODIES = (
    "n * 9 / 5 + 32",
    "sum(range(n))",
    "str(n)[::-1]",
    "[k * k for k in range(n)]",
    "n % 2 == 0",
    "max(n, 7) - min(n, 7)",
    "' '.join(str(k) for k in range(n))",
    "len(str(2 ** n))",
    "sorted([n, 3, 9, -n])",
    "{'n': n, 'half': n // 2}",
)
INPUTS = (1, 5, 12, 20, 31)
FUNCTIONS = [(f"def f(n):\n    return {body}\n", n) for body in BODIES for n in INPUTS]
ATTACKS = (
    "def f(n):\n    while True: pass\n",
    "def f(n):\n    x = []\n    while True: x.append(bytes(10**6))\n",
    "def f(n):\n    while True: print('x' * 1000)\n",
    "def f(n):\n    return 10 ** 10 ** 8\n",
    "import os\ndef f(n):\n    os.kill(os.getppid(), 9)\n",
    "import os, signal\ndef f(n):\n    os.killpg(0, 9)\n",
    "import os\ndef f(n):\n    os._exit(0)\n",
    "import os\ndef f(n):\n    while True:\n        try: os.fork()\n        except OSError: pass\n",
    "def f(n):\n    open('left', 'wb').write(bytes(10**8))\n",
    "import socket\ndef f(n):\n    socket.create_connection(('127.0.0.1', 1))\n",
)
SMALL = Limits(cpu_seconds=0.3, wall_seconds=5.0, memory_bytes=64 * 2**20, disk_bytes=2**20)
_FIRST = (
    "from funcsmith.execute import execute; assert execute('def f(): return 42', 'f').value == 42"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=4, help="times that each function is called")
    parser.add_argument("--load", type=int, default=10_000, help="calls under attack; 0 for none")
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    with Sandbox() as sandbox:
        result: dict[str, Any] = {
            "calls": calls(sandbox, options.rounds),
            "first": first(),
            "rows": rows(sandbox),
            "with_pandas": with_pandas(sandbox),
        }
        if options.load:
            result["load"] = load(sandbox, options.load)
    result |= {"code": machine.code(), "date": machine.now(), "machine": machine.machine()}
    report.write(result, options.out)
    print(readable(result))
    print(f"\nwritten to {options.out}")
    raise SystemExit(0 if within(result) else 1)


def calls(sandbox: Sandbox, rounds: int) -> dict[str, Any]:
    """Each way's overhead on each function, in turns."""
    ways = ways_here(sandbox)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    refused: dict[str, set[str]] = {name: set() for name in ways}
    for number in range(rounds + 1):
        for source, n in FUNCTIONS:
            names: dict[str, Any] = {}
            exec(source, names)  # noqa: S102 - ours, to know its own time
            started = time.perf_counter()
            expected = names["f"](n)
            own = time.perf_counter() - started
            for name, way in ways.items():
                started = time.perf_counter()
                try:
                    value = way(source, n)
                except Exception as error:  # noqa: BLE001 - of others: it has no figure there
                    value = error
                spent = time.perf_counter() - started
                if value != expected:
                    refused[name].add(f"{source.splitlines()[1].strip()}: {value!r}"[:200])
                elif number:  # the first round warms
                    seconds[name].append(spent - own)
    return {
        name: {
            "median_overhead_seconds": round(statistics.median(seconds[name]), 6),
            "p95_overhead_seconds": round(sorted(seconds[name])[len(seconds[name]) * 95 // 100], 6),
            "calls": len(seconds[name]),
            "not_right": sorted(refused[name]),
        }
        for name in ways
        if seconds[name]
    }


def ways_here(sandbox: Sandbox) -> dict[str, Callable[[str, int], Any]]:
    """The fence, the plain process, and whatever else is installed."""

    def fenced(source: str, n: int) -> Any:
        return sandbox.call(source, "f", {"n": n}).value

    def plain(source: str, n: int) -> Any:
        program = f"import json\n{source}\nprint(json.dumps(f({n})))"
        done = subprocess.run(
            [sys.executable, "-I", "-c", program], capture_output=True, check=True, timeout=20
        )
        return json.loads(done.stdout)

    ways: dict[str, Callable[[str, int], Any]] = {
        "funcsmith": fenced,
        "plain subprocess, no fence": plain,
    }
    try:
        import pydantic_monty
    except ImportError:
        pass
    else:
        pool = pydantic_monty.Monty()
        pool.__enter__()
        atexit.register(pool.__exit__, None, None, None)

        def monty(source: str, n: int) -> Any:
            with pool.checkout() as session:
                return session.feed_run(f"{source}\nf(n)", inputs={"n": n})

        ways[f"pydantic-monty {importlib.metadata.version('pydantic-monty')}"] = monty
    try:
        from smolagents.local_python_executor import LocalPythonExecutor
    except ImportError:
        pass
    else:

        def smol(source: str, n: int) -> Any:
            executor = LocalPythonExecutor([])
            executor.send_tools({})
            return executor(f"{source}\nf({n})").output

        ways[f"smolagents {importlib.metadata.version('smolagents')}, local executor"] = smol
    return ways


def first() -> dict[str, Any]:
    """A process that makes one fenced call, to one that does nothing."""
    commands = {
        "nothing": [sys.executable, "-I", "-c", "pass"],
        "import": [sys.executable, "-c", "from funcsmith.execute import execute"],
        "first": [sys.executable, "-c", _FIRST],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(FIRST_ROUNDS + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, check=True, timeout=60)
            if number:
                seconds[name].append(time.perf_counter() - started)
    warmed = []
    for _ in range(FIRST_ROUNDS):
        with Sandbox() as cold:
            started = time.perf_counter()
            assert cold.call("def f(): return 42", "f", {}).value == 42
            warmed.append(time.perf_counter() - started)
    medians = {name: round(statistics.median(some), 5) for name, some in seconds.items()}
    cold_seconds = statistics.median(warmed)
    return {
        "median_seconds": medians,
        "ratio_whole_process": round(medians["first"] / medians["nothing"], 2),
        "first_call_seconds": round(cold_seconds, 5),
        "ratio_first_call": round(cold_seconds / medians["nothing"], 2),
    }


def rows(sandbox: Sandbox) -> dict[str, Any]:
    """A cheap function over a long column, all values right."""
    source = "def f(c: float) -> float:\n    return c * 9 / 5 + 32\n"
    column = [number / 10 for number in range(ROWS)]
    expected = [c * 9 / 5 + 32 for c in column]
    seconds = []
    for _ in range(ROWS_ROUNDS):
        started = time.perf_counter()
        answered = sandbox.column(source, "f", {"c": column})
        seconds.append(time.perf_counter() - started)
        assert answered.values == expected
    median = statistics.median(seconds)
    return {"rows": ROWS, "median_seconds": round(median, 4), "a_second": round(ROWS / median)}


def with_pandas(sandbox: Sandbox) -> dict[str, Any] | None:
    """A warm call of a function that imports pandas; None where there is none."""
    source = "import pandas as pd\ndef f(n):\n    return int(pd.Series([n, 2]).sum())\n"
    if sandbox.call(source, "f", {"n": 3}).value != 5:
        return None
    seconds = []
    for _ in range(PANDAS_CALLS):
        started = time.perf_counter()
        assert sandbox.call(source, "f", {"n": 3}).value == 5
        seconds.append(time.perf_counter() - started)
    return {"calls": PANDAS_CALLS, "median_seconds": round(statistics.median(seconds), 6)}


def load(sandbox: Sandbox, total: int) -> dict[str, Any]:
    """Innocent calls with an attack among every twenty, from several threads."""
    kinds = [number % 20 == 0 for number in range(total)]
    random.Random(0).shuffle(kinds)
    lock, wrong, endings = threading.Lock(), [0], dict[str, int]()
    memory: list[int] = []

    def one(number: int) -> None:
        if kinds[number]:
            source = ATTACKS[number % len(ATTACKS)]
            result = sandbox.call(source, "f", {"n": 1}, limits=SMALL)
            with lock:
                ending = f"{result.status} {result.limit or ''}".strip()
                endings[ending] = endings.get(ending, 0) + 1
        else:
            result = sandbox.call("def f(n):\n    return [n, n * n]\n", "f", {"n": number})
            if result.value != [number, number * number]:
                with lock:
                    wrong[0] += 1
        if number % (total // 20) == 0:
            memory.append(_memory_bytes())

    started = time.monotonic()
    with ThreadPoolExecutor(machine.machine()["cores"]) as threads:
        list(threads.map(one, range(total)))
    return {
        "calls": total,
        "attacks": sum(kinds),
        "innocent_wrong": wrong[0],
        "attack_endings": dict(sorted(endings.items())),
        "seconds": round(time.monotonic() - started, 1),
        "memory_bytes": memory,
        "memory_growth_bytes": memory[-1] - memory[len(memory) // 4],
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _memory_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def within(result: dict[str, Any]) -> bool:
    """Whether every figure is as asked for."""
    return (
        result["calls"]["funcsmith"]["median_overhead_seconds"] <= WARM_SECONDS
        and not result["calls"]["funcsmith"]["not_right"]
        and result["first"]["ratio_first_call"] <= FIRST_RATIO
        and result["rows"]["a_second"] >= ROWS_PER_SECOND
        and ("load" not in result or result["load"]["innocent_wrong"] == 0)
    )


def readable(result: dict[str, Any]) -> str:
    """The figures as tables."""
    ways = [
        (
            name,
            f"{1000 * one['median_overhead_seconds']:.2f}",
            f"{1000 * one['p95_overhead_seconds']:.2f}",
            str(len(one["not_right"])),
        )
        for name, one in result["calls"].items()
    ]
    header = ("a warm call", "median ms above its own", "95 %", "not right")
    first_one, many = result["first"], result["rows"]
    lines = [
        report.aligned(header, ways, left=1),
        f"first call: {first_one['ratio_first_call']} x python -I -c pass",
        f"whole process with its imports: {first_one['ratio_whole_process']} x",
        f"{many['rows']:,} rows: {many['a_second']:,} a second",
    ]
    if result["with_pandas"] is not None:
        taken = 1000 * result["with_pandas"]["median_seconds"]
        lines.append(f"a warm call that imports pandas: {taken:.2f} ms")
    if "load" in result:
        under = result["load"]
        lines.append(
            f"{under['calls']:,} calls, {under['attacks']} attacks: "
            f"{under['innocent_wrong']} innocent ones wrong, {under['seconds']} s, memory "
            f"{under['memory_growth_bytes'] / 2**20:+.1f} MiB; {under['attack_endings']}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
