"""One call: what comes back for what the code does."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from funcsmith.errors import ArgumentsInvalid, Cancelled, SandboxUnavailable
from funcsmith.execute import Limits, Sandbox, default_sandbox, execute

DOUBLE = "def double(n: int) -> int:\n    return 2 * n\n"


def test_a_call_returns_its_value(sandbox: Sandbox) -> None:
    """A call's value, repr and printed text come back, with the isolation that held."""
    source = "def shout(text):\n    print('got', text)\n    return text.upper()\n"

    result = sandbox.call(source, "shout", {"text": "你好 abc"})

    assert (result.status, result.value, result.typed) == ("ok", "你好 ABC", None)
    assert result.repr == "'你好 ABC'"
    assert result.stdout == "got 你好 abc\n"
    assert result.isolation is not None
    assert result.isolation.kind == "landlock+seccomp"
    assert all(result.isolation.features.values())
    assert 0 < result.seconds < 1


@pytest.mark.parametrize(
    ("body", "status", "limit", "error"),
    [
        ("1 / 0", "error", None, "ZeroDivisionError: division by zero (line 2)"),
        ("raise ValueError('坏')", "error", None, "ValueError: 坏 (line 2)"),
        ("raise SystemExit(3)", "error", None, "SystemExit: 3 (line 2)"),
        ("raise KeyboardInterrupt", "error", None, "KeyboardInterrupt (line 2)"),
        ("raise MemoryError", "memory", "memory_bytes", "MemoryError (line 2)"),
        ("raise PermissionError('mine')", "error", None, "PermissionError: mine (line 2)"),
        (
            "import nothing",
            "error",
            None,
            "ModuleNotFoundError: No module named 'nothing' (line 2)",
        ),
    ],
)
def test_what_the_code_raises_is_a_result(
    body: str, status: str, limit: str | None, error: str, sandbox: Sandbox
) -> None:
    """An exception of the code is a short text with its line."""
    result = sandbox.call(f"def f():\n    {body}\n", "f", {})

    assert (result.status, result.limit, result.error) == (status, limit, error)


def test_source_that_does_not_parse_is_a_result(sandbox: Sandbox) -> None:
    """A syntax error names its line."""
    result = sandbox.call("x = 1\ndef f(:\n", "f", {})

    assert result.status == "error"
    assert result.error == "SyntaxError: invalid syntax (line 2)"


def test_a_name_that_is_not_there_is_a_result(sandbox: Sandbox) -> None:
    """Asking for a function that the source lacks says so."""
    assert sandbox.call(DOUBLE, "triple", {}).error == (
        "NameError: the source does not define 'triple'"
    )


def test_arguments_that_are_not_json_are_refused(sandbox: Sandbox) -> None:
    """An argument that JSON cannot say is our caller's error, not a result."""
    with pytest.raises(ArgumentsInvalid, match="object"):
        sandbox.call(DOUBLE, "double", {"n": object()})


def test_the_check_comes_first() -> None:
    """`execute` refuses what the check finds, and runs it where the check is left out."""
    source = "import os\ndef f():\n    return os.getcwd()[:5]\n"

    refused, run = execute(source, "f"), execute(source, "f", checked=False)

    assert refused.status == "forbidden"
    assert refused.error == ("line 1: `os` cannot be imported; use plain text operations for paths")
    assert (run.status, run.value) == ("ok", "/tmp/")


def test_calls_from_many_threads_do_not_mix(sandbox: Sandbox) -> None:
    """Each of 200 calls from eight threads gets its own answer."""
    with ThreadPoolExecutor(8) as pool:
        results = list(
            pool.map(lambda n: sandbox.call(DOUBLE, "double", {"n": n}).value, range(200))
        )

    assert results == [2 * n for n in range(200)]


def test_a_call_does_not_wait_for_another() -> None:
    """While one call sleeps, another is answered."""
    with Sandbox(concurrent=2) as two:
        sleeper = threading.Thread(
            target=two.call,
            args=("import time\ndef f(): time.sleep(1)\n", "f", {}),
            kwargs={"limits": Limits(wall_seconds=0.6)},
        )
        sleeper.start()
        time.sleep(0.1)
        started = time.monotonic()

        assert two.call(DOUBLE, "double", {"n": 4}).value == 8
        assert time.monotonic() - started < 0.4
        sleeper.join()


def test_a_call_can_be_cancelled(sandbox: Sandbox) -> None:
    """A cancelled call raises Cancelled at once, and the next one works."""
    started = time.monotonic()
    with pytest.raises(Cancelled):
        sandbox.call(
            "def f():\n    while True: pass\n",
            "f",
            {},
            cancel=lambda: time.monotonic() - started > 0.1,
        )

    assert time.monotonic() - started < 0.5
    assert sandbox.call(DOUBLE, "double", {"n": 1}).value == 2


def test_now_is_what_the_request_says(sandbox: Sandbox) -> None:
    """today() and now() answer the moment handed in, and dates made from them are plain dates."""
    source = (
        "import datetime\nfrom datetime import date\n"
        "def f(d: date):\n"
        "    assert isinstance(d, date) and type(date.today()) is type(d)\n"
        "    return [date.today(), datetime.datetime.now(), (date.today() - d).days]\n"
    )

    result = sandbox.call(source, "f", {"d": "2026-11-01"}, now="2026-11-23T09:00:00+08:00")

    assert result.value == ["2026-11-23", "2026-11-23T09:00:00", 22]


def test_many_calls_share_a_child_and_stay_apart(sandbox: Sandbox) -> None:
    """Sets of one function run in order; state of the module does not pass from one to the next."""
    source = "seen = []\ndef f(n):\n    seen.append(n)\n    print(n)\n    return [n, len(seen)]\n"

    results = sandbox.calls(source, "f", [{"n": n} for n in range(300)])

    assert [result.value for result in results] == [[n, 1] for n in range(300)]
    assert results[7].stdout == "7\n"


def test_a_set_that_ends_its_child_ends_only_itself(sandbox: Sandbox) -> None:
    """Endless, exiting, sleeping and failing sets have their own results; the rest are right."""
    source = (
        "def f(n):\n"
        "    if n == 1: 10**10**8\n"
        "    if n == 2: import os; os._exit(0)\n"
        "    if n == 3: import time; time.sleep(9)\n"
        "    if n == 4: return 1 / 0\n"
        "    if n == 5: return 'x' * 2_000_000\n"
        "    if n == 6: print('x' * 200_000)\n"
        "    return n\n"
    )
    limits = Limits(value_bytes=1_000_000, output_bytes=100_000)

    results = sandbox.calls(
        source, "f", [{"n": n} for n in range(9)], limits=limits, per_call_cpu_seconds=0.1
    )

    assert [(result.status, result.limit) for result in results] == [
        ("ok", None),
        ("timeout", "cpu_seconds"),
        ("killed", None),
        ("timeout", "wall_seconds"),
        ("error", None),
        ("output", "value_bytes"),
        ("output", "output_bytes"),
        ("ok", None),
        ("ok", None),
    ]
    assert [result.value for result in results[7:]] == [7, 8]


def test_many_calls_end_with_their_limits(sandbox: Sandbox) -> None:
    """Sets that the shared limits leave no time for are not run, and say so."""
    results = sandbox.calls(
        "def f(n):\n    while True: pass\n",
        "f",
        [{"n": n} for n in range(20)],
        limits=Limits(cpu_seconds=0.3),
        per_call_cpu_seconds=0.1,
    )

    assert results[0].status == "timeout"
    assert (results[-1].status, results[-1].limit) == ("not_run", "cpu_seconds")
    assert len(results) == 20


def test_many_large_values_come_back_whole(sandbox: Sandbox) -> None:
    """Values that together exceed one answer's room arrive all the same."""
    results = sandbox.calls("def f(n):\n    return 'x' * n\n", "f", [{"n": 3_000_000}] * 7)

    assert [len(result.value) for result in results] == [3_000_000] * 7


def test_a_sandbox_begins_again_after_its_process_died() -> None:
    """When the warmed process is killed, the next call starts another."""
    with Sandbox() as fragile:
        fragile.call(DOUBLE, "double", {"n": 1})
        worker = fragile._worker
        assert worker is not None
        os.kill(worker.process.pid, 9)

        assert fragile.call(DOUBLE, "double", {"n": 2}).value == 4


def test_without_a_minimum_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no fence can be had and Monty is not there, nothing runs and the error says it."""
    monkeypatch.setattr("sys.platform", "plan9")
    monkeypatch.setitem(sys.modules, "pydantic_monty", None)

    with pytest.raises(SandboxUnavailable) as refused:
        Sandbox().call(DOUBLE, "double", {"n": 1})

    assert "plan9" in refused.value.message("zh")
    for language in ("en", "zh"):
        assert "Monty" in refused.value.message(language)
        assert "pip install 'pydantic-monty" in refused.value.hint(language)


def test_the_loud_opt_out_is_in_every_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fence the result says that nothing held."""
    monkeypatch.setenv("FUNCSMITH_FENCE", "off-i-own-this-machine")
    with Sandbox() as unfenced:
        result = unfenced.call(DOUBLE, "double", {"n": 1})

    assert result.isolation is not None
    assert result.isolation.kind == "none"
    assert not any(result.isolation.features.values())


def test_there_is_one_default_sandbox() -> None:
    """Everyone in a process shares the default sandbox."""
    assert default_sandbox() is default_sandbox()


def waiting(sandbox: Sandbox) -> list[int]:
    """The children of the warmed process."""
    pid = sandbox._ready().process.pid
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_one_child_waits_and_each_runs_one_call() -> None:
    """Between calls there is one child, another after every call."""
    with Sandbox() as sandbox:
        seen = []
        for number in range(4):
            assert sandbox.call(DOUBLE, "double", {"n": number}).value == 2 * number
            seen += waiting(sandbox)

    assert len(seen) == len(set(seen)) == 4


def test_a_waiting_child_that_dies_harms_no_call() -> None:
    """Killed while it waits, its place is taken by another."""
    with Sandbox() as sandbox:
        for number in range(4):
            assert sandbox.call(DOUBLE, "double", {"n": number}).value == 2 * number
            for child in waiting(sandbox):
                os.kill(child, signal.SIGKILL)
                wait_for_the_end_of([child])
        results = sandbox.calls(DOUBLE, "double", [{"n": 1}, {"n": 2}])

    assert [result.value for result in results] == [2, 4]


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_no_child_waits_for_a_sandbox_that_is_gone(end: str) -> None:
    """Neither after it was closed, nor after its warmed process was killed."""
    with Sandbox() as sandbox:
        sandbox.call(DOUBLE, "double", {"n": 1})
        children = waiting(sandbox)
        if end == "killed":
            os.kill(sandbox._ready().process.pid, signal.SIGKILL)

    assert len(children) == 1
    wait_for_the_end_of(children)


def wait_for_the_end_of(children: list[int]) -> None:
    deadline = time.monotonic() + 5
    while any(map(is_running, children)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
