"""The verdict of a function by the examples that its own docstring gives. No model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contract import Evidence, Verdict
from ..execute.composing import ComposingSandbox
from .behaviour import fact_of, stated, told
from .examples import read_examples
from .verdict import agrees

if TYPE_CHECKING:
    from ..execute import Sandbox
    from ..library import Library, Saved


def judged_by_own_examples(saved: Saved, library: Library, sandbox: Sandbox) -> Saved:
    """Run the docstring's examples in the fence and save what they show.

    `tested` where all pass, `unverified` where one fails; without examples nothing changes.
    """
    from ..library import signature_of

    if saved.broken:
        return saved
    sandbox = ComposingSandbox(sandbox, library.whole)
    docstring = signature_of(saved.source, saved.name).docstring
    examples = read_examples(docstring, name=saved.name)
    if not examples:
        return saved
    facts: list[Evidence] = []
    for example in examples:
        result = stated(sandbox, saved.source, saved.name, example)
        passed = agrees(result, example)
        facts.append(fact_of(example, saved.name, passed=passed, got=told(result)))
    verdict: Verdict = "tested" if all(fact.passed for fact in facts) else "unverified"
    return library.set_verdict(
        saved.name, verdict, evidence=[fact.model_dump(exclude_none=True) for fact in facts]
    )
