"""What was typed or piped, as a Request; what cannot be one is refused with what to do."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..asked import checked
from ..errors import InputInvalid
from .quick import Options
from .visible import visible
from .words import error_language, say

if TYPE_CHECKING:
    from ..contract import Request
    from ..tables.files import Read
    from ..tables.table import Note

_PATIENCE_SECONDS = 2.0
_TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".parquet", ".jsonl", ".ndjson")


def request_of(options: Options, text: str) -> Request:
    """The request of one text with its options; piped standard input is the input `data`.

    How it was read, where that is not plain, is said on standard error.
    """
    inputs = own_values(options.args)
    notes: list[Note] = []
    for each in options.input:
        name, value = _input(each)
        inputs[name] = value
    if "data" not in inputs and options.text is not None:
        piped = piped_data(text)
        if piped is not None:
            inputs["data"] = piped.value
            notes += piped.notes
    if notes and not options.json:
        language = error_language(text)
        print(visible("\n".join(f"data: {note[language]}" for note in notes)), file=sys.stderr)
    asked: dict[str, Any] = {
        "text": text,
        "mode": options.mode,
        "inputs": inputs,
        "seed": options.seed,
    }
    budget = {"tokens": options.budget_tokens, "cpu_seconds": options.budget_cpu_seconds}
    if any(one is not None for one in budget.values()):
        asked["budget"] = budget
    if options.header is not None:
        asked["header"] = _header(options.header)
    if options.functions is not None:
        asked["functions"] = _functions(options.functions)
    if options.now is not None:
        asked["now"] = options.now
    return checked(asked)


def json_of(text: str) -> Any:
    """A JSON value; ValueError for what JSON does not have (NaN, nesting without end)."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def utf8(content: bytes, name: str) -> str:
    """The bytes as text, without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputInvalid(
            {
                "en": f"{name} is not UTF-8: byte {error.start} is 0x{content[error.start]:02x}.",
                "zh": f"{name} 不是 UTF-8：第 {error.start} 字节是 0x{content[error.start]:02x}。",
            },
            hint={
                "en": "Save it as UTF-8, for example: iconv -f GBK -t UTF-8",
                "zh": "请另存为 UTF-8，例如：iconv -f GBK -t UTF-8",
            },
        ) from error


def read_file(path: str | Path) -> str:
    """A file's text; InputInvalid where it cannot be read."""
    try:
        content = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise _unreadable(str(path), error) from error
    return utf8(content, str(path))


def typed_text(text: str) -> str:
    """A text as it was typed, where the terminal's bytes came through another encoding."""
    try:
        return os.fsencode(text).decode("utf-8")
    except (UnicodeError, ValueError):
        return text


# Standard input


def piped_text() -> str:
    """All of standard input, as the text of a request."""
    return utf8(sys.stdin.buffer.read(), "<stdin>") if sys.stdin is not None else ""


def piped_data(text: str = "") -> Read | None:
    """What is piped in, by what it is: a table, JSON, else text; None where nothing is piped.

    A file is handed on by its path, so that its ending says what it is, like that of `--input`.
    """
    kind = _piped_kind()
    # Most texts come without data, and reading tables takes a while to import.
    if kind is None or (kind == "pipe" and not _something_comes(text)):
        return None
    from ..tables.files import Read, read_bytes

    if kind == "file" and (path := _redirected()) is not None:
        return Read({"path": path})
    content = sys.stdin.buffer.read()
    return read_bytes("data", content) if content.strip() else None


def _piped_kind() -> str | None:
    if sys.stdin is None:
        return None
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(mode):
        return "file"
    return "pipe" if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None


def _redirected() -> str | None:
    """The path of the table that standard input is, where that can be known."""
    number = sys.stdin.fileno()
    try:
        path = Path(f"/proc/self/fd/{number}").readlink()
        same = os.path.samestat(os.fstat(number), path.stat())
    except OSError:
        return None
    return str(path) if same and path.suffix.lower() in _TABLES else None


def _something_comes(text: str) -> bool:
    """Wait for the first byte or the end of a pipe.

    A program that starts us often leaves an idle pipe open that nobody will ever write to; waiting
    for that would never end. A pipe that another command of a shell's pipeline writes to is waited
    for as long as it takes.
    """
    import select

    if sys.platform == "win32":
        return True

    def ready(seconds: float) -> bool:
        return bool(select.select([sys.stdin], [], [], seconds)[0])

    if ready(_PATIENCE_SECONDS / 2):
        return True
    print(say(error_language(text), "waiting"), file=sys.stderr, flush=True)
    until = time.monotonic() + _PATIENCE_SECONDS / 2
    while not ready(0.2):
        # Whoever wrote may have ended while the others were looked at.
        if time.monotonic() > until and _only_ancestors_write() and not ready(0):
            print(say(error_language(text), "idle"), file=sys.stderr, flush=True)
            return False
    return True


def _only_ancestors_write() -> bool:
    """Whether nobody but the programs that started us holds the other end of standard input."""
    number = sys.stdin.fileno()
    if stat.S_ISSOCK(os.fstat(number).st_mode):
        return True
    try:
        ours = Path(f"/proc/self/fd/{number}").readlink()
        above = _ancestors()
        others = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    except (OSError, ValueError, IndexError):
        return False
    return not any(_writes(pid, ours) for pid in others if pid not in above)


def _ancestors() -> set[int]:
    found, pid = {os.getpid()}, os.getppid()
    while pid > 0:
        found.add(pid)
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        pid = int(status.rpartition(")")[2].split()[1])
    return found


def _writes(pid: int, pipe: Path) -> bool:
    try:
        # The owner's write permission of the link says how the file was opened.
        return any(
            entry.readlink() == pipe and entry.lstat().st_mode & stat.S_IWUSR
            for entry in Path(f"/proc/{pid}/fd").iterdir()
        )
    except OSError:  # it ended, or is not ours
        return False


# Options


def own_values(args: str | None) -> dict[str, Any]:
    """The values of --args by name; {} without it."""
    if args is None:
        return {}
    try:
        values = json_of(args)
    except ValueError as error:
        raise InputInvalid(
            {"en": f"--args is not JSON: {error}.", "zh": f"--args 不是 JSON：{error}。"},
            hint="--args '{\"n\": 5}'",
        ) from error
    if not isinstance(values, dict):
        raise InputInvalid(
            {
                "en": "--args is a JSON object: values by the names of parameters.",
                "zh": "--args 应是 JSON 对象：按参数名给出值。",
            },
            hint="--args '{\"n\": 5}'",
        )
    return values


def _input(each: str) -> tuple[str, dict[str, str]]:
    name, equals, path = each.partition("=")
    sheet = ""
    if not (name and equals and path):
        raise InputInvalid(
            {
                "en": f"--input {each[:100]} is not NAME=FILE.",
                "zh": f"--input {each[:100]} 不是 名称=文件。",
            },
            hint="--input data=sales.csv",
        )
    try:
        full = Path(path).expanduser().absolute()
        if not full.exists() and "#" in full.name:
            path, _, sheet = str(full).rpartition("#")
            full = Path(path)
        with full.open("rb"):
            pass
    except (OSError, ValueError, RuntimeError) as error:
        raise _unreadable(path, error) from error
    return name, {"path": str(full), **({"sheet": sheet} if sheet else {})}


def _header(header: str) -> str:
    """A header is a file's content where there is such a file, else the text itself."""
    # Unlike Path's, this answers for texts that no file can be called.
    if "\n" in header or not os.path.exists(header):
        if "def " not in header:
            raise InputInvalid(
                {
                    "en": "--header is neither a file nor a text with a `def`: " + header[:100],
                    "zh": "--header 既不是文件，也不是含 def 的文本：" + header[:100],
                },
                hint="--header 'def f(xs: list[int]) -> int:'",
            )
        return header
    return read_file(header)


def _functions(path: str) -> list[Any]:
    try:
        found = json_of(read_file(path))
    except ValueError as error:
        raise InputInvalid(
            {"en": f"{path} is not JSON: {error}.", "zh": f"{path} 不是 JSON：{error}。"}
        ) from error
    return found if isinstance(found, list) else [found]


def _unreadable(path: str, error: Exception) -> InputInvalid:
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InputInvalid(
        {
            "en": f"{path[:200]} cannot be read: {why}.",
            "zh": f"无法读取 {path[:200]}：{why}。",
        }
    )


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
