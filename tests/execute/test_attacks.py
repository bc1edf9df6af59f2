"""Each file in attacks/ is one way out; none of them leads anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funcsmith.execute import Sandbox, execute

from .attack import SMALL, Attack, World, read_attacks

ATTACKS = read_attacks()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_fails_in_the_fence_alone(attack: Attack, sandbox: Sandbox, world: World) -> None:
    """An attack that no check has seen changes nothing outside and ends as its file says."""
    result = sandbox.call(attack.source, "attack", {"world": world.as_argument()}, limits=SMALL)

    assert attack.held(result), result
    assert world.untouched()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_fails_behind_the_check(attack: Attack, world: World) -> None:
    """With the check in front, an attack is refused or ends as its file says."""
    result = execute(attack.source, "attack", {"world": world.as_argument()}, limits=SMALL)

    assert result.status == "forbidden" or attack.held(result), result
    assert world.untouched()


@pytest.mark.parametrize("abi", [0, 1, 2, 3, 4, 5])
def test_attacks_fail_on_older_kernels(abi: int, world: World) -> None:
    """With the Landlock of an older kernel, or none, files, network, programs and signals hold."""
    with Sandbox(landlock_abi=abi) as older:
        for attack in ATTACKS:
            if attack.expected != "refused":
                continue
            result = older.call(
                attack.source, "attack", {"world": world.as_argument()}, limits=SMALL
            )

            assert attack.held(result), (attack.name, result)
    assert world.untouched()


@pytest.mark.parametrize(
    "attack",
    [attack for attack in ATTACKS if attack.open_end == "escapes"],
    ids=lambda attack: attack.name,
)
def test_attack_succeeds_without_the_fence(
    attack: Attack, open_sandbox: Sandbox, tmp_path: Path
) -> None:
    """The same attack gets out where there is no fence, so the fence is what stops it."""
    world = World(tmp_path)
    try:
        given = {"world": world.as_argument()}
        result = open_sandbox.call(attack.source, "attack", given)
    finally:
        world.close()

    assert isinstance(result.value, str), result
    assert result.value.startswith("ESCAPED")


@pytest.fixture
def open_sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("FUNCSMITH_FENCE", "off-i-own-this-machine")
    with Sandbox() as unfenced:
        yield unfenced
