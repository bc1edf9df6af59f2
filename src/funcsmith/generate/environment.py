"""What a verification depends on beside the function: Python, packages, model, Funcsmith. No run."""

from __future__ import annotations

import ast
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ..syntax import parse

if TYPE_CHECKING:
    from ..library import Saved


@dataclass(frozen=True)
class Change:
    """Something that is otherwise than when a function was last verified."""

    what: str
    """`never` (verified), `source`, `python`, `funcsmith`, `model`, or the name of a package."""
    was: str | None = None
    now: str | None = None


def environment(saved: Saved, model: str | None) -> dict[str, Any]:
    """Where a function is verified now, as it is written down beside it."""
    from .. import __version__

    return {
        "python": platform.python_version(),
        "funcsmith": __version__,
        "model": model,
        "packages": {name: _version(name) for name in _imported(saved.source)},
        "source": saved.sha256[:12],
    }


def changes(saved: Saved, now: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is otherwise than when the function was last verified; nothing where all is the same."""
    was = saved.verified.get("environment")
    if not isinstance(was, dict):
        return (Change("never"),)
    found = [
        Change(what, _said(was.get(what)), _said(now[what]))
        for what in ("source", "python", "funcsmith", "model")
        if was.get(what) != now[what]
    ]
    before = was.get("packages")
    before = before if isinstance(before, dict) else {}
    found += [
        Change(name, _said(before.get(name)), _said(now["packages"].get(name)))
        for name in sorted({*before, *now["packages"]})
        if before.get(name) != now["packages"].get(name)
    ]
    return tuple(found)


def _imported(source: str) -> list[str]:
    """The packages that a source imports and that do not come with Python."""
    names: set[str] = set()
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return sorted(names - sys.stdlib_module_names)


@cache
def _version(package: str) -> str | None:
    """The version of a package, by the name that is imported; None where it is not installed."""
    import importlib.metadata

    for name in (package, *_owners().get(package, ())):
        try:
            return importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


@cache
def _owners() -> Mapping[str, list[str]]:
    import importlib.metadata

    return importlib.metadata.packages_distributions()


def _said(value: Any) -> str | None:
    return None if value is None else str(value)
