"""One function over many rows: what came of each, and how a child's answers become that.

Not here: running anything. A row is a position in the columns that were handed over; rows share
the fenced process of their call, so what one row leaves in the module the next one finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..contract import Isolation, Result, Status
from . import decode


@dataclass
class Column:
    """The values of a function over many rows; what failed is in `failed`, by row."""

    values: list[Any] = field(default_factory=list)
    """Plain JSON, a value a row; None where a row failed."""
    typed: dict[int, Any] = field(default_factory=dict)
    """The lossless form of the values that lost something, by row."""
    failed: dict[int, Result] = field(default_factory=dict)
    """Why a row has no value: the same result that a single call would have."""
    seconds: float = 0.0
    isolation: Isolation | None = None

    def add(self, result: Result) -> None:
        """One more row, as a call's result."""
        if result.status != "ok":
            self.failed[len(self.values)] = result
        elif result.typed is not None:
            self.typed[len(self.values)] = result.typed
        self.values.append(result.value)

    def add_answers(self, answers: bytes, rows: int) -> None:
        """The rows that a child has answered in whole chunks, at most `rows`; believed in nothing.

        What is no answer ends the reading: those rows count as not answered.
        """
        position, last = 0, len(self.values) + rows
        while position + 8 <= len(answers):
            length = int.from_bytes(answers[position : position + 8], "little")
            record = answers[position + 8 : position + 8 + length]
            if len(record) < length:
                return
            try:
                self._add_chunk(record, last)
            except (decode.AnswerInvalid, TypeError, ValueError):
                return
            position += 8 + length

    def _add_chunk(self, record: bytes, last: int) -> None:
        tagged, failed = decode.parse(record)
        start = len(self.values)
        if type(tagged) is not list or not tagged or start + len(tagged) > last:
            raise decode.AnswerInvalid("not a chunk of rows")
        values, typed, results = [], {}, {}
        for row, one in enumerate(tagged, start):
            if type(one) in _SCALARS:
                values.append(one)
                continue
            value, lost = decode.plain(one)
            values.append(value)
            if lost:
                typed[row] = one
        for row, status, error, limit in failed:
            if type(row) is not int or not 0 <= row < len(tagged):
                raise decode.AnswerInvalid("no such row")
            results[start + row] = _failure(status, error, limit)
            values[row] = None
            typed.pop(start + row, None)
        self.values += values
        self.typed |= typed
        self.failed |= results


def _failure(status: Any, error: Any, limit: Any) -> Result:
    named: dict[Any, Status] = {name: name for name in _STATUSES}
    if type(status) is not str or status not in named or type(error) is not str:
        raise decode.AnswerInvalid("not a failure")
    return Result(
        status=named[status],
        error=error[:_ERROR_CHARACTERS],
        limit=limit if limit in _LIMITS else None,
    )


_ERROR_CHARACTERS = 4_000
_STATUSES: tuple[Status, ...] = ("error", "memory", "output", "forbidden")
_LIMITS = ("memory_bytes", "value_bytes", "processes", "disk_bytes", "open_files")
_SCALARS = (str, int, float, bool, type(None))
