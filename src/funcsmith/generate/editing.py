"""Change a saved function as a text asks: «改成含税», "also accept strings".

The model writes the whole function anew; what it did before is run beside it. Examples of the text
gate, as ever. Those that the function had are run too, and the ones that no longer hold are named:
they are changed only on their owner's word.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..contract import Evidence
from ..errors import RequestInvalid
from ..models.cancel import Cancel
from ..models.engine import Engine, Prompt
from ..syntax import parse
from .behaviour import Difference, observed, outcome_of, stated, told
from .calls import read_calls, samples_of
from .candidates import Candidate
from .desk import Desk, Round
from .examples import read_examples
from .grounding import Grounding
from .inputs import tries
from .prompt import FENCE, fixed, prompt
from .source import with_docstring
from .task import Spending, Task
from .verdict import Written, docstring, written_call
from .verification import holds, read_of, said_in

if TYPE_CHECKING:
    from ..execute import Sandbox
    from ..library import Saved

_ROUND = Round("edit", 3, 0.6)
_EFFECTS = 5
"""Inputs shown on which it does something else now."""


@dataclass(frozen=True)
class Edit:
    """A changed function beside the saved one; nothing is saved yet."""

    saved: Saved
    text: str
    written: Written
    kept: tuple[Evidence, ...] = ()
    """Examples of the saved function that still hold."""
    changed: tuple[Difference, ...] = ()
    """Those that do not: to be changed only on their owner's word."""
    effects: tuple[Difference, ...] = ()
    """Other inputs on which it does something else now."""

    @property
    def source(self) -> str:
        best = self.written.best
        assert best is not None
        return best.source

    @property
    def diff(self) -> str:
        """The two sources as a unified diff."""
        lines = difflib.unified_diff(
            self.saved.source.splitlines(),
            self.source.splitlines(),
            f"{self.saved.name}.py",
            f"{self.saved.name}.py",
            lineterm="",
        )
        return "\n".join(lines)

    @property
    def evidence(self) -> list[dict[str, Any]]:
        """What is known of the changed function: its own facts and the examples that still hold."""
        facts = [*self.written.evidence, *self.kept]
        return [fact.model_dump(exclude_none=True) for fact in facts]


def edit(
    saved: Saved,
    text: str,
    engine: Engine,
    sandbox: Sandbox,
    *,
    spending: Spending,
    seed: int = 0,
    cancel: Cancel | None = None,
    on_text: Callable[[str], object] | None = None,
) -> Edit:
    """The function changed as the text asks, with what the change does. Saves nothing.

    Raises `RequestInvalid` where no version came of it that runs and differs.
    """
    names = list(saved.parameters.get("properties", {}))
    task = Task(
        text,
        examples=read_examples(text, name=saved.name) or read_examples(text, parameters=names),
        seed=seed,
        always=True,
        call=False,
    )
    engine.prepare([fixed("function"), fixed("edit")])
    desk = _Revision(saved, task, engine, sandbox, spending, cancel)
    desk.greedy(on_text, "edit")
    if not desk.settled():
        desk.round(_ROUND)
    written = desk.judged()
    best = written.best
    if best is None or written.verdict == "unverified":
        raise RequestInvalid(
            {
                "en": "No version came of it that does something else and passes the examples.",
                "zh": "没有得到既有改变又能通过例子的版本。",
            },
            hint={
                "en": "Say the change in other words, or with an example.",
                "zh": "请换一种说法，或给出一个例子。",
            },
        )
    kept, changed = _old_examples(saved, best, sandbox)
    effects = _effects(saved, best, sandbox)
    said = f"{_described(saved, best, sandbox)}\n\n{text.strip()}".strip()
    source = with_docstring(best.source, best.name, docstring(said, Grounding()))
    written = replace(written, best=replace(best, source=source))
    return Edit(saved, text, written, kept, changed, effects)


class _Revision(Desk):
    """Versions of a saved function with one change."""

    def __init__(
        self,
        saved: Saved,
        task: Task,
        engine: Engine,
        sandbox: Sandbox,
        spending: Spending,
        cancel: Cancel | None,
    ) -> None:
        super().__init__(
            task, engine, sandbox, spending, saved.name, "", cancel, refuse=self._unchanged
        )
        self._saved = saved

    def prompt(self, name: str) -> Prompt:
        said = f"{FENCE}{_bare(self._saved)}\n```\n\n{self._task.text.strip()}"
        return prompt(name, said, prefix=FENCE)

    def samples(self, names: Sequence[str]) -> list[dict[str, Any]]:
        known = (
            _samples_of(self._saved) if names == list(self._saved.parameters["properties"]) else []
        )
        return [*super().samples(names), *known]

    def shown(self) -> str:
        return f"{FENCE}{_bare(self._saved)}\n```"

    def _unchanged(self, source: str) -> str | None:
        return "nothing is changed" if _same_code(source, self._saved) else None


def _bare(saved: Saved) -> str:
    """The source without its docstring, which the change would make untrue."""
    for node in parse(saved.source).body:
        if isinstance(node, ast.FunctionDef) and node.name == saved.name:
            first, *others = node.body
            shared = {node.lineno, *(one.lineno for one in others)}
            lines = saved.source.splitlines()
            if ast.get_docstring(node) is None or not others:
                break
            if not shared & {first.lineno, first.end_lineno}:
                del lines[first.lineno - 1 : first.end_lineno]
                return "\n".join(lines).strip()
    return saved.source.strip()


def _same_code(source: str, saved: Saved) -> bool:
    from ..library.saved import code_of
    from ..library.signature import parsed

    return code_of(parsed(source), saved.name) == saved.code


def _described(saved: Saved, best: Candidate, sandbox: Sandbox) -> str:
    """What the saved function says of itself, without the examples that no longer hold."""
    from ..library.signature import signature_of

    said = signature_of(saved.source, saved.name).docstring
    for example in reversed(read_examples(said, name=saved.name)):
        if not holds(stated(sandbox, best.source, best.name, example), example):
            start, end = example.span
            said = said[:start].rstrip() + said[end:]
    return said


def _old_examples(
    saved: Saved, best: Candidate, sandbox: Sandbox
) -> tuple[tuple[Evidence, ...], tuple[Difference, ...]]:
    """The saved function's examples on the changed one: those that hold, those that do not."""
    names = list(saved.parameters.get("properties", {}))
    kept: list[Evidence] = []
    changed: list[Difference] = []
    for fact in saved.evidence:
        if fact.get("kind") != "example":
            continue
        for example in read_of(said_in(fact), saved.name, names):
            result = stated(sandbox, best.source, best.name, example)
            if holds(result, example):
                kept.append(Evidence.model_validate({**fact, "passed": True}))
            else:
                call = str(fact.get("call"))
                changed.append(Difference(call, repr(example.expected), told(result)))
    return tuple(kept), tuple(changed)


def _effects(saved: Saved, best: Candidate, sandbox: Sandbox) -> tuple[Difference, ...]:
    """Inputs of the saved function on which the changed one gives something else.

    () where it takes other parameters: then no call of the old one is a call of it.
    """
    names = list(saved.parameters.get("properties", {}))
    now = best.signature.parameters
    if list(now.get("properties", {}))[: len(names)] != names:
        return ()
    if not set(now.get("required", ())) <= set(names):
        return ()
    tried = tries(saved.parameters, _samples_of(saved))
    before = observed(sandbox, saved.source, saved.name, tried)
    after = observed(sandbox, best.source, best.name, tried)
    found = [
        Difference(written_call(saved.name, one), told(a), told(b))
        for one, a, b in zip(tried, before.results, after.results, strict=True)
        if outcome_of(a) != outcome_of(b)
    ]
    return tuple(found[:_EFFECTS])


def _samples_of(saved: Saved) -> list[dict[str, Any]]:
    """Calls of a saved function that are known: of its texts and of its evidence."""
    names = list(saved.parameters.get("properties", {}))
    samples = [dict(one.arguments) for one in saved.origins if one.arguments]
    for fact in saved.evidence:
        said = said_in(fact)
        samples += read_calls(said, saved.name, names)
        samples += samples_of(read_of(said, saved.name, names), names)
    return [{name: one[name] for name in names} for one in samples if set(one) == set(names)]


__all__ = ["Edit", "edit"]
