"""What a call takes from the call before it: its value once it has run, else a pointer to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..contract import Call
    from .filled import Filled


def chained(filled: Filled, calls: Sequence[Call], *, runs: bool) -> dict[str, Any] | None:
    """The arguments of a call behind others; None where the one before has no value to give.

    A call that does not run points into the outcome instead, by JSON Pointer.

    >>> from ..contract import Call, Result
    >>> from .filled import Filled
    >>> paint = Filled("paint", {"coats": 2}, results=("area",))
    >>> chained(paint, [Call(function="area", result=Result(status="ok", value=10.4))], runs=True)
    {'coats': 2, 'area': 10.4}
    >>> chained(paint, [Call(function="area")], runs=False)
    {'coats': 2, 'area': {'$ref': '/calls/0/result/value'}}
    """
    arguments = dict(filled.arguments)
    if not filled.results or not calls:
        return arguments
    before = calls[-1].result
    if not runs:
        pointer = {"$ref": f"/calls/{len(calls) - 1}/result/value"}
        return arguments | {name: dict(pointer) for name in filled.results}
    if before is None or before.status != "ok":
        return None
    return arguments | dict.fromkeys(filled.results, before.value)


def lacking(function: str, language: str) -> str:
    """Why a call was not run whose value another call should have given."""
    if language == "zh":
        return f"没有运行：它需要 {function} 的结果，而 {function} 没有成功。"
    return f"Not run: it takes what {function} gives, and {function} did not succeed."
