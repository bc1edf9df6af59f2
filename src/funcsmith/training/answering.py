"""Records answered in the direct way by an engine, and which of the answers are right.

One word for all kinds: an answer is right where its kind is, and with it the function with exactly
its arguments, exactly the question, or the code that passes its tests.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import EngineFailed
from ..models.adapters import Adapter, Beside
from .direct import answer_directly
from .record import Record
from .scoring import Prediction, Scores, Share, is_exact, passes, score

if TYPE_CHECKING:
    from ..evaluate.trial import Trial
    from ..models.engine import Engine
    from ..models.llamacpp import LlamaCpp
    from ..settings import Settings

Row = dict[str, Any]
BASE = ""
"""The adapter's name for no adapter."""


def answered(
    engine: Engine, records: Sequence[Record], *, adapter: str | None = None
) -> list[tuple[Record, Prediction]]:
    """Each record with what the engine says to it, greedily, under the grammar of its functions."""
    return [(record, answer(engine, record, adapter=adapter)) for record in records]


def answer(engine: Engine, record: Record, *, adapter: str | None = None) -> Prediction:
    return answer_directly(engine, record.text, record.tools, now=record.now, adapter=adapter)


def is_right(record: Record, said: Prediction, trial: Trial | None = None) -> bool:
    """Whether an answer is right; code without a trial never is, for nobody has run it."""
    if said.kind != record.kind:
        return False
    if record.kind == "parameters":
        return is_exact(record, said)
    if record.kind == "ask":
        same = set(said.missing) == set(record.missing)
        return said.function == record.function and same
    return record.kind == "none" or (trial is not None and passes(trial, record, said))


def right_of(pairs: Sequence[tuple[Record, Prediction]], trial: Trial | None = None) -> Share:
    """How many answers are right."""
    return Share(sum(is_right(*pair, trial) for pair in pairs), len(pairs))


def way(engine: Engine, records: Mapping[str, Record], path: str, adapter: str | None) -> Any:
    """A `Way` of `evaluate/measurement.py`: from a row with a record's id to what came of it."""

    def measured(row: Row) -> Row:
        record = records[row["id"]]
        started = time.perf_counter()
        failed = None
        try:
            said = answer(engine, record, adapter=adapter)
        except EngineFailed as failure:
            said, failed = Prediction("none"), failure.message()
        return {
            **row,
            "path": path,
            "right": failed is None and is_right(record, said),
            "kind": said.kind,
            "said": asdict(said),
            "error": failed,
            "failed": failed is not None,
            "seconds": round(time.perf_counter() - started, 3),
        }

    return measured


def scored(rows: Sequence[Row], records: Mapping[str, Record]) -> Scores:
    """The figures of measured rows."""
    return score([(records[row["id"]], prediction(row["said"])) for row in rows])


def prediction(said: Mapping[str, Any]) -> Prediction:
    return Prediction(**{**said, "missing": tuple(said["missing"])})


@contextmanager
def serving(
    base: Path, *, model: str, sha256: str, adapter: Path, settings: Settings
) -> Iterator[LlamaCpp]:
    """llama.cpp on a base with an adapter that is not installed, named as its file is.

    Requests without an adapter's name use it; `BASE` is the base alone.
    """
    from ..models.carriers import sha256 as digest
    from ..models.llamacpp import LlamaCpp

    one = Adapter(adapter.stem, adapter, model, sha256, digest(adapter))
    engine = LlamaCpp(
        base, model=model, sha256=sha256, threads=settings.threads, adapters=Beside([one])
    )
    try:
        yield engine
    finally:
        engine.close()


__all__ = [
    "BASE",
    "answer",
    "answered",
    "is_right",
    "prediction",
    "right_of",
    "scored",
    "serving",
    "way",
]
