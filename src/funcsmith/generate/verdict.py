"""Choose among the functions written for a text, and find out what can be said for the best.

Examples of the user come before agreement, agreement before a mere run. Nothing is decoded here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..contract import Evidence, Result, Verdict
from ..execute import Sandbox
from .behaviour import fact_of, stated
from .calibration import Signs
from .candidates import (
    Candidate,
    alike,
    behave_alike,
    canonical,
    lacking,
    nearest,
    probability,
    same_shape,
    voted,
    weight,
)
from .examples import Example
from .grounding import Grounding
from .inputs import inputs
from .source import with_docstring, with_lines_of
from .task import Task

SAYS_ONLY = "it says an answer and computes nothing"
"""The problem of a version that is no function at all."""


@dataclass(frozen=True)
class Written:
    """What came of writing: the best candidate and what is known of it."""

    best: Candidate | None
    candidates: tuple[Candidate, ...] = ()
    verdict: Verdict = "unverified"
    evidence: tuple[Evidence, ...] = ()
    counterexamples: tuple[dict[str, Any], ...] = ()
    probability: float = 0.0
    nothing: float = 0.0
    """The probability that there is nothing to compute."""
    signs: Signs | None = None
    """What the probability was computed from, where it was computed by `calibration`."""


_RANK: dict[Verdict, int] = {"unverified": 0, "runs": 1, "agreed": 2, "tested": 3, "proven": 4}
"""How much evidence a verdict stands for."""

_LEAST_PROBABILITY = 0.6
"""Below it a mere run is no evidence. One sure version that runs is above it, versions that differ
in what they give are below: they come to two thirds of it at most."""


def evident(written: Written) -> bool:
    """Whether there is evidence for what was written, or that nothing or a value more is wanted."""
    best = written.best
    if best is None:
        return written.nothing >= 0.5
    if best.grounding.missing and len(lacking(written.candidates)) > 1:
        return True
    if written.verdict == "runs":
        return written.probability >= _LEAST_PROBABILITY
    return written.verdict != "unverified"


def better(one: Written, other: Written) -> bool:
    """Whether the first has strictly more evidence."""
    return _rank(one) > _rank(other)


def _rank(written: Written) -> int:
    return -1 if written.best is None else _RANK[written.verdict]


def judged(
    candidates: Sequence[Candidate], task: Task, sandbox: Sandbox, *, nothing: float
) -> Written:
    """The best of the candidates, and what is known of it: examples, agreement, a run."""
    best = voted(candidates)
    short = lacking(candidates)
    if short and not (best and weight(alike(best, candidates)) > weight(short)):
        best = max(short, key=lambda c: (c.greedy, c.logprob))
    best = best or nearest(candidates)
    if best is None or best.problem == SAYS_ONLY:
        return Written(None, tuple(candidates), nothing=nothing)
    evidence: list[Evidence] = []
    counterexamples: list[dict[str, Any]] = []
    for example in task.examples:
        evidence.append(fact_of(example, best.name, passed=passes(sandbox, best, example, task)))
    agreeing = 0
    others = [c for c in candidates if c is not best and c.usable and c.ran]
    if best.ran:
        agreeing, facts, counterexamples = _compared(best, others, task, sandbox)
        evidence += facts
    all_passed = bool(task.examples) and best.failed == 0 and best.passed > 0
    verdict: Verdict = "unverified"
    if best.ran:
        verdict = "runs"
    if agreeing:
        verdict = "agreed"
    if all_passed:
        verdict = "proven" if agreeing and any(c.passed for c in others) else "tested"
    if best.failed:
        verdict = "unverified"
    source = _documented(best, task)
    return Written(
        replace(best, source=source, result=with_lines_of(best.result, best.source, source)),
        tuple(candidates),
        verdict,
        tuple(evidence),
        tuple(counterexamples),
        probability(best, candidates, verdict),
        nothing,
    )


def _compared(
    best: Candidate,
    others: Sequence[Candidate],
    task: Task,
    sandbox: Sandbox,
) -> tuple[int, list[Evidence], list[dict[str, Any]]]:
    """How many others behave as the best does on generated inputs, and where they differ."""
    facts: list[Evidence] = []
    differing: list[dict[str, Any]] = []
    call = written_call(best.name, best.grounding.arguments)
    got = best.result.repr if best.result is not None else None
    alike = [o for o in others if o.outcome == best.outcome and best.outcome is not None]
    if not alike:
        facts.append(Evidence(kind="run", call=call, got=got))
        return 0, facts, differing
    tries = inputs(best.signature.parameters, best.grounding.arguments, seed=task.seed)
    names = list(best.grounding.arguments)
    mine = sandbox.calls(best.source, best.name, tries)
    agreeing = 0
    for other in alike:
        order = same_shape(best, other)
        if order is None:
            continue
        theirs = sandbox.calls(
            other.source,
            other.name,
            [{to: one[of] for of, to in zip(names, order, strict=False)} for one in tries],
        )
        apart = [
            (one, a, b)
            for one, a, b in zip(tries, mine, theirs, strict=False)
            if not behave_alike(a, b)
        ]
        if not apart:
            agreeing += 1
        elif not differing:
            one, a, b = apart[0]
            differing.append(
                {
                    "call": written_call(best.name, one),
                    "got": a.repr if a.status == "ok" else a.error or a.status,
                    "other": b.repr if b.status == "ok" else b.error or b.status,
                }
            )
    if agreeing:
        facts.append(
            Evidence(
                kind="agreement",
                call=call,
                got=got,
                candidates=agreeing + 1,
                inputs=len(tries),
            )
        )
    else:
        facts.append(Evidence(kind="run", call=call, got=got, candidates=len(alike) + 1))
    return agreeing, facts, differing


def _documented(best: Candidate, task: Task) -> str:
    if task.header is not None:
        return best.source
    said = docstring(task.text, best.grounding, task.examples)
    return with_docstring(best.source, best.name, said)


def docstring(text: str, grounding: Grounding, examples: Sequence[Example] = ()) -> str:
    """The text as the function's docstring, its values replaced by the parameters' names."""
    template = template_spans(grounding, examples)
    said = text.strip()
    if template and text == said:
        from ..library import template_of

        try:
            said = template_of(text, template).replace("{{", "{").replace("}}", "}")
        except ValueError:
            said = text.strip()
    return said if len(said) <= 600 else said[:599] + "…"


def template_spans(
    grounding: Grounding, examples: Sequence[Example] = ()
) -> dict[str, tuple[int, int]]:
    """One span for each parameter that is stated as one plain value; {} where any is not.

    What an example states is no value of the request: with others it would be another example.
    """
    spans: dict[str, tuple[int, int]] = {}
    for name in grounding.arguments:
        found = grounding.spans.get(f"/{name}")
        if not found or len(found) != 1:
            return {}
        spans[name] = found[0]
    ordered = sorted(spans.values())
    if any(start < one.span[1] and one.span[0] < end for start, end in ordered for one in examples):
        return {}
    if any(a[1] > b[0] for a, b in itertools.pairwise(ordered)):
        return {}
    return spans


def written_call(name: str, arguments: dict[str, Any]) -> str:
    """A call as Python writes it, bounded."""
    inside = ", ".join(repr(value) for value in arguments.values())
    return f"{name}({inside if len(inside) <= 300 else inside[:299] + '…'})"


def passes(sandbox: Sandbox, candidate: Candidate, example: Example, task: Task) -> bool:
    """Whether the function gives what the example says."""
    now = task.now.isoformat() if task.now else None
    result = stated(sandbox, candidate.source, candidate.name, example, now=now)
    return agrees(result, example)


def agrees(result: Result, example: Example) -> bool:
    """Whether a call gave what the example says; a text in words knows no tuples and lists."""
    if result.status != "ok":
        return False
    return canonical(_plain(result.value)) == canonical(_plain(example.expected))


def _plain(value: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    return value


__all__ = [
    "SAYS_ONLY",
    "Written",
    "agrees",
    "better",
    "docstring",
    "evident",
    "judged",
    "passes",
    "template_spans",
    "written_call",
]
