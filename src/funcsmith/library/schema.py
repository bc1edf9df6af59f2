"""The tables of the index, declared once, and how a new or older database gets them.

This module imports SQLAlchemy and is itself imported only to create or upgrade a database;
Alembic is imported only to upgrade one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"

metadata = MetaData()

functions = Table(
    "functions",
    metadata,
    Column("file", String(250), primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("stamp", Text, nullable=False),
    Column("words", Integer, nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("broken", Text),
    Column("saved", Text, nullable=False),
)
texts = Table(
    "texts",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("file", String(250), primary_key=True),
    Column("at", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("arguments", Text),
    Index("ix_texts_file", "file"),
)
templates = Table(
    "templates",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("file", String(250), primary_key=True),
    Column("anchor", String(20), nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("template", Text, nullable=False),
    Index("ix_templates_file", "file"),
)
terms = Table(
    "terms",
    metadata,
    Column("term", String(250), primary_key=True),
    Column("file", String(250), primary_key=True),
    Column("weight", Float, nullable=False),
    Index("ix_terms_file", "file"),
)
marks = Table(
    "marks",
    metadata,
    Column("kind", String(10), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("file", String(250), primary_key=True),
    Index("ix_marks_file", "file"),
)
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("function", Text),
    Column("kind", String(20)),
    Column("status", String(20)),
    Column("seconds", Float),
    Column("detect_seconds", Float),
    Column("generate_seconds", Float),
    Column("execute_seconds", Float),
    Column("isolation", String(40)),
    Column("model", Text),
    Column("bytes", Integer),
    Column("prompt_tokens", Integer),
    Column("generated_tokens", Integer),
    Column("model_calls_avoided", Integer),
    Column("outcome", Text),
)
answers = Table(
    "answers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("asked", String(64), nullable=False),
    Column("at", Float, nullable=False, index=True),
    Column("token", String(32), nullable=False),
    Column("beat", Integer, nullable=False),
    Column("answer", Text),
)
meta = Table(
    "meta",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)


def statements(version: str) -> list[str]:
    """What makes an empty SQLite database ours, stamped with its version."""
    dialect = sqlite.dialect()
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
    return [*made, *_stamp(version)]


def create(connection: Connection, version: str) -> None:
    """Create the tables of an empty database on any server."""
    metadata.create_all(connection)
    for statement in _stamp(version):
        connection.exec_driver_sql(statement)


def upgrade(
    engine: Engine, version: str, migrations: Path | None = None, *, lock: int | None = None
) -> None:
    """Bring an older database to a version, one revision after the other, in one transaction.

    `lock` is the advisory lock of PostgreSQL that is held meanwhile.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations or MIGRATIONS).replace("%", "%%"))
    config.attributes["engine"] = engine
    config.attributes["lock"] = lock
    command.upgrade(config, version)


def newest(migrations: Path | None = None) -> str:
    """The version that the migrations lead to."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations or MIGRATIONS).replace("%", "%%"))
    head: Any = ScriptDirectory.from_config(config).get_current_head()
    return str(head)


def _stamp(version: str) -> list[str]:
    return [
        (
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        ),
        f"INSERT INTO alembic_version (version_num) VALUES ('{version}')",
    ]
