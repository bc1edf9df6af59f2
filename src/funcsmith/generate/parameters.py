"""Choose a known function and fill its parameters, from the text alone.

Readers find what the text states; a grammar offers each parameter only what could be meant for it,
or None; the model chooses which. Then everything is filled jointly: one value serves one parameter,
type and unit decide before the model does, and a parameter without evidence stays empty.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..contract import Tool
from ..models.engine import Cancel, Completion, Engine, Sampling
from ..readers import Value
from .call import read_call
from .certainty import certainties
from .filled import Filled
from .filling import settle
from .function import Spending
from .grammar import Grammar, copied, literal, value_rule
from .options import Option, inner_schema, kind_of, options, properties
from .prompt import FENCE, fixed, prompt

Span = tuple[int, int]

OTHER = "other"
NONE = "none"


@dataclass(frozen=True)
class Chosen:
    """What the model chose: a call, `other` (another function is needed) or `none`."""

    name: str
    filled: Filled | None
    probabilities: dict[str, float]


def choose(
    engine: Engine,
    text: str,
    tools: Sequence[Tool],
    *,
    values: Sequence[Value],
    now: datetime | None,
    spending: Spending,
    given: dict[str, Any] | None = None,
    must: bool = False,
    cancel: Cancel | None = None,
) -> Chosen:
    """Choose among at most five functions and fill the chosen one's parameters.

    `given` values fill parameters of their name; `must` leaves `other` and `none` out.
    """
    offers = {
        tool.name: {
            name: options(text, name, schema, values=values, now=now)
            for name, schema in properties(tool).items()
        }
        for tool in tools
    }
    grammar = _grammar(text, tools, offers, must=must)
    engine.prepare([fixed("function"), fixed("call")])
    asked_for = asked(text, tools)
    completion = engine.complete(
        prompt("call", asked_for, prefix=FENCE),
        Sampling(max_tokens=300, stop=("\n",), grammar=grammar, logprobs=8),
        cancel=cancel,
    )
    spending.add(completion)
    probabilities = _probabilities(completion, [*(t.name for t in tools), OTHER, NONE])
    said = completion.text.strip()
    for tool in sorted(tools, key=lambda t: -len(t.name)):
        if said.startswith(tool.name + "("):
            names = list(properties(tool))
            written = _arguments(said, tool.name, names)
            filled = settle(
                text,
                tool,
                _meant_by(text, written, offers[tool.name]),
                offers[tool.name],
                values=values,
                now=now,
                given=given or {},
                sure=certainties(
                    completion, tool.name, names, _forms(text, written, offers[tool.name])
                ),
            )
            return Chosen(tool.name, filled, probabilities)
    return Chosen(NONE if said.startswith(NONE) else OTHER, None, probabilities)


def asked(text: str, tools: Sequence[Tool]) -> str:
    """The user's turn: the functions in a line each, then the text."""
    lines = [shown(tool) for tool in tools]
    return "\n".join(lines) + f"\n\n{text.strip()}"


def shown(tool: Tool) -> str:
    """A function in one line: its signature and what it says of itself."""
    parts: list[str] = []
    notes: list[str] = []
    for name, schema in properties(tool).items():
        # Shown without a default: a small model leaves out what it may leave out, stated or not.
        parts.append(f"{name}: {_typed(schema)}")
        description = _without_format(str(schema.get("description") or "").strip())
        if description:
            notes.append(f"{name}: {description[:60]}")
    first = (tool.description or "").strip().split("\n")[0][:90]
    line = f"{tool.name}({', '.join(parts)}): {first}"
    return line + (" " + "; ".join(notes) if notes else "")


def _typed(schema: dict[str, Any]) -> str:
    """The type as the call shows it: whatever is copied from the text is words."""
    schema = inner_schema(schema)
    kind = kind_of(schema)
    if kind == "enum":
        return "Literal[" + ", ".join(repr(v) for v in schema.get("enum", [])[:12]) + "]"
    if kind == "array":
        items = schema.get("items")
        # Numbers are copied as they stand, all in one.
        words = isinstance(items, dict) and kind_of(items) not in ("integer", "number")
        return f"list[{_typed(items)}]" if words and isinstance(items, dict) else "str"
    return {"boolean": "bool", "object": "dict"}.get(kind, "str")


_FORMAT = re.compile(
    r"[,，、;；(（]?\s*(?:in |as )?(?:an? )?(?:ISO(?:[ -]?8601)?(?: (?:date|time|format))?|日期?格式|格式[为是：:]?|format:?|"
    r"24[ -]?(?:小时制|h(?:our)?)(?: clock)?|[YyMmDdHhSs]{2,4}(?:[-/:T年月日 ]+[YyMmDdHhSs]{2,4})+)(?![A-Za-z])\s*[)）]?"
)


def _without_format(description: str) -> str:
    """A description without the form that its value takes: the value is copied, not converted.

    >>> _without_format("day of arrival, ISO date YYYY-MM-DD")
    'day of arrival'
    """
    return _FORMAT.sub("", description).strip()


def _grammar(
    text: str,
    tools: Sequence[Tool],
    offers: dict[str, dict[str, list[Option] | None]],
    *,
    must: bool,
) -> str:
    grammar = Grammar(text)
    grammar.add("root", "")
    calls: list[str] = []
    for at, tool in enumerate(tools):
        parts: list[str] = []
        for index, (name, schema) in enumerate(properties(tool).items()):
            lead = (", " if index else "") + f"{name}="
            rule = value_rule(grammar, f"f{at}v{index}", schema, offers[tool.name][name])
            parts.append(f"{literal(lead)} {rule}")
        calls.append(grammar.add(f"f{at}", f'{literal(tool.name + "(")} {" ".join(parts)} ")"'))
    grammar.rules["root"] = " | ".join([*calls, *([] if must else [f'"{OTHER}"', f'"{NONE}"'])])
    return grammar.render()


def _probabilities(completion: Completion, names: Sequence[str]) -> dict[str, float]:
    """How probable each name was, from where the answers part; shares of what is listed."""
    found = dict.fromkeys(names, 0.0)
    said = ""
    reached = 1.0
    for token in completion.tokens:
        alive = [n for n in names if n.startswith(said)]
        if len(alive) <= 1 or len(said) > 80:
            break
        for text, logprob in token.top or ((token.text, token.logprob),):
            if text == token.text or not text:
                continue
            heirs = [n for n in alive if (n + "(").startswith(said + text)]
            for heir in heirs:
                found[heir] += reached * math.exp(logprob) / len(heirs)
        reached *= math.exp(token.logprob)
        said += token.text
    for name in [n for n in names if said.startswith(n) or n.startswith(said)]:
        if completion.text.startswith(name):
            found[name] += reached
    total = sum(found.values()) or 1.0
    return {name: share / total for name, share in found.items()}


def _arguments(said: str, name: str, parameters: Sequence[str]) -> dict[str, Any]:
    """The keyword arguments of a call as written."""
    found: dict[str, Any] = {}
    for one in read_call(said, name, parameters):
        try:
            value = ast.literal_eval(one.node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(one.key, str):
            found[one.key] = value
    return found


def _meant_by(
    text: str, written: dict[str, Any], offers: dict[str, list[Option] | None]
) -> dict[str, Any]:
    """The values that copied characters state, in the form that each parameter wants."""
    meant = dict(written)
    for name, said in written.items():
        for option in offers.get(name) or ():
            if option.spans and _is_one_of(said, copied(text, option)):
                meant[name] = option.value
                break
    return meant


def _is_one_of(said: Any, ways: Sequence[str]) -> bool:
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        return any(way[0] != '"' and float(way) == said for way in ways)
    return json.dumps(said, ensure_ascii=False) in ways


def _forms(
    text: str, written: dict[str, Any], offers: dict[str, list[Option] | None]
) -> dict[str, list[str]]:
    """All the ways in which each written value could have been written."""
    return {
        name: [
            way
            for option in offers.get(name) or ()
            if option.spans and _is_one_of(said, copied(text, option))
            for way in copied(text, option)
        ]
        for name, said in written.items()
    }


__all__ = ["NONE", "OTHER", "Chosen", "asked", "choose", "shown"]
