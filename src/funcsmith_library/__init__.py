"""The functions of the library, importable by name: `from funcsmith_library import 阶乘`.

A name is looked up in the library of FUNCSMITH_HOME when it is asked for; what comes is a callable
with the function's signature and docstring. A call runs in the fence; `funcsmith library trust
NAME` is its owner's word that it may run here, in this process. No model is asked, ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from funcsmith.library import Library

    __all__: list[str]


def __getattr__(name: str) -> Callable[..., Any]:
    if name == "__all__":
        return __dir__()  # type: ignore[return-value]  # what `import *` asks for
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "CallFailed":
        from .function import CallFailed

        return CallFailed
    from funcsmith.errors import FunctionNotFound

    from .function import function_of

    library = _library()
    try:
        saved = library.get(name)
    except FunctionNotFound as error:
        raise AttributeError(f"{error.message()} {error.hint()}") from error
    return function_of(saved, library)


def __dir__() -> list[str]:
    """The names that can be imported: those of the functions, and their other names."""
    found = [saved for saved in _library().list() if not saved.broken]
    names = {saved.name for saved in found} | {alias for one in found for alias in one.aliases}
    return sorted(name for name in names if name.isidentifier())


def _library() -> Library:
    """The library of FUNCSMITH_HOME as it is now, opened once."""
    from funcsmith.library import Library
    from funcsmith.settings import settings

    now = settings()
    where = (now.home, now.database_url)
    if where not in _opened:
        _opened[where] = Library.open(now)
    return _opened[where]


_opened: dict[object, Library] = {}
