"""What answers are worth: kinds, functions, exact arguments, questions and code, with intervals.

An answer is read into a `Prediction`; how it was had is not this file's matter.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..contract import Kind
from ..evaluate import judge
from ..evaluate.intervals import wilson
from .record import KINDS, Record

if TYPE_CHECKING:
    from ..evaluate.problems import Problem
    from ..evaluate.trial import Trial
    from ..execute import Sandbox


@dataclass(frozen=True)
class Prediction:
    """What an answer says is asked for."""

    kind: Kind
    function: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Share:
    """So many right of so many, with Wilson's 95 % interval."""

    right: int
    count: int

    @property
    def share(self) -> float | None:
        """None where nothing was counted."""
        return self.right / self.count if self.count else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.count)

    def to_json(self) -> dict[str, Any]:
        low, high = self.interval
        share = None if self.share is None else round(self.share, 4)
        return {
            "right": self.right,
            "count": self.count,
            "share": share,
            "interval": [round(low, 4), round(high, 4)],
        }


@dataclass(frozen=True)
class Scores:
    """The figures of some records; each share says over which it is."""

    detection_f1: float
    """Macro F1 of the kinds that stand among the records, 0 to 1."""
    kinds: dict[str, float]
    """F1 of each of them."""
    kind: Share
    """Right kind, of all."""
    functions: Share
    """Right kind and right function, of calls and questions."""
    exact: Share
    """Right function with exactly the right arguments, of kind parameters."""
    asks: Share
    """Asked, of kind ask: the kind alone."""
    asks_named: Share
    """Asked for exactly what is missing, of kind ask."""
    invented: Share
    """Called without asking, of kind ask; the fewer the better."""
    needless: Share
    """Asked though everything is there, of kind parameters; the fewer the better."""
    idle: Share
    """Left alone, of kind none."""
    passed: Share
    """pass@1: code that passes all its tests, of kind function, where a sandbox was given."""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON, shares with count and interval."""
        found: dict[str, Any] = {
            "detection_f1": round(self.detection_f1, 4),
            "kinds": {kind: round(one, 4) for kind, one in self.kinds.items()},
        }
        for name, value in vars(self).items():
            if isinstance(value, Share):
                found[name] = value.to_json()
        return found


def score(pairs: Sequence[tuple[Record, Prediction]], *, sandbox: Sandbox | None = None) -> Scores:
    """The figures of answers to records; without a sandbox no code is run, so `passed` counts none."""
    f1 = f1_of_kinds([(record.kind, said.kind) for record, said in pairs])
    calls = _of(pairs, "parameters")
    asks = _of(pairs, "ask")
    passed = Share(0, 0)
    if sandbox is not None:
        from ..evaluate.trial import Trial

        trial = Trial(sandbox)
        code = [pair for pair in _of(pairs, "function") if pair[0].tests]
        passed = _share(code, lambda record, said: passes(trial, record, said))
    return Scores(
        detection_f1=sum(f1.values()) / len(f1) if f1 else 0.0,
        kinds=f1,
        kind=_share(pairs, lambda record, said: said.kind == record.kind),
        functions=_share([*calls, *asks], _named),
        exact=_share(calls, is_exact),
        asks=_share(asks, lambda _, said: said.kind == "ask"),
        asks_named=_share(
            asks,
            lambda record, said: said.kind == "ask" and set(said.missing) == set(record.missing),
        ),
        invented=_share(asks, lambda _, said: said.kind == "parameters"),
        needless=_share(calls, lambda _, said: said.kind == "ask"),
        idle=_share(_of(pairs, "none"), lambda _, said: said.kind == "none"),
        passed=passed,
    )


def f1_of_kinds(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """F1 of each kind that is right somewhere, from (right, said).

    >>> f1_of_kinds([("ask", "ask"), ("none", "ask")])
    {'ask': 0.6666666666666666, 'none': 0.0}
    """
    found: dict[str, float] = {}
    for kind in KINDS:
        wanted = sum(right == kind for right, _ in pairs)
        if not wanted:
            continue
        both = sum(right == said == kind for right, said in pairs)
        told = sum(said == kind for _, said in pairs)
        found[kind] = 2 * both / (wanted + told)
    return found


def is_exact(record: Record, said: Prediction) -> bool:
    """Whether a call is the right one: its function, every argument, and none besides."""
    if said.kind != "parameters" or said.function != record.function:
        return False
    given = {name: value for name, value in said.arguments.items() if value is not None}
    right = {name: value for name, value in record.arguments.items() if value is not None}
    return given.keys() == right.keys() and all(
        same_value(given[name], right[name]) for name in right
    )


def same_value(given: Any, right: Any) -> bool:
    """Whether an argument is right: text but for case and space at its ends, numbers as numbers.

    >>> same_value(" Paris", "paris"), same_value(3.0, 3), same_value("3", 3), same_value(1, True)
    (True, True, False, False)
    """
    if isinstance(given, str) and isinstance(right, str):
        return " ".join(given.split()).casefold() == " ".join(right.split()).casefold()
    if isinstance(given, list) and isinstance(right, list):
        return len(given) == len(right) and all(map(same_value, given, right))
    if isinstance(given, dict) and isinstance(right, dict):
        return given.keys() == right.keys() and all(same_value(given[k], right[k]) for k in right)
    if isinstance(given, bool) or isinstance(right, bool):
        return given is right
    if isinstance(given, (int, float)) and isinstance(right, (int, float)):
        return judge.argument_right(given, [right])
    return bool(given == right)


def passes(trial: Trial, record: Record, said: Prediction) -> bool:
    """Whether code passes all tests of a record, in the fence."""
    if said.kind != "function" or not said.source or not record.tests:
        return False
    return trial.judge(problem_of(record), said.source, record.function).passed is True


def problem_of(record: Record) -> Problem:
    """A function to write as the judge of the suites takes it."""
    from ..evaluate.problems import Problem

    return Problem(
        id=record.id,
        number=record.id,
        language=record.language,
        text=record.text,
        prompt=record.text,
        header=None,
        entry_point=record.function or "",
        reference=record.source or "",
        tests="\n".join(record.tests) + "\n",
    )


_FENCED = re.compile(r"```(?:python|json)?[ \t]*\n(.*?)(?:\n?```|\Z)", re.DOTALL)


def read_answer(text: str) -> Prediction:
    """What an answer of the direct way says (`direct.py`); what cannot be read asks for nothing.

    >>> read_answer('{"name": "f", "arguments": {"n": 3}}')
    Prediction(kind='parameters', function='f', arguments={'n': 3}, missing=(), source=None)
    >>> read_answer('{"name": "f", "ask": ["n"]}').missing, read_answer("none").kind
    (('n',), 'none')
    >>> read_answer("```python\\ndef f(n):\\n    return n\\n```").source
    'def f(n):\\n    return n'
    """
    said = text.strip()
    fenced = _FENCED.search(said)
    inside = fenced.group(1).strip() if fenced else said
    at = inside.find("{")
    if at >= 0 and not _is_code(inside):
        try:
            value, _ = json.JSONDecoder().raw_decode(inside, at)
        except (ValueError, RecursionError):
            return Prediction("none")
        return _of_json(value)
    if _is_code(inside):
        return Prediction("function", function=_defined(inside), source=inside)
    return Prediction("none")


def _of_json(value: Any) -> Prediction:
    if not isinstance(value, dict):
        return Prediction("none")
    name = value.get("name")
    name = name if isinstance(name, str) else None
    asked = value.get("ask")
    if isinstance(asked, list):
        return Prediction("ask", name, missing=tuple(one for one in asked if isinstance(one, str)))
    given = value.get("arguments")
    if name is None:
        return Prediction("none")
    return Prediction("parameters", name, given if isinstance(given, dict) else {})


def _is_code(said: str) -> bool:
    return bool(re.search(r"^(?:async )?def \w", said, re.MULTILINE))


def _defined(source: str) -> str | None:
    """The last function of the source, which is what the others help."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = re.findall(r"^def (\w+)", source, re.MULTILINE)
        return found[-1] if found else None
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return names[-1] if names else None


Pairs = Sequence[tuple[Record, Prediction]]


def _of(pairs: Pairs, kind: str) -> list[tuple[Record, Prediction]]:
    return [(record, said) for record, said in pairs if record.kind == kind]


def _share(pairs: Pairs, right: Callable[[Record, Prediction], bool]) -> Share:
    return Share(sum(right(record, said) for record, said in pairs), len(pairs))


def _named(record: Record, said: Prediction) -> bool:
    return said.kind == record.kind and said.function == record.function


__all__ = [
    "Prediction",
    "Scores",
    "Share",
    "f1_of_kinds",
    "is_exact",
    "passes",
    "problem_of",
    "read_answer",
    "same_value",
    "score",
]
