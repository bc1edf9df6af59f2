"""Read what the model wrote: one function with what it needs, and one call of it.

Nothing is executed here. The call's arguments are read as data: literals, dates, and arithmetic of
literals. What cannot be read so is a `Problem`, and the candidate is not used as it is.
"""

from __future__ import annotations

import ast
import datetime
import decimal
import operator
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..syntax import parse
from .call import defaults_of
from .composition import composed


@dataclass(frozen=True)
class Argument:
    """One argument as the call states it."""

    value: Any
    """Plain JSON: dates as ISO text, tuples and sets as lists. None where the call says None."""
    literals: tuple[Any, ...] = ()
    """The literals it is made of, where it was written as arithmetic (1.5 * 1000)."""


@dataclass(frozen=True)
class Answer:
    """A function and a call of it, as read from generated code."""

    source: str
    """Complete: imports, helpers and the function, nothing that runs at import."""
    name: str
    arguments: dict[str, Argument] = field(default_factory=dict)
    called: bool = False
    in_header: bool = False
    """Whether the arguments are the defaults of its header, not those of a call."""
    problem: str | None = None


def read_answer(code: str, *, name: str | None = None, given: Iterable[str] = ()) -> Answer | None:
    """Read generated code. None where it holds no function.

    `name` is the function to find where the header gave it; otherwise it is the one that is called,
    and where nothing is called the last one defined.
    """
    tree = _parse(code)
    if tree is None:
        return None
    functions = {
        node.name: node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    if not functions:
        return None
    call = _last_call(tree, functions)
    header = name is not None
    in_header = False
    together = None if header else composed(tree, functions)
    if together is None and call is None and not header:
        call = _call_by_defaults(tree, functions)
        in_header = call is not None
    if together is not None:
        function, call = together
        functions[function.name] = function
        lines = code.splitlines()[: tree.body[-1].end_lineno]
        code = "\n".join([*lines, "", ast.unparse(function)])
        tree = parse(code)
    if name is None or name not in functions:
        name = _called(call) if call is not None else list(functions)[-1]
    if call is not None and _called(call) != name:
        call = None
    # A header's signature is kept as it is.
    outside = {} if header else _outside_values(tree, functions[name])
    if outside:
        tree = _with_parameters(tree, name, list(outside))
        code = ast.unparse(tree)
        tree = parse(code)
        functions[name] = next(
            node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name
        )
    source = _definitions(tree, code)
    if call is None:
        inside = _in_an_expression(tree, functions)
        problem = "the call is part of a larger expression" if inside else "no call"
        return Answer(source, name, problem=problem)
    constants = _constants(tree)
    # The user's own values are passed by name; what they are is not the model's to say.
    constants.update({key: ast.Constant(None) for key in given})
    try:
        arguments = _bind(functions[name], call, constants)
    except (_Unreadable, ValueError, RecursionError) as reason:
        return Answer(source, name, problem=str(reason))
    arguments.update({key: Argument(value) for key, value in outside.items()})
    return Answer(source, name, arguments, called=True, in_header=in_header)


_VALUES = re.compile(
    r"(^|_)(rate|price|weight|height|age|tax|salary|amount|fee|cost|speed|distance|income|discount"
    r"|interest|balance|budget|length|width|mass|volume|temperature|principal|wage|deposit|debt)(_|$)"
)


def _outside_values(tree: ast.Module, function: Any) -> dict[str, Any]:
    """Values that the function takes from outside its parameters: invented until the text says so.

    A number assigned beside the function and read in it, or a price, a rate, a weight … that the
    body sets by itself.
    """
    if not isinstance(function, ast.FunctionDef):
        return {}
    own = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
    stored = {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    read = {
        n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    found: dict[str, Any] = {}
    for node in tree.body:
        name, value = _plain_number(node)
        if name and name in read and name not in own | stored and not name.isupper():
            found[name] = value
    for node in function.body:
        name, value = _plain_number(node)
        if (
            name
            and name not in own
            and value not in (0, 1)
            and _VALUES.search(name)
            and (
                sum(
                    n.id == name and isinstance(n.ctx, ast.Store)
                    for n in ast.walk(function)
                    if isinstance(n, ast.Name)
                )
                == 1
            )
        ):
            found[name] = value
    return found


def _plain_number(node: ast.stmt) -> tuple[str | None, Any]:
    if (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, (int, float))
        and not isinstance(node.value.value, bool)
    ):
        return node.targets[0].id, node.value.value
    return None, None


def _with_parameters(tree: ast.Module, name: str, added: list[str]) -> ast.Module:
    """The function with these names as parameters, no longer set anywhere."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            node.body = [n for n in node.body if _plain_number(n)[0] not in added] or [ast.Pass()]
            node.args.defaults = []  # they would slide on to the new parameters
            for key in added:
                node.args.args.append(ast.arg(key, ast.Name("float", ast.Load())))
    tree.body = [n for n in tree.body if _plain_number(n)[0] not in added]
    return ast.fix_missing_locations(tree)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


class _Unreadable(Exception):
    pass


def _parse(code: str) -> ast.Module | None:
    """The longest run of whole lines that is Python; a torn end (token limit) is left off."""
    lines = code.rstrip().splitlines()
    for end in range(len(lines), max(0, len(lines) - 12), -1):
        try:
            return parse("\n".join(lines[:end]))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def _definitions(tree: ast.Module, code: str) -> str:
    """The parts that define: imports, functions, classes and constants, in order."""
    lines = code.splitlines()
    kept: list[str] = []
    used = {
        n.id
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for n in ast.walk(node)
        if isinstance(n, ast.Name)
    }
    previous: ast.stmt | None = None
    for node in tree.body:
        definition = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            if not names & used:
                continue
        elif not definition and not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        if kept and (definition or isinstance(previous, (ast.FunctionDef, ast.ClassDef))):
            kept.append("\n")
        kept.append("\n".join(lines[first - 1 : node.end_lineno]))
        previous = node
    return "\n".join(kept).strip() + "\n"


def _last_call(tree: ast.Module, functions: dict[str, Any]) -> ast.Call | None:
    for node in reversed(tree.body):
        value: ast.expr | None = None
        if isinstance(node, (ast.Expr, ast.Assign, ast.AnnAssign)):
            value = node.value
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id in ("print", "str", "round", "list")
            and value.args
        ):
            value = value.args[0]
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id in functions
        ):
            return value
    return None


def _call_by_defaults(tree: ast.Module, functions: dict[str, Any]) -> ast.Call | None:
    """The call that the last function's own defaults make; None where one of them is lacking."""
    name, function = list(functions.items())[-1]
    spec = function.args
    defaults = defaults_of(function)
    named = [a.arg for a in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)]
    if any(one not in defaults for one in named) or _in_an_expression(tree, functions):
        return None
    given = [ast.keyword(key, value) for key, value in defaults.items()]
    return ast.Call(ast.Name(name, ast.Load()), [], given)


def _in_an_expression(tree: ast.Module, functions: dict[str, Any]) -> bool:
    """Whether a function is called beside the definitions, but not by itself."""
    return any(
        isinstance(n, ast.Name) and n.id in functions
        for node in tree.body
        if isinstance(node, ast.Expr)
        for n in ast.walk(node)
    )


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _bind(
    function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, constants: dict[str, ast.expr]
) -> dict[str, Argument]:
    spec = function.args
    names = [a.arg for a in (*spec.posonlyargs, *spec.args)]
    keyword_only = [a.arg for a in spec.kwonlyargs]
    bound: dict[str, Argument] = {}
    for index, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            raise _Unreadable("a starred argument")
        if index >= len(names):
            if spec.vararg is None:
                raise _Unreadable("more arguments than parameters")
            raise _Unreadable("a variable number of arguments")
        bound[names[index]] = _argument(node, constants)
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in (*names, *keyword_only):
            raise _Unreadable(f"no parameter is called {keyword.arg}")
        if keyword.arg in bound:
            raise _Unreadable(f"{keyword.arg} twice")
        bound[keyword.arg] = _argument(keyword.value, constants)
    return bound


def _argument(node: ast.expr, constants: dict[str, ast.expr]) -> Argument:
    literals: list[Any] = []
    value = _value(node, constants, literals, 0)
    plain = isinstance(node, ast.Constant) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    )
    arithmetic = any(isinstance(n, ast.BinOp) for n in ast.walk(node))
    return Argument(value, tuple(literals) if arithmetic and not plain else ())


_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


def _value(node: ast.expr, constants: dict[str, ast.expr], literals: list[Any], depth: int) -> Any:
    if depth > 20:
        raise _Unreadable("an argument that is nested too deep")
    deeper = depth + 1
    if isinstance(node, ast.Constant):
        if node.value is Ellipsis:
            return None
        if isinstance(node.value, (bytes, complex)):
            raise _Unreadable("an argument that JSON has no word for")
        literals.append(node.value)
        return node.value
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [_value(item, constants, literals, deeper) for item in node.elts]
    if isinstance(node, ast.Dict):
        pairs: dict[str, Any] = {}
        for key, item in zip(node.keys, node.values, strict=False):
            if key is None:
                raise _Unreadable("an unpacked dictionary")
            pairs[str(_value(key, constants, literals, deeper))] = _value(
                item, constants, literals, deeper
            )
        return pairs
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _value(node.operand, constants, [], deeper)
        if not isinstance(value, (int, float)):
            raise _Unreadable("a sign before something that is no number")
        signed = -value if isinstance(node.op, ast.USub) else value
        literals.append(signed)
        return signed
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left = _value(node.left, constants, literals, deeper)
        right = _value(node.right, constants, literals, deeper)
        if not all(isinstance(v, (int, float)) for v in (left, right)):
            raise _Unreadable("an argument that is computed")
        try:
            return _OPERATORS[type(node.op)](left, right)
        except (ArithmeticError, ValueError) as failure:
            raise _Unreadable(str(failure)) from failure
    if isinstance(node, ast.Name) and node.id in constants:
        # Names of lists of names … grow beyond all bounds in a few lines.
        return _value(constants[node.id], constants, literals, deeper + 6)
    if isinstance(node, ast.Call):
        return _constructed(node, constants, literals, deeper)
    raise _Unreadable("an argument that is computed")


def _constructed(
    node: ast.Call, constants: dict[str, ast.expr], literals: list[Any], depth: int
) -> Any:
    """date(2024, 3, 1), Decimal("1.5") and their like, as the text that JSON has for them."""
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    owner = ast.unparse(node.func)
    values = [_value(a, constants, [], depth) for a in node.args]
    keywords = {str(k.arg): _value(k.value, constants, [], depth) for k in node.keywords}
    made: Any
    try:
        if name == "date":
            made = datetime.date(*values, **keywords).isoformat()
        elif name == "datetime":
            made = datetime.datetime(*values, **keywords).isoformat()
        elif name == "time":
            made = datetime.time(*values, **keywords).isoformat()
        elif name == "Decimal":
            made = float(decimal.Decimal(str(values[0])))
        elif owner in ("int", "float"):
            made = (int if owner == "int" else float)(values[0])
        elif name in ("fromisoformat", "parse") or owner == "str":
            made = values[0]
        elif name == "strptime":
            parsed = datetime.datetime.strptime(values[0], values[1])
            made = parsed.isoformat() if "%H" in values[1] else parsed.date().isoformat()
        elif owner in ("list", "tuple", "set", "frozenset", "sorted") and len(values) == 1:
            made = list(values[0])
        elif owner == "range" and all(isinstance(v, int) for v in values):
            made = list(range(*values)[:1000])
        elif owner == "dict" and not values:
            made = keywords
        else:
            raise _Unreadable("an argument that is computed")
    except (TypeError, ValueError, IndexError, ArithmeticError) as failure:
        raise _Unreadable(f"an argument that cannot be read: {failure}") from failure
    literals.append(made)
    return made
