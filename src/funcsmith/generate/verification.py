"""Run the evidence of a saved function again, after an upgrade of Python or of a package. No model.

An example must give what it says, a run and an agreement what they gave. Facts whose call is not
written in literals cannot be run again and are counted apart.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .behaviour import exact, gives, stated, value_of
from .body import read_calls
from .examples import read_examples

if TYPE_CHECKING:
    from ..contract import Result
    from ..execute import Sandbox
    from ..library import Library, Saved


@dataclass(frozen=True)
class Difference:
    """A fact that does not hold any more."""

    call: str
    was: str
    now: str


@dataclass(frozen=True)
class Verification:
    """What running one function's evidence again has shown."""

    saved: Saved
    """As it is afterwards: `unverified` where anything differs."""
    held: int
    differences: tuple[Difference, ...] = ()
    skipped: int = 0
    """Facts that cannot be run again."""


def verified_again(saved: Saved, library: Library, sandbox: Sandbox) -> Verification:
    """Run a function's evidence; where a fact differs the function is `unverified` from then on."""
    fenced = sandbox.granted(library.grants(saved))
    names = list(saved.parameters.get("properties", {}))
    facts: list[dict[str, Any]] = []
    differences: list[Difference] = []
    held = skipped = 0
    for fact in saved.evidence:
        found = _again(fact, saved, fenced, names)
        if found is None:
            skipped += 1
            facts.append(dict(fact))
            continue
        holds, result = found
        if holds:
            held += 1
            facts.append(dict(fact))
            continue
        said = (result.repr if result.status == "ok" else result.error) or result.status
        wanted = fact["expected"] if fact.get("kind") == "example" else fact.get("got")
        differences.append(Difference(str(fact.get("call")), str(wanted), said))
        facts.append({**fact, "now": said, "passed": False})
    if differences and saved.verdict != "unverified":
        saved = library.set_verdict(saved.name, "unverified", evidence=facts)
    return Verification(saved, held, tuple(differences), skipped)


def _again(
    fact: Mapping[str, Any], saved: Saved, sandbox: Sandbox, names: list[str]
) -> tuple[bool, Result] | None:
    """Whether a fact holds, and what its call gives now; None where it cannot be run."""
    said = str(fact.get("call") or "")
    if fact.get("kind") == "example":
        examples = read_examples(said, name=saved.name, parameters=names) or read_examples(
            said, parameters=names
        )
        if len(examples) == 1:
            result = stated(sandbox, saved.source, saved.name, examples[0])
            return gives(result, examples[0].expected), result
    calls = read_calls(said, saved.name, names)
    if len(calls) != 1:
        return None
    wanted = fact.get("expected") if fact.get("kind") == "example" else fact.get("got")
    if wanted is None:
        return None
    result = sandbox.call(saved.source, saved.name, {}, positional=list(calls[0].values()))
    if result.status != "ok":
        return wanted in (result.error, result.status), result
    try:
        return exact(value_of(result)) == exact(ast.literal_eval(str(wanted))), result
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return result.repr == wanted, result


__all__ = ["Difference", "Verification", "verified_again"]
