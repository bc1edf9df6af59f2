"""The project as a whole: its menu, its weight at import, its files and its licence."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import funcsmith

APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
HEAVY = (
    "pydantic",
    "torch",
    "sqlalchemy",
    "alembic",
    "httpx",
    "mcp",
    "typer",
    "rich",
    "xllamacpp",
    "numpy",
    "pandas",
    "matplotlib",
    "IPython",
    "opentelemetry",
)


def test_menu_is_sorted() -> None:
    """What the package offers is one sorted list."""
    assert funcsmith.__all__ == sorted(funcsmith.__all__)


@pytest.mark.parametrize("name", funcsmith.__all__)
def test_menu_can_be_had(name: str) -> None:
    """Every name on the menu can be imported."""
    assert getattr(funcsmith, name) is not None


def test_unknown_name_is_refused() -> None:
    """A name that is not on the menu is an AttributeError, as everywhere in Python."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        funcsmith.nothing  # noqa: B018


@pytest.mark.parametrize("statement", ["import funcsmith", "import funcsmith.cli"])
def test_import_is_light(statement: str) -> None:
    """Importing the package or its command loads nothing heavy."""
    said = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys, json; print(json.dumps([*sys.modules]))"],
        capture_output=True,
        text=True,
        check=True,
    )

    loaded = {module.partition(".")[0] for module in json.loads(said.stdout)}

    assert loaded.isdisjoint(HEAVY)


def _tracked(root: Path) -> list[Path]:
    # A tarball has no git; then everything that is not an environment or a cache counts.
    try:
        said = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=root,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        folders = ("src", "tests", "docs", "benchmarks")
        return [
            path
            for folder in folders
            for path in (root / folder).rglob("*")
            if path.is_file() and not any(part.startswith((".", "__")) for part in path.parts)
        ]
    return [root / name for name in said.stdout.decode().split("\0") if name]


def test_no_file_is_large(root: Path) -> None:
    """No file of the repository is over 500 kB."""
    large = [p for p in _tracked(root) if p.is_file() and p.stat().st_size > 500_000]

    assert large == []


def test_no_model_is_in_the_repository(root: Path) -> None:
    """Models are fetched by their sha256, never carried along."""
    assert [p for p in _tracked(root) if p.suffix in (".gguf", ".safetensors", ".bin")] == []


def test_licence_is_the_whole_of_apache_2(root: Path) -> None:
    """LICENSE is the official text, byte for byte."""
    assert hashlib.sha256((root / "LICENSE").read_bytes()).hexdigest() == APACHE_2


def test_constraints_pin_what_is_required(root: Path) -> None:
    """Everything that a plain install or the tools need has an exact version for every Python."""
    project = (root / "pyproject.toml").read_text("utf-8")
    listed = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    wanted = {
        match.lower()
        for block in listed
        for match in re.findall(r'^ +"([A-Za-z0-9_-]+)[^";]*"', block, re.MULTILINE)
    }
    lines = (root / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {line.partition("==")[0].lower() for line in lines if "==" in line}

    assert len(listed) == 2
    assert wanted <= pinned


def test_ci_runs_what_the_readme_says(root: Path) -> None:
    """.ci/run runs the test command of the README."""
    said = (root / ".ci" / "run").read_text("utf-8").splitlines()

    assert said[-1] == "make test"
    assert "make test" in (root / "README.md").read_text("utf-8")


def test_nothing_is_reported_home(root: Path) -> None:
    """Only the carriers of models and the engine's loopback speak over the network."""
    speaking = re.compile(
        r"^\s*(?:import|from) (?:httpx|requests|urllib\.request|http\.client)\b", re.MULTILINE
    )

    files = {
        path.relative_to(root / "src" / "funcsmith").as_posix()
        for path in (root / "src" / "funcsmith").rglob("*.py")
        if speaking.search(path.read_text("utf-8"))
    }

    assert {name.partition("/")[0] for name in files} <= {"models"}


def test_tests_have_no_network() -> None:
    """A test that asks for another machine fails at once."""
    with pytest.raises(OSError, match="may not reach"):
        socket.create_connection(("example.org", 80), timeout=1)
    with pytest.raises(OSError, match="may not reach"):
        socket.socket().connect(("192.0.2.1", 80))
