"""The quick way in: `funcsmith "TEXT" [options]` read without Typer, whose import takes longer
than a saved function needs.

What this does not understand for certain (an unknown option, a missing value, --help) is left to
Typer, which says what is wrong. A test compares these options with those of `run.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

COMMANDS = {
    "run": "One text: a function, its arguments and the result.",
    "ask": "Answer a question in one sentence of its own language.",
    "batch": "Answer many requests: JSON Lines in, JSON Lines out.",
    "apply": "Run a saved function over every row of a file.",
    "execute": "Run one function of a file in the fence.",
    "library": "The functions that are kept, as plain .py files.",
    "lock": "Bodies for functions decorated with @funcsmith.smith.",
    "evaluate": "A suite through the shipped pipeline: one table, one file.",
    "data": "Labelled texts to train on: collected, proven, split.",
    "train": "A GPT from nothing, on data of one's own.",
    "finetune": "An adapter for a model, on data of one's own.",
    "calibrate": "Fit the probability that a written function is right.",
    "models": "The models of the catalogue, and which of them are here.",
    "doctor": "Look at this machine: fence, models, engine, disk, speed.",
    "serve": "Serve a page, REST, OpenAI's routes and MCP.",
    "keys": "The keys of `funcsmith serve`.",
    "mcp": "Serve the library's functions as MCP tools over standard input.",
}
"""Every command, and what `funcsmith --help` says of it without loading its file."""
MODES = ("run", "function", "parameters")


@dataclass
class Options:
    """What `funcsmith run` was told; a bool is a flag, a list may be given again."""

    text: str | None = None
    json: bool = False
    model: str | None = None
    adapter: str | None = None
    args: str | None = None
    input: list[str] = field(default_factory=list)
    mode: str = "run"
    header: str | None = None
    functions: str | None = None
    now: str | None = None
    seed: int = 0
    budget_tokens: int | None = None
    budget_cpu_seconds: float | None = None
    out: str | None = None
    no_save: bool = False


def parsed(arguments: Sequence[str]) -> Options | None:
    """The options of a plain `funcsmith TEXT …`; None where Typer has to look at it."""
    options = Options()
    texts: list[str] = []
    left = list(arguments)
    while left:
        word = left.pop(0)
        if word == "--":
            texts += left
            break
        if not word.startswith("-") or word == "-":
            texts.append(word)
            continue
        flag, equals, value = word.partition("=")
        name = names().get(flag)
        if name is None:
            return None
        if isinstance(getattr(options, name), bool):
            if equals:
                return None
            setattr(options, name, True)
            continue
        if not equals:
            if not left or left[0].startswith("--"):
                return None
            value = left.pop(0)
        if not _take(options, name, value):
            return None
    if len(texts) > 1:
        return None
    options.text = texts[0] if texts else None
    return options


def names() -> dict[str, str]:
    """Every option as it is typed, and its field."""
    return {f"--{each.name.replace('_', '-')}": each.name for each in fields(Options)[1:]}


def _take(options: Options, name: str, value: str) -> bool:
    """Set one option; whether its value is one."""
    if name == "mode" and value not in MODES:
        return False
    if isinstance(options.__dict__[name], list):
        options.__dict__[name].append(value)
    elif name in ("budget_tokens", "budget_cpu_seconds"):
        try:
            number = int(value) if name == "budget_tokens" else float(value)
        except ValueError:
            return False
        setattr(options, name, number)
    elif name == "seed":
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
            return False
        options.seed = int(value)
    else:
        setattr(options, name, value)
    return True
