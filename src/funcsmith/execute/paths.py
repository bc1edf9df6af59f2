"""What a fenced call may read: Python's own library, the packages that are free, what was granted.

Nothing is opened here; these are the paths that the fence is built with.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..settings import settings
from .packages import FREE, beside, where

if TYPE_CHECKING:
    from .grants import Grants


def readable(grants: Grants | None) -> tuple[list[str], dict[str, str]]:
    """What a call may read: Python's library, numpy and its like, and what it was granted."""
    library = os.path.dirname(os.path.realpath(os.__file__))
    private = [
        str(Path(__file__).resolve().parent.parent),
        str(settings().home),
        os.path.expanduser("~"),
        os.path.join(library, "site-packages"),
        os.path.join(library, "dist-packages"),
        *(os.path.join(library, name) for name in _OF_NO_USE),
    ]
    private = [os.path.realpath(path) for path in private]
    paths = _beside(library, private)
    for folder in dict.fromkeys(map(os.path.realpath, ("/usr/lib", "/lib"))):
        if os.path.isdir(folder):
            paths += [
                os.path.join(folder, name)
                for name in os.listdir(folder)
                if "-linux-" in name or ".so" in name
            ]
    for folder in ("/usr/lib64", "/lib64", os.path.join(sys.base_prefix, "lib")):
        if os.path.isdir(folder):
            paths += [os.path.join(folder, name) for name in os.listdir(folder) if ".so" in name]
    paths += ["/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/null"]
    packages = {name: found for name in FREE if (found := where(name)) is not None}
    if grants:
        packages |= grants.folders
        paths += grants.read
        if grants.network:
            paths += _certificates()
    for name, place in packages.items():
        paths += [place, beside(name, place)]
    # A rule is of what a path leads to, so links need not be followed here.
    return [path for path in dict.fromkeys(paths) if os.path.exists(path)], packages


def _certificates() -> list[str]:
    """Where this machine keeps the certificates that TLS believes."""
    import ssl

    paths = ssl.get_default_verify_paths()
    found = [paths.cafile, paths.capath, paths.openssl_cafile, paths.openssl_capath]
    return [*filter(None, found), "/usr/share/ca-certificates", "/usr/local/share/ca-certificates"]


def _beside(folder: str, private: list[str]) -> list[str]:
    """The folder, or what it holds where part of it is private."""
    if folder in private:
        return []
    if not any(path.startswith(folder + os.sep) for path in private):
        return [folder]
    found: list[str] = []
    for entry in os.scandir(folder):
        found += _beside(entry.path, private) if entry.is_dir() else [entry.path]
    return found


# Parts of the standard library that compute nothing: fewer rules, faster calls.
_OF_NO_USE = (
    "ensurepip",
    "idlelib",
    "lib2to3",
    "pydoc_data",
    "test",
    "tkinter",
    "turtledemo",
    "venv",
)
