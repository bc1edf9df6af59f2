"""`@funcsmith.smith`: an empty typed function that gets its body from the lock.

Nothing is read, parsed or started when a module with decorated functions is imported; the first
call finds the body. The function that comes back is a plain one: it is pickled by its name, shared
by threads, and looks like what was decorated.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..errors import FunctionInvalid

if TYPE_CHECKING:
    from typing import ParamSpec

    from ..contract import Verdict

    P = ParamSpec("P")
R = TypeVar("R")
_ASYNC = 0x80 | 0x200
"""CO_COROUTINE and CO_ASYNC_GENERATOR of `inspect`, whose import takes longer than ours."""


@overload
def smith(function: Callable[P, R], /) -> Callable[P, R]: ...


@overload
def smith(
    *, verdict: Verdict | None = None, plain: bool = False
) -> Callable[[Callable[P, R]], Callable[P, R]]: ...


def smith(
    function: Callable[..., Any] | None = None,
    /,
    *,
    verdict: Verdict | None = None,
    plain: bool = False,
) -> Any:
    """Give an empty function, by its types and docstring, a body that is locked in the repository.

    `verdict` is the least that is good enough: by default `tested` where the docstring has
    examples, else `runs`. The body runs in the fence; `plain` is its owner's word to run it in the
    calling process. Raises `FunctionInvalid` for what cannot have a body (async functions, methods);
    a call raises `FunctionNotLocked` where no body is locked and none may be made.
    """
    if function is None:
        return functools.partial(_decorated, verdict=verdict, plain=plain)
    return _decorated(function, verdict=verdict, plain=plain)


def _decorated(
    function: Callable[..., Any], *, verdict: Verdict | None, plain: bool
) -> Callable[..., Any]:
    code = getattr(function, "__code__", None)
    if code is None:
        raise _refused(
            function, "is no plain function", "不是普通函数（请把 @funcsmith.smith 放在最里层）"
        )
    if code.co_flags & _ASYNC:
        raise _refused(
            function,
            "is async; what only computes has nothing to wait for, so write `def`",
            "是 async 函数；只做计算的函数无需等待，请写成普通的 def",
        )
    if "." in function.__qualname__:
        raise _refused(
            function,
            "stands inside a class or a function; put it at the top of the module",
            "定义在类或函数内部；请移到模块顶层",
        )
    if verdict not in (None, "runs", "agreed", "tested", "proven"):
        raise _refused(
            function,
            f"wants the verdict {verdict!r}; it is one of runs, agreed, tested, proven",
            f"要求的结论 {verdict!r} 不存在，应为 runs、agreed、tested、proven 之一",
        )
    made: list[Callable[..., Any]] = []
    once = threading.Lock()

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if not made:
            with once:
                if not made:
                    from .body import body_of

                    made.append(body_of(function, plain=plain))
        return made[0](*args, **kwargs)

    return called


def _refused(function: Any, en: str, zh: str) -> FunctionInvalid:
    name = getattr(function, "__qualname__", repr(function))
    return FunctionInvalid({"en": f"{name} {en}.", "zh": f"{name} {zh}。"})
