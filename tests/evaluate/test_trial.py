"""The judge of written functions: right ones pass, wrong and evil ones do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funcsmith.errors import SandboxUnavailable
from funcsmith.evaluate.problems import Inputs, Problem, read_suite
from funcsmith.evaluate.trial import CpuSeconds, Ruling, Trial
from funcsmith.execute import Sandbox

RIGHT = "def triple(n):\n    return n + n + n\n"


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    with Sandbox() as sandbox:
        yield Trial(sandbox, cpu_seconds=CpuSeconds(call=0.5, tests=1.0, inputs=1.0))


@pytest.fixture(params=["humaneval", "humaneval_plus"])
def triple(request: pytest.FixtureRequest, data: Path) -> Problem:
    """The same problem with a program of tests and with inputs."""
    return read_suite(request.param).problems[0]


def _problem(
    tests: str, reference: str = RIGHT, name: str = "triple", setting: str = ""
) -> Problem:
    return Problem("p", "p", "en", "", "", None, name, reference, tests=tests, setting=setting)


def _inputs(reference: str, *given: object, tolerance: float = 0.0, name: str = "f") -> Problem:
    every = Inputs([list(one) if isinstance(one, tuple) else [one] for one in given], [], tolerance)
    return Problem(repr(given), "p", "en", "", "", None, name, reference, inputs=every)


@pytest.mark.parametrize("suite", ["humaneval", "humaneval_plus", "mbpp_sanitized", "humaneval_xl"])
def test_references_pass(trial: Trial, data: Path, suite: str) -> None:
    """Every suite's own solution is right."""
    for problem in read_suite(suite).problems:
        assert trial.judge(problem, problem.reference) == Ruling(True)


def test_another_way_passes(trial: Trial, triple: Problem) -> None:
    """What gives the right values is right, however it does."""
    assert trial.judge(triple, RIGHT) == Ruling(True)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("def triple(n):\n    return 2 * n\n", "wrong value"),
        ("def triple(n):\n    return str(3 * n)\n", "wrong value"),
        ("def triple(n):\n    return 6\n", "wrong value"),
        ("def triple(n):\n    return (yield 3 * n)\n", "wrong value"),
        ("def triple(n):\n    return n.x\n", "raised AttributeError"),
        ("def triple(n)\n    return 3 * n\n", "raised SyntaxError"),
        ("def other(n):\n    return 3 * n\n", "raised NameError"),
        ("import nothing_of_that_name\n" + RIGHT, "raised ModuleNotFoundError"),
    ],
)
def test_wrong_ones_fail(trial: Trial, triple: Problem, source: str, why: str) -> None:
    """A wrong value, a failure, no such function: each is said."""
    assert trial.judge(triple, source) == Ruling(False, why)


@pytest.mark.parametrize(
    "source",
    [
        # Equal to everything.
        "class Yes:\n    def __eq__(self, other): return True\ndef triple(n): return Yes()\n",
        (
            "class Yes(int):\n    def __eq__(self, other): return True\n"
            "    def __ne__(self, other): return False\n    __hash__ = int.__hash__\n"
            "def triple(n): return Yes(7)\n"
        ),
        # Ends the process in good order.
        "import sys\ndef triple(n): sys.exit(0)\n",
        "import sys\nsys.exit(0)\n",
        "import os\ndef triple(n): os._exit(0)\n",
        "import os\nos._exit(0)\n",
        "def triple(n): raise SystemExit(0)\n",
        # Changes what would compare, were it here.
        (
            "import builtins\nbuiltins.AssertionError = type('No', (Exception,), {})\n"
            "builtins.all = builtins.any = builtins.isinstance = lambda *_: True\n"
            "def triple(n): return 7\n"
        ),
        "import operator\noperator.eq = lambda a, b: True\ndef triple(n): return 7\n",
        # Says that it passed, in the words of the one who calls.
        "def triple(n): return {'passed': True, 'wants': False, 'error': None, 'calls': []}\n",
        "def triple(n): return ('value', 3 * n)\n",
        # Rewrites its caller.
        (
            "import sys\ndef triple(n):\n"
            "    sys._getframe(1).f_globals['_called_by_the_judge'] = lambda *_: ('value', 6)\n"
            "    return 7\n"
        ),
        "def _called_by_the_judge(*_): return 'value', 6\ndef triple(n): return 7\n",
        # Looks for the right value in the process.
        (
            "import gc\ndef triple(n):\n"
            "    for one in gc.get_objects():\n"
            "        if isinstance(one, dict) and one.get('expected') is not None:\n"
            "            return one['expected']\n"
            "    return None\n"
        ),
        # Leaves another check behind.
        (
            "import sys\nfor module in list(sys.modules.values()):\n"
            "    if hasattr(module, 'check'): module.check = lambda candidate: None\n"
            "def triple(n): return 7\n"
        ),
    ],
)
def test_evil_ones_fail(trial: Trial, triple: Problem, source: str) -> None:
    """Nothing that a function does to its own process makes it right."""
    assert trial.judge(triple, source).passed is False


@pytest.mark.parametrize(
    "source",
    [
        "from decimal import Decimal\ndef triple(n): return Decimal('sNaN')\n",
        "from decimal import Decimal\ndef triple(n): return {Decimal('sNaN'): 1}\n",
        "def triple(n):\n    x = []\n    for _ in range(5000): x = [x]\n    return x\n",
        "def triple(n):\n    x = []\n    x.append(x)\n    return x\n",
        "def triple(n): return 10 ** 200_000\n",
        "def triple(n): return list(range(10 ** 6))\n",
        "def triple(n): return '\\ud800'\n",
        "def triple(n): return lambda: n\n",
        "def triple(n): return ('\\0funcsmith', 'fraction', (6, 0))\n",
        "import numpy\ndef triple(n): return numpy.array([6, -3])\n",
        "def triple(n): return 'x' * 20_000_000\n",
        "def triple(n):\n    while True: yield n\n",
    ],
)
def test_odd_values_fail(trial: Trial, triple: Problem, source: str) -> None:
    """No value of a function makes the judge unable to judge: it would count on no side."""
    assert trial.judge(triple, source).passed is False


def test_numbers_of_numpy_are_numbers(trial: Trial, triple: Problem) -> None:
    """What is equal in Python is equal here."""
    pytest.importorskip("numpy")

    assert trial.judge(triple, "import numpy\ndef triple(n): return numpy.int64(n) * 3\n") in (
        Ruling(True),
        Ruling(False, "raised OverflowError"),  # 10**30 is none of numpy's
    )


def test_endless_loop_fails_by_cpu_seconds(trial: Trial, triple: Problem) -> None:
    """A function that does not end is stopped by its CPU seconds, not by the clock."""
    assert trial.judge(triple, "def triple(n):\n    while True: pass\n") == Ruling(
        False, "timeout (cpu_seconds)"
    )


def test_no_function_fails(trial: Trial, triple: Problem) -> None:
    """Where nothing was written there is nothing right."""
    assert trial.judge(triple, None) == Ruling(False, "no function")


def test_printing_does_not_matter(trial: Trial, triple: Problem) -> None:
    """What a function prints is not looked at."""
    assert trial.judge(triple, "def triple(n):\n    print('no')\n    return 3 * n\n").passed


def test_calls_share_their_module(trial: Trial) -> None:
    """As in the suites' own harness, what a call leaves behind reaches the next."""
    problem = _problem("assert triple(1) == 3\nassert triple(2) == 6\n")
    keeps = "def triple(n, seen=[]):\n    seen.append(n)\n    return 3 * sum(seen)\n"

    assert trial.judge(problem, keeps) == Ruling(False, "wrong value")


def test_tests_that_draw_their_inputs(trial: Trial) -> None:
    """Random inputs are the same each time the tests run."""
    tests = (
        "import random\nfor _ in range(20):\n"
        "    n = random.randint(0, 10**6)\n    assert triple(n) == 3 * n\n"
    )

    assert trial.judge(_problem(tests), RIGHT) == Ruling(True)
    assert not trial.judge(_problem(tests), RIGHT.replace("+ n\n", "+ n % 99999\n")).passed


def test_tests_that_hand_results_on(trial: Trial) -> None:
    """A call of what another call gave is found out as the tests run."""
    problem = _problem("assert triple(triple(triple(1))) == 27\n")

    assert trial.judge(problem, RIGHT) == Ruling(True)
    assert not trial.judge(problem, "def triple(n):\n    return 3 * n + 1\n").passed


def test_reference_that_fails_its_tests(trial: Trial) -> None:
    """The tests decide, not the reference: it only says which calls there are."""
    tests = "assert triple(1) == 3\nassert triple(2) == 6\n"
    problem = _problem(tests, reference="def triple(n):\n    return 0\n")

    assert trial.judge(problem, RIGHT) == Ruling(True)


def test_items_are_no_list(trial: Trial) -> None:
    """A map may be made a list by a test, but is none itself."""
    source = "def triple(n):\n    return map(int, [n, n, n])\n"

    assert trial.judge(_problem("assert list(triple(1)) == [1, 1, 1]\n"), source).passed
    assert not trial.judge(_problem("assert triple(1) == [1, 1, 1]\n"), source).passed
    assert not trial.judge(_inputs("def f(n): return [n]", 1), "def f(n): return iter([n])").passed


def test_types_cross_the_border(trial: Trial) -> None:
    """Tuples, sets, keys that are no text, fractions and infinities stay what they are."""
    tests = (
        "assert f(0) == (1, 2)\nassert f(1) == {1, 2}\nassert f(2) == {1: (2,)}\n"
        "assert f(3) == 0.5\nassert f(4) == float('inf')\nassert f(5) == b'x'\n"
        "assert f((1, {2}), k={3: 4}) == [1]\n"
    )
    source = (
        "from fractions import Fraction\n"
        "def f(n, k=None):\n"
        "    if k: return [1] if n == (1, {2}) and k == {3: 4} else []\n"
        "    return [(1, 2), {1, 2}, {1: (2,)}, Fraction(1, 2), float('inf'), b'x'][n]\n"
    )

    assert trial.judge(_problem(tests, source, "f"), source) == Ruling(True)
    assert not trial.judge(_problem("assert f(0) == [1, 2]\n", source, "f"), source).passed


def test_inputs_are_compared_as_evalplus_does(trial: Trial) -> None:
    """Exactly; floats within 1e-6 or the row's tolerance; a list is no tuple."""
    third = _inputs("def f(n): return n / 3", 1.0)
    pair = _inputs("def f(n): return (n, n)", 1)

    assert trial.judge(third, "def f(n): return 0.3333334").passed
    assert not trial.judge(third, "def f(n): return 0.33333").passed
    assert not trial.judge(third, "def f(n): return '0.3333333'").passed
    assert not trial.judge(pair, "def f(n): return [n, n]").passed
    loose = _inputs("def f(n): return n / 3", 1.0, tolerance=0.01)
    assert trial.judge(loose, "def f(n): return 0.33").passed


def test_root_is_any_root(trial: Trial) -> None:
    """find_zero is judged by the polynomial's value, not by the reference's root."""
    reference = "def find_zero(xs): return 1.0"
    problem = _inputs(reference, ([-1.0, 0.0, 1.0],), tolerance=1e-4, name="find_zero")

    assert trial.judge(problem, "def find_zero(xs): return -1").passed
    assert not trial.judge(problem, "def find_zero(xs): return 0.9").passed
    assert not trial.judge(problem, "def find_zero(xs): return float('nan')").passed
    assert not trial.judge(problem, "def find_zero(xs): return None").passed


def test_values_too_large_for_the_border(trial: Trial) -> None:
    """Huge numbers and lists are compared by a digest that equal values share."""
    number = _inputs("def f(n): return 7 ** n", 200_000)
    items = _inputs("def f(n): return list(range(n))", 400_000)

    assert trial.judge(number, "def f(n): return 7 * 7 ** (n - 1)") == Ruling(True)
    assert not trial.judge(number, "def f(n): return 7 ** n + 1").passed
    assert trial.judge(items, "def f(n): return [float(k) for k in range(n)]") == Ruling(True)
    assert not trial.judge(items, "def f(n): return list(range(n))[::-1]").passed


def test_judge_that_cannot_judge_says_so(trial: Trial) -> None:
    """A reference that fails and arguments that are no data are nobody's failure."""
    broken = _inputs("def f(n): return 1 / 0", 3)
    no_data = _problem("assert triple(lambda: 1) == 3\n", "def triple(f):\n    return 3 * f()\n")

    assert trial.judge(broken, "def f(n): return 1").passed is None
    assert trial.judge(no_data, "def triple(f):\n    return 3\n") == Ruling(
        None, "not judged: arguments that are no data"
    )


def test_no_fence_is_nobodys_failure(triple: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be run nothing is judged."""

    class Closed(Sandbox):
        def _made(self) -> None:  # type: ignore[override]
            raise SandboxUnavailable("no fence")

    assert Trial(Closed()).judge(triple, RIGHT).passed is None
