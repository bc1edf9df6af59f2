"""Functions as one Python module."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..errors import FunctionInvalid
from ..library.modules import sliced
from ..library.saved import Saved
from ..library.signature import functions_in, parsed


def module(functions: Sequence[Saved]) -> str:
    """One module with all the functions; what several of them share is written once."""
    first: list[str] = []
    rest: list[str] = []
    seen: dict[str, str] = {}
    for saved in functions:
        source = sliced(saved.source, saved.name, file=f"{saved.file}.py")
        lines = source.splitlines(keepends=True)
        start = 0
        for statement in parsed(source).body:
            end = statement.end_lineno or statement.lineno
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                start = end  # the file's own docstring
                continue
            text = "".join(lines[start:end]).strip("\n")
            start = end
            tree = ast.dump(statement)
            if tree in seen.values():
                continue
            name = getattr(statement, "name", tree)
            if name in seen:
                raise FunctionInvalid(
                    {
                        "en": f"Two of the functions bring a different {name}; one module cannot "
                        "hold both.",
                        "zh": f"所选函数各带有不同的 {name}，无法放进同一个模块。",
                    },
                    hint={
                        "en": "Export them separately, or as a package: --format package",
                        "zh": "请分开导出，或导出为包：--format package",
                    },
                )
            seen[name] = tree
            future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            (first if future else rest).append(text)
    names = [saved.name for saved in functions]
    assert all(name in functions_in(parsed("\n".join(rest))) for name in names)
    listed = "".join(f"    {name!r},\n" for name in names)
    head = ['"""Functions exported from a Funcsmith library."""', *first]
    return "\n\n".join([*head, f"__all__ = [\n{listed}]", *rest]) + "\n"
