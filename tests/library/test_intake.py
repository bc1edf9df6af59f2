"""What of other people's code the library takes, what it leaves, and that nothing of it is run."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from funcsmith.errors import InputInvalid
from funcsmith.library import Library
from funcsmith.library.intake import Left, Taken, looked_through
from funcsmith.library.modules import File, Unbringable, brought
from funcsmith.library.places import place

BOMB = "raise SystemExit('this file must never be run')\n"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package on the path, with its metadata; running any file of it would be seen."""
    root = tmp_path / "site"
    package = root / "kitchen"
    (package / "tools").mkdir(parents=True)
    (package / "tests").mkdir()
    facts = root / "kitchen_sink-2.5.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(
        "Metadata-Version: 2.4\nName: kitchen-sink\nVersion: 2.5\nLicense-Expression: MIT\n"
    )
    (facts / "RECORD").write_text("kitchen/__init__.py,,\n")
    (facts / "top_level.txt").write_text("kitchen\n")
    files = {
        "__init__": "from ._hidden import spoons, spoons as 勺数\nfrom .weights import *\n"
        '__all__ = ["spoons", "勺数", "grams"]\n',
        "_hidden": "RATE = 15\n\ndef spoons(ml: float) -> float:\n    return ml / RATE\n\n"
        "def unseen(ml: float) -> float:\n    return ml\n",
        "weights": "from ._hidden import RATE as _rate\n\ndef grams(spoons: float) -> float:\n"
        "    return spoons * _rate\n",
        "tools/__init__": "",
        "tools/clock": "from __future__ import annotations\nimport os\nfrom typing import Any\n"
        "from . import clock as itself\n\nclass Clock:\n    def tick(self) -> int:\n        return 1\n\n"
        "def ring(times: int, *, loud: bool = False) -> str:\n"
        '    """Ring.\n\n    times: how often\n    """\n    return itself.__name__ * times\n\n'
        "def shell(line: str) -> int:\n    return os.system(line)\n\n"
        "def any_number(*n: int) -> int:\n    return sum(n)\n\n"
        "def untyped(x, y):\n    return x\n\ndef _private(x: int) -> int:\n    return x\n\n"
        "async def later(x: int) -> int:\n    return x\n",
        "tests/test_all": "def test_it():\n    pass\n",
    }
    for name, text in files.items():
        (package / f"{name}.py").write_text(text + BOMB, "utf-8")
    (package / f"faster{EXTENSION_SUFFIXES[0]}").write_bytes(b"")
    monkeypatch.syspath_prepend(str(root))
    return root


def _by_reason(left: list[Left]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in left:
        found.setdefault(one.reason, set()).add(one.name)
    return found


def _named(taken: list[Taken], name: str) -> Taken:
    return next(one for one in taken if one.name == name)


def test_package_is_taken_by_name_and_never_run(installed: Path) -> None:
    """An installed package gives its public functions; each of its files would end the process."""
    found = place("kitchen")
    taken, left = looked_through(found)

    assert found.package == {"name": "kitchen-sink", "version": "2.5", "licence": "MIT"}
    assert {one.name: one.module for one in taken} == {
        "spoons": "kitchen._hidden",
        "grams": "kitchen.weights",
        "ring": "kitchen.tools.clock",
    }
    assert _named(taken, "spoons").aliases == ("勺数",)
    assert "kitchen" not in sys.modules
    assert _by_reason(left) == {
        "private": {"unseen", "_private"},
        "method": {"Clock.tick"},
        "compiled": {"kitchen.faster"},
        "types": {"untyped"},
        "many": {"any_number"},
        "fence": {"shell"},
        "coroutine": {"later"},
    }


def test_distribution_and_module_can_be_named(installed: Path) -> None:
    """The name that pip knows, and one module of a package, are places too."""
    assert place("kitchen-sink").modules == place("kitchen").modules
    assert [one.name for one in place("kitchen.tools.clock").modules] == ["kitchen.tools.clock"]
    assert [one.name for one in place("kitchen.tools").modules] == [
        "kitchen.tools",
        "kitchen.tools.clock",
    ]
    for nothing in ("kitchen.nothing", "no_such_package", "no such", "../nowhere.py", ""):
        with pytest.raises(InputInvalid, match=r"no installed module|There is no file"):
            place(nothing)


def test_private_module_that_is_asked_for_is_taken(installed: Path) -> None:
    """Whoever names a module means it, whatever it is called."""
    taken, _ = looked_through(place("kitchen._hidden"))

    assert {one.name for one in taken} == {"spoons", "unseen"}


def test_only_takes_what_fits_a_pattern(installed: Path) -> None:
    """--only chooses by name, and what does not fit is not counted as left."""
    taken, left = looked_through(place("kitchen"), ["s*"])

    assert [one.name for one in taken] == ["spoons"]
    assert [one.name for one in left] == ["shell"]


def test_what_a_function_needs_comes_out_of_its_neighbours(installed: Path) -> None:
    """A constant of another file is brought along under the name that it has here."""
    taken, _ = looked_through(place("kitchen"))
    source = _named(taken, "grams").source

    names: dict[str, object] = {}
    exec(source, names)
    assert names["grams"](2) == 30  # type: ignore[operator]
    assert "import" not in source


def test_function_that_needs_its_package_calls_it_once_granted(
    installed: Path, library: Library
) -> None:
    """What cannot be put into one file is kept as a call, named with the grant that it needs."""
    ring = _named(looked_through(place("kitchen"))[0], "ring")

    assert ring.grant == "kitchen"
    assert "from kitchen.tools.clock import ring as _ring" in ring.source
    assert "return _ring(times, loud=loud)" in ring.source
    saved = library.add_taken(ring, {"name": "kitchen-sink", "licence": "MIT"})
    assert saved.signature == "(times: int, *, loud: bool = False) -> str"
    assert saved.parameters["properties"]["times"]["description"] == "how often"
    assert saved.package == {
        "name": "kitchen-sink",
        "licence": "MIT",
        "module": "kitchen.tools.clock",
    }
    assert library.get("ring").package == saved.package


def test_call_of_a_package_runs_only_when_granted(library: Library) -> None:
    """Kept as a call of an installed package: refused in the fence, and right once it is granted."""
    from funcsmith.execute import Grants, execute

    found = place("packaging")
    parse = _named(looked_through(found, ["parse_wheel_filename"])[0], "parse_wheel_filename")
    given = {"filename": "six-1.0-py3-none-any.whl"}

    assert parse.grant == "packaging"
    assert execute(parse.source, parse.name, given).status == "forbidden"
    granted = execute(parse.source, parse.name, given, grants=Grants.to(packages=["packaging"]))
    assert granted.status == "ok"
    assert granted.value[0] == "six"


def test_neighbours_that_clash_are_said(tmp_path: Path) -> None:
    """Two files that mean different things by one name cannot be one file."""
    (tmp_path / "a.py").write_text(
        "from b import g\nK = 1\ndef f(): return g() + K\ndef z(): ...\n"
    )
    (tmp_path / "b.py").write_text("K = 2\ndef g(): return K\n")

    with pytest.raises(Unbringable, match="different things by K"):
        brought(File.read(tmp_path / "a.py"), "f")
    taken, left = looked_through(place(tmp_path))
    assert {one.name for one in taken} == {"g", "z"}
    assert [(one.name, one.reason) for one in left] == [("f", "needs")]


def test_scripts_beside_each_other_bring_what_they_share(tmp_path: Path) -> None:
    """Relative imports, chains, another name, a star, and imports for type checkers."""
    (tmp_path / "base.py").write_text(
        '"""Base."""\nimport math\ndef root(x): return math.sqrt(x)\n'
    )
    (tmp_path / "middle.py").write_text(
        "from __future__ import annotations\nfrom base import *\nLIMIT = 3\n"
        "def twice(x): return 2 * root(x)\n"
    )
    (tmp_path / "top.py").write_text(
        "from __future__ import annotations\nfrom typing import TYPE_CHECKING\n"
        "from .middle import twice as double, LIMIT\n"
        "if TYPE_CHECKING:\n    from .nowhere import Thing\n\n"
        "def use(x: float, thing: Thing = None) -> float:\n    return double(x) + LIMIT\n"
    )

    source = brought(File.read(tmp_path / "top.py"), "use")
    done = subprocess.run(
        [sys.executable, "-c", source + "print(use(4.0))"],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert (done.stdout, done.stderr) == ("7.0\n", "")
    assert source.startswith("from __future__ import annotations\n")


def test_lazy_import_of_a_neighbour_is_never_silently_broken(tmp_path: Path) -> None:
    """An import inside a function's body cannot be brought, and is said."""
    (tmp_path / "a.py").write_text("def f(x: int) -> int:\n    from .b import g\n    return g(x)\n")
    (tmp_path / "b.py").write_text("def g(x: int) -> int:\n    return x\n")

    taken, left = looked_through(place(tmp_path))

    assert [one.name for one in taken] == ["g"]
    assert [(one.name, one.reason) for one in left] == [("f", "needs")]
    assert "imports from its own package" in left[0].detail["en"]


def test_own_files_are_taken_as_they_are(tmp_path: Path) -> None:
    """Without types, or with what has to be granted first: taken, and noted."""
    (tmp_path / "mine.py").write_text(
        "def plain(x): return x\ndef read(path: str) -> str:\n    return open(path).read()\n"
    )
    taken, _ = looked_through(place(tmp_path / "mine.py"))

    assert [one.name for one in taken] == ["plain", "read"]
    assert taken[0].notes == ({"en": "no type: x", "zh": "没有类型：x"},)
    assert "`open`" in taken[1].notes[0]["en"]


def test_functions_of_python_itself_run_in_the_fence(library: Library) -> None:
    """Parameters without annotations are known by the docstring's examples."""
    from funcsmith.execute import execute

    found = place("statistics")
    taken, _ = looked_through(found, ["median", "stdev", "median_grouped"])

    assert found.package["licence"] == "PSF-2.0"
    assert {one.name for one in taken} == {"median", "stdev"}
    saved = library.add_taken(_named(taken, "median"), found.package)
    assert saved.parameters["properties"]["data"] == {
        "type": "array",
        "items": {"type": "number"},
    }
    assert execute(saved.source, "median", {"data": [3, 1, 2]}).value == 2


def test_adding_again_changes_nothing(library: Library, installed: Path) -> None:
    """The same package a second time gives the same functions."""
    found = place("kitchen")
    for _ in range(2):
        for one in looked_through(found)[0]:
            library.add_taken(one, found.package)

    assert [saved.name for saved in library.list()] == ["grams", "ring", "spoons"]
    assert library.get("勺数").name == "spoons"
