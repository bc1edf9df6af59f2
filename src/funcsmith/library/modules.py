"""Functions taken out of other people's files, each with what it needs to run alone.

Nothing is executed or imported: what a function needs is found by name in the syntax tree, in its
own file and, where that imports from its neighbours, in theirs.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..errors import FunctionInvalid, InputInvalid
from .signature import functions_in, parsed


class Unbringable(Exception):
    """What a function needs cannot be put into one file; the reason, by language."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.said = {"en": en, "zh": zh}


@dataclass(frozen=True)
class File:
    """A source file, read."""

    path: Path
    source: str

    @classmethod
    def read(cls, path: Path) -> File:
        """Read a file; FunctionInvalid if it is not UTF-8, InputInvalid if it cannot be read."""
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
        return cls(path, source)

    @cached_property
    def module(self) -> ast.Module:
        return parsed(self.source, file=str(self.path))

    @cached_property
    def statements(self) -> list[ast.stmt]:
        return [one for one in self.module.body if not _is_docstring(one)]

    @cached_property
    def public(self) -> list[str]:
        """The names of the functions at its top that are not private."""
        return [name for name in functions_in(self.module) if not name.startswith("_")]

    def text(self, number: int) -> str:
        lines = self.source.splitlines(keepends=True)
        return _text(lines, self.statements, number).strip("\n")


def sliced(source: str, name: str, *, file: str = "<source>") -> str:
    """One function with the imports, constants and helpers that it needs, in their order."""
    own = File(Path(file), source)
    needed, _ = _needed(own.statements, {name})
    if len(needed) == len(own.statements):
        return source
    return "\n\n".join(own.text(number) for number in needed) + "\n"


def brought(file: File, name: str) -> str:
    """One function with what it needs, out of its own file and of those that this imports from.

    Unbringable where two of them mean different things by one name, or where a whole module of
    theirs is needed.
    """
    needed = [file.statements[number] for number in _needed_of(file, name)]
    if not any(_of_ours(file, one) or _for_checkers(one) for one in needed):
        whole = len(file.public) == 1 and not any(_of_ours(file, one) for one in file.statements)
        return file.source if whole else sliced(file.source, name)
    bringing = _Bringing()
    bringing.bring(file, name)
    return "\n\n".join([*bringing.first, *bringing.pieces]) + "\n"


def file_of(importing: Path, module: str | None, level: int) -> Path | None:
    """The file that an import in another one means, if it is a neighbour; None where it is not.

    A neighbour lies in the same package, or beside a script.
    """
    parts = module.split(".") if module else []
    if level:
        folder = importing.parent
        for _ in range(level - 1):
            folder = folder.parent
        return _source(folder, parts)
    if not parts or parts[0] in sys.stdlib_module_names:
        return None
    top = importing.parent
    while (top / "__init__.py").is_file():
        if top.name == parts[0]:
            return _source(top.parent, parts)
        top = top.parent
    if (importing.parent / "__init__.py").is_file():
        return None
    return _source(importing.parent, parts)


def _source(folder: Path, parts: Sequence[str]) -> Path | None:
    whole = folder.joinpath(*parts)
    if parts and (file := whole.with_name(f"{parts[-1]}.py")).is_file():
        return file
    package = whole / "__init__.py"
    return package if package.is_file() else None


@dataclass
class _Bringing:
    """What several files give one function, in the order in which it has to stand."""

    first: list[str] = field(default_factory=list)
    """Imports from the future."""
    pieces: list[str] = field(default_factory=list)
    meant: dict[str, str] = field(default_factory=dict)
    """Every name that is bound, and by what."""
    files: dict[Path, File] = field(default_factory=dict)
    done: set[tuple[Path, int]] = field(default_factory=set)
    under_way: set[tuple[Path, str]] = field(default_factory=set)

    def bring(self, file: File, name: str) -> None:
        """Put what defines a name of a file, and all that this needs, behind what is there."""
        if (file.path, name) in self.under_way:
            return
        self.under_way.add((file.path, name))
        numbers, wanted = _needed(file.statements, {name})
        if not any(name in _bound(file.statements[number]) for number in numbers):
            raise Unbringable(
                f"{file.path.name} does not define {name}", f"{file.path.name} 没有定义 {name}"
            )
        for number in numbers:
            statement = file.statements[number]
            if (file.path, number) in self.done or _for_checkers(statement):
                continue
            self.done.add((file.path, number))
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self._bring_import(file, number, statement, wanted)
                continue
            if _of_ours(file, statement):
                raise Unbringable(
                    f"line {statement.lineno} of {file.path.name} imports from its own package",
                    f"{file.path.name} 第 {statement.lineno} 行从自己的包里导入",
                )
            for bound in sorted(_bound(statement)):
                self._mean(bound, f"{file.path}:{bound}")
            self.pieces.append(file.text(number))

    def _bring_import(
        self, file: File, number: int, statement: ast.Import | ast.ImportFrom, wanted: set[str]
    ) -> None:
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            if (text := ast.unparse(statement)) not in self.first:
                self.first.append(text)
            return
        if not _is_ours(file, statement):
            for alias in statement.names:
                bound = (alias.asname or alias.name).partition(".")[0]
                origin = getattr(statement, "module", None) or ""
                self._mean(bound, f"import {origin} {alias.name}")
            if (text := file.text(number)) not in self.pieces:
                self.pieces.append(text)
            return
        if _has_star(statement):
            other = self._neighbour(file, statement, None)
            for name in sorted(_starred(file, statement, wanted)):
                self.bring(other, name)
            return
        for alias in statement.names:
            bound = (alias.asname or alias.name).partition(".")[0]
            if bound not in wanted:
                continue
            other = self._neighbour(file, statement, alias)
            self.bring(other, alias.name)
            if alias.asname and alias.asname != alias.name:
                self._mean(alias.asname, f"{other.path}:{alias.name} as {alias.asname}")
                self.pieces.append(f"{alias.asname} = {alias.name}")

    def _neighbour(
        self, file: File, statement: ast.Import | ast.ImportFrom, alias: ast.alias | None
    ) -> File:
        """The file in which an imported name is defined; with a star, the one that it names."""
        module = getattr(statement, "module", None)
        level = getattr(statement, "level", 0)
        path = None
        if isinstance(statement, ast.ImportFrom):
            path = file_of(file.path, module, level)
        # What the file does not bind is a module of that name, or made at run time.
        if path is None or (alias is not None and alias.name not in _names(self._read(path))):
            inside = ".".join(filter(None, [module, alias.name if alias else "*"]))
            raise Unbringable(f"it needs the module {inside} whole", f"它需要整个模块 {inside}")
        return self._read(path)

    def _read(self, path: Path) -> File:
        if path not in self.files:
            self.files[path] = File.read(path)
        return self.files[path]

    def _mean(self, name: str, what: str) -> None:
        if self.meant.setdefault(name, what) != what:
            raise Unbringable(
                f"its files mean different things by {name}", f"它所在的几个文件各有不同的 {name}"
            )


def _needed(statements: Sequence[ast.stmt], names: set[str]) -> tuple[list[int], set[str]]:
    """The statements that give these names their meaning, and all the names that those use."""
    needed: set[int] = set()
    wanted = set(names)
    bound = [_bound(statement) for statement in statements]
    grown = True
    while grown:
        grown = False
        for number, statement in enumerate(statements):
            if number not in needed and ("*" in bound[number] or bound[number] & wanted):
                needed.add(number)
                wanted |= _used(statement)
                grown = True
    return sorted(needed), wanted


def _needed_of(file: File, name: str) -> list[int]:
    """The statements of a file that a function of it needs; of imports with a star, those that
    give it something.
    """
    numbers, wanted = _needed(file.statements, {name})
    return [
        number
        for number in numbers
        if not (_has_star(one := file.statements[number]) and not _starred(file, one, wanted))
    ]


def _has_star(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"


def _starred(file: File, statement: ast.stmt, wanted: set[str]) -> set[str]:
    """What an import with a star gives of what is wanted; a star itself where nobody can know."""
    assert isinstance(statement, ast.ImportFrom)
    path = file_of(file.path, statement.module, statement.level)
    return wanted & _names(File.read(path)) if path is not None else {"*"}


def _of_ours(file: File, statement: ast.stmt) -> bool:
    """Whether a statement imports from neighbours, anywhere in it."""
    return not _for_checkers(statement) and any(
        _is_ours(file, node)
        for node in ast.walk(statement)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )


def _for_checkers(statement: ast.stmt) -> bool:
    """Whether only type checkers read it: nothing of it is there when a function runs."""
    return isinstance(statement, ast.If) and ast.unparse(statement.test).endswith("TYPE_CHECKING")


def _is_ours(file: File, statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return bool(statement.level) or file_of(file.path, statement.module, 0) is not None
    return any(file_of(file.path, alias.name, 0) is not None for alias in statement.names)


def _names(file: File) -> set[str]:
    return {name for statement in file.statements for name in _bound(statement)}


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
    said = {
        id(one.value)
        for one in ast.walk(statement)
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
    }
    for node in ast.walk(statement):
        if id(node) in said:  # a docstring speaks of things without needing them
            continue
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
