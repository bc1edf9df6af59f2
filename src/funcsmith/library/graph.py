"""Which saved function calls which, and the source that runs alone: what it calls put before it.

Saved files stay as they were written. Nothing of the library is readable inside the fence, so what
the child runs holds every saved function that is called in it, and what those call. Read from the
syntax tree; nothing is executed.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ..errors import FunctionInvalid
from ..syntax import parse

if TYPE_CHECKING:
    from .saved import Saved

Find = Callable[[str], "Saved | None"]
_BUILT_IN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}


@lru_cache(2048)
def needs(source: str) -> tuple[str, ...]:
    """The names that a source uses and does not define, sorted; () for one that cannot be read.

    >>> needs("def f(x):\\n    y = g(x)\\n    return max(y, LIMIT)\\n")
    ('LIMIT', 'g')
    """
    try:
        top = symtable.symtable(source, "<source>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    defined = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    wanted: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or table is top):
                wanted.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                defined.add(symbol.get_name())
    return tuple(sorted(wanted - defined - _BUILT_IN))


def uses(source: str, find: Find) -> list[Saved]:
    """The saved functions that a source calls by name, in the order of their names."""
    return [saved for name in needs(source) if (saved := find(name)) is not None]


def whole(source: str, name: str, find: Find) -> str:
    """A source with every saved function that it calls before it; itself where it calls none.

    FunctionInvalid names the circle where functions call each other in one.
    """
    if not needs(source):
        return source
    parts: dict[str, str] = {}
    _gather(source, (name,), find, parts)
    return _composed(source, parts) if parts else source


def _gather(source: str, path: tuple[str, ...], find: Find, parts: dict[str, str]) -> None:
    """What a source calls, the innermost first, into `parts`."""
    for name in needs(source):
        if name in path:
            raise circle((*path[path.index(name) :], name))
    for saved in uses(source, find):
        if saved.name not in parts:
            _gather(saved.source, (*path, saved.name), find, parts)
            parts[saved.name] = saved.source


def circle(names: Sequence[str]) -> FunctionInvalid:
    """The refusal of functions that call each other in a circle."""
    shown = " → ".join(names)
    return FunctionInvalid(
        {
            "en": f"These functions call each other in a circle: {shown}.",
            "zh": f"这些函数循环调用：{shown}。",
        },
        hint={
            "en": "Put what they share into a function of its own that calls none of them.",
            "zh": "请把它们共用的部分写成另一个函数，并且不调用它们。",
        },
    )


def _composed(source: str, parts: dict[str, str]) -> str:
    """One module: the imports from the future, each part, then the source itself."""
    modules = {name: parse(part) for name, part in parts.items()}
    own = parse(source)
    future = sorted(
        {alias.name for module in (own, *modules.values()) for alias in _future(module)}
    )
    taken = _defined(own) | set(parts)
    pieces = [f"from __future__ import {', '.join(future)}"] if future else []
    for name, module in modules.items():
        module.body = [statement for statement in module.body if not _is_future(statement)]
        others = _defined(module) - {name}
        pieces.append(_apart(module, name) if others & taken else ast.unparse(module))
        taken |= others
    lines = source.splitlines(keepends=True)
    for statement in reversed(own.body):
        if _is_future(statement):
            del lines[statement.lineno - 1 : statement.end_lineno]
    return "\n\n\n".join([*pieces, "".join(lines).strip("\n")]) + "\n"


def _apart(module: ast.Module, name: str) -> str:
    """A function in a scope of its own, where its helpers are called like those of another."""
    for node in ast.walk(module):
        if isinstance(node, ast.Global):
            raise FunctionInvalid(
                {
                    "en": f"{name} changes a global variable whose name another function has too.",
                    "zh": f"{name} 修改的全局变量与另一个函数中的重名。",
                },
                hint={
                    "en": f"Give the variable {node.names[0]} another name in {name}.",
                    "zh": f"请在 {name} 中给变量 {node.names[0]} 改名。",
                },
            )
    scope = f"_{name}_and_helpers"
    made = ast.parse(f"def {scope}():\n    return {name}")
    function = made.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = [*module.body, *function.body]
    return ast.unparse(ast.fix_missing_locations(made)) + f"\n\n\n{name} = {scope}()"


def _defined(module: ast.Module) -> set[str]:
    """The names at the top of a module, but for imports of modules under their own name.

    Those mean the same in every part.
    """
    found: set[str] = set()
    for statement in module.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(statement.name)
        elif isinstance(statement, ast.Import):
            found |= {alias.asname for alias in statement.names if alias.asname}
        elif isinstance(statement, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in statement.names}
        else:
            found |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
    return found


def _future(module: ast.Module) -> Iterable[ast.alias]:
    for statement in module.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            yield from statement.names


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


__all__ = ["circle", "needs", "uses", "whole"]
