"""Files of the user's own, JSON Lines or one JSON array, by the form of their rows.

Records as ours; {text, name, arguments, tools}; OpenAI messages with tool calls; ShareGPT and
Glaive conversations; Alpaca instructions with code; BFCL's form. BFCL's own rows are refused.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ...contract import Tool
from ...errors import InputInvalid
from ..record import Record, from_row, group_of, read_rows
from . import Found, Left
from .glaive import conversation
from .rows import call_record, none_record, tool_from

LICENCE = "own"
_EVALUATION = re.compile(
    r"^(?:live_)?(?:simple|multiple|parallel|parallel_multiple|irrelevance|relevance|multi_turn)"
    r"(?:_\w+)*_\d+(?:-\d+)*$"
)


def read_file(path: Path, *, licence: str = LICENCE) -> Iterator[Found]:
    """The records of one file. Raises `InputInvalid` for one that is an evaluation set."""
    bad: list[Left] = []

    def told(number: int, _: InputInvalid) -> None:
        bad.append(Left(f"{path.name}:{number}", "no JSON object"))

    for number, row in _rows(path, told):
        if _EVALUATION.match(str(row.get("id", ""))) and "question" in row:
            raise InputInvalid(
                {
                    "en": f"{path} holds rows of BFCL, which is for evaluation alone.",
                    "zh": f"{path} 含有 BFCL 的评测数据，不能用于训练。",
                },
                hint={
                    "en": "Give rows of your own in that form, under ids of your own.",
                    "zh": "可以给出同样格式的自有数据，并使用自己的 id。",
                },
            )
        yield from of_row(row, f"{path.name}:{number}", licence)
    yield from bad


def _rows(path: Path, told: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        whole = path.read_bytes().lstrip()[:1] == b"["
        listed = json.loads(path.read_bytes()) if whole else None
    except (OSError, ValueError):
        listed = None
    if isinstance(listed, list):
        yield from ((n, row) for n, row in enumerate(listed, 1) if isinstance(row, dict))
        return
    yield from read_rows(path, on_bad=told)


def of_row(row: Mapping[str, Any], origin: str, licence: str) -> Iterator[Found]:
    """What one row gives, by its form."""
    licence = str(row.get("licence") or row.get("license") or licence)
    try:
        if "kind" in row and "text" in row:
            plain = {"origin": origin, "licence": licence, **row}
            plain.pop("license", None)
            plain.setdefault("group", group_of(str(row.get("function") or "")) or origin)
            plain.setdefault("language", Record.of(text=row["text"], kind="none").language)
            yield from_row(plain)
        elif "messages" in row:
            yield from _messages(row, origin, licence)
        elif "conversations" in row:
            yield from conversation(row, origin, licence)
        elif "instruction" in row:
            yield _alpaca(row, origin, licence)
        elif "question" in row and "function" in row:
            yield _bfcl(row, origin, licence)
        elif "text" in row and "name" in row:
            yield _simple(row, origin, licence)
        else:
            yield Left(origin, "a form that is not known")
    except (InputInvalid, KeyError, TypeError, ValueError, AttributeError):
        yield Left(origin, "no valid record")


def _simple(row: Mapping[str, Any], origin: str, licence: str) -> Found:
    tools = _tools(row.get("tools"))
    arguments = dict(row.get("arguments") or {})
    if not any(tool.name == row["name"] for tool in tools):
        # Types as the values have them, where nobody says more.
        inner = {name: {"type": _type_of(value)} for name, value in arguments.items()}
        schema = {"type": "object", "properties": inner, "required": list(arguments)}
        said = str(row.get("description") or "")
        tools = [*tools, Tool(name=row["name"], description=said, parameters=schema)]
    return call_record(row["text"], tools, row["name"], arguments, origin=origin, licence=licence)


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}
    return names.get(type(value), "string")


def _messages(row: Mapping[str, Any], origin: str, licence: str) -> Iterator[Found]:
    """OpenAI messages: what the user said last before each answer."""
    tools = _tools(row.get("tools") or row.get("functions"))
    said: list[str] = []
    for place, message in enumerate(row["messages"]):
        role, content = message.get("role"), message.get("content")
        if role == "user":
            said.append(_text(content))
        elif role == "assistant":
            mine = f"{origin}#{place}"
            calls = [one.get("function") or one for one in message.get("tool_calls") or ()]
            calls += [message["function_call"]] if message.get("function_call") else []
            text = "\n".join(said)
            if len(calls) > 1:
                yield Left(mine, "several calls at once")
            elif calls and text.strip():
                given = calls[0].get("arguments") or {}
                given = json.loads(given) if isinstance(given, str) else given
                yield call_record(
                    text, tools, calls[0]["name"], given, origin=mine, licence=licence
                )
            elif text.strip() and tools and not _text(content).strip().endswith(("?", "？")):
                yield none_record(text, tools, origin=mine, licence=licence)
            said = []
        elif role == "tool":
            said = []


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(one.get("text") or "") for one in content if isinstance(one, dict))
    return str(content or "")


_BLOCK = re.compile(r"```(?:python)?[ \t]*\n(.*?)```", re.DOTALL)


def _alpaca(row: Mapping[str, Any], origin: str, licence: str) -> Found:
    """An instruction whose output is one Python function."""
    output = str(row.get("output") or "")
    block = _BLOCK.search(output)
    source = (block.group(1) if block else output).strip() + "\n"
    names = [one.name for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)]
    if not names:
        return Left(origin, "no function in its output")
    text = "\n".join(one for one in (row["instruction"], row.get("input")) if one)
    tests = tuple(row.get("tests") or ())
    return Record.of(
        text=text,
        kind="function",
        function=names[-1],
        source=source,
        tests=tests,
        origin=origin,
        licence=licence,
        group=group_of(names[-1]),
    )


def _bfcl(row: Mapping[str, Any], origin: str, licence: str) -> Found:
    said = row["question"][0]
    text = "\n".join(one["content"] for one in said if one["role"] == "user")
    tools = _tools(row["function"])
    expected = row.get("ground_truth") or []
    if not expected:
        return none_record(text, tools, origin=origin, licence=licence)
    if len(expected) > 1:
        return Left(origin, "several calls at once")
    ((name, accepted),) = expected[0].items()
    given = {key: values[0] for key, values in accepted.items() if values and "" not in values}
    return call_record(text, tools, name, given, origin=origin, licence=licence)


def _tools(listed: Any) -> list[Tool]:
    if isinstance(listed, str):
        listed = json.loads(listed)
    return [tool for tool in map(tool_from, listed or ()) if tool is not None]
