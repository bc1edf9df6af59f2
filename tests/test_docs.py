"""What the documents say is so: commands exist, links resolve, both languages say the same."""

from __future__ import annotations

import ast
import dataclasses
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from funcsmith import errors
from funcsmith.cli.quick import COMMANDS
from funcsmith.settings import Settings

ROOT = Path(__file__).parent.parent
PAIRS = [
    ("README.md", "README.zh-CN.md"),
    ("docs/quickstart.md", "docs/quickstart.zh-CN.md"),
    ("docs/serve.md", "docs/serve.zh-CN.md"),
    ("docs/data.md", "docs/data.zh-CN.md"),
    ("docs/limitations.md", "docs/limitations.zh-CN.md"),
    ("docs/in_and_out.md", "docs/in_and_out.zh-CN.md"),
    ("docs/ask.md", "docs/ask.zh-CN.md"),
    ("docs/smith.md", "docs/smith.zh-CN.md"),
    ("docs/library.md", "docs/library.zh-CN.md"),
    ("docs/teaching.md", "docs/teaching.zh-CN.md"),
    ("docs/deploy.md", "docs/deploy.zh-CN.md"),
]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/**/*.md"))
)


def _read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", _read(name), re.DOTALL | re.MULTILINE)


def _commands() -> Iterator[tuple[str, str]]:
    for name in DOCUMENTS:
        for block in _blocks(name, "console"):
            for line in block.splitlines():
                if line.startswith("$ "):
                    yield name, line[2:]


@cache
def _help(*words: str) -> str:
    said = subprocess.run(
        [sys.executable, "-m", "funcsmith", *words, "--help"], capture_output=True, check=True
    )
    return said.stdout.decode("utf-8")


@cache
def _routes() -> list[str]:
    from funcsmith.server.access import Access
    from funcsmith.server.app import make_app
    from funcsmith.server.keys import KeyRing
    from funcsmith.server.service import Service
    from funcsmith.settings import settings

    service = Service(settings())
    app = make_app(service, Access(KeyRing(service.settings.home), host="127.0.0.1"))
    return [*app.openapi()["paths"]]


def _is_route(path: str) -> bool:
    """Whether the server answers at a path, with a value in the place of each parameter."""
    patterns = [re.sub(r"\{\w+\}", "[^/]+", route) for route in _routes()]
    return any(re.fullmatch(pattern, path) for pattern in patterns)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0])
@pytest.mark.parametrize("language", ["console", "python"])
def test_both_languages_show_the_same_code(pair: tuple[str, str], language: str) -> None:
    """A document and its translation have the same blocks of code."""
    english, chinese = pair

    assert _blocks(chinese, language) == _blocks(english, language)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0])
def test_both_languages_have_the_same_parts(pair: tuple[str, str]) -> None:
    """A document and its translation have as many headings, list items and table rows."""

    def shape(text: str) -> list[str]:
        lines = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE).splitlines()
        return [
            match.group() for line in lines if (match := re.match(r"#+|\||-(?= )|<!--.*-->", line))
        ]

    english, chinese = pair

    assert shape(_read(chinese)) == shape(_read(english))


@pytest.mark.parametrize(("document", "command"), [*_commands()])
def test_shown_commands_exist(document: str, command: str) -> None:
    """Every command that a document shows is known, with every option it uses."""
    words = shlex.split(command, comments=False)
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", _read("Makefile"), re.MULTILINE)
        return
    if words[0] == "pip":
        assert all((ROOT / word).exists() for word in words[2:] if not word.startswith("-"))
        return
    if words[0] == "curl":
        address = next(word for word in words if word.startswith("http"))
        assert _is_route(urlsplit(address).path), document
        return
    assert words[0] == "funcsmith", document
    path: list[str] = []
    if len(words) > 1 and words[1] in COMMANDS:
        path.append(words[1])
        if words[1] in ("library", "models", "keys", "data") and len(words) > 2:
            path.append(words[2])
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    said = _help(*(path or ["run"]))

    assert [option for option in options if option not in said] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown_somewhere(command: str) -> None:
    """A command that no document mentions would not be found."""
    assert any(f"funcsmith {command}" in _read(name) for name in DOCUMENTS)
    assert command in _help()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_resolve(document: str) -> None:
    """A link to a file of this repository leads to one."""
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", _read(document))

    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("document", ["docs/life_of_a_text.md", "SECURITY.md"])
def test_named_files_exist(document: str) -> None:
    """A source file that a document names is there."""
    names = re.findall(r"`([a-z_/]+\.(?:py|md))`", _read(document))
    package = ROOT / "src" / "funcsmith"

    assert [
        n for n in names if not (ROOT / n).exists() and not [*package.rglob(n.rpartition("/")[2])]
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_blocks_are_python(document: str) -> None:
    """A block that says python can be parsed."""
    for block in _blocks(document, "python"):
        ast.parse(block)


def test_settings_page_lists_every_setting() -> None:
    """docs/settings.md has every field of Settings under its variable, and no other."""
    listed = re.findall(r"^\| `(FUNCSMITH_\w+)`", _read("docs/settings.md"), re.MULTILINE)
    source = _read("src/funcsmith/settings.py")
    read = sorted(set(re.findall(r'get\("(FUNCSMITH_\w+)"\)', source)))

    assert sorted(listed) == read
    assert len(listed) == len(dataclasses.fields(Settings))


def test_errors_page_lists_every_error() -> None:
    """docs/errors.md has every error with its code, exit code and status."""
    rows = re.findall(
        r"^\| `(\w+)` \| `(\w+)` \| (\d+) \| (\d+) \|", _read("docs/errors.md"), re.MULTILINE
    )
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.FuncsmithError)
    ]

    assert [(name, code, int(leave), int(status)) for name, code, leave, status in rows] == [
        (kind.__name__, kind.code, kind.exit_code, kind.status_code) for kind in kinds
    ]


def test_privacy_is_stated() -> None:
    """Both READMEs say that there is no telemetry."""
    assert "no telemetry" in _read("README.md")
    assert "没有遥测" in _read("README.zh-CN.md")
