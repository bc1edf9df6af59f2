"""Start-up as ratios to `python -c pass`, all commands in one run, round after round.

    python benchmarks/startup.py [--rounds 15]

What is timed: `import funcsmith` (at most 8 times as long as nothing at all), `funcsmith --help`
(15), and a saved function asked for again as a whole process without the engine (25). The last one
has a home of its own with a factorial saved for its text; each run must give 120 without a model
call, else there is no figure.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from funcsmith.evaluate import machine, report
from funcsmith.settings import settings

RESULT = Path(__file__).parent / "results" / "startup.json"
AT_LEAST_ROUNDS = 11
LIMITS = {"import": 8.0, "help": 15.0, "again": 25.0}
TEXT = "给定一个正整数 n，输出 n 的阶乘。"
SOURCE = '''def factorial(n: int) -> int:
    """返回 n 的阶乘。

    n: 正整数
    """
    product = 1
    for factor in range(2, n + 1):
        product *= factor
    return product
'''


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    result = measure(max(AT_LEAST_ROUNDS, options.rounds))
    report.write(result, options.out)
    print(readable(result))
    print(f"\nwritten to {options.out}")
    raise SystemExit(0 if all(one["within"] for one in result["commands"].values()) else 1)


def measure(rounds: int) -> dict[str, Any]:
    """Time every command once a round, so that a busy moment meets them all."""
    with tempfile.TemporaryDirectory(prefix="funcsmith-startup-") as home:
        save(Path(home))
        environment = environment_of(Path(home))
        commands = commands_here()
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        # The first round writes bytecode and fills the disk cache; it is not counted.
        for number in range(rounds + 1):
            for name, command in commands.items():
                started = time.perf_counter()
                done = subprocess.run(
                    command, check=False, env=environment, capture_output=True, timeout=120
                )
                spent = time.perf_counter() - started
                _must_be_right(name, command, done)
                if number:
                    seconds[name].append(spent)
    nothing = statistics.median(seconds["nothing"])
    return {
        "rounds": rounds,
        "nothing_seconds": round(nothing, 5),
        "commands": {
            name: _figures(commands[name], seconds[name], nothing, LIMITS[name]) for name in LIMITS
        },
        "code": machine.code(),
        "date": machine.now(),
        "machine": machine.machine(),
    }


def commands_here() -> dict[str, list[str]]:
    """The commands; the installed script where there is one, else the module."""
    script = Path(sys.executable).with_name("funcsmith")
    installed = shutil.which(str(script))
    funcsmith = [installed] if installed else [sys.executable, "-m", "funcsmith"]
    return {
        "nothing": [sys.executable, "-c", "pass"],
        "import": [sys.executable, "-c", "import funcsmith"],
        "help": [*funcsmith, "--help"],
        "again": [*funcsmith, TEXT, "--json"],
    }


def save(home: Path) -> None:
    """A home whose library has the factorial for its text, with the sample it ran on."""
    from funcsmith.library import Library

    own = dataclasses.replace(settings(), home=home, database_url=None)
    library = Library.open(own)
    try:
        library.add(SOURCE, text=TEXT, sample={"n": 5}, language="zh", verdict="agreed")
    finally:
        library.close()


def environment_of(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FUNCSMITH_")}
    return {
        **kept,
        "FUNCSMITH_HOME": str(home),
        "FUNCSMITH_MODELS": str(settings().models),
        "PYTHONIOENCODING": "utf-8",
    }


def readable(result: dict[str, Any]) -> str:
    """The ratios as a table."""
    lines = [
        (
            name,
            f"{1000 * one['median_seconds']:.0f}",
            f"{one['ratio']:.1f}",
            f"{one['limit']:.0f}",
            "yes" if one["within"] else "NO",
        )
        for name, one in result["commands"].items()
    ]
    nothing = f"{1000 * result['nothing_seconds']:.0f}"
    lines.insert(0, ("nothing", nothing, "1.0", "", ""))
    header = ("command", "median ms", "ratio", "at most", "within")
    return report.aligned(header, lines, left=1)


def _must_be_right(name: str, command: list[str], done: subprocess.CompletedProcess[bytes]) -> None:
    said = done.stderr.decode("utf-8", "replace").strip()[-2000:]
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {said}")
    if name != "again":
        return
    outcome = json.loads(done.stdout)
    value = (outcome["result"] or {}).get("value")
    if outcome["cost"]["model_calls"] or value != 120:
        calls = outcome["cost"]["model_calls"]
        raise SystemExit(f"The saved function gave {value!r} with {calls} model calls: {said}")


def _figures(
    command: list[str], seconds: list[float], nothing: float, limit: float
) -> dict[str, Any]:
    median = statistics.median(seconds)
    return {
        "command": command[1:] if command[0] == sys.executable else ["funcsmith", *command[1:]],
        "median_seconds": round(median, 5),
        "seconds": [round(one, 5) for one in seconds],
        "ratio": round(median / nothing, 3),
        "limit": limit,
        "within": median / nothing <= limit,
    }


if __name__ == "__main__":
    main()
