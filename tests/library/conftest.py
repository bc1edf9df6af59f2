"""A library in a temporary home, on each database, and settings that point nowhere else."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from funcsmith.library import Library
from funcsmith.settings import Settings, settings

FACTORIAL = '''def 阶乘(n: int) -> int:
    """n 的阶乘。

    n：正整数
    """
    return 1 if n < 2 else n * 阶乘(n - 1)
'''


@pytest.fixture(scope="session")
def own_postgres() -> ModuleType:
    """The project's script that starts a PostgreSQL."""
    path = Path(__file__).parents[2] / "benchmarks" / "postgres.py"
    spec = importlib.util.spec_from_file_location("own_postgres", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def postgres(own_postgres: ModuleType) -> Iterator[str]:
    """The URL of a PostgreSQL of our own; where there is none, its tests are skipped."""
    pytest.importorskip("psycopg", reason="no driver: pip install 'funcsmith[postgres]'")
    if own_postgres.binaries() is None:
        pytest.skip(own_postgres.MISSING)
    with own_postgres.running("-c fsync=off") as server:
        yield server.url


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose index lies in it."""
    monkeypatch.delenv("FUNCSMITH_DATABASE_URL", raising=False)
    monkeypatch.setenv("FUNCSMITH_HOME", str(tmp_path / "home"))
    return replace(settings(), runs_kept=100)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(
    request: pytest.FixtureRequest, sqlite: Settings, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A home on each database; what is true of one is true of the other."""
    if request.param == "sqlite":
        return sqlite
    url = request.getfixturevalue("postgres")
    monkeypatch.setenv("FUNCSMITH_DATABASE_URL", url)
    return replace(sqlite, database_url=url)


@pytest.fixture
def library(home: Settings) -> Iterator[Library]:
    opened = Library.open(home)
    yield opened
    opened.close()


@pytest.fixture
def factorial() -> str:
    return FACTORIAL
