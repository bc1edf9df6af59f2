"""30 seconds of Python: short functions with a description, tested by their own examples."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ..record import group_of
from . import Found, Where
from .rows import record_or_left, rows_of

LICENCE = "CC0-1.0"


def found(where: Where) -> Iterator[Found]:
    """The snippets whose examples say what comes."""
    for place, row in rows_of(where.data, "train/snippets_30s.jsonl"):
        origin = f"snippets_30s:{place}"
        tests = examples_as_tests(row["examples"], row["name"])
        text = re.split(r"\n\s*[-*] ", row["text"])[0].replace("`", "").strip()
        yield record_or_left(
            origin,
            text=f"Write a function that does this: {text[:1].lower()}{text[1:]}",
            kind="function",
            function=row["name"],
            source=row["code"].strip() + "\n",
            tests=tests,
            licence=LICENCE,
            group=group_of(row["name"]),
        )


def examples_as_tests(examples: str, name: str) -> tuple[str, ...]:
    """Lines such as `f(3) # True` as assertions; those that cannot be read are left out.

    >>> examples_as_tests("is_odd(3) # True", "is_odd")
    ('assert is_odd(3) == True',)
    """
    tests: list[str] = []
    for line in examples.split("\n"):
        call, _, told = line.partition(" # ")
        try:
            ast.literal_eval(told.strip())
            tree = ast.parse(call.strip(), mode="eval")
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(tree.body, ast.Call) and ast.unparse(tree.body.func) == name:
            tests.append(f"assert {call.strip()} == {told.strip()}")
    return tuple(tests)
