"""The door to an index on a server: PostgreSQL, or what else SQLAlchemy knows and speaks its SQL.

On PostgreSQL each home has a schema of its own (`funcsmith_<home>`), so what one home's files lack is
never taken from another's index; within a home one writer at a time, by an advisory lock that ends
with its transaction, also where its process was killed. Other servers hold one home.
"""

from __future__ import annotations

import contextlib
import random
import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from ..errors import HomeUnusable
from . import schema
from .database import BUSY_SECONDS, VERSION, Door, Row, newer, version_of


class ServerDoor:
    """One connection, safe to use from several threads."""

    def __init__(self, url: str, home: str) -> None:
        self.url = _with_driver(url)
        self.kept = True
        self._lock = threading.RLock()
        self._depth = 0
        try:
            # A statement alone is a transaction and one way to the server and back, not three.
            self.engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
            self.lock = int(home, 16) - 2**63 if self.engine.name == "postgresql" else None
            if self.lock is not None:
                _in_schema(self.engine, f"funcsmith_{home}")
            self._connection = _connected(self.engine)
        except (SQLAlchemyError, ImportError, ValueError) as error:
            raise _unreachable(url, error) from error

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        with self._lock, self._reached():
            return [tuple(row) for row in self._run(sql, parameters or {})]

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        with self._lock, self._reached():
            self._run(sql, parameters or {})

    def execute_many(self, sql: str, parameters: Sequence[Mapping[str, Any]]) -> None:
        with self._lock, self._reached():
            if parameters:
                self._run(sql, list(parameters))

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of it or nothing, one writer at a time."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self.execute("BEGIN")
                    if self.lock is not None:
                        self.execute("SELECT pg_advisory_xact_lock(:lock)", {"lock": self.lock})
                yield
            except BaseException:
                self._depth -= 1
                with contextlib.suppress(SQLAlchemyError):
                    self._connection.rollback()
                raise
            if self._depth == 1:
                try:
                    self.execute("COMMIT")
                finally:
                    self._depth = 0
            else:
                self._depth -= 1

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self.engine.dispose()

    def prepare(self) -> None:
        """Make or upgrade the tables; of several processes at once, one does it."""
        if self._made() and version_of(self) == VERSION:
            return
        level = "SERIALIZABLE" if self.engine.name == "sqlite" else "READ COMMITTED"
        whole = self.engine.execution_options(isolation_level=level)
        with self._lent(), whole.begin() as connection:
            if self.lock is not None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": self.lock})
                name = connection.execute(text("SHOW search_path")).scalar_one()
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {name}"))
            if not inspect(connection).has_table("alembic_version"):
                schema.create(connection, VERSION)
        version = version_of(self)
        if version > VERSION:
            raise newer(self.engine.url.render_as_string(hide_password=True), version)
        if version != VERSION:
            with self._lent():
                schema.upgrade(whole, VERSION, schema.MIGRATIONS, lock=self.lock)

    def _run(self, sql: str, parameters: Any) -> Any:
        try:
            found = self._connection.execute(text(sql), parameters)
        except DBAPIError as error:
            if self._depth or not error.connection_invalidated:
                raise
            self._connection.rollback()  # the server was started anew: so is the connection
            found = self._connection.execute(text(sql), parameters)
        return found.fetchall() if found.returns_rows else []

    @contextlib.contextmanager
    def _lent(self) -> Iterator[None]:
        """The pool has our connection meanwhile: the server may have no second one free."""
        self._connection.close()
        try:
            with self._reached():
                yield
        finally:
            with self._reached():
                self._connection = _connected(self.engine)

    def _made(self) -> bool:
        if self.lock is None:
            with self._lent():
                return inspect(self.engine).has_table("alembic_version")
        return self.rows("SELECT to_regclass('alembic_version')") != [(None,)]

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            if self._depth == 0 and not self._connection.closed:
                with contextlib.suppress(SQLAlchemyError):
                    self._connection.rollback()
            raise _unreachable(self.url, error) from error


def open_url(url: str, home: str) -> Door:
    """Open the index that a URL names, made or upgraded first where that is needed."""
    door = ServerDoor(url, home)
    try:
        door.prepare()
    except BaseException:
        door.close()
        raise
    return door


def _with_driver(url: str) -> str:
    """A PostgreSQL URL as people write it, with the driver that we bring."""
    return re.sub(r"^postgres(?:ql)?://", "postgresql+psycopg://", url)


def _in_schema(engine: Engine, name: str) -> None:
    """Every connection sees this schema and no other."""

    @event.listens_for(engine, "connect", insert=True)
    def choose(connection: Any, _: Any) -> None:
        before, connection.autocommit = connection.autocommit, True
        cursor = connection.cursor()
        cursor.execute(f"SET SESSION search_path = {name}")
        cursor.close()
        connection.autocommit = before


def _connected(engine: Engine) -> Any:
    """A connection; where the server has no free one, it is waited for."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            if "too many clients" not in str(error) and "remaining connection" not in str(error):
                raise
            if time.monotonic() > until:
                raise
            time.sleep(random.uniform(0.02, 0.2))  # noqa: S311 - so that not all ask again at once


def _unreachable(url: str, error: Exception) -> HomeUnusable:
    place = url.rsplit("@", maxsplit=1)[-1]
    said = (str(error).splitlines() or [type(error).__name__])[0]
    hint = {
        "en": "Check FUNCSMITH_DATABASE_URL, or unset it to use SQLite in the home.",
        "zh": "请检查 FUNCSMITH_DATABASE_URL，或取消它以使用主目录里的 SQLite。",
    }
    if isinstance(error, ImportError):
        hint = {
            "en": "The driver is not installed: pip install 'funcsmith[postgres]'",
            "zh": "没有安装驱动：pip install 'funcsmith[postgres]'",
        }
    return HomeUnusable(
        {
            "en": f"The database {place} cannot be used: {said}",
            "zh": f"无法使用数据库 {place}：{said}",
        },
        hint=hint,
    )
