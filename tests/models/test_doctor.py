"""The doctor's report: what it says of a good machine, and of each thing that can be missing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from funcsmith import doctor
from funcsmith.contract import Isolation, Result
from funcsmith.doctor import EngineLibrary, Problem, Report
from funcsmith.errors import EngineFailed, SandboxUnavailable
from funcsmith.models import catalogue
from funcsmith.models.cancel import Cancel
from funcsmith.models.catalogue import Model
from funcsmith.models.engine import Capabilities, Completion, Prompt, Sampling
from funcsmith.settings import settings

BYTES = b"GGUF" + bytes(1000)
TINY = Model("tiny", "default", "tiny.gguf", len(BYTES), hashlib.sha256(BYTES).hexdigest())
WHOLE = dict.fromkeys(doctor.FEATURES, True)


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A home of its own, one tiny model, a fence that holds, an engine that answers."""
    for name in [*os.environ]:
        if name.startswith("FUNCSMITH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FUNCSMITH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FUNCSMITH_MODEL", "tiny")
    monkeypatch.setattr(catalogue, "_catalogue", lambda: (TINY,))
    monkeypatch.setattr(doctor, "_engine", lambda _: EngineLibrary("1.0", "CPU"))
    monkeypatch.setattr(doctor, "_memory", lambda: (8 * 2**30, 4 * 2**30))
    landlock(monkeypatch, 6)
    fence(monkeypatch, lambda: Result(status="ok", value=1, isolation=isolation(WHOLE)))


def landlock(monkeypatch: pytest.MonkeyPatch, abi: int) -> None:
    monkeypatch.setattr(doctor, "_landlock_abi", lambda: abi)


def isolation(features: dict[str, bool]) -> Isolation:
    return Isolation(kind="landlock+seccomp", features=features)


def fence(monkeypatch: pytest.MonkeyPatch, run: Callable[[], Result]) -> None:
    module = types.ModuleType("funcsmith.execute")
    module.execute = lambda *_, **__: run()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "funcsmith.execute", module)


def place_model(content: bytes = BYTES) -> None:
    settings().models.mkdir(parents=True, exist_ok=True)
    (settings().models / TINY.file).write_bytes(content)


def only(report: Report, part: str) -> Problem:
    (problem,) = [each for each in report.problems if each.part == part]
    return problem


def test_a_good_machine_has_no_problems() -> None:
    """And its report is JSON."""
    place_model()

    report = doctor.examine()

    assert report.problems == []
    assert report.healthy
    assert report.fence.kind == "landlock+seccomp"
    assert report.fence.features == WHOLE
    assert [(model.name, model.state) for model in report.models] == [("tiny", "verified")]
    assert report.machine.memory_bytes == 8 * 2**30
    assert json.loads(json.dumps(report.to_dict()))["healthy"] is True


def test_looking_makes_nothing() -> None:
    """A home that is not there is not there afterwards."""
    report = doctor.examine()

    assert not settings().home.exists()
    assert (report.home.exists, report.home.writable) == (False, True)
    assert report.home.free_bytes is not None
    assert report.database.reachable is None


def test_an_absent_model_is_a_warning_with_its_command() -> None:
    """The first use fetches it."""
    problem = only(doctor.examine(), "models")

    assert problem.severity == "warning"
    assert problem.advice["en"] == "funcsmith models pull tiny"


def test_an_interrupted_download_shows_how_far_it_is() -> None:
    """The part counts."""
    place_model()
    (settings().models / TINY.file).rename(settings().models / "tiny.gguf.part")

    (model,) = doctor.examine().models

    assert (model.state, model.here_bytes) == ("part", 1004)


def test_a_damaged_model_is_an_error() -> None:
    """With the command that replaces it."""
    place_model(BYTES[:-1] + b"!")

    report = doctor.examine()

    assert report.models[0].state == "invalid"
    assert not report.healthy
    assert "funcsmith models pull tiny" in only(report, "models").advice["zh"]


def test_a_model_that_does_not_fit_on_the_disk_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bytes needed and bytes free."""
    usage = shutil.disk_usage("/")._replace(free=1003)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    assert (
        "1004 bytes for it do not fit: 1003 are free"
        in only(doctor.examine(), "disk").message["en"]
    )


def test_too_little_memory_names_the_small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own needs are counted."""
    place_model()
    monkeypatch.setattr(doctor, "_memory", lambda: (2**30, 2**29))

    assert "FUNCSMITH_MODEL=small" in only(doctor.examine(), "memory").advice["en"]


def test_an_unknown_model_in_the_settings_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue is named."""
    monkeypatch.setenv("FUNCSMITH_MODEL", "nonsense")

    assert "tiny (default)" in only(doctor.examine(), "models").advice["en"]


def test_a_file_of_ones_own_is_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Beside the catalogue's models."""
    own = tmp_path / "own.gguf"
    own.write_bytes(BYTES)
    monkeypatch.setenv("FUNCSMITH_MODEL", str(own))

    states = [(model.name, model.state) for model in doctor.examine().models]

    assert states == [("tiny", "absent"), ("own", "own")]


def test_a_home_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    """It cannot be written."""
    (tmp_path / "home").write_text("in the way")

    report = doctor.examine()

    assert not report.home.writable
    assert "FUNCSMITH_HOME" in only(report, "home").advice["en"]
    assert not report.healthy


def test_a_fence_that_cannot_be_had_is_an_error_with_its_hint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The hint of the error is the advice."""
    place_model()

    def refuse() -> Result:
        raise SandboxUnavailable({"en": "No fence.", "zh": "没有围栏。"}, hint={"en": "Do."})

    fence(monkeypatch, refuse)
    problem = only(doctor.examine(), "fence")

    assert problem.message["en"] == "No call can be run in a fence: No fence."
    assert problem.message["zh"] == "无法在围栏中运行任何调用：没有围栏。"
    assert problem.advice["en"] == "Do."


def test_a_kernel_without_landlock_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel says 0."""
    place_model()
    landlock(monkeypatch, 0)

    report = doctor.examine()

    assert report.fence.landlock_abi == 0
    assert "no Landlock" in only(report, "fence").message["en"]


def test_each_open_side_of_the_fence_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that the result does not mention."""
    place_model()
    features = {**WHOLE, "network": False}
    del features["memory"]
    fence(monkeypatch, lambda: Result(status="ok", value=1, isolation=isolation(features)))

    report = doctor.examine()

    assert report.fence.features == {**WHOLE, "network": False, "memory": False}
    assert "does not hold: network, memory." in only(report, "fence").message["en"]


def test_a_fence_in_which_nothing_runs_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its status is shown."""
    place_model()
    killed = Result(status="killed", error="signal 31", isolation=isolation(WHOLE))
    fence(monkeypatch, lambda: killed)

    assert "gave killed: signal 31" in only(doctor.examine(), "fence").message["en"]


def test_an_open_fence_is_said_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever owns the machine is reminded."""
    place_model()
    monkeypatch.setenv("FUNCSMITH_FENCE", "off-i-own-this-machine")

    assert "may do what you may" in only(doctor.examine(), "fence").message["en"]


def test_a_setting_that_is_no_number_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is looked at all the same."""
    place_model()
    monkeypatch.setenv("FUNCSMITH_THREADS", "many")

    report = doctor.examine()

    assert "FUNCSMITH_THREADS" in only(report, "settings").advice["en"]
    assert report.models[0].state == "verified"


def test_a_database_that_works_is_reachable(tmp_path: Path) -> None:
    """By URL."""
    place_model()
    given = replace(settings(), database_url=f"sqlite:///{tmp_path / 'x.db'}")

    assert doctor.examine(given).database.reachable is True


def test_a_database_out_of_reach_is_an_error_without_its_password() -> None:
    """Neither the report nor the problem shows it."""
    place_model()
    given = replace(settings(), database_url="nosuch://me:hush@db.example/x")

    report = doctor.examine(given)

    assert report.database.reachable is False
    assert "hush" not in json.dumps(report.to_dict())
    assert "me:***@db.example" in only(report, "database").message["en"]


def test_a_damaged_sqlite_file_is_an_error() -> None:
    """And a sound one is none."""
    place_model()
    path = settings().home / "library.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (x)")
    connection.close()

    assert doctor.examine().database.reachable is True
    path.write_bytes(b"not a database, not at all" * 100)
    assert "is damaged" in only(doctor.examine(), "database").message["en"]


class Measured:
    """An engine that answers at once."""

    model = "tiny"
    capabilities = Capabilities()

    def __init__(self, *, dead: bool = False) -> None:
        self._dead = dead

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        if self._dead:
            raise EngineFailed({"en": "It died.", "zh": "它停了。"})
        return Completion("x", prompt_tokens=100, generated_tokens=sampling.max_tokens)

    def candidates(
        self, prompt: Prompt, samplings: Sequence[Sampling], *, cancel: Cancel | None = None
    ) -> list[Completion]:
        return [self.complete(prompt, sampling) for sampling in samplings]

    def count(self, text: str) -> int:
        return len(text)

    def close(self) -> None: ...


def test_speed_is_measured_on_the_engine_handed_in() -> None:
    """Only where it is asked for."""
    place_model()

    speed = doctor.examine(speed=True, engine=Measured()).speed

    assert doctor.examine(engine=Measured()).speed is None
    assert speed is not None
    assert speed.model == "tiny"
    assert speed.decode_tokens_per_second > 0


@pytest.mark.parametrize(
    ("engine", "said"), [(None, "there is no engine"), (Measured(dead=True), "It died.")]
)
def test_speed_without_a_living_engine_is_a_problem(engine: Any, said: str) -> None:
    """Not a crash."""
    place_model()

    report = doctor.examine(speed=True, engine=engine)

    assert report.speed is None
    assert said in only(report, "speed").message["en"]


def test_the_engine_library_is_asked_in_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it ends badly the last line is the reason."""
    monkeypatch.undo()
    problems: list[Problem] = []
    monkeypatch.setattr(doctor, "_ENGINE_QUESTION", "raise SystemExit('no such library')")

    library = doctor._engine(problems)

    assert (library.system_info, library.devices) == (None, [])
    assert "cannot be used: no such library." in problems[0].message["en"]


def test_the_engine_library_names_its_devices() -> None:
    """At least the processor."""
    pytest.importorskip("xllamacpp")
    problems: list[Problem] = []

    library = REAL_ENGINE(problems)

    assert problems == []
    assert library.version
    assert any(device.kind == "CPU" for device in library.devices)


REAL_ENGINE = doctor._engine


def test_a_container_has_the_memory_of_its_limit() -> None:
    """What the machine says is positive, and free is no more than all."""
    total, free = REAL_MEMORY()

    if total is None or free is None:
        pytest.skip("this system does not say")
    assert 0 < free <= total


REAL_MEMORY = doctor._memory


def test_every_problem_is_said_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Message and advice."""
    (tmp_path / "home").write_text("in the way")
    monkeypatch.setenv("FUNCSMITH_FENCE", "off")
    monkeypatch.setenv("FUNCSMITH_MODEL", "nonsense")

    problems = doctor.examine(speed=True).problems

    assert len(problems) >= 4
    for problem in problems:
        assert problem.message["en"] != problem.message["zh"]
        assert problem.advice["en"]
        assert problem.advice["zh"]
