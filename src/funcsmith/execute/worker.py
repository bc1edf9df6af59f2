"""The warmed process: forks a child for each call, watches it, and says how it ended.

The child of the next call is there already: it has given up everything and waits to be told what
to run, so that a call does not wait for that. It runs one call and is gone.

It is started by `sandbox.py` with nothing but this code and that of its neighbours (as code
objects, so that the package need not be readable), an empty environment and one socket.
It never looks at what a call is about: the request and the answer lie in a memory file that only
the call's child and the parent read. So generated code can spoil its own answer, and nothing else.

What a call cannot reach: this process and other calls (Landlock scope, seccomp, no /proc), its
socket (closed in the child), files other than Python's own (Landlock), the network, new programs
and processes (seccomp). What it can: the time of day, its own memory, one empty folder.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal itself would load enum
import _socket
import errno
import marshal
import mmap
import os
import resource
import select
import sys
import time

from funcsmith.execute import child, fence, network

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXITED, CPU, WALL, DISK, CANCELLED, NOT_STARTED, THREADS = range(7)
FEATURES = ("filesystem", "network", "signals", "syscalls", "memory", "processes")

_DRAWING = ("MPLCONFIGDIR", "MPL_IGNORE_SYSTEM_FONTS", "PATH")
_DRAWN_WITH = ("matplotlib.pyplot", "matplotlib.backends.backend_agg", "PIL.Image")

_TICK_SECONDS = 0.04
_FILES_AT_MOST = 1_000
_THREADS_AT_MOST = 256  # a pool for each core of a large machine, and no more
_MEMORY_TO_SAY_SO = 64 * 2**20


def main(config: dict[str, Any]) -> None:
    """Close the fence around this process, prove it, then serve calls until the socket closes."""
    control = _socket.socket(fileno=config["control"])
    worker = _Worker(config, control)
    worker.prepare()
    control.send(marshal.dumps({"features": worker.features()}))
    child.rehearse()
    worker.spare = worker.waiting()
    worker.serve()
    os._exit(0)


class _Spare:
    """A child that is confined and waits for its call."""

    def __init__(self, pid: int, slot: int, door: _socket.socket) -> None:
        self.pid, self.slot, self.door = pid, slot, door


class _Call:
    """One running child."""

    def __init__(self, pid: int, slot: int, reply: _socket.socket, limits: dict[str, Any]) -> None:
        self.pid, self.slot, self.reply, self.limits = pid, slot, reply, limits
        self.handle = os.pidfd_open(pid)
        self.started = time.monotonic()
        self.reason = EXITED

    def cpu_seconds(self) -> float:
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:  # it has just ended
            return 0.0


class _Worker:
    def __init__(self, config: dict[str, Any], control: _socket.socket) -> None:
        self.config, self.control = config, control
        self.kind: str = config["kind"]
        self.root: str = config["root"]
        self.slots: list[int] = []  # rulesets, by number of their folder
        self.free: list[int] = []
        self.calls: dict[int, _Call] = {}
        self.replies: dict[int, _Call] = {}
        self.spare: _Spare | None = None
        self.filter = b""
        self.statm = -1
        self.counts_threads = False

    def prepare(self) -> None:
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.chdir(self.root)
        os.umask(0o077)
        for name in list(os.environ):
            if name not in ("TZ", "PYTHONHASHSEED", "PYTHONUTF8", "OPENBLAS_NUM_THREADS"):
                del os.environ[name]
        if self.config["packages"]:
            sys.meta_path.append(_Packages(self.config["packages"]))
        try:
            __import__("_funcsmith_nothing")  # fills the finders' caches while folders can be read
        except ImportError:
            pass
        time.tzset()
        self.statm = os.open("/proc/self/statm", os.O_RDONLY)
        # Not where /proc shows another container's numbers.
        self.counts_threads = os.readlink("/proc/self") == str(os.getpid())
        try:
            with open("/proc/self/oom_score_adj", "w") as score:
                score.write("1000")  # when memory ends, a call goes first
        except OSError:
            pass
        self.free.append(self.slot())
        if self.kind != "none":
            fence.drop_capabilities()
            self.filter = fence.system_call_filter(
                os.uname().machine,
                files=self.kind == "landlock+seccomp",
                connected=self.config["network"],
            )
        if self.kind == "landlock+seccomp":
            home = os.path.dirname(self.root)
            made = fence.ruleset(
                [*self.config["readable"], "/proc"],  # to count a call's threads; no call has it
                [home],
                abi=self.config["abi"],
                keeper_in=os.path.dirname(home),
            )
            fence.restrict(made)
            os.close(made)

    def slot(self) -> int:
        """One more folder that one call at a time may write to, with its ruleset."""
        number = len(self.slots)
        os.mkdir(self.folder(number), 0o700)
        if self.kind == "landlock+seccomp":
            folder = [self.folder(number)]
            made = fence.ruleset(self.config["readable"], folder, abi=self.config["abi"])
            self.slots.append(made)
        else:
            self.slots.append(-1)
        return number

    def folder(self, slot: int) -> str:
        return f"{self.root}/{slot}"

    def features(self) -> dict[str, bool]:
        """What really holds, found out by a child that tries."""
        if self.kind == "none":
            return dict.fromkeys(FEATURES, False)
        pid = os.fork()
        if pid == 0:
            held = 0
            try:
                limits = {"memory": 2**29, "cpu": 5, "disk": 2**20, "files": 32, "size": 0}
                base = self.confine(0, 2)
                _limit(base, limits)
                held = _probe(self.config["canary"])
            finally:
                os._exit(held)
        _, status = os.waitpid(pid, 0)
        held = os.waitstatus_to_exitcode(status)
        held = max(held, 0)
        return {name: bool(held >> bit & 1) for bit, name in enumerate(FEATURES)}

    def serve(self) -> None:
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        control = self.control.fileno()
        while True:
            events = poll.poll(_TICK_SECONDS * 1000 if self.calls else None)
            # New calls last: their descriptors may reuse the numbers of those that end here.
            for ready in sorted((handle for handle, _ in events), key=control.__eq__):
                if ready == control:
                    message, ancillary, *_ = self.control.recvmsg(1 << 17, 256)
                    if not message:
                        self.end()
                        return
                    call = self.start(message, _descriptors(ancillary))
                    if call is not None:
                        poll.register(call.handle, select.POLLIN)
                        poll.register(call.reply, select.POLLRDHUP)
                        self.calls[call.handle] = call
                        self.replies[call.reply.fileno()] = call
                elif ready in self.replies:
                    poll.unregister(ready)
                    self.kill(self.replies[ready], CANCELLED)
                elif ready in self.calls:
                    call = self.calls.pop(ready)
                    poll.unregister(call.handle)
                    if self.replies.pop(call.reply.fileno(), None) and call.reason != CANCELLED:
                        poll.unregister(call.reply)
                    self.finish(call)
            for call in self.calls.values():
                self.watch(call)

    def start(self, message: bytes, handles: list[int]) -> _Call | None:
        told = marshal.loads(message)
        for name in told["modules"]:
            self.load(name)
        if told["modules"]:
            self.dismiss()  # it does not have them
        reply = _socket.socket(fileno=handles[0])
        rights = b"".join(handle.to_bytes(4, sys.byteorder) for handle in handles[1:])
        call = None
        for _ in range(2):
            spare, self.spare = self.spare or self.waiting(), None
            if spare is None:
                break
            try:
                spare.door.sendmsg([message], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
            except OSError:  # something has ended it while it waited
                self.spare = spare
                self.dismiss()
                continue
            spare.door.close()
            call = _Call(spare.pid, spare.slot, reply, told["limits"])
            break
        for handle in handles[1:]:
            os.close(handle)
        if call is None:
            reply.send(_answer(NOT_STARTED, 0, 0.0, 0.0))
            reply.close()
            return None
        self.spare = self.waiting()  # while this call runs
        return call

    def waiting(self) -> _Spare | None:
        """The child of the next call; None where no process can be started."""
        slot = self.free.pop() if self.free else self.slot()
        door, inner = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            self.free.append(slot)
            door.close()
            inner.close()
            return None
        if pid == 0:
            try:
                fence.die_with(parent)
                os.setsid()
                base = self.confine(slot, inner.fileno())
                message, ancillary, *_ = inner.recvmsg(1 << 17, 256)
                if message:
                    inner.close()
                    _called(marshal.loads(message), _descriptors(ancillary), base)
            finally:
                os._exit(70)
        inner.close()
        return _Spare(pid, slot, door)

    def load(self, name: str) -> None:
        """Import a module that calls will want, so that they need not."""
        if name.partition(".")[0] != "matplotlib":
            _imported(name)
            return
        # It insists on a folder for its list of fonts, and asks the system for more than its own:
        # a program, which the empty path hides, and folders, which are closed to it anyway.
        folder = f"{self.root}/matplotlib"
        os.mkdir(folder, 0o700)
        drawing = {**dict.fromkeys(_DRAWING, folder), "MPLBACKEND": "agg"}
        os.environ.update(drawing)
        _imported(name, *_DRAWN_WITH)
        for key in drawing:
            os.environ.pop(key, None)
        try:
            _empty(folder)
            os.rmdir(folder)
        except OSError:
            pass  # it goes with the worker

    def dismiss(self) -> None:
        """End the child that waits; its folder is as empty as it was."""
        spare, self.spare = self.spare, None
        if spare is not None:
            _kill_group(spare.pid)
            os.waitpid(spare.pid, 0)
            spare.door.close()
            self.free.append(spare.slot)

    def confine(self, slot: int, kept: int) -> int:
        """What a child gives up before it knows its call; the bytes of memory that it has.

        Of its descriptors it keeps one above the standard three.
        """
        made = self.slots[slot]
        os.chdir(self.folder(slot))
        pages = int(os.pread(self.statm, 64, 0).split()[0])
        if made >= 0:
            fence.restrict(made)
        os.closerange(3, kept)
        os.closerange(kept + 1, 4096)
        if self.filter:
            fence.leave_no_dump()
            fence.filter_system_calls(self.filter)
        return pages * resource.getpagesize()

    def watch(self, call: _Call) -> None:
        if call.reason != EXITED:
            return
        if time.monotonic() - call.started > call.limits["wall"]:
            self.kill(call, WALL)
        elif call.cpu_seconds() > call.limits["cpu"]:
            self.kill(call, CPU)
        elif _used(self.folder(call.slot)) > call.limits["disk"]:
            self.kill(call, DISK)
        elif self.counts_threads and _threads(call.pid) > _THREADS_AT_MOST:
            self.kill(call, THREADS)

    def kill(self, call: _Call, reason: int) -> None:
        call.reason = reason
        _kill_group(call.pid)

    def finish(self, call: _Call) -> None:
        seconds = time.monotonic() - call.started
        _kill_group(call.pid)  # while the zombie keeps its number, whoever it left behind
        _, status, usage = os.wait4(call.pid, 0)
        os.close(call.handle)
        if _used(self.folder(call.slot)) > call.limits["disk"] and call.reason == EXITED:
            call.reason = DISK
        cpu = usage.ru_utime + usage.ru_stime
        try:
            call.reply.send(_answer(call.reason, status, cpu, seconds))
        except OSError:
            pass  # the parent has stopped waiting
        call.reply.close()
        try:
            _empty(self.folder(call.slot))
            self.free.append(call.slot)
        except OSError:
            pass  # such a folder is not used again

    def end(self) -> None:
        self.dismiss()
        for call in self.calls.values():
            self.kill(call, CANCELLED)
            os.waitpid(call.pid, 0)
        home = os.path.dirname(self.root)
        os.chdir("/")
        try:
            for slot in range(len(self.slots)):
                _empty(self.folder(slot))
                os.rmdir(self.folder(slot))
            os.rmdir(self.root)
            _empty(home)
            os.rmdir(home)
        except OSError:
            pass  # the parent, if it lives, clears up as well


class _Packages:
    """Finds the few installed packages that calls may import, without listing site-packages."""

    def __init__(self, packages: dict[str, str]) -> None:
        self.packages = packages

    def find_spec(self, name: str, *_: Any) -> Any:
        where = self.packages.get(name)
        if where is None:
            return None
        external = sys.modules["_frozen_importlib_external"]
        folder = None if where.endswith((".py", ".so")) else [where]
        start = where if folder is None else where + "/__init__.py"
        if not os.path.exists(start):  # mpl_toolkits is a folder without one
            found = sys.modules["_frozen_importlib"].ModuleSpec(name, None, is_package=True)
            found.submodule_search_locations = folder
            return found
        return external.spec_from_file_location(name, start, submodule_search_locations=folder)


def _called(message: dict[str, Any], handles: list[int], base: int) -> None:
    """Run the call that this process was waiting for."""
    area = mmap.mmap(handles[0], message["limits"]["size"])
    first = network.BROKER
    if len(handles) > 1:
        if handles[1] != network.BROKER:
            os.dup2(handles[1], network.BROKER)
        first += 1
    os.closerange(first, 4096)  # the map keeps a descriptor too
    _limit(base, message["limits"])
    child.run(area, message)


def _limit(base: int, limits: dict[str, Any]) -> None:
    """Set this process's limits, for good."""
    memory = base + limits["size"] + limits["memory"]
    cpu = int(limits["cpu"]) + 2
    for limit, soft, hard in (
        (resource.RLIMIT_AS, memory, memory + _MEMORY_TO_SAY_SO),
        (resource.RLIMIT_CPU, cpu, cpu),
        (resource.RLIMIT_FSIZE, limits["disk"], limits["disk"]),
        (resource.RLIMIT_NOFILE, limits["files"], limits["files"]),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(limit, (soft, hard))


def _imported(*names: str) -> None:
    """Import modules; what one raises, its call meets as well, and says so."""
    try:
        for name in names:
            __import__(name)
        if "PIL.Image" in names:
            sys.modules["PIL.Image"].preinit()
    except Exception:  # noqa: S110 - an installed package raises what it likes
        pass


def _probe(canary: str) -> int:
    """A bit for each feature that holds for this process."""
    held = _refuses(os.open, canary, os.O_RDONLY) and _refuses(os.open, canary, os.O_WRONLY)
    held = held and _refuses(os.open, "/", os.O_RDONLY)
    network = all(
        _refuses(_socket.socket, family, _socket.SOCK_STREAM)
        for family in (_socket.AF_INET, _socket.AF_INET6, _socket.AF_UNIX)
    )
    signals = _refuses(os.kill, os.getppid(), 0)
    calls = _refuses(os.execv, "/dev/null", ["-"]) and _refuses(os.mkfifo, "fifo")
    memory = resource.getrlimit(resource.RLIMIT_AS)[1] != resource.RLIM_INFINITY
    answers = (held, network, signals, calls, memory, _refuses_to_fork())
    return sum(1 << bit for bit, answer in enumerate(answers) if answer)


def _refuses(action: Any, *arguments: Any) -> bool:
    try:
        action(*arguments)
    except OSError as error:
        return error.errno in (errno.EPERM, errno.EACCES)
    return False


def _refuses_to_fork() -> bool:
    try:
        pid = os.fork()
    except OSError:
        return True
    if pid == 0:
        os._exit(0)
    return False


def _kill_group(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, _signal.SIGKILL)
        except OSError:
            pass


def _used(folder: str) -> int:
    """Bytes on disk in a call's folder; one that counts its files in thousands is full."""
    used = 0
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= _FILES_AT_MOST:
                return 1 << 62
            used += entry.stat(follow_symlinks=False).st_blocks * 512
    return used


def _threads(pid: int) -> int:
    """How many threads a process has: what each takes of the kernel, no limit of ours counts."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as said:
            return int(said.read().rpartition(b")")[2].split()[17])
    except OSError:  # it has just ended
        return 0


def _empty(folder: str) -> None:
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    for name in names:
        os.unlink(f"{folder}/{name}")


def _answer(reason: int, status: int, cpu: float, seconds: float) -> bytes:
    return marshal.dumps((reason, status, cpu, seconds))


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    handles = []
    for _, _, data in ancillary:
        for start in range(0, len(data), 4):
            handles += [int.from_bytes(data[start : start + 4], sys.byteorder)]
    return handles
