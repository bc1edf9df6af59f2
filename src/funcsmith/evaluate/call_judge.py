"""When calls are the right ones: by BFCL's own checker, or for other sets by ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from ..errors import RequestInvalid
from ..settings import settings
from . import judge
from .call_problems import CallProblem, Expected

BFCL_EVAL = "2026.3.23"
"""The version of `bfcl-eval` whose checker judges."""


@dataclass(frozen=True)
class Ruling:
    """Whether the calls were right, and why not."""

    right: bool
    why: str | None = None


class Judges(Protocol):
    """What judges calls, [{name: arguments}, …], of one problem."""

    def judge(self, problem: CallProblem, calls: Sequence[Mapping[str, Any]]) -> Ruling: ...

    def close(self) -> None: ...


class Own:
    """Every expected call is there once and no other, in whatever order, with equal arguments.

    Text is compared without case, punctuation and space; an argument that has the default's value
    may be left out.
    """

    def judge(self, problem: CallProblem, calls: Sequence[Mapping[str, Any]]) -> Ruling:
        if len(calls) != len(problem.expected):
            return Ruling(False, f"{len(calls)} calls for {len(problem.expected)}")
        left = [dict(call) for call in calls]
        for wanted in problem.expected:
            found = next((call for call in left if _answers(call, wanted, problem)), None)
            if found is None:
                named = any(call.keys() == wanted.keys() for call in left)
                return Ruling(False, "arguments" if named else "function")
            left.remove(found)
        return Ruling(True)

    def close(self) -> None:
        """Nothing to end."""


class Official:
    """BFCL's own checker, in an environment of its own that is made when it is first needed."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or settings().home / "environments" / f"bfcl-eval-{BFCL_EVAL}"
        self._process: subprocess.Popen[str] | None = None

    def judge(self, problem: CallProblem, calls: Sequence[Mapping[str, Any]]) -> Ruling:
        if not problem.expected:
            # As its runner has it: a call where none is wanted, or none where one is.
            wanted = problem.part == "live_relevance"
            right = bool(calls) is wanted
            return Ruling(right, None if right else "no call" if wanted else "a call")
        if not calls:
            return Ruling(False, "no call")
        asked = {
            "part": problem.part,
            "functions": list(problem.functions),
            "calls": list(calls),
            "expected": list(problem.expected),
        }
        said, heard = self._started()
        said.write(json.dumps(asked) + "\n")
        said.flush()
        line = heard.readline()
        if not line:
            raise _unusable("it ended", "它已退出")
        told = json.loads(line)
        return Ruling(told["valid"], told["why"])

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _started(self) -> tuple[IO[str], IO[str]]:
        if self._process is None:
            python = _environment(self._folder)
            self._process = subprocess.Popen(
                [str(python), "-I", str(Path(__file__).with_name("official_child.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def _environment(folder: Path) -> Path:
    """The interpreter of the checker's environment, made where it is not there whole.

    Only the package itself goes into it: the checker needs nothing of what the rest of it pins.
    """
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    whole = folder / "whole"
    if whole.is_file():
        return python
    commands = (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", "--no-deps", f"bfcl-eval=={BFCL_EVAL}"],
    )
    for command in commands:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise _unusable(said[-1] if said else "", said[-1] if said else "")
    whole.write_text(f"bfcl-eval {BFCL_EVAL}\n", "utf-8")
    return python


def _unusable(en: str, zh: str) -> RequestInvalid:
    return RequestInvalid(
        {
            "en": f"BFCL's checker (bfcl-eval {BFCL_EVAL}) cannot be used: {en}",
            "zh": f"无法使用 BFCL 的官方检查器（bfcl-eval {BFCL_EVAL}）：{zh}",
        },
        hint={
            "en": "It is installed with pip into FUNCSMITH_HOME/environments; "
            "is a package index within reach?",
            "zh": "它由 pip 安装到 FUNCSMITH_HOME/environments；请检查能否访问软件包索引。",
        },
    )


def _answers(call: Mapping[str, Any], wanted: Expected, problem: CallProblem) -> bool:
    ((name, accepted),) = wanted.items()
    if name not in call:
        return False
    schema = next((one for one in problem.functions if one["name"] == name), {})
    properties = (schema.get("parameters") or {}).get("properties") or {}
    given: Mapping[str, Any] = call[name]
    return all(
        _alike(given.get(key), accepted.get(key, ()), (properties.get(key) or {}).get("default"))
        for key in {*given, *accepted}
    )


def _alike(given: Any, accepted: Sequence[Any], default: Any) -> bool:
    """Whether an argument is right; one that is left out has the default."""
    if given is None and "" in accepted:
        return True
    given = default if given is None else given
    return any(
        _plain(given) == _plain(one) or judge.argument_right(given, [one])
        for one in accepted or (default,)
    )


def _plain(value: Any) -> Any:
    """A value as it is compared: text in small letters without what only writes it."""
    if isinstance(value, str):
        # A number in quotes is that number; the sets write both.
        if re.fullmatch(r"\s*[-+]?[0-9][0-9,]*(?:\.[0-9]+)?\s*", value):
            return float(value.replace(",", ""))
        return re.sub(r"[\s,./\-_*^'\"，。、：:]", "", value).casefold()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


__all__ = ["BFCL_EVAL", "Judges", "Official", "Own", "Ruling"]
