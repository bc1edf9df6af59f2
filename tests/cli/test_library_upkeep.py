"""funcsmith library history, diff, rollback, verify, rebuild, runs: as people and programs see them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

GOOD = 'def double(x: int) -> int:\n    """Twice.\n\n    >>> double(4)\n    8\n    """\n    return 2 * x\n'


@pytest.fixture
def added(command, environment: Path, tmp_path: Path):
    """A library with `double`, and the path of its file."""
    (tmp_path / "double.py").write_text(GOOD)
    assert command("library", "add", str(tmp_path / "double.py"))[0] == 0
    return environment / "library" / "double.py"


def test_history_diff_and_rollback(command, added: Path) -> None:
    """An edit is shown, held against what was, and taken back with the evidence of what was."""
    added.write_text(GOOD.replace("2 * x", "3 * x"))

    code, out, _ = command("library", "history", "double", "--json")
    found = json.loads(out)
    assert code == 0
    assert [(v["version"], v["cause"], v["verdict"], v["current"]) for v in found] == [
        (1, "saved", "tested", False), (2, "edited", "unverified", True),
    ]  # fmt: skip
    assert "edited by hand" in command("library", "history", "double")[1]
    assert command("library", "diff", "double")[1].endswith(
        "-    return 2 * x\n+    return 3 * x\n"
    )
    assert "+    return 3" in json.loads(command("library", "diff", "double", "--json")[1])["diff"]

    said = json.loads(command("library", "rollback", "double", "--json")[1])
    assert (said["version"], said["cause"], said["of"], said["verdict"]) == (
        3, "rollback", 1, "tested",
    )  # fmt: skip
    assert added.read_text() == GOOD
    assert "rollback to 1" in command("library", "history", "double")[1]
    assert "No difference" in command("library", "diff", "double", "1", "3")[1]


def test_version_that_is_not_there(command, added: Path) -> None:
    """One line, exit code 2, and the versions that there are."""
    code, _, err = command("library", "rollback", "double", "9")

    assert code == 2
    assert "no version 9" in err and "1-" in err


def test_edit_is_verified_by_its_own_examples(command, added: Path) -> None:
    """`verify` runs them; a wrong edit fails and is said, a right one is tested."""
    added.write_text(GOOD.replace("2 * x", "3 * x"))
    code, out, _ = command("library", "verify")
    assert code == 1
    assert "! double" in out and "→ 12" in out

    added.write_text(GOOD.replace("2 * x", "x + x"))
    code, out, _ = command("library", "verify", "--json")
    [one] = json.loads(out)
    assert (code, one["state"], one["verdict"], one["held"]) == (0, "holds", "tested", 1)
    assert [v["cause"] for v in json.loads(command("library", "history", "double", "--json")[1])] == [
        "saved", "edited", "edited",
    ]  # fmt: skip


def test_only_what_changed_is_verified(command, added: Path, monkeypatch) -> None:
    """Nothing twice; after an upgrade of Python everything, with what changed."""
    assert "first time" in command("library", "verify", "--changed")[1]
    before = added.with_suffix(".json").read_text()
    assert json.loads(command("library", "verify", "--changed", "--json")[1]) == []
    assert "1 unchanged" in command("library", "verify", "--changed")[1]
    assert command("library", "verify")[0] == 0
    assert added.with_suffix(".json").read_text() == before

    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    [one] = json.loads(command("library", "verify", "--changed", "--json")[1])
    assert (one["changes"][0]["what"], one["changes"][0]["now"]) == ("python", "3.99.0")
    assert one["verified"]["environment"]["python"] == "3.99.0"


def test_what_fails_after_an_upgrade_and_holds_again(command, added: Path) -> None:
    """`unverified` while it does not hold, its verdict back when all of it does."""
    from funcsmith.library import Library
    from funcsmith.settings import settings

    library = Library.open(settings())
    fact = {"kind": "agreement", "call": "double(4)", "got": "9", "candidates": 3}
    library.set_verdict("double", "agreed", evidence=[fact])  # as another Python would have given
    library.close()
    code, out, _ = command("library", "verify")
    assert code == 1 and "1 no longer hold" in out and "! double  double(4): 9 → 8" in out
    assert json.loads(command("library", "show", "double", "--json")[1])["verdict"] == "unverified"
    assert command("library", "verify")[0] == 1

    record = added.with_suffix(".json")
    record.write_text(record.read_text().replace('"got": "9"', '"got": "8"'))
    code, out, _ = command("library", "verify")
    assert code == 0 and "1 hold" in out
    assert json.loads(command("library", "show", "double", "--json")[1])["verdict"] == "agreed"


def test_broken_file_is_in_the_report(command, added: Path) -> None:
    """A file that no longer parses does not hold."""
    added.write_text("def double(:\n")
    code, out, _ = command("library", "verify")

    assert code == 1
    assert "1 broken" in out and "double.py, line 1" in out


def test_report_in_chinese(command, added: Path, monkeypatch) -> None:
    """The same report in the other language."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert "首次验证" in command("library", "verify")[1]
    assert "1 个没有变化" in command("library", "verify", "--changed")[1]
    assert "已为 1 个函数重建索引" in command("library", "rebuild")[1]


def test_rebuild(command, added: Path, environment: Path) -> None:
    """The index is gone; one command makes it from the files, and says how many."""
    for path in environment.glob("funcsmith.db*"):
        path.unlink()

    assert json.loads(command("library", "rebuild", "--json")[1])["functions"] == 1
    assert "1 function indexed in" in command("library", "rebuild")[1]


def test_runs(command, environment: Path) -> None:
    """The latest first; JSON has every column but the outcome."""
    from funcsmith.library import Library
    from funcsmith.settings import settings

    library = Library.open(settings())
    for number in range(3):
        library.remember_run(json.dumps({"kind": "none", "model": "qwen"}), f"第 {number} 句")
    library.close()

    found = json.loads(command("library", "runs", "--json", "--limit", "2")[1])
    assert [run["text"] for run in found] == ["第 2 句", "第 1 句"]
    assert found[0]["model"] == "qwen" and "outcome" not in found[0]
    assert "第 0 句" in command("library", "runs")[1]
