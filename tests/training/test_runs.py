"""The scripts of runs/, with a command in funcsmith's place that writes down what it is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="scripts for sh")

_FAKE = """\
#!/bin/sh
printf '%s|%s\\n' "$*" "${FUNCSMITH_ADAPTER:-}" >>"$LOG"
case "$1" in "$FAILS") exit 3 ;; esac
"""


@pytest.fixture
def run(tmp_path: Path, root: Path):
    """Run a script of runs/ in a folder of its own: exit code, and what was called since."""
    fake = tmp_path / "fake"
    fake.write_text(_FAKE)
    fake.chmod(0o755)
    log = tmp_path / "log"

    def ran(name: str, *, fails: str = "-", **more: str) -> tuple[int, list[str]]:
        log.write_text("")
        environment = {
            "PATH": os.environ["PATH"],
            "FUNCSMITH": str(fake),
            "LOG": str(log),
            "FAILS": fails,
            **more,
        }
        words = ["sh", str(root / "runs" / name), str(tmp_path / "work")]
        done = subprocess.run(words, check=False, env=environment, capture_output=True, timeout=60)
        return done.returncode, log.read_text().splitlines()

    return ran


def steps(calls: list[str]) -> list[str]:
    return [" ".join(call.split("|")[0].split()[:1]) for call in calls]


def test_whole_line_goes_on_where_it_failed(run) -> None:
    """A step that failed is the first one of the next call; what ended well is not done again."""
    assert (first := run("cpu.sh", fails="train"))[0] == 3
    assert steps(first[1]) == ["models", "data", "train"]

    code, calls = run("cpu.sh")
    assert code == 0
    assert steps(calls) == ["train", "finetune", "run", "run"]
    assert "--adapter cpu" in calls[-1]

    assert steps(run("cpu.sh")[1]) == ["run", "run"]


def test_data_without_the_public_sets(run) -> None:
    """Where FUNCSMITH_DATA is not set, only sources that need nothing are read."""
    for name in ("cpu.sh", "loop.sh"):
        asked = [call for call in run(name, fails="finetune")[1] if call.startswith("data")]
        assert "--source phrasebook --source docstrings --source library" in asked[0]


def test_refused_round_changes_nothing(run) -> None:
    """Without an adapter past the gate nothing is served, and the same round is gone on with."""
    code, calls = run("loop.sh", fails="finetune", FUNCSMITH_DATA="/data")
    assert code == 1
    assert steps(calls) == ["data", "finetune"]
    assert "round-1/data|" in calls[0]

    code, calls = run("loop.sh", NAME="ours", MODEL="default")
    assert code == 0
    assert steps(calls) == ["finetune", "serve"]
    assert "round-1/data --name ours --model default --tokens 150000" in calls[0]
    assert calls[1] == "serve|ours"


def test_next_round_begins_with_data(run) -> None:
    """A finished round is left alone; SERVE=no ends behind the gate."""
    assert steps(run("loop.sh", SERVE="no")[1]) == ["data", "finetune"]

    code, calls = run("loop.sh", SERVE="no")
    assert code == 0
    assert steps(calls) == ["data", "finetune"]
    assert all("round-2/" in call for call in calls)


def test_options_exist(run) -> None:
    """Every command of the scripts is known with every option that it is given."""
    calls = run("cpu.sh")[1] + run("loop.sh")[1]
    asked: dict[tuple[str, ...], set[str]] = {}
    for call in calls:
        words = call.split("|")[0].split()
        path = tuple(words[: 2 if words[0] in ("data", "models") else 1])
        asked.setdefault(path, set()).update(one for one in words if one.startswith("--"))

    for path, options in asked.items():
        said = subprocess.run(
            [sys.executable, "-m", "funcsmith", *path, "--help"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert [one for one in sorted(options) if one not in said] == [], path
