"""Functions leaving the library: as one Python module, or as an OpenAI tools file."""

from __future__ import annotations

import ast
import os
from collections.abc import Sequence
from pathlib import Path

from ..errors import FunctionInvalid, RequestInvalid
from .files import unusable
from .modules import sliced
from .saved import Saved, dumps
from .signature import functions_in, parsed


def exported(functions: Sequence[Saved], path: Path, format: str) -> Path:
    """Write the functions to a file and give its path."""
    if format == "module":
        text = module(functions)
    elif format == "openai":
        text = dumps([saved.tool() for saved in functions], pretty=True) + "\n"
    else:
        raise RequestInvalid(
            {
                "en": f"{format!r} is not an export format: module or openai.",
                "zh": f"没有导出格式 {format!r}：可用 module 或 openai。",
            }
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        raise unusable(path, error) from error
    return path


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
                    hint={"en": "Export them separately.", "zh": "请分开导出。"},
                )
            seen[name] = tree
            future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            (first if future else rest).append(text)
    names = [saved.name for saved in functions]
    assert all(name in functions_in(parsed("\n".join(rest))) for name in names)
    listed = "".join(f"    {name!r},\n" for name in names)
    head = ['"""Functions exported from a Funcsmith library."""', *first]
    return "\n\n".join([*head, f"__all__ = [\n{listed}]", *rest]) + "\n"
