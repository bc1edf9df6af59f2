"""Seal-Tools: requests of one call as they are, and the sentences of longer ones that state one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...contract import Tool
from . import Found, Left, Where
from .rows import call_record, flat_tool, rows_of

LICENCE = "Apache-2.0"
_LED = re.compile(
    r"^(?:(?:additionally|also|furthermore|moreover|finally|lastly|next|then|moving on|after that|"
    r"in addition|besides|afterwards|firstly|first|secondly|second|thirdly|meanwhile|last but not "
    r"least|to start|to begin with|once done|subsequently)\s*,?\s+)+",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def found(where: Where) -> Iterator[Found]:
    """The rows of dev and of test_in_domain; the tools are those of `tool`."""
    tools = tools_of(where)
    for name in ("dev", "test_in_domain"):
        for place, row in rows_of(where.data, f"seal_tools/{name}.jsonl.gz"):
            yield from _row(row, f"seal_tools/{name}:{place}", tools)


def tools_of(where: Where) -> dict[str, Tool]:
    """Every function that is defined, by name."""
    return {
        row["api_name"]: flat_tool(
            row["api_name"], row["api_description"], row["parameters"], row.get("required") or ()
        )
        for _, row in rows_of(where.data, "seal_tools/tool.jsonl.gz")
    }


def _row(row: Mapping[str, Any], origin: str, tools: Mapping[str, Tool]) -> Iterator[Found]:
    calls = row["calling"]
    whole = len(calls) == 1
    for at, call in enumerate(calls):
        mine = origin if whole else f"{origin}#{at}"
        tool = tools.get(call["api"])
        text = row["query"] if whole else _sentence(row["query"], calls, at)
        if tool is None:
            yield Left(mine, "its function is not defined")
        elif text is None:
            yield Left(mine, "no sentence of its own among several calls")
        else:
            yield call_record(
                text,
                [tool],
                tool.name,
                call["parameters"],
                origin=mine,
                licence=LICENCE,
                made="" if whole else "one sentence of a longer request",
            )


def _sentence(query: str, calls: list[Any], at: int) -> str | None:
    """The one sentence that states all values of a call and none of another's."""
    own = _values(calls[at])
    others = [value for place, call in enumerate(calls) if place != at for value in _values(call)]
    if not own:
        return None
    fitting = [one for one in _ENDS.split(query) if all(_stands(v, one.casefold()) for v in own)]
    if len(fitting) != 1:
        return None
    said = fitting[0]
    rest = said.casefold()
    for value in own:
        rest = rest.replace(value, " ")
    if any(_stands(value, rest) for value in others):
        return None
    said = _LED.sub("", said.strip())
    return said[:1].upper() + said[1:]


def _stands(value: str, text: str) -> bool:
    """Whether a value stands in a text by itself, not inside a longer word or number."""
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", text))


def _values(call: Mapping[str, Any]) -> list[str]:
    return [str(value).casefold() for value in call["parameters"].values() if str(value).strip()]
