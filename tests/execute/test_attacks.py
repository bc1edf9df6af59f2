"""Each file in attacks/ is one way out; none of them leads anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from funcsmith.execute import Sandbox, execute

from . import unfenced
from .attack import SMALL, Attack, World, read_attacks

ATTACKS = read_attacks()
EXCESSES = ("cpu", "wall", "memory", "disk", "output", "value", "files", "processes", "threads")
PLAIN_ENDS = ("ends", "stays", "finds", "forges", "lies", *(f"exceeds {what}" for what in EXCESSES))
ENDS = ("escapes", "unsafe", "same", *PLAIN_ENDS)
REPAIRED_SINCE = ("limit_stack", "syntax_except_star")
"""These end a Python of 3.11 only; `benchmarks/attacks.py` says what they do where it runs."""
VAGUE = ("kernel interface", "denial of service", "protocol forgery")
SOURCES = (
    r"[a-z_0-9]+\([2-8]\)|CVE-\d{4}-\d{4,}|CWE-\d+|PEP \d+|RFC \d+|[\w.-]+/[\w.-]+#\d+"
    r"|Python's [\w.]+|protocol forgery: "
)
"""A manual page, a number others gave it, a thread, or whose behaviour it is and which."""


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
        touched = not world.untouched()
    finally:
        world.close()

    assert touched or str(result.value).startswith("ESCAPED"), result


@pytest.mark.parametrize(
    "attack",
    [
        attack
        for attack in ATTACKS
        if attack.open_end.split()[0] in unfenced.WAYS and attack.name not in REPAIRED_SINCE
    ],
    ids=lambda attack: attack.name,
)
def test_attack_succeeds_in_a_plain_process(attack: Attack, tmp_path: Path) -> None:
    """In a plain process the attack takes too much, ends it, stays in it or finds its secrets."""
    assert unfenced.plain_end(attack, tmp_path) == attack.open_end


@pytest.mark.parametrize("way", PLAIN_ENDS)
def test_harmless_code_shows_nothing_in_a_plain_process(way: str, tmp_path: Path) -> None:
    """What shows that an attack succeeds does not show it of a function that means no harm."""
    harmless = Attack(tmp_path, "def attack(world):\n    return [7]\n", "value [7]", way)

    assert unfenced.plain_end(harmless, tmp_path) == "same"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_says_where_it_comes_from(attack: Attack) -> None:
    """Each file opens with what it tries, a source to look up, and both of its ends."""
    what, source, expected, open_end, *_ = attack.source.splitlines()

    assert what[:2] == "# " and what[2].isupper()
    assert what.endswith((".", ")"))
    assert source.startswith("# source: ")
    assert source.removeprefix("# source: ") not in VAGUE
    assert re.search(SOURCES, source), source
    assert expected.split()[2] in ("refused", "status", "value", "repr")
    assert open_end.removeprefix("# without the fence: ") in ENDS


@pytest.fixture
def open_sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("FUNCSMITH_FENCE", "off-i-own-this-machine")
    with Sandbox() as unfenced:
        yield unfenced
