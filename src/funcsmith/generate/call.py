"""A call as the model wrote it, read as data: its arguments and where each stands. Nothing is run.

A call may be cut off, and function and parameters may have any name that a schema allows. The
defaults of a function's header are read in the same way.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..syntax import parse

Key = int | str
"""A positional argument's place, or a keyword argument's name."""


@dataclass(frozen=True)
class Written:
    """One argument of a call."""

    key: Key
    node: ast.expr
    start: int
    end: int
    """Where it stands, in code points from where the call begins."""


def read_call(said: str, name: str, parameters: Sequence[str] = ()) -> list[Written]:
    """The arguments of the call that `said` begins with; [] where there is none to be read.

    >>> [(one.key, said[one.start : one.end]) for said in ["f(1, b=None)"] for one in read_call(said, "f")]
    [(0, '1'), ('b', 'None')]
    """
    # What is no name of Python's is masked by one, of as many characters.
    # Python ends a line at a carriage return too; here it is a blank.
    inside = "f" + "_" * (len(name) - 1) + said[len(name) :].replace("\r", " ")
    masked: dict[str, str] = {}
    for index, parameter in enumerate(parameters):
        if not parameter.isidentifier() or keyword.iskeyword(parameter):
            mask = chr(_UNUSUAL + index) + "_" * (len(parameter) - 1)
            masked[mask] = parameter
            inside = re.sub(rf"(?<=[(,\s]){re.escape(parameter)}=", f"{mask}=", inside)
    call = _parsed(inside)
    if call is None:
        return []
    given: list[tuple[Key, ast.expr]] = [
        *enumerate(call.args),
        *((masked.get(k.arg, k.arg), k.value) for k in call.keywords if k.arg),
    ]
    return [
        Written(
            key,
            node,
            _offset(inside, node.lineno, node.col_offset),
            _offset(inside, node.end_lineno or 1, node.end_col_offset or 0),
        )
        for key, node in given
    ]


def read_defaults(said: str) -> list[Written]:
    """The defaults of the header that `said` begins with; [] where there is none to be read.

    >>> said = "def f(a: int = 3, b=None) -> int:\\n    return a"
    >>> [(one.key, said[one.start : one.end]) for one in read_defaults(said)]
    [('a', '3'), ('b', 'None')]
    """
    lines = said.replace("\r", " ").split("\n")
    for end in range(1, min(len(lines), _HEADER_LINES) + 1):
        header = "\n".join(lines[:end])
        if not header.rstrip().endswith(":"):
            continue
        try:
            function = parse(f"{header}\n    pass").body[0]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            break
        return [
            Written(
                name,
                node,
                _offset(header, node.lineno, node.col_offset),
                _offset(header, node.end_lineno or 1, node.end_col_offset or 0),
            )
            for name, node in defaults_of(function).items()
        ]
    return []


_HEADER_LINES = 40


def defaults_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, ast.expr]:
    """The default of each parameter that has one."""
    spec = function.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    keyword_only = zip((a.arg for a in spec.kwonlyargs), spec.kw_defaults, strict=True)
    return {
        **dict(zip(names[len(names) - len(spec.defaults) :], spec.defaults, strict=True)),
        **{name: node for name, node in keyword_only if node is not None},
    }


_UNUSUAL = 0x3400
"""Where letters begin that hardly any name is made of."""


def _parsed(said: str) -> ast.Call | None:
    for end in ("", ")", '")', "])", '"])'):
        try:
            tree = parse(said + end)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        first = tree.body[0] if tree.body else None
        called = isinstance(first, ast.Expr) and isinstance(first.value, ast.Call)
        return first.value if called else None  # type: ignore[union-attr]  # looked at above
    return None


def _offset(said: str, line: int, column: int) -> int:
    """A place that the parser tells in lines and bytes of UTF-8, in code points."""
    lines = said.split("\n")
    inside = lines[line - 1].encode("utf-8", "surrogatepass")[:column]
    return sum(len(one) + 1 for one in lines[: line - 1]) + len(inside.decode("utf-8", "replace"))


__all__ = ["Key", "Written", "defaults_of", "read_call", "read_defaults"]
