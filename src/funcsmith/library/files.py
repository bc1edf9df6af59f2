"""The files that are the truth: `<name>.py` holds a function, `<name>.json` what is known of it.

How a write survives being killed: every file is written beside, flushed, then put in its place in
one step. The version goes first (`versions.py`), then the .py, then the .json: a function appears
together with all that is known of it, since whichever .py is found after a kill, the record that
belongs to it is found by its hash. A .json leaves before its .py, so none is ever alone. Nothing of
the user's is destroyed: what is replaced stays a version, what leaves goes to `.removed/`.
"""

from __future__ import annotations

import contextlib
import errno
import keyword
import os
import shutil
import stat
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import FunctionInvalid, FunctionNotFound, HomeUnusable
from .annotations import Annotations
from .lock import locked
from .record import ATTRIBUTES, BOTH, read, written
from .saved import FORMAT, Saved, code_of, hashed, language_of, now
from .signature import SOURCE_LIMIT, main_function, parsed, signature_in
from .versions import Version, Versions

LOCK_SECONDS = 300.0
_RESERVED = frozenset(
    "con prn aux nul clock$ conin$ conout$".split()
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)
_NAME_BYTES = 180
_GIVEN = ("grants", "trust")
"""What an owner gave to one source; a rollback gives none of it."""
_RECENT_SECONDS = 0.1
"""A file changed this lately may change again without its time changing: it is read again."""


class Folder:
    """The folder of function files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Not flushed: what is flushed after them is not on the disk before them.
        self.versions = Versions(
            path / ".versions", lambda place, text: self._put(place, text, flush=False)
        )

    def stamps(self) -> dict[str, str]:
        """Every function file with what changes when it is changed; files are not opened."""
        found: dict[str, str] = {}
        records: dict[str, str] = {}
        try:
            with os.scandir(self.path) as entries:
                for entry in entries:
                    stem, dot, ending = entry.name.rpartition(".")
                    if not dot or ending not in ("py", "json") or stem[:1] in (".", "_"):
                        continue
                    # A name that is not UTF-8 cannot be that of a function.
                    with contextlib.suppress(OSError, UnicodeEncodeError):
                        stem.encode()
                        status = entry.stat()
                        if stat.S_ISREG(status.st_mode):
                            (found if ending == "py" else records)[stem] = _stamp(status)
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise unusable(self.path, error) from error
        return {stem: f"{own} {records.get(stem, '-')}" for stem, own in found.items()}

    def stamp(self, file: str) -> str | None:
        """The stamp of one function's files, None if it is not there."""
        try:
            own = _stamp(os.stat(self.path / f"{file}.py"))
        except OSError:
            return None
        try:
            return f"{own} {_stamp(os.stat(self.path / f'{file}.json'))}"
        except OSError:
            return f"{own} -"

    def read(self, file: str) -> Saved:
        """What the two files say; a file that cannot be used comes back as broken."""
        path = self.path / f"{file}.py"
        saved = Saved(name=unicodedata.normalize("NFC", file), file=file, path=path)
        try:
            if path.stat().st_size > 4 * SOURCE_LIMIT:
                return replace(saved, problem=_both(f"{path.name}: too large", "文件太大", path))
            source = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            return replace(saved, problem=_both(f"{path.name} is not UTF-8", "不是 UTF-8", path))
        except OSError as error:
            said = error.strerror or str(error)
            return replace(saved, problem=_both(f"{path.name}: {said}", said, path))
        saved = replace(saved, source=source, sha256=hashed(source))
        record, warning = self._record(file)
        wanted = record.get("name") if hashed(source) == record.get("sha256") else None
        try:
            module = parsed(source, file=path.name)
            node = main_function(module, wanted, file=path.name)
            signature = signature_in(node, Annotations(module), infer=True)
            code = code_of(module, node.name)
        except (FunctionInvalid, RecursionError) as error:
            problem = (
                {"en": error.message("en"), "zh": error.message("zh")}
                if isinstance(error, FunctionInvalid)
                else _both(f"{path.name}: nested too deeply", "嵌套太深", path)
            )
            if "\n>>>>>>> " in source:
                problem = _both(
                    f"{path.name} is in a merge conflict: choose a side, or see `funcsmith library "
                    f"history {file}`",
                    f"处于合并冲突中：请选定一方，或查看 `funcsmith library history {file}`",
                    path,
                )
            return replace(self._known(saved, record), problem=problem, warning=warning)
        saved = replace(
            saved,
            name=signature.name,
            signature=signature.text,
            summary=signature.summary,
            description=signature.description,
            parameters=signature.parameters,
            returns=signature.returns,
            code=code,
            language=language_of(signature.docstring or signature.name),
            warning=warning,
        )
        return self._known(saved, record)

    def write(
        self,
        saved: Saved,
        *,
        previous: Saved | None = None,
        record_only: bool,
        cause: str = "saved",
        of: int | None = None,
    ) -> Saved:
        """Put a function's files in their places, a new source as a version before them.

        The caller holds the lock. `cause` and `of` are what the version says of itself.
        """
        path = self.path / f"{saved.file}.py"
        saved = replace(saved, path=path)
        record = saved.record()
        old, warning = self._record(saved.file)
        if warning is not None:
            self._keep_copies(saved.file, only="json")
        if previous is not None and not record_only:
            if previous.broken:
                self._keep_copies(previous.file)
            else:
                self.keep_version(previous)
        if record_only:
            record = {**old, **record}
        for key in ("previous", BOTH):
            record.pop(key, None)
        if not record_only or old.get("sha256") != saved.sha256 or BOTH in old:
            if old.get("sha256") != saved.sha256:
                self.versions.refresh(saved.file, old)
            self.versions.keep(saved.file, saved.source, record, cause=cause, of=of)
        if not record_only:
            self._put(path, saved.source)
        self._put(path.with_suffix(".json"), written(record))
        return saved

    def keep_version(self, saved: Saved) -> None:
        """Keep a function as it is among its versions; the caller holds the lock."""
        old, _ = self._record(saved.file)
        own = old.get("sha256") == saved.sha256 and BOTH not in old
        if not own:
            self.versions.refresh(saved.file, old)
        record = {**saved.record(), **old} if own else saved.record()
        record.pop("previous", None)
        cause = "edited" if saved.edited else "saved"
        self.versions.keep(saved.file, saved.source, record, cause=cause)

    def restored(self, file: str, version: Version, there: Saved | None) -> Saved:
        """Put a version in its function's place; the caller holds the lock."""
        record = {key: value for key, value in version.record.items() if key not in _GIVEN}
        saved = Saved(
            name=str(record.get("name") or file),
            file=file,
            source=version.source,
            sha256=version.sha256,
        ).with_record(record)
        cause = "restored" if there is None else "rollback"
        return self.write(
            replace(saved, updated=now()),
            previous=there,
            record_only=False,
            cause=cause,
            of=version.number,
        )

    def remove(self, file: str) -> Path:
        """Move a function's files into `.removed/`; its versions stay. The caller holds the lock."""
        saved = self.read(file)
        if not saved.broken:
            self.keep_version(saved)
        moved = self._aside(file, "py")
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.path / f"{file}.json", moved.with_suffix(".json"))
        os.replace(self.path / f"{file}.py", moved)
        _flush_folder(self.path)
        return moved

    @contextlib.contextmanager
    def writing(self, wait_seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """The right to write here, for one thread of one process at a time."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with locked(self.path.parent / "library.lock", wait_seconds):
                self._tidy()
                yield
        except TimeoutError as error:
            raise HomeUnusable(
                {
                    "en": f"{self.path} is locked by another process ({wait_seconds:.0f} s).",
                    "zh": f"{self.path} 被另一个进程锁住超过 {wait_seconds:.0f} 秒。",
                },
                hint={"en": "End that process, then try again.", "zh": "请结束该进程后重试。"},
            ) from error
        except OSError as error:
            raise unusable(self.path, error) from error

    def file_for(self, name: str) -> str:
        """The file name of a function's name; FunctionInvalid if a file cannot bear it."""
        plain = unicodedata.normalize("NFC", name)
        if (
            not plain.isidentifier()
            or keyword.iskeyword(plain)
            or len(plain.encode()) > _NAME_BYTES
        ):
            shown = plain[:60]
            raise FunctionInvalid(
                {
                    "en": f"{shown!r} cannot be the name of a saved function.",
                    "zh": f"{shown!r} 不能作为函数名保存。",
                },
                hint={
                    "en": f"A Python identifier of at most {_NAME_BYTES} bytes is needed.",
                    "zh": f"需要一个合法的 Python 标识符，最长 {_NAME_BYTES} 字节。",
                },
            )
        # What begins with an underscore is not read, and Windows keeps some names for devices.
        if plain.startswith("_") or plain.lower() in _RESERVED:
            return f"{plain.lstrip('_') or 'function'}_"
        return plain

    def exists(self, file: str) -> bool:
        return os.path.lexists(self.path / f"{file}.py")

    def _record(self, file: str) -> tuple[dict[str, Any], dict[str, str] | None]:
        path = self.path / f"{file}.json"
        try:
            record = read(path.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            return {}, None
        except (OSError, ValueError, RecursionError) as error:
            said = f"{path.name} cannot be read ({error}); the function is used without it"
            return {}, _both(said, "无法读取，函数仍可使用", path)
        if not isinstance(record, dict):
            return {}, _both(f"{path.name} is not an object", "不是一个 JSON 对象", path)
        return record, None

    def _known(self, saved: Saved, record: dict[str, Any]) -> Saved:
        """The function with the record that belongs to its source, by the source's hash."""
        both = record.get(BOTH, ())
        if saved.sha256 == record.get("sha256") and not both:
            return saved.with_record(record)
        previous = record.get("previous")
        if isinstance(previous, dict) and saved.sha256 == previous.get("sha256"):
            return saved.with_record(previous)
        kept = self.versions.record_of(saved.file, saved.sha256)
        if kept is not None:
            if saved.sha256 in both:  # the texts of both sides, but only what this one has proven
                kept = {**kept, **{key: record[key] for key in ("texts", "aliases")}}
            known = saved.with_record(kept)
            waits = kept["cause"] == "edited" and known.verdict == "unverified"
            return replace(known, edited=waits and not known.verified)
        if not record:
            return saved
        # Edited by hand: it keeps its texts, but what was proven of the old code is not of this one.
        known = saved.with_record({**record, "texts": []} if both else record)
        return replace(
            known, edited=True, verdict="unverified", probability=None, evidence=(), verified={}
        )

    def _put(self, path: Path, text: str, *, flush: bool = True) -> None:
        writing = self.path / ".writing"
        writing.mkdir(exist_ok=True)
        temporary = writing / f"{path.name}.{os.getpid()}"
        with temporary.open("wb") as file:
            file.write(text.encode())
            if flush:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
        if flush:
            _flush_folder(path.parent)

    def _tidy(self) -> None:
        """Clear what a killed writer left unfinished, and tell git what to keep and how to merge."""
        with contextlib.suppress(FileNotFoundError):
            for left in (self.path / ".writing").iterdir():
                left.unlink(missing_ok=True)
        ignore = self.path / ".gitignore"
        if not ignore.exists():
            self._put(ignore, ".writing/\n.removed/\n")
        upgraded = self.versions.path / ".format"
        if not upgraded.exists():
            self._upgrade()
            upgraded.parent.mkdir(exist_ok=True)
            self._put(upgraded, f"{FORMAT}\n")
        attributes = self.path / ".gitattributes"
        if not attributes.exists():
            self._put(attributes, ATTRIBUTES)

    def _upgrade(self) -> None:
        """Write the records of an older format in ours, each with its first version.

        They are copied to `library.backup-1` first. Killed half-way, it begins again.
        """
        older = [
            (file, record)
            for file in self.stamps()
            if (record := self._record(file)[0]) and record.get("format", 1) == 1
        ]
        if not older:
            return
        backup = self.path.with_name(f"{self.path.name}.backup-1")
        if not backup.exists():
            unfinished = self.path.with_name(f"{self.path.name}.backup.new")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(self.path, unfinished, ignore=shutil.ignore_patterns(".writing"))
            os.replace(unfinished, backup)
        for file, record in older:
            saved = self.read(file)
            if saved.broken or saved.sha256 != record.get("sha256"):
                continue
            self.keep_version(saved)
            newer = {**record, **saved.record()}
            newer.pop("previous", None)
            self._put(self.path / f"{file}.json", written(newer), flush=False)
        if hasattr(os, "sync"):  # once for all of them
            os.sync()

    def _keep_copies(self, file: str, only: str = "") -> None:
        for ending in (only,) if only else ("py", "json"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy2(self.path / f"{file}.{ending}", self._aside(file, ending))

    def _aside(self, file: str, ending: str) -> Path:
        removed = self.path / ".removed"
        removed.mkdir(exist_ok=True)
        moment = time.strftime("%Y%m%d-%H%M%S")
        number = 0
        while True:
            place = removed / f"{file}.{moment}-{number}.{ending}"
            if not place.exists() and not place.with_suffix(".json").exists():
                return place
            number += 1


def unusable(path: Path, error: OSError | Exception) -> HomeUnusable:
    """A home that cannot be written or read, with what to do about it."""
    said = getattr(error, "strerror", None) or str(error)
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    hint = (
        {"en": "Free some space on that disk.", "zh": "请在该磁盘上腾出空间。"}
        if full
        else {
            "en": "Make the folder writable, or set FUNCSMITH_HOME to one that is.",
            "zh": "请让该文件夹可写，或把 FUNCSMITH_HOME 设为可写的文件夹。",
        }
    )
    return HomeUnusable(
        {"en": f"{path} cannot be used: {said}", "zh": f"无法使用 {path}：{said}"}, hint=hint
    )


def is_recent(stamp: str) -> bool:
    """Whether a file was changed so lately that its time alone cannot be relied on."""
    times = [int(part.partition(":")[0]) for part in stamp.split() if part != "-"]
    return max(times) / 1e9 > time.time() - _RECENT_SECONDS


def found_or_close(name: str, known: list[str]) -> FunctionNotFound:
    """No function of that name; those that look like it are named."""
    import difflib

    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    close += [k for k in known if k.casefold() == name.casefold() and k not in close]
    listed = ", ".join(close)
    return FunctionNotFound(
        {
            "en": f"The library has no function {name!r}.",
            "zh": f"函数库里没有函数 {name!r}。",
        },
        hint={
            "en": f"Did you mean {listed}?" if close else "See: funcsmith library list",
            "zh": f"是不是想找：{listed}？" if close else "查看全部：funcsmith library list",
        },
    )


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}:{status.st_size}"


def _both(en: str, zh: str, path: Path) -> dict[str, str]:
    return {"en": en, "zh": f"{path.name}：{zh}"}


def _flush_folder(path: Path) -> None:
    if os.name == "posix":
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
