"""A grant holds for one function, as it is, in the home where it was given."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from funcsmith.errors import GrantInvalid
from funcsmith.execute import Grants
from funcsmith.library import Library
from funcsmith.settings import Settings

READ = 'def read(path: str) -> str:\n    """What a file says."""\n    return open(path).read()\n'


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text("7\n")
    return path


@pytest.fixture
def given(library: Library, notes: Path) -> Library:
    """A library whose function `read` may read the notes and reach a.de."""
    library.add(READ, origin="given")
    library.grant("read", Grants.to(read=[notes], network=["a.de:80"]))
    return library


def lines(library: Library) -> list[str]:
    grants = library.grants(library.get("read"))
    return grants.lines() if grants is not None else []


def test_nothing_is_granted_by_default(library: Library) -> None:
    """Neither to what the owner adds, nor to what was generated."""
    assert library.grants(library.add(READ, origin="given")) is None
    assert library.grants(library.add(READ.replace("read(", "read_it("))) is None


def test_grants_are_kept(given: Library, home: Settings, notes: Path) -> None:
    """They are found again by another process, and when the index is made anew."""
    expected = [f"read {notes}", "network a.de:80"]

    assert lines(given) == expected
    given.rebuild()
    assert lines(given) == expected
    other = Library.open(home)
    assert lines(other) == expected
    other.close()


def test_a_new_grant_takes_the_place_of_the_old(given: Library) -> None:
    """Empty grants take everything back."""
    given.grant("read", Grants.to(network=["b.de:80"]))
    assert lines(given) == ["network b.de:80"]
    given.grant("read", Grants())
    assert lines(given) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda source: source + "\n# more\n",
        lambda source: source.replace(".read()", ".readlines()"),
        lambda source: source.replace("What a file says.", "Something else."),
    ],
)
def test_editing_a_function_ends_its_grants(given: Library, change, notes: Path) -> None:
    """Whatever is changed in the file; put back as it was, the grants hold again."""
    path = given.folder.path / "read.py"
    before = path.read_text()

    path.write_text(change(before))
    assert lines(given) == []
    path.write_text(before)
    assert lines(given) == [f"read {notes}", "network a.de:80"]


def test_what_is_known_of_an_edited_function_brings_no_grant_back(given: Library) -> None:
    """A text or a verdict written after an edit does not carry the old grant over."""
    path = given.folder.path / "read.py"
    path.write_text(path.read_text() + "\n# more\n")
    given.add_text("read", "读取文件")
    given.set_verdict("read", "runs")

    assert lines(given) == []


def test_texts_and_verdicts_leave_grants_alone(given: Library, notes: Path) -> None:
    """A function that did not change keeps what it was granted."""
    given.add_text("read", "读取文件")
    given.set_verdict("read", "runs")
    given.add(READ, text="把文件读出来", origin="given")

    assert lines(given) == [f"read {notes}", "network a.de:80"]


def test_a_function_that_is_replaced_loses_its_grants(given: Library) -> None:
    """Other code under the same name starts with nothing."""
    given.add(READ.replace(".read()", ".readline()"), origin="given", replace=True)

    assert lines(given) == []


def test_a_wider_record_grants_nothing(given: Library, tmp_path: Path) -> None:
    """A path or host written into the .json by hand breaks the seal, and so does another name."""
    path = given.folder.path / "read.json"
    record = json.loads(path.read_text())
    for change in (
        {"read": [*record["grants"]["read"], str(tmp_path)]},
        {"network": ["evil.de:443"]},
        {"packages": ["httpx"]},
        {"seal": "0" * 64},
        {"seal": None},
        {"seal": "é"},
    ):
        path.write_text(json.dumps({**record, "grants": {**record["grants"], **change}}))
        given.refresh(now=True)
        assert lines(given) == [], change


@pytest.mark.parametrize("grants", [["none"], "all", 7, None, {"read": "x"}, {"seal": {}}, {}])
def test_a_record_that_makes_no_sense_grants_nothing(given: Library, grants) -> None:
    """What is no grant is none, and the function can still be used."""
    path = given.folder.path / "read.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "grants": grants}))
    given.refresh(now=True)

    assert lines(given) == []
    assert given.get("read").broken is None


def test_a_grant_does_not_travel(given: Library, tmp_path: Path, home: Settings) -> None:
    """A function that comes with its record from another home, by git say, is granted nothing."""
    elsewhere = replace(home, home=tmp_path / "elsewhere")
    shutil.copytree(given.folder.path, elsewhere.home / "library")
    other = Library.open(elsewhere)

    assert other.get("read").granted["network"] == ["a.de:80"]
    assert lines(other) == []
    other.close()


def test_the_key_is_its_owners_alone(given: Library, home: Settings) -> None:
    """Nobody else can read it; without it, or torn, nothing is granted until it is given again."""
    key = home.home / "grants.key"
    assert key.stat().st_mode & 0o777 == 0o600
    for left in (b"", key.read_bytes()[:7]):
        key.write_bytes(left)
        assert lines(given) == []
    key.unlink()
    assert lines(given) == []
    given.grant("read", Grants.to(network=["a.de:80"]))
    assert lines(given) == ["network a.de:80"]


def test_what_is_gone_is_said(given: Library, notes: Path) -> None:
    """A granted file that is no longer there is an error, not a function without its grant."""
    notes.unlink()

    with pytest.raises(GrantInvalid, match="no such file"):
        given.grants(given.get("read"))
