"""Bodies written to a header: tried on the examples and on each other, in the real fence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from funcsmith.errors import Cancelled
from funcsmith.execute import default_sandbox
from funcsmith.generate.body import BodyWriter, named
from funcsmith.generate.calls import read_calls
from funcsmith.generate.examples import read_examples
from funcsmith.generate.task import Budget, Spending, Task
from funcsmith.generate.verdict import Written
from funcsmith.models.cancel import Cancel
from funcsmith.models.engine import Completion, Prompt, Sampling
from funcsmith.models.scripted import Scripted

HEADER = '''def double(n: int) -> int:
    """Twice the number.

    >>> double(2)
    4
    """
'''
BARE = 'def double(n: int) -> int:\n    """Twice the number."""\n'
TWICE, SUM, SQUARE, CRASH = (
    "    return 2 * n\n",
    "    return n + n\n",
    "    return n * n\n",
    "    return n / 0\n",
)


class Seeds(Scripted):
    """Remembers the seeds of what is sampled."""

    def __init__(self) -> None:
        super().__init__(logprob=-0.5)
        self.seeds: list[int] = []

    def candidates(
        self, prompt: Prompt, samplings: Sequence[Sampling], *, cancel: Cancel | None = None
    ) -> list[Completion]:
        self.seeds += [one.seed for one in samplings if one.temperature]
        return super().candidates(prompt, samplings, cancel=cancel)


def write(
    header: str | None,
    *answers: str,
    text: str | None = None,
    logprob: float = -0.5,
    budget: Budget | None = None,
) -> tuple[Written, Scripted, Spending]:
    engine, spending = Scripted(logprob=logprob).enqueue(*answers), Spending()
    said = text or header or ""
    name = named(Task(said, header=header)) if header else None
    examples = read_examples(said, name=name)
    task = Task(said, header=header, examples=examples, always=True, call=False)
    writer = BodyWriter(engine, default_sandbox(), budget=budget)
    return writer.write(task, spending), engine, spending


def test_sure_version_that_passes_is_enough() -> None:
    """One call, verdict `tested`: the example gates, and nothing more is decoded."""
    written, engine, spending = write(HEADER, TWICE, logprob=-0.01)

    assert (written.verdict, spending.model_calls) == ("tested", 1)
    assert written.best is not None
    assert written.best.source == HEADER + TWICE
    assert engine.prompts[0].prefix == "```python\n" + HEADER
    assert [(fact.kind, fact.passed) for fact in written.evidence] == [("example", True)]
    assert (written.evidence[0].call, written.evidence[0].expected) == ("double(2)", "4")
    assert written.evidence[0].text == ">>> double(2)\n    4"


def test_unsure_version_is_held_against_others() -> None:
    """Three more; those that do the same make it proven, and the evidence says on how much."""
    written, _, spending = write(HEADER, TWICE, SUM, TWICE, SUM)

    assert (written.verdict, spending.model_calls) == ("proven", 4)
    fact = written.evidence[-1]
    assert (fact.kind, fact.candidates) == ("agreement", 4)
    assert (fact.inputs or 0) > 5


def test_example_that_is_met_by_chance_does_not_decide() -> None:
    """2 * 2 is 2 ** 2: the square passes the example too, and is outvoted on other inputs."""
    written, _, _ = write(HEADER, SQUARE, TWICE, SUM, TWICE)

    assert written.best is not None
    assert written.best.source.endswith(TWICE)
    # It passes the example and does something else: no proof against it.
    assert written.verdict == "tested"
    assert written.counterexamples
    call = written.counterexamples[0]
    assert call["got"] != call["other"]


def test_of_equals_the_one_that_comes_to_an_end() -> None:
    """Three never end on larger numbers and one does: it is handed out, whatever its tokens say."""
    endless = "    while n > 5:\n        pass\n    return 2 * n\n"
    written, _, _ = write(HEADER, endless, endless, endless, TWICE)

    assert written.best is not None
    assert written.best.source.endswith(TWICE)
    assert written.verdict == "tested"


def test_without_examples_agreement_decides() -> None:
    """No example in the header: three that agree on inputs of its types are `agreed`."""
    written, _, spending = write(BARE, SQUARE, TWICE, SUM, TWICE)

    assert (written.verdict, spending.model_calls) == ("agreed", 4)
    assert written.best is not None
    assert written.best.source.endswith(TWICE)


def test_failing_versions_are_repaired_with_the_real_error() -> None:
    """What the nearest gave and what is right is shown; nothing else is asked of it."""
    answers = [SQUARE.replace("n * n", "n - 1"), *[CRASH] * 7, TWICE, TWICE, SUM, SUM]
    written, engine, _ = write(HEADER, *answers)

    for prompt in engine.prompts[8:11]:
        assert "double(2) must give 4, but this gives 1." in prompt.messages[-1].content
    # Most of what was written failed: too much for a proof.
    assert (written.verdict, written.best and written.best.passed) == ("tested", 1)


def test_nothing_that_passes_is_unverified() -> None:
    """The one that runs is handed out and said to be unverified; its example says failed."""
    written, _, _ = write(HEADER, *[CRASH] * 14)

    assert written.verdict == "unverified"
    assert [fact.passed for fact in written.evidence] == [False]


def test_tuple_is_no_list() -> None:
    """An example in Python's own notation is met exactly."""
    header = 'def ends(xs):\n    """\n    >>> ends([1, 2, 3])\n    (1, 3)\n    """\n'
    wrong, right = "    return [xs[0], xs[-1]]\n", "    return (xs[0], xs[-1])\n"
    written, _, _ = write(header, wrong, *[right] * 4)

    assert written.best is not None
    assert written.best.source.endswith(right)


def test_crash_on_an_ordinary_input_is_mended() -> None:
    """The example has an even length; on an odd one it crashes, is told so, and written again."""
    header = 'def swapped(xs):\n    """\n    >>> swapped([1, 2, 3, 4])\n    [2, 1, 4, 3]\n    """\n'
    crashes = "    return [xs[i + 1 - 2 * (i % 2)] for i in range(len(xs))]\n"
    mended = crashes.replace("xs[i", "xs[-1] if len(xs) % 2 and i + 1 == len(xs) else xs[i")
    written, engine, spending = write(header, *[crashes] * 4, mended)

    asked = engine.prompts[-1].messages[-1].content
    assert "fails: IndexError: list index out of range. Say nothing" in asked
    assert "swapped([1, 2, 3, 4, 1])" in asked
    assert written.best is not None
    assert written.best.source.endswith(mended)
    # On odd lengths nothing else could be held against it.
    assert (written.verdict, spending.model_calls) == ("tested", 5)


def test_mended_version_that_does_something_else_is_not_taken() -> None:
    """It no longer crashes, but differs where the others agree: they stand."""
    header = 'def swapped(xs):\n    """\n    >>> swapped([1, 2, 3, 4])\n    [2, 1, 4, 3]\n    """\n'
    crashes = "    return [xs[i + 1 - 2 * (i % 2)] for i in range(len(xs))]\n"
    other = "    return [2, 1, 4, 3]\n"
    written, _, _ = write(header, *[crashes] * 4, other)

    assert written.best is not None
    assert written.best.source.endswith(crashes)


def test_error_of_its_own_is_no_crash() -> None:
    """A version that raises on purpose is not asked to do otherwise."""
    header = 'def half(n):\n    """\n    >>> half(4)\n    2\n    """\n'
    raises = "    if n % 2:\n        raise ValueError(n)\n    return n // 2\n"
    _, engine, spending = write(header, *[raises] * 4)

    assert spending.model_calls == len(engine.prompts) == 4


def test_sure_version_that_crashes_is_not_enough() -> None:
    """One version, written surely and right on its example: an ordinary crash asks for more."""
    header = 'def swapped(xs):\n    """\n    >>> swapped([1, 2, 3, 4])\n    [2, 1, 4, 3]\n    """\n'
    crashes = "    return [xs[i + 1 - 2 * (i % 2)] for i in range(len(xs))]\n"
    _, _, spending = write(header, *[crashes] * 11, logprob=-0.01)

    assert spending.model_calls > 1


def test_example_may_stand_inside_builtins() -> None:
    """`round(root(2), 2)` is held against what it says, and its call is an input."""
    header = 'def root(x):\n    """\n    >>> round(root(2), 2)\n    1.41\n    """\n'
    wrong, right = "    return x / 2\n", "    return x ** 0.5\n"
    written, _, _ = write(header, wrong, *[right] * 4)

    assert written.verdict == "proven"
    assert written.best is not None
    assert written.best.source.endswith(right)
    assert written.evidence[-1].call == "root(2)"


def test_no_seed_comes_again() -> None:
    """Rounds that come to nothing are followed by other samples, not by the same."""
    engine = Seeds().enqueue(*["no function\x00"] * 14)
    task = Task(HEADER, header=HEADER, examples=read_examples(HEADER), always=True, call=False)
    BodyWriter(engine, default_sandbox()).write(task, Spending())

    assert len(engine.seeds) == len(set(engine.seeds)) == 11


def test_stopped_request_begins_nothing_new() -> None:
    """Cancelled behind the greedy version: no further round."""
    engine, cancel = Scripted(logprob=-0.5).enqueue(*[CRASH] * 12), Cancel()
    task = Task(HEADER, header=HEADER, examples=read_examples(HEADER), always=True, call=False)
    cancel.cancel()
    with pytest.raises(Cancelled):
        BodyWriter(engine, default_sandbox()).write(task, Spending(), cancel=cancel)

    assert len(engine.prompts) == 1


def test_budget_of_tokens_ends_it() -> None:
    """With the budget spent, the best so far is the answer."""
    written, _, spending = write(HEADER, TWICE, budget=Budget(tokens=1))

    assert (written.verdict, spending.model_calls) == ("tested", 1)


def test_budget_of_cpu_seconds_ends_it() -> None:
    """Three CPU seconds an answer and five allowed: greedy, one more, and that is all."""
    engine = Scripted(logprob=-0.5).enqueue(*[CRASH] * 12)
    engine.seconds_an_answer = 3.0
    spending = Spending()
    spending.watch(engine.cpu_seconds)
    task = Task(HEADER, header=HEADER, examples=read_examples(HEADER), always=True, call=False)
    budget = Budget(cpu_seconds=5.0)
    written = BodyWriter(engine, default_sandbox(), budget=budget).write(task, spending)

    assert (written.verdict, spending.model_calls) == ("unverified", 2)
    assert spending.cpu_seconds == 6.0


def test_name_comes_from_the_examples() -> None:
    """A text whose examples all call one function: its name is given, its text its docstring."""
    text = "Write a function that doubles a number.\nassert double(4) == 8"
    written, engine, _ = write(None, "n):\n    return 2 * n\n", text=text, logprob=-0.01)

    assert engine.prompts[0].prefix == "```python\ndef double("
    assert written.best is not None
    assert written.best.name == "double"
    assert '"""Write a function that doubles a number.' in written.best.source


@pytest.mark.parametrize(
    ("text", "name"),
    [("f(1) == 2 and g(2) == 3", None), ("例如 f(1) == 2", "f"), ("doubles", None)],
)
def test_no_name_where_examples_differ(text: str, name: str | None) -> None:
    """Two functions, or none, are no name."""
    assert named(Task(text, examples=read_examples(text))) == name


def test_model_is_asked_for_inputs_where_nothing_says_them() -> None:
    """Neither types nor examples: calls are asked for, their results are not."""
    header = 'def twice(n):\n    """Twice what comes."""\n'
    calls = "1)\ntwice([2])\ntwice(x)\ntwice('a')"
    written, engine, _ = write(header, "    return n * 2\n", *["    return n + n\n"] * 3, calls)

    assert "{text}" not in engine.prompts[-1].messages[-1].content
    assert written.verdict == "agreed"
    assert written.evidence[-1].inputs


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("f(1, 2)", [{"a": 1, "b": 2}]),
        ("f(1)", []),
        ("f(1, 2, 3)", []),
        ("f(*x)", []),
        ("f(__import__('os'), 1)", []),
        ("g(1, 2)", []),
        ("f(b=(1,), a={2: 'x'})  # why", [{"a": {2: "x"}, "b": (1,)}]),
        ("f(" + "(" * 500, []),
    ],
)
def test_only_literal_calls_are_read(said: str, found: list[dict[str, Any]]) -> None:
    """A call is read as data, whole or not at all; nothing is evaluated."""
    assert read_calls(said, "f", ["a", "b"]) == found
