"""The kernel's fence: Landlock for files, a seccomp allow-list for system calls, no capabilities.

Runs inside the warmed worker, before anything generated is even parsed, so it imports nothing of
ours and next to nothing at all. It is written here because the calls it makes are few, and because
an allow-list of system calls gives on Landlock ABI 1 (Linux 5.13) what Landlock itself only gives
on ABI 6: no socket, no signal, no new process, whatever the kernel's age.

What it is not: it hides no names. A path can still be asked for with `stat` (does it exist, how
large is it) and `readlink` (where does a link point), because imports need these calls and seccomp
cannot read paths.
"""

from __future__ import annotations

import ctypes
import os
import sys

_LIBC = ctypes.CDLL(None, use_errno=True)
_SYSCALL = _LIBC.syscall
_SYSCALL.restype = ctypes.c_long
_SYSCALL.argtypes = [ctypes.c_long] * 7

MACHINES = ("x86_64", "aarch64")

READ_FILE, READ_DIR = 1 << 2, 1 << 3
WRITE_FILE, MAKE_REG, TRUNCATE = 1 << 1, 1 << 8, 1 << 14
REMOVE_DIR, REMOVE_FILE, MAKE_DIR = 1 << 4, 1 << 5, 1 << 7

# Rights by the ABI that brought them: asking an older kernel for a newer right is refused.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_RIGHTS = 0b11
_SCOPES = 0b11


def has_seccomp() -> bool:
    """Whether the kernel was built with seccomp at all."""
    return bool(_SYSCALL(_PRCTL, 21, 0, 0, 0, 0, 0) >= 0)


def landlock_abi() -> int:
    """The kernel's Landlock ABI; 0 where it has none."""
    answer: int = _SYSCALL(_CREATE_RULESET, 0, 0, 1, 0, 0, 0)
    return max(0, answer)


def ruleset(
    readable: list[str], writable: list[str], *, abi: int, keeper_in: str | None = None
) -> int:
    """A descriptor of a Landlock ruleset: what is named may be used, nothing else.

    The keeper of the writable folders may also make and remove files and folders there, and
    remove empty folders in the one that holds them.
    """
    rights = max(mask for since, mask in _FILE_RIGHTS.items() if since <= abi)
    sizes = ctypes.c_uint64 * 3
    attributes = sizes(rights, _TCP_RIGHTS if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    made = _checked(_CREATE_RULESET, ctypes.addressof(attributes), size, 0)
    for path in readable:
        _allow(made, path, (READ_FILE | READ_DIR) & rights)
    write = READ_FILE | READ_DIR | WRITE_FILE | MAKE_REG | TRUNCATE
    if keeper_in is not None:
        write |= REMOVE_FILE | REMOVE_DIR | MAKE_DIR
        _allow(made, keeper_in, REMOVE_DIR & rights)
    for path in writable:
        _allow(made, path, write & rights)
    return made


def restrict(made: int) -> None:
    """Confine this process to a ruleset, for good."""
    _no_new_privileges()
    _checked(_RESTRICT_SELF, made, 0)


def filter_system_calls(program: bytes) -> None:
    """Install a seccomp program on this process, for good."""
    _no_new_privileges()
    buffer = ctypes.create_string_buffer(program, len(program))
    header = (ctypes.c_uint64 * 2)(len(program) // 8, ctypes.addressof(buffer))
    _checked(_PRCTL, 22, 2, ctypes.addressof(header))


def system_call_filter(machine: str, *, files: bool = True, connected: bool = False) -> bytes:
    """The seccomp program of a call: what computing needs, and nothing else.

    With `files` false nothing can be opened at all: the fence where there is no Landlock. With
    `connected` sockets that the call was handed may be used; none can be made or pointed elsewhere.
    """
    column = MACHINES.index(machine)
    answers: dict[int, bytes] = {}
    for name, numbers in {**_ALLOWED, **(_CONNECTED if connected else {})}.items():
        if files or name not in _OPENING:
            answers[numbers[column]] = _end(_ALLOW)
    for names, argument, test in (*_ALLOWED_WHEN, *(_CONNECTED_WHEN if connected else ())):
        for name in names:
            if files or name not in _OPENING:
                at = argument + (1 if name == "openat" else 0)
                answers[_NUMBERS[name][column]] = _tested(at, test)
    if connected:
        options = tuple((None, option, _ALLOW) for option in _TCP_OPTIONS)
        answers[_NUMBERS["setsockopt"][column]] = (
            _instruction(_LOAD, 0, 0, 16 + 8)
            + _instruction(_EQUAL, 1, 0, _TCP)
            + _end(_ERRNO | _EPERM)
            + _tested(2, (*options, (None, None, _ERRNO | _EPERM)))
        )
    for name, errno in _REFUSED_AS.items():
        answers[_NUMBERS[name][column]] = _end(_ERRNO | errno)
    answers.pop(-1, None)
    refused = _end(_ERRNO | _EPERM)
    # Numbers in runs of one answer; those of x32, which wears others on x86_64, end the process.
    runs = [(0, answers.get(0, refused))]
    for number in range(1, max(answers) + 2):
        answer = answers.get(number, refused)
        if answer != runs[-1][1]:
            runs.append((number, answer))
    if machine == "x86_64":
        runs.append((0x40000000, _end(_KILL)))
    return b"".join(
        (
            _instruction(_LOAD, 0, 0, 4),
            _instruction(_EQUAL, 1, 0, _AUDIT_ARCHITECTURE[column]),
            _end(_KILL),
            _instruction(_LOAD, 0, 0, 0),
            _searched(runs),
        )
    )


def drop_capabilities() -> None:
    """Root keeps its name and loses its powers; nobody else has any."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    empty = (ctypes.c_uint32 * 6)()
    _checked(_CAPSET, ctypes.addressof(header), ctypes.addressof(empty))


def leave_no_dump() -> None:
    """When this process crashes, no program of the system's is started with its memory.

    A limit on the size of dumps does not do it: where they are piped to a program, it is not asked.
    """
    _checked(_PRCTL, 4, 0)


def die_with(parent: int) -> None:
    """End this process when its parent ends, also if that has happened already."""
    _checked(_PRCTL, 1, 9)
    if os.getppid() != parent:
        os._exit(1)


def _no_new_privileges() -> None:
    _checked(_PRCTL, 38, 1)


def _allow(made: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no permission
    try:
        if not os.path.isdir(path):
            rights &= READ_FILE | WRITE_FILE | TRUNCATE
        rule = ctypes.create_string_buffer(
            rights.to_bytes(8, sys.byteorder) + handle.to_bytes(4, sys.byteorder), 12
        )
        _checked(_ADD_RULE, made, 1, ctypes.addressof(rule), 0)
    finally:
        os.close(handle)


def _checked(number: int, *arguments: int) -> int:
    answer: int = _SYSCALL(number, *arguments, *([0] * (6 - len(arguments))))
    if answer < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, os.strerror(errno))
    return answer


def _searched(runs: list[tuple[int, bytes]]) -> bytes:
    """A binary search for the run that a number is in.

    The kernel tries a program out on every number when it is installed, and a call waits for that.
    """
    if len(runs) == 1:
        return runs[0][1]
    middle = len(runs) // 2
    left, right = _searched(runs[:middle]), _searched(runs[middle:])
    over = _instruction(_JUMP, 0, 0, len(left) // 8)
    return _instruction(_AT_LEAST, 0, 1, runs[middle][0]) + over + left + right


def _tested(argument: int, test: _Test) -> bytes:
    """Look at one argument: its low half, as every one here is an int."""
    code = b""
    for mask, value, action in test:
        if value is None:
            code += _end(action)
            continue
        code += _instruction(_LOAD, 0, 0, 16 + 8 * argument)
        if mask is not None:
            code += _instruction(_MASK, 0, 0, mask)
        code += _instruction(_EQUAL, 0, 1, value) + _end(action)
    return code


def _end(action: int) -> bytes:
    return _instruction(_RETURN, 0, 0, action)


def _instruction(code: int, true: int, false: int, value: int) -> bytes:
    order = sys.byteorder
    return code.to_bytes(2, order) + bytes((true, false)) + value.to_bytes(4, order)


_LOAD, _RETURN, _MASK = 0x20, 0x06, 0x54
_EQUAL, _AT_LEAST, _JUMP = 0x15, 0x35, 0x05
_Test = tuple[tuple["int | None", "int | None", int], ...]
"""Steps (mask, value, action): the masked argument equals value, or no value for always."""

_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _EAGAIN, _ENOTTY, _ENOSYS = 1, 11, 25, 38
_AUDIT_ARCHITECTURE = (0xC000003E, 0xC00000B7)

# Calls by their numbers on (x86_64, aarch64); -1 where the machine has none.
_ALLOWED = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66),
    "pread64": (17, 67), "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70),
    "close": (3, 57), "close_range": (436, 436), "lseek": (8, 62), "dup": (32, 23),
    "dup2": (33, -1), "dup3": (292, 24), "pipe": (22, -1), "pipe2": (293, 59),
    "fstat": (5, 80), "stat": (4, -1), "lstat": (6, -1), "newfstatat": (262, 79),
    "statx": (332, 291), "access": (21, -1), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlink": (89, -1), "readlinkat": (267, 78), "getdents": (78, -1), "getdents64": (217, 61),
    "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50), "umask": (95, 166),
    "ftruncate": (77, 46), "fsync": (74, 82), "fdatasync": (75, 83),
    "fadvise64": (221, 223), "sendfile": (40, 71), "copy_file_range": (326, 285),
    "creat": (85, -1),
    "mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216),
    "madvise": (28, 233), "brk": (12, 214), "membarrier": (324, 283),
    "set_robust_list": (273, 99), "rseq": (334, 293),
    "set_tid_address": (218, 96), "sched_yield": (24, 124),
    "getcpu": (309, 168), "exit": (60, 93), "exit_group": (231, 94),
    "restart_syscall": (219, 128), "wait4": (61, 260), "waitid": (247, 95),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133),
    "pause": (34, -1), "alarm": (37, -1), "getitimer": (36, 102), "setitimer": (38, 103),
    "nanosleep": (35, 101), "gettimeofday": (96, 169), "time": (201, -1), "times": (100, 153),
    "select": (23, -1), "pselect6": (270, 72), "poll": (7, -1), "ppoll": (271, 73),
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getgroups": (115, 158),
    "getpgrp": (111, -1), "uname": (63, 160),
    "recvmsg": (47, 212),  # the call itself comes over a socket; there is no other
    "getrusage": (98, 165), "getrlimit": (97, 163), "sysinfo": (99, 179), "getrandom": (318, 278),
}  # fmt: skip
# What a connection needs that somebody else has made: no `socket`, `connect`, `bind` or `accept`.
_CONNECTED = {
    "recvfrom": (45, 207), "shutdown": (48, 210), "getsockname": (51, 204),
    "getpeername": (52, 205), "getsockopt": (55, 209),
}  # fmt: skip
_NUMBERS = {
    "setsockopt": (54, 208), "sendto": (44, 206), "sendmsg": (46, 211),
    "clone": (56, 220), "ioctl": (16, 29), "fcntl": (72, 25), "prlimit64": (302, 261),
    "open": (2, -1), "openat": (257, 56), "clone3": (435, 435), "openat2": (437, 437),
    "fork": (57, -1), "vfork": (58, -1), "getpgid": (121, 155), "getsid": (124, 156),
    "sched_getaffinity": (204, 123), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "futex": (202, 98),
}  # fmt: skip
_OPENING = ("open", "openat", "creat")
_TERMINAL = (0x5401, 0x5413, 0x5450, 0x5451, 0x541B)

_ALLOWED_WHEN: tuple[tuple[tuple[str, ...], int, _Test], ...] = (
    # Threads, with exactly the flags that glibc and musl use; never a process or a namespace.
    (
        ("clone",),
        0,
        (
            (None, 0x3D0F00, _ALLOW),
            (None, 0x7D0F00, _ALLOW),
            (None, None, _ERRNO | _EAGAIN),
        ),
    ),
    # Is this a terminal, close on exec, how many bytes are waiting.
    (
        ("ioctl",),
        1,
        (
            *((None, command, _ALLOW) for command in _TERMINAL),
            (None, None, _ERRNO | _ENOTTY),
        ),
    ),
    # Duplicates and flags; not owners, which would be signals by another road, nor locks, which on
    # a file that all may read would be a sign for other calls.
    (
        ("fcntl",),
        1,
        (
            *((None, command, _ALLOW) for command in (0, 1, 2, 3, 4, 1030)),
            (None, None, _ERRNO | _EPERM),
        ),
    ),
    # Of this process only: of any other they would say that it is there.
    (
        ("prlimit64", "getpgid", "getsid", "sched_getaffinity"),
        0,
        ((None, 0, _ALLOW), (None, None, _ERRNO | _EPERM)),
    ),
    # Locks without priorities: one with them names its owner, who may be any process.
    (
        ("futex",),
        1,
        (
            *((0x7F, operation, _ERRNO | _ENOSYS) for operation in (6, 7, 8, 11, 12, 13)),
            (None, None, _ALLOW),
        ),
    ),
    # The clocks that everyone has; those of other processes and of devices are below zero.
    (
        ("clock_gettime", "clock_getres", "clock_nanosleep"),
        0,
        ((0x80000000, 0, _ALLOW), (None, None, _ERRNO | _EPERM)),
    ),
    # Before ABI 3 Landlock lets a readable file be cut on opening; files without a name escape
    # the count of the disk.
    (
        ("open", "openat"),
        1,
        (
            (0x203, 0x200, _ERRNO | _EPERM),
            (0x203, 0x203, _ERRNO | _EPERM),
            (0x400000, 0x400000, _ERRNO | _EPERM),
            (None, None, _ALLOW),
        ),
    ),
)
_CONNECTED_WHEN: tuple[tuple[tuple[str, ...], int, _Test], ...] = (
    # Sending is no connecting (MSG_FASTOPEN).
    (("sendto",), 3, ((0x20000000, 0x20000000, _ERRNO | _EPERM), (None, None, _ALLOW))),
    (("sendmsg",), 2, ((0x20000000, 0x20000000, _ERRNO | _EPERM), (None, None, _ALLOW))),
    # As above, and whether to wait.
    (
        ("ioctl",),
        1,
        (
            *((None, command, _ALLOW) for command in (*_TERMINAL, 0x5421)),
            (None, None, _ERRNO | _ENOTTY),
        ),
    ),
)
# Of all options only these of TCP: not to gather small packets, and to notice a dead peer.
_TCP, _TCP_OPTIONS = 6, (1, 4, 5, 6)
# clone3 hides its flags behind a pointer; "not here" makes the C library use clone.
_REFUSED_AS = {"clone3": _ENOSYS, "openat2": _ENOSYS, "fork": _EAGAIN, "vfork": _EAGAIN}

_MACHINE = os.uname().machine
_PRCTL = 157 if _MACHINE == "x86_64" else 167
_CAPSET = 126 if _MACHINE == "x86_64" else 91
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
