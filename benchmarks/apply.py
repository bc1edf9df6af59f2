"""`funcsmith apply` over many rows: memory, throughput beside plain Python's, killed and resumed.

    python benchmarks/apply.py                      1,000,000 rows
    python benchmarks/apply.py --rows 20000 --kills 3

Memory is the peak of the whole command and of what it started, at a hundredth, a tenth and all of the
rows. Plain Python is a csv loop with the same conversions, the same function and the same try and
except, in one process without a fence; the two take turns, each `--turns` times. Then a run is killed
(SIGKILL) at random moments and started again until it is done, and its output is compared byte for
byte with that of a run that nobody disturbed. One row in a hundred has an error.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from funcsmith.evaluate import machine, report

FUNCTION = '''def price(net: float, rate: float, pieces: int) -> float:
    """What pieces cost with tax, the eleventh free."""
    return round((pieces - pieces // 11) * net * (1 + rate), 2)
'''
PLAIN = """import csv, sys
{function}
with open(sys.argv[1], newline="", encoding="utf-8") as source, open(sys.argv[2], "w", newline="", encoding="utf-8") as out:
    rows, writer = csv.reader(source), csv.writer(out, lineterminator="\\n")
    writer.writerow([*next(rows), "result", "error"])
    for row in rows:
        try:
            writer.writerow([*row, price(float(row[1]), float(row[2]), int(row[3])), ""])
        except ValueError as error:
            writer.writerow([*row, "", str(error)])
"""
COLUMNS = "id,net,rate,pieces\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="default: benchmarks/results/apply….json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="funcsmith-apply-") as folder:
        bench = Bench(Path(folder), options.seed)
        sizes = [options.rows // 100, options.rows // 10, options.rows]
        memory = {rows: bench.applied(rows)["peak_mib"] for rows in sizes}
        ours, plain = [], []
        for _ in range(options.turns):
            ours.append(bench.applied(options.rows)["seconds"])
            plain.append(bench.plain(options.rows)["seconds"])
        killed = bench.killed(options.rows, options.kills, statistics.median(ours))
    rate = options.rows / statistics.median(ours)
    result: dict[str, Any] = {
        "benchmark": "apply",
        "code": machine.code(),
        "machine": machine.machine(),
        "load": os.getloadavg(),
        "rows": options.rows,
        "peak_mib": memory,
        "seconds": {"funcsmith": ours, "plain": plain},
        "rows_a_second": {
            "funcsmith": round(rate),
            "plain": round(options.rows / statistics.median(plain)),
        },
        "ratio": round(statistics.median(ours) / statistics.median(plain), 3),
        "killed": killed,
    }
    stem = "apply" if options.rows == 1_000_000 else f"apply-{options.rows}"
    out = options.out or Path(__file__).parent / "results" / f"{stem}.json"
    report.write(result, out)
    print(f"peak MiB by rows: {memory}")
    print(f"rows a second: {result['rows_a_second']}, {result['ratio']} × the time of plain Python")
    print(f"killed: {killed}")
    print(f"written to {out}")
    if not killed["same_bytes"]:
        raise SystemExit(1)


class Bench:
    """Files and commands in one folder."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._draw = folder, random.Random(seed)
        self._home = folder / "home"
        function = folder / "price.py"
        function.write_text(FUNCTION, "utf-8")
        (folder / "plain.py").write_text(PLAIN.format(function=FUNCTION), "utf-8")
        self._funcsmith("library", "add", str(function))

    def file(self, rows: int) -> Path:
        """A CSV of so many rows; one in a hundred has a cell that is no number."""
        path = self._folder / f"rows-{rows}.csv"
        if not path.exists():
            draw = random.Random(rows)
            with path.open("w", encoding="utf-8") as file:
                file.write(COLUMNS)
                for number in range(rows):
                    net = "n/a" if number % 100 == 57 else f"{draw.uniform(1, 900):.2f}"
                    file.write(
                        f"{number},{net},{draw.choice(('0.13', '0.06'))},{draw.randint(1, 40)}\n"
                    )
        return path

    def applied(self, rows: int, out: str = "out.csv") -> dict[str, float]:
        """One whole run: seconds, and peak memory of the command with what it started."""
        target = self._folder / out
        target.unlink(missing_ok=True)
        return _timed(self._apply(rows, target), self._environment())

    def plain(self, rows: int) -> dict[str, float]:
        script, out = str(self._folder / "plain.py"), str(self._folder / "plain.csv")
        return _timed(
            [sys.executable, "-I", script, str(self.file(rows)), out], self._environment()
        )

    def killed(self, rows: int, kills: int, seconds: float) -> dict[str, Any]:
        """Killed at random moments until so many were, then left to end; compared byte for byte."""
        self.applied(rows, "whole.csv")
        target = self._folder / "killed.csv"
        state = self._folder / "killed.csv.progress.json"
        done = went_on = 0
        for _ in range(20 * kills):
            if done == kills or target.exists():
                break
            process = subprocess.Popen(self._apply(rows, target), env=self._environment(),
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
            # Every other one is killed somewhere while rows are written, not while it starts.
            before = _stamp(state)
            while done % 2 and process.poll() is None and _stamp(state) == before:
                time.sleep(0.005)
            time.sleep(self._draw.uniform(0.0, max(0.3, seconds / max(1, kills))))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                done += 1
                went_on += state.exists()
            process.wait()
        if not target.exists():
            subprocess.run(self._apply(rows, target), env=self._environment(), check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        left = [one.name for one in self._folder.glob("killed.csv*") if one != target]
        return {
            "kills": done,
            "kills_with_rows_done": went_on,
            "same_bytes": _digest(target) == _digest(self._folder / "whole.csv"),
            "left_behind": left,
        }

    def _apply(self, rows: int, out: Path) -> list[str]:
        return [
            sys.executable,
            "-m",
            "funcsmith",
            "apply",
            "price",
            str(self.file(rows)),
            "--out",
            str(out),
        ]

    def _funcsmith(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "funcsmith", *words], env=self._environment(), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "FUNCSMITH_HOME": str(self._home)}


def _timed(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} left with {process.returncode}")
    return {"seconds": round(seconds, 3), "peak_mib": round(used.ru_maxrss / 1024, 1)}


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            found.update(block)
    return found.hexdigest()


if __name__ == "__main__":
    main()
