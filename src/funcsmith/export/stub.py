"""A stub of `funcsmith_library`, by which editors and type checkers know the saved functions.

Annotations stand as they are written, with the imports that they name; a class that only the
function's file defines becomes Any.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from ..library.saved import Saved
from ..library.signature import FunctionNode, main_function, parsed


def stub(functions: Sequence[Saved]) -> str:
    """The text of `funcsmith_library/__init__.pyi`."""
    imports: dict[str, None] = {}
    parts: list[str] = []
    for saved in functions:
        module = parsed(saved.source, file=saved.file)
        node = main_function(module, saved.name)
        known = _imported(module)
        for name in _named(node):
            if name in known:
                imports[known[name]] = None
        parts.append(_declared(node, set(known)))
        parts += [f"{alias} = {saved.name}" for alias in saved.aliases if alias.isidentifier()]
    head = ["from typing import Any", *sorted(imports)]
    return "\n".join(head) + "\n\n" + "\n".join(parts) + "\n"


def _declared(node: FunctionNode, imported: set[str]) -> str:
    """`def name(…) -> …:` with its docstring."""
    known = imported | set(dir(builtins)) | {"Any"}
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg) and not _is_known(argument.annotation, known):
            argument.annotation = ast.Name("Any")
    returns = node.returns if _is_known(node.returns, known) else ast.Name("Any")
    node.args.defaults = [ast.Constant(...) for _ in node.args.defaults]
    node.args.kw_defaults = [one and ast.Constant(...) for one in node.args.kw_defaults]
    docstring = ast.get_docstring(node)
    body: list[ast.stmt] = [ast.Expr(ast.Constant(docstring or ...))]
    declared = ast.FunctionDef(
        name=node.name, args=node.args, body=body, decorator_list=[], returns=returns
    )
    return ast.unparse(ast.fix_missing_locations(declared))


def _is_known(annotation: ast.expr | None, known: set[str]) -> bool:
    return annotation is not None and all(
        inner.id in known for inner in ast.walk(annotation) if isinstance(inner, ast.Name)
    )


def _named(node: FunctionNode) -> set[str]:
    annotations = [one.annotation for one in ast.walk(node.args) if isinstance(one, ast.arg)]
    return {
        inner.id
        for annotation in (*annotations, node.returns)
        if annotation is not None
        for inner in ast.walk(annotation)
        if isinstance(inner, ast.Name)
    }


def _imported(module: ast.Module) -> dict[str, str]:
    """The names that a file imports, each with the statement that does."""
    found: dict[str, str] = {}
    for node in module.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                name = (alias.asname or alias.name).partition(".")[0]
                one = (
                    ast.Import(names=[alias])
                    if isinstance(node, ast.Import)
                    else ast.ImportFrom(module=node.module, names=[alias], level=node.level)
                )
                found[name] = ast.unparse(one)
    return found
