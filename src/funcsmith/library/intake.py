"""Which functions of a place the library takes, as what, and why it leaves the others.

Of people's own files every public function is taken as it is; notes say what it will lack. Of an
installed package only those are taken that can be called by text: with a type for every parameter,
and with what they need, which is copied beside them where their own files have it. Where these
cannot be put into one file the function is kept as a call of the installed package, and its owner
has to grant that package before it runs. Nothing is executed or imported.
"""

from __future__ import annotations

import ast
import builtins
import fnmatch
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import FunctionInvalid
from .annotations import Annotations
from .modules import File, Unbringable, brought, file_of
from .places import Module, Place
from .signature import FunctionNode, functions_in, main_function, parsed, signature_in

Said = dict[str, str]
"""Words by language."""


@dataclass(frozen=True)
class Taken:
    """A function that the library can keep."""

    name: str
    defined: str
    """Its name in the source."""
    source: str
    module: str
    aliases: tuple[str, ...] = ()
    notes: tuple[Said, ...] = ()
    grant: str = ""
    """The package that it needs to be granted before it runs."""


@dataclass(frozen=True)
class Left:
    """Something with a name that is not taken."""

    name: str
    module: str
    reason: str
    """A key of `REASONS`."""
    detail: Said = field(default_factory=dict)


REASONS: dict[str, Said] = {
    "private": {"en": "private", "zh": "私有"},
    "method": {"en": "a method of a class", "zh": "类的方法"},
    "compiled": {"en": "compiled: there is no source to read", "zh": "已编译，没有可读的源码"},
    "unreadable": {"en": "the file cannot be read as Python", "zh": "文件不是可读的 Python"},
    "types": {"en": "a parameter whose type nothing says", "zh": "有参数看不出类型"},
    "many": {"en": "takes any number of arguments", "zh": "参数个数不定"},
    "fence": {"en": "uses what the fence refuses", "zh": "用到了隔离不允许的东西"},
    "needs": {"en": "needs more than can be copied", "zh": "所依赖的内容无法一并复制"},
    "coroutine": {"en": "a coroutine", "zh": "协程"},
}


def looked_through(place: Place, only: Sequence[str] = ()) -> tuple[list[Taken], list[Left]]:
    """What is taken of a place, in its order, and what is left; `only` are patterns of names."""
    taken: list[Taken] = []
    left: list[Left] = []
    files: dict[Path, File] = {}
    offered = _reexported(place, files) if place.package else {}
    for module in place.modules:
        if module.compiled and only:
            continue
        if module.compiled:
            left.append(Left(module.name, module.name, "compiled"))
            continue
        assert module.file is not None
        try:
            file = files.setdefault(module.file, File.read(module.file))
            found = list(_functions(file, module, place, offered))
        except FunctionInvalid as error:
            if not place.package:
                raise
            said = {"en": error.message("en"), "zh": error.message("zh")}
            left.append(Left(module.name, module.name, "unreadable", said))
            continue
        for one in found:
            if only and not any(fnmatch.fnmatchcase(one.name, pattern) for pattern in only):
                continue
            if isinstance(one, Left):
                left.append(one)
            else:
                judged = _judged(one, file, module, place)
                if isinstance(judged, Taken):
                    taken.append(judged)
                else:
                    left.append(judged)
    return taken, left


def _functions(
    file: File, module: Module, place: Place, offered: dict[tuple[Path, str], list[str]]
) -> Iterator[Taken | Left]:
    """The functions of a file, those that are offered under other names with these."""
    listed = _all(file.module)
    asked = not place.package or module.public or module.name == place.asked
    for name in functions_in(file.module):
        names = offered.get((file.path, name), [])
        public = not name.startswith("_") and asked
        if listed is not None and place.package:
            public = name in listed and asked
        if public or names:
            own = names[0] if names and name.startswith("_") else name
            others = tuple(one for one in names if one != own)
            yield Taken(own, name, "", module.name, others)
        else:
            yield Left(name, module.name, "private")
    for node in file.module.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and asked:
            for inner in node.body:
                if isinstance(inner, FunctionNode) and not inner.name.startswith("_"):
                    yield Left(f"{node.name}.{inner.name}", module.name, "method")


def _judged(one: Taken, file: File, module: Module, place: Place) -> Taken | Left:
    """A function with its source, or why it is left."""
    name = one.defined
    node = functions_in(file.module)[name]
    notes, reason = _of_parameters(node, file)
    if reason is not None and place.package:
        return Left(one.name, module.name, reason[0], reason[1])
    problem: Said | None = None
    refused: Left | None = None
    source = ""
    try:
        source = brought(file, name)
        refused = _refused(one, source, module)
    except Unbringable as error:
        problem = error.said
    except FunctionInvalid as error:  # a neighbour that cannot be read
        problem = {"en": error.message("en"), "zh": error.message("zh")}
    if problem is None and refused is None:
        return replace(one, source=source, notes=notes)
    if place.package:
        return _kept_as_call(one, node, file, module) or (
            refused or Left(one.name, module.name, "needs", problem or {})
        )
    if problem is not None:
        return Left(one.name, module.name, "needs", problem)
    assert refused is not None
    return replace(one, source=source, notes=(*notes, refused.detail))


def _of_parameters(
    node: FunctionNode, file: File
) -> tuple[tuple[Said, ...], tuple[str, Said] | None]:
    """What the parameters lack: as notes, and as the reason to leave a function."""
    if isinstance(node, ast.AsyncFunctionDef):
        return (REASONS["coroutine"],), ("coroutine", {})
    parameters = signature_in(node, Annotations(file.module), infer=True).parameters["properties"]
    unknown = [name for name, schema in parameters.items() if not _has_type(schema)]
    many = [one for one in (node.args.vararg, node.args.kwarg) if one is not None]
    if many:
        stars = ", ".join(f"{'*' if one is node.args.vararg else '**'}{one.arg}" for one in many)
        return ({"en": f"takes {stars}", "zh": f"接受 {stars}"},), (
            "many",
            {"en": stars, "zh": stars},
        )
    if unknown:
        said = ", ".join(unknown)
        return ({"en": f"no type: {said}", "zh": f"没有类型：{said}"},), (
            "types",
            {"en": said, "zh": said},
        )
    return (), None


def _has_type(schema: dict[str, object]) -> bool:
    """Whether a text can fill a parameter, or leave it out."""
    return any(key in schema for key in ("type", "anyOf", "enum", "default"))


def _refused(one: Taken, source: str, module: Module) -> Left | None:
    from ..execute.check import check

    findings = check(source)
    if not findings:
        return None
    first = findings[0]
    return Left(
        one.name, module.name, "fence", {"en": first.message("en"), "zh": first.message("zh")}
    )


def _kept_as_call(one: Taken, node: FunctionNode, file: File, module: Module) -> Taken | None:
    """A function that calls the installed one; None where its parameters cannot be said so."""
    top = module.name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return None
    if not _only_needs_packages(file, node.name):
        return None
    imports = _imports_of_types(node, file)
    if imports is None:
        return None
    arguments = node.args
    for default in (*arguments.defaults, *arguments.kw_defaults):
        if default is not None and not _is_literal(default):
            return None
    header = ast.unparse(
        ast.FunctionDef(
            name=one.name, args=arguments, body=[ast.Pass()], decorator_list=[],
            returns=node.returns if _known(node.returns, set(imports)) else None, lineno=1,
        )
    ).rpartition("\n")[0]  # fmt: skip
    plain = [*arguments.posonlyargs, *arguments.args]
    given = [*(a.arg for a in plain), *(f"{a.arg}={a.arg}" for a in arguments.kwonlyargs)]
    docstring = ast.get_docstring(node)
    body = [_docstring(docstring)] if docstring else []
    inner = f"_{node.name.lstrip('_')}"
    lines = [
        *sorted(set(imports.values())),
        f"from {module.name} import {node.name} as {inner}",
        "",
        "",
        header,
        *body,
        f"    return {inner}({', '.join(given)})",
    ]
    source = "\n".join(lines) + "\n"
    try:
        main_function(parsed(source), one.name)
    except FunctionInvalid:
        return None
    note = {
        "en": f"calls {module.name}.{node.name}; grant it the package {top}",
        "zh": f"调用 {module.name}.{node.name}，须授权包 {top}",
    }
    return replace(one, defined=one.name, source=source, notes=(note,), grant=top)


def _docstring(text: str) -> str:
    """A docstring as it stands in a body, its lines moved in."""
    lines = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').splitlines()
    moved = "\n".join(f"    {line}".rstrip() for line in lines).strip()
    end = "\n    " if len(lines) > 1 else ""
    return f'    """{moved}{end}"""'


def _only_needs_packages(file: File, name: str) -> bool:
    """Whether the fence refuses nothing of a function itself but imports that a grant opens."""
    from ..execute.check import check
    from ..execute.grants import Grants

    node = functions_in(file.module)[name]
    used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    lines: list[str] = []
    tops: set[str] = set()
    for statement in (*file.statements, *ast.walk(node)):
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        relative = isinstance(statement, ast.ImportFrom) and statement.level
        module = getattr(statement, "module", None)
        names = [module] if module else [alias.name for alias in statement.names]
        tops |= {one.partition(".")[0] for one in names} - sys.stdlib_module_names
        bound = {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
        if not relative and bound & used:
            lines.append(ast.unparse(statement))
    source = "\n".join([*lines, ast.unparse(node)])
    findings = check(source, grants=Grants(packages=tuple(sorted(tops))))
    return all(finding.construct == "relative import" for finding in findings)


def _imports_of_types(node: FunctionNode, file: File) -> dict[str, str] | None:
    """The imports from Python's library that the annotations name; None where they name more."""
    found: dict[str, str] = {}
    known: dict[str, str] = {}
    for statement in file.statements:
        if isinstance(statement, ast.ImportFrom) and not statement.level:
            if (statement.module or "").partition(".")[0] in sys.stdlib_module_names:
                for alias in statement.names:
                    said = f" as {alias.asname}" if alias.asname else ""
                    text = f"from {statement.module} import {alias.name}{said}"
                    known[alias.asname or alias.name] = text
        elif isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name.partition(".")[0] in sys.stdlib_module_names and not alias.asname:
                    known[alias.name.partition(".")[0]] = f"import {alias.name}"
    arguments = node.args
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        for inner in ast.walk(argument.annotation) if argument.annotation else ():
            if isinstance(inner, ast.Name) and not hasattr(builtins, inner.id):
                if inner.id not in known:
                    return None
                found[inner.id] = known[inner.id]
    for inner in ast.walk(node.returns) if node.returns else ():
        if isinstance(inner, ast.Name) and inner.id in known:
            found[inner.id] = known[inner.id]
    return found


def _known(annotation: ast.expr | None, names: set[str]) -> bool:
    return annotation is not None and all(
        inner.id in names or hasattr(builtins, inner.id)
        for inner in ast.walk(annotation)
        if isinstance(inner, ast.Name)
    )


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return False
    return True


def _all(module: ast.Module) -> set[str] | None:
    """What `__all__` lists, where it is a plain list; None where there is none, or it is made."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else ()
        if any(isinstance(one, ast.Name) and one.id == "__all__" for one in targets):
            assert isinstance(node, ast.Assign)
            try:
                return set(map(str, ast.literal_eval(node.value)))
            except (ValueError, TypeError, SyntaxError):
                return None
    return None


def _reexported(place: Place, files: dict[Path, File]) -> dict[tuple[Path, str], list[str]]:
    """The functions that public modules offer out of others, with the names they have there."""
    found: dict[tuple[Path, str], list[str]] = {}
    for module in place.modules:
        if module.compiled or not (module.public or module.name == place.asked):
            continue
        assert module.file is not None
        file = _read(module.file, files)
        if file is None:
            continue
        listed = _all(file.module)
        for name, (path, own) in _offers(file, files).items():
            if listed is not None and name not in listed:
                continue
            if listed is None and name.startswith("_"):
                continue
            names = found.setdefault((path, own), [])
            if name not in names:
                names.append(name)
    return found


def _offers(file: File, files: dict[Path, File]) -> dict[str, tuple[Path, str]]:
    """The functions that a file imports from its neighbours: where each is defined."""
    found: dict[str, tuple[Path, str]] = {}
    for node in file.module.body:
        if not isinstance(node, ast.ImportFrom) or node.module == "__future__":
            continue
        path = file_of(file.path, node.module, node.level)
        other = _read(path, files) if path is not None else None
        if other is None:
            continue
        for alias in node.names:
            names = other.public if alias.name == "*" else [alias.name]
            for name in names:
                defined = _defined(other, name, files, 8)
                if defined is not None:
                    found[(alias.asname or name) if alias.name != "*" else name] = defined
    return found


def _defined(file: File, name: str, files: dict[Path, File], depth: int) -> tuple[Path, str] | None:
    """Where a function that a file has by a name is defined; None if it is none."""
    if name in functions_in(file.module):
        return file.path, name
    for node in file.module.body if depth else ():
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            if name in (alias.asname or alias.name, "*"):
                path = file_of(file.path, node.module, node.level)
                other = _read(path, files) if path is not None else None
                if other is not None:
                    return _defined(other, alias.name, files, depth - 1)
    return None


def _read(path: Path, files: dict[Path, File]) -> File | None:
    """A file of a package, None where it is no Python that can be read."""
    if path not in files:
        try:
            file = File.read(path)
            _ = file.module
        except FunctionInvalid:
            return None
        files[path] = file
    return files[path]
