"""Several homes, several processes and one database: whose rows are whose."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from funcsmith.errors import HomeUnusable
from funcsmith.library import Library
from funcsmith.library.home import identity
from funcsmith.settings import Settings

F = "def f(x: int) -> int:\n    return x + 1\n"


@pytest.fixture
def team(sqlite: Settings, postgres: str, tmp_path: Path) -> tuple[Settings, Settings]:
    """Two homes with one PostgreSQL."""
    ours = replace(sqlite, database_url=postgres)
    return ours, replace(ours, home=tmp_path / "theirs")


def test_rows_of_one_home_are_not_those_of_another(team: tuple[Settings, Settings]) -> None:
    """What one home lacks stays in the other's index; names, texts, runs and counts are apart."""
    ours, theirs = map(Library.open, team)
    ours.refresh(now=True)
    ours.add(F, text="加一", verdict="tested")
    ours.remember_run(json.dumps({"cost": {"model_calls_avoided": 3}}), "ours")
    assert (theirs.list(), theirs.find_text("加一"), theirs.runs()) == ([], None, [])

    theirs.add("def f(x: int) -> int:\n    return x + 2\n", text="加二")
    theirs.rebuild()
    theirs.remove("f")
    theirs.refresh(now=True)
    assert ours.refresh(now=True) is False
    assert ours.find_text("加一")[0].verdict == "tested"  # type: ignore[index]
    assert ours.rebuild() == 1
    assert (ours.stats()["runs"], ours.stats()["model_calls_avoided"]) == (1, 3)
    assert theirs.stats()["runs"] == 0
    ours.close()
    theirs.close()


def test_two_processes_of_one_home_share_its_index(team: tuple[Settings, Settings]) -> None:
    """What one adds the other finds, also by search."""
    one, other = Library.open(team[0]), Library.open(team[0])
    one.add('def half(x: float) -> float:\n    """Half of a number."""\n    return x / 2\n')

    assert other.search("half of a number")[0][0].name == "half"
    other.remove("half")
    assert one.list() == []
    one.close()
    other.close()


def test_a_copy_of_a_home_is_another_home(sqlite: Settings, tmp_path: Path) -> None:
    """The place counts beside the mark; the mark does not lie in the folder that git carries."""
    first = identity(sqlite.home)
    shutil.copytree(sqlite.home, tmp_path / "copy")

    assert identity(sqlite.home) == first and len(first) == 16
    assert identity(tmp_path / "copy") != first
    assert identity(tmp_path / "new") != first
    assert not (sqlite.home / "library").exists()


def test_file_of_another_home_is_refused(sqlite: Settings, tmp_path: Path) -> None:
    """A SQLite file that a URL names belongs to the home that used it first."""
    for url in (f"sqlite:///{tmp_path}/a.db", f"sqlite+pysqlite:///{tmp_path}/b.db"):
        ours = replace(sqlite, database_url=url)
        Library.open(ours).add(F)
        with pytest.raises(HomeUnusable, match="another home") as caught:
            Library.open(replace(ours, home=tmp_path / "other"))
        assert "PostgreSQL" in caught.value.hint("en")
        library = Library.open(ours)
        assert [s.name for s in library.list()] == ["f"]
        library.close()
        shutil.rmtree(sqlite.home)


START = """
import sys
from funcsmith.library import Library
from funcsmith.settings import settings
library = Library.open(settings())
print(library.add(f"def f{sys.argv[1]}(): return 1").name)
"""


def test_many_open_a_new_home_at_once(
    team: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of processes that find no tables yet, one makes them."""
    environment = {**os.environ, "FUNCSMITH_HOME": str(team[0].home)}
    environment |= {"FUNCSMITH_DATABASE_URL": str(team[0].database_url)}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(n)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )
        for n in range(4)
    ]  # fmt: skip
    ends = [one.communicate(timeout=300) for one in started]

    assert [(out, err) for out, err in ends] == [(f"f{n}\n", "") for n in range(4)]


def test_server_that_was_started_anew(
    own_postgres: ModuleType, postgres: str, sqlite: Settings
) -> None:
    """A library that was open goes on; a write under way fails with what to do, then works."""
    with own_postgres.running("-c fsync=off -c max_connections=10") as server:
        own = replace(sqlite, database_url=server.url)
        library = Library.open(own)
        library.add(F, text="加一")
        server.stop("immediate")
        with pytest.raises(HomeUnusable, match="cannot be used") as caught:
            library.remember_run("{}", "x")
        assert "FUNCSMITH_DATABASE_URL" in caught.value.hint("en")
        server.start()

        library.remember_run("{}", "y")
        assert library.find_text("加一")[0].name == "f"  # type: ignore[index]
        assert [run.text for run in library.runs()] == ["y"]
        library.close()


def test_one_connection_is_enough(
    own_postgres: ModuleType, postgres: str, sqlite: Settings
) -> None:
    """A server with a single free connection makes the tables and keeps what is added."""
    options = "-c fsync=off -c max_connections=1 -c superuser_reserved_connections=0"
    with own_postgres.running(options) as server:
        library = Library.open(replace(sqlite, database_url=server.url))
        library.add(F, text="加一")

        assert [saved.name for saved in library.list()] == ["f"]
        library.close()


def test_url_as_people_write_it(postgres: str, sqlite: Settings) -> None:
    """`postgres://` and `postgresql://` both mean the driver that we bring."""
    url = postgres.replace("postgresql://", "postgres://")
    library = Library.open(replace(sqlite, database_url=url))

    assert library.list() == []
    library.close()


def test_older_index_on_a_server_is_upgraded(sqlite: Settings, postgres: str) -> None:
    """The tables of version 0001 gain what is new, and the runs stay."""
    from sqlalchemy import text

    from funcsmith.library import schema
    from funcsmith.library.server import ServerDoor

    own = replace(sqlite, database_url=postgres)
    door = ServerDoor(postgres, identity(own.home))
    whole = door.engine.execution_options(isolation_level="READ COMMITTED")
    with whole.begin() as connection:
        name = connection.execute(text("SHOW search_path")).scalar_one()
        connection.execute(text(f"CREATE SCHEMA {name}"))
    schema.upgrade(whole, "0001", lock=door.lock)
    door.execute("INSERT INTO runs (at, text, outcome) VALUES ('2026', 'an old run', '{}')")
    door.close()

    library = Library.open(own)
    assert [run.text for run in library.runs()] == ["an old run"]
    library.remember_run("{}", "new")
    assert library.stats()["runs"] == 1
    library.close()


def test_runs_are_bounded_by_bytes(home: Settings) -> None:
    """The oldest go first; one that alone is too large is kept without its outcome."""
    library = Library.open(replace(home, runs_bytes=2_000))
    for number in range(30):
        library.remember_run(json.dumps({"kind": "function", "x": "数" * 100}), f"run {number}")
    kept = [run.text for run in library.runs(100)]
    assert kept == [f"run {n}" for n in range(29, 29 - len(kept), -1)] and len(kept) == 3

    library.remember_run(json.dumps({"kind": "none", "x": "x" * 3_000}), "large")
    latest = library.runs(1)[0]
    assert (latest.text, latest.kind, latest.outcome) == ("large", "none", None)
    assert library.stats()["runs"] == 31
    library.close()


def test_run_says_what_it_took(library: Library) -> None:
    """Times of each step, tokens, model and the kind of fence stand in columns."""
    outcome = {
        "seconds": {"detect": 0.5, "generate": 1.0, "execute": 0.25},
        "tokens": {"prompt": 7, "generated": 3},
        "result": {"status": "ok", "isolation": {"kind": "landlock+seccomp"}},
        "model": "qwen",
    }
    library.remember_run(json.dumps(outcome), "x")

    [run] = library.runs()
    assert (run.detect_seconds, run.generate_seconds, run.execute_seconds) == (0.5, 1.0, 0.25)
    assert (run.seconds, run.isolation, run.model) == (1.75, "landlock+seccomp", "qwen")


def test_no_run_is_kept_where_none_is_wanted(home: Settings) -> None:
    """FUNCSMITH_RUNS_KEPT=0 remembers nothing and counts nothing."""
    library = Library.open(replace(home, runs_kept=0))
    library.remember_run("{}", "x")

    assert (library.runs(), library.stats()["runs"]) == ([], 0)
    library.close()


def test_rebuild_is_seen_whole(home: Settings) -> None:
    """While the index is made again another process finds the one before."""
    library, other = Library.open(home), Library.open(home)
    for number in range(3):
        library.add(f"def f{number}(): return {number}\n", text=f"第 {number} 个")
    insert, seen = library._store._insert, []

    def watched(saved, stamp):
        seen.append(len(other._store.names()))
        insert(saved, stamp)

    library._store._insert = watched  # type: ignore[method-assign]
    assert library.rebuild() == 3
    assert seen == [3, 3, 3]
    library.close()
    other.close()
