"""The direct way to a call: the model says it as JSON, under a grammar and nothing else.

No readers, no joint filling, no second question: what a small model does by itself, and the same
decoding for a raw and for a taught one. The pipeline does not go this way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..contract import Tool
from ..generate.grammar import literal
from ..generate.kinds import inner_schema, kind_of, properties
from ..generate.prompt import FENCE
from ..models.engine import Message, Prompt, Sampling
from .record import required_of
from .scoring import Prediction, read_answer

if TYPE_CHECKING:
    from ..models.cancel import Cancel
    from ..models.engine import Engine

NONE = "null"
_CALL = """\
Choose the function that does what the request asks for. Answer with JSON alone:
{"name": ..., "arguments": {...}} with the values that the request states;
{"name": ..., "ask": [...]} with the required parameters that it does not state;
null if none of the functions does it."""
_CODE = """\
Write the Python function that the request asks for, in a code block. Answer null if there is \
nothing to compute."""
_NOTE = 80
"""Characters of what is said of a parameter."""


def direct_prompt(text: str, tools: Sequence[Tool], *, now: str | None = None) -> Prompt:
    """What is asked: the functions in a line each, then the text; without functions, for code.

    `now`: ISO, for texts that speak of days from today.
    """
    today = f"\n(now: {now})" if now else ""
    listed = "\n".join(map(signature, tools))
    said = f"{listed}\n\n{text.strip()}{today}" if tools else f"{text.strip()}{today}"
    return Prompt((Message("system", _CALL if tools else _CODE), Message("user", said)))


def signature(tool: Tool) -> str:
    """A function as it is offered: its parameters with types, what it does, what they are.

    >>> signature(Tool(name="f", parameters={"properties": {"n": {"type": "integer"}}}))
    'f(n: int = None)'
    """
    required = required_of(tool)
    parts: list[str] = []
    notes: list[str] = []
    for name, schema in properties(tool).items():
        optional = "" if name in required else " = None"
        parts.append(f"{name}: {_typed(schema)}{optional}")
        note = " ".join(str(schema.get("description") or "").split())[:_NOTE]
        if note:
            notes.append(f"{name}: {note}")
    head = f"{tool.name}({', '.join(parts)})"
    purpose = " ".join((tool.description or "").split())[: 2 * _NOTE]
    said = "; ".join(one for one in (purpose, *notes) if one)
    return f"{head}: {said}" if said else head


def direct_answer(name: str | None, arguments: dict[str, Any], missing: Sequence[str]) -> str:
    """What is to be answered for a call, a question (`missing`), or nothing (no name)."""
    if name is None:
        return NONE
    said: dict[str, Any] = {"name": name}
    said |= {"ask": list(missing)} if missing else {"arguments": arguments}
    return json.dumps(said, ensure_ascii=False)


def ordered(tool: Tool, arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments in the order that the grammar has them: required ones first; None is left out."""
    return {name: arguments[name] for name in _order(tool) if arguments.get(name) is not None}


def answer_directly(
    engine: Engine,
    text: str,
    tools: Sequence[Tool],
    *,
    now: str | None = None,
    adapter: str | None = None,
    max_tokens: int = 400,
    cancel: Cancel | None = None,
) -> Prediction:
    """One greedy answer under the grammar of its functions."""
    sampling = Sampling(
        max_tokens=max_tokens,
        grammar=direct_grammar(tools),
        stop=() if tools else (f"\n{FENCE.strip()[:3]}",),
        adapter=adapter,
    )
    completion = engine.complete(direct_prompt(text, tools, now=now), sampling, cancel=cancel)
    return read_answer(completion.text)


def direct_grammar(tools: Sequence[Tool]) -> str:
    """GBNF: a call of a function with all that it requires, a question, or null; or else code."""
    if not tools:
        return f'root ::= "{NONE}" | {literal(FENCE)} code\ncode ::= [^`]+ "\\n```"?\n'
    rules = dict(_JSON)
    ways = [literal(NONE)]
    for at, tool in enumerate(tools):
        rules[f"t{at}"] = _tool_rule(rules, at, tool)
        ways.append(f"t{at}")
    lines = [f"root ::= {' | '.join(ways)}", *(f"{name} ::= {one}" for name, one in rules.items())]
    return "\n".join(lines) + "\n"


def _order(tool: Tool) -> list[str]:
    required = required_of(tool)
    known = properties(tool)
    return [*(n for n in known if n in required), *(n for n in known if n not in required)]


def _tool_rule(rules: dict[str, str], at: int, tool: Tool) -> str:
    required = required_of(tool)
    wanted = properties(tool)
    names = _order(tool)
    pairs: dict[str, str] = {}
    for place, name in enumerate(names):
        rule = f"t{at}p{place}"
        rules[rule] = f"{literal(_text(name) + ': ')} {_value_rule(wanted[name])}"
        pairs[name] = rule
    optional = [pairs[name] for name in names if name not in required]
    tail = " ".join(f'(", " {rule})?' for rule in optional)
    if required:
        inside = ' ", " '.join(pairs[name] for name in names if name in required)
        inside = f"{inside} {tail}".strip()
    else:
        inside = f"t{at}any"
        firsts = [
            " ".join([rule, *(f'(", " {later})?' for later in optional[place + 1 :])])
            for place, rule in enumerate(optional)
        ]
        rules[inside] = " | ".join([*firsts, '""'])
    head = literal(f'{{"name": {_text(tool.name)}, ')
    call = f"{literal(chr(34) + 'arguments' + chr(34) + ': {')} {inside} {literal('}}')}"
    if not required:
        return f"{head} {call}"
    listed = " | ".join(literal(_text(name)) for name in names if name in required)
    rules[f"t{at}n"] = listed
    ask = (
        f'{literal(chr(34) + "ask" + chr(34) + ": [")} t{at}n (", " t{at}n){{0,11}} {literal("]}")}'
    )
    return f"{head} ({call} | {ask})"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_JSON = {
    "value": 'object | array | string | number | "true" | "false" | "null"',
    "object": '"{" (string ": " value (", " string ": " value)*)? "}"',
    "array": '"[" (value (", " value)*)? "]"',
    "string": r'"\"" ([^"\\\x00-\x1f] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})){0,600} "\""',
    "number": '"-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,12})? ([eE] [-+]? [0-9]{1,3})?',
    "integer": '"-"? ("0" | [1-9] [0-9]{0,17})',
    "boolean": '"true" | "false"',
}


def _value_rule(schema: dict[str, Any]) -> str:
    schema = inner_schema(schema)
    kind = kind_of(schema)
    if kind == "enum":
        listed = schema.get("enum") or [schema.get("const")]
        return "(" + " | ".join(literal(_text(one)) for one in listed) + ")"
    if kind in ("integer", "number", "boolean", "object"):
        return kind
    if kind == "array":
        items = schema.get("items")
        inner = _value_rule(items) if isinstance(items, dict) and items else "value"
        return f'"[" ({inner} (", " {inner})*)? "]"'
    return "value" if kind in ("any", "null") else "string"


def _typed(schema: dict[str, Any]) -> str:
    schema = inner_schema(schema)
    kind = kind_of(schema)
    if kind == "enum":
        listed = schema.get("enum") or [schema.get("const")]
        return "Literal[" + ", ".join(map(_text, listed[:12])) + "]"
    if kind == "array":
        items = schema.get("items")
        return f"list[{_typed(items)}]" if isinstance(items, dict) and items else "list"
    plain = {"integer": "int", "number": "float", "boolean": "bool", "object": "dict"}
    return plain.get(kind, "Any" if kind in ("any", "null") else "str")


__all__ = [
    "answer_directly",
    "direct_answer",
    "direct_grammar",
    "direct_prompt",
    "ordered",
    "signature",
]
