"""Reuse before writing: 200 repeats, 200 near misses, 200 pairs, against a library of 500. No model.

    python benchmarks/reuse.py [--half development|held_out]

The functions are those of reuse_functions.py, half with Chinese texts. A repeat asks for a saved
function in other words, or in the other language; right is that one. A near miss asks for one that
is not there; any reuse is wrong. Of a pair both functions are given, and whether they do the same;
they are found by fingerprint and then compared, as `funcsmith library duplicates` does. Rows at even
places are the development half, on which words and rules were tried; the others were not looked at
before the figures were made.
"""

from __future__ import annotations

import argparse
import dataclasses
import re
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import reuse_functions

from funcsmith.evaluate import machine, report
from funcsmith.execute import default_sandbox
from funcsmith.library import Library
from funcsmith.library.behaviour import alike, known_fingerprint
from funcsmith.library.reuse import Reuse, reuse
from funcsmith.settings import settings

FOLDER = Path(__file__).parent / "reuse"
RESULT = Path(__file__).parent / "results" / "reuse.json"
HALVES = ("development", "held_out")
WRONG_AT_MOST, RIGHT_AT_LEAST, PRECISION_AT_LEAST, RECALL_AT_LEAST = 0.005, 0.85, 0.98, 0.90


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    halves = [options.half] if options.half else list(HALVES)
    with tempfile.TemporaryDirectory(prefix="funcsmith-reuse-") as home:
        library = Library.open(dataclasses.replace(settings(), home=Path(home), database_url=None))
        try:
            reuse_functions.write(Path(home) / "library", reuse_functions.rows())
            library.rebuild()
            found = {half: measured(library, half) for half in halves}
        finally:
            library.close()
    result = {
        "functions": len(reuse_functions.rows()),
        "halves": found,
        "code": machine.code(),
        "date": machine.now(),
        "machine": machine.machine(),
    }
    report.write(result, options.out)
    good = True
    for half, one in found.items():
        print(
            f"{half}: repeats {one['repeats']['right']} of {one['repeats']['n']} reused, "
            f"near misses {one['near_misses']['wrong']} of {one['near_misses']['n']} wrongly, "
            f"duplicates precision {one['pairs']['precision']:.3f} recall {one['pairs']['recall']:.3f}"
            f"; a decision takes {one['median_ms']:.1f} ms"
        )
        good &= one["repeats"]["share"] >= RIGHT_AT_LEAST
        good &= one["near_misses"]["share"] <= WRONG_AT_MOST
        good &= one["pairs"]["precision"] >= PRECISION_AT_LEAST
        good &= one["pairs"]["recall"] >= RECALL_AT_LEAST
    print(f"written to {options.out}")
    raise SystemExit(0 if good else 1)


def measured(library: Library, half: str) -> dict[str, Any]:
    """All three figures of one half of the texts."""
    seconds: list[float] = []
    repeats = rows_of("repeats.tsv", half)
    missed = []
    for text, name in repeats:
        made = decided(text, library, seconds)
        if made.decision != "reuse" or made.saved is None or made.saved.name != name:
            missed.append([text, name, made.decision, made.saved.name if made.saved else None])
    misses = rows_of("near_misses.tsv", half)
    wrong = []
    for text, _ in misses:
        made = decided(text, library, seconds)
        if made.decision == "reuse" and made.saved is not None:
            wrong.append([text, made.saved.name])
    return {
        "repeats": {
            "n": len(repeats),
            "right": len(repeats) - len(missed),
            "share": round(1 - len(missed) / len(repeats), 4),
            "missed": missed,
        },
        "near_misses": {
            "n": len(misses),
            "wrong": len(wrong),
            "share": round(len(wrong) / len(misses), 4),
            "rows": wrong,
        },
        "pairs": pairs(half),
        "median_ms": round(1000 * statistics.median(seconds), 2),
    }


def decided(text: str, library: Library, seconds: list[float]) -> Reuse:
    began = time.perf_counter()
    made = reuse(text, library, values=list, now=datetime.now().astimezone(), arguments=False)
    seconds.append(time.perf_counter() - began)
    return made


def pairs(half: str) -> dict[str, Any]:
    """Precision and recall of duplicates, each pair in a library of its own."""
    sources = {row.name: row.source for row in reuse_functions.rows()}
    listed = [line.split(" | ", 3) for line in lines("pairs.txt")]
    # A pair of the same and one that differs stand one behind the other: they are of one half.
    chosen = [row for at, row in enumerate(listed) if (at // 2 % 2 == 0) == (half == HALVES[0])]
    counts = {"right": 0, "wrong": 0, "missed": 0}
    rows = []
    sandbox = default_sandbox()
    with tempfile.TemporaryDirectory(prefix="funcsmith-reuse-") as home:
        library = Library.open(dataclasses.replace(settings(), home=Path(home), database_url=None))
        for name, is_same, head, body in chosen:
            first = library.add(sources[name], name=name)
            made = reuse_functions.row(head, "", body)
            second = library.add(made.source, name=made.name)
            keys = [known_fingerprint(one, library, sandbox).key for one in (first, second)]
            said = (
                bool(keys[0])
                and keys[0] == keys[1]
                and bool(alike(first, second, library, sandbox))
            )
            which = {(True, True): "right", (True, False): "wrong", (False, True): "missed"}
            outcome = which.get((said, is_same == "same"))
            if outcome is not None:
                counts[outcome] += 1
            if outcome in ("wrong", "missed"):
                rows.append([outcome, name, head])
        library.close()
    claimed, there = counts["right"] + counts["wrong"], counts["right"] + counts["missed"]
    return {
        "n": len(chosen),
        **counts,
        "precision": round(counts["right"] / claimed, 4) if claimed else 1.0,
        "recall": round(counts["right"] / there, 4),
        "rows": rows,
    }


def rows_of(file: str, half: str) -> list[Sequence[str]]:
    listed = [line.split("\t") for line in lines(file)]
    return [row for at, row in enumerate(listed) if (at % 2 == 0) == (half == HALVES[0])]


def lines(file: str) -> list[str]:
    written = (FOLDER / file).read_text("utf-8").splitlines()
    return [line for line in written if line and not re.match("#", line)]


if __name__ == "__main__":
    main()
