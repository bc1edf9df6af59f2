"""Functions of the standard library and of installed packages, by their docstrings and doctests.

The library's own intake says which can stand alone; their licence is the package's.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...errors import FuncsmithError
from ...generate.examples import read_examples
from ...library.intake import looked_through
from ...library.places import place
from ..record import group_of
from . import Found, Left, Where
from .rows import record_or_left

STANDARD = (
    "bisect", "calendar", "colorsys", "datetime", "difflib", "fnmatch", "fractions", "functools",
    "heapq", "html", "keyword", "math", "operator", "posixpath", "random", "shlex", "statistics",
    "string", "textwrap", "urllib.parse",
)  # fmt: skip
_LICENCES = {
    "MIT": "MIT", "MIT License": "MIT", "BSD": "BSD-3-Clause", "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0",
}  # fmt: skip


def found(where: Where) -> Iterator[Found]:
    """Those whose docstring has an example that can be checked."""
    for name in (*STANDARD, *where.packages):
        yield from _of(name)


def _of(name: str) -> Iterator[Found]:
    try:
        there = place(name)
        taken, left = looked_through(there)
    except FuncsmithError:
        yield Left(f"docstrings/{name}", "not installed, or not readable")
        return
    licence = there.package.get("licence", "")
    licence = _LICENCES.get(licence, licence)
    for one in left:
        yield Left(f"docstrings/{one.module}.{one.name}", f"cannot stand alone: {one.reason}")
    for each in taken:
        origin = f"docstrings/{each.module}.{each.name}"
        if each.grant:
            yield Left(origin, "cannot stand alone: needs a package")
            continue
        yield _record(each.source, each.defined, origin, licence)


def _record(source: str, name: str, origin: str, licence: str) -> Found:
    tree = ast.parse(source)
    node = next(
        (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name), None
    )
    docstring = ast.get_docstring(node) if node is not None else None
    if not docstring:
        return Left(origin, "no docstring")
    first = " ".join(re.split(r"\n\s*\n|>>>", docstring)[0].split())
    if len(first) < 20:
        return Left(origin, "a docstring that says little")
    tests = tuple(
        f"assert {example.text.partition(chr(10))[0].removeprefix('>>> ').strip()}"
        f" == {example.expected!r}"
        for example in read_examples(docstring, name=name)
        if example.text.startswith(">>> ")
    )
    return record_or_left(
        origin,
        text=f"Write a function {name}. {first}",
        kind="function",
        function=name,
        source=source,
        tests=tests,
        licence=licence,
        group=group_of(name),
    )
