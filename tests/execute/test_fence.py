"""The seccomp program answers as it should on both machines, tried out without a kernel."""

from __future__ import annotations

import struct
import subprocess
import sys

import pytest

from funcsmith.execute import fence

ALLOW, KILL = 0x7FFF0000, 0x80000000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def errno(number: int) -> int:
    return 0x50000 | number


@pytest.mark.parametrize(
    ("name", "numbers", "arguments", "answer"),
    [
        ("read", (0, 63), (), ALLOW),
        ("write", (1, 64), (), ALLOW),
        ("exit_group", (231, 94), (), ALLOW),
        ("openat for reading", (257, 56), (0, 0, 0o2000000), ALLOW),
        ("openat that cuts a readable file", (257, 56), (0, 0, 0o1000), errno(1)),
        ("openat of a nameless file", (257, 56), (0, 0, 0o20000001), errno(1)),
        ("openat for writing anew", (257, 56), (0, 0, 0o1101), ALLOW),
        ("clone of a thread", (56, 220), (0x3D0F00,), ALLOW),
        ("clone of a process", (56, 220), (17,), errno(11)),
        ("clone of a namespace", (56, 220), (0x10000011,), errno(11)),
        ("clone3", (435, 435), (), errno(38)),
        ("execve", (59, 221), (), errno(1)),
        ("execveat", (322, 281), (), errno(1)),
        ("socket", (41, 198), (), errno(1)),
        ("socketpair", (53, 199), (), errno(1)),
        ("connect", (42, 203), (), errno(1)),
        ("sendmsg", (46, 211), (), errno(1)),
        ("kill", (62, 129), (), errno(1)),
        ("tgkill", (234, 131), (), errno(1)),
        ("pidfd_send_signal", (424, 424), (), errno(1)),
        ("ptrace", (101, 117), (), errno(1)),
        ("process_vm_readv", (310, 270), (), errno(1)),
        ("mount", (165, 40), (), errno(1)),
        ("unshare", (272, 97), (), errno(1)),
        ("bpf", (321, 280), (), errno(1)),
        ("io_uring_setup", (425, 425), (), errno(1)),
        ("memfd_create", (319, 279), (), errno(1)),
        ("truncate", (76, 45), (), errno(1)),
        ("fchmodat", (268, 53), (), errno(1)),
        ("unlinkat", (263, 35), (), errno(1)),
        ("mkdirat", (258, 34), (), errno(1)),
        ("ioctl that types", (16, 29), (0, 0x5412), errno(25)),
        ("fcntl that sets an owner", (72, 25), (0, 8), errno(1)),
        ("prlimit of another", (302, 261), (77,), errno(1)),
        ("prlimit of oneself", (302, 261), (0,), ALLOW),
        ("flock", (73, 32), (), errno(1)),
        ("fcntl that locks", (72, 25), (0, 6), errno(1)),
        ("futex that waits", (202, 98), (0, 128), ALLOW),
        ("futex with a bit set and the clock", (202, 98), (0, 393), ALLOW),
        ("futex with an owner", (202, 98), (0, 134), errno(38)),
        ("the session of another", (124, 156), (77,), errno(1)),
        ("one's own session", (124, 156), (0,), ALLOW),
        ("the group of another", (121, 155), (77,), errno(1)),
        ("the processors of another", (204, 123), (77,), errno(1)),
        ("one's own processors", (204, 123), (0,), ALLOW),
        ("the CPU clock of another", (228, 113), (0xFFFFFD8A,), errno(1)),
        ("one's own CPU clock", (228, 113), (2,), ALLOW),
        ("a rest by the clock", (230, 115), (1,), ALLOW),
        ("a rest by another's clock", (230, 115), (0xFFFFFD8A,), errno(1)),
        ("a number of tomorrow", (600, 600), (), errno(1)),
    ],
)
@pytest.mark.parametrize("machine", fence.MACHINES)
def test_a_system_call_is_answered(
    name: str, numbers: tuple[int, int], arguments: tuple[int, ...], answer: int, machine: str
) -> None:
    """What computing needs is allowed; everything else is refused with an ordinary error."""
    number = numbers[fence.MACHINES.index(machine)]
    program = fence.system_call_filter(machine)

    assert run(program, ARCHITECTURES[machine], number, arguments) == answer


def test_another_architecture_ends_the_process() -> None:
    """Calls in 32-bit or x32 clothes end the process, since their numbers mean other things."""
    program = fence.system_call_filter("x86_64")

    assert run(program, 0x40000003, 11, ()) == KILL
    assert run(program, ARCHITECTURES["x86_64"], 0x40000000 | 59, ()) == KILL


def test_a_crash_leaves_no_dump() -> None:
    """A call's process cannot be dumped, neither to a file nor to a program that collects crashes."""
    code = (
        "import ctypes\n"
        "from funcsmith.execute import fence\n"
        "fence.leave_no_dump()\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )

    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert said.stdout == "0\n"


@pytest.mark.parametrize("machine", fence.MACHINES)
def test_without_landlock_nothing_opens(machine: str) -> None:
    """Where there is no Landlock the program refuses to open any file."""
    program = fence.system_call_filter(machine, files=False)
    number = {"x86_64": 257, "aarch64": 56}[machine]

    assert run(program, ARCHITECTURES[machine], number, (0, 0, 0)) == errno(1)


def run(program: bytes, architecture: int, number: int, arguments: tuple[int, ...]) -> int:
    """What the kernel's interpreter makes of the program."""
    given = [*arguments, *([0] * (6 - len(arguments)))]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *given)
    at, held = 0, 0
    while True:
        code, true, false, value = struct.unpack_from("<HBBI", program, at * 8)
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = struct.unpack_from("<I", data, value)[0]
        elif code == 0x54:
            held &= value
        elif code == 0x05:
            at += value
        elif code in (0x15, 0x35):
            at += true if (held == value if code == 0x15 else held >= value) else false
        else:
            raise AssertionError(code)
