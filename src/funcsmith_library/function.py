"""A saved function as a callable: fenced, or plain where its owner trusts it.

It keeps the source that it was looked up with, as an imported module does; look it up again to have
a newer one. Arguments go in as JSON and are what the annotations say on the other side; results
come back as the Python values that they were.
"""

from __future__ import annotations

import ast
import builtins
import datetime as dt
import decimal
import fractions
import inspect
import linecache
import operator
import os
import re
import uuid
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from funcsmith.contract import Result
from funcsmith.errors import ArgumentsInvalid
from funcsmith.execute import Grants, decode, execute
from funcsmith.library import Library, Saved
from funcsmith.library.signature import FunctionNode, main_function, parsed


class CallFailed(Exception):
    """A fenced call that gave no value. Where the code raised an exception that Python has itself,
    it is one of that kind too, so that `except ZeroDivisionError` works as ever.
    """

    def __init__(self, name: str, result: Result) -> None:
        Exception.__init__(self, name, result.error or result.status)
        self.result = result
        """What the fence said: status, error with its line, limit, isolation."""

    def __str__(self) -> str:
        name, said = self.args
        return f"{name}: {said}"


def function_of(saved: Saved, library: Library) -> Callable[..., Any]:
    """The callable of a saved function, looked at without running its source."""
    alone = library.alone(saved)
    # Its owner trusts this function, not those that it calls.
    if alone is saved and library.trusts(saved):
        return _plain(saved)
    node = main_function(parsed(saved.source), saved.name)
    return _fenced(alone, library.grants(saved), node)


def as_json(value: Any) -> Any:
    """A Python value as the fence takes it; ArgumentsInvalid where JSON has nothing for it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {_key(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json(inner) for inner in value]
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, (decimal.Decimal, fractions.Fraction, uuid.UUID, os.PathLike)):
        return os.fspath(value) if isinstance(value, os.PathLike) else str(value)
    if callable(listed := getattr(value, "tolist", None)):  # arrays and their numbers
        return as_json(listed())
    raise ArgumentsInvalid(
        {
            "en": f"A {type(value).__name__} cannot be handed into the fence.",
            "zh": f"不能把 {type(value).__name__} 类型的值传入隔离环境。",
        },
        hint={
            "en": "Numbers, text, dates, lists, dicts and arrays can; a function that takes more "
            "has to be trusted: funcsmith library trust NAME",
            "zh": "可以传数字、文本、日期、列表、字典和数组；需要其他类型的函数须先信任它："
            "funcsmith library trust 名称",
        },
    )


def _fenced(saved: Saved, grants: Grants | None, node: FunctionNode) -> Callable[..., Any]:
    signature = _signature(node)

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{saved.name}() {error}") from None
        given = {key: as_json(value) for key, value in kwargs.items()}
        result = execute(
            saved.source,
            saved.name,
            given,
            positional=[as_json(value) for value in args],
            grants=grants,
        )
        if result.status != "ok":
            raise _failure(saved.name, result)
        return result.value if result.typed is None else decode.restored(result.typed)

    call.__name__ = call.__qualname__ = saved.name
    call.__module__ = "funcsmith_library"
    call.__doc__ = ast.get_docstring(node)
    call.__annotations__ = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if parameter.annotation is not inspect.Parameter.empty
    }
    if signature.return_annotation is not inspect.Signature.empty:
        call.__annotations__["return"] = signature.return_annotation
    call.__signature__ = signature  # type: ignore[attr-defined]  # what `inspect` looks for
    return call


def _plain(saved: Saved) -> Callable[..., Any]:
    """The function itself, run here: its owner trusts this very source."""
    file = str(saved.path or f"<funcsmith_library {saved.name}>")
    lines = saved.source.splitlines(keepends=True)
    linecache.cache[file] = (len(saved.source), None, lines, file)
    names: dict[str, Any] = {"__name__": f"funcsmith_library.{saved.name}", "__file__": file}
    exec(compile(saved.source, file, "exec"), names)  # noqa: S102  # the owner's word
    function: Callable[..., Any] = names[saved.name]
    return function


def _failure(name: str, result: Result) -> CallFailed:
    """The error of a call, of the kind that the code raised where that is one of Python's own."""
    said = re.match(r"(\w+)", result.error or "") if result.status == "error" else None
    kind = getattr(builtins, said[1], None) if said else _STOPPED.get(result.status)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return CallFailed(name, result)
    both: type[CallFailed] = type(kind.__name__, (CallFailed, kind), {"__module__": "builtins"})
    return both(name, result)


_STOPPED = {"timeout": TimeoutError, "memory": MemoryError, "forbidden": PermissionError}


def _signature(node: FunctionNode) -> inspect.Signature:
    """The signature as `inspect` knows it, read from the tree."""
    kinds = inspect.Parameter
    found: list[inspect.Parameter] = []

    def add(argument: ast.arg, kind: Any, default: ast.expr | None = None) -> None:
        value = kinds.empty if default is None else _value(default)
        annotation = kinds.empty if argument.annotation is None else _type(argument.annotation)
        found.append(kinds(argument.arg, kind, default=value, annotation=annotation))

    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    missing: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    for place, (argument, default) in enumerate(
        zip(plain, [*missing, *arguments.defaults], strict=True)
    ):
        only = place < len(arguments.posonlyargs)
        add(argument, kinds.POSITIONAL_ONLY if only else kinds.POSITIONAL_OR_KEYWORD, default)
    if arguments.vararg:
        add(arguments.vararg, kinds.VAR_POSITIONAL)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        add(argument, kinds.KEYWORD_ONLY, default)
    if arguments.kwarg:
        add(arguments.kwarg, kinds.VAR_KEYWORD)
    returns = inspect.Signature.empty if node.returns is None else _type(node.returns)
    return inspect.Signature(found, return_annotation=returns)


class _Written:
    """A default that only the source can compute, shown as it is written there."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return _Written(ast.unparse(node))


def _type(node: ast.expr) -> Any:
    """An annotation that is made of Python's own types; others stay the text that they are."""
    try:
        return _builtin(node)
    except (TypeError, ValueError):
        return ast.unparse(node)


def _builtin(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant) and node.value in (None, Ellipsis):
        return node.value
    if isinstance(node, ast.Name) and isinstance(kind := getattr(builtins, node.id, None), type):
        return kind
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return reduce(operator.or_, (_builtin(node.left), _builtin(node.right)))
    if isinstance(node, ast.Subscript):
        inner = node.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        found = tuple(map(_builtin, parts))
        return _builtin(node.value)[found if isinstance(inner, ast.Tuple) else found[0]]
    raise ValueError(ast.unparse(node))


def _key(key: Any) -> str:
    plain = as_json(key)
    return plain if isinstance(plain, str) else str(plain)
