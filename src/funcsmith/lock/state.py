"""How a declared function stands to its lock: hashes compared, evidence run again. No model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import FunctionNotLocked
from ..library.saved import VERDICTS, hashed
from .declaration import Declaration, Words
from .lockfile import Entry, Lock

if TYPE_CHECKING:
    from ..execute import Sandbox
    from ..generate.examples import Example

Stand = Literal[
    "locked", "missing", "stale", "altered", "below", "failing", "unused", "refused"
]  # fmt: skip


@dataclass(frozen=True)
class Function:
    """A declared function beside what is locked for it."""

    declaration: Declaration
    lock: Lock

    @classmethod
    def of(cls, declaration: Declaration) -> Function:
        return cls(declaration, Lock.of(declaration.path))

    @cached_property
    def key(self) -> str:
        return self.lock.key(self.declaration.path, self.declaration.name)

    @property
    def entry(self) -> Entry | None:
        return self.lock.entries.get(self.key)

    @property
    def source(self) -> str | None:
        return self.lock.source(self.key)

    @cached_property
    def examples(self) -> list[Example]:
        """What the docstring says that calls give."""
        from ..generate.task import examples_of

        header = self.declaration.header
        return examples_of(header, header)

    @cached_property
    def wanted(self) -> str:
        """The least verdict: its owner's word, else that the examples hold, else that it runs."""
        return self.declaration.verdict or ("tested" if self.examples else "runs")

    def stand(self) -> tuple[Stand, Words]:
        """Where it stands by what is on disk, and why; nothing is run."""
        declaration, entry, source = self.declaration, self.entry, self.source
        if declaration.problem is not None:
            return "refused", declaration.problem
        if entry is None or source is None:
            return "missing", {"en": "no body was locked", "zh": "尚未锁定函数体"}
        if entry.asked != declaration.asked:
            return "stale", {
                "en": "its signature, docstring or examples changed",
                "zh": "签名、文档字符串或例子已改变",
            }
        if entry.body != hashed(source):
            return "altered", {
                "en": f"{self.path_said} is not what was locked",
                "zh": f"{self.path_said} 与锁定的不一致",
            }
        if not reaches(entry.verdict, self.wanted):
            return "below", {
                "en": f"{entry.verdict}, and {self.wanted} is wanted",
                "zh": f"结论为 {entry.verdict}，要求 {self.wanted}",
            }
        return "locked", {"en": entry.verdict, "zh": entry.verdict}

    def checked(self, sandbox: Sandbox) -> tuple[Stand, Words]:
        """The same; where the hashes fit, its evidence is run again."""
        stand, why = self.stand()
        if stand != "locked":
            return stand, why
        failures = self.failures(sandbox)
        if failures:
            more = len(failures) - 1
            return "failing", {
                "en": failures[0]["en"] + (f" (and {more} more)" if more else ""),
                "zh": failures[0]["zh"] + (f"（另有 {more} 处）" if more else ""),
            }
        return stand, why

    def failures(self, sandbox: Sandbox) -> list[Words]:
        """The evidence that does not hold: the docstring's examples, and what was locked beside."""
        from ..generate.behaviour import call_of, stated, told
        from ..generate.verification import again, changes_by_itself, holds
        from ..library import Saved

        source, entry = self.source, self.entry
        assert source is not None
        name = self.declaration.name
        found: list[Words] = []
        for example in self.examples:
            result = stated(sandbox, source, name, example)
            if not holds(result, example):
                found.append(_differs(call_of(example, name), repr(example.expected), told(result)))
        if entry is None or changes_by_itself(source):
            return found
        saved = Saved(name=name, file=name, source=source)
        for fact in entry.evidence:
            ran = again(fact, saved, sandbox, self.parameters)
            if ran is not None and not ran[0]:
                found.append(_differs(fact["call"], fact["got"], told(ran[1])))
        return found

    @cached_property
    def parameters(self) -> list[str]:
        from ..generate.task import header_parameters

        return list(header_parameters(self.declaration.header))

    @property
    def path_said(self) -> str:
        return self.lock.body(self.key).relative_to(self.lock.root).as_posix()

    def not_locked(self) -> FunctionNotLocked:
        """The error of a call where no body may be made."""
        stand, why = self.stand()
        name = self.declaration.name
        return FunctionNotLocked(
            {
                "en": f"{name} has no body that can be called: {stand}, {why['en']}.",
                "zh": f"{name} 没有可以调用的函数体：{why['zh']}。",
            },
            hint={
                "en": f"Run: funcsmith lock {self.declaration.path.name}",
                "zh": f"请运行：funcsmith lock {self.declaration.path.name}",
            },
        )


def reaches(verdict: str, wanted: str) -> bool:
    """Whether a verdict stands for at least as much evidence as another.

    >>> reaches("proven", "tested"), reaches("agreed", "tested")
    (True, False)
    """
    return VERDICTS.index(verdict) >= VERDICTS.index(wanted)


def unused(lock: Lock, functions: list[Function], files: set[Path]) -> list[str]:
    """What is locked and declared no more: in a file that was read, or one that is gone."""
    declared = {one.key for one in functions if one.lock.root == lock.root}
    return [
        key
        for key in lock.entries
        if key not in declared
        and ((path := lock.root / key.partition("::")[0]) in files or not path.exists())
    ]


def _differs(call: str, wanted: str, got: str) -> Words:
    return {
        "en": f"{call} gives {got[:120]}, not {wanted[:120]}",
        "zh": f"{call} 得到 {got[:120]}，应为 {wanted[:120]}",
    }
