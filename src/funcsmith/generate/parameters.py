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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..contract import Tool
from ..models.cancel import Cancel
from ..models.engine import Completion, Engine
from ..readers import Value, evidence
from .call import Key, read_call
from .call_writer import NONE, OTHER, CallWriter, WrittenCall, called, calls_in
from .certainty import Certainty, certainties
from .filled import Filled
from .filling import settle
from .form import head_of
from .grammar import RESULT, understood
from .grammar import written as as_written
from .grounding import unused
from .kinds import inner_schema, kind_of, members_of, properties
from .members import named
from .options import Option, options
from .prompt import fixed
from .task import Spending
from .wording import joins, requests

Span = tuple[int, int]


@dataclass(frozen=True)
class Chosen:
    """What the model chose: a call, `other` (another function is needed) or `none`."""

    name: str
    filled: Filled | None
    probabilities: dict[str, float]
    further: tuple[Filled, ...] = ()
    """The calls that the text asks for behind the first, in their order."""


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
    offers: dict[str, dict[str, list[Option] | None]] = {
        tool.name: {
            name: options(text, name, schema, values=values, now=now)
            for name, schema in properties(tool).items()
        }
        for tool in tools
    }
    engine.prepare([fixed("function"), fixed("call")])
    filler = _Filler(text, offers, values=values, now=now, given=given or {})
    writer = CallWriter(engine, text, tools, offers, spending=spending, cancel=cancel)
    tool = tools[0] if must and len(tools) == 1 else None
    probabilities: dict[str, float] = {}
    calls: list[WrittenCall] = []
    if tool is None:
        named = writer.named(must=must)
        probabilities = _probabilities(named, [tool.name for tool in tools])
        said = named.text.strip()
        tool = called(said.rpartition("\n")[2], tools)
        best = max(tools, key=lambda tool: probabilities.get(tool.name, 0.0))
        # A request is no idle text, so only `other` stands against the functions.
        idle = 0.0 if requests(text) else probabilities[NONE]
        asked_share = 1 - probabilities[OTHER] - probabilities[NONE]
        worth = asked_share / (asked_share + probabilities[OTHER] + idle or 1.0)
        if not must and worth < _CHOSEN:
            return Chosen(NONE if said.startswith(NONE) else OTHER, None, probabilities)
        if tool is None:
            if not said.startswith((NONE, OTHER)) or not asked_share:
                return Chosen(OTHER, None, probabilities)
            tool = best
        elif said[:2] != "# " or "\n" in said:
            # An engine that keeps to no grammar may have written it all at once.
            calls = calls_in(named, tools)
    before = ""
    if not calls:
        call, before = writer.first(tool)
        calls = [call]
    first = filler.filled(calls[0])
    further: list[Filled] = []
    if not must:
        later = iter(calls[1:]) if len(calls) > 1 else iter(())
        if before and joins(text):
            later = writer.further(before, calls[0].tool)
        chosen = probabilities.get(tool.name, 1.0)
        first, *further = _together(first, later, filler, chosen=chosen)
    if further:
        spans = [s for one in (first, *further) for some in one.spans.values() for s in some]
        first = replace(first, unused=unused(values, spans))
    return Chosen(first.function, first, probabilities or {tool.name: 1.0}, tuple(further))


_TAKEN = 0.05
"""How probable it must be that a call takes the result of the one before."""
_MEANT = 0.5
_SURELY_MEANT = 0.9
"""The probability of a further call from which it is asked for, if it lacks a value; and if it takes
only what calls before it took."""


def _together(
    first: Filled, written: Iterable[WrittenCall], filler: _Filler, *, chosen: float
) -> list[Filled]:
    """The calls that a text asks for: each behind the first says something that none before did.

    `chosen`: how probable the function of the first was.
    """
    kept = [first]
    for call in written:
        known = {span for filled in kept for span in _spans(filled)}
        one = filler.filled(call, taken=sorted(known), behind=True)
        mine = set(_spans(one))
        fresh = any(not any(a < d and c < b for c, d in known) for a, b in mine)
        alike = [filled for filled in kept if filled.function == one.function]
        if alike and fresh:
            one = _carried(one, alike[-1])
        again = any(one.arguments == other.arguments for other in alike)
        new = fresh or bool(one.results)
        least = _MEANT if new else _SURELY_MEANT
        lacking = bool(one.missing) and not new
        if (
            again
            or lacking
            or (alike and not new)
            or (call.probability < least and (one.missing or not new))
        ):
            # A small model that has nothing more to say says it again.
            break
        last = kept[-1]
        taken = set(_spans(last))
        doubted = call.probability < _SURELY_MEANT and not one.results
        doubted = doubted and not (last is first and chosen >= _SURELY_MEANT)
        if not alike and doubted and taken and taken <= mine:
            # Another function for all that the last one took, and more: it was meant in its place.
            kept.pop()
        kept.append(one)
    return kept


def _carried(one: Filled, before: Filled) -> Filled:
    """A call with what it needs and does not say again: «Paris tomorrow, and Lyon» is tomorrow too."""
    carried = {n: before.arguments[n] for n in one.missing if n in before.arguments}
    spans = {
        pointer: places
        for pointer, places in before.spans.items()
        if _parameter_of(pointer) in carried
    }
    return replace(
        one,
        arguments={**one.arguments, **carried},
        spans={**one.spans, **spans},
        missing=tuple(name for name in one.missing if name not in carried),
    )


def _spans(filled: Filled) -> list[Span]:
    return [span for some in filled.spans.values() for span in some]


@dataclass(frozen=True)
class _Filler:
    """Fills calls as they were written from the readings of one text."""

    text: str
    offers: Mapping[str, Mapping[str, list[Option] | None]]
    values: Sequence[Value]
    now: datetime | None
    given: dict[str, Any]

    def filled(
        self, call: WrittenCall, taken: Sequence[Span] = (), *, behind: bool = False
    ) -> Filled:
        """One call; places that calls before it took are its own only where there are no others.

        `behind`: another call stands before it, whose result it may take.
        """
        text, tool = self.text, call.tool
        offers = dict(self.offers[tool.name])
        names = list(properties(tool))
        remarks = _remarks(call.remarks, text)
        written = self._stated(call, remarks, taken)
        forms = _forms(text, written, offers)
        sure = certainties(
            call.completion, tool.name, names, forms, at=call.start, members=_members(tool)
        )
        filled = settle(
            text,
            tool,
            _meant_by(text, written, offers),
            offers,
            values=self.values,
            now=self.now,
            given=self.given,
            sure=sure,
            remarks=remarks,
            taken=taken,
        )
        results = _results(call.said, tool.name, names, sure) if behind else ()
        return _with_results(filled, results) if results else filled

    def _stated(
        self, call: WrittenCall, remarks: Mapping[Span, str], taken: Sequence[Span]
    ) -> dict[str, Any]:
        """What was written and is no default; with the words that state it, where these are others."""
        wanted = properties(call.tool)
        found: dict[str, Any] = {}
        for name, value in _arguments(call.said, call.tool.name, list(wanted)).items():
            if value is None or name not in wanted:
                continue
            schema = inner_schema(wanted[name])
            found[name] = value
            if self._unevident(name, schema, call.tool, value):
                if value == schema.get("default"):
                    del found[name]
                    continue
                words = head_of(self.text, value) if isinstance(value, str) else None
                words = words or _said_of(self.text, name, remarks, taken)
                if words is not None:
                    found[name] = (words, value)
        return found

    def _unevident(self, name: str, schema: dict[str, Any], tool: Tool, value: Any) -> bool:
        """Whether the text does not have an argument's own words."""
        kind = kind_of(schema)
        if kind == "boolean":
            return True
        if kind == "enum":
            return not named(self.text, schema, value, self.values, self.now)
        if kind != "string" or self.offers[tool.name][name] is not None:
            return False
        return not evidence(self.text, value, now=self.now, values=self.values)


_CHOSEN = 0.4
"""The share of all functions from which one is filled; the rest goes to the writer at once."""


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


def _said_of(
    text: str, name: str, remarks: Mapping[Span, str], taken: Sequence[Span]
) -> str | None:
    """The words of the text that were said to be a parameter, before the call was written."""
    places = [place for place, role in remarks.items() if role.strip() == name]
    free = [place for place in places if place not in taken] or places
    return text[slice(*free[0])] if free else None


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


def _members(tool: Tool) -> dict[Key, list[str]]:
    """What each parameter that allows only some values allows, as a call writes it."""
    return {
        name: [as_written(one) for one in listed]
        for name, schema in properties(tool).items()
        if (listed := members_of(inner_schema(schema)))
    }


def _results(
    said: str, name: str, parameters: Sequence[str], sure: Mapping[Key, Certainty]
) -> tuple[str, ...]:
    """The parameters of a call that take what the call before it gives."""
    return tuple(
        one.key
        for one in read_call(said, name, parameters)
        if isinstance(one.key, str)
        and isinstance(one.node, ast.Name)
        and one.node.id == RESULT
        and (one.key not in sure or sure[one.key].probability >= _TAKEN)
    )


def _with_results(filled: Filled, results: tuple[str, ...]) -> Filled:
    """A call whose `results` are not taken from the text, whatever there could stand for them."""
    return replace(
        filled,
        arguments={n: one for n, one in filled.arguments.items() if n not in results},
        spans={
            pointer: places
            for pointer, places in filled.spans.items()
            if _parameter_of(pointer) not in results
        },
        missing=tuple(name for name in filled.missing if name not in results),
        results=results,
    )


def _parameter_of(pointer: str) -> str:
    """The parameter in which a JSON Pointer begins."""
    return pointer.split("/")[1].replace("~1", "/").replace("~0", "~")


def _meant_by(
    text: str, written: dict[str, Any], offers: dict[str, list[Option] | None]
) -> dict[str, Any]:
    """The values that copied characters state, in the form that each parameter wants."""
    meant = dict(written)
    for name, said in written.items():
        for option in offers.get(name) or ():
            if option.spans and _is_one_of(said, understood(text, option)):
                meant[name] = option.value
                break
    return meant


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def _is_one_of(said: Any, ways: Sequence[str]) -> bool:
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        return any(_NUMBER.fullmatch(way) and float(way) == said for way in ways)
    return json.dumps(said, ensure_ascii=False) in ways


def _forms(
    text: str, written: dict[str, Any], offers: dict[str, list[Option] | None]
) -> dict[str, list[str]]:
    """All the ways in which each written value could have been written."""
    return {
        name: [
            way
            for option in offers.get(name) or ()
            if option.spans and _is_one_of(said, understood(text, option))
            for way in understood(text, option)
        ]
        for name, said in written.items()
    }


__all__ = ["NONE", "OTHER", "Chosen", "choose"]
