"""Functions as a package for pip: one module each, typed, with their evidence as tests.

A module holds the function's source as it is in the library, so helpers of one name never meet.
File names are ASCII and differ by more than case, whatever the functions are called.
"""

from __future__ import annotations

import ast
import json
import keyword
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import RequestInvalid
from ..library.files import unusable
from ..library.saved import Saved
from ..library.signature import parsed
from . import write
from .evidence import CONFTEST, tests_of

_LONGEST = 80
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = re.compile(r'^version = "([^"\n]+)"', re.MULTILINE)
_FILES = re.compile(r"^\[tool\.funcsmith\]\nfiles = (\[.*\])$", re.MULTILINE)


def write_package(
    functions: Sequence[Saved],
    folder: Path,
    *,
    name: str | None = None,
    licence: str | None = None,
) -> list[Path]:
    """Write the package into a folder and give its files.

    `name` is what pip calls it, the folder's name by default. `licence` is a file that becomes its
    LICENSE, or an SPDX expression; without one it says nothing of a licence. RequestInvalid where
    the folder holds something else, or the name cannot be one.
    """
    name = name if name is not None else folder.resolve().name
    imported = _import_name(name)
    old = _old(folder)
    files = {f"src/{imported}/py.typed": ""}
    modules = dict(zip((saved.file for saved in functions), module_names(functions), strict=True))
    left: dict[str, int] = {}
    for saved in functions:
        module = modules[saved.file]
        files[f"src/{imported}/{module}.py"] = saved.source
        tests, left[saved.file] = tests_of(saved, imported)
        if tests:
            files[f"tests/test{module}.py"] = tests
    files["tests/conftest.py"] = CONFTEST
    files[f"src/{imported}/__init__.py"] = _init(functions, modules)
    files["README.md"] = _readme(functions, modules, name, imported, left)
    spdx = ""
    if licence is not None:
        if Path(licence).is_file():
            files["LICENSE"] = Path(licence).read_text("utf-8")
        else:
            spdx = _spdx(licence)
    version = found[1] if (found := _VERSION.search(old)) else "0.1.0"
    listed = sorted([*files, "pyproject.toml"])
    files["pyproject.toml"] = _pyproject(functions, name, imported, version, spdx, files, listed)
    _clear(folder, old, set(listed))
    for path, text in files.items():
        write(folder / path, text)
    return [folder / path for path in listed]


def module_names(functions: Sequence[Saved]) -> list[str]:
    """A file name for each function, without its ending.

    >>> module_names([Saved("f", "f"), Saved("F", "F"), Saved("阶乘", "阶乘")])
    ['_f', '_F_2', '_u9636_u4e58']
    """
    found: list[str] = []
    taken: set[str] = set()
    for saved in functions:
        plain = "".join(c if c.isascii() else f"_u{ord(c):x}" for c in saved.name).lstrip("_")
        base = f"_{plain[:_LONGEST]}"
        wanted, number = base, 1
        while wanted.lower() in taken:
            number += 1
            wanted = f"{base}_{number}"
        taken.add(wanted.lower())
        found.append(wanted)
    return found


def _init(functions: Sequence[Saved], modules: dict[str, str]) -> str:
    lines = ['"""Functions exported from a Funcsmith library."""', ""]
    names: list[str] = []
    for saved in functions:
        lines.append(f"from .{modules[saved.file]} import {saved.name}")
        names.append(saved.name)
        for alias in saved.aliases:
            if alias.isidentifier() and not keyword.iskeyword(alias) and alias not in names:
                lines.append(f"from .{modules[saved.file]} import {saved.name} as {alias}")
                names.append(alias)
    listed = "".join(f"    {name!r},\n" for name in names).replace("'", '"')
    return "\n".join(lines) + f"\n\n__all__ = [\n{listed}]\n"


def _pyproject(
    functions: Sequence[Saved],
    name: str,
    imported: str,
    version: str,
    spdx: str,
    files: dict[str, str],
    listed: list[str],
) -> str:
    required = json.dumps(_required(functions))
    lines = [
        "[build-system]",
        'requires = ["hatchling>=1.27"]',
        'build-backend = "hatchling.build"',
        "",
        "[project]",
        f'name = "{name}"',
        f'version = "{version}"',
        'description = "Functions exported from a Funcsmith library."',
        'readme = "README.md"',
        'requires-python = ">=3.10"',
        f"dependencies = {required}",
        'classifiers = ["Typing :: Typed"]',
    ]
    if spdx:
        lines.append(f'license = "{spdx}"')
    if "LICENSE" in files:
        lines.append('license-files = ["LICENSE"]')
    lines += [
        "",
        "[project.optional-dependencies]",
        'test = ["pytest"]',
        "",
        "[tool.hatch.build.targets.wheel]",
        f'packages = ["src/{imported}"]',
        "",
        "[tool.pytest.ini_options]",
        'testpaths = ["tests"]',
        'addopts = "--import-mode=importlib"',
        "",
        "[tool.funcsmith]",
        f"files = {json.dumps(listed, ensure_ascii=False)}",
    ]
    return "\n".join(lines) + "\n"


def _required(functions: Sequence[Saved]) -> list[str]:
    """The distributions that the functions import, those of Python itself left out."""
    imported: set[str] = set()
    for saved in functions:
        for node in ast.walk(parsed(saved.source)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                imported.add(node.module.partition(".")[0])
    imported -= sys.stdlib_module_names
    if not imported:
        return []
    from importlib.metadata import packages_distributions

    owners = packages_distributions()
    return sorted({owners.get(one, [one])[0] for one in imported}, key=str.lower)


def _readme(
    functions: Sequence[Saved],
    modules: dict[str, str],
    name: str,
    imported: str,
    left: dict[str, int],
) -> str:
    rows = [
        f"| `{saved.name}{_cell(saved.signature)}` | {_cell(saved.summary)} | {saved.verdict} "
        f"| `src/{imported}/{modules[saved.file]}.py` | {_cell(saved.taken_from)} |"
        for saved in functions
    ]
    lines = [
        f"# {name}",
        "",
        "Functions exported from a Funcsmith library.",
        "They need no Funcsmith: 这些函数不依赖 Funcsmith，可直接使用。",
        "",
        "```python",
        f"from {imported} import {functions[0].name}" if functions else f"import {imported}",
        "```",
        "",
        "| function | what it does | verdict | file | taken from |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "`proven` and `tested` functions pass the examples that they were given, `agreed` ones were",
        "written several times independently with the same results, `runs` ones ran without error.",
        "What is known of each is in `tests/`: `pip install '.[test]'`, then `pytest`.",
    ]
    if count := sum(left.values()):
        facts = "1 fact is" if count == 1 else f"{count} facts are"
        lines += [
            "",
            f"{facts} not among the tests: a clock, the owner's files, or no plain value.",
        ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")


def _import_name(name: str) -> str:
    """The name that Python imports; RequestInvalid where it cannot be one."""
    imported = re.sub(r"[-.]+", "_", name)
    problem = None
    if not _NAME.fullmatch(name) or not imported.isidentifier() or keyword.iskeyword(imported):
        problem = (
            f"{name!r} cannot be the name of a package.",
            f"{name!r} 不能作为包名。",
        )
    elif imported in sys.stdlib_module_names:
        problem = (
            f"{imported} is a module of Python itself; the package would never be imported.",
            f"{imported} 是 Python 自带的模块名，这样的包导入不到。",
        )
    if problem is not None:
        raise RequestInvalid(
            {"en": problem[0], "zh": problem[1]},
            hint={
                "en": "Letters, digits and hyphens, a letter first: --package-name my-functions",
                "zh": "请用字母、数字和连字符，以字母开头：--package-name my-functions",
            },
        )
    return imported


def _spdx(licence: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*", licence):
        raise RequestInvalid(
            {
                "en": f"{licence!r} is neither a file nor an SPDX expression.",
                "zh": f"{licence!r} 既不是文件，也不是 SPDX 许可证表达式。",
            },
            hint="--license LICENSE, --license MIT",
        )
    return licence


def _old(folder: Path) -> str:
    """The pyproject.toml of an earlier export; RequestInvalid where something else is there."""
    try:
        old = (folder / "pyproject.toml").read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        old = ""
    except (OSError, UnicodeDecodeError) as error:
        raise unusable(folder, error) from error
    if not _FILES.search(old) and folder.exists() and (folder.is_file() or any(folder.iterdir())):
        raise RequestInvalid(
            {
                "en": f"{folder} is there already and is no exported package.",
                "zh": f"{folder} 已存在，且不是导出的包。",
            },
            hint={"en": "Name a new folder.", "zh": "请指定一个新文件夹。"},
        )
    return old


def _clear(folder: Path, old: str, kept: set[str]) -> None:
    """Remove what the earlier export wrote and this one does not."""
    found = _FILES.search(old)
    for file in json.loads(found[1]) if found else []:
        path = (folder / file).resolve()
        if file not in kept and path.is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
