"""What functions do on the same inputs, and which of them do the same.

Only what a call gives counts, in exact Python terms: a list is no tuple, 3 is 3.0, the last digits
of a float are noise. An input that most functions fail on is none that the text allows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..contract import Evidence, Result
from ..execute import Limits, Sandbox, decode
from .examples import Example

_LIMITS = Limits(cpu_seconds=4.0, wall_seconds=30.0)
_CPU_SECONDS_A_CALL = 0.3


@dataclass(frozen=True)
class Behaviour:
    """What one function gave on each input: its value as comparable text, None where it failed."""

    outcomes: tuple[str | None, ...]
    results: tuple[Result, ...] = ()


def observed(
    sandbox: Sandbox,
    source: str,
    name: str,
    tried: Sequence[Mapping[str, Any]],
    *,
    now: str | None = None,
) -> Behaviour:
    """Run a function on every input, in the fence, within a few CPU seconds together."""
    results = sandbox.calls(
        source,
        name,
        [dict(one) for one in tried],
        limits=_LIMITS,
        per_call_cpu_seconds=_CPU_SECONDS_A_CALL,
        positional=True,
        now=now,
    )
    return Behaviour(tuple(map(outcome_of, results)), tuple(results))


def stated(
    sandbox: Sandbox, source: str, name: str, example: Example, *, now: str | None = None
) -> Result:
    """What a function gives for an example, to be held against what is expected."""
    if example.expression is not None:
        around = f"{source.rstrip()}\n\n\ndef {_STATED}():\n    return {example.expression}\n"
        return sandbox.call(around, _STATED, {}, now=now)
    return sandbox.call(
        source, name, dict(example.keywords), positional=list(example.arguments), now=now
    )


_STATED = "_stated"


def call_of(example: Example, name: str) -> str:
    """An example's call as Python writes it; in its own words where those are no call."""
    if example.name is None:
        return example.text
    if example.expression is not None:
        return example.expression
    inside = [*map(repr, example.arguments)]
    inside += [f"{key}={value!r}" for key, value in example.keywords.items()]
    return f"{name}({', '.join(inside)})"


def fact_of(example: Example, name: str, *, passed: bool, got: str | None = None) -> Evidence:
    """What is known of an example, with the words from which it can be read again."""
    return Evidence(
        kind="example",
        call=call_of(example, name),
        text=example.text,
        expected=repr(example.expected),
        got=got,
        passed=passed,
    )


def gives(result: Result, expected: Any) -> bool:
    """Whether a call gave what an example says; a float may be as near as it was written."""
    if result.status != "ok":
        return False
    value = value_of(result)
    if isinstance(expected, float) and isinstance(value, (int, float)):
        return abs(value - expected) <= 1e-6 * max(1.0, abs(expected))
    return exact(value) == exact(expected)


@dataclass(frozen=True)
class Difference:
    """A call that does not give what it gave, or should give."""

    call: str
    was: str
    now: str


def told(result: Result) -> str:
    """What a call gave, or how it failed, in words."""
    return (result.repr if result.status == "ok" else result.error) or result.status


def outcome_of(result: Result) -> str | None:
    """What a call gave, as text that is equal where the values are."""
    return exact(value_of(result)) if result.status == "ok" else None


def value_of(result: Result) -> Any:
    """The Python value of a result: tuples, sets and keys as they were."""
    if result.typed is None:
        return result.value
    try:
        return decode.restored(result.typed)
    except decode.AnswerInvalid:
        return result.value


def exact(value: Any) -> str:
    """A value as text that is equal for equal values.

    >>> exact((1, 2.0)) == exact((1.0, 2)), exact([1]) == exact((1,)), exact(0.1 + 0.2)
    (True, False, '0.3')
    """
    if isinstance(value, bool) or value is None:
        # Python itself has True equal to 1.
        return repr(int(value)) if isinstance(value, bool) else "None"
    if isinstance(value, float):
        if not math.isfinite(value):
            return repr(value)
        short = float(f"{value:.9g}")
        return repr(int(short)) if short == int(short) and abs(short) < 1e15 else repr(short)
    if isinstance(value, (list, tuple)):
        inside = ", ".join(map(exact, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside})"
    if isinstance(value, (set, frozenset)):
        return "{" + ", ".join(sorted(map(exact, value))) + "}"
    if isinstance(value, dict):
        pairs = sorted((exact(key), exact(one)) for key, one in value.items())
        return "{" + ", ".join(f"{key}: {one}" for key, one in pairs) + "}"
    return repr(value)


@dataclass(frozen=True)
class Agreement:
    """How functions stand to each other on the inputs that most of them can do."""

    inputs: tuple[int, ...]
    """The inputs that count, by place."""
    groups: tuple[tuple[int, ...], ...]
    """Functions that give the same on all of them, the largest group first."""
    support: tuple[float, ...]
    """Of each function: on how much of the inputs, and with how many others, it agrees, 0 to 1."""


def agreement(behaviours: Sequence[Behaviour]) -> Agreement:
    """Who agrees with whom; needs at least one function."""
    count = len(behaviours)
    places = range(len(behaviours[0].outcomes))
    counted = [
        place
        for place in places
        if sum(one.outcomes[place] is not None for one in behaviours) * 2 > count
    ]
    shared: dict[tuple[str | None, ...], list[int]] = {}
    for at, one in enumerate(behaviours):
        shared.setdefault(tuple(one.outcomes[place] for place in counted), []).append(at)
    support = [0.0] * count
    for place in counted:
        tally = Counter(one.outcomes[place] for one in behaviours)
        for at, one in enumerate(behaviours):
            if one.outcomes[place] is not None:
                support[at] += tally[one.outcomes[place]] / count / len(counted)
    groups = sorted(shared.values(), key=len, reverse=True)
    return Agreement(tuple(counted), tuple(map(tuple, groups)), tuple(support))


def apart(one: Behaviour, other: Behaviour, counted: Sequence[int]) -> int | None:
    """The first of the counted inputs on which two functions differ."""
    return next((place for place in counted if one.outcomes[place] != other.outcomes[place]), None)


__all__ = [
    "Agreement",
    "Behaviour",
    "Difference",
    "agreement",
    "apart",
    "call_of",
    "exact",
    "fact_of",
    "gives",
    "observed",
    "outcome_of",
    "stated",
    "told",
    "value_of",
]
