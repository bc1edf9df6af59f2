"""What can be mended in generated source without a model is mended, and nothing else changes."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.contract import Result
from funcsmith.generate.source import (
    computes,
    mend,
    of_the_text,
    unread,
    with_constants,
    with_docstring,
    with_lines_of,
    without_defaults,
)

IMPORTS = [
    ("math.sqrt(x)", "import math"),
    ("sqrt(x)", "from math import sqrt"),
    ("Counter(x)", "from collections import Counter"),
    ("Decimal(x)", "from decimal import Decimal"),
    ("re.findall('a', x)", "import re"),
    ("date(2024, 1, x)", "from datetime import date"),
    ("datetime.strptime(x, '%Y')", "from datetime import datetime"),
    ("datetime.datetime.strptime(x, '%Y')", "import datetime"),
    ("datetime.date(2024, 1, x)", "import datetime"),
    ("itertools.chain(x)", "import itertools"),
]


@pytest.mark.parametrize(("expression", "line"), IMPORTS)
def test_missing_import_is_added(expression: str, line: str) -> None:
    """A name of the standard library that nothing binds is imported, in one line."""
    code = f"def f(x):\n    return {expression}\n"

    assert mend(code) == f"{line}\n{code}"


@pytest.mark.parametrize(
    "code",
    [
        "import math\n\ndef f(x):\n    return math.sqrt(x)\n",
        "def f(sqrt):\n    return sqrt(4)\n",
        "def f(x):\n    mean = x / 2\n    return mean\n",
        "from math import sqrt as root\n\ndef f(x):\n    return root(x)\n",
        "def f(x):\n    return unknown(x)\n",
        "def f(x):\n    return len(x)\n",
    ],
)
def test_what_is_bound_is_left(code: str) -> None:
    """Imported, assigned, taken as a parameter or simply unknown: the code stays as it is."""
    assert mend(code) == code


def test_future_import_stays_first() -> None:
    """An added import goes behind `from __future__`, which must be the first statement."""
    code = "from __future__ import annotations\n\ndef f(x: int) -> float:\n    return sqrt(x)\n"

    mended = mend(code)

    compile(mended, "mended", "exec")
    assert mended.splitlines()[:2] == [
        "from __future__ import annotations",
        "from math import sqrt",
    ]


def test_module_used_as_class() -> None:
    """`import datetime` beside `datetime(…)` becomes the class's import."""
    code = "import datetime\n\ndef f(x):\n    return datetime(2024, 1, x)\n"

    assert mend(code).startswith("from datetime import datetime\n")


@pytest.mark.parametrize(
    ("written", "mended"),
    [("f(06, 05)", "f(6, 5)"), ("f(2024, 03, 01)", "f(2024, 3, 1)"), ("f(007)", "f(7)")],
)
def test_leading_zeros(written: str, mended: str) -> None:
    """06:05 written as 6, 05 is a number, not an error."""
    assert mend(f"def f(*x):\n    return x\n\n{written}\n").endswith(f"\n\n{mended}\n")


GLUED = [
    ("    return早餐 + 午餐\n", "    return 早餐 + 午餐\n"),
    ("    if早餐 > 3:\n        return早餐\n", "    if 早餐 > 3:\n        return 早餐\n"),
    ("    return 早餐 if not午餐 else 0\n", "    return 早餐 if not 午餐 else 0\n"),
    ("    return 早餐 in午餐\n", "    return 早餐 in 午餐\n"),
    ("    return早餐  # return早餐\n", "    return 早餐  # return早餐\n"),
    ("    x = 'return早餐\u2028\f'\n    return早餐\n", "    x = 'return早餐\u2028\f'\n    return 早餐\n"),
    ("    in库存 = 3\n    return早餐 + in库存\n", "    in库存 = 3\n    return 早餐 + in库存\n"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "mended"), GLUED)
def test_keyword_is_parted_from_a_chinese_name(written: str, mended: str) -> None:
    """A keyword that ran into a name is parted; strings, comments and real names are not."""
    head = "def f(早餐, 午餐):\n"

    assert mend(head + written) == head + mended


@pytest.mark.parametrize(
    "code",
    [
        "in库存 = 3\n\ndef f(x):\n    return in库存 + x\n",
        "def f(not满):\n    return not满\n",
        "def f(x):\n    return 'return早餐'  # return早餐\n",
        'def f(x):\n    """in库存\n    return早餐\n    """\n    return x\n',
        "def f(早餐):\n    早餐 = = 3\n    return早餐\n",
        "def f(早餐):\n    return None早餐\n",
        "def f(x):\n    return早餐 + (\n",
    ],
)
def test_only_glued_keywords_are_parted(code: str) -> None:
    """A name that begins like a keyword, text, and what parting does not mend stay as they are."""
    assert mend(code) == code


def test_text_keeps_its_zeros_beside_a_glued_keyword() -> None:
    """One slip is mended without touching what only looks like another."""
    code = "def f(x):\n    return 'no 007 here' if x in列表 else ''\n\n列表 = [7]\n"

    assert mend(code) == code.replace("in列表", "in 列表")
    assert mend(f"{code}f(07)\n").endswith("\nf(7)\n")


CLASS = "from datetime import datetime"
MODULE = [
    (
        "datetime.timedelta(days=x)",
        "from datetime import timedelta\n",
        "timedelta(days=x)",
    ),
    (
        "datetime.datetime(2024, 1, x) + datetime.timedelta(days=1)",
        "from datetime import timedelta\n",
        "datetime(2024, 1, x) + timedelta(days=1)",
    ),
    (
        "'datetime.date' if datetime.date(2024, 1, x) else '年', datetime.date.today()",
        "from datetime import date\n",
        "'datetime.date' if date(2024, 1, x) else '年', date.today()",
    ),
    ("'年', datetime.now(datetime.timezone.utc)", "from datetime import timezone\n", "'年', datetime.now(timezone.utc)"),
    ("f'{datetime.time(9)}'", "from datetime import time\n", "f'{time(9)}'"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "line", "mended"), MODULE)
def test_class_used_as_module(written: str, line: str, mended: str) -> None:
    """`from datetime import datetime` beside `datetime.timedelta(…)`: the class and its import."""
    code = f"{CLASS}\n\ndef f(x):\n    return {{}}  # datetime.date\n"

    assert mend(code.format(written)) == line + code.format(mended)


def test_class_that_is_imported_needs_no_import() -> None:
    """Where the class has its import already, only the module's name goes."""
    code = f"{CLASS}, timedelta\n\ndef f(x):\n    return x + {{}}timedelta(1)\n"

    assert mend(code.format("datetime.")) == code.format("")


@pytest.mark.parametrize(
    "code",
    [
        f"{CLASS}\n\ndef f(x):\n    return datetime.strptime(x, '%Y').date()\n",
        f"{CLASS}\n\ndef f(x):\n    return datetime.date(x)\n",
        f"{CLASS}\n\ndef f(x):\n    return sorted(map(datetime.date, x), key=datetime.time)\n",
        f"{CLASS}\n\ndef f(date):\n    return datetime.date(2024, 1, date)\n",
        "import datetime\n\ndef f(x):\n    return datetime.timedelta(x)\n",
        "from datetime import datetime as d\n\ndef f(x, datetime):\n    return datetime.time(9)\n",
    ],
)
def test_methods_of_the_class_stay(code: str) -> None:
    """A method of the class, a name that is taken and the module itself are left alone."""
    assert mend(code) == code


@pytest.mark.parametrize("code", ["f(0, 0.05, 100, '06')", "f(10.05)", "f('2024-03-01', '09:05')"])
def test_right_numbers_keep_their_zeros(code: str) -> None:
    """Only what Python refuses is touched."""
    assert mend(code) == code


@pytest.mark.parametrize("code", ["def f(:", "", "\0", "(" * 500])
def test_what_is_no_python_is_returned(code: str) -> None:
    """What cannot be mended comes back as it is."""
    assert mend(code) == code


def run(source: str, name: str, *arguments: Any) -> Any:
    scope: dict[str, Any] = {}
    exec(source, scope)
    return scope[name](*arguments)


@pytest.mark.parametrize(
    "source",
    [
        "def f(words, sep):\n    return sep.join(words)\n",
        "def f(sep, words):\n    return sep.join(words)\n",
        "def f(words, sep='-'):\n    return sep.join(words)\n",
        "def f(words, /, sep):\n    return sep.join(words)\n",
        'def f(words, sep):\n    """Join."""\n    return sep.join(words)\n',
    ],
)
def test_constant_moves_into_the_body(source: str) -> None:
    """A value of the method is no parameter any more and still has its effect."""
    folded = with_constants(source, "f", {"sep": ", "})

    assert run(folded, "f", ["a", "b"]) == "a, b"
    assert ast.get_docstring(ast.parse(folded).body[0]) == ast.get_docstring(
        ast.parse(source).body[0]
    )


def test_no_constants_no_change() -> None:
    """Without constants not a byte changes."""
    source = "def f( x ):  # as written\n    return x\n"

    assert with_constants(source, "f", {}) == source


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("def f(x, rate=0.1):\n    return x\n", "x, rate"),
        ("def f(x, *, rate=0.1):\n    return x\n", "x, *, rate"),
        ("def f(x=1, /, y=2, *, z=3):\n    return x\n", "x, /, y, *, z"),
    ],
)
def test_defaults_are_left_out(source: str, signature: str) -> None:
    """A value that nobody stated cannot come in by a default."""
    assert without_defaults(source, "f").startswith(f"def f({signature}):\n")


def test_defaults_of_helpers_stay() -> None:
    """Only the function itself loses its defaults; without any, its bytes stay."""
    source = "def g(x=1):\n    return x\n\ndef f( x ):\n    return g()\n"

    assert without_defaults(source, "f") == source


BODIES = [
    "    return n\n",
    '    """Own."""\n    return n\n',
    '    """Own,\n    in lines.\n    """\n    return n\n',
    "    @staticmethod\n    def g(k):\n        return k\n    return g(n)\n",
    "    # a comment\n    return n\n",
    "        return n\n",
]


@pytest.mark.parametrize("body", BODIES)
@given(docstring=st.text())
def test_any_docstring_goes_round(body: str, docstring: str) -> None:
    """Whatever the text, the code is Python, runs as before, and says the text's printable form."""
    printable = "".join(c if c.isprintable() or c == "\n" else " " for c in docstring.strip())

    made = with_docstring(f"def f(n):\n{body}", "f", docstring)

    said = ast.get_docstring(ast.parse(made).body[0])
    assert said is not None
    assert [line.rstrip() for line in said.strip().splitlines()] == [
        line.rstrip() for line in inspect.cleandoc(printable).strip().splitlines()
    ]
    assert run(made, "f", 7) == 7


@pytest.mark.parametrize(
    "source", ["def f(n): return n\n", 'def f(n):\n    """Own."""; return n\n']
)
def test_one_line_keeps_its_statements(source: str) -> None:
    """Where no line is free for a docstring, the source stays."""
    assert with_docstring(source, "f", "新") == source


def test_docstring_of_the_named_function() -> None:
    """A helper above keeps its own."""
    source = 'def g(n):\n    """G."""\n    return n\n\ndef f(n):\n    return g(n)\n'

    made = with_docstring(source, "f", '说 "你好"')

    assert made == source.replace("    return g(n)", '    """说 "你好" """\n    return g(n)')


@pytest.mark.parametrize(
    ("body", "computed"),
    [
        ("return 'Knock, knock.'", False),
        ("return f'Happy birthday, {name}!'", False),
        ("print('a poem')", False),
        ("return 'To ' + name + ': ' + 'all the best'", False),
        ("return ['one line', 'another line']", False),
        ("return 7 * 24", True),
        ("return f'{name}-{name}'", True),
        ("return name + ' of Kent'", True),
        ("return name.upper()", True),
        ("return len(name)", True),
        ("total = 0\n    for c in name:\n        total += 1\n    return total", True),
    ],
)
def test_saying_is_no_computing(body: str, computed: bool) -> None:
    """A poem put into a function is still a poem."""
    source = f"def f(name: str) -> object:\n    {body}\n"

    assert computes(source, "f", "put ' of Kent' behind it") is computed


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(a: int, b: int) -> int:\n    return a + b", []),
        ("def f(a: int, b: int) -> int:\n    return a", ["b"]),
        ("def f(a: int) -> int:\n    a = 3\n    return 4", ["a"]),
        ("def f(a: int, *, b: int) -> int:\n    return 3", ["a", "b"]),
        ("def f(a: int) -> int:\n    def g() -> int:\n        return a\n    return g()", []),
        ("def f(a: int) -> str:\n    return '{a}'.format(**locals())", []),
        ("def g(a: int) -> int:\n    return 3", []),
    ],
)
def test_unread_parameters(source: str, names: list[str]) -> None:
    """A parameter whose value nothing in the body looks at is told by its name."""
    assert unread(source, "f") == names


@pytest.mark.parametrize(
    ("said", "text", "own"),
    [
        ("明天见，明天走", "把「今天见，今天走」里的「今天」换成「明天」", True),
        ("see you then", "Put 'then' behind 'see you'", True),
        ("Leaves fall, and I wait for you", "A poem about 'leaves' of 3 lines", False),
        ("", "Say nothing", False),
    ],
)
def test_words_of_the_text(said: str, text: str, own: bool) -> None:
    """What is made of the text's words was worked out by the model; other words are made up."""
    assert of_the_text(f"def f() -> str:\n    return {said!r}", "f", text) is own


@pytest.mark.parametrize(("line", "moved"), [(1, 1), (2, 6), (3, 7)])
def test_error_names_the_line_that_is_shown(line: int, moved: int) -> None:
    """A docstring that is added later moves the line at which a run failed, but none above it."""
    before = "def f(x: int) -> int:\n    y = x\n    return y // 0\n"
    after = with_docstring(before, "f", "One\n\nlast")
    assert after.splitlines()[6] == "    return y // 0"
    result = Result(status="error", error=f"ZeroDivisionError: no (line {line})")

    told = with_lines_of(result, before, after)

    assert told is not None and told.error == f"ZeroDivisionError: no (line {moved})"
    assert with_lines_of(None, before, after) is None
