"""The one renderer: a record as the prompt that is sent when it is served, and its answer.

Two ways. "pipeline": what the pipeline asks, built by the functions that ask it. "direct": a call
as JSON and nothing else (`direct.py`). No prompt is written here.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from ..contract import Tool
from ..detect import shortlist
from ..errors import InputInvalid
from ..generate.body import begun, named
from ..generate.call_writer import NONE, OTHER, call_prompt
from ..generate.desk import body_prompt
from ..generate.form import wants_form
from ..generate.function import function_prompt
from ..generate.grammar import written
from ..generate.kinds import inner_schema, kind_of, properties
from ..generate.prompt import FENCE
from ..generate.shown import shown
from ..generate.task import Task, examples_of
from ..generate.wording import requests
from ..models.engine import Prompt
from ..readers import read
from .direct import direct_answer, direct_prompt, ordered
from .record import Record, Span, pointer

Way = Literal["pipeline", "direct"]
WAYS: tuple[Way, ...] = get_args(Way)
_END = "\n```"
"""Where decoding stops; a model has to learn to write it."""


@dataclass(frozen=True)
class Rendered:
    """What is asked, and what is to be answered behind the prompt's prefix."""

    prompt: Prompt
    answer: str


def render(record: Record, *, way: Way = "pipeline") -> Rendered:
    """A record as it is served.

    Raises `InputInvalid` where the way has no words for it: the pipeline's calls copy every value
    from the text, so each needs its span.
    """
    if way == "direct":
        return _direct(record)
    if record.kind == "function" or not record.tools:
        return _function(record)
    tools = shortlist(record.text, record.tools)
    asked = call_prompt(record.text, tools)
    if record.kind == "none":
        idle = record.made.startswith("idle") or not requests(record.text)
        return Rendered(asked, (NONE if idle else OTHER) + _END)
    tool = next((one for one in tools if one.name == record.function), None)
    if tool is None:
        raise _unsayable(record, "its function is not among the nearest five")
    remarks = ("，" if record.language == "zh" else ", ").join(_remarks(record, tool))
    return Rendered(asked, f"# {shown(tool)}\n# {remarks}\n{_call(record, tool)}{_END}")


def _direct(record: Record) -> Rendered:
    asked = direct_prompt(record.text, record.tools, now=record.now)
    if record.kind == "function":
        return Rendered(asked, f"{FENCE}{(record.source or '').strip()}{_END}")
    tool = record.tool
    arguments = ordered(tool, record.arguments) if tool is not None else {}
    return Rendered(asked, direct_answer(record.function, arguments, record.missing))


# New functions


def _function(record: Record) -> Rendered:
    task = task_of(record)
    source = (record.source or "").strip()
    if record.kind == "none":
        return Rendered(function_prompt(task), NONE + _END)
    if not task.call and named(task) == record.function:
        _, given = begun(task)
        prefix, found, rest = source.partition(given)
        if found and not prefix.strip():
            return Rendered(body_prompt(task, given), f"{rest}{_END}")
    call = sample_call(record)
    return Rendered(function_prompt(task), f"{source}\n\n{call}{_END}" if call else source + _END)


def task_of(record: Record) -> Task:
    """What the pipeline makes of the text: with a call where the text states its values."""
    now = datetime.fromisoformat(record.now) if record.now else None
    call = bool(record.arguments) or record.kind == "none"
    return Task(
        record.text,
        values=read(record.text, now=now),
        now=now,
        examples=examples_of(record.text),
        always=not call,
        call=call,
    )


def sample_call(record: Record) -> str | None:
    """A call of a new function: with the values of the text, else the first one in its tests."""
    if record.arguments:
        given = ", ".join(f"{name}={value!r}" for name, value in record.arguments.items())
        return f"{record.function}({given})"
    for test in record.tests:
        for node in ast.walk(ast.parse(test)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == record.function:
                return ast.unparse(node)
    return None


# Calls


def _call(record: Record, tool: Tool) -> str:
    parts = [
        f"{name}={_said(record, (name,), schema, record.arguments.get(name))}"
        for name, schema in properties(tool).items()
    ]
    return f"{tool.name}({', '.join(parts)})"


def _said(record: Record, steps: tuple[str | int, ...], schema: dict[str, Any], value: Any) -> str:
    """A value as the call writes it: the words of the text that state it."""
    if value is None:
        return "None"
    schema = inner_schema(schema)
    kind = kind_of(schema)
    if kind == "object" and isinstance(value, dict):
        inner = schema.get("properties") or {}
        parts = (
            f"{written(key)}: {_said(record, (*steps, key), inner.get(key) or {}, one)}"
            for key, one in value.items()
        )
        return "{" + ", ".join(parts) + "}"
    spans = record.spans.get(pointer(*steps))
    if isinstance(value, list):
        return _listed(record, steps, value, spans)
    if not spans:
        raise _unsayable(record, f"{steps[0]} has no span")
    words = json.dumps(record.text[slice(*spans[0])], ensure_ascii=False)
    if kind in ("boolean", "enum"):
        return f"({words}, {written(value)})"
    if kind == "string" and wants_form(str(schema.get("description", ""))):
        return f"({words}, {written(value)})"
    return words


def _listed(
    record: Record, steps: tuple[str | int, ...], value: list[Any], whole: list[Span] | None
) -> str:
    """A list: its words one by one, numbers all in one as they stand."""
    places = [record.spans.get(pointer(*steps, at), [None])[0] for at in range(len(value))]
    found = [place for place in places if place is not None]
    if len(found) == len(value) and value and all(isinstance(one, str) for one in value):
        return written([record.text[start:end] for start, end in found])
    stretch = whole or found
    if not stretch:
        raise _unsayable(record, f"{steps[0]} has no span")
    start, end = min(s for s, _ in stretch), max(e for _, e in stretch)
    return json.dumps(record.text[start:end], ensure_ascii=False)


_SHORT = re.compile(r"[^，,、（(：:。.;；=\n]{1,12}(?=$|[，,（(：:。.;；\n])")


_EDGES = " ，。！？；：、,.!?;:「」“”\"'"
"""What no quotation of the pipeline begins or ends with."""


def _remarks(record: Record, tool: Tool) -> Iterator[str]:
    """What each value of the text is there, in the order of the text."""
    wanted = properties(tool)
    placed = sorted((span, at) for at, spans in record.spans.items() for span in spans[:1])
    reached = 0
    for (start, end), at in placed:
        if start < reached:
            continue
        reached = end
        name = at.split("/")[1].replace("~1", "/").replace("~0", "~")
        words = record.text[start:end].strip(_EDGES) or record.text[start:end]
        yield f"{words} = {_role(name, wanted.get(name) or {})}"
    if not placed:
        # The grammar wants one, and there is no value: what is asked for is what there is.
        what = record.text.strip().split("\n")[0].strip(_EDGES)
        yield f"{what} = {_role(tool.name, {'description': tool.description})}"


def _role(name: str, schema: dict[str, Any]) -> str:
    short = _SHORT.match(str(schema.get("description") or "").strip())
    if short and any("\u4e00" <= c <= "\u9fff" for c in short.group()):
        return short.group().strip()
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").strip().lower()[:30] or name


def _unsayable(record: Record, why: str) -> InputInvalid:
    return InputInvalid(
        {
            "en": f"The record {record.id} cannot be said as the pipeline says calls: {why}.",
            "zh": f"记录 {record.id} 无法写成流水线的调用：{why}。",
        },
        hint={"en": "Render it in the direct way.", "zh": "请用 direct 方式渲染。"},
    )


__all__ = ["WAYS", "Rendered", "Way", "render", "sample_call", "task_of"]
