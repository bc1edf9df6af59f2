"""The files of `deploy/` name what there is: services, variables, options, system calls."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from funcsmith.cli.app import app
from funcsmith.execute import fence
from funcsmith.models.remote import Remote
from funcsmith.settings import settings

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
UNIT = (DEPLOY / "funcsmith.service").read_text("utf-8")
IMAGE = (DEPLOY / "Containerfile").read_text("utf-8")


def composed(*names: str) -> dict[str, Any]:
    """The services of compose files, the later ones laid over the earlier as Compose does it."""
    services: dict[str, Any] = {}
    for name in names:
        for service, said in yaml.safe_load((DEPLOY / name).read_text("utf-8"))["services"].items():
            whole = services.setdefault(service, {})
            for key, value in said.items():
                merges = isinstance(value, dict) and isinstance(whole.get(key), dict)
                whole[key] = {**whole[key], **value} if merges else value
    return services


def parsed(command: list[str]) -> dict[str, Any]:
    """The values of a command of ours; a usage error where it cannot be read."""
    name, *rest = command
    whole = typer.main.get_command(app(name))
    context = whole.make_context("funcsmith", [name, *rest])
    found, command_of_it, left = whole.resolve_command(context, [name, *rest])
    return command_of_it.make_context(found, list(left)).params


def test_every_variable_is_a_setting() -> None:
    """A variable of ours that a file sets is one that `settings()` reads."""
    source = (DEPLOY.parent / "src/funcsmith/settings.py").read_text("utf-8")
    read = set(re.findall(r'get\("(FUNCSMITH_\w+)"\)', source))
    files = [path for path in DEPLOY.iterdir() if path.is_file()]
    documents = [DEPLOY.parent / "docs" / name for name in ("deploy.md", "deploy.zh-CN.md")]

    named = {
        path.name: set(re.findall(r"FUNCSMITH_\w+", path.read_text("utf-8")))
        for path in (*files, *documents)
    }

    assert {name: unknown for name, found in named.items() if (unknown := found - read)} == {}
    assert {"Containerfile", "compose.yaml", "funcsmith.service"} <= {
        n for n, f in named.items() if f
    }


def test_compose_has_database_two_replicas_and_proxy() -> None:
    """Both replicas share one home, one folder of models and one database."""
    services = composed("compose.yaml")

    first, second = services["funcsmith-1"], services["funcsmith-2"]
    assert set(services) == {"postgres", "funcsmith-1", "funcsmith-2", "proxy"}
    assert first == second
    assert first["environment"]["FUNCSMITH_DATABASE_URL"].endswith("@postgres/funcsmith")
    assert "home:/home/funcsmith/home" in first["volumes"]
    assert "FUNCSMITH_HOME=/home/funcsmith/home" in IMAGE


def test_compose_names_what_it_declares() -> None:
    """Every named volume is declared, every dependency is a service, every mounted file is there."""
    for names in (("compose.yaml",), ("compose.yaml", "compose.vllm.yaml")):
        services = composed(*names)
        declared = set[str]().union(
            *(yaml.safe_load((DEPLOY / name).read_text("utf-8"))["volumes"] for name in names)
        )
        mounted = [v.split(":")[0] for one in services.values() for v in one.get("volumes", ())]

        assert {one for one in mounted if not one.startswith(".")} <= declared
        assert all((DEPLOY / one).exists() for one in mounted if one.startswith("."))
        for service in services.values():
            assert set(service.get("depends_on", ())) <= set(services)


def test_proxy_leads_to_the_replicas() -> None:
    """The proxy's addresses are the replicas at the port that the image serves."""
    said = (DEPLOY / "Caddyfile").read_text("utf-8")
    addresses = re.search(r"reverse_proxy (.*) \{", said)

    assert addresses is not None
    assert addresses[1].split() == ["funcsmith-1:8000", "funcsmith-2:8000"]
    assert said.count("{") == said.count("}")


def test_shared_server_can_be_used_as_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With vLLM the replicas ask it alone, at an address that is taken without TLS."""
    services = composed("compose.yaml", "compose.vllm.yaml")
    for name in ("funcsmith-1", "funcsmith-2"):
        said = services[name]["environment"]
        for variable in ("FUNCSMITH_MODEL", "FUNCSMITH_REMOTE_URL", "FUNCSMITH_REMOTE_MODEL"):
            monkeypatch.setenv(variable, said[variable])
        served = services["vllm"]["command"]

        assert settings().model == "remote"
        remote = Remote.configured(settings())
        assert remote is not None
        assert remote.address == "http://vllm:8000/v1"
        assert served[served.index("--served-model-name") + 1] == remote.model
        assert "FUNCSMITH_DATABASE_URL" in said


def _commands() -> list[list[str]]:
    found = [
        shlex.split(line)
        for line in re.findall(r"^ExecStart=\S+/funcsmith (.*)$", UNIT, re.MULTILINE)
    ]
    found += [yaml.safe_load(one) for one in re.findall(r"^CMD (\[.*\])$", IMAGE, re.MULTILINE)]
    found += [shlex.split(one) for one in re.findall(r"then funcsmith (.*); fi", IMAGE)]
    said = (DEPLOY / "compose.yaml").read_text("utf-8")
    found += [shlex.split(one) for one in re.findall(r"--rm funcsmith-1 (.*)$", said, re.MULTILINE)]
    return found


def test_commands_are_found() -> None:
    """The files hold four commands of ours."""
    assert [command[0] for command in _commands()] == ["serve", "serve", "models", "keys"]


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_commands_can_be_read(command: list[str]) -> None:
    """Every command of a file is one, with options that it has."""
    values = parsed(command)

    if command[0] == "serve":
        assert values["port"] == 8000


def test_unknown_option_would_be_seen() -> None:
    """What reads the commands refuses an option that is none."""
    with pytest.raises(Exception, match="No such option"):
        parsed(["serve", "--nothing"])


def test_image_runs_without_root_and_says_whether_it_lives() -> None:
    """The last user is not root, and the check asks the address that needs no model."""
    assert re.findall(r"^USER (\S+)", IMAGE, re.MULTILINE) == ["funcsmith"]
    assert "127.0.0.1:8000/livez" in IMAGE
    assert IMAGE.index("models pull") < IMAGE.index("\nVOLUME")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_unit_is_one(tmp_path: Path) -> None:
    """systemd reads every line of the unit."""
    unit = tmp_path / "funcsmith.service"
    unit.write_text(UNIT.replace("/opt/funcsmith/bin/funcsmith", sys.executable), "utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_unit_leaves_the_fence_its_system_calls() -> None:
    """Every call that the fence allows its children, and those that close it, pass the unit's filter."""
    names = re.findall(r"^SystemCallFilter=(.*)$", UNIT, re.MULTILINE)[0].split()
    passed = _expanded(names)
    needed = {*fence._ALLOWED, *fence._CONNECTED, "prctl", "memfd_create", "clone", "execve"}
    needed |= {"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self"}

    assert needed - passed == set()
    assert "mount" not in passed


def _expanded(names: list[str]) -> set[str]:
    calls: set[str] = set()
    for name in names:
        if not name.startswith("@"):
            calls.add(name)
            continue
        said = subprocess.run(
            ["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True
        )
        inner = [line.strip() for line in said.stdout.splitlines()[1:]]
        calls |= _expanded([one for one in inner if one and not one.startswith("#")])
    return calls
