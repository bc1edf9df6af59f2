"""Run the evidence of a saved function again, after an upgrade of Python or of a package. No model.

What was found is saved beside the function with the environment it was found in, so that what
changed since can be said. A function that was edited by hand has no evidence; it gets what its own
examples show, or the examples that were stated for it before. An example must give what it says, a run and an agreement what they gave. What cannot be run again
is counted apart: a call that is not written in literals, a run of a function that looks at the clock
or draws lots, and all of one that is granted more than to compute, which only its owner's word runs.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..execute.composing import ComposingSandbox
from ..library.saved import now
from ..syntax import parse
from .behaviour import Difference, exact, gives, stated, told, value_of
from .calls import read_calls
from .environment import Change, changes, environment
from .examples import Example, read_examples
from .own_examples import judged_by_own_examples
from .verdict import agrees

if TYPE_CHECKING:
    from ..contract import Result
    from ..execute import Sandbox
    from ..library import Library, Saved


@dataclass(frozen=True)
class Verification:
    """What running one function's evidence again has shown."""

    saved: Saved
    """As it is afterwards: `unverified` where anything differs."""
    held: int
    differences: tuple[Difference, ...] = ()
    skipped: int = 0
    """Facts that cannot be run again."""
    changes: tuple[Change, ...] = ()
    """What was otherwise than when the function was last verified."""

    @property
    def state(self) -> Literal["holds", "differs", "unchecked", "broken"]:
        """`holds`, `differs`, `unchecked` (nothing could be run), or `broken` (no function)."""
        if self.saved.broken:
            return "broken"
        if self.differences:
            return "differs"
        return "holds" if self.held else "unchecked"


def verified(
    saved: Saved, library: Library, sandbox: Sandbox, *, only_changed: bool = False
) -> Verification | None:
    """A function verified again and what was found saved; None where nothing changed since.

    Without `only_changed` it is verified whatever changed. What was found is written only where it,
    or the environment, is not what the function's record says already.
    """
    if saved.broken:
        return Verification(saved, 0)
    # Whoever wrote it by hand asked no model.
    model = library.settings.model if saved.origin == "generated" else None
    there = environment(saved, model)
    changed = changes(saved, there)
    if only_changed and not changed:
        return None
    if saved.edited:
        saved = judged_edit(saved, library, sandbox)
    found = verified_again(saved, library, sandbox)
    saved = found.saved
    ran = {
        "environment": there,
        "held": found.held,
        "differences": len(found.differences),
        "skipped": found.skipped,
    }
    before = saved.verified.get("verdict_before")
    verdict, evidence = saved.verdict, saved.evidence
    if found.differences:
        ran["verdict_before"] = before
    elif before and found.held and not found.skipped:  # as after going back to an older package
        verdict = str(before)
        evidence = tuple(_held_again(fact) for fact in evidence)
    if verdict != saved.verdict or {**saved.verified, "at": 0} != {**ran, "at": 0}:
        saved = library.set_verdict(
            saved.name,
            verdict,
            evidence=evidence,
            probability=saved.probability,
            verified={**ran, "at": now()},
        )
    return Verification(saved, found.held, found.differences, found.skipped, changed)


def judged_edit(saved: Saved, library: Library, sandbox: Sandbox) -> Saved:
    """What is known of a function that was edited by hand, by examples and nothing else.

    Those of its docstring; where it has none, those that were stated for the version before: they
    say what is wanted, whatever the code is. Without examples it stays unverified.
    """
    if saved.granted:  # only its owner's word runs it
        return saved
    judged = judged_by_own_examples(saved, library, sandbox)
    if judged is not saved:
        return judged
    sandbox = ComposingSandbox(sandbox, library.whole)
    names = list(saved.parameters.get("properties", {}))
    known = [version for version in library.history(saved.name) if version.sha256 != saved.sha256]
    stated_before = known[-1].record.get("evidence", ()) if known else ()
    facts: list[dict[str, Any]] = []
    for fact in stated_before:
        found = None
        if isinstance(fact, dict) and fact.get("kind") == "example":
            found = again(fact, saved, sandbox, names)
        if found is not None:
            facts.append({**fact, "passed": found[0], "got": told(found[1])})
    passed = bool(facts) and all(fact["passed"] for fact in facts)
    return library.set_verdict(saved.name, "tested" if passed else "unverified", evidence=facts)


def verified_again(saved: Saved, library: Library, sandbox: Sandbox) -> Verification:
    """Run a function's evidence; where a fact differs the function is `unverified` from then on."""
    if saved.granted:
        return Verification(saved, 0, skipped=len(saved.evidence))
    was = next((fact.get("was") for fact in saved.evidence if fact.get("kind") == "changed"), None)
    evidence = tuple(fact for fact in saved.evidence if fact.get("kind") != "changed")
    alone = library.alone(saved)
    names = list(saved.parameters.get("properties", {}))
    changing = changes_by_itself(alone.source)
    facts: list[dict[str, Any]] = []
    differences: list[Difference] = []
    held = skipped = 0
    for fact in evidence:
        found = None
        if not (changing and fact.get("kind") != "example"):
            found = again(fact, alone, sandbox, names)
        if found is None:
            skipped += 1
            facts.append(dict(fact))
            continue
        holds, result = found
        if holds:
            held += 1
            facts.append(dict(fact))
            continue
        said = told(result)
        wanted = fact["expected"] if fact.get("kind") == "example" else fact.get("got")
        differences.append(Difference(str(fact.get("call")), str(wanted), said))
        facts.append({**fact, "now": said, "passed": False})
    if differences and saved.verdict != "unverified":
        before = {**saved.verified, "verdict_before": saved.verdict}
        saved = library.set_verdict(saved.name, "unverified", evidence=facts, verified=before)
    elif was and held and not differences and not skipped:
        # What it calls was changed, and all that was known of it still holds.
        saved = library.set_verdict(
            saved.name, str(was), evidence=facts, probability=saved.probability
        )
    return Verification(saved, held, tuple(differences), skipped)


def dependents_again(name: str, library: Library, sandbox: Sandbox) -> list[Verification]:
    """Run the evidence of every function that calls this one, after it was changed."""
    return [verified_again(saved, library, sandbox) for saved in library.dependents(name)]


def again(
    fact: Mapping[str, Any], saved: Saved, sandbox: Sandbox, names: list[str]
) -> tuple[bool, Result] | None:
    """Whether a fact holds, and what its call gives now; None where it cannot be run."""
    said = said_in(fact)
    if fact.get("kind") == "example":
        examples = read_of(said, saved.name, names)
        if len(examples) == 1:
            result = stated(sandbox, saved.source, saved.name, examples[0])
            return holds(result, examples[0]), result
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


def _held_again(fact: Mapping[str, Any]) -> dict[str, Any]:
    """A fact that had differed, as it was before."""
    kept = {key: value for key, value in fact.items() if key != "now"}
    return kept | {"passed": True} if "now" in fact and fact.get("kind") == "example" else kept


def said_in(fact: Mapping[str, Any]) -> str:
    """The words of a fact from which its call, and what it should give, are read."""
    return str(fact.get("text") or fact.get("call") or "")


def read_of(said: str, name: str, parameters: Sequence[str]) -> list[Example]:
    """The examples in words about a function, whether they name it or not."""
    return read_examples(said, name=name, parameters=parameters) or read_examples(
        said, parameters=parameters
    )


def holds(result: Result, example: Example) -> bool:
    """Whether an example holds, in Python's terms or in those of the words that state it."""
    return gives(result, example.expected) or agrees(result, example)


def changes_by_itself(source: str) -> bool:
    """Whether a function may give something else at another time: a clock, or lots."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in _CLOCKS)
        or (isinstance(node, ast.Name) and node.id in _CLOCKS)
        or (isinstance(node, ast.alias) and node.name in _LOTS)
        or (isinstance(node, ast.ImportFrom) and node.module in _LOTS)
        for node in ast.walk(parse(source))
    )


_CLOCKS = frozenset(
    "today now utcnow time monotonic perf_counter localtime gmtime ctime process_time".split()
)
_LOTS = frozenset(["random", "secrets", "uuid", "time"])


__all__ = [
    "Verification",
    "again",
    "changes_by_itself",
    "dependents_again",
    "holds",
    "judged_edit",
    "read_of",
    "said_in",
    "verified",
    "verified_again",
]
