"""Runs generated functions in a fenced child process, in real CPython.

A generated function can compute, use the memory and the CPU seconds it is given, read Python's own
library (with numpy, pandas and matplotlib where they are installed) and write into one empty folder
that is gone afterwards. It cannot read other files, reach the network, start programs or processes, signal
or inspect anyone, or see the environment: Landlock and a seccomp allow-list stop it, installed by
`worker.py` in each call's child before the source is parsed. Where that cannot be closed nothing is
run (`SandboxUnavailable`). Where a system has no such thing at all, Monty runs what it can
(`monty.py`), and the result says so.

Not claimed: that a name's existence is secret (`stat` and `readlink` work), that time cannot be
measured, that a kernel bug is no bug, or that an answer is true: code decides what it returns.
"""

from __future__ import annotations

import atexit
import importlib.util
import marshal
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..contract import Isolation, Result, Status
from ..errors import ArgumentsInvalid, Cancelled, SandboxUnavailable
from ..settings import settings
from . import decode
from .check import allowed_imports, check, uses_packages
from .column import Column
from .paths import readable

if TYPE_CHECKING:
    from .broker import Broker
    from .grants import Grants
    from .monty import Monty

OFF = "off-i-own-this-machine"
MINIMUM = ("filesystem", "network", "syscalls")


@dataclass(frozen=True)
class Limits:
    """What one call may use. Wall time is only the last stop."""

    cpu_seconds: float = 5.0
    wall_seconds: float = 10.0
    memory_bytes: int = 512 * 2**20
    output_bytes: int = 1_000_000
    value_bytes: int = 8_000_000
    processes: int = 1
    """The call's own; more are refused by the fence, so this is 1."""
    open_files: int = 64
    disk_bytes: int = 16 * 2**20


def execute(
    source: str,
    name: str,
    arguments: dict[str, Any] | None = None,
    *,
    checked: bool = True,
    limits: Limits | None = None,
    positional: Sequence[Any] | None = None,
    now: str | None = None,
    grants: Grants | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Result:
    """Run one function of the source in the fence: first the check, then the call.

    `grants` is what its owner lets it do beyond computing (`Grants.to`); nothing by default.

    >>> execute("def double(n: int) -> int:\\n    return 2 * n", "double", {"n": 21}).value
    42
    """
    findings = check(source, grants=grants) if checked else []
    if findings:
        said = "; ".join(finding.message() for finding in findings[:5])
        return Result(status="forbidden", error=said, limit=None)
    return (
        default_sandbox()
        .granted(grants)
        .call(
            source,
            name,
            arguments or {},
            limits=limits or Limits(),
            positional=positional,
            now=now,
            cancel=cancel,
        )
    )


def default_sandbox() -> Sandbox:
    """The sandbox that this process shares; it starts with the first call and ends at exit."""
    global _default
    with _default_lock:
        if _default is None or _default.owner != os.getpid():
            _default = Sandbox()
            atexit.register(_default.close)
        return _default


class Sandbox:
    """One warmed, fenced process that forks for each call. Threads may share it."""

    def __init__(
        self,
        *,
        landlock_abi: int | None = None,
        concurrent: int | None = None,
        grants: Grants | None = None,
        kernel: bool = True,
    ) -> None:
        """`landlock_abi` pretends an older kernel (0: none), for tests and for doubters.

        Without `kernel` it pretends a system that has no fence, where Monty runs what it can.
        """
        self.owner = os.getpid()
        self.grants = grants
        self._abi = landlock_abi
        self._others: dict[tuple[Grants | None, bool], Sandbox] = {}
        """By what they are granted, and whether for numpy and its like: to fork these takes long."""
        self._has_packages = False
        self._running = 0
        self._used = _Used()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(concurrent or os.cpu_count() or 1)
        self._kernel = kernel
        self._worker: _Worker | Monty | None = None

    def call(
        self,
        source: str,
        name: str,
        arguments: dict[str, Any],
        *,
        limits: Limits = Limits(),
        positional: Sequence[Any] | None = None,
        annotations_coerce: bool = True,
        now: str | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Result:
        """Run one call. Whatever the code does is a `Result`; `cancel` raises `Cancelled`.

        `now` (ISO text) is what `today()` and `now()` answer inside.
        """
        request = _Request(
            source, name, [(list(positional or ()), arguments)], annotations_coerce, now
        )
        results = self._run(request, limits, cancel)
        return results[0]

    def calls(
        self,
        source: str,
        name: str,
        argument_sets: Sequence[dict[str, Any]],
        *,
        limits: Limits = Limits(),
        per_call_cpu_seconds: float = 0.5,
        positional: bool = False,
        annotations_coerce: bool = True,
        now: str | None = None,
        fresh: bool = True,
        cancel: Callable[[], bool] | None = None,
    ) -> list[Result]:
        """Run one function on many argument sets, in order, a result for each.

        The sets share a child until one ends it: that one's result says so and the rest go on in
        another. `limits` bound them all together; what they leave no time for is "not_run".
        `fresh` runs the source anew for each set, so that nothing a call leaves behind in the
        module reaches the next. `positional` hands a set's values over by position.
        """
        prepared = [
            (list(given.values()), {}) if positional else ([], given) for given in argument_sets
        ]
        results: list[Result] = []
        spent, started = 0.0, time.monotonic()
        while len(results) < len(prepared):
            cpu = limits.cpu_seconds - spent
            wall = limits.wall_seconds - (time.monotonic() - started)
            if cpu <= 0 or wall <= 0:
                which = "cpu_seconds" if cpu <= 0 else "wall_seconds"
                results += [Result(status="not_run", limit=which) for _ in prepared[len(results) :]]
                break
            request = _Request(
                source, name, prepared[len(results) :], annotations_coerce, now, True, fresh
            )
            request.each = (per_call_cpu_seconds, max(4 * per_call_cpu_seconds, 1.0))
            some = self._run(request, _remaining(limits, cpu, wall), cancel)
            spent += request.cpu_seconds
            results += some
        return results

    def column(
        self,
        source: str,
        name: str,
        columns: Mapping[str, Sequence[Any]],
        *,
        limits: Limits = Limits(),
        per_row_cpu_seconds: float = 0.5,
        now: str | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Column:
        """Run one function over the rows of columns, each named after the parameter it fills.

        Rows share a child, so 100,000 cheap ones take about two seconds; a row that fails or ends
        the child is in `failed`, and the others have their values. `limits` bound all rows
        together. What a row prints is lost.

        >>> source = "def half(n: float) -> float:\\n    return 1 / n"
        >>> with Sandbox() as sandbox:
        ...     column = sandbox.column(source, "half", {"n": [2, 0, 4]})
        >>> column.values, column.failed[1].error
        ([0.5, None, 0.25], 'ZeroDivisionError: division by zero (line 2)')
        """
        given = {key: _listed(values) for key, values in columns.items()}
        rows = len(next(iter(given.values()), []))
        if any(len(values) != rows for values in given.values()):
            raise ArgumentsInvalid(
                {"en": "The columns differ in length.", "zh": "各列的长度不同。"}
            )
        column, started, spent = Column(), time.monotonic(), 0.0
        while (done := len(column.values)) < rows:
            cpu = limits.cpu_seconds - spent
            wall = limits.wall_seconds - (time.monotonic() - started)
            if cpu <= 0 or wall <= 0:
                which = "cpu_seconds" if cpu <= 0 else "wall_seconds"
                for _ in range(rows - done):
                    column.add(Result(status="not_run", limit=which))
                break
            left = {key: values[done:] for key, values in given.items()} if done else given
            request = _Request(source, name, [], True, now, True, False, left)
            request.each = (per_row_cpu_seconds, max(4 * per_row_cpu_seconds, 1.0))
            ending = self._ended(request, _remaining(limits, cpu, wall), cancel)
            column.add_answers(ending.answers, rows - done)
            spent += ending.cpu_seconds
            if len(column.values) < rows and not _in_good_order(ending):
                # One of the next rows ended the child: each of them by itself says which.
                at = range(len(column.values), min(len(column.values) + CHUNK_ROWS, rows))
                sets = [{key: values[row] for key, values in given.items()} for row in at]
                again = _Request(source, name, [([], one) for one in sets], True, now, True, False)
                again.each = request.each
                wall = limits.wall_seconds - (time.monotonic() - started)
                if spent < limits.cpu_seconds and wall > 0:
                    bounds = _remaining(limits, limits.cpu_seconds - spent, wall)
                    for result in self._run(again, bounds, cancel):
                        column.add(result)
                    spent += again.cpu_seconds
        column.seconds = time.monotonic() - started
        column.isolation = self.isolation()
        return column

    def cpu_seconds(self) -> float:
        """CPU seconds that all calls so far have used, here and in the sandboxes beside this one."""
        return self._used.cpu_seconds

    def granted(self, grants: Grants | None) -> Sandbox:
        """The sandbox whose calls are granted this; itself where that is nothing more.

        Each has a warmed process of its own. The last few that are idle stay, and end with this one.
        """
        if not grants or grants == self.grants:
            return self
        return self._other(grants, packages=False)

    def isolation(self) -> Isolation:
        """What the fence holds here, tried out by a child of the warmed process."""
        return self._ready().isolation

    def close(self) -> None:
        """End the warmed process and every call in it."""
        with self._lock:
            worker, self._worker = self._worker, None
            others = list(self._others.values())
            self._others.clear()
        for one in others:
            one.close()
        if worker is not None and self.owner == os.getpid():
            worker.close()

    def __enter__(self) -> Sandbox:  # noqa: PYI034  # Self needs Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready(self) -> _Worker | Monty:
        with self._lock:
            if self.owner != os.getpid():  # a fork of ours must not share the socket
                self._worker, self.owner = None, os.getpid()
                self._others.clear()
            if self._worker is None or not self._worker.alive():
                if self._worker is not None:
                    self._worker.close()
                self._worker = self._made()
            return self._worker

    def _other(self, grants: Grants | None, *, packages: bool) -> Sandbox:
        """The sandbox beside this one that is granted this; they share the places for calls."""
        with self._lock:
            found = self._others.pop((grants, packages), None)
            if found is None or found.owner != os.getpid():
                found = Sandbox(landlock_abi=self._abi, grants=grants, kernel=self._kernel)
                found._has_packages, found._places = packages, self._places
                found._used = self._used
            self._others[grants, packages] = found
            idle = [key for key, one in self._others.items() if one is not found and one._is_idle]
            over = len(self._others) - OTHERS_AT_MOST
            gone = [self._others.pop(key) for key in idle[: max(over, 0)]]
        for one in gone:
            one.close()
        return found

    @property
    def _is_idle(self) -> bool:
        """Whether no call runs here, or in a sandbox beside this one."""
        return not self._running and all(one._is_idle for one in list(self._others.values()))

    def _made(self) -> _Worker | Monty:
        why = _fenceless() if self._kernel else "it is pretended away"
        if why is None:
            return _Worker(self._abi, self.grants)
        from .monty import Monty

        return Monty(why)

    def _run(
        self, request: _Request, limits: Limits, cancel: Callable[[], bool] | None
    ) -> list[Result]:
        ending = self._ended(request, limits, cancel)
        request.cpu_seconds = ending.cpu_seconds
        results = _results(ending, request, limits)
        for result in results:
            result.isolation = ending.isolation
        return results

    def _ended(
        self, request: _Request, limits: Limits, cancel: Callable[[], bool] | None
    ) -> _Ending:
        if not self._has_packages and uses_packages(request.source):
            return self._other(self.grants, packages=True)._ended(request, limits, cancel)
        packed = request.packed()
        if not self._places.acquire(blocking=cancel is None):
            while not self._places.acquire(timeout=0.02):
                if cancel is not None and cancel():
                    raise Cancelled
        with self._lock:
            self._running += 1
        try:
            worker = self._ready()
            ending = worker.run(request, packed, limits, cancel)
            if ending is None:  # the warmed process went away: not this call's doing, once
                worker.end()
                worker = self._ready()
                ending = worker.run(request, packed, limits, cancel)
        finally:
            with self._lock:
                self._running -= 1
            self._places.release()
        if ending is None:
            ending = _Ending(_GONE, 0, 0.0, 0.0, b"", b"", 0)
        ending.isolation = worker.isolation
        self._used.add(ending.cpu_seconds)
        return ending


class _Used:
    """What the calls of a sandbox and of those beside it have used together."""

    def __init__(self) -> None:
        self.cpu_seconds = 0.0
        self._lock = threading.Lock()

    def add(self, cpu_seconds: float) -> None:
        with self._lock:
            self.cpu_seconds += cpu_seconds


class _Request:
    """What a child is asked, in a form that only our own code writes."""

    def __init__(
        self,
        source: str,
        name: str,
        calls: list[tuple[list[Any], dict[str, Any]]],
        coerced: bool,
        now: str | None,
        many: bool = False,
        fresh: bool = True,
        columns: dict[str, list[Any]] | None = None,
    ) -> None:
        self.source, self.name, self.calls, self.columns = source, name, calls, columns
        self.coerced, self.now, self.many, self.fresh = coerced, now, many, fresh
        self.each = (0.0, 0.0)
        self.cpu_seconds = 0.0

    def packed(self) -> bytes:
        content = {
            "source": self.source,
            "name": self.name,
            "calls": self.calls,
            "columns": self.columns,
            "coerce": self.coerced,
            "now": self.now,
            "fresh": self.fresh,
            "hidden": [name for name, _ in _bundle()],
        }
        try:
            return marshal.dumps(content)
        except ValueError:
            pass
        content["calls"] = [
            ([_json(value) for value in first], {str(k): _json(v) for k, v in named.items()})
            for first, named in self.calls
        ]
        if self.columns is not None:
            content["columns"] = {str(key): _json(rows) for key, rows in self.columns.items()}
        try:
            return marshal.dumps(content)
        except ValueError as error:
            raise ArgumentsInvalid(
                {
                    "en": f"The arguments cannot be handed over: {error}.",
                    "zh": f"参数无法传入：{error}。",
                }
            ) from None


@dataclass
class _Ending:
    """How a child ended, and the bytes that it left."""

    reason: int
    status: int
    cpu_seconds: float
    seconds: float
    answers: bytes
    stdout: bytes
    index: int
    isolation: Isolation | None = None
    said: str | None = None
    """What ended it, where the reason's own words would not be true."""


class _Worker:
    """The warmed process, seen from outside."""

    def __init__(self, abi: int | None, grants: Grants | None) -> None:
        kind, abi = _kind(abi)
        self.grants = grants
        self.network = tuple(grants.network) if grants else ()
        self.root = tempfile.mkdtemp(prefix="funcsmith-fence-")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = ours
        canary = Path(self.root, "canary")
        canary.write_text("unreadable from inside")
        os.mkdir(os.path.join(self.root, "calls"), 0o700)
        paths, packages = readable(grants)
        config = {
            "control": theirs.fileno(),
            "root": os.path.join(self.root, "calls"),
            "canary": str(canary),
            "kind": kind,
            "abi": abi,
            "readable": paths,
            "packages": packages,
            "network": bool(self.network),
        }
        payload = os.memfd_create("funcsmith")
        try:
            os.write(payload, marshal.dumps({"modules": _bundle(), "config": config}))
            self.process = subprocess.Popen(
                [_python(), "-s", "-S", "-B", "-c", _BOOT, str(payload)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                env=_environment(),
                pass_fds=(theirs.fileno(), payload),
                start_new_session=True,
            )
        except OSError as error:
            self._discard()
            raise _unavailable(str(error)) from None
        finally:
            theirs.close()
            os.close(payload)
        self.isolation = self._greeted(kind)
        self.loaded: set[str] = set()

    def _greeted(self, kind: str) -> Isolation:
        self.control.settimeout(20)
        try:
            greeting = self.control.recv(4096)
        except OSError:
            greeting = b""
        self.control.settimeout(None)
        stderr = self.process.stderr
        assert stderr is not None
        if not greeting:
            self.process.kill()
            said = stderr.read().decode("utf-8", "replace").strip().splitlines()
            self.process.wait()
            stderr.close()
            self._discard()
            raise _unavailable(said[-1] if said else "the fenced process did not start")
        stderr.close()
        features: dict[str, bool] = marshal.loads(greeting)["features"]
        missing = [name for name in MINIMUM if not features[name]]
        if missing and kind != "none":
            self.close()
            raise _unavailable("not held here: " + ", ".join(missing))
        granted = self.grants.lines() if self.grants else []
        return Isolation(kind=kind, features=features, grants=granted)

    def alive(self) -> bool:
        return self.process.poll() is None

    def run(
        self,
        request: _Request,
        packed: bytes,
        limits: Limits,
        cancel: Callable[[], bool] | None,
    ) -> _Ending | None:
        """Hand one request over and wait; None where the warmed process is gone."""
        imports = allowed_imports(request.source, self.grants)
        wanted = [name for name in imports if name not in self.loaded]
        answers = limits.value_bytes + _SLACK
        if request.many:
            rows = len(request.calls) or len(next(iter((request.columns or {}).values()), []))
            answers = max(answers, min(_MANY_BYTES, 4096 * rows))
        layout = [_HEADER, _HEADER + len(packed), _HEADER + len(packed) + answers]
        size = layout[2] + limits.output_bytes
        memory = os.memfd_create("call", os.MFD_CLOEXEC)
        ours, theirs = socket.socketpair()
        broker: Broker | None = None
        handles = [theirs.fileno(), memory]
        if self.network:
            from .broker import Broker

            broker = Broker(self.network)
            handles.append(broker.theirs.fileno())
        try:
            os.truncate(memory, size)
            os.pwrite(memory, packed, _HEADER)
            message = {
                "modules": wanted,
                "many": request.many,
                "network": broker is not None,
                "each": request.each,
                "request": (layout[0], len(packed)),
                "answer": (layout[1], answers),
                "stdout": (layout[2], limits.output_bytes),
                "limits": {
                    "cpu": float(limits.cpu_seconds),
                    "wall": float(limits.wall_seconds),
                    "memory": limits.memory_bytes,
                    "disk": limits.disk_bytes,
                    "files": limits.open_files,
                    "value": limits.value_bytes,
                    "size": size,
                },
            }
            try:
                socket.send_fds(self.control, [marshal.dumps(message)], handles)
            except OSError:
                return None
            theirs.close()
            self.loaded.update(wanted)
            answer = self._awaited(ours, limits, cancel)
            if answer is None:
                return None
            reason, status, cpu, seconds = marshal.loads(answer)
            header = os.pread(memory, _HEADER, 0)
            used, printed, index = (
                int.from_bytes(header[at : at + 8], "little") for at in (0, 8, 16)
            )
            left = os.pread(memory, min(used, answers), layout[1])
            stdout = os.pread(memory, min(printed, limits.output_bytes), layout[2])
            return _Ending(reason, status, cpu, seconds, left, stdout, index)
        finally:
            ours.close()
            theirs.close()
            os.close(memory)
            if broker is not None:
                broker.close()

    def _awaited(
        self, reply: socket.socket, limits: Limits, cancel: Callable[[], bool] | None
    ) -> bytes | None:
        # Loading pandas for the first time can take seconds of the warmed process.
        deadline = time.monotonic() + limits.wall_seconds + 20
        poll = select.poll()
        poll.register(reply, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            if poll.poll(min(left, 0.02) * 1000 if cancel is not None else left * 1000):
                try:
                    return reply.recv(4096) or None
                except OSError:
                    return None
            if cancel is not None and cancel():
                raise Cancelled
            if time.monotonic() >= deadline:
                self.process.kill()
                return None

    def end(self) -> None:
        """Make sure that a process that no longer answers is no longer there."""
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.control.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._discard()

    def _discard(self) -> None:
        self.control.close()
        shutil.rmtree(self.root, ignore_errors=True)


def _results(ending: _Ending, request: _Request, limits: Limits) -> list[Result]:
    """The results that a child left, and one for the call in which it ended."""
    results: list[Result] = []
    position = 0
    while position + 8 <= len(ending.answers) and len(results) < len(request.calls):
        length = int.from_bytes(ending.answers[position : position + 8], "little")
        record = ending.answers[position + 8 : position + 8 + length]
        if len(record) < length:
            break
        results.append(_result(record, ending))
        position += 8 + length
    text = ending.stdout.decode("utf-8", "replace")
    code = _exit_code(ending.status) if ending.reason == _EXITED else None
    if not request.many:
        if results and code == 0:
            result = results[0]
            result.stdout = text
        else:
            result = _unfinished(ending, limits, text)
        return [result]
    if len(results) == len(request.calls) or (code == 71 and results):
        return results
    last = results[-1] if results else None
    if last is not None and last.limit == "output_bytes" and code == 0:
        return results  # it ended the child in good order
    return [*results, _unfinished(ending, limits, "", many=True)]


def _result(record: bytes, ending: _Ending) -> Result:
    """One record of a child, believed in nothing."""
    try:
        status, tagged, error, limit, shown, stdout, seconds = decode.parse(record)
        if status not in _CHILD_STATUSES:
            raise decode.AnswerInvalid("no such status")
        for text in (error, limit, shown, stdout):
            if text is not None and type(text) is not str:
                raise decode.AnswerInvalid("not text")
        value, lost = decode.plain(tagged) if status == "ok" else (None, False)
        took = float(seconds) if type(seconds) in (int, float) else 0.0
    except (decode.AnswerInvalid, ValueError, TypeError, OverflowError):
        return Result(status="killed", error="the answer of the code cannot be read")
    return Result(
        status=status,
        value=value,
        typed=tagged if lost else None,
        repr=shown[:_REPR_AT_MOST] if shown is not None else None,
        stdout=stdout or "",
        error=error[:_ERROR_AT_MOST] if error is not None else None,
        limit=limit if limit in _LIMIT_NAMES else None,
        seconds=min(max(took, 0.0), ending.seconds),
    )


def _unfinished(ending: _Ending, limits: Limits, stdout: str, many: bool = False) -> Result:
    """A call whose child did not get to answer."""
    status: Status = "killed"
    limit: str | None = None
    code = _exit_code(ending.status)
    signal = ending.status & 0x7F if code is None else 0
    if ending.reason == _CPU or signal in (_SIGXCPU, _SIGPROF):
        status, limit = "timeout", "cpu_seconds"
        error = (
            "one call's CPU seconds are used up"
            if signal == _SIGPROF
            else f"{limits.cpu_seconds:g} CPU seconds are used up"
        )
    elif ending.reason == _WALL or (signal == _SIGALRM and many):
        status, limit = "timeout", "wall_seconds"
        error = "the wall clock ran out"
    elif ending.reason == _DISK:
        status, limit = "output", "disk_bytes"
        error = f"more than {limits.disk_bytes:,} bytes or too many files were written"
    elif ending.reason == _THREADS:
        status, limit = "forbidden", "processes"
        error = "too many threads were started"
    elif ending.reason == _GONE:
        error = "the fenced process ended"
    elif ending.reason == _NOT_STARTED:
        error = "no process could be started"
    elif signal:
        why = _SIGNALS.get(signal, "")
        error = f"the process ended by signal {signal}{why}"
    elif code == 71:
        status, limit = "output", "value_bytes"
        error = f"the value is larger than {limits.value_bytes:,} bytes"
    else:
        error = f"the code ended its process (exit code {code}) before the function returned"
    error = ending.said or error
    return Result(status=status, error=error, limit=limit, stdout=stdout, seconds=ending.seconds)


def _in_good_order(ending: _Ending) -> bool:
    """Whether a child that answers rows merely ran out of room for its answers."""
    if ending.reason != _EXITED or not ending.answers:
        return ending.reason in (_CPU, _WALL)  # the limits of all rows together: asked again
    return _exit_code(ending.status) in (0, 71)


def _exit_code(status: int) -> int | None:
    """The exit code in a wait status, None after a signal; `os` can tell only on Unix."""
    return status >> 8 if status & 0x7F == 0 else None


def _listed(values: Any) -> list[Any]:
    """A column's values; arrays and Series know how to become a list of plain ones."""
    tolist = getattr(values, "tolist", None)
    return list(tolist() if tolist is not None else values)


def _remaining(limits: Limits, cpu: float, wall: float) -> Limits:
    return Limits(
        cpu_seconds=cpu,
        wall_seconds=wall,
        memory_bytes=limits.memory_bytes,
        output_bytes=limits.output_bytes,
        value_bytes=limits.value_bytes,
        processes=limits.processes,
        open_files=limits.open_files,
        disk_bytes=limits.disk_bytes,
    )


def _json(value: Any) -> Any:
    """The same JSON value in exact built-in types."""
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or isinstance(value, bool) else str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dict):
        return {str(key): _json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json(inner) for inner in value]
    raise ArgumentsInvalid(
        {
            "en": f"An argument is not a JSON value: {type(value).__name__}.",
            "zh": f"有一个参数不是 JSON 值：{type(value).__name__}。",
        }
    )


def _kind(abi: int | None) -> tuple[str, int]:
    """The fence to close here, and the Landlock ABI to close it with."""
    if settings().fence == OFF:
        return "none", 0
    from . import fence

    held = fence.landlock_abi()
    abi = held if abi is None else min(abi, held)
    return ("landlock+seccomp" if abi > 0 else "seccomp"), abi


def _fenceless() -> str | None:
    """Why this system has no kernel fence at all; None where it has one, or none is wanted."""
    if sys.platform != "linux":
        return f"there is no kernel fence on {sys.platform}"
    if settings().fence == OFF:
        return None
    from . import fence

    if os.uname().machine not in fence.MACHINES:
        return f"no system-call list for {os.uname().machine}"
    return None if fence.has_seccomp() else "this kernel has no seccomp"


def _bundle() -> list[tuple[str, Any]]:
    """The child's modules as code objects, so that it needs no file of ours."""
    global _bundled
    if _bundled is None:
        names = ["fence", "encode", "coerce", "network", "child", "worker"]
        _bundled = []
        for name in names:
            full = f"{__package__}.{name}"
            spec = importlib.util.find_spec(full)
            assert spec is not None
            assert spec.loader is not None
            code = spec.loader.get_code(full)  # type: ignore[attr-defined]
            _bundled.append((f"funcsmith.execute.{name}", code))
    return _bundled


def _python() -> str:
    """The interpreter itself, past a virtual environment's link."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _environment() -> dict[str, str]:
    environment = {
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONCOERCECLOCALE": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }
    # Some builds find libpython only by LD_LIBRARY_PATH; the worker forgets it once started.
    for name in ("TZ", "LD_LIBRARY_PATH", "PYTHONHOME"):
        if os.environ.get(name):
            environment[name] = os.environ[name]
    return environment


def _unavailable(why: str) -> SandboxUnavailable:
    return SandboxUnavailable(
        {
            "en": f"No fence can be had here, so nothing is run: {why}.",
            "zh": f"这里无法建立隔离，因此不运行任何代码：{why}。",
        },
        hint={
            "en": "Linux 5.13 or newer with seccomp is needed; `funcsmith doctor` says what holds. "
            f"On a machine of your own, FUNCSMITH_FENCE={OFF} runs code without any fence.",
            "zh": "需要 Linux 5.13 或更新版本并启用 seccomp；`funcsmith doctor` 会逐项说明。"
            f"如果这是您自己的机器，可设置 FUNCSMITH_FENCE={OFF} 在没有隔离的情况下运行。",
        },
    )


CHUNK_ROWS = 500
"""Rows of a column that are tried one by one when one of them ended their child."""

OTHERS_AT_MOST = 5
"""Sandboxes that one keeps beside it while they are idle."""

_BOOT = """\
import marshal, posix, sys
if sys.path and not sys.path[0]: del sys.path[0]
payload = marshal.loads(posix.pread(int(sys.argv[1]), 1 << 26, 0))
posix.close(int(sys.argv[1]))
for name in ("funcsmith", "funcsmith.execute"): sys.modules[name] = type(sys)(name)
for name, code in payload["modules"]:
    module = sys.modules[name] = type(sys)(name)
    setattr(sys.modules["funcsmith.execute"], name.rpartition(".")[2], module)
    module.__builtins__ = dict(vars(sys.modules["builtins"]))
    exec(code, module.__dict__)
sys.modules["funcsmith.execute.worker"].main(payload["config"])
"""

_HEADER = 64
_SLACK = 200_000  # for a record's repr, error and frame, whatever is escaped
_MANY_BYTES = 32 * 2**20
_REPR_AT_MOST = 10_100
_ERROR_AT_MOST = 4_000
_EXITED, _CPU, _WALL, _DISK, _CANCELLED, _NOT_STARTED, _THREADS, _GONE = range(8)
_SIGALRM, _SIGXCPU, _SIGPROF = 14, 24, 27
_SIGNALS = {
    4: " (an illegal instruction)",
    6: " (it aborted)",
    7: " (a bus error)",
    9: " (killed, perhaps for want of memory)",
    11: " (a crash in C, such as a stack overflow)",
    31: " (a forbidden system call)",
}
_CHILD_STATUSES = ("ok", "error", "memory", "output", "forbidden")
_LIMIT_NAMES = (*Limits.__dataclass_fields__, None)

_default: Sandbox | None = None
_default_lock = threading.Lock()
_bundled: list[tuple[str, Any]] | None = None
