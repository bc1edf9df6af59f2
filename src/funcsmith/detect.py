"""Decide which known function a text asks for, if any, before anything is written.

What was saved for the very text is taken before this (`recall.py`). Here the library is searched;
at most four functions (of those given, five) are ever shown to the model, which chooses one of
them, `other` (a new function is needed) or `none`, and fills the parameters in the same breath.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from .contract import Choice, Detection, Tool
from .generate.filled import Filled
from .generate.filling import settle
from .generate.function import nothing
from .generate.grounding import unused
from .generate.kinds import inner_schema, kind_of, properties, string_kind
from .generate.options import options
from .generate.parameters import OTHER, Chosen, choose
from .generate.prompt import prompt
from .generate.task import Spending
from .generate.wording import describes, joins, requests, tells, wants_no_number
from .language import language_of
from .library import Library, Saved
from .library.purpose import spoken_of
from .models.cancel import Cancel
from .models.engine import Engine, Sampling
from .readers import Value
from .recall import Detected, Further, Way, tool_of

_SHOWN = 4
"""The most functions of a library that a prompt offers: each costs half a second to read."""
_GIVEN = 5
"""The same for functions that came with the request."""
_FAR = 0.03
"""A search score under which a function has nothing to do with the text."""
_BESIDE = 0.5
"""The share of the best score under which another function is not worth showing."""
_BESIDE_JOINED = 0.35
"""The same where the text may ask for more than one thing."""
_WORTH = 0.15
_SPOKEN, _FITS, _LEFT_OVER = 0.3, 0.1, 0.05
"""Of 72 development texts that need a new function 39 are offered any with these, 54 without; of 49
that call one, none loses it."""
_ANOTHER = 0.2
_ANOTHER_FITTING = 0.4
"""The share of `other` from which a new function is written, though the text fills this one whole."""
_NUMBERS = frozenset(["integer", "number", "boolean"])
_HARDLY = 0.5
_HARDLY_NEAR = 0.15
"""A share and a search score that are too low together."""
_NEARNESS = 1.5
_PLAIN = 0.8
"""What the share and the search score, so weighed, come to where a function is plainly meant."""
_MEANT = 0.4
_LEAST = 0.45
_LACKING = 1.05
"""The same, with how much the text speaks of what the function is for, from which one that lacks a
value asks for it before a new one is tried. Of 36 development texts whose chosen function lacked one
12 of the 13 that it was for lie above, and 19 of the 23 others below."""
_WORDS = 1.1
"""The same for a call of nothing but words: any text would do for those."""
_CLEAR = 0.7
"""The share from which a function is what was asked for, even where it lacks a value."""
_IDLE = 0.5
_COVERED = 0.97
"""A search score from which every informative word of the text is in the function."""


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
        found = [(s, score) for s, score in library.search(text, _SHOWN) if not s.broken]
        if wants_no_number(text):
            found = [(s, score) for s, score in found if s.returns.get("type") not in _NUMBERS]
        beside = _BESIDE_JOINED if joins(text) else _BESIDE
        near = _near([(tool_of(saved), saved, score) for saved, score in found], beside)
        near = [one for one in near if _worth(text, one[0], one[2], values, now) >= _WORTH]
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
    chosen = _second_choice(chosen, near, text, engine, values, now, spending, given, cancel)
    if (
        chosen.filled is not None
        and chosen.filled.missing
        and not must
        and not requests(text)
        # What tells something was looked at before anything was chosen.
        and not tells(text)
        and idle(engine, text, spending, cancel) > _IDLE
    ):
        # It only speaks of what a function is about: nothing is to be asked for.
        return Detected("none", Detection(probability=0.5, language=language))
    return _decided(text, chosen, near, language, must=must)


def _near(
    found: Sequence[tuple[Tool, Saved | None, float]], beside: float
) -> list[tuple[Tool, Saved | None, float]]:
    """Those at least `beside` times as near as the nearest.

    Words that two languages share are few, so a low score is no verdict.
    """
    best = max((score for _, _, score in found), default=0.0)
    return [one for one in found if one[2] >= max(_FAR, beside * best)]


def _worth(text: str, tool: Tool, score: float, values: Sequence[Value], now: datetime) -> float:
    """How much speaks for showing a function to the model: it costs time, and it tempts.

    The search score, whether the text speaks of what the function is for, whether its values could
    fill it, and how many of its numbers would be left over.
    """
    wanted = properties(tool)
    offers = {n: options(text, n, s, values=values, now=now) for n, s in wanted.items()}
    required = tool.parameters.get("required") or ()
    # Free words can be found in any text; what has a form of its own must be there.
    fits = all(offers.get(name) != [] for name in required)
    taken = [span for found in offers.values() for option in found or () for span in option.spans]
    return (
        score
        + _SPOKEN * spoken_of(text, tool.name, _purpose(tool))
        + (_FITS if fits else 0.0)
        - _LEFT_OVER * len(unused(values, taken))
    )


def _purpose(tool: Tool) -> str:
    return (tool.description or "").strip().split("\n")[0]


def idle(engine: Engine, text: str, spending: Spending, cancel: Cancel | None) -> float:
    """The probability that nothing is to be computed, from the first token of an answer."""
    completion = engine.complete(
        prompt("function", text), Sampling(max_tokens=1, logprobs=5), cancel=cancel
    )
    spending.add(completion)
    return nothing(completion)


def _second_choice(
    chosen: Chosen,
    near: Sequence[tuple[Tool, Saved | None, float]],
    text: str,
    engine: Engine,
    values: Sequence[Value],
    now: datetime,
    spending: Spending,
    given: dict[str, Any] | None,
    cancel: Cancel | None,
) -> Chosen:
    """Another likely function, where the first does not fit the text and that one does."""
    sure = chosen.probabilities.get(chosen.name, 0.0) >= _CLEAR
    if chosen.filled is None or sure or not (chosen.filled.missing or chosen.filled.unused):
        return chosen
    others = [
        tool
        for tool, _, score in near
        if tool.name != chosen.name
        and chosen.probabilities.get(tool.name, 0.0) >= 0.1
        and chosen.probabilities[tool.name] + _NEARNESS * score >= _PLAIN
    ]
    for tool in sorted(others, key=lambda t: -chosen.probabilities[t.name])[:1]:
        second = choose(
            engine,
            text,
            [tool],
            values=values,
            now=now,
            spending=spending,
            given=given,
            must=True,
            cancel=cancel,
        )
        if second.filled and not second.filled.missing and not second.filled.unused:
            return Chosen(tool.name, second.filled, chosen.probabilities)
    return chosen


def _decided(
    text: str,
    chosen: Chosen,
    near: Sequence[tuple[Tool, Saved | None, float]],
    language: Any,
    *,
    must: bool = False,
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
        # Beside functions that do not fit, `none` says little: the writer's own first word decides.
        return Detected(
            "other", Detection(probability=round(share, 4), language=language, candidates=choices)
        )
    tool, saved, score = next(one for one in near if one[0].name == chosen.name)
    share = chosen.probabilities.get(chosen.name, 0.5)
    another = chosen.probabilities.get(OTHER, 0.0)
    detection = Detection(probability=round(share, 4), language=language, candidates=choices)
    fits = not chosen.filled.missing and not chosen.filled.unused
    way = "known"
    hardly = share < _HARDLY and score < _HARDLY_NEAR
    plain = share + _NEARNESS * score
    declined = another > (_ANOTHER_FITTING if fits else _ANOTHER)
    near_miss = not must and (
        _lacks_by_mistake(text, tool, share, plain)
        if chosen.filled.missing
        else _only_words(tool, chosen.filled) and plain < _WORDS
    )
    # Where nothing can be written instead, values left over are no reason against a clear choice.
    more = _speaks_of_more(chosen.filled, plain < _PLAIN) and not (must and share >= _CLEAR)
    if hardly or declined or near_miss or more:
        way = "other"
    known = {tool.name: (tool, saved) for tool, saved, _ in near}
    further = tuple(
        Further(known[one.function][0], one, known[one.function][1]) for one in chosen.further
    )
    return Detected(way, detection, saved=saved, tool=tool, filled=chosen.filled, further=further)


def _lacks_by_mistake(text: str, tool: Tool, share: float, plain: float) -> bool:
    """Whether a function that lacks a value is not plainly enough meant to ask for it."""
    meant = plain + _MEANT * spoken_of(text, tool.name, _purpose(tool))
    # Who describes a function wants one, and gives no values.
    return meant < _LACKING or share < _LEAST or describes(text)


def _only_words(tool: Tool, filled: Filled) -> bool:
    """Whether a call is filled with free words alone: no number, no day, no choice."""
    wanted = properties(tool)
    return bool(filled.arguments) and all(
        kind_of(inner_schema(wanted[name])) == "string"
        and string_kind(name, inner_schema(wanted[name])) == "string"
        for name in filled.arguments
    )


def _speaks_of_more(filled: Filled, doubted: bool) -> bool:
    """Whether the text states more than the function can take: its own tariff, a second step."""
    # One more number is forgiven where the function is plainly meant: it may count what is listed.
    return len(filled.unused) > (0 if doubted else 1)


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
    if len(tools) <= _GIVEN:
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

    best = sorted(range(len(tools)), key=lambda at: -score(tools[at]))[:_GIVEN]
    return [tools[at] for at in sorted(best)]


__all__ = ["detect", "idle", "shortlist"]
