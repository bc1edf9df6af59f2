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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..contract import Tool
from ..models.engine import Cancel, Completion, Engine, Sampling, Token
from ..readers import Value
from .call import read_call
from .certainty import certainties
from .filled import Filled
from .filling import settle
from .function import Spending
from .grammar import Grammar, copied, literal, rule_of, value_rule
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
    grammar, root = _grammar(text, tools, offers, must=must)
    engine.prepare([fixed("function"), fixed("call")])
    asked_for = asked(text, tools)
    completion = engine.complete(
        prompt("call", asked_for, prefix=FENCE),
        Sampling(max_tokens=400, stop=("\n```",), grammar=grammar.render(root), logprobs=8),
        cancel=cancel,
    )
    spending.add(completion)
    probabilities = _probabilities(completion, [t.name for t in tools])
    for tool in sorted(tools, key=lambda t: -len(t.name)):
        if completion.text.strip().rpartition("\n")[2].startswith(tool.name + "("):
            completion = _reconsidered(
                engine, asked_for, tool, grammar, completion, spending, cancel
            )
            comment, _, said = completion.text.strip().rpartition("\n")
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
                named=_named_in(comment, text),
            )
            return Chosen(tool.name, filled, probabilities)
    said = completion.text.strip()
    return Chosen(NONE if said.startswith(NONE) else OTHER, None, probabilities)


_UNMEANT = 0.45
"""The probability of None under which it was only written because a bare member was not allowed."""


def _reconsidered(
    engine: Engine,
    asked_for: str,
    tool: Tool,
    grammar: Grammar,
    completion: Completion,
    spending: Spending,
    cancel: Cancel | None,
) -> Completion:
    """The call with the words for members that the model left out though it had one in mind.

    It likes to write True alone. What it thinks of must be quoted, so the quotation is begun for it.
    """
    wanted = properties(tool)
    for at, (name, schema) in enumerate(wanted.items()):
        start = completion.text.rfind(f"{name}=None") + len(name) + 1
        if kind_of(inner_schema(schema)) not in ("boolean", "enum") or start <= len(name):
            continue
        sure = certainties(completion, tool.name, list(wanted)).get(name)
        if sure is None or sure.absent >= _UNMEANT:
            continue
        kept = list(_before(completion, start))
        begun = "".join(token.text for token in kept)
        given = completion.text[len(begun) : start] + '("'
        rest = [rule_of(f"{tool.name} {other}") for other in list(wanted)[at + 1 :]]
        rest = " ".join([f"{rule_of(f'{tool.name} {name}')}-value-rest", *rest])
        again = engine.complete(
            prompt("call", asked_for, prefix=FENCE + begun + given),
            Sampling(
                max_tokens=200,
                stop=("\n```",),
                grammar=grammar.render(f'{rest} ")"'),
                logprobs=8,
            ),
            cancel=cancel,
        )
        spending.add(again)
        place = next((t.top for t in completion.tokens[len(kept) :]), ())
        completion = replace(
            again,
            text=begun + given + again.text,
            tokens=(*kept, Token(given, 0.0, place), *again.tokens),
        )
    return completion


def _before(completion: Completion, start: int) -> Iterator[Token]:
    """The tokens that end before a place of the text."""
    at = 0
    for token in completion.tokens:
        at += len(token.text)
        if at > start:
            return
        yield token


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
) -> tuple[Grammar, str]:
    """The rules of all calls, and what an answer is."""
    grammar = Grammar(text)
    # Only words of the text are said to be something, so a value cannot be made up here either.
    grammar.add("comment", f'{grammar.remarks()} "\\n"')
    calls: list[str] = []
    for tool in tools:
        parts: list[str] = []
        for index, (name, schema) in enumerate(properties(tool).items()):
            lead = (", " if index else "") + f"{name}="
            rule = rule_of(f"{tool.name} {name}")
            value = value_rule(grammar, f"{rule}-value", schema, offers[tool.name][name])
            parts.append(grammar.add(rule, f"{literal(lead)} {value}"))
        # The comment names the function, so the choice is made before anything else is said.
        begin = f"{literal(f'# {tool.name}: ')} comment {literal(f'{tool.name}(')}"
        calls.append(f'{begin} {" ".join(parts)} ")"')
    return grammar, " | ".join([*calls, *([] if must else [f'"{OTHER}"', f'"{NONE}"'])])


def _probabilities(completion: Completion, tools: Sequence[str]) -> dict[str, float]:
    """How probable each function, `other` and `none` were, from where the answers part.

    Shares of what is listed. A function's answer begins with a comment that names it.
    """
    # An engine that keeps to no grammar may leave the comment out.
    commented = completion.text.startswith("#")
    ways = {name: f"# {name}:" if commented else f"{name}(" for name in tools}
    ways |= {OTHER: OTHER, NONE: NONE}
    found = dict.fromkeys(ways, 0.0)
    said = ""
    reached = 1.0
    for token in completion.tokens:
        alive = [name for name, way in ways.items() if way.startswith(said)]
        if len(alive) <= 1 or len(said) > 80:
            break
        for text, logprob in token.top or ((token.text, token.logprob),):
            if text == token.text or not text:
                continue
            heirs = [name for name in alive if ways[name].startswith(said + text)]
            for heir in heirs:
                found[heir] += reached * math.exp(logprob) / len(heirs)
        reached *= math.exp(token.logprob)
        said += token.text
    for name, way in ways.items():
        if completion.text.startswith(way):
            found[name] += reached
    total = sum(found.values()) or 1.0
    return {name: share / total for name, share in found.items()}


def _named_in(comment: str, text: str) -> list[Span]:
    """The places of the text that the comment before a call says something of."""
    _, _, listed = comment.partition(": ")
    return [
        (at, at + len(words)) for words in _SAID.findall(listed) if (at := text.find(words)) >= 0
    ]


_SAID = re.compile(r"(.+?) = [^=,，\n]+(?:, |，|$)")


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
