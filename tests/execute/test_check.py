"""The check names what is not allowed and leaves ordinary code alone."""

from __future__ import annotations

import pytest

from funcsmith.execute import ALLOWED_MODULES, check
from funcsmith.execute.check import allowed_imports

ORDINARY = '''
from __future__ import annotations

import collections.abc
import dataclasses
import datetime as dt
import functools
import io
import itertools
import json
import math
import random
import re
import sys
import time
import urllib.parse
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Callable, Iterator, Optional
from urllib.parse import quote

import numpy as np
import pandas as pd

sys.setrecursionlimit(10_000)
LIMIT = sys.maxsize


@dataclass(frozen=True)
class Point:
    """A point."""

    x: int
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", int(self.x))

    def __repr__(self) -> str:
        return f"{self.__class__.__name__}({type(self).__name__}, {self.x!r})"


class Stack(list):
    def __init__(self, *items: int) -> None:
        super().__init__(items)


@functools.lru_cache(maxsize=None)
def fibonacci(n: int) -> int:
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def numbers(text: str) -> Iterator[int]:
    yield from (int(found) for found in re.compile(r"\\d+").findall(text))


def work(items: list[dict[str, Any]], key: Optional[Callable[[Any], Any]] = None) -> dict:
    global LIMIT
    counts: dict[str, int] = defaultdict(int)
    try:
        for position, item in enumerate(sorted(items, key=key or (lambda item: item["a"]))):
            if (size := len(item)) > 1:
                counts["%s-{}".format(size) % position] += 1
    except (KeyError, ValueError) as error:
        raise TypeError(str(error)) from error
    finally:
        LIMIT = 1
    match items:
        case [{"a": int(value)}, *_]:
            counts["first"] = value
        case _:
            pass
    buffer = io.StringIO()
    print("done", file=buffer)
    getattr(counts, "items")
    quoted = quote("你") + urllib.parse.quote("好")
    rounded = Decimal("1.005").quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    frame = pd.DataFrame({"a": np.array([1, 2])}).groupby("a").sum()
    return {**counts, "when": dt.datetime.now().isoformat(), "root": math.sqrt(2), "q": quoted,
            "r": rounded, "f": frame.to_dict(), "t": time.perf_counter(), "j": json.dumps({}),
            "d": [d for d in deque(itertools.islice(itertools.count(), 3))], "c": Counter("a"),
            "n": random.random(), "x": isinstance([], collections.abc.Sequence),
            "p": dataclasses.asdict(Point(1))}


if __name__ == "__main__":
    print(work([]))
'''


def test_ordinary_code_passes() -> None:
    """Classes, generators, decorators, matches and the allowed modules are all allowed."""
    assert check(ORDINARY) == []


@pytest.mark.parametrize(
    ("source", "construct"),
    [
        ("import os", "import os"),
        ("import os.path as path", "import os.path"),
        ("from subprocess import run", "import subprocess"),
        ("from . import x", "relative import"),
        ("eval('1')", "eval"),
        ("f = exec", "exec"),
        ("open('x')", "open"),
        ("__import__('os')", "__import__"),
        ("__builtins__", "__builtins__"),
        ("input()", "input"),
        ("().__class__", ".__class__"),
        ("x.__globals__", ".__globals__"),
        ("g.gi_frame", ".gi_frame"),
        ("getattr(x, 'a' + 'b')", "getattr"),
        ("getattr(x, '__globals__')", "getattr"),
        ("import random\nrandom._os", "random._os"),
        ("import contextlib\ncontextlib.os", "contextlib.os"),
        ("from contextlib import os", "contextlib.os"),
        ("import calendar\ncalendar.sys.modules", "calendar.sys"),
        ("import sys\nsys.modules", "sys.modules"),
        ("import io\nio.open('x')", "io.open"),
        ("import time\ntime.sleep(1)", "time.sleep"),
        ("import math\nx = math", "math as a value"),
        ("import numpy as np\nnp.load('x')", "numpy.load"),
        ("import matplotlib.pyplot as plt\nplt.imsave('x', [])", "matplotlib.imsave"),
        ("import matplotlib.pyplot as plt\nplt.os", "matplotlib.pyplot.os"),
        ("import matplotlib.pyplot as plt\nplt.savefig('x.png')", ".savefig"),
        ("def f(figure): figure.savefig(fname=f'{1}.png')", ".savefig"),
        ("'{0.__class__}'.format(1)", "format"),
        ("def f(:", "syntax"),
        ("\0", "syntax"),
    ],
)
def test_a_finding_names_the_construct(source: str, construct: str) -> None:
    """What is not allowed is named."""
    assert [finding.construct for finding in check(source)] == [construct]


def test_a_finding_speaks_both_languages() -> None:
    """A finding says the line and a substitute in Chinese and English."""
    (finding,) = check("x = 1\ny = open('a')\n")

    assert finding.message() == ("line 2: `open` is not available; take the content as a parameter")
    assert finding.message("zh") == "第 2 行：不能使用 `open`；请把内容作为参数传入"


def test_the_function_asked_for_must_be_there() -> None:
    """With a name given, a source without it is a finding."""
    assert [finding.construct for finding in check("def g(): pass", name="f")] == ["def f"]
    assert check("def f(): pass", name="f") == []


@pytest.mark.parametrize(
    "source", ["(" * 500 + ")" * 500, "-" * 100_000 + "1", "x" + ".a" * 50_000]
)
def test_a_deep_source_is_a_finding(source: str) -> None:
    """A source nested beyond reason is refused without harm."""
    assert check(source)


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import numpy as np, json", ("numpy", "json")),
        ("from matplotlib import pyplot as plt", ("matplotlib",)),
        ("import matplotlib.backends.backend_pdf", ("matplotlib",)),
        ("import math; import pandas", ("math", "pandas")),
        ("def f():\n    from re import sub  # x", ("re",)),
        ("import os, sys", ()),
    ],
)
def test_modules_worth_loading_before_a_call(source: str, modules: tuple[str, ...]) -> None:
    """Allowed modules that a source imports are found, of installed packages only the package."""
    assert allowed_imports(source) == modules


def test_a_figure_may_be_saved_to_memory() -> None:
    """Drawing is allowed, and so is a figure's content in memory."""
    source = (
        "import io\nfrom matplotlib.figure import Figure\n"
        "def f():\n    content = io.BytesIO()\n    Figure().savefig(content)\n    return content\n"
    )

    assert check(source) == []


def test_the_list_is_sorted() -> None:
    """The list that the model is told is sorted and has no module twice."""
    assert list(ALLOWED_MODULES) == sorted(set(ALLOWED_MODULES))
