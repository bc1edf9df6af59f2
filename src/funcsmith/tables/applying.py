"""A saved function over every row of a file: fenced, without a model, in constant memory.

Rows go through in chunks. After each the output is on the disk before a file beside it says how far it
is whole; a run that is killed goes on from there, so no row is lost and none comes twice. A cell that
does not fit its parameter, and a row on which the function fails, is an error beside its row.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from ..errors import ArgumentsInvalid, Cancelled, InputInvalid
from ..execute import Limits, Sandbox
from ..library import Saved
from .cells import Unfit
from .fitting import Fit, fit_for
from .matching import free_names, matched
from .sinks import Sink, Written, partial_of, sink_for
from .streams import HEAD_ROWS, Source, cells_by, format_of

Errors = Literal["beside", "stop", "drop"]
"""What becomes of a row with an error: it stands beside it, it ends the run, or it is left out."""

SMALLEST, LARGEST = 500, 10_000
"""Rows of a chunk: the first ones are small, so that a slow function is soon seen to go on."""
_CHUNK_SECONDS = 1.0
_ROW_CPU_SECONDS = 2.0


@dataclass(frozen=True)
class Plan:
    """What is to be done, looked through before anything is."""

    saved: Saved
    source: Source
    out: Path
    places: dict[str, int]
    """Parameter → the place of its column."""
    fixed: dict[str, Any]
    """Parameter → one value for all rows."""
    errors: Errors = "beside"
    names: tuple[str, str] = ("result", "error")
    """The added columns."""

    @cached_property
    def bound(self) -> dict[str, Any]:
        """What must be the same for a run to go on where another was stopped."""
        return {
            "format": 1,
            "input": self.source.identity(),
            "function": {
                "name": self.saved.name,
                "sha256": hashlib.sha256(self.saved.source.encode()).hexdigest(),
            },
            "map": self.mapping,
            "set": self.fixed,
            "errors": self.errors,
        }

    @property
    def mapping(self) -> dict[str, str]:
        return {name: self.source.columns[place] for name, place in self.places.items()}


@dataclass
class Done:
    """How far it is."""

    rows: int = 0
    failed: int = 0
    position: int = 0
    seconds: float = 0.0
    before: int = 0
    """Rows that an earlier run had done."""
    first_error: str = ""
    latest: Sequence[Written] = ()
    """The rows that came last, each with its result or its error."""


def planned(
    saved: Saved,
    path: str,
    out: str,
    *,
    mapped: Mapping[str, str] | None = None,
    fixed: Mapping[str, Any] | None = None,
    without: Collection[str] = (),
    errors: Errors = "beside",
    shown: str | None = None,
) -> Plan:
    """The plan for a function and a file; ArgumentsInvalid asks for the columns that it lacks.

    `without` names parameters that get no column, whatever it is called; `shown` is what an error
    calls the file.
    """
    source = Source.opened(path, shown=shown)
    target = Path(out).expanduser().absolute()
    format_of(str(target))
    if target == source.path:
        raise InputInvalid(
            {"en": "The output would overwrite the input.", "zh": "输出会覆盖输入文件。"},
            hint="--out OUT.csv",
        )
    values = dict(fixed or {})
    places = matched(saved, source, mapped or {}, fixed=values, without=without)
    if not (places or values):
        raise ArgumentsInvalid(
            {
                "en": f"No column of {source.name} is a parameter of {saved.name}.",
                "zh": f"{source.name} 没有一列是 {saved.name} 的参数。",
            }
        )
    return Plan(saved, source, target, places, values, errors, free_names(source.columns))


def run(
    plan: Plan,
    sandbox: Sandbox,
    *,
    overwrite: bool = False,
    on_progress: Callable[[Done], object] | None = None,
    cancel: Callable[[], bool] | None = None,
    now: str | None = None,
) -> Done:
    """Go over the rows, from where an earlier run of the same plan was stopped.

    Raises InputInvalid where the output is there already, or is another plan's; Cancelled, and any
    other failure, leave a state to go on from.
    """
    done = _resumed(plan, overwrite=overwrite)
    sink = sink_for(
        format_of(str(plan.out)), plan.out, plan.source.columns, plan.names, done.position
    )
    began = time.monotonic()
    stop = threading.Event()
    work = _Work(plan, sandbox, now, lambda: stop.is_set() or (cancel is not None and cancel()))
    try:
        with ThreadPoolExecutor(1) as pool:
            try:
                # One chunk runs in the fence while the next is read and the last is written.
                under_way: deque[Future[list[Written]]] = deque()
                for chunk in work.chunks(done.rows):
                    under_way.append(pool.submit(work.answered, chunk))
                    if len(under_way) > 1:
                        _settle(plan, sink, under_way.popleft().result(), done, began, on_progress)
                while under_way:
                    _settle(plan, sink, under_way.popleft().result(), done, began, on_progress)
            except BaseException:
                stop.set()
                raise
        sink.finish()
    finally:
        sink.close()
    _state_of(plan.out).unlink(missing_ok=True)
    return done


class RowFailed(InputInvalid):
    """A row has an error, and the run was to stop at the first."""

    code = "row_failed"


def _settle(
    plan: Plan,
    sink: Sink,
    rows: list[Written],
    done: Done,
    began: float,
    on_progress: Callable[[Done], object] | None,
) -> None:
    """Write the rows of a chunk, and then that they are written."""
    bad = [(at, one[2]) for at, one in enumerate(rows, done.rows + 1) if one[2] is not None]
    if bad and plan.errors == "stop":
        at, said = bad[0]
        raise RowFailed(
            {"en": f"Row {at}: {said}", "zh": f"第 {at} 行：{said}"},
            hint={
                "en": "With --errors beside the run goes on and the error stands beside the row.",
                "zh": "用 --errors beside 可继续运行，错误写在该行旁边。",
            },
        )
    if bad and not done.first_error:
        done.first_error = f"{bad[0][0]}: {bad[0][1]}"
    sink.write([one for one in rows if one[2] is None] if plan.errors == "drop" else rows)
    done.position = sink.sync()
    done.rows += len(rows)
    done.latest = rows
    done.failed += len(bad)
    done.seconds = time.monotonic() - began
    _write_state(plan, done)
    if on_progress is not None:
        on_progress(done)


@dataclass
class _Work:
    """Chunks of rows, and what the function gives for them."""

    plan: Plan
    sandbox: Sandbox
    now: str | None
    cancel: Callable[[], bool]
    size: int = SMALLEST
    fits: list[tuple[str, int, Fit]] = field(default_factory=list)

    def __post_init__(self) -> None:
        plan = self.plan
        properties = plan.saved.parameters.get("properties", {})
        head = plan.source.head
        for name, place in plan.places.items():
            first = [row[place] for row in head[:HEAD_ROWS] if place < len(row)]
            column = plan.source.columns[place]
            comma = plan.source.format == "csv" and plan.source.delimiter != ","
            fit = fit_for(
                properties.get(name, {}),
                first,
                name=column,
                decimal_comma=comma,
                written=plan.source.format == "csv",
            )
            self.fits.append((name, place, fit))

    def chunks(self, skip: int) -> Iterator[list[Sequence[Any]]]:
        source = self.plan.source
        rows: Iterator[Sequence[Any]] = source.numbered(skip)
        while chunk := list(itertools.islice(rows, self.size)):
            if self.cancel():
                raise Cancelled
            yield chunk

    def answered(self, chunk: list[Sequence[Any]]) -> list[Written]:
        """Every row of a chunk with its result or its error."""
        began = time.monotonic()
        source, width = self.plan.source, len(self.plan.source.columns)
        errors: dict[int, str] = {}
        if source.format == "jsonl":
            rows = [cells_by(source.columns, row) for row in chunk]
            for at, row in enumerate(chunk):
                self._look_at_object(at, row[0], errors)
        else:
            rows = [list(row) for row in chunk]
            for at, cells in enumerate(rows):
                if len(cells) != width:
                    self._look_at_width(at, cells, errors)
        values = {
            name: self._column(name, place, fit, rows, errors) for name, place, fit in self.fits
        }
        able = [at for at in range(len(rows)) if at not in errors] if errors else range(len(rows))
        results: list[Any] = [None] * len(rows)
        columns = {
            name: found if not errors else [found[at] for at in able]
            for name, found in values.items()
        }
        for name, value in self.plan.fixed.items():
            columns[name] = [value] * len(able)
        if len(able):
            self._run(columns, able, results, errors)
        took = time.monotonic() - began
        wanted = int(len(rows) * _CHUNK_SECONDS / max(took, 1e-3))
        self.size = max(SMALLEST, min(LARGEST, wanted, 4 * self.size))
        return [(cells, results[at], errors.get(at)) for at, cells in enumerate(rows)]

    def _run(
        self,
        columns: dict[str, list[Any]],
        able: Sequence[int],
        results: list[Any],
        errors: dict[int, str],
    ) -> None:
        plan = self.plan
        cpu = max(60.0, _ROW_CPU_SECONDS * len(able))
        column = self.sandbox.column(
            plan.saved.source,
            plan.saved.name,
            columns,
            limits=Limits(cpu_seconds=cpu, wall_seconds=2 * cpu),
            per_row_cpu_seconds=_ROW_CPU_SECONDS,
            now=self.now,
            cancel=self.cancel,
        )
        for at, value in zip(able, column.values, strict=True):
            results[at] = value
        for row, failed in column.failed.items():
            at = able[row]
            results[at] = None
            errors[at] = failed.error or failed.limit or failed.status

    def _column(
        self, name: str, place: int, fit: Fit, rows: Sequence[Sequence[Any]], errors: dict[int, str]
    ) -> list[Any]:
        found: list[Any] = []
        for at, cells in enumerate(rows):
            try:
                found.append(fit(cells[place]))
            except IndexError:
                found.append(None)
                errors.setdefault(at, f"{name}: the row ends before its cell")
            except (Unfit, ValueError, ArithmeticError) as unfit:
                found.append(None)
                shown = "" if cells[place] is None else str(cells[place])[:60]
                errors.setdefault(at, f"{name}: {unfit}" + (f" ({shown})" if shown else ""))
        return found

    def _look_at_object(self, at: int, one: Any, errors: dict[int, str]) -> None:
        if not isinstance(one, dict):
            errors[at] = "the line is no JSON object"
            return
        others = [key for key in one if key not in self.plan.source.columns]
        if others:
            errors[at] = f"keys that the first lines do not have: {', '.join(others)[:100]}"

    def _look_at_width(self, at: int, cells: list[Any], errors: dict[int, str]) -> None:
        width = len(self.plan.source.columns)
        if len(cells) > width:
            if any(str(cell).strip() for cell in cells[width:]):
                errors[at] = f"{len(cells)} cells for {width} columns"
            del cells[width:]
        else:
            cells += [""] * (width - len(cells))


# Going on


def _state_of(out: Path) -> Path:
    return out.with_name(f"{out.name}.progress.json")


def _resumed(plan: Plan, *, overwrite: bool) -> Done:
    state, partial = _state_of(plan.out), partial_of(plan.out)
    if overwrite:
        state.unlink(missing_ok=True)
        return Done()
    if state.exists() and partial.exists():
        try:
            told = json.loads(state.read_text("utf-8"))
            same = told["bound"] == json.loads(json.dumps(plan.bound))
            done = Done(int(told["rows"]), int(told["failed"]), int(told["position"]))
        except (ValueError, KeyError, TypeError):
            same = False
        if not same:
            raise InputInvalid(
                {
                    "en": f"{partial.name} is what another run has done: another file, function or mapping.",
                    "zh": f"{partial.name} 是另一次运行的结果：文件、函数或对应关系不同。",
                },
                hint=_ANEW,
            )
        done.before = done.rows
        return done
    if plan.out.exists():
        raise InputInvalid(
            {"en": f"{plan.out.name} is there already.", "zh": f"{plan.out.name} 已经存在。"},
            hint=_ANEW,
        )
    return Done()


def _write_state(plan: Plan, done: Done) -> None:
    state = _state_of(plan.out)
    new = state.with_name(f"{state.name}.new")
    told = {
        "bound": plan.bound,
        "rows": done.rows,
        "failed": done.failed,
        "position": done.position,
    }
    with new.open("w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, state)


_ANEW = {
    "en": "Give another --out, or begin anew with --overwrite.",
    "zh": "请换一个 --out，或用 --overwrite 重新开始。",
}
