"""What a library costs from 100 to 10,000 functions: search, reuse decision, recall. No model.

    python benchmarks/scale.py [--sizes 100 1000 10000]

The functions are those of reuse_functions.py, and then the same about other things (their words and
names carry a place and a department), so that texts and terms grow with the library as people's do.
Times are medians in one process, warm, of the development repeats as texts; recall is the very
sentence again, with the call's own time in the fence taken off.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import reuse as benchmark
import reuse_functions

from funcsmith.contract import Request
from funcsmith.evaluate import machine, report
from funcsmith.library import Library
from funcsmith.library.reuse import reuse
from funcsmith.library.signature import renamed
from funcsmith.pipeline import Pipeline
from funcsmith.settings import Settings, settings

RESULT = Path(__file__).parent / "results" / "scale.json"
SIZES = (100, 300, 1_000, 3_000, 10_000)
SEARCH_MS, DECISION_MS, RECALL_MS = 50.0, 150.0, 20.0
PLACES = "北京 上海 广州 Berlin Lyon Osaka Quito 成都 西安 Cairo".split()
DEPARTMENTS = "sales 仓库 payroll 客服 logistics 研发 finance 采购 legal 质检".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    curve = [measured(size) for size in sorted(options.sizes)]
    report.write(
        {
            "curve": curve,
            "code": machine.code(),
            "date": machine.now(),
            "machine": machine.machine(),
        },
        options.out,
    )
    for one in curve:
        print(
            f"{one['functions']:>6,} functions: search {one['search_ms']:.1f} ms, decision "
            f"{one['decision_ms']:.1f} ms, recall {one['recall_ms']:.1f} ms above the call, "
            f"index {one['index_seconds']:.1f} s"
        )
    print(f"written to {options.out}")
    last = curve[-1]
    good = (
        last["search_ms"] <= SEARCH_MS
        and last["decision_ms"] <= DECISION_MS
        and last["recall_ms"] <= RECALL_MS
    )
    raise SystemExit(0 if good else 1)


def measured(size: int) -> dict[str, Any]:
    """Medians in a library of so many functions."""
    asked = [text for text, _ in benchmark.rows_of("repeats.tsv", "development")][:40]
    with tempfile.TemporaryDirectory(prefix="funcsmith-scale-") as home:
        made = dataclasses.replace(settings(), home=Path(home), database_url=None)
        reuse_functions.write(Path(home) / "library", itertools.islice(functions(), size))
        library = Library.open(made)
        began = time.perf_counter()
        indexed = library.rebuild()
        index_seconds = time.perf_counter() - began
        assert indexed == size, (indexed, size)
        try:
            search = median(asked, lambda text: library.search(text, 5))
            moment = datetime.now().astimezone()
            decision = median(asked, lambda text: reuse(text, library, values=list, now=moment))
            recall = recalled(library, made)
        finally:
            library.close()
    return {
        "functions": size,
        "search_ms": round(1000 * search, 2),
        "decision_ms": round(1000 * decision, 2),
        "recall_ms": round(1000 * recall, 2),
        "index_seconds": round(index_seconds, 2),
    }


def median(asked: list[str], act: Callable[[str], object]) -> float:
    act(asked[0])
    seconds = []
    for text in asked:
        began = time.perf_counter()
        act(text)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def recalled(library: Library, made: Settings) -> float:
    """Seconds that the very sentence takes above its call."""
    row = next(row for row in reuse_functions.rows() if row.name == "factorial")
    above = []
    with Pipeline(settings=made, library=library) as pipeline:
        for _ in range(15):
            began = time.perf_counter()
            outcome = pipeline.run(Request(text=row.text))
            whole = time.perf_counter() - began
            assert outcome.value == 120
            assert outcome.cost.model_calls == 0
            assert outcome.result is not None
            above.append(whole - outcome.result.seconds)
    return statistics.median(above[3:])


def functions() -> Iterator[reuse_functions.Row]:
    """The 500, then the same for each place and department."""
    rows = sorted(reuse_functions.rows(), key=lambda row: row.name != "factorial")
    yield from rows
    for place, department in itertools.product(PLACES, DEPARTMENTS):
        for row in rows:
            name = f"{row.name}_{place}_{department}"
            source = renamed(row.source, row.name, name).replace(
                f'"""{row.text}', f'"""{row.text} ({place} {department})'
            )
            yield reuse_functions.Row(name, f"{row.text} ({place} {department})", source)


if __name__ == "__main__":
    main()
