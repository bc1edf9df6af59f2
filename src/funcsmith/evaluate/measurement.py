"""One measurement of texts: every row by every path, written down as it ends, and the result file.

A path is a way to an answer: the shipped pipeline, or another one to be held beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from ..errors import FuncsmithError
from . import machine, report
from .rows import Row, Rows

Way = Callable[[Row], Row]
"""From a row to the record of what came of it."""


@contextmanager
def as_command() -> Iterator[None]:
    """A measurement as a script of its own: an error of ours, or Ctrl-C, is one line and an exit code."""
    try:
        yield
    except FuncsmithError as error:
        sys.stderr.write(f"{error.message()} {error.hint()}".strip() + "\n")
        raise SystemExit(error.exit_code) from error
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; the same command goes on.\n")
        raise SystemExit(130) from None


def measure(
    suite: str,
    facts: Mapping[str, Any],
    chosen: Sequence[Row],
    *,
    paths: Sequence[str],
    ways: Callable[[], AbstractContextManager[Mapping[str, Way]]],
    tell: Callable[[Rows], Callable[[Row], object]],
    totals: Callable[[Mapping[str, list[Row]]], Mapping[str, Any]],
    about: Mapping[str, Any],
    out: Path,
) -> dict[str, Any]:
    """Measure what is not measured yet, and write the result; the same call goes on after a stop.

    `ways` opens the way of each path, where any row is left; `about` stands in the result as it is.
    """
    started = machine.now()
    with Rows(Path(f"{out}.rows.jsonl"), {**facts, "paths": list(paths)}) as rows:
        told = tell(rows)
        left = [
            (number, row)
            for number, row in enumerate(chosen)
            if any((row["id"], path) not in rows.found for path in paths)
        ]
        if left:
            with ways() as way:
                for number, row in left:
                    # Whoever comes second finds the engine warmer; so they take turns.
                    for path in paths if number % 2 == 0 else reversed(paths):
                        if (row["id"], path) not in rows.found:
                            record = way[path](row)
                            rows.add(record)
                            told(record)
        by_path = {path: [rows.found[row["id"], path] for row in chosen] for path in paths}
        result = {
            "suite": suite,
            **facts,
            **about,
            "date": {"started": started, "finished": machine.now()},
            "machine": machine.machine(),
            **totals(by_path),
            "rows": [
                report.short(by_path[path][number])
                for number in range(len(chosen))
                for path in paths
            ],
        }
        report.write(result, out)
        rows.finish()
    return {**result, "out": str(out)}
