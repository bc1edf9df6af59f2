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
from ..models.cancel import Cancel
from ..models.engine import Completion, Engine, Sampling, Token
from ..readers import Value
from .call import read_call
from .certainty import certainties
from .filled import Filled
from .filling import settle
from .grammar import Grammar, copied, literal, rule_of, value_rule
from .options import Option, inner_schema, kind_of, options, properties
from .prompt import FENCE, fixed, prompt
from .task import Spending
from .wording import requests

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
    engine.prepare([fixed("function"), fixed("call")])
    asked_for = asked(text, tools)
    only = tools[0].name if must and len(tools) == 1 else None
    probabilities, whole = {}, None
    if only is None:
        named = _named(engine, asked_for, [tool.name for tool in tools], must, spending, cancel)
        probabilities = _probabilities(named, [tool.name for tool in tools])
        said = named.text.strip()
        only = _called(said, [tool.name for tool in tools])
        best = max(tools, key=lambda tool: probabilities.get(tool.name, 0.0)).name
        # A request is no idle text, so only `other` stands against the functions.
        idle = 0.0 if requests(text) else probabilities[NONE]
        asked_share = 1 - probabilities[OTHER] - probabilities[NONE]
        worth = asked_share / (asked_share + probabilities[OTHER] + idle or 1.0)
        if not must and worth < _CHOSEN:
            return Chosen(NONE if said.startswith(NONE) else OTHER, None, probabilities)
        if only is None:
            if not said.startswith((NONE, OTHER)) or not asked_share:
                return Chosen(OTHER, None, probabilities)
            only = best
        whole = named if _called(said, [only]) and (said[:2] != "# " or "\n" in said) else None
    tool = next(tool for tool in tools if tool.name == only)
    call = whole or _written(engine, asked_for, tool, text, offers[only], spending, cancel)
    names = list(properties(tool))
    remarks, _, said = call.text.strip().rpartition("\n")
    written = _arguments(said, only, names)
    filled = settle(
        text,
        tool,
        _meant_by(text, written, offers[only]),
        offers[only],
        values=values,
        now=now,
        given=given or {},
        sure=certainties(call, only, names, _forms(text, written, offers[only])),
        remarks=_remarks(remarks.rpartition("\n")[2].removeprefix("# "), text),
    )
    return Chosen(only, filled, probabilities or {only: 1.0})


_CHOSEN = 0.4
"""The share of all functions from which one is filled; the rest goes to the writer at once."""


def _named(
    engine: Engine,
    asked_for: str,
    names: Sequence[str],
    must: bool,
    spending: Spending,
    cancel: Cancel | None,
) -> Completion:
    """The function's name, or `other` or `none`: a few tokens, before anything is filled."""
    ways = [literal(f"# {name}(") for name in names]
    ways += [] if must else [f'"{OTHER}"', f'"{NONE}"']
    completion = engine.complete(
        prompt("call", asked_for, prefix=FENCE),
        Sampling(
            max_tokens=400, stop=("\n```",), grammar=f"root ::= {' | '.join(ways)}\n", logprobs=8
        ),
        cancel=cancel,
    )
    spending.add(completion)
    return completion


def _called(said: str, names: Sequence[str]) -> str | None:
    """The function that an answer names; an engine that keeps to no grammar may write it whole."""
    last = said.rpartition("\n")[2].removeprefix("# ")
    return next(
        (name for name in sorted(names, key=len, reverse=True) if last.startswith(f"{name}(")), None
    )


def _written(
    engine: Engine,
    asked_for: str,
    tool: Tool,
    text: str,
    offers: dict[str, list[Option] | None],
    spending: Spending,
    cancel: Cancel | None,
) -> Completion:
    """The call of a function that was chosen, behind what is said of each value of the text."""
    grammar = Grammar(text)
    calls = _call_rules(grammar, tool, offers)
    prefix = f"{FENCE}# {shown(tool)}\n# "
    completion = engine.complete(
        prompt("call", asked_for, prefix=prefix),
        Sampling(
            max_tokens=400,
            stop=("\n```",),
            grammar=grammar.render(f'{grammar.remarks()} "\\n" {calls}'),
            logprobs=8,
        ),
        cancel=cancel,
    )
    spending.add(completion)
    return _reconsidered(engine, asked_for, prefix, tool, grammar, completion, spending, cancel)


_UNMEANT = 0.45
"""The probability of None under which it was only written because a bare member was not allowed."""


def _reconsidered(
    engine: Engine,
    asked_for: str,
    prefix: str,
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
    if not engine.capabilities.prefill:
        return completion
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
        later = [rule_of(f"{tool.name} {other}") for other in list(wanted)[at + 1 :]]
        rest = " ".join([f"{rule_of(f'{tool.name} {name}')}-value-rest", *later])
        again = engine.complete(
            prompt("call", asked_for, prefix=prefix + begun + given),
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
    """The user's turn: the functions in a short line each, then the text."""
    return "\n".join(listed(tool) for tool in tools) + f"\n\n{text.strip()}"


def listed(tool: Tool) -> str:
    """A function as it is offered: its parameters' names and what it does."""
    first = (tool.description or "").strip().split("\n")[0][:70]
    return f"{tool.name}({', '.join(properties(tool))}): {first}"


def shown(tool: Tool) -> str:
    """A function as it is called: its signature and what it says of its parameters."""
    parts: list[str] = []
    notes: list[str] = []
    for name, schema in properties(tool).items():
        # Shown without a default: a small model leaves out what it may leave out, stated or not.
        parts.append(f"{name}: {_typed(schema)}")
        description = _without_format(str(schema.get("description") or "").strip())
        if description:
            notes.append(f"{name}: {description[:60]}")
    line = f"{tool.name}({', '.join(parts)})"
    return " ".join(f"{line} {'; '.join(notes)}".split())


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


def _call_rules(grammar: Grammar, tool: Tool, offers: dict[str, list[Option] | None]) -> str:
    """The rules of a call, one for each parameter; what a call is."""
    parts: list[str] = []
    for index, (name, schema) in enumerate(properties(tool).items()):
        lead = (", " if index else "") + f"{name}="
        rule = rule_of(f"{tool.name} {name}")
        value = value_rule(grammar, f"{rule}-value", schema, offers[name])
        parts.append(grammar.add(rule, f"{literal(lead)} {value}"))
    return f'{literal(f"{tool.name}(")} {" ".join(parts)} ")"'


def _probabilities(completion: Completion, tools: Sequence[str]) -> dict[str, float]:
    """How probable each function, `other` and `none` were, from where the answers part.

    Shares of what is listed. A function's answer begins with a comment that names it.
    """
    # An engine that keeps to no grammar may leave the comment out.
    commented = completion.text.startswith("#")
    ways = {name: f"# {name}(" if commented else f"{name}(" for name in tools}
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


def _remarks(comment: str, text: str) -> dict[Span, str]:
    """What the comment before a call says of places of the text: «三成 = 首付比例»."""
    found: dict[Span, str] = {}
    reached = 0
    for words, role in _REMARK.findall(comment):
        at = text.find(words, reached)
        if at >= 0:
            reached = at + len(words)
            found[at, reached] = role
    return found


_REMARK = re.compile(r"(.+?) = ([^=,，\n]+)(?:, |，|$)")


def _arguments(said: str, name: str, parameters: Sequence[str]) -> dict[str, Any]:
    """The arguments of a call as written, by name."""
    found: dict[str, Any] = {}
    for one in read_call(said, name, parameters):
        try:
            value = ast.literal_eval(one.node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(one.key, str):
            found[one.key] = value
        elif one.key < len(parameters):
            # An engine that keeps to no grammar may leave the names out.
            found[parameters[one.key]] = value
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


__all__ = ["NONE", "OTHER", "Chosen", "asked", "choose", "listed", "shown"]
