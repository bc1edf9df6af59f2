"""The functions written for one text, each with what was found out about it, and the choice among them.

Nothing is decoded and nothing is run here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..contract import Result, Verdict
from ..library.signature import Signature
from ..models.engine import Completion, Token
from .grounding import Grounding


@dataclass(frozen=True)
class Candidate:
    """One function as written, with what was found out about it."""

    name: str
    source: str
    signature: Signature
    grounding: Grounding
    logprob: float
    """Mean natural-log probability of its tokens, the comment's left out."""
    lowest: float
    """That of its least likely token."""
    greedy: bool
    result: Result | None = None
    problem: str | None = None
    refused: str = ""
    """What it used that no function may, and what to write instead."""
    unused: int = 0
    """Numbers of the text that its call leaves out."""
    unread: int = 0
    """Parameters that its body never looks at."""
    mistaken: int = 0
    """Parameters whose values are taken for something else than the text says they are."""
    guessed: int = 0
    """Numbers in its body that nobody stated or knows."""
    overlooked: int = 0
    """Numbers of the text that neither its call nor its body has."""
    implausible: bool = False
    """Whether its result cannot be what was asked for."""
    passed: int = 0
    """Examples passed."""
    failed: int = 0
    query: bool = False
    """Whether it was written as a query over tables."""
    completion: Completion | None = field(default=None, compare=False, repr=False)

    @property
    def usable(self) -> bool:
        return self.problem is None and not self.failed

    @property
    def ran(self) -> bool:
        return self.result is not None and self.result.status == "ok"

    @property
    def odd(self) -> bool:
        """Whether it ran but looks wrong from outside: it uses its values in a strange way, or gives
        nothing.

        Nothing is zero, an empty list or text, a number below zero, or what was put in.
        """
        if not self.ran or self.result is None:
            return False
        value = self.result.value
        if self.unsound or self.guessed or self.overlooked or self.implausible:
            return True
        if value is None or value in ("", [], {}):
            return True
        if isinstance(value, bool):
            return False
        if isinstance(value, (int, float)):
            return value <= 0
        return any(canonical(value) == canonical(one) for one in self.grounding.arguments.values())

    @property
    def unsound(self) -> bool:
        """Whether it computes with its values as they are not meant: no evidence, for or against."""
        return bool(self.unread or self.mistaken)

    @property
    def outcome(self) -> str | None:
        """The result in a form that can be compared; None where there is none."""
        if self.result is None or self.result.status != "ok" or self.result.value is None:
            return None
        return canonical(self.result.value)


def code_tokens(completion: Completion) -> Sequence[Token]:
    """The tokens behind the comment that an answer begins with: a plan has many wordings."""
    if not completion.text.lstrip().startswith(("#", "--")):
        return completion.tokens
    ends = next((i for i, token in enumerate(completion.tokens) if "\n" in token.text), -1)
    return completion.tokens[ends + 1 :]


def confident(candidate: Candidate) -> bool:
    """Whether one version is enough: written surely, not long, and nothing odd about it.

    An engine that reports no probabilities is never sure.
    """
    if candidate.completion is not None and not candidate.completion.tokens:
        return False
    tokens = len(code_tokens(candidate.completion)) if candidate.completion is not None else 0
    sure = candidate.logprob > _SURE and tokens <= _SHORT
    return candidate.outcome is not None and sure and not candidate.odd


_SURE = -0.11
_SHORT = 150
"""Limits from 48 development texts: 26 answers within them, 23 right; of the 22 others 5."""


def voted(candidates: Sequence[Candidate]) -> Candidate | None:
    """The likeliest of the largest group that gives one result; examples come before votes."""
    able = [c for c in candidates if c.usable and c.grounding.complete and c.outcome is not None]
    if any(c.passed for c in able):
        able = [c for c in able if c.passed == max(o.passed for o in able)]
    groups: dict[str, list[Candidate]] = {}
    for one in able:
        groups.setdefault(one.outcome or "", []).append(one)
    if not groups:
        return None
    group = max(groups.values(), key=lambda g: (weight(g), max(c.logprob for c in g)))
    return max(group, key=lambda c: (c.greedy, c.logprob))


def weight(group: Sequence[Candidate]) -> float:
    """How much a group that gives one result counts; an odd one must be given twice.

    Unsound functions count for little, however many agree.
    """
    odd = any(c.odd for c in group)
    return sum((1.2 if c.greedy else 1.0) * (0.4 if c.unsound else 1.0) for c in group) - (
        0.5 if odd else 0.0
    )


def alike(best: Candidate, candidates: Sequence[Candidate]) -> list[Candidate]:
    return [c for c in candidates if c.outcome == best.outcome]


def lacking(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that are sound but need a value that the text does not state.

    One that leaves several stated numbers unused has not understood the text, and one that knows
    the value well enough may only have said it in another way.
    """
    return [
        c
        for c in candidates
        if c.usable and c.grounding.missing and not c.grounding.derived and c.unused < 2
    ]


def nearest(candidates: Sequence[Candidate]) -> Candidate | None:
    """The one that lacks least, where none gave a result."""
    able = [c for c in candidates if c.problem is None] or list(candidates)
    if not able:
        return None
    return min(able, key=lambda c: (c.failed, not c.ran, not c.greedy, -c.logprob))


def same_shape(one: Candidate, other: Candidate) -> list[str] | None:
    """The other's parameters in the order of the first's, matched by value; None where they differ."""
    mine, theirs = one.grounding.arguments, dict(other.grounding.arguments)
    if len(mine) != len(theirs):
        return None
    order: list[str] = []
    for name, value in mine.items():
        match = name if name in theirs and canonical(theirs[name]) == canonical(value) else None
        match = match or next(
            (k for k, v in theirs.items() if canonical(v) == canonical(value)), None
        )
        if match is None:
            return None
        del theirs[match]
        order.append(match)
    return order


def behave_alike(one: Result, other: Result) -> bool:
    if one.status != "ok" or other.status != "ok":
        # Both refuse such an input; how they say so is not behaviour that was asked for.
        return one.status != "ok" and other.status != "ok"
    return canonical(one.value) == canonical(other.value)


def probability(best: Candidate, candidates: Sequence[Candidate], verdict: Verdict) -> float:
    """How probable it is that the result is right: a first estimate, not yet calibrated."""
    able = [c for c in candidates if c.outcome is not None]
    share = sum(c.outcome == best.outcome for c in able) / len(able) if able else 0.0
    base = {"proven": 0.95, "tested": 0.88, "agreed": 0.85, "runs": 0.7, "unverified": 0.3}[verdict]
    if len(able) > 1:
        base *= 0.5 + 0.5 * share
    return round(min(0.99, base * math.exp(max(best.logprob, -1.0) * 0.5)), 3)


def canonical(value: Any) -> str:
    """A value in a form in which equal results are equal text: 3 and 3.0, rounding noise."""

    def plain(one: Any) -> Any:
        if isinstance(one, bool) or one is None:
            return one
        if isinstance(one, (int, float)):
            if isinstance(one, float) and not math.isfinite(one):
                return str(one)
            if abs(one) > 1e15:
                return one
            rounded = float(f"{one:.9g}")
            return int(rounded) if rounded == int(rounded) else rounded
        if isinstance(one, (list, tuple)):
            return [plain(item) for item in one]
        if isinstance(one, dict):
            return {str(key): plain(item) for key, item in one.items()}
        return one

    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, default=str)
