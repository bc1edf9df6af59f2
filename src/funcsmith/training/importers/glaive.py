"""Glaive's conversations in English: what was said before a call, and texts without one.

The Chinese ones are a suite of `funcsmith evaluate`, so nothing is trained on them.

Also for user files of its form (ShareGPT with `function_call` turns).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from . import Found, Left, Where
from .rows import call_record, none_record, rows_of, tool_from

LICENCE = "Apache-2.0"


def found(where: Where) -> Iterator[Found]:
    """The file as it lies in the data folder."""
    for place, row in rows_of(where.data, "train/glaive_toolcall_en.jsonl.gz"):
        yield from conversation(row, f"glaive/en:{place}", LICENCE)


def conversation(row: Mapping[str, Any], origin: str, licence: str) -> Iterator[Found]:
    """A record for each call that follows what a user said; a first text without a call is none."""
    try:
        listed = json.loads(row["tools"]) if row.get("tools") else []
    except ValueError:
        yield Left(origin, "its tools are no JSON")
        return
    tools = [tool for tool in map(tool_from, listed) if tool is not None]
    turns = [turn for turn in row.get("conversations") or () if isinstance(turn, dict)]
    said: list[str] = []
    called = False
    for place, turn in enumerate(turns):
        speaker, value = turn.get("from"), str(turn.get("value") or "")
        if speaker in ("human", "user"):
            said.append(value)
        elif speaker == "function_call":
            if said:
                yield _call("\n".join(said), tools, value, f"{origin}#{place}", licence)
            said, called = [], True
        elif speaker == "observation":
            said = []
    if not called and turns and turns[0].get("from") in ("human", "user"):
        first = str(turns[0].get("value") or "")
        if first.strip() and tools:
            yield none_record(first, tools, origin=origin, licence=licence)


def _call(text: str, tools: list[Any], value: str, origin: str, licence: str) -> Found:
    try:
        call = json.loads(value)
        name, arguments = call["name"], call.get("arguments") or {}
    except (ValueError, KeyError, TypeError):
        return Left(origin, "its call is no JSON")
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except ValueError:
            return Left(origin, "its call is no JSON")
    if not isinstance(arguments, dict):
        return Left(origin, "its call is no JSON")
    return call_record(text, tools, name, arguments, origin=origin, licence=licence)
