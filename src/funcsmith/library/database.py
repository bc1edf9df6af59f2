"""The door to the index: what every database has to do, and the one that needs no server.

`SqliteDoor` speaks to SQLite through the standard library: importing SQLAlchemy takes longer than
all the rest of answering a saved text (150 of 250 ms, measured), so a home that exists is opened
without it. `ServerDoor` (server.py) speaks to a server, through SQLAlchemy. Statements are plain SQL
with `:name` parameters, the part that SQLite and PostgreSQL share.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from ..errors import HomeUnusable

VERSION = "0004"
"""The newest revision in migrations/versions; a test holds the two together."""
BUSY_SECONDS = 120.0

Row = tuple[Any, ...]


class Unwritable(HomeUnusable):
    """The database can be read at best."""

    def __init__(self, said: str) -> None:
        super().__init__(
            {"en": f"The index cannot be written: {said}", "zh": f"无法写入索引：{said}"},
            hint={
                "en": "Make FUNCSMITH_HOME writable, or set it to a folder that is.",
                "zh": "请让 FUNCSMITH_HOME 可写，或把它设为可写的文件夹。",
            },
        )


class Damaged(HomeUnusable):
    """The file is there, but it is not a database of ours."""

    def __init__(self, said: str) -> None:
        super().__init__(
            {"en": f"The index is damaged: {said}", "zh": f"索引已损坏：{said}"},
            hint={
                "en": "Move funcsmith.db away; it is made again from the function files.",
                "zh": "请移走 funcsmith.db；它会从函数文件重建。",
            },
        )


class Door(Protocol):
    """A connection to the index, safe to use from several threads."""

    kept: bool
    """False if what is written ends with the process."""

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]: ...

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None: ...

    def execute_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None: ...

    def writing(self) -> contextlib.AbstractContextManager[None]: ...

    def close(self) -> None: ...


class SqliteDoor:
    """SQLite in a file (write-ahead log) or, where nothing can be written, in memory."""

    def __init__(self, path: Path | None) -> None:
        self.kept = path is not None
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            path or ":memory:",
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=200,
        )
        if path is not None:
            try:
                self.execute("PRAGMA synchronous=NORMAL")
            except BaseException:
                self._connection.close()
                raise

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        with self._lock, _translated():
            return self._connection.execute(sql, parameters or {}).fetchall()

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        with self._lock, _translated():
            self._connection.execute(sql, parameters or {})

    def execute_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        with self._lock, _translated():
            self._connection.executemany(sql, parameters)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing, one writer at a time."""
        with self._lock:
            if self._depth == 0:
                self.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0 and self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self.execute("COMMIT")

    def copy_into(self, other: SqliteDoor) -> None:
        """Everything in here, into an empty database."""
        with self._lock, _translated():
            self._connection.backup(other._connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def open_sqlite(path: Path) -> SqliteDoor:
    """Open the index in a home, made or upgraded first where that is needed."""
    if not path.exists() or path.stat().st_size == 0:
        _create(path)
    door = SqliteDoor(path)
    try:
        version = version_of(door)
        if version != VERSION:
            door.close()
            _upgrade(path, version)
            door = SqliteDoor(path)
    except BaseException:
        door.close()
        raise
    return door


def open_memory(copy_of: Path | None = None) -> SqliteDoor:
    """An index that is kept nowhere, begun with what can be read of another."""
    if copy_of is not None and copy_of.exists():
        # `immutable` does not read a log beside the file; the function files set that right.
        for options in ("?mode=ro", "?mode=ro&immutable=1"):
            door = SqliteDoor(None)
            with contextlib.suppress(sqlite3.Error, Damaged, Unwritable):
                uri = copy_of.absolute().as_uri() + options
                with contextlib.closing(sqlite3.connect(uri, uri=True)) as source:
                    source.backup(door._connection)  # noqa: SLF001 - its own kind
                if version_of(door) == VERSION:
                    return door
            door.close()
    door = SqliteDoor(None)
    from . import schema

    for statement in schema.statements(VERSION):
        door.execute(statement)
    return door


def version_of(door: Door) -> str:
    """The revision that a database is stamped with."""
    try:
        found = door.rows("SELECT version_num FROM alembic_version")
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error
    return str(found[0][0]) if found else "0000"


def _create(path: Path) -> None:
    """Make the file whole beside its place, then put it there: a kill leaves no half of it."""
    from . import schema

    with _one_at_a_time(path):
        if path.exists() and path.stat().st_size:
            return
        made = path.with_name(f"{path.name}.new")
        made.unlink(missing_ok=True)
        door = SqliteDoor(made)
        with door.writing():
            for statement in schema.statements(VERSION):
                door.execute(statement)
        door.rows("PRAGMA journal_mode=WAL")
        door.close()
        os.replace(made, path)


def _upgrade(path: Path, version: str) -> None:
    """Upgrade a copy and put it in the database's place: a kill leaves the old or the new one."""
    if version > VERSION:
        raise newer(str(path), version)
    from sqlalchemy import create_engine

    from . import schema

    with _one_at_a_time(path):
        door = SqliteDoor(path)
        version = version_of(door)
        if version == VERSION:  # another process was faster
            door.close()
            return
        # What the log holds goes into the file: a log left beside the new one would be read into it.
        door.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = path.with_name(f"{path.name}.backup-{version}")
        for copy in (kept, path.with_name(f"{path.name}.new")):
            unfinished = path.with_name(f"{copy.name}.unfinished")
            unfinished.unlink(missing_ok=True)
            other = SqliteDoor(unfinished)
            door.copy_into(other)
            other.close()
            os.replace(unfinished, copy)
        engine = create_engine(f"sqlite:///{copy}")
        try:
            schema.upgrade(engine, VERSION, schema.MIGRATIONS)
        except Exception as error:
            raise HomeUnusable(
                {
                    "en": f"{path} could not be upgraded from version {version}: {error}",
                    "zh": f"{path} 无法从版本 {version} 升级：{error}",
                },
                hint={
                    "en": f"It is as it was, and {kept} is a copy. Removing {path.name} rebuilds "
                    "the index from the function files; only remembered runs are lost.",
                    "zh": f"原文件未改动，{kept} 是副本。删除 {path.name} 后会从函数文件重建索引，"
                    "只丢失运行记录。",
                },
            ) from error
        finally:
            engine.dispose()
        finished = SqliteDoor(copy)
        finished.rows("PRAGMA journal_mode=WAL")
        finished.close()
        door.close()
        os.replace(copy, path)


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    from filelock import FileLock

    with FileLock(path.with_name(f"{path.name}.lock")):
        yield


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """SQLite's errors as what we can do about them."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        if "no such table" in said or "no such column" in said:
            raise Damaged(said) from error
        if any(word in said for word in ("readonly", "unable to open", "disk", "full", "locked")):
            raise Unwritable(said) from error
        raise
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "not a database" in said or "malformed" in said or "encrypted" in said:
            raise Damaged(said) from error
        raise


def newer(place: str, version: str) -> HomeUnusable:
    return HomeUnusable(
        {
            "en": f"{place} was written by a newer Funcsmith (version {version}; "
            f"this one knows {VERSION}).",
            "zh": f"{place} 由更新版本的 Funcsmith 写成（版本 {version}，当前只认识 {VERSION}）。",
        },
        hint={
            "en": "Upgrade Funcsmith, or set FUNCSMITH_HOME to another folder.",
            "zh": "请升级 Funcsmith，或把 FUNCSMITH_HOME 设为另一个文件夹。",
        },
    )
