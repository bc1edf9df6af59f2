"""Writing a function: tried in the real fence, judged by examples and by agreement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from funcsmith.execute import default_sandbox
from funcsmith.generate.candidates import canonical
from funcsmith.generate.examples import read_examples
from funcsmith.generate.function import FunctionWriter
from funcsmith.generate.task import Budget, Spending, Task, header_name
from funcsmith.generate.verdict import Written
from funcsmith.models.scripted import Scripted
from funcsmith.readers import read

NOW = datetime(2026, 11, 23, 9, 0)
FACTORIAL = "给定一个正整数 n，输出 n 的阶乘。"
LOOP = """def factorial(n: int) -> int:
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result

factorial(5)"""
RECURSIVE = """def factorial(n: int) -> int:
    return 1 if n < 2 else n * factorial(n - 1)

factorial(5)"""
CRASHES = """def factorial(n: int) -> int:
    return n / (n - n)

factorial(5)"""
TABLE = """def factorial(n: int) -> int:
    return 120

factorial(5)"""
ADDS = "def add(a: int, b: int) -> int:\n    return a + b\n\nadd(3, 4)"
TAKES = "def add(a: int, b: int) -> int:\n    return a - b\n\nadd(3, 4)"


def write(
    text: str,
    *answers: str,
    logprob: float = -0.01,
    spending: Spending | None = None,
    budget: Budget | None = None,
    **fields: Any,
) -> tuple[Written, Scripted]:
    engine = Scripted(logprob=logprob).enqueue(*answers)
    task = Task(text, values=read(text, now=NOW), now=NOW, examples=read_examples(
        f"{fields.get('header', '')}\n{text}"), **fields)  # fmt: skip
    writer = FunctionWriter(engine, default_sandbox(), budget=budget)
    return writer.write(task, spending or Spending()), engine


def test_good_greedy_answer_is_one_call() -> None:
    """A sure answer that runs is taken: one model call, its result, verdict `runs`."""
    spending = Spending()

    written, engine = write(FACTORIAL, LOOP, spending=spending)

    assert (spending.model_calls, len(engine.prompts)) == (1, 1)
    assert written.best is not None and written.best.result is not None
    assert (written.best.name, written.best.result.value) == ("factorial", 120)
    assert (written.verdict, [fact.kind for fact in written.evidence]) == ("runs", ["run"])
    assert FACTORIAL.strip() in written.best.source


def test_values_are_read_from_the_header() -> None:
    """Defaults are the call; the function that is handed out has none."""
    written, engine = write(
        "3 和 4 相加", "def add(a: int = 3, b: int = 4) -> int:\n    return a + b"
    )

    assert written.best is not None and written.best.result is not None
    assert (len(engine.prompts), written.best.result.value) == (1, 7)
    assert written.best.grounding.spans == {"/a": [(0, 1)], "/b": [(4, 5)]}
    assert "def add(a: int, b: int) -> int:" in written.best.source


def test_none_in_the_header_is_missing() -> None:
    """What the header has None for is asked for, and so is a default that the text does not state."""
    asks = "def pace(km: float = 10, minutes: float = None) -> float:\n    return minutes / km"
    makes_up = asks.replace("None", "50")

    for answer in (asks, makes_up):
        written, _ = write("我跑了 10 公里，配速是多少？", answer, answer, logprob=-0.3)
        assert written.best is not None
        assert written.best.grounding.missing == ("minutes",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("书有 420 页，读了 6 天，还剩几页？",
         "def left(pages: int = 420, days: int = 6) -> int:\n    return pages - days * 20"),
        ("书有 420 页，读了 6 天，还剩几页？",
         "def left(pages: int = 420, days: int = 6) -> int:\n    return pages - days"),
        ("30 人坐车，每辆 4 人，要几辆车？",
         "def cars(people: int = 30, each: int = 4) -> float:\n    return people / each"),
        ("22:30 开始，做 9 小时，几点结束？",
         "def end(start: str = '22:30', hours: int = 9) -> str:\n    return f'{int(start[:2]) + hours}:{start[3:]}'"),
        ("3 个朋友平分 60 元，每人几元？", "def share(total: float = 60) -> float:\n    return total / 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_doubted(text: str, code: str) -> None:
    """A guessed number, days taken from pages, half a car, 31 o'clock, a number that is not used."""
    written, engine = write(text, *[code] * 5, logprob=-0.01)

    assert written.best is not None
    assert written.best.odd and len(engine.prompts) > 1


def test_crash_asks_for_more() -> None:
    """Code that crashes is written again; two that agree decide."""
    written, engine = write(FACTORIAL, CRASHES, LOOP, RECURSIVE, LOOP, LOOP, LOOP)

    assert len(engine.prompts) > 1
    assert written.best is not None and written.best.result is not None
    assert written.best.result.value == 120
    assert written.verdict == "agreed"


def test_what_was_refused_is_said_before_the_next_version() -> None:
    """After a version that used what is not allowed, the next is told so, and what may be used."""
    uses_os = "import os\n\ndef factorial(n: int) -> int:\n    return os.getpid()\n\nfactorial(5)"

    written, engine = write(FACTORIAL, uses_os, LOOP, RECURSIVE, LOOP, LOOP)

    first, second, third = (prompt.messages[-1].content for prompt in engine.prompts[:3])
    assert written.best is not None and written.best.result is not None
    assert written.best.result.value == 120
    assert "os" not in first.split()
    assert "`os` cannot be imported; use plain text operations for paths" in second
    assert "Modules that may be imported: abc, array, base64" in second
    assert "may be imported" not in third


def test_what_cannot_be_had_is_not_asked_for_otherwise() -> None:
    """A version that wanted the network is refused in the end, and no other is told to do without."""
    fetches = (
        "import requests\n\ndef words(url: str) -> int:\n    return len(requests.get(url).text.split())"
        "\n\nwords('https://example.com')"
    )

    written, engine = write("How many words has https://example.com?", *[fetches] * 6)

    assert written.best is not None
    assert "there is no network" in str(written.best.problem)
    assert not any("may be imported" in p.messages[-1].content for p in engine.prompts)


def test_agreement_on_generated_inputs() -> None:
    """Independent versions that give the same everywhere are `agreed`, with how often tried."""
    written, _ = write(FACTORIAL, LOOP, RECURSIVE, LOOP, LOOP, LOOP, LOOP, logprob=-0.6)

    assert written.verdict == "agreed"
    assert written.counterexamples == ()
    fact = next(fact for fact in written.evidence if fact.kind == "agreement")
    assert (fact.call, fact.got) == ("factorial(5)", "120")
    assert fact.candidates is not None and fact.candidates >= 2
    assert fact.inputs is not None and fact.inputs > 3


def test_disagreement_gives_a_counterexample() -> None:
    """Alike on the sample and apart elsewhere is no agreement, and the input is shown."""
    written, _ = write(FACTORIAL, LOOP, TABLE, TABLE, TABLE, TABLE, TABLE, logprob=-0.6)

    assert written.verdict == "runs"
    different = written.counterexamples[0]
    assert different["call"].startswith("factorial(")
    assert different["got"] != different["other"]


def test_majority_decides() -> None:
    """A greedy answer that stands alone is outvoted."""
    written, _ = write("3 和 4 相加", TAKES, ADDS, ADDS, ADDS, ADDS, ADDS, logprob=-0.15)

    assert written.best is not None and written.best.result is not None
    assert written.best.result.value == 7


def test_example_gates_the_answer() -> None:
    """A function that fails the text's example is not taken while another passes."""
    text = "写一个函数 add，把两个数相加，例如 add(3, 4) == 7"

    written, _ = write(text, TAKES, ADDS, ADDS, ADDS, ADDS, ADDS)

    assert written.best is not None
    assert "a + b" in written.best.source
    assert written.verdict in ("tested", "proven")
    assert [f.passed for f in written.evidence if f.kind == "example"] == [True]


def test_example_passed_by_one_is_tested() -> None:
    """One function that passes is `tested`, never more, by itself."""
    written, _ = write("写一个函数 add，把两个数相加，例如 add(3, 4) == 7", ADDS)

    assert written.verdict == "tested"


def test_example_that_nobody_passes() -> None:
    """A function that fails the stated example is `unverified`, and the evidence says so."""
    text = "写一个函数 add，把两个数相加，例如 add(3, 4) == 8"

    written, _ = write(text, ADDS, ADDS, ADDS, ADDS, ADDS, ADDS)

    assert written.verdict == "unverified"
    assert [f.passed for f in written.evidence if f.kind == "example"] == [False]


def test_budget_ends_the_trying() -> None:
    """However bad the answers, writing ends: by candidates, and by tokens."""
    engine = Scripted({"阶乘": CRASHES})
    spending = Spending()
    task = Task(FACTORIAL, values=read(FACTORIAL), now=NOW)

    written = FunctionWriter(engine, default_sandbox()).write(task, spending)
    few = Spending()
    FunctionWriter(engine, default_sandbox(), budget=Budget(tokens=1)).write(task, few)

    assert spending.model_calls <= Budget().candidates + 1
    assert few.model_calls == 1
    assert written.verdict == "unverified"


def test_discarded_candidates_are_paid_for() -> None:
    """Every token counts, also those of what was thrown away."""
    spending = Spending()

    write(FACTORIAL, CRASHES, LOOP, RECURSIVE, LOOP, LOOP, LOOP, spending=spending)

    assert spending.model_calls >= 3
    assert spending.generated_tokens > 60


def test_none_answers_none() -> None:
    """Where the model says none for a text that has nothing in it, nothing is written."""
    written, engine = write("今天天气真好，心情不错。", "none")

    assert written.best is None
    assert written.nothing > 0.9
    assert len(engine.prompts) == 1


@pytest.mark.parametrize(
    "code",
    [
        "import os\n\ndef f(n: int) -> int:\n    os.system('touch {mark}')\n    return n\n\nf(5)",
        "def f(n: int) -> int:\n    __import__('os').system('touch {mark}')\n    return n\n\nf(5)",
        "import subprocess\n\ndef f(n: int) -> int:\n    subprocess.run(['touch', '{mark}'])\n    return n\n\nf(5)",
    ],
)
def test_forbidden_code_is_never_run(code: str, tmp_path: Any) -> None:
    """What the check refuses is a problem in words, has no result, and did nothing."""
    mark = tmp_path / "mark"
    evil = code.replace("{mark}", str(mark))

    written, _ = write("给定一个整数 n，返回它本身。", *[evil] * 6)

    assert not mark.exists()
    assert written.verdict == "unverified"
    assert written.best is not None
    assert written.best.problem
    assert all(candidate.result is None for candidate in written.candidates)


def test_invented_value_is_missing() -> None:
    """The call's value that the text does not state is asked for; nothing is run with it."""
    code = (
        "def cost(price: float, nights: int) -> float:\n    return price * nights\n\ncost(300, 2)"
    )

    written, _ = write("酒店每晚 300 元，我一共要付多少钱？", *[code] * 6)

    assert written.best is not None
    assert written.best.grounding.missing == ("nights",)
    assert written.best.grounding.arguments == {"price": 300}
    assert all(candidate.result is None for candidate in written.candidates)


def test_default_is_no_way_around() -> None:
    """A value in the signature's default is as invented as one in the call."""
    code = (
        "def cost(price: float, nights: int = 2) -> float:\n    return price * nights\n\ncost(300)"
    )

    written, _ = write("酒店每晚 300 元，我一共要付多少钱？", *[code] * 6)

    assert written.best is not None
    assert written.best.grounding.missing == ("nights",)


HEADER = '''from typing import List


def total(xs: List[int], start: int = 0) -> int:
    """Sum of xs.

    >>> total([1, 2])
    3
    """'''


def test_header_keeps_signature_and_name() -> None:
    """The given header stands in the source to the letter; what is before it stays."""
    written, engine = write(HEADER, "    return sum(xs) + start\n", header=HEADER, always=True)

    assert written.best is not None
    assert written.best.name == "total"
    assert HEADER in written.best.source.replace("\n\n\n\n", "\n\n\n")
    assert (written.best.passed > 0, written.best.failed) == (True, 0)
    assert engine.prompts[0].prefix.endswith(HEADER + "\n")
    assert engine.prompts[0].messages[-1].content.count("Sum of xs.") == 1


def test_header_signature_is_not_widened() -> None:
    """A number that the body sets stays there: the signature is the caller's."""
    header = 'def area(n: int) -> int:\n    """n times 3."""'

    written, _ = write(
        header,
        *["    width = 3\n    return n * width\n"] * 6,
        header=header,
        always=True,
        call=False,
    )

    assert written.best is not None
    assert written.best.signature.text == "(n: int) -> int"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("def f(x):", "f"),
        ("def g():\n    pass\n\ndef f(x):\n", "f"),
        ("  async def f(x):", "f"),
        ("def 阶乘(n):", "阶乘"),
        ("x = 3", None),
    ],
)
def test_name_of_a_header(header: str, name: str | None) -> None:
    """The last def is the one to write."""
    assert header_name(header) == name


def test_inputs_reach_the_function_by_name() -> None:
    """The user's own values need no place in the text."""
    code = "def mean(data: list[float]) -> float:\n    return sum(data) / len(data)\n\nmean([1, 2])"

    written, engine = write("data 的平均值", *[code] * 6, inputs={"data": [1, 2, 6]})

    assert written.best is not None and written.best.result is not None
    assert written.best.result.value == 3
    assert "[1, 2, 6]" not in engine.prompts[0].messages[-1].content


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (3, 3.0, True),
        (0.1 + 0.2, 0.3, True),
        ([1, (2,)], [1.0, [2]], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        (True, 1, False),
        ("1", 1, False),
        (10**20, 10**20 + 1, False),
        (float("nan"), None, False),
        ([1, 2], [2, 1], False),
    ],
)
def test_equal_results_are_equal_text(one: Any, other: Any, same: bool) -> None:
    """Rounding noise and the kind of sequence do not count; truth, text and order do."""
    assert (canonical(one) == canonical(other)) is same


def test_what_two_versions_miss_is_asked() -> None:
    """A value that is stated nowhere is missing, and a second version is enough to say so."""
    lacks = "def area(width: float, height: float) -> float:\n    return width * height\n\narea(3, None)"

    written, engine = write("长方形宽 3 米，面积是多少？", lacks, lacks, ADDS, logprob=-0.02)

    assert written.best is not None
    assert written.best.grounding.missing == ("height",)
    assert len(engine.prompts) == 2


def test_poem_is_no_function() -> None:
    """A function that only says something answers nothing that was to be computed."""
    poem = "def wish(name: str) -> str:\n    return f'All the best, {name}!'\n\nwish('Ann')"

    written, _ = write("Something nice for Ann please", poem)

    assert written.best is None


@pytest.mark.parametrize(
    ("text", "code", "odd"),
    [
        ("3 和 4 相加", "def add(a: int, b: int) -> int:\n    return a + b\n\nadd(3, 4)", False),
        ("3 和 4 相加", "def add(a: int, b: int) -> int:\n    return a + a\n\nadd(3, 4)", True),
        ("3 减 4", "def less(a: int, b: int) -> int:\n    return a - b\n\nless(3, 4)", True),
        ("3 减 3", "def less(a: int, b: int) -> int:\n    return a - b\n\nless(3, 3)", True),
        ("3 > 4 吗", "def more(a: int, b: int) -> bool:\n    return a > b\n\nmore(3, 4)", False),
        ("把「ab」反过来", "def turn(s: str) -> str:\n    return s\n\nturn('ab')", True),
        ("「ab」里的数字", "def get(s: str) -> list[str]:\n    return [c for c in s if c.isdigit()]\n\nget('ab')", True),
    ],
)  # fmt: skip
def test_odd_result(text: str, code: str, odd: bool) -> None:
    """Zero, nothing, below zero, the input itself or an ignored parameter make a result odd."""
    written, _ = write(text, *[code] * 6)

    assert written.best is not None
    assert (written.best.ran, written.best.odd) == (True, odd)


def test_result_is_rounded_where_the_text_says_so() -> None:
    """Digits that the text asks for are part of the function; a whole result is left alone."""
    divides = "def each(a: int = {}, b: int = 3) -> float:\n    return a / b"

    third, _ = write("10 元 3 个人分，每人几元？保留两位小数", divides.format(10), logprob=-0.01)
    whole, _ = write("12 元 3 个人分，每人几元？保留两位小数", divides.format(12), logprob=-0.01)

    assert third.best is not None and third.best.result is not None
    assert (third.best.result.value, "return round(a / b, 2)" in third.best.source) == (3.33, True)
    assert whole.best is not None and "round" not in whole.best.source


def test_said_answer_is_written_again() -> None:
    """An answer that is only said is none where it was asked of quoted words: others are tried."""
    says = "def turned() -> str:\n    return '明天见，明天走'"
    works = "def turned(t: str = '今天见，今天走') -> str:\n    return t.replace('今天', '明天')"

    written, engine = write(
        "请把「今天见，今天走」里的「今天」换成「明天」", says, works, works, works
    )

    assert written.best is not None and written.best.result is not None
    assert (written.best.result.value, len(engine.prompts)) == ("明天见，明天走", 3)


def test_answers_that_are_all_said_are_none() -> None:
    """What no version computes is no function."""
    says = "def turned() -> str:\n    return '明天见，明天走'"

    written, engine = write("请把「今天见，今天走」里的「今天」换成「明天」", *[says] * 5)

    assert (written.best, len(engine.prompts)) == (None, 5)


def test_odd_result_is_written_again() -> None:
    """However sure the model was, a result that looks wrong asks for another version; that wins."""
    ignores = "def add(a: int, b: int) -> int:\n    return a + a\n\nadd(3, 4)"

    written, engine = write("3 和 4 相加", ignores, ADDS, ADDS, logprob=-0.01)

    assert written.best is not None and written.best.result is not None
    assert (written.best.result.value, len(engine.prompts)) == (7, 3)


def test_odd_result_that_all_agree_on_stands() -> None:
    """Zero may be the answer: two versions that give it are enough."""
    less = "def less(a: int, b: int) -> int:\n    return a - b\n\nless(3, 3)"

    written, engine = write("3 减 3", less, less)

    assert written.best is not None and written.best.result is not None
    assert (written.best.result.value, len(engine.prompts)) == (0, 2)
    assert written.verdict == "agreed"


def test_agreeing_to_ignore_a_parameter_is_no_agreement() -> None:
    """Two versions that leave a parameter unread settle nothing; one that reads all outweighs them."""
    ignores = "def add(a: int, b: int) -> int:\n    return a + a\n\nadd(3, 4)"

    written, engine = write("3 和 4 相加", ignores, ignores, ADDS, ADDS, logprob=-0.01)

    assert written.best is not None and written.best.result is not None
    assert (written.best.result.value, len(engine.prompts)) == (7, 4)


def test_further_versions_are_asked_for_in_other_ways() -> None:
    """First the formula and a call, then values as defaults, then no worked examples at all."""
    _, engine = write("3 和 4 相加", CRASHES, CRASHES, CRASHES, ADDS, ADDS)

    first, second, third = (prompt.messages for prompt in engine.prompts[:3])
    assert 'running_minutes("9:50", "11:05", 12)' in first[-2].content
    assert 'start: str = "9:50"' in second[-2].content
    assert len(third) == 1
    assert "3 和 4 相加" in engine.prompts[2].messages[0].content
    assert "{text}" not in engine.prompts[2].messages[0].content


def test_crash_is_repaired_with_the_real_error() -> None:
    """Three versions crash: the first is shown its error, and what comes of it is taken."""
    broken = ADDS.replace("a + b", "a / (b - b)")
    written, engine = write("3 和 4 相加", broken, broken, broken, ADDS, ADDS)

    repair = engine.prompts[3]
    assert "ZeroDivisionError" in repair.messages[-1].content
    assert repair.messages[-2].content.rstrip().endswith("```")
    assert "return a / (b - b)" in repair.messages[-2].content
    assert written.best is not None
    assert written.best.result is not None
    assert written.best.result.value == 7


def test_failed_example_is_repaired() -> None:
    """What an example of the text gives instead is said, in Python's words."""
    written, engine = write("两数相加，例如输入 3 和 4，输出 7", TAKES, TAKES, TAKES, ADDS)

    assert "it gives -1. Write it again" in engine.prompts[3].messages[-1].content
    assert written.verdict == "tested"
