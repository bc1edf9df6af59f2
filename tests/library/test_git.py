"""Two people with one library in git: what each adds and changes, a merge brings together."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.library import Library
from funcsmith.library.record import BOTH, read, written
from funcsmith.settings import Settings

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")

ONE = "def f(x: int) -> int:\n    return x + 1\n"
TWO = "def f(x: int) -> int:\n    return x + 2\n"
THREE = "def f(x: int) -> int:\n    return x + 3\n"


def git(folder: Path, *words: str, fails: bool = False) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
    )
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    return done.stdout


class Person:
    """Someone with a home whose library is a git repository."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.home / "library"
        self.library = Library.open(settings)

    def commit(self) -> None:
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "-m", "more")

    def merge(self, other: Person, *, fails: bool = False) -> None:
        git(self.folder, "fetch", "-q", str(other.folder), "HEAD")
        git(self.folder, "merge", "-q", "-m", "merge", "FETCH_HEAD", fails=fails)
        self.library.refresh(now=True)


@pytest.fixture
def both(sqlite: Settings, tmp_path: Path):
    """Ann, whose library has f and g, and Ben, who cloned it."""
    ann = Person(sqlite)
    ann.library.add(ONE, text="加一", sample={"x": 1}, verdict="tested", model="qwen")
    ann.library.add("def g(): return 1\n", text="给我一", verdict="runs")
    git(ann.folder, "init", "-q", "-b", "main")
    ann.commit()
    home = tmp_path / "ben"
    home.mkdir()
    git(home, "clone", "-q", str(ann.folder), "library")
    ben = Person(replace(sqlite, home=home))
    yield ann, ben
    ann.library.close()
    ben.library.close()


def test_clone_is_a_library(both) -> None:
    """Functions, texts, verdicts and versions came along; nothing is changed by reading."""
    _, ben = both

    assert {s.name: (s.verdict, s.edited) for s in ben.library.list()} == {
        "f": ("tested", False), "g": ("runs", False),
    }  # fmt: skip
    assert ben.library.find_text("加一")[1] == {"x": 1}
    assert len(ben.library.history("f")) == 1
    assert git(ben.folder, "status", "--porcelain") == ""


def test_what_each_adds_and_changes_comes_together(both) -> None:
    """New functions, changes of different ones, and texts that both saved for the same one."""
    ann, ben = both
    ann.library.add("def a(): return 1\n", text="甲")
    ann.library.add_text("f", "再加一", sample={"x": 2})
    ann.library.add("def g(): return 11\n", text="给我十一", verdict="agreed", replace=True)
    ben.library.add("def b(): return 1\n", text="乙")
    ben.library.add_text("f", "加上一", sample={"x": 3})
    ben.library.add_text("f", "多一个", sample={"x": 4})
    ben.library.set_verdict("f", "proven", evidence=[{"kind": "agreement", "call": "f(1)"}])
    ann.commit()
    ben.commit()

    ann.merge(ben)
    ben.merge(ann)
    for person in both:
        library = person.library
        assert {s.name: (s.verdict, s.broken) for s in library.list()} == {
            "a": ("unverified", None), "b": ("unverified", None),
            "f": ("proven", None), "g": ("agreed", None),
        }  # fmt: skip
        for text, name in (("再加一", "f"), ("加上一", "f"), ("多一个", "f"), ("给我十一", "g")):
            assert library.find_text(text)[0].name == name
        assert library.find_text("给我一") is None
        assert [v.number for v in library.history("g")] == [1, 2]
        assert library.get("f").warning is None
    assert git(ann.folder, "status", "--porcelain") == ""
    assert library.add_text("f", "x") and json.loads((ben.folder / "f.json").read_text())


def test_text_of_code_that_was_replaced_is_not_brought_back(both) -> None:
    """Ann replaces f while Ben saves a text for the old f: nobody's text finds Ann's code."""
    ann, ben = both
    ann.library.add(TWO, text="加二", verdict="runs", replace=True)
    ben.library.add_text("f", "加上一", sample={"x": 3})
    ann.commit()
    ben.commit()
    ann.merge(ben)

    saved = ann.library.get("f")
    assert (saved.source, saved.verdict, saved.texts) == (TWO, "runs", ("加二",))
    assert ann.library.find_text("加上一") is None
    assert ann.library.rollback("f", 1).texts[0] == "加一"


def test_both_change_one_function(both) -> None:
    """Git leaves the .py to its owner, the library says so; whatever is chosen has its own verdict."""
    ann, ben = both
    ann.library.add(TWO, text="加二", verdict="tested", replace=True)
    ben.library.add(THREE, text="加三", verdict="agreed", replace=True)
    ann.commit()
    ben.commit()
    ann.merge(ben, fails=True)

    assert git(ann.folder, "diff", "--name-only", "--diff-filter=U").split() == ["f.py"]
    broken = {s.name: s.problem for s in ann.library.list()}["f"]
    assert broken is not None and "merge conflict" in broken["en"] and "合并冲突" in broken["zh"]
    assert ann.library.get("g").broken is None
    assert sorted(v.source for v in ann.library.history("f") if not v.current) == [ONE, TWO, THREE]

    git(ann.folder, "checkout", "--theirs", "f.py")
    saved = ann.library.get("f")
    assert (saved.source, saved.verdict, saved.texts) == (THREE, "agreed", ("加三",))
    git(ann.folder, "checkout", "--ours", "f.py")
    saved = ann.library.get("f")
    assert (saved.source, saved.verdict, saved.texts) == (TWO, "tested", ("加二",))
    (ann.folder / "f.py").write_text("def f(x: int) -> int:\n    return x + 23\n")
    saved = ann.library.get("f")
    assert (saved.verdict, saved.texts, saved.edited) == ("unverified", (), True)


def test_rollback_out_of_a_conflict(both) -> None:
    """Two versions have the number 2; the hash says which, and a rollback mends the file."""
    ann, ben = both
    ann.library.add(TWO, verdict="tested", replace=True)
    ben.library.add(THREE, verdict="agreed", replace=True)
    ann.commit()
    ben.commit()
    ann.merge(ben, fails=True)
    [his] = [v for v in ann.library.history("f") if v.source == THREE]

    assert ann.library.rollback("f", his.id).verdict == "agreed"
    ann.commit()
    ben.merge(ann)
    assert ben.library.get("f").source == THREE


def test_conflict_markers_in_a_record_are_read(both) -> None:
    """Where git was told to merge otherwise, a record in conflict still says what both sides say."""
    ann, ben = both
    for person in both:
        (person.folder / ".gitattributes").write_text("*.json merge\n")
    ann.library.add_text("f", "再加一")
    ben.library.add_text("f", "加上一")
    ann.commit()
    ben.commit()
    ann.merge(ben, fails=True)

    assert "<<<<<<< " in (ann.folder / "f.json").read_text()
    assert set(ann.library.get("f").texts) == {"加一", "再加一", "加上一"}
    ann.library.add_text("f", "又加一")
    assert len(json.loads((ann.folder / "f.json").read_text())["texts"]) == 4


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.text(st.characters(), max_size=6), values, max_size=5))
def test_any_record_comes_back(record: dict) -> None:
    """Written one item a line and read again it is the same; every line but brackets is an item."""
    text = written(record)

    assert read(text) == record
    assert text.encode() and text.endswith("}\n")


@given(
    st.lists(st.text(max_size=6), max_size=4, unique=True),
    st.lists(st.text(max_size=6), max_size=4, unique=True),
)
def test_union_of_two_records_is_read(ours: list[str], theirs: list[str]) -> None:
    """Items of both sides, whatever commas the union left; of two verdicts the weaker."""
    lines = ["{", '  "texts": [', *[f"    {json.dumps({'text': t, 'arguments': 1})}" for t in ours]]
    lines += ["  ],", '  "sha256": "a",', '  "verdict": "proven"']
    lines += [f"    {json.dumps({'text': t, 'arguments': 1})}," for t in theirs]
    lines += ["  ],", '  "sha256": "b",', '  "verdict": "runs",', "}"]
    found = read("\n".join(lines))

    assert [t["text"] for t in found["texts"]] == list(dict.fromkeys([*ours, *theirs]))
    assert (found["verdict"], found[BOTH]) == ("runs", ["a", "b"])
