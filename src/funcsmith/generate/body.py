"""Write the body of a function whose header is given, or whose name the examples of the text say.

Only the body is decoded. The greedy version comes first; it is enough where it passes every example
and was written surely. Otherwise more versions are written, several at a time, by two prompts and
at a temperature, until those that pass the examples do the same on inputs made from the examples
and the types. Where none passes, the nearest is shown what it gave and what is right.
"""

from __future__ import annotations

from collections.abc import Callable

from ..execute import Sandbox
from ..models.cancel import Cancel
from ..models.engine import Engine
from .candidates import Candidate
from .desk import GREEDY, Desk, Round
from .function import given_code
from .prompt import fixed
from .task import Budget, Spending, Task, header_name
from .verdict import Written

_MORE = Round("body", 3, 0.8)
_ONE_OTHER = Round("complete", 1, 0.0)
_OTHER = Round("complete", 3, 0.8)
"""Twice the tokens, and twice as often right where the greedy version fails its examples."""


class BodyWriter:
    """Writes functions to a header with one engine and one sandbox."""

    def __init__(self, engine: Engine, sandbox: Sandbox, *, budget: Budget | None = None) -> None:
        self._engine = engine
        self._sandbox = sandbox
        self._budget = budget or Budget()

    def write(
        self,
        task: Task,
        spending: Spending,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
        on_candidate: Callable[[Candidate], object] | None = None,
    ) -> Written:
        """Write, try, and where the evidence is not there write again."""
        self._engine.prepare([fixed("function"), fixed(GREEDY)])
        name, given = begun(task)
        desk = Desk(task, self._engine, self._sandbox, spending, name, given, cancel, self._budget)
        desk.greedy(on_text)
        if on_candidate is not None:
            for version in desk.versions:
                on_candidate(version.candidate)
        first = (_MORE,) if desk.passing() else (_ONE_OTHER, _OTHER)
        for step in (*first, _OTHER, None, _OTHER):
            if desk.spent() or desk.settled():
                break
            if step is not None:
                desk.round(step)
            elif not desk.passing():
                desk.repair()
        if not desk.spent():
            desk.mend_crash()
        return desk.judged()


def begun(task: Task) -> tuple[str, str]:
    """The name of the function to write, and what of its code is given."""
    name = named(task)
    assert name is not None
    return name, given_code(task) or f"def {name}("


def named(task: Task) -> str | None:
    """The name of the function to write: the header's, or that which all the examples call."""
    if task.header is not None:
        return header_name(task.header)
    names = {example.name for example in task.examples}
    only = next(iter(names)) if len(names) == 1 else None
    return only if only and only.isidentifier() else None


__all__ = ["BodyWriter", "begun", "named"]
