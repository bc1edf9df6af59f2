"""What the library survives: kills, crowds, hands, age, locked doors."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from funcsmith.errors import FunctionInvalid, HomeUnusable
from funcsmith.library import Library, database, schema
from funcsmith.settings import Settings

WRITER = """
import sys
from funcsmith.library import Library
from funcsmith.settings import settings
library = Library.open(settings())
start = int(sys.argv[1])
print("ready", flush=True)
for n in range(start, start + int(sys.argv[2])):
    library.add(f"def f{n}(x: int) -> int:\\n    return x + {n}\\n",
        text=f"加上 {n} 是多少", sample={"x": n})
    print("added", n, flush=True)
    if n % 3 == 1:
        library.add_text(f"f{n}", f"再加上 {n} 是多少")
        print("text", n, flush=True)
    if n % 3 == 2:
        library.add(f"def f{n}(x: int) -> int:\\n    return x - {n}\\n",
            replace=True, text=f"减去 {n}")
        print("replaced", n, flush=True)
    library.remember_run("{}", f"run {n}")
    print("run", n, flush=True)
"""


def started(home: Settings, start: int, count: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "FUNCSMITH_HOME": str(home.home)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(start), str(count)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_nothing_acknowledged_is_lost_to_kill_9(home: Settings) -> None:
    """After 20 kills at random moments every acknowledged write is there and no file is broken."""
    said: dict[str, set[int]] = {"added": set(), "text": set(), "replaced": set(), "run": set()}
    moments = random.Random(6)
    for attempt in range(20):
        writer = started(home, attempt * 1000, 1000)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        # After some answers, not after some time: a busy machine would have written nothing by then.
        lines = [writer.stdout.readline() for _ in range(moments.randrange(12))]
        time.sleep(moments.uniform(0.0, 0.05))
        writer.send_signal(signal.SIGKILL)
        for line in [*lines, *writer.stdout]:
            word, _, number = line.partition(" ")
            if line.endswith("\n"):
                said[word].add(int(number))
        writer.wait()

    library = Library.open(home)
    there = {saved.name: saved for saved in library.list()}
    assert [name for name, saved in there.items() if saved.broken or saved.edited] == []
    assert said["added"] <= {int(name[1:]) for name in there}
    for which in said["text"]:
        assert f"再加上 {which} 是多少" in there[f"f{which}"].texts
    for which in said["replaced"]:
        assert f"- {which}" in there[f"f{which}"].source
        assert there[f"f{which}"].texts == (f"减去 {which}",)
    runs = {run.text for run in library.runs(10**6)}
    assert {f"run {which}" for which in said["run"]} <= runs
    assert library.rebuild() == len(there)
    library.add("def last(): return 1\n")
    assert list((home.home / "library/.writing").iterdir()) == []
    assert len(said["added"]) > 20


def test_threads_and_processes_lose_no_write(home: Settings) -> None:
    """20 threads and 3 processes add and read one home at once."""
    writers = [started(home, 1000 * (n + 1), 6) for n in range(3)]
    library = Library.open(home)

    def add(number: int) -> str:
        saved = library.add(f"def t{number}(): return {number}\n", text=f"第 {number} 个")
        assert library.find_text(f"第 {number} 个") is not None
        library.remember_run("{}", "x")
        return saved.name

    with ThreadPoolExecutor(20) as pool:
        names = set(pool.map(add, range(40)))
    outputs = [writer.communicate()[0] for writer in writers]

    assert all(writer.returncode == 0 for writer in writers)
    assert all(output.count("added") == 6 for output in outputs)
    library.refresh(now=True)
    there = {saved.name: saved.broken for saved in library.list()}
    assert names <= set(there) and len(there) == 40 + 18
    assert set(there.values()) == {None}
    assert library.stats()["runs"] == 40 + 18


def test_text_is_found_though_others_index_what_they_read_before(
    library: Library, factorial: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred processes that write older stamps into the index hide no function."""
    library.add(factorial, text="6 的阶乘", sample={"n": 6})
    put = library._store.put

    def late(functions, gone=()):
        put([(saved, "1:1 -") for saved, _ in functions], gone)

    monkeypatch.setattr(library._store, "put", late)
    (library.folder.path / "阶乘.py").touch()

    assert library.find_text("6的阶乘")[1] == {"n": 6}  # type: ignore[index]
    assert library.find_text("7的阶乘") is None


def test_one_name_wanted_by_many_threads(library: Library) -> None:
    """The same name with different code at once gives as many functions as codes."""
    barrier = threading.Barrier(8)

    def add(number: int) -> str:
        barrier.wait()
        return library.add(f"def f(): return {number}\n").name

    with ThreadPoolExecutor(8) as pool:
        names = sorted(pool.map(add, range(8)))

    assert names == ["f", *(f"f_{n}" for n in range(2, 9))]


@pytest.fixture
def folder(home: Settings) -> Path:
    path = home.home / "library"
    path.mkdir(parents=True)
    return path


BROKEN = [b"def f(:\n", b"def f(): return '\xff'\n", b"", b"def f():\0", b"(" * 9999, b"x = 1\n"]


@pytest.mark.parametrize("content", BROKEN)
def test_broken_file_is_reported_and_left_alone(
    library: Library, folder: Path, content: bytes, factorial: str
) -> None:
    """One broken file is named with its problem; all else works and the file stays as it is."""
    library.add(factorial, text="6 的阶乘")
    (folder / "f.py").write_bytes(content)

    by_name = {saved.name: saved.broken for saved in library.list()}
    assert by_name["阶乘"] is None
    assert by_name["f"] is not None and "f.py" in by_name["f"]
    assert library.find_text("6 的阶乘") is not None
    with pytest.raises(FunctionInvalid, match=r"f\.py"):
        library.get("f")
    assert library.add("def f(): return 1\n").name == "f_2"
    assert (folder / "f.py").read_bytes() == content
    assert library.stats()["broken"] == 1


def test_hand_edits_are_noticed(library: Library, folder: Path, factorial: str) -> None:
    """Edited code is used at once, without the verdict of the old; a broken edit can be mended."""
    library.add(factorial, text="6 的阶乘", sample={"n": 6}, verdict="proven")
    path = folder / "阶乘.py"
    path.write_text(factorial.replace("n < 2", "n < 3"), encoding="utf-8")

    found = library.find_text("6 的阶乘")
    assert found is not None
    assert "n < 3" in found[0].source
    assert (found[0].verdict, found[0].edited) == ("unverified", True)

    path.write_text("def 阶乘(n", encoding="utf-8")
    assert library.find_text("6 的阶乘") is None
    path.write_bytes(factorial.replace("\n", "\r\n").encode())
    assert library.get("阶乘").verdict == "proven"


def test_edit_within_one_tick_of_the_clock_is_noticed(library: Library, folder: Path) -> None:
    """Same size and same time as before do not hide an edit."""
    path = folder / "f.py"
    moment = time.time_ns() + 10**10  # still recent, however slow the machine is
    path.write_text("def f(): return 1\n")
    os.utime(path, ns=(moment, moment))
    assert library.get("f").source == "def f(): return 1\n"
    path.write_text("def f(): return 2\n")
    os.utime(path, ns=(moment, moment))

    assert library.get("f").source == "def f(): return 2\n"


def test_file_deleted_or_dropped_in_by_hand(library: Library, folder: Path, factorial: str) -> None:
    """Files that come and go by hand come and go in the library."""
    library.add(factorial, text="6 的阶乘")
    (folder / "阶乘.py").unlink()
    assert library.find_text("6 的阶乘") is None
    assert library.list() == []

    (folder / "half.py").write_text('def half(x):\n    """Half of a number."""\n')
    assert library.search("half")[0][0].name == "half"


@pytest.mark.parametrize(
    ("content", "readable"),
    [
        ("<<<<<<< HEAD\n{}", True),
        ("\ufeff{", True),
        ('{"texts": 3, "evidence": {}}', True),
        ("[]", False),
        ('{"verdict": "prov', False),
        ("mine: 1", False),
    ],
)
def test_unreadable_record_is_no_end(
    library: Library, folder: Path, content: str, readable: bool, factorial: str
) -> None:
    """A torn .json leaves the function usable; one that cannot be read is kept when written over."""
    (folder / "阶乘.py").write_text(factorial, encoding="utf-8")
    (folder / "阶乘.json").write_text(content, encoding="utf-8")

    assert library.get("阶乘").verdict == "unverified"
    library.add_text("阶乘", "6 的阶乘")
    assert library.find_text("6 的阶乘") is not None
    kept = list((folder / ".removed").glob("*.json"))
    assert [p.read_text(encoding="utf-8") for p in kept] == ([] if readable else [content])
    assert library.folder.read("阶乘").warning is None


def test_index_is_made_again_from_the_files(sqlite: Settings, factorial: str) -> None:
    """Without its database a home knows the same functions, texts and templates."""
    first = Library.open(sqlite)
    first.add(factorial, text="6 的阶乘", sample={"n": 6}, template="{n} 的阶乘")
    first.close()
    for path in sqlite.home.glob("funcsmith.db*"):
        path.unlink()

    again = Library.open(sqlite)
    assert again.find_text("6 的阶乘")[1] == {"n": 6}  # type: ignore[index]
    assert again.match_template("7 的阶乘")[1] == {"n": "7"}  # type: ignore[index]


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_damaged_index_is_set_aside(sqlite: Settings, content: bytes, factorial: str) -> None:
    """A database that is none is kept under another name and made again."""
    Library.open(sqlite).add(factorial)
    (sqlite.home / "funcsmith.db").write_bytes(content)
    for ending in ("-wal", "-shm"):
        (sqlite.home / f"funcsmith.db{ending}").unlink(missing_ok=True)

    assert [saved.name for saved in Library.open(sqlite).list()] == ["阶乘"]
    assert bool(list(sqlite.home.glob("*.damaged-*"))) == bool(content)


REVISION = """
import sqlalchemy as sa
from alembic import op
revision = "0005"
down_revision = "0004"
def upgrade():
    op.add_column("runs", sa.Column("machine", sa.Text))
"""


def test_older_home_is_upgraded_with_a_backup(
    sqlite: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factorial: str
) -> None:
    """A home of the revision before is brought up to date and kept as it was beside."""
    old = Library.open(sqlite)
    old.add(factorial, text="6 的阶乘")
    old.remember_run("{}", "an old run")
    old.close()
    migrations = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, migrations)
    (migrations / "versions/0005_machine.py").write_text(REVISION)
    monkeypatch.setattr(schema, "MIGRATIONS", migrations)
    monkeypatch.setattr(database, "VERSION", "0005")

    new = Library.open(sqlite)
    assert [run.text for run in new.runs()] == ["an old run"]
    assert new.find_text("6 的阶乘") is not None
    with sqlite3.connect(sqlite.home / "funcsmith.db") as now:
        now.execute("SELECT machine FROM runs")
    with sqlite3.connect(sqlite.home / "funcsmith.db.backup-0004") as kept:
        assert kept.execute("SELECT text FROM runs").fetchall() == [("an old run",)]
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [("0004",)]


def test_newer_home_is_refused(sqlite: Settings) -> None:
    """A home that a later Funcsmith wrote is not touched, and the error says what to do."""
    Library.open(sqlite).close()
    with sqlite3.connect(sqlite.home / "funcsmith.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(HomeUnusable, match=r"newer Funcsmith \(version 9999") as caught:
        Library.open(sqlite)
    assert "Upgrade Funcsmith" in caught.value.hint("en")


def test_migrations_lead_to_the_declared_tables(tmp_path: Path) -> None:
    """A database made by the migrations equals one made at once, and the version is the same."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    schema.upgrade(engine, "head")
    with engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), schema.metadata)

    assert difference == []
    assert schema.newest() == database.VERSION


def test_library_behind_a_url(sqlite: Settings, factorial: str, tmp_path: Path) -> None:
    """FUNCSMITH_DATABASE_URL moves the index; through SQLAlchemy everything works the same."""
    url = f"sqlite+pysqlite:///{tmp_path / 'team.db'}"
    library = Library.open(replace(sqlite, database_url=url))
    library.add(factorial, text="6 的阶乘", sample={"n": 6}, template="{n} 的阶乘")
    library.remember_run("{}", "x")
    library.close()

    again = Library.open(replace(sqlite, database_url=url))
    assert again.find_text("6的阶乘")[1] == {"n": 6}  # type: ignore[index]
    assert again.match_template("7 的阶乘") is not None
    assert again.search("阶乘")[0][1] == 1.0
    assert (again.rebuild(), again.stats()["runs"]) == (1, 1)
    assert not (sqlite.home / "funcsmith.db").exists()
    with pytest.raises(HomeUnusable, match=r"db\.invalid"):
        Library.open(replace(sqlite, database_url="nosuch://user:secret@db.invalid/x"))


READER = """
import difflib, encodings.utf_8_sig, os, sys
import filelock
import funcsmith.library.schema
from funcsmith.errors import HomeUnusable
from funcsmith.library import Library
from funcsmith.settings import settings
if os.geteuid() == 0:  # root may write everywhere; what is imported later nobody may read
    os.setgid(65534); os.setuid(65534)
library = Library.open(settings())
print([saved.name for saved in library.list()], library.find_text("6 的阶乘")[1])
print(library.match_template("7 的阶乘")[1], library.search("阶乘")[0][1])
for write in (
    lambda: library.add("def f(): ..."),
    lambda: library.remember_run("{}", "x"),
    lambda: library.remove("阶乘"),
):
    try:
        write()
    except HomeUnusable as error:
        print("home_unusable", os.environ["FUNCSMITH_HOME"] in error.message(), bool(error.hint()))
"""


@pytest.mark.skipif(os.name != "posix", reason="folder permissions")
@pytest.mark.parametrize("indexed", [True, False])
def test_home_that_cannot_be_written_is_read(
    sqlite: Settings, tmp_path: Path, factorial: str, indexed: bool
) -> None:
    """With or without an index, all reading works; each write names the folder."""
    library = Library.open(sqlite)
    library.add(factorial, text="6 的阶乘", sample={"n": 6}, template="{n} 的阶乘")
    library.close()
    if not indexed:
        for path in sqlite.home.glob("funcsmith.db*"):
            path.unlink()
    for path in [sqlite.home, *sqlite.home.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for path in list(tmp_path.parents)[:3]:
        if path != Path("/") and path.stat().st_uid == os.geteuid():
            path.chmod(path.stat().st_mode | 0o055)
    tmp_path.chmod(0o755)
    environment = {**os.environ, "FUNCSMITH_HOME": str(sqlite.home)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))

    done = subprocess.run(
        [sys.executable, "-c", READER], check=False, capture_output=True, text=True, env=environment
    )
    sqlite.home.chmod(0o755)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "['阶乘'] {'n': 6}",
        "{'n': '7'} 1.0",
        *["home_unusable True True"] * 3,
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="file names that are bytes")
def test_file_name_that_is_not_utf8(library: Library, folder: Path) -> None:
    """A file whose name is no text is passed over."""
    with open(os.fsencode(folder) + b"/\xff.py", "wb") as file:
        file.write(b"def f(): ...")

    assert library.list() == []


def test_home_that_is_a_file(tmp_path: Path, sqlite: Settings) -> None:
    """A home where no folder can be made reads as empty and refuses to write."""
    (tmp_path / "file").write_text("x")
    library = Library.open(replace(sqlite, home=tmp_path / "file/home"))

    assert library.list() == [] and library.find_text("x") is None
    with pytest.raises(HomeUnusable, match="file/home"):
        library.add("def f(): return 1\n")


def test_saved_text_needs_no_heavy_import(sqlite: Settings, factorial: str) -> None:
    """Finding a saved text and keeping the run imports neither SQLAlchemy nor Alembic."""
    Library.open(sqlite).add(factorial, text="6 的阶乘")
    script = (
        "import sys\nfrom funcsmith.library import Library\n"
        "from funcsmith.settings import settings\n"
        "library = Library.open(settings())\nassert library.find_text('6 的阶乘')\n"
        "library.remember_run('{}', 'x')\n"
        "print({'sqlalchemy', 'alembic', 'filelock', 'pydantic', 'asyncio'} & set(sys.modules))"
    )
    environment = {**os.environ, "FUNCSMITH_HOME": str(sqlite.home)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))

    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, env=environment
    )
    assert (done.stdout, done.stderr) == ("set()\n", "")
