"""Examples stated by a text become tests; values that are merely mentioned do not."""

from __future__ import annotations

import datetime
import decimal
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.generate.examples import Example, read_examples

CALLS = [
    ("f(3, 4) == 7", (3, 4), 7),
    ("f(3,4) -> 7", (3, 4), 7),
    ("f(3,4) => 7", (3, 4), 7),
    ("f(3,4) → 7", (3, 4), 7),
    ("f(3, 4) = 7", (3, 4), 7),
    ("f（３，４）＝７", (3, 4), 7),
    ("f(3, 4) returns 7.", (3, 4), 7),
    ("f(3, 4) should return 7, because 3 + 4 is 7", (3, 4), 7),
    ("`f(3, 4)` returns `7`", (3, 4), 7),
    ("Calling f(3, 4) gives 7 because they are added.", (3, 4), 7),
    ("f(3, 4) must be equal to 7", (3, 4), 7),
    ("f(3, 4) 应返回 7", (3, 4), 7),
    ("f(3, 4)应该返回7。", (3, 4), 7),
    ("f(3, 4) 等于 7", (3, 4), 7),
    ("f(3, 4) 的结果是 7；", (3, 4), 7),
    ("例如f(3,4)=7", (3, 4), 7),
    ("f(3)  # -> 7", (3,), 7),
    ("f([1, 2]) # [2, 1]", ([1, 2],), [2, 1]),
    ("assert f([1, 2]) == [2, 1]", ([1, 2],), [2, 1]),
    ("assert f(3) == 7, 'seven'", (3,), 7),
    ("assert f('x') is True", ("x",), True),
    ('f("a,b", -1.5e3, None) == {"k": [1, (2,)]}', ("a,b", -1500.0, None), {"k": [1, (2,)]}),
    ("f(“春眠”) == “眠春”", ("春眠",), "眠春"),
    ("f('it\\'s') == \"a\\nb\"", ("it's",), "a\nb"),
    ("f({1, 2}) == set()", ({1, 2},), set()),
    ("f(true, null) == false", (True, None), False),
    ("f(1_000, 0x10) == 1016", (1000, 16), 1016),
    (
        "f(date(2024, 1, 31)) == datetime.date(2024, 2, 29)",
        (datetime.date(2024, 1, 31),),
        datetime.date(2024, 2, 29),
    ),
    ("f(Decimal('0.10')) == Decimal('0.2')", (decimal.Decimal("0.10"),), decimal.Decimal("0.2")),
    (">>> f(3, 4)\n7", (3, 4), 7),
    ('    """Add.\n\n    >>> f(3, 4)\n    7\n    """', (3, 4), 7),
    (">>> f([1,\n...    2])\n[2,\n 1]", ([1, 2],), [2, 1]),
    (">>> f(3) == 7\nTrue", (3,), 7),
    (">>> f(3) == 7", (3,), 7),
    (">>> f(3) == 7\nMore words.", (3,), 7),
    (">>> f(3)  # 6\n7", (3,), 7),
    (">>> f([]) ➞ None", ([],), None),
    ("f(3, 4) ==> 7", (3, 4), 7),
    ("f(3, 4) --> 7", (3, 4), 7),
    ("f(3, 4) ⟹ 7", (3, 4), 7),
    ("f({'a':1}) should return True.", ({"a": 1},), True),
    (">>> f('a')  # one letter\n'A'\n\nMore words.", ("a",), "A"),
]

STATED = [
    ("例如输入 3 和 4，输出 7", (3, 4), 7),
    ("例如，输入５，输出１２０。", (5,), 120),
    ("当输入 5 时，返回 120。", (5,), 120),
    ("输入：[1,2]\n输出：3", ([1, 2],), 3),
    ("輸入：5\n輸出：120", (5,), 120),
    ("Input: [1, 2]\nOutput: 3", ([1, 2],), 3),
    ("Input: 5, Output: 120", (5,), 120),
    ("**输入：** 5\n**输出：** 120", (5,), 120),
    ("样例输入\n3 4\n样例输出\n7", (3, 4), 7),
    ("Sample Input:\n```\n3 4\n```\nSample Output:\n```\n7\n```", (3, 4), 7),
    ("示例：\n输入：abc\n输出：cba", ("abc",), "cba"),
    ("输入：nums = [2,7], target = 9\n输出：[0,1]", ([2, 7], 9), [0, 1]),
    ('输入：s = "abca"\n输出：3 \n解释：最长的是 "abc"，长度为 3。', ("abca",), 3),
    ("for example, 'ab' gives 'ba'", ("ab",), "ba"),
    ("'ab' becomes 'ba'", ("ab",), "ba"),
    ("3 and 4 give 7", (3, 4), 7),
    ("e.g. 5 -> 120", (5,), 120),
    ("Reverse a word (e.g. 'ab' -> 'ba').", ("ab",), "ba"),
    ("Given 3 and 4, return 7.", (3, 4), 7),
    ("for input [1, 2] the output is 3", ([1, 2],), 3),
    ("比如 5 得 120", (5,), 120),
    ("例如：“ab” 变成 “ba”", ("ab",), "ba"),
    ("例如把 [3,1,2] 变成 [1,2,3]。", ([3, 1, 2],), [1, 2, 3]),
    ("[3,1,2] 变成 [1,2,3]", ([3, 1, 2],), [1, 2, 3]),
    ("| input | output |\n|---|---|\n| 5 | 120 |", (5,), 120),
    ("| 输入 | 输出 | 说明 |\n| :-- | --: | -- |\n| 3, 4 | `7` | 和 |", (3, 4), 7),
]

NOT_STATED = [
    "",
    "把 3 和 4 相加",
    "What is 15% of 84?",
    "给定一个正整数 n，输出 n 的阶乘。",
    "A recipe needs 350 ml of milk for 4 people. How much milk for 7 people?",
    "def f(a=1) -> None:\n    pass",
    "def f() -> None: ...",
    "f() -> None",
    "if f(3) == 7:",
    "是否 f(3) == 7",
    "f(3) 等于 7 吗？",
    "f(3) == 7?",
    "Will 3 and 4 give 7?",
    "f(3) == 7 + 1",
    "f(3) == 7 or 8",
    "f(3) returns 7, 8",
    "f(3) != 7",
    "f(3) is not 7",
    "f(3) ≈ 7.5",
    "f(3) 约等于 7",
    "f(3) == 7...",
    "f(3) 返回 7 的概率",
    "f(3) == g(4)",
    "f(x) == 7",
    "f(n) = f(n-1) + f(n-2)",
    "self.f(3) == 7",
    "print(3) outputs 3",
    ">>> f(3) == 7\nFalse",
    ">>> f(3) == g(7)",
    ">>> f(3) == 7\n8",
    ">>> f(3)  # 7",
    ">>> f(3) == 7\n8 words",
    "f(3) is True.if",
    ">>> f(3)\nTraceback (most recent call last):\nValueError: no",
    ">>> print(f(3))\n7",
    ">>> f(3)\n[1, ..., 9]",
    ">>> f(3)",
    "输入：一个正整数 n\n输出：n 的阶乘",
    "样例输入：一个整数\n样例输出：它的平方",
    "Input: a string\nOutput: an integer",
    "Input: string\nOutput: integer",
    "输入：5，输出：阶乘",
    "输入 5，输出它的阶乘",
    "输入 10，输出 1 到 10 的和",
    "输入 5，输出 10 个随机数",
    "Given 12 and 18, output 1 if they are coprime",
    "边：1 -> 2，2 -> 3",
    "1 -> 2",
    "把 [3,1,2] 变成 [1,2,3]",
    "用 5 除以 2 得 2.5",
    "3 + 4 = 7",
    "3 + 4 得 7",
    "数字 12, 15 得 27",
    "1,234 gives 5",
    "比分 3:2 变成 3:3",
    "2024-01-02 becomes 2024-01-03",
    "例如 3 公里变成 3000 米",
    "e.g. 50% -> 0.5",
    "The price was 20. It becomes 30 after tax.",
    "| name | age |\n|---|---|\n| Ann | 5 |",
    "f(((((((((((((((((((((((((((((((((((((((",
]


@pytest.mark.parametrize(("text", "arguments", "expected"), CALLS)
def test_call_with_its_value_is_an_example(text: str, arguments: object, expected: object) -> None:
    """A call with literal arguments and a stated value is an example of that name."""
    found = [(e.name, e.arguments, e.expected) for e in read_examples(text)]

    assert found == [("f", arguments, expected)]


@pytest.mark.parametrize(("text", "arguments", "expected"), STATED)
def test_stated_pair_is_an_example(text: str, arguments: object, expected: object) -> None:
    """Inputs with their output, in a block, a table or a sentence, are an example."""
    found = [(e.name, e.arguments, e.expected) for e in read_examples(text)]

    assert found == [(None, arguments, expected)]


@pytest.mark.parametrize("text", NOT_STATED)
def test_nothing_else_is_an_example(text: str) -> None:
    """A request with values, a question, a description or half a literal is no example."""
    assert read_examples(text) == []


@pytest.mark.parametrize("text", [case[0] for case in CALLS + STATED])
def test_types_are_exact(text: str) -> None:
    """An example is the same in a longer text, moved by what stands before it."""
    (alone,) = read_examples(text)
    (moved,) = read_examples("先说明一下。\n\n" + text)

    assert alone.text == text[slice(*alone.span)]
    assert moved.span == (alone.span[0] + 8, alone.span[1] + 8)
    assert repr(moved.arguments) == repr(alone.arguments)


def test_span_begins_and_ends_with_the_statement() -> None:
    """A span holds the statement alone, in code points of the text as given."""
    text = "写一个加法函数𝄞，例如输入３和４，输出７。谢谢"

    (example,) = read_examples(text)

    assert example == Example((3, 4), 7, (11, 20), None, "输入３和４，输出７", {})


def test_examples_stand_in_order() -> None:
    """Several examples of several forms come in the order of the text."""
    text = "f(1) == 1, f(2) == 2 and f(3) -> 6. 例如 4 得 24，5 得 120。\n>>> f(6)\n720"

    found = [(e.arguments[0], e.expected) for e in read_examples(text)]

    assert found == [(1, 1), (2, 2), (3, 6), (4, 24), (5, 120), (6, 720)]


def test_lines_below_a_heading_are_examples() -> None:
    """A heading carries over a list of lines."""
    found = read_examples("Examples:\n  - 5 -> 120\n  - 3 -> 6\n\nThank you 1 -> 2")

    assert [(e.arguments, e.expected) for e in found] == [((5,), 120), ((3,), 6)]


def test_numbered_samples_are_all_read() -> None:
    """示例 1, 示例 2 … with their blocks each give one."""
    text = '示例 1:\n\n输入: s = "()"\n输出: true\n\n示例 2:\n\n输入: s = "(]"\n输出: false'

    assert [(e.arguments, e.expected) for e in read_examples(text)] == [
        (("()",), True),
        (("(]",), False),
    ]


def test_keywords_stay_names() -> None:
    """An argument given by name is one."""
    (example,) = read_examples("f(1, b=[2]) == 3")

    assert (example.arguments, example.keywords) == ((1,), {"b": [2]})


def test_other_functions_are_left_out() -> None:
    """Where the name is known, calls of another one are no examples."""
    text = "g(1) == 2. f(1) == 3. 例如阶乘(5) == 120"

    assert [e.expected for e in read_examples(text, name="f")] == [3]
    assert [e.name for e in read_examples(text, name="阶乘")] == ["阶乘"]
    assert [e.name for e in read_examples(text)] == ["g", "f", "阶乘"]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ((), [((3, 1, 2), {})]),
        (("xs",), [(([3, 1, 2],), {})]),
        (("a", "b", "c"), [((3, 1, 2), {})]),
        (("a", "b"), []),
    ],
)
def test_parameters_decide_how_many_arguments_there_are(
    parameters: tuple[str, ...], expected: list[object]
) -> None:
    """«3, 1, 2» is one list for one parameter, and nothing where the number does not fit."""
    found = read_examples("例如输入 3, 1, 2，输出 6", parameters=parameters)

    assert [(e.arguments, e.keywords) for e in found] == expected


def test_assigned_inputs_need_all_their_parameters() -> None:
    """«n = 0 时返回 1» is an example only where n is all there is."""
    assert read_examples("n = 0 时返回 1") == []
    assert read_examples("n = 0 时返回 1", parameters=["n", "k"]) == []
    assert [e.keywords for e in read_examples("n = 0 时返回 1", parameters=["n"])] == [{"n": 0}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("For a = 'x', b = 2 the result should be (1, 2)", [("x", 2, (1, 2))]),
        ("对于 a =“x”，b = 2，结果应该是 [1]", [("x", 2, [1])]),
        ("Input:\n  a : 'x'\n  b : [2]\nOutput: 6", [("x", [2], 6)]),
        ("For a = 'x' the result should be 1", []),
        ("Input:\n  a : int\n  b : str\nOutput: 6", []),
        ("a = 1\nb = 2\nreturn 3", []),
    ],
)
def test_values_by_name_with_their_result(text: str, expected: list[object]) -> None:
    """Every parameter's value by its name, then what comes of it, is an example."""
    found = read_examples(text, parameters=["a", "b"])

    assert [(*e.arguments, *e.keywords.values(), e.expected) for e in found] == expected


def test_table_columns_may_be_the_parameters() -> None:
    """A column for each parameter and one for the result is a table of examples."""
    table = "| a | b | 结果 |\n|---|---|---|\n| 3 | x y | 7 |\n| 1 | 2 | |"

    (example,) = read_examples(table, parameters=["a", "b"])

    assert (example.arguments, example.expected, example.text) == ((3, "x y"), 7, "| 3 | x y | 7 |")
    assert read_examples(table) == []


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            "例如 输入 输出 ： : ( ) [ ] { } ' \" “ ” , ， == -> f( >>> ... \n | --- ``` 3 4.5 -1 "
            "True gives 得 Input Output = * assert e.g. \\ 1e9 。".split(" ")
        ),
        st.text(max_size=3),
    ),
    max_size=30,
).map("".join)


@given(st.one_of(st.text(), FRAGMENTS, st.text(st.characters(codec=None), max_size=30)))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    """Whatever stands there, reading ends, and each span is a part of the text."""
    for example in read_examples(text, parameters=["a"]):
        start, end = example.span

        assert 0 <= start < end <= len(text)
        assert example.text == text[start:end]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), inner, max_size=2),
        max_leaves=8,
    )
)  # fmt: skip
def test_what_python_writes_is_read_back(value: object) -> None:
    """The repr of a plain value is read as that value, types included."""
    (example,) = read_examples(f"f({value!r}) == {value!r}")

    assert repr(example.expected) == repr(value)
    assert repr(example.arguments) == repr((value,))


@pytest.mark.parametrize(
    "piece",
    ["f(", "f('", "f([1,", ">>> f(1)\n", ">>> ", "例如 5 得 120，", "输入：1\n", "| - | -\n", " ", "\n", "-",
     "例：", "1 and ", "a = 1\n", "a = 1\n-> \n", "'", '"""', "f(1)==", "输出：", "#", "例如", "[" , "```\n", "e.g. ", "\t|", "例f", "("],
)  # fmt: skip
def test_long_hostile_texts_end_soon(piece: str) -> None:
    """A long text of one piece over and over costs seconds at most."""
    began = time.process_time()

    read_examples(piece * (100_000 // len(piece)))

    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("line", "expression"),
    [
        ("round(f([1, 2]), 2)", "round(f([1, 2]), 2)"),
        ("sorted(f([1, 2]), reverse=True)  # any order", "sorted(f([1, 2]), reverse=True)"),
        ("f([1, 2])", None),
        ("open(f([1, 2]))", "none"),
        ("f([1, 2]) + f([3])", "none"),
        ("round(f(x), 2)", "none"),
        ("[f(n) for n in [1, 2]]", "none"),
        ("round(g([1, 2]), 2)", "none"),
        ("round.__class__(f([1, 2]))", "none"),
    ],
)
def test_doctest_with_builtins_around_the_call(line: str, expression: str | None) -> None:
    """Plain built-ins around one call of the function are part of the example; nothing else is."""
    found = read_examples(f">>> {line}\n7\n", name="f")

    assert [e.expression for e in found] == ([] if expression == "none" else [expression])
    assert all(e.arguments == ([1, 2],) and e.expected == 7 for e in found)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('left("4 of 20", 20) ->20 - 4 - 9 = 7', 7),
        ("left(2, 3) == (2 + 3) * 2 = 10", 10),
        ("left(2, 3) = 7 / 2 = 3.5", 3.5),
        ("left(2, 3) -> 20 - 4 = 15", None),
        ("left(2, 3) -> 2 ** 9 = 512", None),
        ("left(2, 3) -> 7 - x = 2", None),
        ("left(2, 3) -> 1 / 0 = 0", None),
    ],
)
def test_sum_that_is_worked_out(said: str, expected: float | None) -> None:
    """The value behind a sum counts, if the sum says the same; a wrong sum is no example."""
    assert [e.expected for e in read_examples(said)] == ([] if expected is None else [expected])
