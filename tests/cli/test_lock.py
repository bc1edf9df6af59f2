"""funcsmith lock, on a real fence and a scripted engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from funcsmith.cli import turn
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline

PRICES = '''import funcsmith

@funcsmith.smith
def 含税价(price: float, rate: float = 0.13) -> float:
    """含税价格。

    >>> 含税价(100.0)
    113.0
    """

@funcsmith.smith(verdict="tested")
def double(n: int) -> int:
    """Twice the number.

    >>> double(2)
    4
    """
'''
TAX = "    return round(price * (1 + rate), 2)\n"
TWICE = "    return 2 * n\n"


@pytest.fixture
def lock(command, monkeypatch, tmp_path):
    """`funcsmith lock` in a folder with one module, on answers in their order."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    Path("prices.py").write_text(PRICES, "utf-8")
    engine = Scripted(logprob=-0.01)
    opened: list[Pipeline] = []

    def make_pipeline(**_):
        opened.append(Pipeline(engine=engine, save=False))
        return opened[-1]

    monkeypatch.setattr(turn, "make_pipeline", make_pipeline)

    def run(*arguments, answers=()):
        engine.enqueue(*answers)
        return *command("lock", *arguments), len(opened)

    return run


def states(out):
    return [(row["function"], row["state"]) for row in json.loads(out)]


def test_all_that_is_missing_is_made(lock):
    """One command makes them, in the order of the file; the check then finds nothing."""
    code, out, _, _ = lock("--check", "--json")
    assert (code, states(out)) == (1, [("含税价", "missing"), ("double", "missing")])

    code, out, err, opened = lock(answers=[TAX, TWICE])
    assert (code, opened) == (0, 1)
    assert out.splitlines()[1].split() == ["locked", "含税价", "prices.py:4", "tested"]
    assert "prices.py::double (2 of 2)" in err

    code, out, _, opened = lock("--check")
    assert (code, opened) == (0, 1)
    assert out == "2 functions locked, evidence run again, nothing to do.\n"

    code, _, _, opened = lock()
    assert (code, opened) == (0, 1)


def test_nothing_is_executed(lock):
    """A module that would do harm when imported is only read."""
    Path("prices.py").write_text(f"raise SystemExit(9)\n{PRICES}", "utf-8")

    assert lock(answers=[TAX, TWICE])[0] == 0


def test_check_names_what_is_amiss(lock):
    """Stale, altered and unused, each in its row; with exit code 1 and without a model."""
    lock(answers=[TAX, TWICE])
    text = PRICES.replace("Twice the", "Thrice the")
    Path("prices.py").write_text(text, "utf-8")
    body = Path("_smithed/prices/含税价.py")
    body.write_text(body.read_text("utf-8") + "# mine\n", "utf-8")
    held = Path("_smithed/funcsmith.lock")
    gone = '"gone.py::f" = { asked = "1", body = "2", verdict = "runs" }\n'
    held.write_text(held.read_text("utf-8") + gone, "utf-8")

    code, out, _, opened = lock("--check")

    assert (code, opened) == (1, 1)
    assert [line.split()[:2] for line in out.splitlines()[1:4]] == [
        ["altered", "含税价"],
        ["stale", "double"],
        ["unused", "f"],
    ]
    assert out.splitlines()[4] == "Then: funcsmith lock, and commit what it writes."

    code, out, _, _ = lock("--json", answers=[TWICE])
    assert (code, states(out)) == (
        0,
        [("含税价", "locked"), ("double", "locked"), ("f", "removed")],
    )
    assert body.read_text("utf-8").endswith("# mine\n")
    assert lock("--check")[0] == 0


def test_function_that_is_gone_takes_its_body_along(lock):
    """A function deleted from its module is no longer locked."""
    lock(answers=[TAX, TWICE])
    Path("prices.py").write_text(PRICES.partition("@funcsmith.smith(")[0], "utf-8")

    code, out, _, _ = lock()

    assert code == 0
    assert ["removed", "double"] in [line.split()[:2] for line in out.splitlines()]
    assert not Path("_smithed/prices/double.py").exists()


def test_what_is_too_weak_is_shown(lock):
    """The best version and its failures; nothing of it is locked, the other function is."""
    code, out, _, _ = lock(answers=[TAX, *["    return n\n"] * 20])

    assert code == 1
    assert "double: double(2) should give 4" in out
    assert "the best version, not locked:" in out
    assert "    return n\n" in out
    assert not Path("_smithed/prices/double.py").exists()
    assert lock("--check", "--json")[0] == 1


def test_rewrite_writes_anew(lock):
    """Also what is fine."""
    lock(answers=[TAX, TWICE])
    lock("--rewrite", answers=[TAX.replace("price * (1 + rate)", "price + rate * price"), TWICE])

    assert "price + rate * price" in Path("_smithed/prices/含税价.py").read_text("utf-8")
    assert lock("--check")[0] == 0


def test_refused_functions_are_rows(lock):
    """A method and a file that is no Python fail the check; the rest is made all the same."""
    Path("bad.py").write_text("import funcsmith.smith  # smith\ndef (\n", "utf-8")
    Path("inner.py").write_text(
        "import funcsmith\nclass C:\n    @funcsmith.smith\n    def f(self) -> int:\n        'Doc.'\n"
    )

    code, out, _, _ = lock("--json", answers=[TAX, TWICE])

    assert code == 1
    assert states(out) == [
        ("", "refused"),
        ("f", "refused"),
        ("含税价", "locked"),
        ("double", "locked"),
    ]


def test_folders_that_are_not_the_users_are_left_out(lock):
    """Environments, hidden folders and the bodies themselves are not searched."""
    for folder in (".venv", "node_modules", "site-packages"):
        Path(folder).mkdir()
        Path(folder, "other.py").write_text(PRICES, "utf-8")

    assert len(states(lock("--check", "--json")[1])) == 2


def test_chinese_screen(lock, monkeypatch):
    """A Chinese locale gets Chinese words."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    code, out, _, _ = lock("--check")

    assert code == 1
    assert out.splitlines()[1].split() == ["缺失", "含税价", "prices.py:4", "尚未锁定函数体"]
    assert lock("--check", "nowhere")[2].startswith("错误：nowhere 不是文件或文件夹")


def test_nothing_decorated(lock):
    """Says so, and is fine."""
    Path("prices.py").unlink()

    assert lock("--check")[:2] == (0, "No function is decorated with @funcsmith.smith here.\n")
