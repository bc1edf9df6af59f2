"""Which index a home has: SQLite in it, one in memory where it cannot be written, or a server's.

An index belongs to one home, since its rows say what that home's files say. On PostgreSQL each home
has a schema of its own; on any other server, and in a SQLite file that a URL names, a second home
is refused.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from ..errors import HomeUnusable
from ..settings import Settings
from .database import Damaged, Door, Unwritable, open_memory, open_sqlite
from .files import unusable

_SQLITE = "sqlite:///"


def database(settings: Settings) -> Path:
    """Where the index lies that needs no server."""
    return settings.home / "funcsmith.db"


def door(settings: Settings) -> Door:
    """Open a home's index, made or upgraded first where that is needed."""
    if settings.database_url:
        return _named(settings, settings.database_url)
    path = database(settings)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        writable = os.access(settings.home, os.W_OK) and (
            not path.exists() or os.access(path, os.W_OK)
        )
    except OSError:
        writable = False
    if not writable:
        return open_memory(path)
    try:
        return open_sqlite(path)
    except Damaged:
        # The index can be made again from the files; what was there is set aside, not destroyed.
        aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        os.replace(path, aside)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        return open_sqlite(path)
    except (Unwritable, OSError):
        return open_memory(path)


def identity(home: Path) -> str:
    """What tells this home from every other, also from a copy of it: 16 hexadecimal digits.

    It is made once and lies beside the library folder, so it does not travel with git.
    """
    path = home / "home.id"
    try:
        if not path.exists():
            import secrets

            from filelock import FileLock

            home.mkdir(parents=True, exist_ok=True)
            with FileLock(home / f"{path.name}.lock"):
                if not path.exists():
                    made = home / f"{path.name}.new"
                    made.write_text(secrets.token_hex(16), "ascii")
                    os.replace(made, path)
        written = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise unusable(home, error) from error
    said = f"{written}\0{home.resolve()}"
    return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _named(settings: Settings, url: str) -> Door:
    try:
        home = identity(settings.home)
    except HomeUnusable:  # a home that can only be read has no mark to tell it by
        return open_memory()
    opened: Door
    if url.startswith(_SQLITE):
        opened = open_sqlite(Path(url.removeprefix(_SQLITE)))
    else:
        from .server import open_url

        opened = open_url(url, home)
    try:
        _belonging(opened, home, settings.home)
    except BaseException:
        opened.close()
        raise
    return opened


def _belonging(opened: Door, home: str, path: Path) -> None:
    """Mark an index as this home's; refuse one that is another's."""
    find = "SELECT value FROM meta WHERE key = 'home'"
    found = opened.rows(find)
    if not found:
        with opened.writing():
            opened.execute(
                "INSERT INTO meta (key, value) VALUES ('home', :home) ON CONFLICT (key) DO NOTHING",
                {"home": home},
            )
        found = opened.rows(find)
    if found[0][0] != home:
        raise HomeUnusable(
            {
                "en": f"The database of FUNCSMITH_DATABASE_URL is the index of another home than "
                f"{path}.",
                "zh": f"FUNCSMITH_DATABASE_URL 指向的数据库是另一个主目录的索引，不属于 {path}。",
            },
            hint={
                "en": "Give each home its own database, or use PostgreSQL, where each home has "
                "its own schema.",
                "zh": "请为每个主目录使用各自的数据库，或使用 PostgreSQL（每个主目录有独立的 schema）。",
            },
        )
