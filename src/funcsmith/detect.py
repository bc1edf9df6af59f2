"""Decide what a text asks for, as far as that can be known without writing anything.

What was saved for the same text, or for the same text with other values, is taken without a model.
Then the library is searched; at most five functions are ever shown to the model, which chooses one
of them, `other` (a new function is needed) or `none`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from .contract import Choice, Detection, Tool
from .generate.function import Spending, nothing
from .generate.options import options
from .generate.parameters import NONE, Chosen, Filled, choose, properties, settle
from .generate.prompt import prompt
from .language import language_of
from .library import Library, Saved
from .models.engine import Cancel, Engine, Sampling
from .readers import Value

SHOWN = 5
"""The most functions that a prompt ever holds."""
_FAR = 0.07
"""A search score under which a function has nothing to do with the text."""
_NEAR = 0.12
"""A search score from which a function is worth showing to the model."""
_SURE = 0.85
_SURELY_NONE = 0.85
_IDLE = 0.5
_COVERED = 0.97
"""A search score from which every informative word of the text is in the function."""

Way = Literal["saved", "template", "known", "other", "none", "new"]


@dataclass(frozen=True)
class Detected:
    """What the text asks for, and what was found for it on the way."""

    way: Way
    """saved: the same text again; template: with other values; known: a function fits;
    other, new: one must be written; none: nothing is asked."""
    detection: Detection
    saved: Saved | None = None
    tool: Tool | None = None
    arguments: dict[str, Any] | None = None
    filled: Filled | None = None
    reasons: tuple[str, ...] = field(default=())


def remembered(
    text: str, library: Library, *, values: Sequence[Value], now: datetime
) -> Detected | None:
    """What the library knows of this very text, or of it with other values. No model."""
    language = language_of(text)
    found = library.find_text(text)
    if found is not None:
        saved, arguments = found
        if arguments is not None or not saved.parameters.get("required"):
            choice = [Choice(name=saved.name, probability=1.0)]
            return Detected(
                "saved",
                Detection(probability=1.0, language=language, candidates=choice),
                saved=saved,
                tool=tool_of(saved),
                arguments=arguments or {},
            )
    matched = library.match_template(text)
    if matched is not None:
        saved, raws, spans = matched
        filled = _from_template(saved, raws, spans, values, now)
        if filled is not None:
            choice = [Choice(name=saved.name, probability=0.99)]
            return Detected(
                "template",
                Detection(probability=0.99, language=language, candidates=choice),
                saved=saved,
                tool=tool_of(saved),
                filled=filled,
            )
    return None


def detect(
    text: str,
    *,
    library: Library | None,
    tools: Sequence[Tool] | None,
    engine: Engine | None,
    values: Sequence[Value],
    now: datetime,
    spending: Spending,
    given: dict[str, Any] | None = None,
    must: bool = False,
    cancel: Cancel | None = None,
) -> Detected:
    """Choose among known functions, where any is near."""
    language = language_of(text)
    near: list[tuple[Tool, Saved | None, float]]
    if tools is not None:
        near = [(tool, None, 1.0) for tool in shortlist(text, tools)]
    elif library is not None:
        found = [(s, score) for s, score in library.search(text, SHOWN) if not s.broken]
        near = _near([(tool_of(saved), saved, score) for saved, score in found], text, values, now)
    else:
        near = []
    if not near:
        return Detected("none" if must else "new", Detection(probability=0.5, language=language))
    sure = _without_model(text, near, values, now, given or {}) if tools is None else None
    if sure is not None:
        return sure
    if engine is None:
        return Detected("new", Detection(probability=0.5, language=language))
    if must is False and tells(text) and idle(engine, text, spending, cancel) > _IDLE:
        return Detected("none", Detection(probability=0.5, language=language))
    chosen = choose(
        engine,
        text,
        [tool for tool, _, _ in near],
        values=values,
        now=now,
        spending=spending,
        given=given,
        cancel=cancel,
    )
    return _decided(chosen, near, language)


def _near(
    found: Sequence[tuple[Tool, Saved | None, float]],
    text: str,
    values: Sequence[Value],
    now: datetime,
) -> list[tuple[Tool, Saved | None, float]]:
    """Those worth showing: near in words, or less near but the text states just what they take."""
    best = max((score for _, _, score in found), default=0.0)
    return [
        (tool, saved, score)
        for tool, saved, score in found
        if score >= max(_FAR, 0.4 * best)
        and (score >= _NEAR or _takes_what_is_stated(tool, text, values, now))
    ]


def _takes_what_is_stated(tool: Tool, text: str, values: Sequence[Value], now: datetime) -> bool:
    return any(
        option.weight >= 1.0 and option.spans
        for name, schema in properties(tool).items()
        for option in options(text, name, schema, values=values, now=now) or ()
    )


_REQUEST = re.compile(
    r"[?？吗呢]|多少|几[个天点时岁次]|帮|请|给我|我要|我想|想要|需要|麻烦|[订查算设发改换转加买约]一?[个张下条份]|提醒|"
    r"\b(please|need|want|would like|can you|could you|let'?s|should|must|how|what|which|when|where)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"了|过|[很挺真太好]|最近|已经|昨|上[周个次]|以前|"
    r"\b(was|were|had|have|has|did|went|bought|got|took|felt|saw|came|is|are|am|yesterday|last)\b|\w+ed\b",
    re.IGNORECASE,
)


def tells(text: str) -> bool:
    """Whether the text looks as if it only tells something: past or opinion, and no request.

    >>> tells("我最近迷上了爵士乐"), tells("放点爵士乐"), tells("The room was small.")
    (True, False, True)
    """
    return bool(_TOLD.search(text)) and not _REQUEST.search(text)


def idle(engine: Engine, text: str, spending: Spending, cancel: Cancel | None) -> float:
    """The probability that nothing is to be computed, from the first token of an answer."""
    completion = engine.complete(
        prompt("function", text), Sampling(max_tokens=1, logprobs=5), cancel=cancel
    )
    spending.add(completion)
    return nothing(completion)


def _decided(
    chosen: Chosen, near: Sequence[tuple[Tool, Saved | None, float]], language: Any
) -> Detected:
    choices = sorted(
        (
            Choice(name=tool.name, probability=round(chosen.probabilities.get(tool.name, 0.0), 4))
            for tool, _, _ in near
        ),
        key=lambda choice: -choice.probability,
    )
    way: Way
    if chosen.filled is None:
        share = chosen.probabilities.get(chosen.name, 0.5)
        # A faint `none` beside functions that do not fit is for the writer to judge.
        way = "none" if chosen.name == NONE and share >= _SURELY_NONE else "other"
        return Detected(
            way, Detection(probability=round(share, 4), language=language, candidates=choices)
        )
    tool, saved = next((t, s) for t, s, _ in near if t.name == chosen.name)
    share = chosen.probabilities.get(chosen.name, 0.5)
    detection = Detection(probability=round(share, 4), language=language, candidates=choices)
    if _speaks_of_more(chosen.filled) or share < _SURE:
        return Detected("other", detection, saved=saved, tool=tool, filled=chosen.filled)
    return Detected("known", detection, saved=saved, tool=tool, filled=chosen.filled)


def _speaks_of_more(filled: Filled) -> bool:
    """Whether the text states more than the function can take: its own tariff, a second step."""
    return len(filled.unused) > (2 if filled.missing else 0)



def _without_model(
    text: str,
    near: Sequence[tuple[Tool, Saved | None, float]],
    values: Sequence[Value],
    now: datetime,
    given: dict[str, Any],
) -> Detected | None:
    """A function whose words cover the text and whose parameters can be filled in one way only."""
    tool, saved, score = near[0]
    if score < _COVERED or (len(near) > 1 and near[1][2] > score - 0.25):
        return None
    wanted = properties(tool)
    required = list(tool.parameters.get("required") or ())
    if len(required) != len(wanted) or not required:
        return None
    offers = {n: options(text, n, s, values=values, now=now) for n, s in wanted.items()}
    if any(not found or len({repr(o.value) for o in found}) != 1 for found in offers.values()):
        return None
    written = {name: (found or [])[0].value for name, found in offers.items()}
    filled = settle(text, tool, written, offers, values=values, now=now, given=given)
    if filled.missing or filled.unused:
        return None
    language = language_of(text)
    choice = [Choice(name=tool.name, probability=round(score, 4))]
    return Detected(
        "known",
        Detection(probability=round(score, 4), language=language, candidates=choice),
        saved=saved,
        tool=tool,
        filled=filled,
    )


def shortlist(text: str, tools: Sequence[Tool]) -> list[Tool]:
    """The given functions nearest to the text, at most five, in the order given."""
    if len(tools) <= SHOWN:
        return list(tools)
    from .library.lexicon import translations
    from .library.terms import terms

    asked = {**translations(text), **terms(text)}

    def score(tool: Tool) -> float:
        said = f"{tool.name} {tool.name} {tool.description} " + " ".join(
            f"{name} {schema.get('description', '')}" for name, schema in properties(tool).items()
        )
        own = terms(said)
        return sum(weight for term, weight in asked.items() if term in own) / (1 + 0.1 * len(own))

    best = sorted(range(len(tools)), key=lambda at: -score(tools[at]))[:SHOWN]
    return [tools[at] for at in sorted(best)]


def tool_of(saved: Saved) -> Tool:
    """A saved function as the model is shown it."""
    return Tool(
        name=saved.name,
        description=saved.summary or saved.description,
        parameters=saved.parameters,
    )


def _from_template(
    saved: Saved,
    raws: dict[str, str],
    spans: dict[str, tuple[int, int]],
    values: Sequence[Value],
    now: datetime,
) -> Filled | None:
    """The arguments that stand where the template has its names; None if one cannot be read."""
    wanted = saved.parameters.get("properties", {})
    arguments: dict[str, Any] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for name, raw in raws.items():
        schema = wanted.get(name, {})
        start, end = spans[name]
        inside = [v for v in values if v.start >= start and v.end <= end] or [
            v for v in values if v.start < end and start < v.end
        ]
        # The place is given by the template, so a part of a larger reading is the whole here.
        moved = [replace(_moved(v, start), note="") for v in inside]
        found = options(raw, name, schema, values=moved, now=now)
        if found is None:
            if schema.get("type") != "string":
                return None
            arguments[name] = raw
        elif found:
            arguments[name] = found[0].value
        else:
            return None
        places[f"/{name}"] = [(start, end)]
    required = saved.parameters.get("required", ())
    missing = tuple(name for name in required if name not in arguments)
    return None if missing else Filled(saved.name, arguments, places)


def _moved(value: Value, by: int) -> Value:
    return replace(value, start=max(0, value.start - by), end=max(0, value.end - by))


__all__ = ["SHOWN", "Detected", "detect", "language_of", "remembered", "shortlist", "tool_of"]
