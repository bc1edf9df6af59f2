"""Whether a function passes a problem's tests: run in the fence, compared outside of it.

The function under test runs in a child of its own that knows the calls and nothing else: not what
is expected, nor what compares. What it gives crosses the border as data, in exact built-in types.
So an `__eq__` that says yes, patched built-ins or an exit with 0 are of no use to it. Programs of
tests run in another child, on those answers (`replay.py`); inputs of HumanEval+ are compared here.

Limits are CPU seconds, so that a slow or busy machine scores the same. What the judge itself could
not do is undecided (`passed` is None) and never the function's failure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

from ..contract import Result
from ..errors import ArgumentsInvalid, SandboxUnavailable
from ..execute import Limits, Sandbox, decode, default_sandbox
from .problems import Inputs, Problem
from .replay import MARK


@dataclass(frozen=True)
class CpuSeconds:
    """What a function may use."""

    call: float = 10.0
    tests: float = 20.0
    """For all calls of a program of tests together."""
    inputs: float = 60.0
    """For all inputs of HumanEval+ in one part."""


_MEMORY_BYTES = 2**30
_WALL_TO_CPU = 15
"""The wall clock only ends what waits; a machine this much oversubscribed judges nothing well."""
_REFERENCE_TIMES = 4
"""How many times that our own part and the reference may use."""
_INPUTS_AT_ONCE = 200
_ROUNDS = 50
_RELATIVE = 1e-7
_TOLERANCE = 1e-6

Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Ruling:
    """What the judge says: passed, failed, or (None) that it could not judge; and why."""

    passed: bool | None
    why: str | None = None


@dataclass(frozen=True)
class _Answer:
    """What one call gave: a value, a large one's digest, items to go through, or how it failed."""

    how: str
    value: Any = None
    ended: bool = False
    """It ended its process, or had none to run in."""


class _Undecided(Exception):
    """The judge could not do its part."""


class Trial:
    """Judges functions in one sandbox; what a reference gives is found out once a problem."""

    def __init__(
        self, sandbox: Sandbox | None = None, *, cpu_seconds: CpuSeconds = CpuSeconds()
    ) -> None:
        self._sandbox = sandbox or default_sandbox()
        self.cpu_seconds = cpu_seconds
        self._expected: dict[str, list[_Answer]] = {}

    def judge(self, problem: Problem, source: str | None, name: str | None = None) -> Ruling:
        """Whether the source's function passes; `name` is the entry point unless it is given."""
        if source is None:
            return Ruling(False, "no function")
        try:
            if problem.inputs is not None:
                return self._compared(problem, problem.inputs, source, name)
            return self._replayed(problem, source, name)
        except (_Undecided, SandboxUnavailable, ArgumentsInvalid, decode.AnswerInvalid) as failure:
            return Ruling(None, f"not judged: {failure}")

    # A program of tests

    def _replayed(self, problem: Problem, source: str, name: str | None) -> Ruling:
        calls = self._tested(problem, None, problem.reference)["calls"]
        for _ in range(_ROUNDS):
            answers = self._answers(
                source, name or problem.entry_point, calls, self.cpu_seconds.tests
            )
            known = [(call, (one.how, one.value)) for call, one in zip(calls, answers, strict=True)]
            said = self._tested(problem, known, None)
            if not said["wants"]:
                return _ruling(said, answers)
            if said["error"] is not None:
                raise _Undecided(said["error"])
            # The first that is not known; what came after it may have depended on its answer.
            calls = said["calls"]
        raise _Undecided("the tests never came to an end")

    def _tested(
        self, problem: Problem, known: list[Any] | None, reference: str | None
    ) -> dict[str, Any]:
        result = self._sandbox.call(
            _source("replay"),
            "replay",
            {},
            positional=[problem.setting, problem.tests, problem.entry_point, known, reference],
            limits=_limits(_REFERENCE_TIMES * self.cpu_seconds.tests),
            annotations_coerce=False,
        )
        if known is not None and result.status in ("timeout", "memory"):
            # Whatever the tests do with these values, it takes them too much.
            return {"passed": False, "wants": False, "error": result.status}
        said = _value(result)
        if result.status != "ok" or type(said) is not dict:
            raise _Undecided(f"the tests could not be run ({result.status}: {result.error})")
        return said

    # Inputs, compared with the reference

    def _compared(self, problem: Problem, inputs: Inputs, source: str, name: str | None) -> Ruling:
        expected = self._reference(problem, inputs)
        at = 0
        for some in _chunks(inputs):
            answers = self._answers(
                source, name or problem.entry_point, _calls(some), self.cpu_seconds.inputs
            )
            for given, answer, wanted in zip(some, answers, expected[at:], strict=False):
                if answer.ended or answer.how == "raised":
                    return Ruling(False, str(answer.value))
                # Something to go through is no list, as for Python.
                if answer.how != wanted.how or not _equal(
                    problem, given, answer.value, wanted.value
                ):
                    return Ruling(False, "wrong value")
            at += len(some)
        return Ruling(True)

    def _reference(self, problem: Problem, inputs: Inputs) -> list[_Answer]:
        if problem.id not in self._expected:
            every: list[_Answer] = []
            for some in _chunks(inputs):
                every += self._answers(
                    problem.reference,
                    problem.entry_point,
                    _calls(some),
                    _REFERENCE_TIMES * self.cpu_seconds.inputs,
                )
            bad = next((one for one in every if one.how not in ("value", "large")), None)
            if bad is not None:
                raise _Undecided(f"the reference failed ({bad.value})")
            self._expected[problem.id] = every
        return self._expected[problem.id]

    # The function under test

    def _answers(
        self, source: str, name: str, calls: Sequence[Call], cpu_seconds: float
    ) -> list[_Answer]:
        results = self._called(source, name, calls, cpu_seconds)
        if any(result.status == "killed" for result in results):
            # Whoever ended it: the machine may, and then a second time shows another.
            self._proven_able()
            results = self._called(source, name, calls, cpu_seconds)
            self._proven_able()
        return [_answer(result) for result in results]

    def _called(
        self, source: str, name: str, calls: Sequence[Call], cpu_seconds: float
    ) -> list[Result]:
        # Behind the source, so that nothing in it can take the name.
        source = f"{source}\n\n\n{_source('calling').replace('ENTRY_POINT', name)}"
        return self._sandbox.calls(
            source,
            _CALLING,
            [{"arguments": arguments, "keywords": keywords} for arguments, keywords in calls],
            limits=_limits(cpu_seconds),
            per_call_cpu_seconds=self.cpu_seconds.call,
            positional=True,
            annotations_coerce=False,
            fresh=False,
        )

    def _proven_able(self) -> None:
        result = self._sandbox.call("def one():\n    return 1\n", "one", {})
        if result.value != 1:
            raise _Undecided(f"the fence runs nothing ({result.status}: {result.error})")


def _ruling(said: dict[str, Any], answers: Sequence[_Answer]) -> Ruling:
    ended = next((one for one in answers if one.ended), None)
    if said["passed"] and ended is None:
        return Ruling(True)
    failed = ended or next((one for one in answers if one.how == "raised"), None)
    if failed is not None:
        return Ruling(False, str(failed.value))
    return Ruling(False, "wrong value" if said["error"] == "AssertionError" else said["error"])


def _equal(problem: Problem, given: Sequence[Any], got: Any, wanted: Any) -> bool:
    """Whether a value is the reference's, as EvalPlus compares them.

    Exactly, but within the row's tolerance where there is one, and within 1e-6 where the reference
    gives floats. A root of a polynomial is any number at which it is nearly zero.
    """
    assert problem.inputs is not None
    tolerance = problem.inputs.tolerance
    if problem.entry_point == "find_zero":
        return _is_root(given[0], got, tolerance)
    if got == wanted:
        return True
    if tolerance == 0 and _is_floats(wanted):
        tolerance = _TOLERANCE
    return tolerance != 0 and _near(got, wanted, tolerance)


def _is_root(coefficients: Sequence[Any], at: Any, tolerance: float) -> bool:
    if not _is_number(at):
        return False
    try:
        value = sum(c * math.pow(at, power) for power, c in enumerate(coefficients))
    except (OverflowError, ValueError):
        return False
    return bool(abs(value) <= tolerance)


def _near(got: Any, wanted: Any, tolerance: float) -> bool:
    if _is_number(got) and _is_number(wanted):
        try:
            got, wanted = float(got), float(wanted)
        except OverflowError:
            return False
        if got == wanted or (math.isnan(got) and math.isnan(wanted)):
            return True
        if not (math.isfinite(got) and math.isfinite(wanted)):
            return False
        return bool(abs(got - wanted) <= tolerance + _RELATIVE * abs(wanted))
    if type(got) in (list, tuple) and type(wanted) in (list, tuple):
        return len(got) == len(wanted) and all(
            _near(one, other, tolerance) for one, other in zip(got, wanted, strict=True)
        )
    return False


def _is_floats(value: Any) -> bool:
    if type(value) in (list, tuple):
        return bool(value) and all(type(one) is float for one in value)
    return type(value) is float


def _is_number(value: Any) -> bool:
    return type(value) in (int, float, bool)


def _chunks(inputs: Inputs) -> Iterator[Sequence[Sequence[Any]]]:
    """The inputs in parts, so that what fails early costs little."""
    if inputs.base:
        yield inputs.base
    for start in range(0, len(inputs.plus), _INPUTS_AT_ONCE):
        yield inputs.plus[start : start + _INPUTS_AT_ONCE]


def _calls(inputs: Sequence[Sequence[Any]]) -> list[Call]:
    return [(tuple(arguments), {}) for arguments in inputs]


def _answer(result: Result) -> _Answer:
    if result.status == "error":
        return _Answer("raised", "raised " + (result.error or "error").split(":")[0].split(" ")[0])
    if result.status != "ok":
        why = result.status if result.status != "not_run" else "timeout"
        return _Answer("raised", f"{why} ({result.limit})" if result.limit else why, ended=True)
    try:
        said = _portable(_value(result))
    except (decode.AnswerInvalid, ArithmeticError, TypeError, ValueError, RecursionError):
        return _Answer("raised", "a value that cannot be read")
    if type(said) is not tuple or len(said) != 2 or said[0] not in ("value", "items", "large"):
        return _Answer("raised", "an answer that is none")
    return _Answer(said[0], said[1])


def _value(result: Result) -> Any:
    return decode.restored(result.typed) if result.typed is not None else result.value


def _portable(value: Any) -> Any:
    """The value in built-in types, which compare as Python does and can be handed to a child.

    Others are marked tuples, equal to no value of a suite; `replay.py` makes numbers of them anew.
    """
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        return kind(map(_portable, value))
    if kind is dict:
        return {_portable(key): _portable(inner) for key, inner in value.items()}
    if kind in (type(None), bool, int, float, complex, str, bytes):
        return value
    if kind is Decimal:
        return (MARK, "decimal", str(value))
    if kind is Fraction:
        return (MARK, "fraction", (value.numerator, value.denominator))
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():  # a number of numpy's
        return _portable(item())
    return (MARK, "opaque", repr(value)[:200])


def _limits(cpu_seconds: float) -> Limits:
    return Limits(
        cpu_seconds=cpu_seconds,
        wall_seconds=_WALL_TO_CPU * cpu_seconds,
        memory_bytes=_MEMORY_BYTES,
        output_bytes=8_000_000,
    )


def _source(name: str) -> str:
    return (files("funcsmith.evaluate") / f"{name}.py").read_text("utf-8")


_CALLING = "_called_by_the_judge"
