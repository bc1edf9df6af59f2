"""Every change of a function is a version that can be seen, held against others and had back."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from funcsmith.errors import FunctionInvalid, FunctionNotFound
from funcsmith.execute import Grants
from funcsmith.library import Library
from funcsmith.library.saved import hashed
from funcsmith.library.versions import Versions
from funcsmith.settings import Settings

ONE = "def f(x: int) -> int:\n    return x + 1\n"
TWO = "def f(x: int) -> int:\n    return x + 2\n"
THREE = "def f(x: int) -> int:\n    return x + 3\n"
FACT = {"kind": "example", "call": "f(1)", "expected": "2", "passed": True}


@pytest.fixture
def path(home: Settings) -> Path:
    return home.home / "library" / "f.py"


def numbered(library: Library, name: str = "f") -> list[tuple[int, str, str]]:
    return [(v.number, v.cause, v.source) for v in library.history(name)]


def test_each_change_of_the_source_is_a_version(library: Library, path: Path) -> None:
    """Texts and verdicts make none; a version is its record as a comment and then the source."""
    library.add(ONE, text="加一", verdict="tested", evidence=[FACT], model="qwen")
    library.add_text("f", "再加一")
    library.set_verdict("f", "proven", evidence=[FACT])
    library.add(TWO, replace=True)

    assert numbered(library) == [(1, "saved", ONE), (2, "saved", TWO)]
    first, second = library.history("f")
    assert (first.current, second.current) == (False, True)
    assert first.facts() | {"at": ""} == {
        "version": 1, "id": f"1-{first.sha256[:8]}", "at": "", "cause": "saved", "of": None,
        "verdict": "proven", "model": "qwen", "sha256": first.sha256, "current": False,
    }  # fmt: skip
    kept = path.parent / f".versions/f/0001-{first.sha256[:8]}.py"
    written = kept.read_text(encoding="utf-8")
    assert written.startswith("#| {\n") and written.endswith(f"#| }}\n{ONE}")
    assert '\n#|     {"call": "f(1)", "expected": "2"' in written


def test_difference(library: Library) -> None:
    """By default from the version before to what is there; any two by number, id or hash."""
    library.add(ONE)
    assert library.diff("f") == ""
    library.add(TWO, replace=True)
    library.add(THREE, replace=True)

    last = "-    return x + 2\n+    return x + 3\n"
    assert library.diff("f").endswith(last)
    assert library.diff("f").startswith("--- f@2\n+++ f@3\n@@")
    assert library.diff("f", 1).endswith("-    return x + 1\n+    return x + 3\n")
    assert library.diff("f", 3, "1").endswith("-    return x + 3\n+    return x + 1\n")
    assert library.diff("f", 2, 2) == ""
    first = library.history("f")[0]
    assert library.diff("f", first.id, first.sha256[:12]) == ""


def test_rollback_is_a_new_version_with_the_old_evidence(library: Library) -> None:
    """Verdict, evidence and texts are those of the version returned to; a text finds it again."""
    library.add(ONE, text="加一", sample={"x": 1}, verdict="tested", evidence=[FACT])
    library.add(TWO, text="加二", verdict="runs", replace=True)
    saved = library.rollback("f")

    assert (saved.source, saved.verdict, saved.evidence) == (ONE, "tested", (FACT,))
    assert (saved.texts, saved.edited) == (("加一",), False)
    assert library.find_text("加一")[1] == {"x": 1}  # type: ignore[index]
    assert library.find_text("加二") is None
    assert numbered(library) == [(1, "saved", ONE), (2, "saved", TWO), (3, "rollback", ONE)]
    assert library.history("f")[2].of == 1

    assert library.rollback("f").source == TWO
    assert library.rollback("f", 1).source == ONE
    assert [v.number for v in library.history("f")] == [1, 2, 3, 4, 5]


def test_rewriting_is_a_version_that_nothing_is_known_of(library: Library) -> None:
    """Texts stay, verdict, evidence and grants go; a comment alone is kept, another function is not."""
    library.add(ONE, text="加一", sample={"x": 1}, verdict="tested", evidence=[FACT], model="qwen")
    library.grant("f", Grants.to(network=["a.de:80"]))
    commented = ONE.replace("    return", "    # one more\n    return")
    saved = library.rewrite("f", commented)

    assert (saved.source, saved.verdict, saved.evidence) == (commented, "unverified", ())
    assert (saved.texts, saved.model, saved.granted, saved.edited) == (("加一",), None, {}, False)
    assert numbered(library) == [(1, "saved", ONE), (2, "edited", commented)]
    assert library.history("f")[0].record["verdict"] == "tested"
    assert library.rewrite("f", commented).updated == saved.updated
    for wrong in ("def g() -> int:\n    return 1\n", "def f(:\n"):
        with pytest.raises(FunctionInvalid, match=r"f\.py"):
            library.rewrite("f", wrong)
    assert library.get("f").source == commented


def test_rollback_grants_nothing(library: Library, tmp_path: Path) -> None:
    """What the earlier source was granted has to be granted again."""
    library.add(ONE)
    library.grant("f", Grants.to(network=["a.de:80"]))
    library.add(TWO, replace=True)

    assert library.grants(library.rollback("f")) is None
    assert library.get("f").granted == {}


@pytest.mark.parametrize(("wanted", "said"), [(7, "no version 7"), ("zzzz", "no version zzzz")])
def test_version_that_is_not_there(library: Library, wanted, said: str) -> None:
    """The versions that there are stand in the hint."""
    library.add(ONE)

    with pytest.raises(FunctionNotFound, match=said) as caught:
        library.rollback("f", wanted)
    assert "1-" in caught.value.hint("en")
    with pytest.raises(FunctionNotFound, match="no version before"):
        library.rollback("f")
    with pytest.raises(FunctionNotFound, match="no function"):
        library.history("g")


def test_edit_by_hand_is_a_version(library: Library, path: Path) -> None:
    """Each edit that was noticed is kept, though the file was written over; evidence is not."""
    library.add(ONE, text="加一", verdict="proven", evidence=[FACT])
    for source in (TWO, THREE):
        path.write_text(source)
        saved = library.get("f")
        assert (saved.verdict, saved.evidence, saved.edited) == ("unverified", (), True)

    assert numbered(library) == [(1, "saved", ONE), (2, "edited", TWO), (3, "edited", THREE)]
    library.set_verdict("f", "runs")
    assert (library.get("f").edited, library.get("f").texts) == (False, ("加一",))
    back = library.rollback("f", 1)
    assert (back.verdict, back.evidence) == ("proven", (FACT,))


def test_edit_is_kept_also_where_the_index_is_lost(home: Settings, path: Path) -> None:
    """What was saved is a file, so an edit before anything was indexed again loses nothing."""
    library = Library.open(home)
    library.add(ONE, verdict="proven", evidence=[FACT])
    path.write_text(TWO)
    library.rebuild()

    assert numbered(library) == [(1, "saved", ONE), (2, "edited", TWO)]
    assert library.get("f").verdict == "unverified"
    library.close()


def test_source_put_back_by_hand_has_its_evidence_back(library: Library, path: Path) -> None:
    """Evidence belongs to a source, whoever put it there."""
    library.add(ONE, text="加一", verdict="proven", evidence=[FACT])
    library.add(TWO, text="加二", verdict="tested", replace=True)
    path.write_text(ONE)

    saved = library.get("f")
    assert (saved.verdict, saved.texts, saved.edited) == ("proven", ("加一",), False)


def test_own_file_edited_twice_before_anything_is_saved(library: Library, path: Path) -> None:
    """A file without a record has no evidence to lose, and reading writes nothing beside it."""
    path.parent.mkdir(parents=True)
    path.write_text(ONE)
    assert library.get("f").verdict == "unverified"
    path.write_text(TWO)
    assert library.get("f").source == TWO

    assert sorted(p.name for p in path.parent.iterdir()) == ["f.py"]
    assert [(v.number, v.source, v.current) for v in library.history("f")] == [(1, TWO, True)]


def test_removed_function_comes_back(library: Library) -> None:
    """Its versions stay, and a rollback restores the last with all that was known."""
    library.add(ONE, text="加一", verdict="proven", evidence=[FACT])
    library.add_text("f", "加个一")
    library.remove("f")
    assert numbered(library) == [(1, "saved", ONE)]

    saved = library.rollback("f")
    assert (saved.verdict, saved.texts) == ("proven", ("加一", "加个一"))
    assert numbered(library) == [(1, "saved", ONE)]
    assert library.history("f")[0].current


def test_broken_edit_can_be_rolled_back(library: Library, path: Path) -> None:
    """A file with a syntax error is named in the history, and the last good version comes back."""
    library.add(ONE, verdict="tested")
    path.write_text("def f(:\n")

    assert [v.current for v in library.history("f")] == [False, True]
    assert library.rollback("f").verdict == "tested"
    assert path.read_text() == ONE


def test_torn_version_is_passed_over(library: Library, path: Path) -> None:
    """A version whose source is not what its record says is no version."""
    library.add(ONE)
    library.add(TWO, replace=True)
    first = next((path.parent / ".versions/f").glob("0001-*"))
    for content in (
        b"",
        b"#| {\n",
        first.read_bytes()[:-3],
        b"\xff",
        b"#| {\n#| }\n" + ONE.encode(),
    ):
        first.write_bytes(content)
        assert [v.number for v in library.history("f")] == [2]


def test_versions_with_carriage_returns(library: Library, path: Path) -> None:
    """A checkout that writes \\r\\n changes no version."""
    library.add(ONE)
    library.add(TWO, replace=True)
    for version in (path.parent / ".versions/f").iterdir():
        version.write_bytes(version.read_bytes().replace(b"\n", b"\r\n"))

    assert [v.source for v in library.history("f")] == [ONE, TWO]


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60),
    st.dictionaries(st.text(max_size=9), st.text(st.characters(), max_size=20), max_size=4),
)
@hypothesis_settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_source_and_record_come_back(tmp_path: Path, source: str, record: dict) -> None:
    """Lines that look like a record, U+2028 and lone surrogates in the record included."""
    record.pop("version", None)

    def put(path: Path, text: str) -> None:
        path.write_bytes(text.encode())

    for source_now in (source, "#| {\n#| }\n" + source):
        shutil.rmtree(tmp_path / "v", ignore_errors=True)
        versions = Versions(tmp_path / "v", put)
        known = {**record, "sha256": hashed(source_now)}
        versions.keep("f", source_now, known, cause="saved")
        [found] = versions.all("f")
        assert (found.source, found.record) == (source_now, known)


@pytest.mark.skipif(os.name != "posix", reason="folder permissions")
def test_edit_in_a_folder_that_cannot_be_written(
    library: Library, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edit is used without evidence; that it cannot be kept hinders nobody."""
    library.add(ONE, verdict="proven")
    path.write_text(TWO)

    def refuse(*_, **__):
        raise PermissionError("read only")

    monkeypatch.setattr("funcsmith.library.files.Folder._put", refuse)
    assert (library.get("f").source, library.get("f").verdict) == (TWO, "unverified")
    assert [v.source for v in library.history("f")] == [ONE, TWO]


OLD = Path(__file__).parent / "homes" / "0001"


@pytest.fixture
def old_home(sqlite: Settings) -> Settings:
    """A home as 0.1.0 of the 23rd of November 2026 left it: format 1, index version 0001."""
    import sqlite3

    shutil.copytree(OLD / "library", sqlite.home / "library")
    (sqlite.home / "library/gitignore").rename(sqlite.home / "library/.gitignore")
    with sqlite3.connect(sqlite.home / "funcsmith.db") as database:
        database.executescript((OLD / "funcsmith.sql").read_text(encoding="utf-8"))
    database.close()
    return sqlite


def test_older_home_is_read_as_it_is(old_home: Settings) -> None:
    """Functions, texts, verdicts and runs are there; only the index was upgraded, with a copy."""
    before = {p: p.read_bytes() for p in (old_home.home / "library").iterdir()}
    library = Library.open(old_home)

    assert {s.name: s.verdict for s in library.list()} == {
        "doubled": "proven", "price_with_tax": "tested", "阶乘": "agreed",
    }  # fmt: skip
    assert library.find_text("6的阶乘")[1] == {"n": 6}  # type: ignore[index]
    assert library.match_template("7 的阶乘") is not None
    runs = library.runs()
    assert [run.text for run in runs] == ["an old run", "给定一个正整数 n，输出 n 的阶乘。"]
    assert (runs[1].seconds, runs[1].isolation) == (2.11, None)
    assert library.stats()["runs"] == 2
    assert {p: p.read_bytes() for p in (old_home.home / "library").iterdir()} == before
    assert (old_home.home / "funcsmith.db.backup-0001").exists()
    library.close()


def test_older_records_are_written_anew_with_a_backup(old_home: Settings) -> None:
    """The first write brings the records into the new form; the folder as it was lies beside it."""
    folder = old_home.home / "library"
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    library = Library.open(old_home)
    known = {s.name: s.record() for s in library.list()}
    library.add("def g():\n    return 1\n")

    kept = old_home.home / "library.backup-1"
    assert {p.name: p.read_bytes() for p in kept.iterdir()} == before
    for name, record in known.items():
        written = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        assert written == record and record["format"] == 2
        [version] = library.history(name)
        assert (version.number, version.record["verdict"]) == (1, record["verdict"])
    assert library.find_text("double 4") is None
    library.add("def h():\n    return 1\n")
    assert len(list(old_home.home.glob("library.backup*"))) == 1
    library.close()


def test_upgrade_killed_half_way_begins_again(
    old_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whatever file it ended, the next writer finishes it."""
    from funcsmith.library.files import Folder

    put = Folder._put

    class Killed(BaseException):
        pass

    for killed in range(20):
        left = iter(range(min(killed, 4)))

        def dying(self, path, text, *, flush=True, left=left):
            if next(left, None) is None:
                raise Killed
            put(self, path, text, flush=flush)

        monkeypatch.setattr(Folder, "_put", dying)
        library = Library.open(old_home)
        try:
            library.add("def g():\n    return 1\n")
            break
        except Killed:
            library.close()

    assert 4 < killed < 19
    assert [len(library.history(name)) for name in ("doubled", "price_with_tax", "阶乘")] == [1] * 3
    assert {s.verdict for s in library.list()} == {"proven", "tested", "agreed", "unverified"}
    library.close()
