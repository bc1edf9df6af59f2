"""Generated source, put in order by rule: what can be mended without a model is mended here.

Missing imports of the standard library, numbers with leading zeros, values that stand in the
signature but belong in the body, the docstring.
"""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import re
import tokenize
from typing import TYPE_CHECKING, Any

from ..syntax import parse

if TYPE_CHECKING:
    from ..contract import Result

_MODULES = frozenset(
    "bisect calendar collections csv datetime decimal fractions functools heapq io itertools json"
    " math operator random re statistics string textwrap unicodedata zoneinfo".split()
)
_MEMBERS = {
    "Counter": "collections",
    "OrderedDict": "collections",
    "defaultdict": "collections",
    "deque": "collections",
    "date": "datetime",
    "datetime": "datetime",
    "time": "datetime",
    "timedelta": "datetime",
    "timezone": "datetime",
    "Decimal": "decimal",
    "ROUND_HALF_UP": "decimal",
    "Fraction": "fractions",
    "cache": "functools",
    "cmp_to_key": "functools",
    "lru_cache": "functools",
    "reduce": "functools",
    "accumulate": "itertools",
    "chain": "itertools",
    "combinations": "itertools",
    "groupby": "itertools",
    "permutations": "itertools",
    "product": "itertools",
    "zip_longest": "itertools",
    "ceil": "math",
    "comb": "math",
    "factorial": "math",
    "floor": "math",
    "gcd": "math",
    "isqrt": "math",
    "lcm": "math",
    "pi": "math",
    "prod": "math",
    "sqrt": "math",
    "mean": "statistics",
    "median": "statistics",
    "mode": "statistics",
    "stdev": "statistics",
    "Any": "typing",
    "Callable": "typing",
    "Dict": "typing",
    "Iterable": "typing",
    "List": "typing",
    "Literal": "typing",
    "Optional": "typing",
    "Sequence": "typing",
    "Set": "typing",
    "Tuple": "typing",
    "Union": "typing",
}
# 06:05 written as 6, 05 is the most frequent slip in calls with clock times.
_LEADING_ZERO = re.compile(r"(?<![\w.:\"'\-/])0+(\d+)(?![\w.:\"'\-/])")


def mend(code: str) -> str:
    """The same code with the slips that can be mended by rule mended."""
    try:
        tree = parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        readable = _readable(code)
        if readable is None:
            return code
        code, tree = readable, parse(readable)
    for step in (_parted, _classes_of_datetime):
        mended = step(code, tree)
        if mended != code:
            code, tree = mended, parse(mended)
    lines = _missing_imports(tree)
    tangled = _module_used_as_class(tree)
    for name in tangled:
        code = re.sub(rf"^import {name}$", f"from {name} import {name}", code, flags=re.MULTILINE)
    future = "from __future__ import annotations\n"
    if lines and future in code:
        lines, code = [future.strip(), *lines], code.replace(future, "", 1)
    return "\n".join([*lines, code]) if lines else code


_GLUED = re.compile(rf"({'|'.join(keyword.kwlist)})(?=[^\x00-\x7f])")


def _readable(code: str) -> str | None:
    """Code that is no Python, as Python; None where no slip that is known makes it so."""
    without_zeros = _LEADING_ZERO.sub(r"\1", code)
    for mended in (without_zeros, _parted_at(code, None), _parted_at(without_zeros, None)):
        try:
            parse(mended)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return mended
    return None


def _parted(code: str, tree: ast.Module) -> str:
    """The code with a blank where a keyword ran into a Chinese name: `return总价`."""
    glued = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and _GLUED.match(node.id)
    } - _bound(tree)
    if not glued:
        return code
    mended = _parted_at(code, glued)
    try:
        parse(mended)
    except SyntaxError:
        return code
    return mended


def _parted_at(code: str, names: set[str] | None) -> str:
    """These names parted behind the keyword that they begin with; None: all that begin so."""
    # Python's own lines: a form feed or U+2028 inside a string ends none of them.
    lines = io.StringIO(code, newline=None).readlines()
    try:
        tokens = [*tokenize.generate_tokens(iter([*lines, ""]).__next__)]
    except (tokenize.TokenError, SyntaxError, ValueError):
        return code
    for token in reversed(tokens):
        if token.type == tokenize.NAME and (names is None or token.string in names):
            glued = _GLUED.match(token.string)
            if glued:
                line, at = token.start[0] - 1, token.start[1] + glued.end()
                lines[line] = f"{lines[line][:at]} {lines[line][at:]}"
    return "".join(lines)


def _classes_of_datetime(code: str, tree: ast.Module) -> str:
    """`datetime.timedelta(…)` as `timedelta(…)` where `datetime` was imported as the class."""
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "datetime"
        for alias in node.names
        if alias.asname is None
    }
    if "datetime" not in imported:
        return code
    classes = {"date", "datetime", "time", "timedelta", "timezone"} - (_bound(tree) - imported)
    methods = _methods(tree)
    used = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "datetime"
        and node.attr in classes
        and node not in methods
    ]
    lines = code.encode().splitlines(keepends=True)  # places are counted in bytes
    for node in sorted(used, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line, at = node.lineno - 1, node.col_offset
        # Before Python 3.12 the places inside an f-string of several lines are not right.
        if lines[line].startswith(f"datetime.{node.attr}".encode(), at):
            lines[line] = lines[line][:at] + lines[line][at + len("datetime.") :]
    return b"".join(lines).decode()


def _methods(tree: ast.Module) -> set[ast.expr]:
    """What may well be a method of the class: `datetime.date(moment)`, `map(datetime.date, …)`."""
    found: set[ast.expr] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found |= {one.value for one in node.keywords if one.arg == "key"}
            if isinstance(node.func, ast.Name) and node.func.id == "map":
                found |= {*node.args[:1]}
            alone = len(node.args) == 1 and not node.keywords
            if alone and not isinstance(node.args[0], ast.Constant):
                found.add(node.func)
    return {one for one in found if isinstance(one, ast.Attribute) and one.attr in ("date", "time")}


def _bound(tree: ast.Module) -> set[str]:
    """The names that the code itself gives a meaning."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
    return bound


def _missing_imports(tree: ast.Module) -> list[str]:
    bound = set(dir(builtins)) | _bound(tree)
    lines: list[str] = []
    attributes_of = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or node.id in bound:
            continue
        bound.add(node.id)
        if node.id in _MEMBERS and not (node.id in _MODULES and _uses_module(tree, node.id)):
            lines.append(f"from {_MEMBERS[node.id]} import {node.id}")
        elif node.id in _MODULES and node.id in attributes_of:
            lines.append(f"import {node.id}")
    return lines


def _uses_module(tree: ast.Module, name: str) -> bool:
    """Whether `datetime` is used as the module (datetime.datetime, datetime.date(…))."""
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and node.attr in ("datetime", "date", "timedelta", "time")
        for node in ast.walk(tree)
    )


def _module_used_as_class(tree: ast.Module) -> list[str]:
    """`import datetime` where the code calls `datetime(…)` or `datetime.strptime(…)`."""
    imported = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname is None and alias.name in ("datetime", "time")
    }
    if "datetime" not in imported or _uses_module(tree, "datetime"):
        return []
    return ["datetime"]


def computes(source: str, name: str, text: str = "") -> bool:
    """Whether a function works anything out, rather than only saying what the model made up.

    Joining what the text states is work; words that are not in the text are only said.

    >>> computes("def joke() -> str:\\n    return 'Knock, knock.'", "joke")
    False
    >>> computes("def week() -> int:\\n    return 7 * 24", "week")
    True
    >>> computes("def full(a: str, b: str) -> str:\\n    return f'{a} {b}'", "full")
    True
    """
    function = next(
        (n for n in parse(source).body if isinstance(n, ast.FunctionDef) and n.name == name),
        None,
    )
    if function is None:
        return True
    spoken: list[str] = []
    for node in function.body:
        said = _words_said(node)
        if said is None:
            return True
        spoken += said
    made_up = [one for one in spoken if any(c.isalpha() for c in one) and one not in text]
    return bool(function.args.args) and not made_up


def of_the_text(source: str, name: str, text: str) -> bool:
    """Whether the words that a function says are nearly all the text's own.

    >>> of_the_text("def f():\\n    return 'b a'", "f", "turn 'a b' round")
    True
    """
    there = set(_WORD.findall(text.lower()))
    said = [
        word
        for node in parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name == name
        for inner in ast.walk(node)
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
        for word in _WORD.findall(inner.value.lower())
    ]
    return bool(said) and sum(word in there for word in said) >= _OWN * len(said)


_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_OWN = 0.8


def unread(source: str, name: str) -> list[str]:
    """The parameters that the body never looks at.

    >>> unread("def less(a: int, b: int) -> int:\\n    return a", "less")
    ['b']
    """
    for node in parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            read = {
                inner.id
                for statement in node.body
                for inner in ast.walk(statement)
                if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
            }
            if "locals" in read:
                return []
            spec = node.args
            named = [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
            return [one for one in named if one not in read]
    return []


_SAYING = (
    ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.Name, ast.List, ast.Tuple, ast.Dict,
    ast.BinOp, ast.Add, ast.Load, ast.Store,
)  # fmt: skip


def _words_said(node: ast.stmt) -> list[str] | None:
    """The words of a statement that only says something; None where it works something out."""
    if isinstance(node, ast.Pass):
        return []
    value = node.value if isinstance(node, (ast.Return, ast.Assign, ast.Expr)) else None
    if value is None or (isinstance(node, ast.Expr) and isinstance(value, ast.Constant)):
        return None if value is None else []
    printed = isinstance(value, ast.Call) and ast.unparse(value.func) == "print"
    parts = value.args if printed and isinstance(value, ast.Call) else [value]
    inside = [n for part in parts for n in ast.walk(part)]
    words = [n.value for n in inside if isinstance(n, ast.Constant)]
    texts = all(isinstance(n, _SAYING) for n in inside) and all(isinstance(w, str) for w in words)
    if not texts or not any(isinstance(n, (ast.JoinedStr, ast.Constant)) for n in inside):
        return None
    return [str(word).strip() for word in words]


def with_constants(source: str, name: str, constants: dict[str, Any]) -> str:
    """The function without these parameters; their values stand at the top of its body."""
    if not constants:
        return source
    tree = parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            spec = node.args
            positional = [*spec.posonlyargs, *spec.args]
            defaults: list[ast.expr | None] = [
                *[None] * (len(positional) - len(spec.defaults)),
                *spec.defaults,
            ]
            kept = [
                (arg, default)
                for arg, default in zip(positional, defaults, strict=False)
                if arg.arg not in constants
            ]
            spec.posonlyargs = []
            spec.args = [arg for arg, _ in kept]
            spec.defaults = [default for _, default in kept if default is not None]
            start = 1 if ast.get_docstring(node) is not None else 0
            assigned = parse("\n".join(f"{key} = {value!r}" for key, value in constants.items()))
            node.body[start:start] = assigned.body
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def without_defaults(source: str, name: str) -> str:
    """The function with every default left out: a value nobody stated is not to slip in by one."""
    tree = parse(source)
    changed = False
    for node in tree.body:
        spec = node.args if isinstance(node, ast.FunctionDef) and node.name == name else None
        if spec is not None and (spec.defaults or any(spec.kw_defaults)):
            spec.defaults, spec.kw_defaults = [], [None] * len(spec.kwonlyargs)
            changed = True
    return ast.unparse(tree) + "\n" if changed else source


def with_rounding(source: str, name: str, digits: int) -> str:
    """The function with what it returns rounded to so many digits behind the point.

    >>> print(with_rounding("def f(a):\\n    return a / 3", "f", 2), end="")
    def f(a):
        return round(a / 3, 2)
    """
    tree = parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            node.body = [_Rounding(digits).visit(statement) for statement in node.body]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Rounding(ast.NodeTransformer):
    def __init__(self, digits: int) -> None:
        self._digits = digits

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        # A helper inside gives values that are computed with.
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is not None:
            place = ast.Constant(self._digits)
            node.value = ast.Call(ast.Name("round", ast.Load()), [node.value, place], [])
        return node


def with_docstring(source: str, name: str, docstring: str) -> str:
    """The function with this docstring in place of its own."""
    tree = parse(source)
    lines = source.splitlines()
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name != name:
            continue
        first = node.body[0]
        own = ast.get_docstring(node, clean=False) is not None
        quoted = _quoted(docstring, " " * first.col_offset)
        if first.lineno == node.lineno or first.end_lineno in [n.lineno for n in node.body[1:2]]:
            return source
        start = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", []))]) - 1
        end = (first.end_lineno or first.lineno) if own else start
        lines[start:end] = quoted
        return "\n".join(lines) + "\n"
    return source


def with_lines_of(result: Result | None, before: str, after: str) -> Result | None:
    """A result of the source `before` whose error names the line as it stands in `after`.

    The two differ by one stretch of whole lines, as with and without a docstring.
    """
    error = result.error or "" if result is not None else ""
    found = _LINE.search(error)
    if result is None or found is None:
        return result
    old, new = before.splitlines(), after.splitlines()
    alike = next((n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), 0)
    line = int(found[1])
    if line <= alike:
        return result
    moved = f"{error[: found.start()]} (line {line + len(new) - len(old)})"
    return result.model_copy(update={"error": moved})


_LINE = re.compile(r" \(line (\d+)\)$")


def _quoted(docstring: str, indent: str) -> list[str]:
    text = docstring.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').strip()
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    if text.endswith('"'):
        text += " "
    first, *rest = text.splitlines() or [""]
    if not rest:
        return [f'{indent}"""{first}"""']
    return [
        f'{indent}"""{first}',
        *(f"{indent}{line}" if line.strip() else "" for line in rest),
        f'{indent}"""',
    ]
