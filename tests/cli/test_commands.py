"""The other commands, on a real library and a real fence."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

from funcsmith.cli.quick import COMMANDS

SOURCE = '''
def _helper(n):
    return n

def double(n: int) -> int:
    """Twice n.

    n: any number
    """
    return 2 * _helper(n)

def fails(n: int) -> int:
    return n // 0
'''


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "functions.py"
    path.write_text(SOURCE, "utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["", *COMMANDS, "library add", "library export", "models pull"])
def test_help(command, name):
    """Every command has help of 80 columns, with examples before the options."""
    code, out, _ = command(*name.split(), "--help")

    assert code == 0
    assert out.startswith("Usage: funcsmith")
    if " " not in name and name != "doctor":
        assert out.index("  funcsmith ") < out.index("Options:")
    assert max(map(len, out.splitlines())) <= 82


def test_version(command):
    """--version is one line."""
    from funcsmith import __version__

    assert command("--version")[1] == f"funcsmith {__version__}\n"


def test_execute(command, file):
    """One function of a file runs in the fence; by name or by position."""
    code, out, _ = command("execute", file, "--function", "double", "--arguments", "[4]", "--json")

    assert code == 0
    assert json.loads(out)["value"] == 8
    assert json.loads(out)["isolation"]["kind"]

    named = ["--function", "double", "--arguments", '{"n": 21}']
    assert "42" in command("execute", file, *named)[1]


def test_code_that_fails_is_a_result(command, file):
    """The last public function is the default; its failure is exit 0."""
    code, out, _ = command("execute", file, "--arguments", "[1]", "--json")

    assert code == 0
    assert json.loads(out)["status"] == "error"
    assert "ZeroDivisionError" in json.loads(out)["error"]


def test_no_check_leaves_the_fence(command, tmp_path):
    """Without the check the fence still holds."""
    path = tmp_path / "evil.py"
    path.write_text("import os\ndef evil():\n    return os.listdir('/etc')\n")
    checked = json.loads(command("execute", str(path), "--arguments", "{}", "--json")[1])
    fenced = json.loads(
        command("execute", str(path), "--arguments", "{}", "--json", "--no-check")[1]
    )

    assert checked["status"] == "forbidden"
    assert fenced["status"] in ("error", "forbidden")
    assert "Permission" in fenced["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--arguments", "{"],
        ["--arguments", "1"],
        ["--arguments", "{}", "--function", "nope"],
        [],
    ],
)
def test_execute_refuses(command, file, arguments):
    """Bad arguments and unknown functions are usage errors, and print no outcome."""
    code, out, err = command("execute", file, *arguments, "--json")

    assert (code, out) == (2, "")
    assert err.startswith("error: ")


def test_library(command, file, tmp_path):
    """Add, list, show, search, export, remove."""
    assert "double" in command("library", "add", file)[1]

    listed = json.loads(command("library", "list", "--json")[1])
    assert {each["name"] for each in listed} == {"double", "fails"}
    assert all("verdict" in each for each in listed)
    assert "Twice n." in command("library", "list")[1]
    assert "def double" in command("library", "show", "double")[1]
    assert "_helper" in json.loads(command("library", "show", "double", "--json")[1])["source"]
    assert "double" in command("library", "search", "twice a number")[1]

    out = tmp_path / "tools.json"
    assert command("library", "export", "double", "--out", str(out), "--format", "openai")[0] == 0
    assert json.loads(out.read_text("utf-8"))[0]["function"]["name"] == "double"

    assert command("library", "remove", "double")[0] == 0
    assert command("library", "show", "double")[0] == 2
    assert command("library", "add", "/nowhere.py")[0] == 2


def test_empty_library(command):
    """An empty library says so; --json is an empty array."""
    assert command("library")[1].strip() == "Nothing here yet."
    assert json.loads(command("library", "list", "--json")[1]) == []


def test_models(command):
    """The catalogue with what is here; unknown names are refused."""
    code, out, _ = command("models")

    assert code == 0
    assert "qwen2.5-coder-1.5b" in out
    assert "absent" in out
    assert command("models", "pull", "nope")[0] == 2


def test_evaluate_refuses_unknown_suites(command):
    """A suite that does not exist is a usage error."""
    pytest.importorskip("funcsmith.evaluate")

    assert command("evaluate", "nope")[0] == 2


def test_evaluate_says_which_data_it_lacks(command):
    """Without the suite's file the error names it and the variable; nothing is started."""
    code, _, err = command("evaluate", "humaneval", "--limit", "2", "--seed", "1", "--raw")

    assert code == 2
    assert "humaneval/HumanEval.jsonl.gz" in err
    assert "FUNCSMITH_DATA" in err


def test_doctor(process):
    """The report is JSON alone, or readable."""
    done = process("doctor", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["fence"]["features"]


@pytest.mark.parametrize(
    ("start", "packages"),
    [
        ("import funcsmith", ["funcsmith"]),
        (
            "sys.argv = ['funcsmith', '--help']\nfrom funcsmith.cli import main\nmain()",
            ["annotated_doc", "funcsmith", "shellingham", "typer"],
        ),
    ],
)
def test_start_up_loads_only(start, packages):
    """The import loads nothing but Python's own, --help only Typer and what Typer needs.

    How long both take is a benchmark: benchmarks/startup.py.
    """
    code = (
        "import sys\n"
        "known = set(sys.modules)\n"
        f"try:\n{textwrap.indent(start, '    ')}\nexcept SystemExit: pass\n"
        "found = {name.partition('.')[0] for name in set(sys.modules) - known}\n"
        "print(*sorted(found - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1].split() == packages


def test_quick_way_loads_no_typer():
    """A text imports neither Typer nor the readers of tables nor, without a terminal, Rich."""
    code = (
        "import sys, runpy; sys.argv = ['funcsmith', '12 factorial']\n"
        "try: runpy.run_path('tests/cli/scripted.py', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted({'typer', 'rich', 'argparse', 'click', 'funcsmith.tables.files'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, stdin=-3
    )

    assert done.stdout.splitlines()[-1] == "[]"


READING = (
    "def first(path: str) -> str:\n    with open(path) as file:\n        return file.readline()\n"
)


def test_library_grant(command, tmp_path):
    """Grants are given, shown, added to and taken back; what does not hold is said."""
    (tmp_path / "first.py").write_text(READING, "utf-8")
    (tmp_path / "notes.txt").write_text("hello\n", "utf-8")
    command("library", "add", str(tmp_path / "first.py"))

    assert "Nothing is granted" in command("library", "grant", "first")[1]
    out = command("library", "grant", "first", "--read", str(tmp_path / "notes.txt"))[1]
    assert f"read {tmp_path}/notes.txt" in out
    out = command("library", "grant", "first", "--network", "a.de:80")[1]
    assert out.splitlines()[1:] == [f"  read {tmp_path}/notes.txt", "  network a.de:80"]
    assert "network a.de:80" in command("library", "show", "first")[1]
    listed = json.loads(command("library", "list", "--json")[1])
    assert listed[0]["grants"] == {
        "read": [str(tmp_path / "notes.txt")],
        "network": ["a.de:80"],
    }
    assert "Nothing is granted" in command("library", "grant", "first", "--none")[1]


def test_library_grant_says_what_cannot_be(command, tmp_path):
    """What cannot be granted is an error of usage, and nothing is granted."""
    (tmp_path / "first.py").write_text(READING, "utf-8")
    command("library", "add", str(tmp_path / "first.py"))
    for given in (("--read", "/proc"), ("--network", "http://a.de"), ("--package", "nothing_")):
        code, _, err = command("library", "grant", "first", *given)
        assert code == 2, given
        assert err.startswith("error: "), given
    assert "Nothing is granted" in command("library", "grant", "first")[1]


def test_execute_with_a_grant(command, tmp_path):
    """A grant of one run is said before it, on standard error."""
    (tmp_path / "first.py").write_text(READING, "utf-8")
    notes = tmp_path / "notes.txt"
    notes.write_text("hello\n", "utf-8")
    given = ("execute", str(tmp_path / "first.py"), "--arguments", json.dumps([str(notes)]))

    assert json.loads(command(*given, "--json")[1])["status"] == "forbidden"
    code, out, err = command(*given, "--json", "--read", str(notes))
    assert (code, json.loads(out)["value"]) == (0, "hello\n")
    assert err == f"granted: read {notes}\n"
