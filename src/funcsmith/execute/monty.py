"""Calls in Monty, an interpreter of a part of Python, where there is no kernel fence to be had.

It takes the place of the warmed process in `sandbox.py` and leaves the same bytes behind. Each call
has a process of Monty's own (`pydantic-monty`), which knows no files, sockets or processes to reach
for; that process is bounded by Monty itself and not by the kernel.

Not here: values of generated code. Monty's client would build whatever comes back in this process,
unbounded (a list that holds itself twice, forty deep, never ends), so a value is written down as
text inside Monty, and only text of bounded length comes out.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import keyword
import marshal
import os
import re
import signal
import sys
import threading
import time
import types
import typing
from collections.abc import Callable
from concurrent.futures import Future, wait
from datetime import datetime
from typing import Any

from ..contract import Isolation
from ..errors import Cancelled, SandboxUnavailable
from ..syntax import parse
from . import coerce
from .encode import DEPTH
from .packages import FREE
from .sandbox import _CPU, _EXITED, _GONE, _WALL, CHUNK_ROWS, Limits, _Ending, _Request

FEATURES = {
    "filesystem": True,
    "network": True,
    "signals": True,
    "syscalls": False,
    "memory": True,
    "processes": True,
}
"""What Monty offers no way to do. No kernel refuses its process a system call."""

SUBSET = "this system has no kernel fence, so only Monty's part of Python runs here"


class Monty:
    """A pool of Monty's processes; threads may share it."""

    def __init__(self, why: str) -> None:
        """`why` there is no kernel fence, for the error where Monty is not there either."""
        global _owner
        self.isolation = Isolation(kind="monty", features=dict(FEATURES))
        if _owner not in (None, os.getpid()):  # its threads are gone, and it would wait for them
            raise _forked()
        try:
            self.package = importlib.import_module("pydantic_monty")
            # No process serves twice, so nothing that a call broke in it can reach another.
            self.pool = self.package.Monty(
                max_processes=_PROCESSES, max_checkouts_per_worker=1
            ).__enter__()
        except (ImportError, OSError, RuntimeError) as error:
            raise _missing(why, error) from None
        _owner = os.getpid()
        # A pool that a fork let go of would end the processes of its parent.
        _pools.append(self.pool)

    def alive(self) -> bool:
        return True

    def end(self) -> None:
        self.close()

    def close(self) -> None:
        """End all its processes."""
        if self.pool in _pools:
            _pools.remove(self.pool)
            self.pool.__exit__(None, None, None)

    def run(
        self,
        request: _Request,
        packed: bytes,
        limits: Limits,
        cancel: Callable[[], bool] | None,
    ) -> _Ending:
        """Run what is asked; `cancel` ends its process."""
        work = _Work(self, request, marshal.loads(packed), limits)
        if cancel is None:
            return work.done()
        ending: Future[_Ending] = Future()
        threading.Thread(target=_filled, args=(ending, work), daemon=True).start()
        while not wait([ending], 0.02).done:
            if cancel():
                work.stop()
                raise Cancelled
        return ending.result()


class _Failure(Exception):
    """What one feed came to, in the words of a `Result`."""

    def __init__(self, status: str, said: str, limit: str | None = None) -> None:
        super().__init__(said)
        self.status, self.said, self.limit = status, said, limit


class _Work:
    """One request on its way through Monty."""

    def __init__(
        self, monty: Monty, request: _Request, given: dict[str, Any], limits: Limits
    ) -> None:
        self.monty, self.request, self.given, self.limits = monty, request, given, limits
        cpu, wall = request.each if request.many else (limits.cpu_seconds, limits.wall_seconds)
        self.seconds = min(cpu, wall, limits.cpu_seconds, limits.wall_seconds)
        self.by_wall = min(wall, limits.wall_seconds) < min(cpu, limits.cpu_seconds)
        self.records: list[bytes] = []
        self.printed = ""
        self.started = time.perf_counter()
        self.session: Any = None
        self.process: int | None = None
        self.stopped = False

    def done(self) -> _Ending:
        """The bytes that a fenced child would have left, and how it ended."""
        columns = self.given["columns"]
        try:
            self.source = _Source(self.given["source"], self.given["name"])
            return self.rows(columns) if columns is not None else self.calls()
        except _Failure as failure:
            return self.refused(failure)
        finally:
            self.closed()

    def refused(self, failure: _Failure) -> _Ending:
        """The ending where nothing of the source could be run."""
        if failure.status in _ENDINGS:
            return self.ending(_ENDINGS[failure.status], said=failure.said)
        if self.given["columns"] is not None:
            return self.ending(_EXITED, code=72)  # asked row by row, each says so
        for _ in range(len(self.given["calls"]) - len(self.records)):
            self.record(failure.status, _failed(failure), 0.0)
        return self.ending(_EXITED)

    def calls(self) -> _Ending:
        apart = self.given["fresh"] or not self.request.many
        for first, named in self.given["calls"]:
            began = time.perf_counter()
            try:
                head = self.source.text if apart else ""
                if self.session is None:
                    self.opened()
                    if not apart:
                        self.fed(self.source.text, {})
                answer = self.one(head, first, named)
                self.record("ok", answer, time.perf_counter() - began)
            except _Failure as failure:
                if failure.status in _ENDINGS:
                    return self.ending(_ENDINGS[failure.status], said=failure.said)
                self.record(failure.status, _failed(failure), time.perf_counter() - began)
                if failure.limit is not None:
                    self.closed()
                if self.request.many and failure.limit == "output_bytes":
                    return self.ending(_EXITED)
            if apart:
                self.closed()
        return self.ending(_EXITED)

    def one(self, head: str, first: list[Any], named: dict[str, Any]) -> str:
        """One call's value as tagged text, between the other fields of its record."""
        code = f"{head}{self.source.call}{_ANSWER.format(room=self.limits.value_bytes)}"
        first, named = self.source.bound(first, named, self.given["coerce"])
        answer = self.fed(code, {"_fs_first": first, "_fs_named": named})
        if answer[:1] == "!":
            said = f"the value is larger than {self.limits.value_bytes:,} bytes: {answer[1:300]}"
            raise _Failure("output", said, "value_bytes")
        return answer

    def rows(self, columns: dict[str, list[Any]]) -> _Ending:
        """Chunks of rows, each one feed; a chunk that goes wrong is left to be asked row by row."""
        names, rows = list(columns), list(zip(*columns.values(), strict=True))
        self.opened()
        self.fed(self.source.text, {})
        done = 0
        while done < len(rows):
            if time.perf_counter() - self.started > self.limits.cpu_seconds:
                return self.ending(_CPU)
            sets = [
                self.source.bound([], dict(zip(names, row, strict=True)), coerced=True)
                for row in rows[done : done + CHUNK_ROWS]
            ]
            code = f"{self.source.chunk}{_CHUNK.format(room=self.limits.value_bytes)}"
            try:
                count, wrong, values = self.fed(code, {"_fs_rows": sets}).split(" ", 2)
                tagged = f"[{values}]"
                failed = [self.why(int(row), sets) for row in wrong.split(",") if row]
                said = json.dumps(failed)
                counted = int(count)
            except (_Failure, ValueError, IndexError):
                return self.ending(_EXITED, code=72)
            if not 0 < counted <= len(sets):
                return self.ending(_EXITED, code=72)
            self.added(f"[{tagged},{said}]")
            done += counted
        return self.ending(_EXITED)

    def why(self, row: int, sets: list[tuple[list[Any], dict[str, Any]]]) -> list[Any]:
        """What is wrong with a row, from running it once more by itself."""
        try:
            self.one("", *sets[row])
        except _Failure as failure:
            if failure.limit in (None, "value_bytes") and failure.status not in _ENDINGS:
                return [row, failure.status, failure.said, failure.limit]
            raise
        raise ValueError("the row does not fail twice")

    def opened(self) -> None:
        """A process of Monty's for what follows."""
        limits = {
            "max_feed_duration_secs": self.seconds,
            "max_memory": self.limits.memory_bytes,
            "max_total_sleep_secs": self.limits.wall_seconds,
        }
        session = self.monty.pool.checkout(
            script_name="function", limits=limits, os_policy=_clock(self.given["now"])
        )
        try:
            self.session = session.__enter__()
        except (self.monty.package.MontyError, OSError, RuntimeError) as error:
            raise _Failure("gone", f"no process of Monty could be started: {error}") from None
        self.process = self.session.worker_pid
        if self.stopped:
            raise _Failure("gone", "stopped")

    def closed(self) -> None:
        session, self.session, self.process = self.session, None, None
        if session is not None:
            session.__exit__(None, None, None)

    def stop(self) -> None:
        """End the process, from another thread."""
        self.stopped = True
        process = self.process
        if process is not None:
            try:
                os.kill(process, signal.SIGTERM)
            except OSError:  # it has just ended
                pass

    def fed(self, code: str, inputs: dict[str, Any]) -> str:
        """Run code whose last line is text of bounded length, or a definition."""
        package = self.monty.package
        printed = package.CollectString(max_bytes=self.limits.output_bytes)
        try:
            answer = self.session.feed_run(code, inputs=inputs, print_callback=printed)
        except package.MontyConversionError as error:
            raise _Failure("error", f"Monty cannot take an argument: {error}; {SUBSET}") from None
        except package.MontyCrashedError as error:
            raise self.ended(error) from None
        except (package.MontyRuntimeError, package.MontySyntaxError) as error:
            raise self.raised(error) from None
        except package.MontyError as error:
            raise _Failure("gone", f"Monty failed: {error}"[:_ERROR_CHARACTERS]) from None
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise _Failure("error", f"Monty cannot take an argument: {error}; {SUBSET}") from None
        finally:
            self.printed = printed.output
        return answer if type(answer) is str else ""

    def ended(self, error: Any) -> _Failure:
        self.closed()
        if error.timed_out:
            return self.out_of_time()
        return _Failure("gone", f"Monty's process ended: {error}"[:_ERROR_CHARACTERS])

    def out_of_time(self) -> _Failure:
        said = f"{self.seconds:g} seconds of execution, which Monty takes by the clock, are used up"
        return _Failure("wall" if self.by_wall else "cpu", said)

    def raised(self, error: Any) -> _Failure:
        """What the code raised, or Monty for it."""
        text = error.display("type-msg")[:_ERROR_CHARACTERS]
        kind, _, words = text.partition(": ")
        frames = error.traceback()
        if kind == "TimeoutError" and "time limit exceeded" in words and not frames:
            return self.out_of_time()
        if kind == "TimeoutError" and words.startswith("sleep limit exceeded"):
            return _Failure("wall", "the wall clock ran out")
        most = self.limits.output_bytes
        if kind == "MemoryError" and words.endswith(f"> {most} bytes") and not frames:
            return _Failure("output", f"more than {most:,} bytes were printed", "output_bytes")
        lines = [frame.line for frame in frames if frame.filename == _FIRST_FEED]
        lines = [line for line in lines if line <= self.source.lines]
        where = f" (line {lines[-1]})" if lines else ""
        if kind == "MemoryError":
            return _Failure("memory", kind + where, "memory_bytes")
        if kind == "NameError" and not lines and f"{self.source.name!r}" in words:
            return _Failure("error", f"NameError: the source does not define {self.source.name!r}")
        if kind == "PermissionError" or "is not supported in this environment" in words:
            return _Failure("forbidden", text + where)
        return _Failure("error", text + where + (f"; {SUBSET}" if _beyond(kind, words) else ""))

    def record(self, status: str, fields: str, seconds: float) -> None:
        said = json.dumps(self.printed[:_STDOUT_OF_MANY]) if self.request.many else "null"
        self.added(f'["{status}",{fields},{said},{seconds:.6f}]')

    def added(self, record: str) -> None:
        # What is no ASCII is no answer of ours, and will not be read as one.
        data = record.encode("ascii", "replace")
        self.records.append(len(data).to_bytes(8, "little") + data)

    def ending(self, reason: int, *, code: int = 0, said: str | None = None) -> _Ending:
        seconds = time.perf_counter() - self.started
        answers, printed = b"".join(self.records), self.printed.encode("utf-8", "replace")
        ending = _Ending(reason, code << 8, seconds, seconds, answers, printed, 0)
        ending.said = said
        return ending


def _filled(ending: Future[_Ending], work: _Work) -> None:
    try:
        ending.set_result(work.done())
    except BaseException as error:  # raised where the call is waited for
        ending.set_exception(error)


class _Source:
    """A source read, not run: what Monty is fed of it, and how its function takes arguments."""

    def __init__(self, source: str, name: str) -> None:
        try:
            tree = parse(source)
        except SyntaxError as error:
            where = f" (line {error.lineno})" if error.lineno else ""
            raise _Failure("error", f"{type(error).__name__}: {error.msg}{where}") from None
        except (ValueError, MemoryError, RecursionError) as error:
            raise _Failure("error", f"{type(error).__name__}: {error}") from None
        if not name.isidentifier() or keyword.iskeyword(name):
            raise _Failure("error", f"NameError: the source does not define {name!r}")
        self.name, self.lines = name, len(source.splitlines())
        self.text = f"{source}\n\n{_ENCODER.replace('_FS_DEPTH', str(DEPTH))}\n"
        self.names = _imported(tree)
        self.classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        node: Any = None
        for one in tree.body:
            if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name == name:
                node = one
        self.function = self.stand_in(node) if node is not None else None
        waits = "await " if isinstance(node, ast.AsyncFunctionDef) else ""
        fields = {
            known: [
                each.target.id
                for each in kind.body
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            ]
            for known, kind in self.classes.items()
        }
        made = self.instances(node) if node is not None else ""
        knows = f"_fs_fields = {fields!r}\n"
        self.call = f"{knows}{made}_fs_value = {waits}{name}(*_fs_first, **_fs_named)\n"
        self.chunk = f"{knows}_fs_function = {name if not waits else 'None'}\n"

    def bound(
        self, first: list[Any], named: dict[str, Any], coerced: bool
    ) -> tuple[list[Any], dict[str, Any]]:
        """The arguments as `coerce` binds them, by annotations that are none of the source's."""
        if self.function is None:
            return first, named
        return coerce.bound(self.function, first, named, coerced=coerced)

    def stand_in(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Any:
        """An empty function of the same parameters; nothing of the source is in it but names."""
        given = node.args
        plain = ast.arguments(
            posonlyargs=[ast.arg(one.arg) for one in given.posonlyargs],
            args=[ast.arg(one.arg) for one in given.args],
            vararg=ast.arg(given.vararg.arg) if given.vararg else None,
            kwonlyargs=[ast.arg(one.arg) for one in given.kwonlyargs],
            kw_defaults=[None for _ in given.kwonlyargs],
            kwarg=ast.arg(given.kwarg.arg) if given.kwarg else None,
            defaults=[],
        )
        empty = ast.parse("def stand_in(): pass")
        definition: Any = empty.body[0]
        definition.args = plain
        names: dict[str, Any] = {}
        exec(compile(ast.fix_missing_locations(empty), "<signature>", "exec"), names)
        function = names["stand_in"]
        hints = {one.arg: self.hint(one.annotation) for one in _parameters(node)}
        function.__annotations__ = {key: hint for key, hint in hints.items() if hint is not None}
        return function

    def hint(self, node: ast.expr | None) -> Any:
        """The type that an annotation names, out of a few modules; None for any other."""
        try:
            return self.meant(node) if node is not None else None
        except _NOT_MEANT:
            return None

    def meant(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                return self.meant(ast.parse(node.value, mode="eval").body)
            return {None: type(None), ...: ...}[node.value]  # type: ignore[index]
        if isinstance(node, ast.Name):
            if node.id in self.classes:
                raise KeyError(node.id)
            kind = self.names.get(node.id, getattr(builtins, node.id, None))
            return _known(kind)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = self.names[node.value.id]
            return _known(getattr(module, node.attr) if isinstance(module, types.ModuleType) else 0)
        if isinstance(node, ast.Subscript):
            inner = node.slice
            if isinstance(inner, ast.Tuple):
                return self.meant(node.value)[tuple(self.meant(one) for one in inner.elts)]
            return self.meant(node.value)[self.meant(inner)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return typing.Union[self.meant(node.left), self.meant(node.right)]  # noqa: UP007
        raise KeyError(type(node).__name__)

    def instances(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
        """Code that makes objects become the source's own dataclasses where a parameter is one."""
        code = ""
        for one in _parameters(node):
            kind = one.annotation
            if isinstance(kind, ast.Name) and kind.id in self.classes:
                key = f"_fs_named[{one.arg!r}]"
                code += f"if type(_fs_named.get({one.arg!r})) is dict:\n"
                code += f"    {key} = {kind.id}(**{key})\n"
        return code


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    given = node.args
    more = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *more]


def _imported(tree: ast.Module) -> dict[str, Any]:
    """What the source's imports mean, of the few modules whose types an argument can become."""
    names: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in _MODULES:
                    names[alias.asname or alias.name] = importlib.import_module(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module in _MODULES and not node.level:
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                value = getattr(module, alias.name, None)
                if not isinstance(value, types.ModuleType):  # one that the module imported
                    names[alias.asname or alias.name] = value
    return names


def _known(kind: Any) -> Any:
    if not isinstance(kind, type) and getattr(kind, "__module__", "") != "typing":
        raise KeyError(kind)
    return kind


def _failed(failure: _Failure) -> str:
    return f"null,{json.dumps(failure.said)},{json.dumps(failure.limit)},null"


def _beyond(kind: str, words: str) -> bool:
    """Whether CPython would have run what Monty did not."""
    if found := re.match(r"(?:No module named|cannot import name '\w+' from) '(\w+)", words):
        return found[1] in sys.stdlib_module_names or found[1] in FREE
    if kind == "NotImplementedError":
        return words.startswith("The monty ")
    if found := re.match(r"name '(\w+)' is not defined", words):
        return hasattr(builtins, found[1])
    if found := re.match(r"'(\w+)' object has no attribute '(\w+)'", words):
        return found[1] == "function" or hasattr(getattr(builtins, found[1], None), found[2])
    return words.startswith("module '")


def _clock(now: str | None) -> dict[str, Any]:
    """The clock inside: standing at `now`, else this system's in its own time zone."""
    policy: dict[str, Any] = {"process_time": "elapsed", "sleep_system_max": float("inf")}
    if now is None:
        here = datetime.now().astimezone()
        offset = here.utcoffset()
        seconds = int(offset.total_seconds()) if offset is not None else 0
        return {**policy, "timezone": {"offset_seconds": seconds, "name": here.tzname() or ""}}
    moment = datetime.fromisoformat(now.strip().replace("Z", "+00:00"))
    return {**policy, "datetime": moment if moment.tzinfo is not None else moment.astimezone()}


def _missing(why: str, error: Exception) -> SandboxUnavailable:
    return SandboxUnavailable(
        {
            "en": f"No fence can be had here ({why}), and Monty, which would run a part of Python "
            f"without one, cannot be used: {error}.",
            "zh": f"这里无法建立隔离（{why}），而可在没有内核隔离时运行部分 Python 的 Monty "
            f"也不可用：{error}。",
        },
        hint={
            "en": "pip install 'pydantic-monty>=1.4,<2'",
            "zh": "请安装：pip install 'pydantic-monty>=1.4,<2'",
        },
    )


def _forked() -> SandboxUnavailable:
    return SandboxUnavailable(
        {
            "en": "Nothing can be run here: Monty was started before this process was forked.",
            "zh": "这里无法运行代码：Monty 在本进程被 fork 之前已经启动。",
        },
        hint={
            "en": "Start processes with 'spawn' instead of 'fork', or fork before the first call.",
            "zh": "请用 spawn 而不是 fork 启动进程，或在第一次调用之前 fork。",
        },
    )


# Runs inside Monty, after the source and in its names: what the source does to them can only make
# the text wrong. That it is text, and how long it is at most, is for `_ANSWER` and `_CHUNK`.
_ENCODER = """
from json import dumps as _fs_quoted
import datetime as _fs_dt
from decimal import Decimal as _fs_decimal
from dataclasses import is_dataclass as _fs_is_dataclass
from time import process_time as _fs_clock

def _fs_add(text, parts, room):
    room[0] -= len(text)
    if room[0] < 0:
        raise ValueError('too large')
    parts.append(text)

def _fs_plain(values):
    if type(values) is not list or 2 * len(values) > 20000000:
        return None
    kinds = {type(value) for value in values}
    if kinds == {float}:
        text = '[' + ','.join([repr(value) for value in values]) + ']'
        return None if 'n' in text else text
    if kinds <= {int, str, bool, type(None)}:
        try:
            return _fs_quoted(values)
        except ValueError:
            return None
    return None

def _fs_items(values, parts, room, path, depth):
    plain = _fs_plain(values)
    if plain is not None:
        _fs_add(plain, parts, room)
        return
    _fs_add('[', parts, room)
    first = True
    for value in values:
        if first:
            first = False
        else:
            _fs_add(',', parts, room)
        _fs_put(value, parts, room, path, depth + 1)
    _fs_add(']', parts, room)

def _fs_tagged(tag, values, parts, room, path, depth):
    _fs_add('{"$' + tag + '":', parts, room)
    _fs_items(values, parts, room, path, depth)
    _fs_add('}', parts, room)

def _fs_mapping(pairs, parts, room, path, depth):
    plain = True
    for key, value in pairs:
        if type(key) is not str or key[:1] == '$':
            plain = False
    if not plain:
        _fs_tagged('dict', [[key, value] for key, value in pairs], parts, room, path, depth)
        return
    _fs_add('{', parts, room)
    first = True
    for key, value in pairs:
        _fs_add(('' if first else ',') + _fs_quoted(key) + ':', parts, room)
        first = False
        _fs_put(value, parts, room, path, depth + 1)
    _fs_add('}', parts, room)

def _fs_number(value, parts, room):
    if -(1 << 14000) < value < (1 << 14000):
        _fs_add(str(value), parts, room)
    elif -(1 << 400000) < value < (1 << 400000):
        _fs_add('{"$int":"' + f'{value:x}' + '"}', parts, room)
    else:
        room[0] = -1
        raise ValueError('too large')

def _fs_put(value, parts, room, path, depth):
    kind = type(value)
    if kind is str:
        if len(value) > room[0]:
            room[0] = -1
        _fs_add(_fs_quoted(value) if room[0] > 0 else '-', parts, room)
    elif value is None:
        _fs_add('null', parts, room)
    elif kind is bool:
        _fs_add('true' if value else 'false', parts, room)
    elif kind is int:
        _fs_number(value, parts, room)
    elif kind is float:
        if value - value == 0.0:
            _fs_add(repr(value), parts, room)
        else:
            _fs_add('{"$float":"' + repr(value) + '"}', parts, room)
    elif kind is _fs_dt.date:
        _fs_add('{"$date":"' + value.isoformat() + '"}', parts, room)
    elif kind is _fs_dt.datetime:
        _fs_add('{"$datetime":["' + value.isoformat() + '",null,0]}', parts, room)
    elif kind is _fs_dt.time:
        _fs_add('{"$time":["' + value.isoformat() + '",0]}', parts, room)
    elif kind is _fs_dt.timedelta:
        said = [value.days, value.seconds, value.microseconds]
        _fs_tagged('timedelta', said, parts, room, path, depth)
    elif kind is _fs_decimal:
        _fs_add('{"$decimal":"' + str(value) + '"}', parts, room)
    elif kind is bytes:
        if 2 * len(value) > room[0]:
            room[0] = -1
        _fs_add('{"$bytes":"' + value.hex() + '"}' if room[0] > 0 else '-', parts, room)
    elif kind is complex:
        _fs_tagged('complex', [value.real, value.imag], parts, room, path, depth)
    elif depth >= _FS_DEPTH or id(value) in path:
        _fs_tagged('repr', [kind.__name__, '\\u2026'], parts, room, path, depth)
    else:
        path.add(id(value))
        _fs_held(value, kind, parts, room, path, depth)
        path.discard(id(value))

def _fs_held(value, kind, parts, room, path, depth):
    name = kind.__name__
    if kind is list:
        _fs_items(value, parts, room, path, depth)
    elif isinstance(value, dict):
        _fs_mapping(value.items(), parts, room, path, depth)
    elif kind is tuple or kind is set or kind is frozenset:
        _fs_tagged(name, value, parts, room, path, depth)
    elif isinstance(value, tuple) and hasattr(value, '_fields'):
        pairs = [[field, getattr(value, field)] for field in value._fields]
        _fs_tagged('namedtuple', [name, pairs], parts, room, path, depth)
    elif _fs_is_dataclass(value) and name in _fs_fields:
        pairs = [[field, getattr(value, field)] for field in _fs_fields[name]]
        _fs_tagged('dataclass', [name, pairs], parts, room, path, depth)
    elif name in ('range', 'deque', 'dict_keys', 'dict_values', 'dict_items') or (
        name.endswith('iterator') or repr(value).startswith('<itertools.')
        or (name in ('count', 'repeat') and repr(value).startswith(name + '('))
    ):
        _fs_add('{"$iterator":[' + _fs_quoted(name) + ',', parts, room)
        _fs_items(value, parts, room, path, depth)
        _fs_add(']}', parts, room)
    else:
        _fs_tagged('repr', [name, repr(value)[:10000]], parts, room, path, depth)

def _fs_answer(value, most):
    parts, room = [], [most]
    try:
        _fs_put(value, parts, room, set(), 0)
    except ValueError:
        if room[0] >= 0:
            raise
        return '!' + type(value).__name__
    try:
        shown = repr(value)
    except ValueError:
        shown = '<' + type(value).__name__ + ' of more than 4,300 digits>'
    if len(shown) > 10000:
        shown = shown[:10000] + '\\u2026'
    return ''.join(parts) + ',null,null,' + _fs_quoted(shown)

def _fs_chunk(function, rows, most):
    texts, wrong, length, until = [], [], 0, _fs_clock() + 0.05
    for first, named in rows:
        parts, room = [], [most]
        try:
            _fs_put(function(*first, **named), parts, room, set(), 0)
            text = ''.join(parts)
        except BaseException:
            wrong.append(str(len(texts)))
            text = 'null'
        texts.append(text)
        length += len(text)
        if length > 1000000 or _fs_clock() > until:
            break
    return str(len(texts)) + ' ' + ','.join(wrong) + ' ' + ','.join(texts)
"""
# An f-string is text whatever the names in it have become, and a slice of text is bounded.
_ANSWER = 'f"{{_fs_answer(_fs_value, {room})}}"[:{room} + 100000]'
_CHUNK = 'f"{{_fs_chunk(_fs_function, _fs_rows, {room})}}"[:{room} + 1200000]'

_PROCESSES = 64
_ERROR_CHARACTERS = 2_000
_STDOUT_OF_MANY = 10_000
_FIRST_FEED = "<python-input-0>"
_ENDINGS = {"cpu": _CPU, "wall": _WALL, "gone": _GONE}
_NOT_MEANT = (
    *(AttributeError, KeyError, TypeError, ValueError),
    *(SyntaxError, RecursionError, MemoryError),
)
"""What an annotation raises that is no type of ours, or no expression at all."""
_MODULES = ("datetime", "decimal", "typing", "collections.abc")
_pools: list[Any] = []
_owner: int | None = None
"""The process that Monty's client was started in."""
