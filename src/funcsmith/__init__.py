"""Say what you want computed, in Chinese or English; get a typed function, its arguments, the result.

    >>> import funcsmith
    >>> funcsmith.run("给定一个正整数 n，输出 n 的阶乘。").value  # doctest: +SKIP
    120

Nothing heavy is imported before it is used: each name below loads its own module.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Answer": "ask",
    "Call": "contract",
    "Cancel": "models.cancel",
    "Engine": "models.engine",
    "Function": "contract",
    "FuncsmithError": "errors",
    "Grants": "execute",
    "Library": "library",
    "Limits": "execute",
    "Outcome": "contract",
    "Pipeline": "pipeline",
    "Request": "contract",
    "Result": "contract",
    "Settings": "settings",
    "ask": "ask",
    "detect": "pipeline",
    "execute": "execute",
    "generate_function": "pipeline",
    "generate_parameters": "pipeline",
    "load_ipython_extension": "notebook",
    "run": "pipeline",
    "settings": "settings",
    "smith": "lock.decorator",
}

__all__ = [
    "Answer",
    "Call",
    "Cancel",
    "Engine",
    "FuncsmithError",
    "Function",
    "Grants",
    "Library",
    "Limits",
    "Outcome",
    "Pipeline",
    "Request",
    "Result",
    "Settings",
    "__version__",
    "ask",
    "detect",
    "execute",
    "generate_function",
    "generate_parameters",
    "run",
    "settings",
    "smith",
]

if TYPE_CHECKING:
    from .ask import Answer, ask
    from .contract import Call, Function, Outcome, Request, Result
    from .errors import FuncsmithError
    from .execute import Grants, Limits, execute
    from .library import Library
    from .lock.decorator import smith
    from .models.cancel import Cancel
    from .models.engine import Engine
    from .pipeline import Pipeline, detect, generate_function, generate_parameters, run
    from .settings import Settings, settings


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'funcsmith' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Menu(ModuleType):
    """Keeps `funcsmith.execute` the function when the package of that name is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, ModuleType) and name in _HOMES:
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Menu
