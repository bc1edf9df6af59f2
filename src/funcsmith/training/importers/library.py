"""The user's own: saved functions with the texts that they answer, runs, and corrections.

A run counts as accepted where it ended well and no correction speaks against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...contract import Tool
from ...library.corrections import Correction, corrections
from ...settings import settings
from ..record import group_of
from . import Found, Left, Where
from .rows import call_record, record_or_left

if TYPE_CHECKING:
    from ...library import Library, Saved

LICENCE = "own"
_RUNS = 100_000
_TRUE = ("agreed", "tested", "proven")


def found(_: Where) -> Iterator[Found]:
    """Functions, then runs, then what was corrected."""
    from ...library import Library

    here = settings()
    corrected = list(corrections(here.home))
    with_library = Library.open(here)
    try:
        yield from _functions(with_library)
        yield from _runs(with_library, corrected)
    finally:
        with_library.close()
    for at, one in enumerate(corrected):
        yield of_correction(one, f"corrections:{at}")


def _functions(library: Library) -> Iterator[Found]:
    for saved in library.list():
        if saved.broken:
            yield Left(f"library/{saved.name}", "its file cannot be used")
            continue
        for at, origin in enumerate(saved.origins):
            mine = f"library/{saved.name}:{at}"
            yield _written(library, saved, origin.text, mine)
            if origin.arguments:
                yield call_record(
                    origin.text,
                    [_tool(saved)],
                    saved.name,
                    origin.arguments,
                    origin=f"{mine}#call",
                    licence=_licence(saved),
                )


def _written(library: Library, saved: Saved, text: str, origin: str) -> Found:
    if saved.verdict not in _TRUE:
        return Left(origin, "a function without evidence")
    tests = tuple(
        f"assert {one['call']} == {one['expected']}"
        for one in saved.evidence
        if one.get("kind") == "example" and one.get("call") and one.get("expected")
    )
    return record_or_left(
        origin,
        text=text,
        kind="function",
        function=saved.name,
        source=library.whole(saved.source, saved.name),
        tests=tests,
        licence=_licence(saved),
        group=group_of(saved.name),
    )


def _runs(library: Library, corrected: Sequence[Correction]) -> Iterator[Found]:
    """Runs that nothing was said against; a correction without a run is of all of its text."""
    numbers = {one.run for one in corrected}
    texts = {one.text.strip() for one in corrected if one.run is None}
    for run in library.runs(_RUNS):
        origin = f"runs:{run.id}"
        if run.id in numbers or run.text.strip() in texts:
            yield Left(origin, "corrected")
            continue
        try:
            outcome = json.loads(run.outcome or "null")
        except ValueError:
            outcome = None
        if not isinstance(outcome, dict) or outcome.get("error"):
            yield Left(origin, "a run without an outcome")
            continue
        yield _run(outcome, run.text, origin)


def _run(outcome: Mapping[str, Any], text: str, origin: str) -> Found:
    calls = outcome.get("calls") or []
    function = outcome.get("function") or {}
    kind = outcome.get("kind")
    if kind == "none":
        return record_or_left(
            origin, text=text, kind="none", licence=LICENCE, group=f"none {origin}"
        )
    tool = Tool(
        name=function.get("name") or "",
        description=function.get("readback") or "",
        parameters=function.get("parameters") or {},
    )
    if kind == "ask" and tool.name and outcome.get("missing"):
        return record_or_left(
            origin,
            text=text,
            kind="ask",
            tools=[tool],
            function=tool.name,
            arguments=outcome.get("partial") or {},
            missing=outcome["missing"],
            licence=LICENCE,
            group=group_of(tool.name),
        )
    ended = calls[0].get("result") or {} if len(calls) == 1 else {}
    if kind != "parameters" or not tool.name or ended.get("status") not in ("ok", "not_run"):
        return Left(origin, "no call that ended well")
    return call_record(
        text, [tool], tool.name, calls[0].get("arguments") or {}, origin=origin, licence=LICENCE
    )


def of_correction(one: Correction, origin: str) -> Found:
    """What a correction teaches."""
    tool = Tool(name=one.function, parameters=one.parameters)
    if one.what == "arguments":
        return call_record(
            one.text, [tool], one.function, one.arguments, origin=origin, licence=LICENCE
        )
    if one.what == "rejected":
        return record_or_left(
            origin,
            text=one.text,
            kind="none",
            tools=[tool],
            licence=LICENCE,
            group=group_of(one.function),
            made="irrelevant: rejected by its user",
        )
    return record_or_left(
        origin,
        text=one.text,
        kind="function",
        function=one.function,
        source=one.source,
        tests=one.tests,
        licence=LICENCE,
        group=group_of(one.function),
    )


def _tool(saved: Saved) -> Tool:
    from ...recall import tool_of

    return tool_of(saved)


def _licence(saved: Saved) -> str:
    return str(saved.package.get("licence") or LICENCE) if saved.package else LICENCE
