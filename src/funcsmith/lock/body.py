"""A decorated function's body at its first call: found in the lock, or made where that is allowed."""

from __future__ import annotations

import builtins
import inspect
import re
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import FunctionFailed, FunctionNotLocked
from ..execute import check, default_sandbox
from ..language import language_of
from ..settings import settings
from .declaration import declared_in
from .state import Function

if TYPE_CHECKING:
    from ..contract import Result


def body_of(function: Callable[..., Any], *, plain: bool = False) -> Callable[..., Any]:
    """What a call of a decorated function runs; FunctionNotLocked where there is nothing to run."""
    found = _function(function)
    if found.stand()[0] != "locked":
        _made(found)
    source = found.source
    assert source is not None
    name = found.declaration.name
    if plain:
        return _here(source, name, str(found.lock.body(found.key)))
    return _fenced(source, name, inspect.signature(function))


def _function(function: Callable[..., Any]) -> Function:
    path = Path(function.__code__.co_filename)
    if not path.is_file():
        raise FunctionNotLocked(
            {
                "en": f"{function.__name__} stands in no file, so no body can be locked for it.",
                "zh": f"{function.__name__} 不在任何文件中，无法为它锁定函数体。",
            },
            hint={"en": "Put it into a module (a .py file).", "zh": "请把它放进一个 .py 模块。"},
        )
    for declaration in declared_in(path):
        if declaration.name == function.__name__:
            if declaration.problem is not None:
                raise declaration.refused()
            return Function.of(declaration)
    raise FunctionNotLocked(
        {
            "en": f"{path.name} does not declare {function.__name__} with @funcsmith.smith"
            " where it can be found by reading the file.",
            "zh": f"在 {path.name} 中找不到用 @funcsmith.smith 声明的 {function.__name__}。",
        },
        hint={
            "en": "Write @funcsmith.smith above its def, at the top of the module.",
            "zh": "请在模块顶层、它的 def 上方直接写 @funcsmith.smith。",
        },
    )


def _made(found: Function) -> None:
    """Have the body made, where that is allowed; what was altered by hand is never overwritten."""
    if settings().locked or found.stand()[0] == "altered":
        raise found.not_locked()
    from ..pipeline import default_pipeline
    from .making import make

    name = found.declaration.name
    said = (
        f"funcsmith：正在为 {name} 编写函数体，之后不再需要模型"
        if language_of(found.declaration.header) == "zh"
        else f"funcsmith: writing a body for {name}; later calls need no model"
    )
    sys.stderr.write(f"{said}\n")
    sys.stderr.flush()
    made = make(found, default_pipeline())
    if not made.locked:
        raise made.error()


def _here(source: str, name: str, path: str) -> Callable[..., Any]:
    """The body in this process, by its owner's word; its hash was compared just now."""
    namespace: dict[str, Any] = {"__name__": f"_smithed.{name}"}
    exec(compile(source, path, "exec"), namespace)  # noqa: S102  # what the owner asked for
    found: Callable[..., Any] = namespace[name]
    return found


def _fenced(source: str, name: str, signature: inspect.Signature) -> Callable[..., Any]:
    findings = check(source)
    if findings:
        said = "; ".join(one.message() for one in findings[:3])
        raise FunctionNotLocked(
            {"en": f"The body of {name} may not run: {said}.", "zh": f"{name} 不允许运行：{said}。"}
        )

    def run(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = {key: _crossing(value) for key, value in bound.arguments.items()}
        result = default_sandbox().call(source, name, given)
        if result.status == "ok":
            from ..generate.behaviour import value_of

            return value_of(result)
        raise _failure(result, name)

    return run


def _crossing(value: Any) -> Any:
    """A value as it goes in; its type in the signature makes it what it was."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (Decimal, Fraction)):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return type(value)(map(_crossing, value)) if type(value) in _PLAIN else value
    if type(value) is dict:
        return {_crossing(key): _crossing(one) for key, one in value.items()}
    return value


_PLAIN = (list, tuple, set, frozenset)


def _failure(result: Result, name: str) -> Exception:
    """What the call raises: the code's own error where Python has it, else FunctionFailed."""
    said = result.error or result.status
    limit = f" ({result.limit})" if result.limit else ""
    ended = FunctionFailed(
        {
            "en": f"{name} ended with {result.status}{limit}: {said}",
            "zh": f"{name} 未能完成（{result.status}{limit}）：{said}",
        }
    )
    kind, _, words = re.sub(r" \(line \d+\)\Z", "", said).partition(": ")
    known = getattr(builtins, kind, None) if kind.isidentifier() else None
    if (
        result.status != "error"
        or not (isinstance(known, type) and issubclass(known, Exception))
        or issubclass(known, UnicodeError)
    ):
        return ended
    error: Exception = known(words) if words else known()
    error.__cause__ = ended
    return error
