"""A decorated function as its file declares it. Read from the syntax tree; nothing is executed."""

from __future__ import annotations

import ast
import builtins
import hashlib
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import FunctionInvalid
from ..library.annotations import Annotations
from ..library.saved import VERDICTS
from ..library.signature import FunctionNode, parsed, signature_in

Words = dict[str, str]

HINT = {
    "en": "What can be decorated: a plain function at the top of a module, with a type for every"
    " parameter and for what it returns, a docstring, and no body.",
    "zh": "可以装饰的函数：位于模块顶层的普通函数，每个参数和返回值都有类型，有文档字符串，没有函数体。",
}


@dataclass(frozen=True)
class Declaration:
    """One function that wants a body."""

    path: Path
    name: str
    line: int
    header: str = ""
    """What the writer completes: the imports that the types need, the signature, the docstring."""
    asked: str = ""
    """The hash of what is asked for; the same however the file is laid out."""
    verdict: str | None = None
    """The least verdict that its owner wants."""
    plain: bool = False
    """Whether its owner lets it run in the calling process."""
    problem: Words | None = None
    """Why it cannot have a body, by language."""

    def refused(self) -> FunctionInvalid:
        """The error for one that cannot have a body."""
        assert self.problem is not None
        return FunctionInvalid(
            {
                "en": f"{self.path.name}, line {self.line}: {self.name} {self.problem['en']}.",
                "zh": f"{self.path.name} 第 {self.line} 行：{self.name} {self.problem['zh']}。",
            },
            hint=HINT,
        )


def declared_in(path: Path) -> list[Declaration]:
    """Every decorated function of a file, in its order; FunctionInvalid where it is no Python."""
    source = path.read_bytes().decode("utf-8-sig", "replace")
    return declared(source, path)


def declared(source: str, path: Path) -> list[Declaration]:
    """Every decorated function of a source; of those of one name the last, as Python has it."""
    # Most files of a repository have nothing to do with us, and parsing takes a hundred times longer.
    if "funcsmith" not in source or "smith" not in source.replace("funcsmith", ""):
        return []
    module = parsed(source, file=str(path))
    ours = _Ours(module)
    imports = _imports(module)
    annotations = Annotations(module)
    found: dict[str, Declaration] = {}
    for node, top in _functions(module, top=True):
        decorator = next((one for one in node.decorator_list if ours.is_smith(one)), None)
        if decorator is not None:
            found[node.name] = _declaration(node, decorator, path, top, imports, annotations)
    return list(found.values())


def _declaration(
    node: FunctionNode,
    decorator: ast.expr,
    path: Path,
    top: bool,
    imports: dict[str, str],
    annotations: Annotations,
) -> Declaration:
    line = node.lineno
    verdict, plain, problem = _options(decorator)
    problem = problem or _problem(node, top, imports)
    if problem is not None:
        return Declaration(path, node.name, line, verdict=verdict, plain=plain, problem=problem)
    signature = signature_in(node, annotations).text
    said = inspect.cleandoc(ast.get_docstring(node, clean=False) or "")
    needed = sorted({imports[name] for name in _names(node) if name in imports})
    asked = json.dumps([node.name, signature, needed, squeezed(said)], ensure_ascii=False)
    return Declaration(
        path,
        node.name,
        line,
        header=_header(node.name, signature, said, needed),
        asked=hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest(),
        verdict=verdict,
        plain=plain,
    )


def squeezed(docstring: str) -> str:
    """A docstring in which only its words and its examples count, not how its lines are broken.

    >>> squeezed("One\\n  two.\\n\\n    >>> f('a  b')\\n    1\\n\\nThree.")
    "One two.\\n>>> f('a  b')\\n1\\nThree."
    """
    lines: list[str] = []
    prose: list[str] = []
    inside = 0
    example = False
    for line in docstring.splitlines():
        bare = line.strip()
        if bare.startswith(">>>"):
            example, inside = True, len(line) - len(line.lstrip())
        elif not bare:
            example = False
            continue
        if example:
            if prose:
                lines.append(_joined(prose))
                prose = []
            lines.append((line[inside:] if not line[:inside].strip() else bare).rstrip())
        else:
            prose += bare.split()
    if prose:
        lines.append(_joined(prose))
    return "\n".join(lines)


def _joined(words: list[str]) -> str:
    """Prose on one line; Chinese has no blank where its line was broken."""
    return _BESIDE_CHINESE.sub("", " ".join(words))


_BESIDE_CHINESE = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) | (?=[\u3000-\u9fff\uff00-\uffef])")


class _Ours:
    """The names by which a module knows the decorator."""

    def __init__(self, module: ast.Module) -> None:
        self._modules: set[str] = set()
        self._names: set[str] = set()
        for node in ast.walk(module):
            if isinstance(node, ast.Import):
                self._modules |= {
                    one.asname or one.name for one in node.names if one.name == "funcsmith"
                }
            elif isinstance(node, ast.ImportFrom) and node.module == "funcsmith":
                self._names |= {one.asname or one.name for one in node.names if one.name == "smith"}

    def is_smith(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call):
            node = node.func
        if isinstance(node, ast.Attribute):
            known = isinstance(node.value, ast.Name) and node.value.id in self._modules
            return known and node.attr == "smith"
        return isinstance(node, ast.Name) and node.id in self._names


def _functions(node: ast.AST, *, top: bool) -> Iterator[tuple[FunctionNode, bool]]:
    """Every function, and whether it stands at the top of its module."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield child, top
        inside = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        yield from _functions(child, top=top and not inside)


def _imports(module: ast.Module) -> dict[str, str]:
    """The names that a module imports from Python's own computing modules, each with its import."""
    from ..execute.check import ALLOWED_MODULES

    allowed = {*ALLOWED_MODULES, "typing", "collections.abc"}
    found: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name in allowed:
                    said = f" as {one.asname}" if one.asname else ""
                    found[one.asname or one.name.partition(".")[0]] = f"import {one.name}{said}"
        elif isinstance(node, ast.ImportFrom) and node.module in allowed and not node.level:
            for one in node.names:
                said = f" as {one.asname}" if one.asname else ""
                found[one.asname or one.name] = f"from {node.module} import {one.name}{said}"
    return found


def _options(decorator: ast.expr) -> tuple[str | None, bool, Words | None]:
    verdict: str | None = None
    plain = False
    if not isinstance(decorator, ast.Call):
        return None, False, None
    for keyword in decorator.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else ...
        if keyword.arg == "verdict" and (value is None or value in VERDICTS[1:]):
            verdict = value if isinstance(value, str) else None
        elif keyword.arg == "plain" and isinstance(value, bool):
            plain = value
        else:
            known = ", ".join(VERDICTS[1:])
            return (
                None,
                False,
                {
                    "en": "is decorated with something else than verdict= (one of"
                    f" {known}) and plain=True, each written out",
                    "zh": f"的装饰器参数只能直接写出 verdict=（{known} 之一）和 plain=True",
                },
            )
    return verdict, plain, None


def _problem(node: FunctionNode, top: bool, imports: dict[str, str]) -> Words | None:
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    untyped = [one.arg for one in every if one.annotation is None]
    if isinstance(node, ast.AsyncFunctionDef):
        return {
            "en": "is async; what only computes has nothing to wait for, so write `def`",
            "zh": "是 async 函数；只做计算的函数无需等待，请写成普通的 def",
        }
    if not top:
        return {
            "en": "stands inside a class or a function; put it at the top of the module",
            "zh": "定义在类或函数内部；请移到模块顶层",
        }
    if given.vararg or given.kwarg:
        return {
            "en": "takes *args or **kwargs; name its parameters",
            "zh": "带有 *args 或 **kwargs；请写明各个参数",
        }
    if untyped or node.returns is None:
        what = ", ".join(untyped)
        return {
            "en": f"has no type for {what or 'what it returns'}",
            "zh": f"缺少{f'参数 {what} 的类型' if what else '返回值类型'}",
        }
    if not (ast.get_docstring(node) or "").strip():
        return {"en": "has no docstring to be made from", "zh": "没有文档字符串，无从编写"}
    if not _empty(node):
        return {
            "en": "has a body already; leave only the docstring, or take the decorator away",
            "zh": "已有函数体；请只保留文档字符串，或去掉装饰器",
        }
    for default in (*given.defaults, *given.kw_defaults):
        if default is not None and not _literal(default):
            said = ast.unparse(default)[:60]
            return {
                "en": f"has the default {said}, which is not written out as a value",
                "zh": f"的默认值 {said} 不是直接写出的值",
            }
    unknown = [n for n in _names(node) if n not in imports and not hasattr(builtins, n)]
    if unknown:
        return {
            "en": f"has the type {unknown[0]}, which is neither built in nor from a module that the"
            " fence knows, so its values cannot go in and out",
            "zh": f"使用了类型 {unknown[0]}：它既非内置，也不来自隔离环境认识的模块，其值无法传入传出",
        }
    return None


def _names(node: FunctionNode) -> list[str]:
    """The names in the types of a function, in their order; `dt` of `dt.date`."""
    given = node.args
    typed = [one.annotation for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    found: list[str] = []
    for annotation in (*typed, node.returns):
        if annotation is None:
            continue
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            said = annotation.value
            try:
                annotation = ast.parse(said, mode="eval").body
            except (SyntaxError, ValueError):
                found.append(said)
                continue
        found += [one.id for one in ast.walk(annotation) if isinstance(one, ast.Name)]
    return list(dict.fromkeys(found))


def _empty(node: FunctionNode) -> bool:
    return all(
        isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        or (isinstance(one, ast.Raise) and "NotImplemented" in ast.unparse(one))
        for one in node.body[1:]
    )


def _literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return False
    return True


def _header(name: str, signature: str, docstring: str, imports: list[str]) -> str:
    said = docstring.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = [f"    {line}".rstrip() for line in said.splitlines()]
    text = "\n".join(lines).lstrip()
    close = "\n    " if len(lines) > 1 or text.endswith('"') else ""
    above = "".join(f"{one}\n" for one in imports)
    gap = "\n\n" if above else ""
    return f'{above}{gap}def {name}{signature}:\n    """{text}{close}"""\n'
