"""Functions taken out of other people's files, each with what it needs to run alone.

Nothing is executed or imported: what a function needs is found by name in the syntax tree.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from ..errors import FunctionInvalid, InputInvalid
from .signature import functions_in, parsed

_SKIPPED = frozenset(("__pycache__", "node_modules", "site-packages"))


def sources_in(path: Path) -> list[tuple[str, str]]:
    """The public functions under a path: name and source, ready to be saved."""
    if path.is_file():
        return _sources(path)
    if not path.is_dir():
        raise InputInvalid(
            {"en": f"There is no file or folder {path}.", "zh": f"没有文件或文件夹 {path}。"}
        )
    return [found for file in sorted(_files(path)) for found in _sources(file)]


def sliced(source: str, name: str, *, file: str = "<source>") -> str:
    """One function with the imports, constants and helpers that it needs, in their order."""
    module = parsed(source, file=file)
    statements = [s for s in module.body if not _is_docstring(s)]
    needed: set[int] = set()
    wanted = {name}
    grown = True
    while grown:
        grown = False
        for number, statement in enumerate(statements):
            bound = _bound(statement)
            if number not in needed and ("*" in bound or bound & wanted):
                needed.add(number)
                wanted |= _used(statement)
                grown = True
    lines = source.splitlines(keepends=True)
    pieces = (_text(lines, statements, number).strip("\n") for number in sorted(needed))
    return "\n\n".join(pieces) + "\n"


def _sources(path: Path) -> list[tuple[str, str]]:
    try:
        source = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise FunctionInvalid(
            {"en": f"{path} is not UTF-8.", "zh": f"{path} 不是 UTF-8 编码。"},
            hint={"en": "Save the file as UTF-8.", "zh": "请把文件另存为 UTF-8。"},
        ) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise InputInvalid(
            {"en": f"{path} cannot be read: {said}", "zh": f"无法读取 {path}：{said}"}
        ) from error
    module = parsed(source, file=str(path))
    names = [name for name in functions_in(module) if not name.startswith("_")]
    if len(names) == 1:
        return [(names[0], source)]
    return [(name, sliced(source, name, file=str(path))) for name in names]


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in _SKIPPED or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix == ".py":
            yield path


def _text(lines: list[str], statements: list[ast.stmt], number: int) -> str:
    """A statement as it is written, with its decorators and the comments right above it."""
    statement = statements[number]
    first = statement.lineno
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        first = min([first, *(d.lineno for d in statement.decorator_list)])
    floor = (statements[number - 1].end_lineno or 0) if number else 0
    while first - 1 > floor and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    end = statement.end_lineno or statement.lineno
    if first == end and sum(s.lineno == first for s in statements) > 1:  # `a = 1; b = 2`
        return ast.unparse(statement)
    return "".join(lines[first - 1 : end])


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a file gives a meaning."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return {"*"}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test):
        return set()
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            found |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
    return found


def _used(statement: ast.stmt) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # An annotation written as text names things too.
            found |= {word for word in node.value.split() if word.isidentifier()}
            found |= set(_words(node.value)) if len(node.value) < 200 else set()
    return found


def _words(text: str) -> list[str]:
    return [w for w in "".join(c if c.isalnum() or c == "_" else " " for c in text).split() if w]


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
