"""Fitting probabilities to result files, through the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funcsmith.cli.calibrate import calibrate
from funcsmith.errors import RequestInvalid
from funcsmith.evaluate.fitting import fit
from funcsmith.generate.calibration import FILE, Signs, probability


def result(path: Path, rows: int, *, model: str = "m") -> Path:
    made: dict[str, Any] = {
        "model": model,
        "sha256": "0" * 64,
        "suite": "mbpp_train",
        "code": {"commit": "c"},
        "data": {},
        "rows": [
            {
                "right": at % 5 > 0,
                "signs": {"verdict": "tested", "logprob": -0.1, "share": 1.0, "versions": 1},
            }
            for at in range(rows)
        ],
    }
    path.write_text(json.dumps(made))
    return path


def test_command_fits_and_keeps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """80 of 100 right: afterwards such a function is 0.8 probable, and the error is told."""
    home = tmp_path / "own"
    monkeypatch.setenv("FUNCSMITH_HOME", str(home))
    code = calibrate([result(tmp_path / "one.json", 100)])
    said = capsys.readouterr().out

    assert code == 0
    assert "80 of 100 right" in said
    assert "expected error" in said
    assert probability(Signs("tested", -0.1, 1.0, 1), model="m") == pytest.approx(0.8, abs=0.02)
    kept = json.loads((home / FILE).read_text())["fits"]
    assert [(one["model"], one["rows"]) for one in kept] == [("m", 100)]
    assert calibrate([tmp_path / "one.json"]) == 0
    assert len(json.loads((home / FILE).read_text())["fits"]) == 1


def test_bad_files_are_refused(tmp_path: Path) -> None:
    """Too few rows, two models, no result file at all: each with what to do."""
    with pytest.raises(RequestInvalid, match="too few"):
        fit([result(tmp_path / "few.json", 10)])
    with pytest.raises(RequestInvalid, match="different models"):
        fit([result(tmp_path / "a.json", 50), result(tmp_path / "b.json", 50, model="n")])
    (tmp_path / "no.json").write_text("[]")
    with pytest.raises(RequestInvalid, match="no result file"):
        fit([tmp_path / "no.json"])
    with pytest.raises(RequestInvalid, match="no result file"):
        fit([tmp_path / "absent.json"])
