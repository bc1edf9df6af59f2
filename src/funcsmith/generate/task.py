"""What is to be written for one text, what it is held against, and what may be spent on it."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..models.engine import Completion
from ..readers import Value
from ..syntax import parse
from .examples import Example, read_examples
from .wording import describes


@dataclass(frozen=True)
class Task:
    """What is to be written, and what it is held against."""

    text: str
    values: Sequence[Value] = ()
    now: datetime | None = None
    header: str | None = None
    examples: Sequence[Example] = ()
    seed: int = 0
    inputs: dict[str, Any] = field(default_factory=dict)
    always: bool = False
    """Write a function whatever the text is (mode "function")."""
    call: bool = True
    """Whether the call is wanted; without one the sample is only for trying the function out."""

    @property
    def described(self) -> bool:
        return describes(self.text) or not self.call


@dataclass(frozen=True)
class Budget:
    """What may be spent on one text. Tokens and CPU seconds, never wall time.

    Nothing new is begun once it is spent, and the best so far is the answer.
    """

    tokens: int = 1200
    candidates: int = 5
    answer_tokens: int = 400
    at_least: int = 1
    """Versions without which nothing is settled, where no example decides."""
    cpu_seconds: float | None = None
    """Of the engine on this machine and of the code in the fence."""


@dataclass
class Spending:
    """What was spent, discarded candidates included."""

    prompt_tokens: int = 0
    generated_tokens: int = 0
    model_calls: int = 0
    clocks: list[tuple[Callable[[], float], float]] = field(default_factory=list, repr=False)
    """What tells CPU seconds, and what it told when this text began."""

    def watch(self, clock: Callable[[], float]) -> None:
        """Count the CPU seconds of this clock from now on; one that is watched stays as it is."""
        if all(known != clock for known, _ in self.clocks):
            self.clocks.append((clock, clock()))

    @property
    def cpu_seconds(self) -> float:
        return sum(max(0.0, clock() - began) for clock, began in self.clocks)

    def over(self, budget: Budget) -> bool:
        """Whether the budget is spent."""
        if self.generated_tokens >= budget.tokens:
            return True
        return budget.cpu_seconds is not None and self.cpu_seconds >= budget.cpu_seconds

    def add(self, completion: Completion) -> None:
        self.prompt_tokens += completion.prompt_tokens
        self.generated_tokens += completion.generated_tokens
        self.model_calls += 1

    def join(self, other: Spending) -> None:
        """Add what was spent elsewhere for the same text."""
        self.prompt_tokens += other.prompt_tokens
        self.generated_tokens += other.generated_tokens
        self.model_calls += other.model_calls


def header_name(header: str) -> str | None:
    """The name of the last `def` in a header."""
    names = re.findall(r"^\s*(?:async\s+)?def\s+(\w+)", header, re.MULTILINE)
    return names[-1] if names else None


def header_parameters(header: str) -> tuple[str, ...]:
    """The names of its parameters; none where the header is no Python.

    >>> header_parameters("def f(a, *, b=1):")
    ('a', 'b')
    """
    try:
        functions = parse(f"{header.rstrip()}\n    pass").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    last = functions[-1] if functions else None
    if not isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return ()
    given = last.args
    return tuple(one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs))


def examples_of(text: str, header: str | None = None) -> list[Example]:
    """The examples that the text gives, or the header; each once.

    Where all that is called has one other name, which the header does not define, the header's
    function is meant: people rename a function and forget its examples.
    """
    if header is None:
        return read_examples(text)
    said = header if text.strip() in header else f"{header}\n{text}"
    parameters = header_parameters(header)
    own = read_examples(said, name=header_name(header), parameters=parameters)
    if own:
        return own
    others = read_examples(said, parameters=parameters)
    names = {example.name for example in others}
    known = names & {None, *re.findall(r"\b(?:def|class)\s+(\w+)", header), *dir(builtins)}
    fit = all(len(one.arguments) + len(one.keywords) <= len(parameters) for one in others)
    return (
        [replace(one, name=None) for one in others] if len(names) == 1 and fit and not known else []
    )


__all__ = ["Budget", "Spending", "Task", "examples_of", "header_name", "header_parameters"]
