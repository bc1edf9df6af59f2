"""Texts that a call must not answer: a required value taken out, or functions for something else."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from ..contract import Tool
from ..errors import InputInvalid
from ..evaluate.call_problems import CallProblem
from ..evaluate.deletion import deletions
from ..readers.names import words_of
from .phrasing import MADE, without_label
from .record import Record, group_of, required_of

_OF_ANY = frozenset(
    "get set find search create make add update delete remove calculate compute check list show"
    " retrieve generate analyze by of for in the and to from id name data info information".split()
)


def without_a_value(record: Record) -> Iterator[Record]:
    """The text without the value of one required parameter, once for each that comes out cleanly."""
    tool = record.tool
    if record.kind != "parameters" or tool is None:
        return
    problem = CallProblem(
        id=record.id,
        part="",
        language=record.language,
        text=record.text,
        functions=(tool.model_dump(),),
        expected=({tool.name: {name: [value] for name, value in record.arguments.items()}},),
        now=record.now,
    )
    for one in deletions(problem):
        text = one.text
        if record.made.startswith(MADE):
            text = without_label(text, one.parameter)
        rest = {name: value for name, value in record.arguments.items() if name != one.parameter}
        missing = tuple(n for n in required_of(tool) if rest.get(n) is None)
        try:
            yield record.but(
                text=text,
                kind="ask",
                arguments=rest,
                spans={},
                missing=missing,
                made=_also(record.made, "a value deleted"),
            )
        except InputInvalid:
            continue


def with_other_tools(record: Record, pool: Sequence[Tool]) -> Record | None:
    """The text with functions that have nothing to do with it; None where the pool has none."""
    if record.kind != "parameters" or record.tool is None:
        return None
    draw = random.Random(f"irrelevant {record.id}")  # noqa: S311 - a sample, not a secret
    own = _about(record.tool)
    others: list[Tool] = []
    for tool in draw.sample(pool, min(len(pool), 40)):
        strange = not _about(tool) & own and group_of(tool.name) != record.group
        if strange and all(tool.name != one.name for one in others):
            others.append(tool)
        if len(others) == 4:
            break
    if not others:
        return None
    return record.but(
        kind="none",
        tools=others[: draw.randint(1, len(others))],
        function=None,
        arguments={},
        spans={},
        made=_also("irrelevant: functions for something else", record.made),
    )


def _about(tool: Tool) -> set[str]:
    """The words that tell what a function is about."""
    said = [*words_of(tool.name), *words_of((tool.description or "").split(".")[0])]
    return {word for word in said if len(word) > 2} - _OF_ANY


def _also(one: str, other: str) -> str:
    return f"{one}; {other}" if one and other else one or other


__all__ = ["with_other_tools", "without_a_value"]
