"""Functions as a package: what is in it, and that it works where there is no Funcsmith."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from funcsmith.errors import RequestInvalid
from funcsmith.export.evidence import tests_of as facts_as_tests
from funcsmith.export.package import module_names, write_package
from funcsmith.library import Library
from funcsmith.library.intake import looked_through
from funcsmith.library.places import Place, _under
from funcsmith.library.saved import Saved

ADDED_AGAIN = """
import json, sys
from funcsmith.library.intake import looked_through
from funcsmith.library.places import place
found = place("my-functions")
taken, left = looked_through(found)
print(json.dumps([found.package, {one.name: [one.source, *one.aliases] for one in taken}]))
"""


def test_package_has_all_that_it_needs(library: Library, folder: Path) -> None:
    """One module a function with its own source, ASCII names that differ by more than case."""
    write_package(library.list(), folder)
    modules = sorted(path.name for path in (folder / "src/my_functions").iterdir())

    assert modules == sorted(
        ["__init__.py", "_Half.py", "_con.py", "_half_2.py", "_third.py", "_u9636_u4e58.py",
         "py.typed"]
    )  # fmt: skip
    source = library.get("third").source
    assert (folder / "src/my_functions/_third.py").read_text("utf-8") == source
    assert "from ._half_2 import half as 一半" in (
        folder / "src/my_functions/__init__.py"
    ).read_text("utf-8")
    assert not (folder / "LICENSE").exists()
    project = (folder / "pyproject.toml").read_text("utf-8")
    assert "license" not in project
    assert "dependencies = []" in project


def test_facts_are_plain_tests(library: Library) -> None:
    """Examples, agreements and failures become tests; a call that does more than compute does not."""
    text, left = facts_as_tests(library.get("con"), "mine")

    assert left == 1
    assert "import datetime\nimport pytest\n\nfrom mine import con\n" in text
    assert "assert con(datetime.date(2026, 3, 1)) == {'year': 2026, 'month': 3}" in text
    assert "with pytest.raises(AttributeError):\n        con('x')" in text
    assert "__import__" not in text
    assert "assert close(half(0.3), 0.15)" in facts_as_tests(library.get("half"), "mine")[0]


@pytest.mark.parametrize(
    "call",
    [
        "f(open('/etc/passwd').read())",
        "f.__globals__",
        "f((lambda: 1)())",
        "f(x := 1)",
        "f(datetime.sys.exit())",
        "g(1)",
        "f(1); import os",
        "f(",
    ],
)
def test_evidence_of_others_cannot_run_what_it_likes(call: str) -> None:
    """The words of a record are only written down as a call of literals."""
    saved = Saved("f", "f", source="def f(x):\n    return x\n")
    saved = saved.with_record({"evidence": [{"kind": "run", "call": call, "got": "1"}]})

    assert facts_as_tests(saved, "mine") == ("", 1)


def test_example_that_fails_is_said_to_fail() -> None:
    """An example that the function does not meet is an expected failure, not left out."""
    fact = {"kind": "example", "call": "f(1)", "expected": "2", "got": "1", "passed": False}
    saved = Saved("f", "f", source="def f(x):\n    return x\n").with_record({"evidence": [fact]})

    text, _ = facts_as_tests(saved, "mine")
    assert "@pytest.mark.xfail(strict=True, " in text
    assert "assert f(1) == 2" in text
    ast.parse(text)


def test_example_in_words_becomes_a_call() -> None:
    """«3 和 4 得 7» names no function; its values are handed over in their order."""
    fact = {
        "kind": "example", "call": "例如 add(3, 4) 得 7", "text": "例如 add(3, 4) 得 7",
        "expected": "7", "got": "7", "passed": True,
    }  # fmt: skip
    saved = Saved(
        "add",
        "add",
        source="def add(a, b):\n    return a + b\n",
        parameters={"properties": {"a": {}, "b": {}}},
    ).with_record({"evidence": [fact]})

    assert "assert add(3, 4) == 7" in facts_as_tests(saved, "mine")[0]


@pytest.mark.parametrize("name", ["json", "1st", "我的函数", "class", "a b", "../up", "-x", ""])
def test_name_that_pip_or_python_cannot_use_is_refused(
    library: Library, folder: Path, name: str
) -> None:
    """A package that could not be installed or imported is not written."""
    with pytest.raises(RequestInvalid):
        write_package(library.list(), folder, name=name)
    assert not folder.exists()


def test_folder_of_something_else_is_left_alone(library: Library, folder: Path) -> None:
    """Only an earlier export is written over; what it no longer has goes, what is not its own stays."""
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(RequestInvalid, match="no exported package"):
        write_package(library.list(), folder)
    (folder / "mine.txt").unlink()
    write_package(library.list(), folder)
    (folder / "tests/test_mine.py").write_text("")
    (folder / "pyproject.toml").write_text(
        (folder / "pyproject.toml").read_text("utf-8").replace("0.1.0", "2.0.0"), "utf-8"
    )

    write_package([library.get("third")], folder, licence="MIT")

    assert sorted(path.name for path in (folder / "tests").iterdir()) == [
        "conftest.py",
        "test_mine.py",
        "test_third.py",
    ]
    project = (folder / "pyproject.toml").read_text("utf-8")
    assert 'version = "2.0.0"' in project
    assert 'license = "MIT"' in project


def test_licence_is_the_file_that_is_named(library: Library, folder: Path, root: Path) -> None:
    """A file becomes LICENSE word for word; words that are no licence are refused."""
    write_package(library.list(), folder, licence=str(root / "LICENSE"))

    assert (folder / "LICENSE").read_bytes() == (root / "LICENSE").read_bytes()
    with pytest.raises(RequestInvalid, match="SPDX"):
        write_package(library.list(), folder, licence='MIT"\nevil = "1')


def test_module_names_are_safe_everywhere() -> None:
    """Any name gives an identifier of ASCII letters, and no two the same without case."""
    names = ["f", "F", "阶乘", "con", "nul", "ｆ", "é", "x" * 200, "x" * 199 + "y"]
    found = module_names([Saved(name, name) for name in names])

    assert all(name.isascii() and name.isidentifier() and len(name) < 100 for name in found)
    assert len({name.lower() for name in found}) == len(names)


def test_package_of_a_package_is_the_same_functions(library: Library, folder: Path) -> None:
    """What was exported is taken in again with the same names, other names and sources."""
    write_package(library.list(), folder)
    modules = tuple(_under([folder / "src/my_functions"], "my_functions"))
    taken, left = looked_through(Place(modules, {"name": "my-functions"}))

    assert {one.name: one.source for one in taken} == {
        saved.name: saved.source for saved in library.list()
    }
    assert {one.name: one.aliases for one in taken}["half"] == ("一半",)
    assert {one.name for one in left} == {"_cut"}


@pytest.mark.slow
def test_round_trip_through_a_clean_environment(library: Library, folder: Path) -> None:
    """Exported, installed by pip where there is no Funcsmith, its tests pass there; and taken in
    from there by name the functions are the same."""
    write_package(library.list(), folder)
    environment = folder.parent / "clean"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin/python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, folder, "pytest"], check=True)
    outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    missing = subprocess.run(
        [python, "-c", "import funcsmith"], env=outside, capture_output=True, check=False
    )
    done = subprocess.run(
        [python, "-m", "pytest", "-q"],
        cwd=folder,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )

    assert b"ModuleNotFoundError" in missing.stderr
    assert "6 passed" in done.stdout, done.stdout + done.stderr
    installed = next((environment / "lib").glob("*/site-packages"))
    assert (installed / "my_functions/py.typed").exists()
    source = Path(__file__).parents[2] / "src"
    again = subprocess.run(
        [sys.executable, "-c", ADDED_AGAIN],
        env={**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{installed}"},
        capture_output=True,
        text=True,
        check=True,
    )
    package, functions = __import__("json").loads(again.stdout)
    assert package == {"name": "my-functions", "version": "0.1.0"}
    assert {name: one[0] for name, one in functions.items()} == {
        saved.name: saved.source for saved in library.list()
    }
