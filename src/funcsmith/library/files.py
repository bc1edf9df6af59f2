"""The files that are the truth: `<name>.py` holds a function, `<name>.json` what is known of it.

How a write survives being killed: every file is written beside, flushed, then put in its place in
one step; the .json goes first, so a function appears together with all that is known of it. A
replaced function's .json keeps the record of the code before (`previous`), so whichever of the two
.py is found after a kill, the record that belongs to it (by its hash) is found as well. Nothing of
the user's is destroyed: what leaves goes to `.removed/`.
"""

from __future__ import annotations

import contextlib
import errno
import json
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
from .saved import Saved, code_of, dumps, hashed, language_of
from .signature import SOURCE_LIMIT, main_function, parsed, signature_in

LOCK_SECONDS = 60.0
_RESERVED = frozenset(
    "con prn aux nul clock$ conin$ conout$".split()
    + [f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"]
)
_NAME_BYTES = 180
_RECENT_SECONDS = 0.1
"""A file changed this lately may change again without its time changing: it is read again."""


class Folder:
    """The folder of function files."""

    def __init__(self, path: Path) -> None:
        self.path = path

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
            signature = signature_in(node, Annotations(module))
            code = code_of(module, node.name)
        except (FunctionInvalid, RecursionError) as error:
            problem = (
                {"en": error.message("en"), "zh": error.message("zh")}
                if isinstance(error, FunctionInvalid)
                else _both(f"{path.name}: nested too deeply", "嵌套太深", path)
            )
            return replace(_known(saved, record), problem=problem, warning=warning)
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
        return _known(saved, record)

    def write(self, saved: Saved, *, previous: Saved | None = None, record_only: bool) -> Saved:
        """Put a function's files in their places; the caller holds the lock."""
        path = self.path / f"{saved.file}.py"
        saved = replace(saved, path=path)
        record = saved.record()
        if previous is not None and not record_only:
            self._keep_copies(previous.file)
            record["previous"] = previous.record()
        old, warning = self._record(saved.file)
        if warning is not None:
            self._keep_copies(saved.file, only="json")
        if record_only:
            record = {**old, **record}
            record.pop("previous", None)
        self._put(path.with_suffix(".json"), dumps(record, pretty=True) + "\n")
        if not record_only:
            self._put(path, saved.source)
        return saved

    def remove(self, file: str) -> Path:
        """Move a function's files into `.removed/`; the caller holds the lock."""
        moved = self._aside(file, "py")
        os.replace(self.path / f"{file}.py", moved)
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.path / f"{file}.json", moved.with_suffix(".json"))
        _flush_folder(self.path)
        return moved

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """The right to write here, for one thread of one process at a time."""
        from filelock import FileLock, Timeout

        try:
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path.parent / "library.lock", timeout=LOCK_SECONDS)
            with lock:
                self._tidy()
                yield
        except Timeout as error:
            raise HomeUnusable(
                {
                    "en": f"{self.path} is locked by another process ({LOCK_SECONDS:.0f} s).",
                    "zh": f"{self.path} 被另一个进程锁住超过 {LOCK_SECONDS:.0f} 秒。",
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
            record = json.loads(path.read_bytes().decode("utf-8-sig"))
        except FileNotFoundError:
            return {}, None
        except (OSError, ValueError, RecursionError) as error:
            said = f"{path.name} cannot be read ({error}); the function is used without it"
            return {}, _both(said, "无法读取，函数仍可使用", path)
        if not isinstance(record, dict):
            return {}, _both(f"{path.name} is not an object", "不是一个 JSON 对象", path)
        return record, None

    def _put(self, path: Path, text: str) -> None:
        writing = self.path / ".writing"
        writing.mkdir(exist_ok=True)
        temporary = writing / f"{path.name}.{os.getpid()}"
        with temporary.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _flush_folder(self.path)

    def _tidy(self) -> None:
        """Clear what a killed writer left unfinished, and tell git what not to keep."""
        with contextlib.suppress(FileNotFoundError):
            for left in (self.path / ".writing").iterdir():
                left.unlink(missing_ok=True)
        ignore = self.path / ".gitignore"
        if not ignore.exists():
            self._put(ignore, ".writing/\n.removed/\n")

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


def _known(saved: Saved, record: dict[str, Any]) -> Saved:
    """The function with the record that belongs to its source, by the source's hash."""
    if not record:
        return saved
    previous = record.get("previous")
    if saved.sha256 == record.get("sha256"):
        return saved.with_record(record)
    if isinstance(previous, dict) and saved.sha256 == previous.get("sha256"):
        return saved.with_record(previous)
    # Edited by hand: it keeps its texts, but what was proven of the old code is not of this one.
    known = saved.with_record(record)
    return replace(known, edited=True, verdict="unverified", probability=None, evidence=())


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
