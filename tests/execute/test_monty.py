"""Monty, where there is no kernel fence: what runs in it, what does not, and what says so."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from funcsmith import doctor
from funcsmith.contract import Result
from funcsmith.errors import Cancelled, SandboxUnavailable
from funcsmith.execute import Grants, Limits, Sandbox, fence
from funcsmith.execute import monty as monty_module
from funcsmith.execute import sandbox as sandboxes

from .attack import SMALL as ATTACK
from .attack import World, read_attacks

pytest.importorskip("pydantic_monty")

SUBSET = "this system has no kernel fence, so only Monty's part of Python runs here"
SMALL = Limits(cpu_seconds=0.3, memory_bytes=64 * 2**20, output_bytes=10_000, value_bytes=1_000_000)


@pytest.fixture(scope="module")
def monty() -> Iterator[Sandbox]:
    with Sandbox(kernel=False) as unfenced:
        yield unfenced


def run(monty: Sandbox, source: str, **arguments: Any) -> Result:
    return monty.call(source, "f", arguments, limits=SMALL)


def test_a_value_comes_back_with_what_held(monty: Sandbox) -> None:
    """A function runs, and its result says that Monty ran it and that no system call is refused."""
    source = "def f(n: int) -> int:\n    print('of', n)\n    return 1 if n < 2 else n * f(n - 1)\n"

    result = run(monty, source, n=5)

    assert (result.status, result.value, result.repr) == ("ok", 120, "120")
    assert result.stdout == "of 5\nof 4\nof 3\nof 2\nof 1\n"
    assert result.isolation is not None
    assert result.isolation.kind == "monty"
    assert result.isolation.features == {
        "filesystem": True,
        "network": True,
        "signals": True,
        "syscalls": False,
        "memory": True,
        "processes": True,
    }


VALUES = {
    "integers": "[0, -7, 2 ** 100, True, None]",
    "long": "[10 ** 5000, -(1 << 20000)]",
    "floats": "[0.1, -1e300, float('inf'), float('nan')]",
    "text": r"['你好', 'a\"\n', '\x00', '\U0001f600', '$x']",
    "containers": "({1: 'a', 'b': [2]}, {3}, frozenset([4]), b'xy', 1j)",
    "dollar": "{'$int': 1}",
    "dates": "[D.date(2024, 2, 29), D.datetime(2024, 1, 2, 3, 4, 5, 6), D.time(1, 2), "
    "D.timedelta(days=-1, seconds=5)]",
    "aware": "D.datetime(2024, 1, 2, tzinfo=D.timezone.utc)",
    "decimals": "[C.Decimal('1.10'), C.Decimal('1E+3'), C.Decimal('NaN')]",
    "named": "namedtuple('P', 'x y')(1, 2)",
    "counter": "Counter('aab')",
    "queue": "deque([1, 2])",
    "ranges": "[range(3), {1: 2}.items()]",
    "many": "[list(range(5000)), [0.5] * 5000, ['a', 1, None, True] * 2000]",
    "nothing": "[[], {}, (), '', b'']",
}


@pytest.mark.parametrize("expression", VALUES.values(), ids=VALUES)
def test_values_are_the_fences_values(sandbox: Sandbox, monty: Sandbox, expression: str) -> None:
    """`value` and `typed` are as the kernel's fence gives them."""
    source = "import datetime as D\nimport decimal as C\n"
    source += "from collections import Counter, deque, namedtuple\n"
    source += f"def f():\n    return {expression}\n"

    here, there = run(sandbox, source), run(monty, source)

    assert (there.status, there.error) == ("ok", None)
    assert (there.value, there.typed) == (here.value, here.typed)


def test_a_dataclass_goes_in_and_comes_back(sandbox: Sandbox, monty: Sandbox) -> None:
    """An object becomes the dataclass that the annotation names; its fields come back."""
    source = "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    y: int = 2\n"
    source += "def f(p: P) -> P:\n    return P(p.x + 1)\n"

    results = [run(one, source, p={"x": 3}) for one in (sandbox, monty)]

    assert [one.value for one in results] == [{"x": 4, "y": 2}] * 2
    assert results[0].typed == results[1].typed


def test_arguments_are_fitted_to_annotations(sandbox: Sandbox, monty: Sandbox) -> None:
    """Dates, decimals and sets are made of JSON as behind the fence, defaults and *args included."""
    source = "import datetime\nfrom decimal import Decimal\n"
    source += "from typing import Optional\n"
    source += "def f(day: datetime.date, *more: Decimal, s: set[int], "
    source += "late: 'Optional[datetime.timedelta]' = None, k: dict[int, str] | None = None):\n"
    source += "    return [day + datetime.timedelta(1), more, s, late, k]\n"
    given = {"day": "2024-02-28", "more": ["1.10", 2], "s": [1, 1], "late": 90, "k": {"3": "x"}}

    here, there = run(sandbox, source, **given), run(monty, source, **given)

    assert there.status == "ok", there.error
    assert (there.value, there.typed) == (here.value, here.typed)


ERRORS = {
    "line": ("def f():\n    x = 1\n    return x / 0\n", "ZeroDivisionError: division by zero (line 3)"),
    "syntax": ("def f(:\n", "SyntaxError: invalid syntax (line 1)"),
    "absent": ("def g():\n    pass\n", "NameError: the source does not define 'f'"),
    "own": ("def f():\n    raise ValueError('bad')\n", "ValueError: bad (line 2)"),
    "deep": ("def f():\n    return f()\n", "RecursionError: maximum recursion depth exceeded (line 2)"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "said"), ERRORS.values(), ids=ERRORS)
def test_an_error_says_its_line(monty: Sandbox, source: str, said: str) -> None:
    """An error of the code is in the words that the fence would use."""
    result = run(monty, source)

    assert (result.status, result.error, result.limit) == ("error", said, None)


BEYOND = {
    "class": ("class E(Exception):\n    pass\ndef f():\n    return 1\n", "class inheritance"),
    "yield": ("def f():\n    yield 1\n", "yield"),
    "module": ("import statistics\ndef f():\n    return 1\n", "No module named 'statistics'"),
    "name": ("def f():\n    return bytearray(b'x')\n", "name 'bytearray' is not defined"),
    "method": ("def f():\n    return (5).bit_length()\n", "no attribute 'bit_length'"),
}


@pytest.mark.parametrize(("source", "named"), BEYOND.values(), ids=BEYOND)
def test_what_monty_cannot_run_is_named(monty: Sandbox, source: str, named: str) -> None:
    """The result names the construct, and that only a part of Python runs here."""
    result = run(monty, source)

    assert (result.status, result.limit) == ("error", None)
    assert named in str(result.error)
    assert str(result.error).endswith(SUBSET)


ENDINGS = {
    "spin": ("while True: pass", "timeout", "cpu_seconds"),
    "memory": ("return [0] * 10 ** 10", "memory", "memory_bytes"),
    "growing": ("x = []\n    while True: x.append('a' * 1000)", "memory", "memory_bytes"),
    "flood": ("print('x' * 20_000)", "output", "output_bytes"),
    "sleep": ("import time\n    time.sleep(60)", "timeout", "wall_seconds"),
    "huge": ("return 'x' * 2_000_000", "output", "value_bytes"),
    "number": ("return 1 << 500_000", "output", "value_bytes"),
    "file": ("return open('/etc/passwd').read()", "forbidden", None),
    "write": ("open('/tmp/x', 'w').write('x')", "forbidden", None),
    "list": ("import os\n    return os.listdir('/')", "forbidden", None),
    "environment": ("import os\n    return os.environ['HOME']", "forbidden", None),
    "socket": ("import socket\n    return 1", "error", None),
    "process": ("import subprocess\n    return 1", "error", None),
    "system": ("import os\n    return os.system('true')", "error", None),
    "import": ("return __import__('os')", "error", None),
}


@pytest.mark.parametrize(("body", "status", "limit"), ENDINGS.values(), ids=ENDINGS)
def test_a_call_that_goes_too_far_says_how(
    monty: Sandbox, body: str, status: str, limit: str | None
) -> None:
    """Each limit and each attempt to reach out has the status that the fence gives it."""
    started = time.monotonic()

    result = run(monty, f"def f():\n    {body}\n")

    assert (result.status, result.limit) == (status, limit)
    assert time.monotonic() - started < 5


HOSTILE = {
    # Building this value in our process never ended: 6.8 GB after ten minutes of 2026-11-26.
    "doubling": "def f():\n    x = [1]\n    for _ in range(60): x = [x, x]\n    return x\n",
    "left": "def f():\n    return 1\nx = [1]\nfor _ in range(60): x = [x, x]\n[x, x]\n",
    "printed": "def f():\n    x = [1]\n    for _ in range(60): x = [x, x]\n    print(x)\n",
    "raised": "def f():\n    x = [1]\n    for _ in range(60): x = [x, x]\n    raise ValueError(x)\n",
    "message": "def f():\n    raise ValueError('x' * 20_000_000)\n",
    "cycle": "def f():\n    x = []\n    x += [x, x]\n    return x\n",
    "deep": "def f():\n    x = []\n    for _ in range(100_000): x = [x]\n    return x\n",
    "endless": "import itertools\ndef f():\n    return itertools.repeat(1)\n",
    "counting": "import itertools\ndef f():\n    return itertools.count()\n",
    "encoder": "def f():\n    global _fs_answer\n    _fs_answer = lambda *_: 'x' * 50_000_000\n",
    "builtins": "def len(x):\n    return -1\ndef f():\n    return 'x' * 9_000_000\n",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_no_value_reaches_this_process_unbounded(monty: Sandbox, source: str) -> None:
    """Whatever the code hands back, an answer of bounded size is here within seconds."""
    started = time.monotonic()

    result = run(monty, source)

    assert len(str(result.value)) <= 2_000_000
    assert len(result.error or "") <= 4_000
    assert time.monotonic() - started < 5
    assert run(monty, "def f():\n    return 1\n").value == 1


def test_now_stands_where_it_is_told(monty: Sandbox) -> None:
    """`today()` and `now()` answer the request's moment."""
    source = "import datetime\ndef f():\n"
    source += "    return [datetime.date.today(), datetime.datetime.now()]\n"

    result = monty.call(source, "f", {}, now="2020-05-06T07:08:09+08:00")

    assert result.value == ["2020-05-06", "2020-05-06T07:08:09"]


def test_a_row_that_fails_fails_alone(monty: Sandbox) -> None:
    """Rows that spin, fail or say too much say so; all others have their values."""
    source = "def f(n: float):\n    if n == 7:\n        while True: pass\n"
    source += "    if n == 8: print('x' * 20_000)\n    if n == 9: return 'x' * 2_000_000\n"
    source += "    return 1 / (n - 3)\n"
    rows = list(range(1_200))

    column = monty.column(
        source,
        "f",
        {"n": rows},
        limits=Limits(output_bytes=10_000, value_bytes=1_000_000),
        per_row_cpu_seconds=0.1,
    )

    assert {row: (result.status, result.limit) for row, result in column.failed.items()} == {
        3: ("error", None),
        7: ("timeout", "cpu_seconds"),
        8: ("output", "output_bytes"),
        9: ("output", "value_bytes"),
    }
    assert column.failed[3].error == "ZeroDivisionError: division by zero (line 6)"
    assert column.values == [None if n in (3, 7, 8, 9) else 1 / (n - 3) for n in rows]
    assert column.isolation is not None
    assert column.isolation.kind == "monty"


@pytest.mark.parametrize("fresh", [True, False])
def test_many_calls_go_on_after_one_that_ends(monty: Sandbox, fresh: bool) -> None:
    """One call that spins is one result; `fresh` runs the source anew for each."""
    source = "seen = 0\ndef f(n):\n    global seen\n    seen += 1\n"
    source += "    if n == 1:\n        while True: pass\n    return [seen, 1 / n]\n"

    results = monty.calls(
        source, "f", [{"n": n} for n in (2, 0, 1, 4, 5)], per_call_cpu_seconds=0.2, fresh=fresh
    )

    assert [result.status for result in results] == ["ok", "error", "timeout", "ok", "ok"]
    assert results[4].value == [1 if fresh else 2, 0.2]


def test_threads_share_it(monty: Sandbox) -> None:
    """Each call has a process of its own, and its own answer."""
    with ThreadPoolExecutor(16) as threads:
        results = threads.map(lambda n: run(monty, "def f(n):\n    return n * n\n", n=n), range(64))

    assert [result.value for result in results] == [n * n for n in range(64)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_is_told(monty: Sandbox) -> None:
    """A fork of a process that has used Monty is refused instead of waiting for ever."""
    run(monty, "def f():\n    return 1\n")
    child = os.fork()
    if child == 0:
        try:
            run(monty, "def f():\n    return 1\n")
        except SandboxUnavailable as refused:
            os._exit(7 if "spawn" in refused.hint("en") and "spawn" in refused.hint("zh") else 8)
        os._exit(9)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert run(monty, "def f():\n    return 1\n").value == 1


def test_a_process_that_dies_costs_its_call_alone(monty: Sandbox) -> None:
    """A call whose process is killed says so, and the next one has another."""
    worker: Any = monty._ready()
    work = monty_module._Work(
        worker,
        sandboxes._Request("", "f", [], True, None),
        {
            "source": "def f():\n    while True: pass\n",
            "name": "f",
            "calls": [([], {})],
            "columns": None,
            "coerce": True,
            "fresh": True,
            "now": None,
        },
        Limits(),
    )
    killer = threading.Timer(0.2, work.stop)
    killer.start()

    ending = work.done()

    assert (ending.reason, str(ending.said)[:22]) == (sandboxes._GONE, "Monty's process ended:")
    assert run(monty, "def f():\n    return 1\n").value == 1


def test_cancel_ends_a_call(monty: Sandbox) -> None:
    """A call that is no longer wanted ends at once."""
    started = time.monotonic()

    with pytest.raises(Cancelled):
        monty.call(
            "def f():\n    while True: pass\n",
            "f",
            {},
            cancel=lambda: time.monotonic() - started > 0.1,
        )

    assert time.monotonic() - started < 2


def test_a_linux_with_a_fence_never_takes_it(sandbox: Sandbox) -> None:
    """Here is a fence, so a call has that one."""
    assert fence.has_seccomp()
    assert sandboxes._fenceless() is None
    assert sandbox.isolation().kind in ("landlock+seccomp", "seccomp")


def test_a_fence_that_fails_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has a fence and it cannot be closed, nothing runs, in Monty neither."""
    monkeypatch.setattr(sandboxes, "_python", lambda: "/nowhere/python")

    with Sandbox() as broken, pytest.raises(SandboxUnavailable) as refused:
        broken.call("def f():\n    return 1\n", "f", {})

    assert "No fence can be had here, so nothing is run" in refused.value.message("en")


def test_a_system_without_a_fence_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS, also where the fence is switched off by the setting, Monty runs the call."""
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setenv("FUNCSMITH_FENCE", sandboxes.OFF)

    with Sandbox() as elsewhere:
        assert elsewhere.isolation().kind == "monty"


def test_an_unknown_processor_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Linux for whose processor there is no list of system calls has no fence."""
    monkeypatch.setattr(fence, "MACHINES", ())

    with Sandbox() as elsewhere:
        assert elsewhere.isolation().kind == "monty"


def test_without_the_package_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the package, in both languages."""
    monkeypatch.setitem(sys.modules, "pydantic_monty", None)

    with pytest.raises(SandboxUnavailable) as refused:
        Sandbox(kernel=False).call("def f():\n    return 1\n", "f", {})

    for language in ("en", "zh"):
        assert "Monty" in refused.value.message(language)
        assert "pydantic-monty" in refused.value.hint(language)


def test_the_doctor_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report names Monty, and what it means."""
    with Sandbox(kernel=False) as elsewhere:
        monkeypatch.setattr(sandboxes, "default_sandbox", lambda: elsewhere)
        report = doctor.examine()

    assert report.fence.kind == "monty"
    said = [problem for problem in report.problems if problem.part == "fence"]
    assert [problem.severity for problem in said] == ["warning"]
    assert "a subset of Python" in said[0].message["en"]
    assert "Python 的一部分" in said[0].message["zh"]


_ELSEWHERE = """
import sys
for name in ("fcntl", "resource", "pwd", "grp", "termios"): sys.modules[name] = None
import os, select, signal, socket
for module, names in (
    (os, "memfd_create pread pwrite WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG uname fork getuid"),
    (os, "sched_getaffinity sysconf MFD_CLOEXEC"),
    (select, "poll"), (socket, "AF_UNIX send_fds SOCK_SEQPACKET"), (signal, "SIGKILL SIGXCPU SIGPROF"),
):
    for name in names.split():
        if hasattr(module, name): delattr(module, name)
import subprocess, tempfile, zoneinfo, pydantic.main, pydantic_monty
sys.platform = "win32"
from funcsmith.execute import execute, default_sandbox
result = execute("def f(n: int) -> int:\\n    return 2 * n\\n", "f", {"n": 21})
column = default_sandbox().column("def f(n):\\n    return 1 / n", "f", {"n": [1, 0, 2]})
print(result.value, result.isolation.kind, column.values, "funcsmith.execute.fence" in sys.modules)
"""


def test_nothing_of_linux_is_needed() -> None:
    """A Python without fcntl, resource, memfd, poll, Unix sockets or wait statuses runs a call."""
    done = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.stdout, done.stderr) == ("42 monty [1.0, None, 0.5] False\n", "")


def test_attacks_fail_in_monty(monty: Sandbox, world: World) -> None:
    """No attack gets out, and each answer is of bounded size and soon there.

    Most end because Monty has no such module or method, which is the point of it.
    """
    for attack in read_attacks():
        started = time.monotonic()

        result = monty.call(attack.source, "attack", {"world": world.as_argument()}, limits=ATTACK)

        assert "ESCAPED" not in str(result.value), (attack.name, result)
        assert time.monotonic() - started < 8, attack.name
    assert world.untouched()


def test_no_grant_holds_in_monty(monty: Sandbox) -> None:
    """What was granted is not opened there, and the result names no grant."""
    source = "from pathlib import Path\n\ndef f():\n    return Path('/etc/hosts').read_text()\n"

    result = monty.granted(Grants.to(read=["/etc/hosts"])).call(source, "f", {}, limits=SMALL)

    assert result.status == "forbidden"
    assert result.isolation is not None
    assert (result.isolation.kind, result.isolation.grants) == ("monty", [])


@pytest.mark.parametrize(
    ("source", "lacks"),
    [
        ("import statistics\ndef f(): return 1", True),
        ("from collections import OrderedDict\ndef f(): return 1", True),
        ("def f():\n    yield 1", True),
        ("import nobody_has_this\ndef f(): return 1", False),
        ("def f(): raise ImportError('x')", False),
        ("def f(): raise NotImplementedError('of monty')", False),
    ],
)
def test_only_what_monty_lacks_is_put_down_to_it(monty: Sandbox, source: str, lacks: bool) -> None:
    """What nobody has, and what the code raises itself, is an ordinary error."""
    result = run(monty, source)

    assert result.status == "error"
    assert (SUBSET in str(result.error)) is lacks
