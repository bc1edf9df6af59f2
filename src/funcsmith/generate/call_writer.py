"""The calls that a text asks for, written one after the other under a grammar.

First the function's name, then what each value of the text is, then the call; behind a call either
the end or one call more, of the same function or of another that was given.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..contract import Tool
from ..models.cancel import Cancel
from ..models.engine import Completion, Engine, Prompt, Sampling
from .grammar import Grammar, literal, rule_of, value_rule
from .kinds import properties
from .options import Option
from .prompt import FENCE, prompt
from .shown import asked, shown
from .task import Spending
from .wording import refers

OTHER = "other"
NONE = "none"

Offers = Mapping[str, Mapping[str, Sequence[Option] | None]]
"""What each parameter of each function may take, by their names."""


@dataclass(frozen=True)
class WrittenCall:
    """One call as the model wrote it."""

    tool: Tool
    completion: Completion
    start: int
    """Where the call begins in the completion's text."""
    end: int
    remarks: str = ""
    """What was said before it of the text's values."""
    probability: float = 1.0
    """How probable it was that a call follows at all."""

    @property
    def said(self) -> str:
        return self.completion.text[self.start : self.end]


def call_prompt(text: str, tools: Sequence[Tool], *, prefix: str = FENCE) -> Prompt:
    """What is asked before a call is written; training asks the same."""
    return prompt("call", asked(_bare(text), tools), prefix=prefix)


class CallWriter:
    """Writes the calls of one text."""

    def __init__(
        self,
        engine: Engine,
        text: str,
        tools: Sequence[Tool],
        offers: Offers,
        *,
        spending: Spending,
        cancel: Cancel | None,
    ) -> None:
        self._engine = engine
        self._text = text
        self._tools = tools
        self._offers = offers
        self._spending = spending
        self._cancel = cancel

    def named(self, *, must: bool) -> Completion:
        """The function's name, or `other` or `none`: a few tokens, before anything is filled."""
        ways = [literal(f"# {tool.name}(") for tool in self._tools]
        ways += [] if must else [f'"{OTHER}"', f'"{NONE}"']
        return self._complete(FENCE, f"root ::= {' | '.join(ways)}\n")

    def first(self, tool: Tool) -> tuple[WrittenCall, str]:
        """The call of a function that was chosen, and all that stands before what may follow it."""
        grammar = Grammar(self._text)
        calls = self._rules(grammar, tool)
        # The blank behind the sign belongs to the word behind it, so the model writes both.
        prefix = f"{FENCE}# {shown(tool)}\n#"
        rules = grammar.render(f'" " {grammar.remarks()} "\\n" {calls}')
        completion = self._complete(prefix, rules)
        # An engine that keeps to no grammar may have written the comments again, and more calls.
        written = calls_in(completion, [tool])
        if not written:
            return WrittenCall(tool, completion, len(completion.text), len(completion.text)), prefix
        return written[0], prefix + completion.text[: written[0].end]

    def further(self, said: str, last: Tool) -> Iterator[WrittenCall]:
        """The calls behind the first, as long as the model goes on; `said` ends with the first."""
        if not self._engine.capabilities.prefill or not self._engine.capabilities.grammar:
            return
        for _ in range(_MOST_CALLS):
            grammar = Grammar(self._text)
            said_first = f'("# " {grammar.remarks()} "\\n")?'
            again = self._rules(grammar, last, result=refers(self._text))
            ways = [literal(_END), f"{said_first} {again}"]
            for tool in self._tools:
                if tool.name != last.name:
                    lead = f"{literal(f'# {shown(tool)}')} {literal(chr(10))}"
                    ways.append(f"{lead} {said_first} {self._rules(grammar, tool, result=True)}")
            prefix = said + "\n"
            completion = self._complete(prefix, grammar.render(" | ".join(ways)))
            written = calls_in(completion, self._tools)
            if not written:
                return
            last = written[0].tool
            one = written[0]
            yield replace(one, probability=1 - _ending(completion))
            said = prefix + completion.text[: one.end]

    def _complete(self, prefix: str, grammar: str, *, tokens: int = 400) -> Completion:
        completion = self._engine.complete(
            call_prompt(self._text, self._tools, prefix=prefix),
            Sampling(max_tokens=tokens, stop=("\n```",), grammar=grammar, logprobs=8),
            cancel=self._cancel,
        )
        self._spending.add(completion)
        return completion

    def _rules(self, grammar: Grammar, tool: Tool, *, result: bool = False) -> str:
        """The rules of a call, one for each parameter; what a call is."""
        parts: list[str] = []
        for index, (name, schema) in enumerate(properties(tool).items()):
            lead = (", " if index else "") + f"{name}="
            rule = rule_of(f"{tool.name} {name}")
            offered = self._offers[tool.name][name]
            value = value_rule(grammar, f"{rule}-value", schema, offered, result=result)
            parts.append(grammar.add(rule, f"{literal(lead)} {value}"))
        return f'{literal(f"{tool.name}(")} {" ".join(parts)} ")"'


_MOST_CALLS = 12
"""The most calls behind the first."""
_END = "```"


def _bare(text: str) -> str:
    """The text without quotation marks around all of it, which would only be copied."""
    said = text.strip()
    around = len(said) > 2 and said[0] + said[-1] in ('""', "''", "“”", "「」", "«»")
    inner = said[1:-1]
    return inner.strip() if around and not set(inner) & set("\"'“”「」«»") else said


def calls_in(completion: Completion, tools: Sequence[Tool]) -> list[WrittenCall]:
    """The calls in an answer, each from the line that it begins; an answer may be cut off."""
    text = completion.text
    found: list[tuple[int, Tool]] = []
    at = 0
    remarks = ""
    for line in text.split("\n"):
        tool = called(line, tools)
        if tool is not None and not line.startswith("#"):
            found.append((at, tool))
        elif not found and line.strip():
            remarks = line.removeprefix("#").strip()
        at += len(line) + 1
    if not found:
        return []
    ends = [*(start for start, _ in found[1:]), len(text)]
    return [
        WrittenCall(tool, completion, start, _shortened(text, start, end), remarks)
        for (start, tool), end in zip(found, ends, strict=True)
    ]


def _shortened(text: str, start: int, end: int) -> int:
    """The end of a call without the comments and the fence behind it."""
    lines = text[start:end].split("\n")
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].startswith(("#", _END))):
        lines.pop()
    return start + len("\n".join(lines))


def called(line: str, tools: Sequence[Tool]) -> Tool | None:
    """The function that a line calls or names in a comment."""
    said = line.removeprefix("# ")
    return next(
        (
            tool
            for tool in sorted(tools, key=lambda one: -len(one.name))
            if said.startswith(f"{tool.name}(")
        ),
        None,
    )


def _ending(completion: Completion) -> float:
    """The probability that nothing more was to follow, from the first token."""
    first = completion.tokens[0] if completion.tokens else None
    if first is None:
        return 0.0
    places = first.top or ((first.text, first.logprob),)
    return sum(math.exp(logprob) for text, logprob in places if text.startswith("`"))
