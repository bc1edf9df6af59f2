"""Make a body for a declared function, and lock it where its evidence is enough."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contract import Evidence, Request
from ..contract import Function as Written
from ..errors import FunctionNotLocked
from ..library.saved import hashed
from ..syntax import parse
from .declaration import Words
from .lockfile import Entry
from .state import Function, reaches

if TYPE_CHECKING:
    from ..execute import Sandbox
    from ..models.cancel import Cancel
    from ..pipeline import Event, Pipeline


@dataclass(frozen=True)
class Made:
    """What came of one function."""

    function: Function
    locked: bool
    why: Words
    failures: tuple[Words, ...] = ()
    source: str = ""
    """The best version where it was not good enough."""

    def error(self) -> FunctionNotLocked:
        """The same for whoever called the function."""
        name = self.function.declaration.name
        end = {key: "".join(f"\n  {one[key]}" for one in self.failures) for key in ("en", "zh")}
        return FunctionNotLocked(
            {
                "en": f"No body of {name} was locked: {self.why['en']}.{end['en']}",
                "zh": f"{name} 的函数体没有锁定：{self.why['zh']}。{end['zh']}",
            },
            hint={
                "en": "Say more in the docstring, or give examples, and run: funcsmith lock"
                f" {self.function.declaration.path.name}",
                "zh": "请在文档字符串中说得更清楚或给出例子，再运行：funcsmith lock"
                f" {self.function.declaration.path.name}",
            },
        )


def make(
    function: Function,
    pipeline: Pipeline,
    *,
    on_event: Callable[[Event], object] | None = None,
    cancel: Cancel | None = None,
) -> Made:
    """Have a body written, and lock it if its verdict is what is wanted."""
    header = function.declaration.header
    request = Request(text=header, header=header, mode="function")
    outcome = pipeline.run(request, on_event=on_event, cancel=cancel)
    written = outcome.function
    if written is None:
        return Made(
            function, False, {"en": "no version of it was Python", "zh": "没有写出可用的代码"}
        )
    why = _enough(function, written.verdict)
    if why is not None:
        return Made(function, False, why, _failures(written), written.source)
    evidence = tuple(
        {"kind": fact.kind, "call": fact.call, "got": fact.got}
        for fact in written.evidence
        if fact.kind != "example" and fact.call and fact.got is not None and fact.passed is None
    )
    source = _shown(function, written, outcome.model)
    entry = Entry(
        asked=function.declaration.asked,
        body=hashed(source),
        verdict=written.verdict,
        model=outcome.model,
        evidence=evidence,
    )
    function.lock.keep(function.key, entry, source)
    return Made(function, True, {"en": written.verdict, "zh": written.verdict})


def accept(function: Function, sandbox: Sandbox) -> Made:
    """Lock a body that was edited by hand, if the examples hold and are as much as is wanted."""
    source = function.source
    assert source is not None
    failures = function.failures(sandbox)
    if not failures and not function.examples:
        return Made(
            function,
            False,
            {
                "en": "edited by hand, and no example says what is right"
                " (--rewrite has it written anew)",
                "zh": "被手工修改过，而没有例子说明怎样才对（--rewrite 可重新编写）",
            },
        )
    verdict = "unverified" if failures else "tested"
    why = _enough(function, verdict)
    if why is not None:
        return Made(function, False, why, tuple(failures), source)
    entry = Entry(asked=function.declaration.asked, body=hashed(source), verdict=verdict)
    function.lock.keep(function.key, entry, None)
    return Made(function, True, {"en": "tested, by hand", "zh": "tested，手工修改"})


def _enough(function: Function, verdict: str) -> Words | None:
    if reaches(verdict, function.wanted):
        return None
    return {
        "en": f"the best version is {verdict}, and {function.wanted} is wanted",
        "zh": f"最好的版本结论为 {verdict}，要求 {function.wanted}",
    }


def _failures(written: Written) -> tuple[Words, ...]:
    failed = [fact for fact in written.evidence if fact.passed is False]
    said = [
        {
            "en": f"{fact.call} should give {fact.expected}"
            + (f", gives {fact.got}" if fact.got is not None else ""),
            "zh": f"{fact.call} 应得到 {fact.expected}"
            + (f"，实际得到 {fact.got}" if fact.got is not None else ""),
        }
        for fact in failed
    ]
    said += [
        {
            "en": f"{one['call']} gives {one['got']}; another version {one['other']}",
            "zh": f"{one['call']} 得到 {one['got']}；另一版本得到 {one['other']}",
        }
        for one in written.counterexamples
        if {"call", "got", "other"} <= set(one)
    ]
    return tuple(said)


def _shown(function: Function, written: Written, model: str | None) -> str:
    """The body's file: the code, and above it what a reviewer wants to know."""
    declaration = function.declaration
    lines = [
        f"# The body of {declaration.name}, declared in {function.key.partition('::')[0]}.",
        "# Made by `funcsmith lock`: to change what it does, change its docstring and lock it again.",
        f"# {written.verdict}, {model or 'no model'}",
        *(f"# {said}" for said in map(_fact, written.evidence) if said),
    ]
    return "\n".join(lines) + "\n\n" + _undocumented(written.source, declaration.name)


def _fact(fact: Evidence) -> str:
    call = " ".join((fact.call or "").split())[:160]
    if fact.kind == "example":
        return f"example: {call} gives {fact.expected}" if call else ""
    if fact.kind == "agreement" and fact.candidates:
        on = f" on {fact.inputs} inputs" if fact.inputs else ""
        return f"agreement: {fact.candidates} versions{on}" + (f"; {call}" if call else "")
    return f"{fact.kind}: {call} gives {' '.join((fact.got or '').split())[:160]}" if call else ""


def _undocumented(source: str, name: str) -> str:
    """The source without the function's docstring, which stands where it is declared.

    A docstring here would be run as a doctest a second time, outside the fence.
    """
    found = [
        node
        for node in parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    node = found[-1] if found else None
    if node is None or ast.get_docstring(node) is None or len(node.body) < 2:
        return source.rstrip() + "\n"
    said = node.body[0]
    lines = source.splitlines(keepends=True)
    without = "".join(lines[: said.lineno - 1] + lines[said.end_lineno :])
    try:
        parse(without)
    except SyntaxError:  # the docstring shares a line with code
        return source.rstrip() + "\n"
    return without.rstrip() + "\n"
