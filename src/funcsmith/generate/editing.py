"""Change a saved function as a text asks: «改成含税», "also accept strings".

The model writes the whole function anew; what it did before is run beside it. Examples of the text
gate, as ever. Those that the function had are run too, and the ones that no longer hold are named:
they are changed only on their owner's word.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..contract import Evidence
from ..errors import RequestInvalid
from ..models.cancel import Cancel
from ..models.engine import Engine, Prompt
from .behaviour import gives, observed, outcome_of, stated
from .body import Desk, Round, read_calls
from .examples import Example, read_examples
from .grounding import Grounding
from .inputs import tries
from .prompt import FENCE, fixed, prompt
from .source import with_docstring
from .task import Spending, Task
from .verdict import Written, docstring, written_call

if TYPE_CHECKING:
    from ..execute import Sandbox
    from ..library import Saved

_ROUND = Round("edit", 3, 0.6)
_EFFECTS = 5
"""Inputs shown on which it does something else now."""


@dataclass(frozen=True)
class Effect:
    """A call, and what it gave before and gives now."""

    call: str
    before: str
    after: str


@dataclass(frozen=True)
class Edit:
    """A changed function beside the saved one; nothing is saved yet."""

    saved: Saved
    text: str
    written: Written
    kept: tuple[Evidence, ...] = ()
    """Examples of the saved function that still hold."""
    changed: tuple[Effect, ...] = ()
    """Those that do not: to be changed only on their owner's word."""
    effects: tuple[Effect, ...] = ()
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
    said = f"{_described(saved)}\n\n{text.strip()}".strip()
    source = with_docstring(best.source, best.name, docstring(said, Grounding()))
    written = replace(written, best=replace(best, source=source))
    kept, changed = _old_examples(saved, written, sandbox)
    return Edit(saved, text, written, kept, changed, _effects(saved, written, sandbox))


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
        known = [*super().samples(names), *_samples_of(self._saved)]
        return [one for one in known if set(one) == set(names)]

    def _unchanged(self, source: str) -> str | None:
        return "nothing is changed" if _same_code(source, self._saved) else None


def _bare(saved: Saved) -> str:
    """The source without its docstring, which the change would make untrue."""
    import ast

    tree = ast.parse(saved.source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == saved.name:
            first = node.body[0]
            if ast.get_docstring(node) is not None and len(node.body) > 1:
                lines = saved.source.splitlines()
                del lines[first.lineno - 1 : first.end_lineno]
                return "\n".join(lines).strip()
    return saved.source.strip()


def _same_code(source: str, saved: Saved) -> bool:
    from ..library.saved import code_of
    from ..library.signature import parsed

    return code_of(parsed(source), saved.name) == saved.code


def _described(saved: Saved) -> str:
    from ..library.signature import signature_of

    return signature_of(saved.source, saved.name).docstring


def _old_examples(
    saved: Saved, written: Written, sandbox: Sandbox
) -> tuple[tuple[Evidence, ...], tuple[Effect, ...]]:
    """The saved function's examples on the changed one: those that hold, those that do not."""
    best = written.best
    assert best is not None
    names = list(saved.parameters.get("properties", {}))
    kept: list[Evidence] = []
    changed: list[Effect] = []
    for fact in saved.evidence:
        if fact.get("kind") != "example":
            continue
        for example in _read(str(fact.get("call") or ""), saved.name, names):
            result = stated(sandbox, best.source, best.name, example)
            if gives(result, example.expected):
                kept.append(Evidence.model_validate({**fact, "passed": True}))
            else:
                after = (result.repr if result.status == "ok" else result.error) or result.status
                call = str(fact.get("call"))
                changed.append(Effect(call, repr(example.expected), after))
    return tuple(kept), tuple(changed)


def _read(said: str, name: str, parameters: list[str]) -> list[Example]:
    return read_examples(said, name=name, parameters=parameters) or read_examples(
        said, parameters=parameters
    )


def _effects(saved: Saved, written: Written, sandbox: Sandbox) -> tuple[Effect, ...]:
    """Inputs of the saved function on which the changed one gives something else."""
    best = written.best
    assert best is not None
    names = list(saved.parameters.get("properties", {}))
    if list(best.signature.parameters.get("properties", {}))[: len(names)] != names:
        return ()
    known = [one for one in _samples_of(saved) if set(one) == set(names)]
    tried = tries(saved.parameters, known)
    before = observed(sandbox, saved.source, saved.name, tried)
    after = observed(sandbox, best.source, best.name, tried)
    found = [
        Effect(written_call(saved.name, one), _said(a), _said(b))
        for one, a, b in zip(tried, before.results, after.results, strict=True)
        if outcome_of(a) != outcome_of(b)
    ]
    return tuple(found[:_EFFECTS])


def _samples_of(saved: Saved) -> list[dict[str, Any]]:
    """Calls of a saved function that are known: of its texts and of its evidence."""
    names = list(saved.parameters.get("properties", {}))
    samples = [dict(one.arguments) for one in saved.origins if one.arguments]
    for fact in saved.evidence:
        said = str(fact.get("call") or "")
        samples += read_calls(said, saved.name, names)
        for example in _read(said, saved.name, names):
            given = dict(zip(names, example.arguments, strict=False))
            samples.append({**given, **example.keywords})
    return [{name: one[name] for name in names} for one in samples if set(one) == set(names)]


def _said(result: Any) -> str:
    return str((result.repr if result.status == "ok" else result.error) or result.status)


__all__ = ["Edit", "Effect", "edit"]
