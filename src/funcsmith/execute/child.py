"""The child's work, inside its fence: run the source, call the function, write the answer down.

Everything here shares a process with generated code, so nothing here is trusted by the parent: it
only has to be right for code that means no harm, and to fail into a `Result` for all other.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal itself would load enum
import errno
import gc
import io
import marshal
import mmap
import os
import resource
import sys
import time

from funcsmith.execute import coerce, encode, network

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

FILE_NAME = "<function>"

_ERROR_CHARACTERS = 2_000
_STDOUT_OF_MANY = 10_000
_CHUNK_ROWS, _CHUNK_SECONDS = 500, 0.05  # the rows as in sandbox.py


def run(area: mmap.mmap, message: dict[str, Any]) -> NoReturn:
    """Run what was asked and write what came of it."""
    start, length = message["request"]
    request = marshal.loads(area[start : start + length])
    answers = _Answers(area, message)
    for name in ("funcsmith", "funcsmith.execute", *request["hidden"]):
        sys.modules.pop(name, None)
    sys.argv[:] = [""]
    streams: Any = sys
    streams.stdout = streams.__stdout__ = answers.stdout()
    streams.stderr = streams.__stderr__ = io.StringIO()
    if request["now"] is not None:
        _set_clock(request["now"])
    if message["network"]:
        network.install()
    calls = request["calls"]
    if not message["many"]:
        answers.run(request, calls[0], None)
        os._exit(0)
    code: Any = None
    _signal.signal(_signal.SIGPROF, _signal.SIG_DFL)
    _signal.signal(_signal.SIGALRM, _signal.SIG_DFL)
    cpu, wall = message["each"]
    if request["columns"] is not None:
        answers.rows(request, cpu, wall)
        os._exit(0)
    for number, call in enumerate(calls):
        answers.begin(number)
        _signal.setitimer(_signal.ITIMER_PROF, cpu)
        _signal.setitimer(_signal.ITIMER_REAL, wall)
        code = answers.run(request, call, code)
    os._exit(0)


def rehearse() -> None:
    """Answer a call of our own, so that children inherit warm caches instead of making them."""
    source = "def rehearse(n: int) -> int:\n    return n + 1\n"
    request = {"source": source, "name": "rehearse", "coerce": True, "fresh": True}
    message = {"answer": (64, 4000), "stdout": (4096, 64), "limits": {"value": 1000}, "many": False}
    answers = _Answers(mmap.mmap(-1, 8192), message)
    answers.stdout().write("")
    for _ in range(20):
        answers.run(request, ([], {"n": 1}), None)
    sys.modules.pop("function", None)
    gc.collect()
    gc.freeze()


class _Answers:
    """Writes answers into the shared memory: each a length and tagged JSON."""

    def __init__(self, area: mmap.mmap, message: dict[str, Any]) -> None:
        self.area = area
        self.start, self.room = message["answer"]
        self.stdout_start, self.stdout_room = message["stdout"]
        self.value_bytes = message["limits"]["value"]
        self.many = message["many"]
        self.columns = False
        self.used = self.printed = 0
        self.started = time.perf_counter()
        self.function: Any = None

    def begin(self, number: int) -> None:
        self.area[16:24] = number.to_bytes(8, "little")
        self.printed = 0
        self.started = time.perf_counter()

    def run(self, request: dict[str, Any], call: Any, code: Any) -> Any:
        """Answer one call; the compiled source, for the next."""
        try:
            if code is None:
                code = compile(request["source"], FILE_NAME, "exec", dont_inherit=True)
            if self.function is None or request["fresh"]:
                self.function = _defined(code, request["name"])
            first, named = coerce.bound(self.function, *call, coerced=request["coerce"])
            value = self.function(*first, **named)
            if type(value) is _COROUTINE:
                value = _awaited(value)
            text = encode.encode(value, self.value_bytes)
            self.write("ok", text, encode.bounded_repr(value))
        except encode.TooLarge as error:
            said = f"the value is larger than {self.value_bytes:,} bytes: {error}"
            cut = encode.bounded_repr(value)
            self.write("output", "null", cut, error=said, limit="value_bytes")
        except BaseException as error:  # SystemExit is a result too
            more = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (more, more))
            status, limit = _status_of(error)
            self.write(status, "null", None, error=_said(error), limit=limit)
        return code

    def rows(self, request: dict[str, Any], cpu: float, wall: float) -> None:
        """Answer the rows of columns in chunks; a row that ends the process takes its chunk along."""
        try:
            code = compile(request["source"], FILE_NAME, "exec", dont_inherit=True)
            function = _defined(code, request["name"])
        except BaseException:
            os._exit(72)  # the parent asks row by row, and each will say so
        self.columns = True
        columns = request["columns"]
        hints = coerce.hints_by_position(function, tuple(columns))
        encoder = encode.Encoder(self.value_bytes)
        failed: list[list[Any]] = []
        count, clock, until = 0, time.perf_counter, 0.0
        for row in zip(*columns.values(), strict=True):
            if not count:
                until = clock() + _CHUNK_SECONDS
                self.printed = 0
                _signal.setitimer(_signal.ITIMER_PROF, cpu + _CHUNK_SECONDS)
                _signal.setitimer(_signal.ITIMER_REAL, wall + _CHUNK_SECONDS)
            try:
                if hints is None:
                    named = dict(zip(columns, row, strict=True))
                    first, named = coerce.bound(function, (), named, coerced=True)
                    value = function(*first, **named)
                else:
                    value = function(*map(coerce.coerce, row, hints))
                if type(value) is _COROUTINE:
                    value = _awaited(value)
                encoder.add(value)
            except encode.TooLarge as error:
                said = f"the value is larger than {self.value_bytes:,} bytes: {error}"
                failed.append([count, "output", said, "value_bytes"])
                encoder.add(None)
            except MemoryError:
                os._exit(72)  # memory that earlier rows hold is not this row's doing
            except BaseException as error:  # SystemExit is a result too
                status, limit = _status_of(error)
                failed.append([count, status, _said(error), limit])
                encoder.add(None)
            count += 1
            if count == _CHUNK_ROWS or clock() > until:
                self.chunk(encoder, failed)
                count = 0
        if count:
            self.chunk(encoder, failed)

    def chunk(self, encoder: encode.Encoder, failed: list[list[Any]]) -> None:
        said = encode.encode(failed, 1 << 24)
        self.record(f"[[{encoder.taken()}],{said}]".encode("ascii"))
        failed.clear()

    def write(
        self,
        status: str,
        value: str,
        shown: str | None,
        *,
        error: str | None = None,
        limit: str | None = None,
    ) -> None:
        seconds = time.perf_counter() - self.started
        texts = [
            "null" if text is None else encode.encode(text, 1 << 20)
            for text in (error, limit, shown, self.said() if self.many else None)
        ]
        self.record(f'["{status}",{value},{",".join(texts)},{seconds:.6f}]'.encode("ascii"))

    def record(self, record: bytes) -> None:
        end = self.used + 8 + len(record)
        if end > self.room:
            os._exit(71)  # no room for another: the parent asks again for the rest
        at = self.start + self.used
        self.area[at + 8 : at + 8 + len(record)] = record
        self.area[at : at + 8] = len(record).to_bytes(8, "little")
        self.used = end
        self.area[0:8] = end.to_bytes(8, "little")

    def said(self) -> str:
        end = self.stdout_start + min(self.printed, _STDOUT_OF_MANY)
        return self.area[self.stdout_start : end].decode("utf-8", "replace")

    def stdout(self) -> io.TextIOWrapper:
        raw = _Stdout(self)
        return io.TextIOWrapper(
            raw,  # type: ignore[arg-type]  # it has what is used: write
            encoding="utf-8",
            errors="backslashreplace",
            newline="\n",
            write_through=True,
        )

    def printing(self, data: bytes) -> int:
        fits = data[: self.stdout_room - self.printed]
        at = self.stdout_start + self.printed
        self.area[at : at + len(fits)] = fits
        self.printed += len(fits)
        self.area[8:16] = self.printed.to_bytes(8, "little")
        if len(fits) < len(data):
            if self.columns:
                os._exit(72)
            said = f"more than {self.stdout_room:,} bytes were printed"
            self.write("output", "null", None, error=said, limit="output_bytes")
            os._exit(0)
        return len(data)


class _Stdout(io.RawIOBase):
    """What the code prints, written where the parent reads it."""

    def __init__(self, answers: _Answers) -> None:
        self.answers = answers

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.answers.printing(bytes(data))


def _defined(code: Any, name: str) -> Any:
    """The function of that name, from the source run in a module of its own."""
    module = type(sys)("function")
    sys.modules["function"] = module
    names = module.__dict__
    names["__builtins__"] = sys.modules["builtins"]
    exec(code, names)  # this is what the fence is for
    if name not in names:
        raise NameError(f"the source does not define {name!r}")
    function = names[name]
    if not callable(function):
        raise TypeError(f"{name!r} is not a function")
    return function


def _awaited(coroutine: Any) -> Any:
    """The result of an async function that waits for nothing outside."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("an async function may not wait here")


async def _nothing() -> None:
    return None


_nobody = _nothing()
_COROUTINE = type(_nobody)
_nobody.close()


def _status_of(error: BaseException) -> tuple[str, str | None]:
    kind = type(error)
    if issubclass(kind, MemoryError):
        return "memory", "memory_bytes"
    if not issubclass(kind, OSError):
        return "error", None
    descriptor: Any = OSError.errno  # past any property of a subclass
    number = descriptor.__get__(error)
    if number in (errno.EPERM, errno.EACCES):
        return "forbidden", None
    if number == errno.EAGAIN:
        return "forbidden", "processes"
    if number in (errno.EFBIG, errno.ENOSPC):
        return "output", "disk_bytes"
    if number == errno.EMFILE:
        return "error", "open_files"
    return "error", None


def _said(error: BaseException) -> str:
    """A short text: the error's type, its words and the line of the source."""
    try:
        words = str(error.msg) if isinstance(error, SyntaxError) else str(error)
    except BaseException:  # its __str__ is generated code
        words = ""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    text = encode.type_name(error) + (f": {words[:_ERROR_CHARACTERS]}" if words else "")
    return text + (f" (line {line})" if type(line) is int else "")


def _set_clock(now: str) -> None:
    """Let today() and now() answer the request's moment; only this child sees it."""
    import datetime as dt

    real_date, real_datetime = dt.date, dt.datetime
    moment = real_datetime.fromisoformat(now.strip().replace("Z", "+00:00"))
    local = moment.replace(tzinfo=None)
    aware = moment if moment.tzinfo is not None else moment.astimezone()

    class _Real(type):
        def __instancecheck__(cls, value: Any) -> bool:
            return (
                isinstance(value, real(cls)) if cls in fakes else type.__instancecheck__(cls, value)
            )

        def __subclasscheck__(cls, kind: type) -> bool:
            return (
                issubclass(kind, real(cls)) if cls in fakes else type.__subclasscheck__(cls, kind)
            )

    class Date(dt.date, metaclass=_Real):
        def __new__(cls, *args: Any, **named: Any) -> Any:
            return (
                real_date(*args, **named) if cls is Date else real_date.__new__(cls, *args, **named)
            )

        @classmethod
        def today(cls) -> Any:
            return local.date()

    class DateTime(dt.datetime, metaclass=_Real):
        def __new__(cls, *args: Any, **named: Any) -> Any:
            return (
                real_datetime(*args, **named)
                if cls is DateTime
                else real_datetime.__new__(cls, *args, **named)
            )

        @classmethod
        def today(cls) -> Any:
            return local

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return local if tz is None else aware.astimezone(tz)

        @classmethod
        def utcnow(cls) -> Any:
            return aware.astimezone(dt.timezone.utc).replace(tzinfo=None)

    def real(cls: type) -> type:
        return cls.__mro__[1]

    fakes = (Date, DateTime)
    Date.__name__ = Date.__qualname__ = "date"
    DateTime.__name__ = DateTime.__qualname__ = "datetime"
    Date.__module__ = DateTime.__module__ = "datetime"
    offset = aware.timestamp() - time.time()
    real_time = time.time
    dt.date, dt.datetime = Date, DateTime  # type: ignore[misc]
    time.time = lambda: real_time() + offset
    time.time_ns = lambda: int((real_time() + offset) * 1e9)
