"""What the model alone does: one greedy completion of its maker's prompt, nothing verified.

The prompt is EvalPlus', which the makers of Qwen2.5-Coder evaluate with, in the model's own chat
template; the answer begins as given there. As there, of the code only imports, definitions and
assignments are kept.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from ..models.engine import Completion, Engine, Message, Prompt, Sampling

ASKED = (
    "Please provide a self-contained Python script that solves the following problem "
    "in a markdown code block:"
)
BEGINNING = (
    "Below is a Python script with a self-contained function that solves the problem "
    "and passes corresponding tests:"
)
MAX_TOKENS = 768


@dataclass(frozen=True)
class RawAnswer:
    """The code of one completion, and the completion."""

    source: str
    completion: Completion


def raw_prompt(problem: str) -> Prompt:
    """The conversation, with the answer's beginning."""
    asked = f"{ASKED}\n```\n{problem.strip()}\n```\n"
    return Prompt((Message("user", asked),), f"{BEGINNING}\n```python\n")


def answer_raw(engine: Engine, problem: str) -> RawAnswer:
    """One greedy completion, and the code in it."""
    sampling = Sampling(max_tokens=MAX_TOKENS, temperature=0.0, stop=("\n```",))
    completion = engine.complete(raw_prompt(problem), sampling)
    return RawAnswer(code_of(completion.text), completion)


def code_of(text: str) -> str:
    """The code of an answer that began inside a block; cut where it stops being Python.

    >>> code_of("def f(n):\\n    return n\\n\\nprint(f(2))\\n```\\nIt works because")
    'def f(n):\\n    return n'
    """
    lines = text.split("\n```", 1)[0].split("\n")
    for end in range(len(lines), 0, -1):
        source = "\n".join(lines[:end])
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        kept = [node for node in tree.body if isinstance(node, _KEPT)]
        return "\n\n".join(_segment(lines, node) for node in kept)
    return ""


_KEPT = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)


def _segment(lines: list[str], node: ast.stmt) -> str:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)])
    return "\n".join(lines[first - 1 : node.end_lineno])
