"""library add, alias, export, trust: what is typed and what is shown."""

from __future__ import annotations

import json

import pytest

from funcsmith.library import Library
from funcsmith.settings import settings

SOURCE = '''
from __future__ import annotations


def double(n: int) -> int:
    """Twice n.

    >>> double(4)
    8
    """
    return 2 * n


def _helper(n):
    return n


class Thing:
    def method(self):
        return 1
'''


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "functions.py"
    path.write_text(SOURCE, "utf-8")
    return str(path)


def test_add_says_what_it_took_and_what_it_left(command, file):
    """A line for each function, then a table of reasons with counts."""
    code, out, _ = command("library", "add", file)

    assert code == 0
    assert "+ double(n: int) -> int  tested" in out
    assert [line.split() for line in out.splitlines()[-3:]] == [
        ["left", "out", "count", "names"],
        ["private", "1", "_helper"],
        ["a", "method", "of", "a", "class", "1", "Thing.method"],
    ]


def test_dry_run_adds_nothing(command, file):
    """--dry-run says the same and keeps nothing."""
    code, out, _ = command("library", "add", file, "--dry-run")

    assert code == 0
    assert "~ double(n: int) -> int" in out
    assert json.loads(command("library", "list", "--json")[1]) == []


def test_words_are_those_of_the_language(command, file, monkeypatch):
    """In a Chinese environment the reasons are Chinese."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")

    out = command("library", "add", file, "--dry-run")[1]

    assert "未添加" in out
    assert "类的方法" in out


def test_aliases_are_names(command, file):
    """Given with add or afterwards, a function is shown, searched and found by them."""
    assert command("library", "add", file, "--alias", "double=两倍")[0] == 0
    assert "两倍" in command("library", "alias", "double", "{n} 的两倍")[1]

    assert "Twice n." in command("library", "show", "两倍")[1]
    assert "double" in command("library", "search", "两倍")[1]
    opened = Library.open(settings())
    matched = opened.match_template("请问 21 的两倍？")
    opened.close()
    assert matched is not None
    assert (matched[0].name, matched[1]) == ("double", {"n": "21"})


@pytest.mark.parametrize(
    "arguments",
    [
        ["library", "add", "FILE", "--alias", "nope=两倍"],
        ["library", "add", "FILE", "--alias", "两倍"],
        ["library", "add", "no.such.module"],
        ["library", "alias", "nope", "两倍"],
        ["library", "export", "--out", "x"],
        ["library", "trust", "nope"],
        ["mcp", "nope"],
        ["mcp", "--http", "--host", "0.0.0.0"],
    ],
)
def test_what_cannot_be_done_is_refused(command, file, arguments):
    """A usage error is one line, without a traceback."""
    code, _, err = command(*[file if one == "FILE" else one for one in arguments])

    assert code == 2
    assert err.startswith(("error: ", "错误："))


@pytest.mark.parametrize("text", ["{n}", "{x} doubled", "{n} and {x} doubled", "{"])
def test_text_that_cannot_be_answered_is_no_alias(command, file, text):
    """A text needs the function's own parameters and words around them."""
    command("library", "add", file)

    assert command("library", "alias", "double", text)[0] == 2


def test_name_of_another_function_is_no_alias(command, file, tmp_path):
    """Two functions cannot be called the same."""
    (tmp_path / "triple.py").write_text("def triple(n: int) -> int:\n    return 3 * n\n")
    command("library", "add", file, str(tmp_path / "triple.py"))
    command("library", "alias", "double", "倍")

    for taken, said in (("double", "is a name of double already"), ("倍", "已经是 double 的名称")):
        code, _, err = command("library", "alias", "triple", taken)
        assert code == 2
        assert said in err


def test_export_and_trust(command, file, tmp_path):
    """Every form is written where it is asked for; trust is said, and taken back."""
    command("library", "add", file, "--alias", "double=两倍")
    package = tmp_path / "my-functions"

    assert command("library", "export", "--format", "package", "--out", str(package))[0] == 0
    assert (package / "src/my_functions/_double.py").exists()
    assert command("library", "export", "--out", str(tmp_path / "a.py"), "--license", "MIT")[0] == 2
    tools = tmp_path / "tools.json"
    assert command("library", "export", "--format", "openai", "--out", str(tools))[0] == 0
    assert json.loads(tools.read_text("utf-8"))[0]["function"]["strict"] is True
    assert "without the fence" in command("library", "trust", "double")[1]
    assert "in the fence" in command("library", "trust", "double", "--none")[1]
