"""What users corrected is kept, whatever ends the program."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from funcsmith.errors import HomeUnusable, InputInvalid
from funcsmith.library.corrections import FILE, Correction, add_correction, corrections

PARAMETERS = {
    "type": "object",
    "properties": {"lake": {"type": "string"}, "hours": {"type": "integer"}},
    "required": ["lake", "hours"],
}


def correction(**changes: Any) -> Correction:
    given: dict[str, Any] = {
        "text": "在千岛湖租船，3小时",
        "what": "arguments",
        "function": "rent_boat",
        "arguments": {"lake": "千岛湖", "hours": 3},
        "parameters": PARAMETERS,
        "run": 7,
    }
    return Correction(**{**given, **changes})


def test_a_correction_is_kept(tmp_path: Path) -> None:
    """It comes back as it was, with the moment; the last of a run counts."""
    add_correction(tmp_path, correction())
    second = add_correction(tmp_path, correction(arguments={"lake": "千岛湖", "hours": 4}))
    other = add_correction(tmp_path, correction(what="rejected", arguments={}))
    assert list(corrections(tmp_path)) == [second, other]
    assert second.at
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_torn_line_costs_only_itself(tmp_path: Path) -> None:
    """What a power cut left of a line neither hides what came before nor what comes after."""
    first = add_correction(tmp_path, correction())
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"text": "\xe5\x8d')
    last = add_correction(tmp_path, correction(run=8))
    assert list(corrections(tmp_path)) == [first, last]


@pytest.mark.parametrize(
    "changes",
    [
        {"text": " "},
        {"what": "wrong"},
        {"function": ""},
        {"parameters": {}},
        {"what": "candidate"},
        {"arguments": {"hours": float("nan")}},
    ],
)
def test_what_says_too_little_is_refused(changes: dict[str, Any], tmp_path: Path) -> None:
    """A correction that could teach nothing is refused before it is written."""
    with pytest.raises(InputInvalid):
        add_correction(tmp_path, correction(**changes))
    assert list(corrections(tmp_path)) == []


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    """It says so, and in both languages."""
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeUnusable) as caught:
        add_correction(tmp_path / "file", correction())
    assert "无法写入" in caught.value.message("zh")


def _several(home: str, start: int) -> None:
    for at in range(20):
        add_correction(Path(home), correction(run=start + at))


def test_two_programs_at_once(tmp_path: Path) -> None:
    """Lines of several processes never mix."""
    context = multiprocessing.get_context("fork")
    children = [
        context.Process(target=_several, args=(str(tmp_path), 100 * at)) for at in (1, 2, 3)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert len(list(corrections(tmp_path))) == 60


_ENDLESS = """
import sys
from pathlib import Path
from tests.library.test_corrections import correction, add_correction
for at in range(1_000_000):
    add_correction(Path(sys.argv[1]), correction(run=at))
    print(at, flush=True)
"""


def test_killed_while_writing(tmp_path: Path) -> None:
    """After `kill -9` every correction that was acknowledged is there."""
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", _ENDLESS, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
    )
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(0.1)
    os.kill(child.pid, signal.SIGKILL)
    acknowledged = [int(line) for line in child.stdout.read().split("\n") if line]
    child.wait()
    child.stdout.close()
    kept = {one.run for one in corrections(tmp_path)}
    assert set(acknowledged) <= kept
