"""`%funcsmith` in IPython's real shell, with an engine that says what it was told to."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from funcsmith.errors import FuncsmithError
from funcsmith.models.scripted import Scripted
from funcsmith.notebook.magic import load, parsed
from funcsmith.pipeline import Pipeline

pytest.importorskip("IPython")

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

FACTORIAL = "给定一个正整数 n，输出 n 的阶乘。"
CODE = """def factorial(n: int) -> int:
    result = 1
    for factor in range(2, n + 1):
        result *= factor
    return result

factorial(5)"""
HOTEL = "酒店每晚 300 元，我住店一共要付多少钱？"
HOTEL_CODE = """def hotel_cost(price_per_night: float, nights: int) -> float:
    return price_per_night * nights

hotel_cost(300, None)"""
TOTAL_CODE = """def total(df: list[dict]) -> float:
    return sum(row["amount"] for row in df)

total(df)"""


@pytest.fixture
def engine() -> Scripted:
    return Scripted({HOTEL: HOTEL_CODE})


@pytest.fixture
def shell(
    engine: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InteractiveShell]:
    """A shell that has the magics, on a library of its own."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    config = Config()
    config.HistoryManager.enabled = False
    made = InteractiveShell(config=config)
    with Pipeline(engine=engine) as pipeline:
        load(made, pipeline=pipeline)
        yield made
    InteractiveShell.clear_instance()


@pytest.fixture
def shown(shell: InteractiveShell) -> Callable[[str], Any]:
    """What a cell gives; an error of the cell is raised."""

    def run(cell: str) -> Any:
        done = shell.run_cell(cell)
        done.raise_error()
        return done.result

    return run


def test_cell_is_the_request(
    shell: InteractiveShell, shown: Callable[[str], Any], engine: Scripted
) -> None:
    """The cell's text is answered; `_outcome` and the variable that was named have it."""
    engine.enqueue(CODE)

    outcome = shown(f"%%funcsmith -o mine\n{FACTORIAL}")

    assert (outcome.kind, outcome.value) == ("function", 120)
    assert shell.user_ns["_outcome"] is outcome
    assert shell.user_ns["mine"] is outcome


def test_line_gives_its_outcome(
    shell: InteractiveShell, shown: Callable[[str], Any], engine: Scripted
) -> None:
    """A line's outcome can be assigned; braces and dollars in it are no Python."""
    engine.enqueue(CODE)
    shell.user_ns["n"] = 7

    shown(f"found = %funcsmith {FACTORIAL} {{n}} $n")

    assert shell.user_ns["found"].value == 120
    assert "{n} $n" in engine.prompts[0].messages[-1].content


def test_shell_shows_html_with_the_values_marked(
    shell: InteractiveShell, shown: Callable[[str], Any], engine: Scripted
) -> None:
    """The shell asks for HTML and text: sentence, result, code, verdict."""
    engine.enqueue("def double(n: int) -> int:\n    return 2 * n\n\ndouble(21)")

    data, _ = shell.display_formatter.format(shown("%funcsmith 21 的两倍是多少"))

    assert "<u>21</u><sub>n</sub>" in data["text/html"]
    assert '<p class="fs-value">42</p>' in data["text/html"]
    assert '<span class="nf">double</span>' in data["text/html"]
    assert "42" in data["text/plain"]
    assert "<" not in data["text/plain"]


def test_question_is_answered_by_the_next_cell(
    shell: InteractiveShell, shown: Callable[[str], Any]
) -> None:
    """A missing value is asked for under the cell, and taken from the next one."""
    asked = shown(f"%%funcsmith\n{HOTEL}")
    html = shell.display_formatter.format(asked)[0]["text/html"]
    answered = shown("%funcsmith 3 晚")

    assert (asked.kind, asked.missing) == ("ask", ["nights"])
    assert '<p class="fs-question">' in html
    assert "%funcsmith" in html
    assert (answered.kind, answered.value) == ("function", 900)
    assert "来自前文" in shell.display_formatter.format(answered)[0]["text/html"]


def test_new_forgets_the_question(shown: Callable[[str], Any], engine: Scripted) -> None:
    """With --new the next text stands for itself."""
    shown(f"%%funcsmith\n{HOTEL}")
    engine.enqueue(CODE)
    outcome = shown(f"%funcsmith --new {FACTORIAL}")

    assert outcome.function.name == "factorial"


@pytest.mark.parametrize("option", ["--input df", "-i df=sales", "--input=df=sales"])
def test_frame_is_an_input(
    shell: InteractiveShell, shown: Callable[[str], Any], engine: Scripted, option: str
) -> None:
    """A frame of the notebook goes to the function as rows, not as their words."""
    pandas = pytest.importorskip("pandas")
    engine.enqueue(*[TOTAL_CODE] * 6)
    frame = pandas.DataFrame({"city": ["青岛", "大连"], "amount": [40.5, 77.0]})
    shell.user_ns |= {"df": frame, "sales": frame}

    outcome = shown(f"%funcsmith --no-save {option} df 的 amount 合计是多少")

    assert outcome.value == 117.5
    assert outcome.calls[0].arguments == {"df": {"$ref": "/inputs/df"}}


def test_nothing_is_kept_without_save(shown: Callable[[str], Any], engine: Scripted) -> None:
    """With --no-save the same text is written again."""
    engine.enqueue(CODE, CODE)

    for _ in range(2):
        outcome = shown(f"%funcsmith --no-save {FACTORIAL}")

        assert (outcome.value, outcome.cost.model_calls) == (120, 1)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%funcsmith", "The text is empty"),
        ("%funcsmith --nothing 10 factorial", "--nothing is no option"),
        ("%funcsmith --input data=absent the total", "no variable absent"),
        ("%funcsmith --mode dream 10 factorial", "'mode' does not fit"),
        ("%funcsmith --out 1x 10 factorial", "--out 1x"),
    ],
)
def test_failure_is_a_sentence(
    shell: InteractiveShell,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    cell: str,
    said: str,
) -> None:
    """What cannot be asked is said without a traceback, and the cell has failed."""
    monkeypatch.setenv("LC_ALL", "C")

    done = shell.run_cell(cell)
    printed = "".join(capsys.readouterr())

    assert not done.success
    assert said in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("-3 的绝对值", "-3 的绝对值"),
        ("--seed 4 what's 10 factorial", "what's 10 factorial"),
        ("-o x -- -n is what?", "-n is what?"),
        ("--no-save -- --new", "--new"),
    ],
)
def test_text_begins_where_options_end(line: str, text: str) -> None:
    """Quotes, dashes and numbers of a sentence stay its own."""
    assert parsed(line)[1] == text


def test_option_without_value_is_refused() -> None:
    """An option at the end of a line lacks its value."""
    with pytest.raises(FuncsmithError, match="--seed"):
        parsed("--seed")


def test_extension_loads_by_its_name() -> None:
    """`%load_ext funcsmith` gives the magics, and a kept function answers without a model."""
    script = """
import json, sys
from funcsmith import Library, settings
library = Library.open(settings())
library.add("def double(n: int) -> int:\\n    return 2 * n\\n", text="21 的两倍是多少", sample={"n": 21})
library.close()
assert "IPython" not in sys.modules
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
shell.run_cell("%load_ext funcsmith").raise_error()
done = shell.run_cell("%funcsmith 21 的两倍是多少")
print(json.dumps(done.result.value))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert json.load(io.StringIO(done.stdout.splitlines()[-1])) == 42
