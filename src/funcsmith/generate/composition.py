"""An answer whose last line puts several functions together, as one function of its own.

«change(total(3.2, 5.5), 50)» computes as well as one call does; only its values must be parameters
before they can be held against the text. What cannot be told without running it is left alone.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .call import defaults_of

Function = ast.FunctionDef | ast.AsyncFunctionDef

_SIZE = 400
_FACTORS = frozenset([0, 1, 7, 12, 24, 60, 100, 1000])
"""Numbers that an expression may hold by itself: of units and percentages, and of no other use."""
_LOCAL = (
    ast.Await, ast.DictComp, ast.GeneratorExp, ast.Lambda, ast.ListComp, ast.NamedExpr, ast.SetComp,
    ast.Starred, ast.Yield, ast.YieldFrom,
)  # fmt: skip
"""What gives names a meaning of its own, or calls an unknown number of values."""


def composed(
    tree: ast.Module, functions: Mapping[str, Function]
) -> tuple[ast.FunctionDef, ast.Call] | None:
    """The last expression as a function, and the call of it; None where it is a plain call.

    >>> tree = ast.parse("def total(n):\\n  return n\\ndef rest(t, paid):\\n  return paid - t\\nrest(total(3), 9)")
    >>> made = composed(tree, {node.name: node for node in tree.body[:2]})
    >>> [ast.unparse(one) for one in made]
    ['def rest_of_total(n, paid):\\n    return rest(total(n), paid)', 'rest_of_total(n=3, paid=9)']
    """
    if any(isinstance(node, ast.AsyncFunctionDef) for node in functions.values()):
        return None
    try:
        return _composed(tree, functions)
    except (_LeftAlone, RecursionError):
        return None


class _LeftAlone(Exception):
    """This is more than calls put together, or less."""


def _composed(
    tree: ast.Module, functions: Mapping[str, Function]
) -> tuple[ast.FunctionDef, ast.Call]:
    steps = _Steps(tree, functions)
    expression = steps.said
    calls = _calls(expression, functions)
    if _plain(expression, calls):
        raise _LeftAlone
    name = _name(expression, calls, tree)
    values = _Values(functions)
    expression = values.visit(expression)
    if steps.hidden(_names(expression)):
        raise _LeftAlone
    found = values.named(expression)
    annotations = {key: one.annotation for key, one in found.items()}
    function = ast.FunctionDef(
        name=name,
        args=ast.arguments(
            posonlyargs=[],
            args=[ast.arg(key, annotation) for key, annotation in annotations.items()],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        ),
        body=[ast.Return(expression)],
        decorator_list=[],
        returns=_given_back(expression, functions, annotations),
    )
    function.type_params = []  # type: ignore[attr-defined]  # Python 3.12 unparses it
    keywords = [ast.keyword(key, one.value) for key, one in found.items()]
    call = ast.Call(ast.Name(name, ast.Load()), [], keywords)
    return ast.fix_missing_locations(function), ast.fix_missing_locations(call)


class _Steps:
    """The last line, with what the lines before it worked out put in its place."""

    said: ast.expr

    def __init__(self, tree: ast.Module, functions: Mapping[str, Function]) -> None:
        statements = [
            node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))
        ]
        stored = Counter(name for node in statements for name in _names(node, ast.Store))
        assigned = [_assigned(node) for node in statements]
        own = Counter(name for names, _ in assigned for name in names)
        # What a loop, an unpacking or += gives a value cannot be told without running it.
        self._unknown = stored - own
        self._plain: dict[str, ast.expr] = {}
        steps: dict[str, ast.expr] = {}
        said: ast.expr | None = None
        for node, (names, value) in zip(statements, assigned, strict=True):
            said = value
            if said is None:
                continue
            if sum(1 for _ in ast.walk(said)) > _SIZE:
                raise _LeftAlone
            said = _Inlined(steps).visit(copy.deepcopy(said))
            for name in names:
                if name in self._unknown:
                    continue
                # What is said once and holds no call is a constant, and read as one.
                if _calls(said, functions) or own[name] > 1 or isinstance(node, ast.AnnAssign):
                    steps[name] = said
                else:
                    self._plain[name] = said
        if said is None or tree.body[-1] not in statements:
            raise _LeftAlone
        if isinstance(said, ast.Call) and ast.unparse(said.func) == "print" and len(said.args) == 1:
            said = said.args[0]
        if any(isinstance(node, _LOCAL) for node in ast.walk(said)) or (
            sum(1 for _ in ast.walk(said)) > _SIZE or {"print", *self._unknown} & _names(said)
        ):
            raise _LeftAlone
        self.said = said

    def hidden(self, names: set[str]) -> bool:
        """Whether one of these names is a value that could not become a parameter."""
        return any(name in self._plain and _number(self._plain[name]) is None for name in names)


def _assigned(node: ast.stmt) -> tuple[list[str], ast.expr | None]:
    """The names that a line gives a value, and the value; it may be said for no name."""
    if isinstance(node, ast.Expr):
        return [], node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id], node.value
    if isinstance(node, ast.Assign):
        return [one.id for one in node.targets if isinstance(one, ast.Name)], node.value
    return [], None


def _names(node: ast.AST, context: type[ast.expr_context] = ast.Load) -> set[str]:
    return {
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, context)
    }


def _calls(node: ast.AST, functions: Mapping[str, Function]) -> list[ast.Call]:
    return [
        inner
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id in functions
    ]


def _plain(expression: ast.expr, calls: list[ast.Call]) -> bool:
    """Whether there is nothing to put together: no call, or one that is only rounded or shown."""
    if len(calls) != 1:
        return not calls
    if not isinstance(expression, (ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp)):
        return True
    inside = set(ast.walk(calls[0]))
    # A sentence around the value is no part of it.
    return any(
        isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        for node in ast.walk(expression)
        if node not in inside
    )


def _name(expression: ast.expr, calls: list[ast.Call], tree: ast.Module) -> str:
    names = list(dict.fromkeys(node.func.id for node in calls if isinstance(node.func, ast.Name)))
    name = ("_of_" if isinstance(expression, ast.Call) else "_and_").join(names[:2])
    taken = {getattr(node, "id", getattr(node, "name", None)) for node in ast.walk(tree)}
    while name in taken:
        name += "_whole"
    return name


def _number(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return None if isinstance(node.value, bool) else node.value
    return None


class _Inlined(ast.NodeTransformer):
    """Names of intermediate results replaced by what they stand for at this line."""

    def __init__(self, steps: Mapping[str, ast.expr]) -> None:
        self._steps = steps

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self._steps.get(node.id, node))


@dataclass(frozen=True)
class _Value:
    place: ast.Name
    """Where it stood, a name now."""
    wanted: str
    annotation: ast.expr | None
    value: ast.expr


class _Values(ast.NodeTransformer):
    """The plain values inside, each replaced by a parameter."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self._found: list[_Value] = []

    def named(self, expression: ast.expr) -> dict[str, _Value]:
        """The parameters by name: none hides a name that is used otherwise."""
        places = {one.place for one in self._found}
        fixed = {n.id for n in ast.walk(expression) if isinstance(n, ast.Name) and n not in places}
        named: dict[str, _Value] = {}
        for one in self._found:
            name, number = one.wanted, 1
            # The same value under the same name is one value, said once.
            while name in fixed or (
                name in named and ast.dump(named[name].value) != ast.dump(one.value)
            ):
                number += 1
                name = f"{one.wanted}_{number}"
            one.place.id = name
            named.setdefault(name, one)
        return named

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = self._functions.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if function is None:
            if isinstance(node.func, ast.Name) and node.func.id in ("max", "min"):
                node.args = [self._operand(one) for one in node.args]
            return self._inside(node)
        spec = [*function.args.posonlyargs, *function.args.args]
        by_name = {one.arg: one for one in (*function.args.args, *function.args.kwonlyargs)}
        given = {one.arg for one in spec[: len(node.args)]} | {one.arg for one in node.keywords}
        # A default is a value as well: it shows among the parameters.
        defaults = defaults_of(function)
        node.keywords += [
            ast.keyword(name, copy.deepcopy(default))
            for name, default in defaults.items()
            if name not in given and not _switch(default)
        ]
        if (
            len(node.args) > len(spec)
            or any(one.arg not in by_name for one in node.keywords)
            or {one.arg for one in (*spec, *by_name.values())} - given - defaults.keys()
        ):
            raise _LeftAlone
        node.args = [self._taken(one, spec[at]) for at, one in enumerate(node.args)]
        for one in node.keywords:
            one.value = self._taken(one.value, by_name[one.arg or ""])
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        node.left, node.right = self._operand(node.left), self._operand(node.right)
        return self._inside(node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        node.left = self._operand(node.left)
        node.comparators = [self._operand(one) for one in node.comparators]
        return self._inside(node)

    def _inside(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        return node

    def _operand(self, node: ast.expr) -> ast.expr:
        """A number beside the calls is a value of the text too, unless it belongs to a unit."""
        number = _number(node)
        if number is None or number in _FACTORS:
            return node
        return self._replaced("number", ast.Name(type(number).__name__, ast.Load()), node)

    def _taken(self, value: ast.expr, parameter: ast.arg) -> ast.expr:
        if _calls(value, self._functions):
            visited = self.visit(value)
            assert isinstance(visited, ast.expr)
            return visited
        return self._replaced(parameter.arg, copy.deepcopy(parameter.annotation), value)

    def _replaced(self, wanted: str, annotation: ast.expr | None, value: ast.expr) -> ast.Name:
        place = ast.Name("", ast.Load())
        self._found.append(_Value(place, wanted, annotation, value))
        return place


def _switch(default: ast.expr) -> bool:
    """None, True and False say how, and may stay unsaid."""
    return isinstance(default, ast.Constant) and (
        default.value is None or isinstance(default.value, bool)
    )


def _given_back(
    node: ast.expr,
    functions: Mapping[str, Function],
    names: Mapping[str, ast.expr | None],
) -> ast.expr | None:
    """The annotation of what an expression gives back; None where it cannot be told."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in functions:
            return copy.deepcopy(functions[node.func.id].returns)
        if node.func.id == "round" and len(node.args) == 2:
            return _given_back(node.args[0], functions, names)
        return None
    if isinstance(node, ast.Name):
        return copy.deepcopy(names.get(node.id))
    number = _number(node)
    if number is not None:
        return ast.Name(type(number).__name__, ast.Load())
    if not isinstance(node, ast.BinOp):
        return None
    left = _given_back(node.left, functions, names)
    right = _given_back(node.right, functions, names)
    if left is None or right is None:
        return None
    said = {ast.unparse(left), ast.unparse(right)}
    if said <= {"int", "float"} and not isinstance(node.op, ast.Pow):
        whole = said == {"int"} and not isinstance(node.op, ast.Div)
        return ast.Name("int" if whole else "float", ast.Load())
    return left if len(said) == 1 and isinstance(node.op, ast.Add) else None


__all__ = ["composed"]
