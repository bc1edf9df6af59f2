"""Each file in attacks/ is one way out; none of them leads anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from funcsmith.contract import Result
from funcsmith.execute import Limits, Sandbox, execute

from .conftest import World

ATTACKS = sorted((Path(__file__).parent / "attacks").glob("*.py"))
SMALL = Limits(
    cpu_seconds=0.4,
    wall_seconds=2.5,
    memory_bytes=32 * 2**20,
    output_bytes=100_000,
    value_bytes=1_000_000,
    disk_bytes=2**20,
)


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_attack_fails_in_the_fence_alone(path: Path, sandbox: Sandbox, world: World) -> None:
    """An attack that no check has seen changes nothing outside and ends as its file says."""
    source = path.read_text()

    result = sandbox.call(source, "attack", {"world": world.as_argument()}, limits=SMALL)

    assert held(result, expected(source)), result
    assert world.untouched()


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_attack_fails_behind_the_check(path: Path, world: World) -> None:
    """With the check in front, an attack is refused or ends as its file says."""
    source = path.read_text()

    result = execute(source, "attack", {"world": world.as_argument()}, limits=SMALL)

    assert result.status == "forbidden" or held(result, expected(source)), result
    assert world.untouched()


@pytest.mark.parametrize("abi", [0, 1, 2, 3, 4, 5])
def test_attacks_fail_on_older_kernels(abi: int, world: World) -> None:
    """With the Landlock of an older kernel, or none, files, network, programs and signals hold."""
    with Sandbox(landlock_abi=abi) as older:
        for path in ATTACKS:
            source = path.read_text()
            if expected(source) != "refused":
                continue
            result = older.call(source, "attack", {"world": world.as_argument()}, limits=SMALL)

            assert held(result, "refused"), (path.stem, result)
    assert world.untouched()


@pytest.mark.parametrize(
    "path",
    [path for path in ATTACKS if "# without the fence: escapes" in path.read_text()],
    ids=lambda path: path.stem,
)
def test_attack_succeeds_without_the_fence(
    path: Path, open_sandbox: Sandbox, tmp_path: Path
) -> None:
    """The same attack gets out where there is no fence, so the fence is what stops it."""
    world = World(tmp_path)
    try:
        given = {"world": world.as_argument()}
        result = open_sandbox.call(path.read_text(), "attack", given)
    finally:
        world.close()

    assert isinstance(result.value, str), result
    assert result.value.startswith("ESCAPED")


@pytest.fixture
def open_sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("FUNCSMITH_FENCE", "off-i-own-this-machine")
    with Sandbox() as unfenced:
        yield unfenced


def expected(source: str) -> str:
    line = next(line for line in source.splitlines() if line.startswith("# expect: "))
    return line.removeprefix("# expect: ")


def held(result: Result, expectation: str) -> bool:
    kind, _, detail = expectation.partition(" ")
    if "ESCAPED" in str(result.value):
        return False
    if kind == "refused":
        return True  # whatever else it did, it did not get out
    if kind == "value":
        return result.status == "ok" and result.value == json.loads(detail)
    if kind == "repr":
        return result.status == "ok" and result.repr is not None
    return result.status in detail.split("|")
