"""What people name when they add functions: a file, a folder, a module, an installed package.

Nothing is imported or run. Of an installed package only the top name is asked for, which the import
system answers from its search paths; what lies in it is found among its files.
"""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import InputInvalid

_SKIPPED = frozenset(("__pycache__", "node_modules", "site-packages"))
_TESTS = re.compile(r"tests?|testing|conftest|test_.*|.*_test")
_COMPILED = tuple(importlib.machinery.EXTENSION_SUFFIXES)


@dataclass(frozen=True)
class Module:
    """A file with functions in it."""

    name: str
    """Dotted, as it is imported; the file's own name where it belongs to no package."""
    file: Path | None
    """None where it is built into Python."""

    @property
    def compiled(self) -> bool:
        """Whether there is no source to read."""
        return self.file is None or self.file.name.endswith(_COMPILED)

    @property
    def public(self) -> bool:
        return not any(part.startswith("_") for part in self.name.split("."))


@dataclass(frozen=True)
class Place:
    """What was named, as the modules that it holds."""

    modules: tuple[Module, ...]
    package: dict[str, str] = field(default_factory=dict)
    """name, version and licence of the installed package; empty for people's own files."""
    asked: str = ""
    """The module that was asked for by name, which is taken as public whatever it is called."""


def place(word: str | os.PathLike[str]) -> Place:
    """The place that a word means; InputInvalid where there is none."""
    path = Path(word)
    if path.is_file():
        return Place((Module(path.stem, path),))
    if path.is_dir() and os.fspath(word):
        return Place(tuple(Module(file.stem, file) for file in sorted(_files(path))))
    named = os.fspath(word)
    if re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)*", named) and not named.endswith(".py"):
        found = _imported(named)
        if found:
            return Place(found, _package(named.partition(".")[0]), named)
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", named):
        found = tuple(module for top in _tops(named) for module in _imported(top))
        if found:
            return Place(found, _facts(importlib.metadata.distribution(named)), named)
    raise InputInvalid(
        {
            "en": f"There is no file or folder {named}, and no installed module of that name.",
            "zh": f"没有文件或文件夹 {named}，也没有安装这个名称的模块。",
        },
        hint={
            "en": "A path, a module (package.module) or an installed package, by name.",
            "zh": "可以写路径、模块（package.module）或已安装的包名。",
        },
    )


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name in _SKIPPED or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix == ".py":
            yield path


def _imported(name: str) -> tuple[Module, ...]:
    """The modules at and under a dotted name; none where it is not installed."""
    top, *rest = name.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):  # a module that was put into sys.modules by hand
        return ()
    if spec is None:
        spec = importlib.machinery.PathFinder.find_spec(top, [str(Path.cwd())])
    if spec is None:
        return ()
    folders = [Path(one) for one in spec.submodule_search_locations or ()]
    if not folders:
        file = Path(spec.origin) if spec.origin and Path(spec.origin).is_file() else None
        return () if rest else (Module(top, file),)
    for part in rest[:-1]:
        folders = [folder / part for folder in folders if (folder / part).is_dir()]
    if not rest:
        return tuple(_under(folders, top))
    last = rest[-1]
    inside = [folder / last for folder in folders if (folder / last).is_dir()]
    if inside:
        return tuple(_under(inside, name))
    for folder in folders:
        for ending in (".py", *_COMPILED):
            if (folder / f"{last}{ending}").is_file():
                return (Module(name, folder / f"{last}{ending}"),)
    return ()


def _under(folders: list[Path], name: str) -> Iterator[Module]:
    """The modules of a package in the order of their names, without its tests."""
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                if path.name.isidentifier() and not _skipped(path.name):
                    yield from _under([path], f"{name}.{path.name}")
                continue
            ending = next((e for e in (".py", *_COMPILED) if path.name.endswith(e)), None)
            stem = path.name.removesuffix(ending or "").partition(".")[0]
            if ending is None or not stem.isidentifier() or _skipped(stem):
                continue
            yield Module(name if stem == "__init__" else f"{name}.{stem}", path)


def _skipped(name: str) -> bool:
    return name in _SKIPPED or _TESTS.fullmatch(name) is not None


def _tops(distribution: str) -> list[str]:
    """The names that a distribution is imported by."""
    try:
        found = importlib.metadata.distribution(distribution)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return []
    plain = _plain(found.metadata["Name"])
    owners = importlib.metadata.packages_distributions()
    return sorted(
        top
        for top, names in owners.items()
        if top.isidentifier() and plain in {_plain(name) for name in names}
    )


def _package(top: str) -> dict[str, str]:
    """What is known of the installed package that a top name belongs to."""
    if top in sys.stdlib_module_names:
        version = ".".join(map(str, sys.version_info[:3]))
        return {"name": "Python", "version": version, "licence": "PSF-2.0"}
    names = importlib.metadata.packages_distributions().get(top)
    if not names:
        return {"name": top}
    return _facts(importlib.metadata.distribution(names[0]))


def _facts(distribution: importlib.metadata.Distribution) -> dict[str, str]:
    said = distribution.metadata
    facts = {"name": said["Name"], "version": distribution.version}
    classifiers = [
        one.rpartition(" :: ")[2]
        for one in said.get_all("Classifier") or ()
        if one.startswith("License ::")
    ]
    plain = next(iter(said.get_all("License") or ()), "").strip()
    # Some put the whole text of their licence where its name belongs.
    short = plain if "\n" not in plain and len(plain) <= 100 else ""
    expression = next(iter(said.get_all("License-Expression") or ()), "")
    licence = expression or ", ".join(classifiers) or short
    return {**facts, "licence": licence} if licence else facts


def _plain(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()
