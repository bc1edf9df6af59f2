"""Where installed packages lie, and which others they require. Nothing of them is imported."""

from __future__ import annotations

import importlib.util
import os
import re
from collections import deque
from collections.abc import Mapping
from functools import lru_cache

from ..errors import GrantInvalid

FREE = (
    *("numpy", "pandas", "dateutil", "pytz", "tzdata", "six"),
    *("matplotlib", "mpl_toolkits", "PIL", "contourpy", "kiwisolver", "cycler"),
    *("pyparsing", "packaging", "fontTools"),
)
"""Installed packages that every call may read: numpy, pandas, matplotlib, what they import."""


def where(name: str) -> str | None:
    """The folder of a package, or the file of a module that is one; None where it is neither."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None:
        return None
    folders = list(spec.submodule_search_locations or ())
    if folders:
        return os.path.realpath(folders[0])
    return os.path.realpath(spec.origin) if spec.origin and os.path.isfile(spec.origin) else None


def beside(name: str, place: str) -> str:
    """Where a wheel puts the shared libraries of a package: `numpy.libs` beside `numpy`."""
    return os.path.join(os.path.dirname(place), f"{_LIBRARIES.get(name, name)}.libs")


@lru_cache(maxsize=32)
def folders_of(names: tuple[str, ...]) -> Mapping[str, str]:
    """Where these packages and all that they require lie, by the name that is imported."""
    found: dict[str, str] = {}
    if not names:
        return found
    import importlib.metadata

    owners = importlib.metadata.packages_distributions()
    imported: dict[str, list[str]] = {}
    for name, distributions in owners.items():
        for distribution in distributions:
            imported.setdefault(_plain(distribution), []).append(name)
    for name in names:
        if not name.isidentifier() or where(name) is None:
            raise GrantInvalid(
                {"en": f"The package {name!r} is not installed.", "zh": f"没有安装包 {name!r}。"},
                hint=f"pip install {name}" if name.isidentifier() else "",
            )
    waiting = deque(_plain(one) for name in names for one in owners.get(name, ()))
    seen = set(waiting)
    for name in names:
        found[name] = where(name) or ""
    while waiting:
        distribution = waiting.popleft()
        for name in imported.get(distribution, ()):
            place = where(name) if name.isidentifier() else None
            if place is not None:
                found[name] = place
        for required in _required(distribution):
            if required not in seen:
                seen.add(required)
                waiting.append(required)
    return found


def _required(distribution: str) -> list[str]:
    """The distributions that one requires, those of its extras left out."""
    import importlib.metadata

    try:
        lines = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [
        _plain(match[0])
        for line in lines
        if "extra" not in line.partition(";")[2] and (match := _NAME.match(line))
    ]


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


_LIBRARIES = {"PIL": "pillow"}  # whose shared libraries lie under the distribution's name
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
