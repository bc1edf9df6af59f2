"""A text without the value of one required parameter: what must then be asked for.

Only what can be taken out cleanly is: the value stands in the text once, nothing else of the call
lies in the same characters, and what is left states it no more.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..contract import Tool
from ..readers import evidence, read
from .call_problems import CallProblem

Span = tuple[int, int]


@dataclass(frozen=True)
class Deletion:
    """A problem's text without one value."""

    parameter: str
    text: str


def deletion(problem: CallProblem, seed: int) -> Deletion | None:
    """One value taken out, drawn by the seed; None where none can be taken out cleanly."""
    found = sorted(deletions(problem), key=lambda one: one.parameter)
    if not found:
        return None
    draw = random.Random(f"funcsmith {seed} {problem.id}")  # noqa: S311 - a sample, not a secret
    return draw.choice(found)


def deletions(problem: CallProblem) -> Iterator[Deletion]:
    """Every required parameter of a problem of one call whose value can be taken out cleanly."""
    if len(problem.expected) != 1:
        return
    ((name, arguments),) = problem.expected[0].items()
    tool = next(
        (Tool.model_validate(one) for one in problem.functions if one.get("name") == name), None
    )
    if tool is None:
        return
    places = {key: _places(problem.text, accepted) for key, accepted in arguments.items()}
    for key in tool.parameters.get("required") or ():
        schema = (tool.parameters.get("properties") or {}).get(key) or {}
        if schema.get("type") in ("boolean", "object", "array") or "" in arguments.get(key, ("",)):
            continue
        spans = places.get(key) or []
        if len(spans) != 1:
            continue
        start, end = _widened(problem.text, spans[0])
        others = [span for other, some in places.items() if other != key for span in some]
        if any(start < b and a < end for a, b in others):
            continue
        text = _without(problem.text, start, end)
        if len(text) >= _LEAST and not _places(text, arguments[key]):
            yield Deletion(key, text)


_LEAST = 8
"""Characters of a text that still asks for something."""


def _places(text: str, accepted: Any) -> list[Span]:
    """Where the text states any of the right values; the widest of those that overlap."""
    values = read(text)
    found: set[Span] = set()
    for one in accepted:
        if isinstance(one, Mapping) or one in ("", None) or isinstance(one, bool):
            continue
        found |= set(evidence(text, one, values=values))
        if isinstance(one, str):
            found |= {m.span() for m in re.finditer(re.escape(one), text, re.IGNORECASE)}
    kept: list[Span] = []
    for span in sorted(found, key=lambda s: (s[0] - s[1], s)):
        if not any(span[0] < end and start < span[1] for start, end in kept):
            kept.append(span)
    return sorted(kept)


_LED = re.compile(
    r"(?:(?:\b(?:in|at|on|for|of|to|from|with|by|the|an?|is|are|was|as|between|near|about|next|last"
    r"|named|called|using|within|over|around|per|my|its?|than|into|onto|during|since|until|till|be"
    r"|value|number)\s+)|[=:：]\s*|[在到从去往为是叫约用给把将向对]\s*)+$",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:,\s*[A-Z][A-Za-z]+(?:\s[A-Z][a-z]+)*)+")
_QUOTE = re.compile(r"['\"“”‘’「」]")


def _widened(text: str, span: Span) -> Span:
    """A value with its quotation marks, the place it lies in, and the words that lead to it."""
    start, end = span
    trailing = _TRAILING.match(text, end) if text[start : start + 1].isupper() else None
    end = trailing.end() if trailing else end
    if start and _QUOTE.match(text[start - 1]) and _QUOTE.match(text[end : end + 1]):
        start, end = start - 1, end + 1
    led = _LED.search(text[:start])
    return (led.start() if led else start), end


def _without(text: str, start: int, end: int) -> str:
    left = f"{text[:start].rstrip()} {text[end:].lstrip()}".strip()
    left = re.sub(r"\s+([,.;:!?，。；：！？])", r"\1", left)
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", left)
