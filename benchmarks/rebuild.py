"""The index of a large library made again from its files: `funcsmith library rebuild`, timed.

    python benchmarks/rebuild.py [--functions 10000] [--rounds 1]

The functions are written as the library writes them: each with a docstring in Chinese or English, two
texts, a template, two facts and its first version. Words are drawn from the bilingual lexicon, so that
the index is about as large as one of real functions. The command runs as a process of its own on a
home that has no index yet, and again on one that has; CPU seconds stand beside those of the clock,
since on a busy machine only they say something.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from funcsmith.evaluate import machine, report
from funcsmith.library.files import Folder
from funcsmith.library.record import written
from funcsmith.library.saved import Origin, Saved, hashed, now
from funcsmith.library.versions import Versions

RESULT = Path(__file__).parent / "results" / "rebuild.json"
LEXICON = Path(__file__).parents[1] / "src" / "funcsmith" / "library" / "lexicon.tsv"
AT_MOST_SECONDS = 60.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--functions", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULT)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="funcsmith-rebuild-") as home:
        fill(Folder(Path(home) / "library"), chosen.functions)
        rounds = [rebuilt(Path(home)) for _ in range(2 * chosen.rounds)]
        index_bytes = (Path(home) / "funcsmith.db").stat().st_size
    result = {
        "functions": chosen.functions,
        "first": rounds[0],
        "again": rounds[1:],
        "index_bytes": index_bytes,
        "niceness": os.nice(0),
        "code": machine.code(),
        "date": machine.now(),
        "machine": machine.machine(),
    }
    report.write(result, chosen.out)
    print(json.dumps({key: result[key] for key in ("functions", "first", "again")}))
    print(f"written to {chosen.out}")
    allowed = AT_MOST_SECONDS * chosen.functions / 10_000
    raise SystemExit(0 if rounds[-1]["seconds"] <= allowed else 1)


def fill(folder: Folder, count: int) -> None:
    """Write so many functions, each with its record and its first version."""
    words = random.Random(7)
    lines = [line.split("\t") for line in LEXICON.read_text("utf-8").splitlines() if "\t" in line]
    with folder.writing():
        pass  # what every library folder has
    versions = Versions(
        folder.path / ".versions", _write
    )  # unflushed: nothing here is acknowledged
    for number in range(count):
        pairs = words.sample(lines, 6)
        saved = function(number, [p[0] for p in pairs], [p[1] for p in pairs])
        versions.keep(saved.file, saved.source, saved.record(), cause="saved")
        _write(folder.path / f"{saved.file}.py", saved.source)
        _write(folder.path / f"{saved.file}.json", written(saved.record()))


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def function(number: int, one: list[str], other: list[str]) -> Saved:
    """A function about a few words of the lexicon."""
    said = one if number % 2 else other
    said = [word.split("|")[0].split(",")[0].strip() for word in said]
    name = f"compute_{number}"
    about = " ".join(said[:4])
    source = (
        f"def {name}(first: float, second: float = {number}.0) -> float:\n"
        f'    """{about}。\n\n    first: {said[4]}\n    second: {said[5]}\n    """\n'
        f"    return first * {number} + second\n"
    )
    asked = (f"{about}：{number} {said[4]}", f"{said[5]} {number} {about}")
    return Saved(
        name=name,
        file=name,
        source=source,
        sha256=hashed(source),
        verdict="agreed",
        evidence=(
            {"kind": "agreement", "call": f"{name}(1.0, 2.0)", "got": f"{number + 2}.0"},
            {"kind": "agreement", "call": f"{name}(0.0, 2.0)", "got": "2.0"},
        ),
        origins=tuple(
            Origin(text, {"first": number}, text.replace(str(number), "{first}"), now())
            for text in asked
        ),
        created=now(),
        updated=now(),
    )


def rebuilt(home: Path) -> dict[str, Any]:
    """One `funcsmith library rebuild`: seconds of the clock and of the processor."""
    own = {**os.environ, "FUNCSMITH_HOME": str(home)}
    own.pop("FUNCSMITH_DATABASE_URL", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "funcsmith", "library", "rebuild", "--json"],
        env=own,
        check=True,
        capture_output=True,
    )
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "functions": json.loads(done.stdout)["functions"],
        "seconds": round(seconds, 2),
        "cpu_seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2
        ),
    }


if __name__ == "__main__":
    main()
