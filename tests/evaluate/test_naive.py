"""The naive path's script: what is taken from a reply, and how it is run and judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from funcsmith.evaluate import texts
from funcsmith.library import Library
from funcsmith.settings import settings

from .conftest import ROWS, Fake


@pytest.fixture(scope="session")
def naive(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("naive")


class Engine:
    """Answers chat completions from a list."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)
        self.bodies: list[dict[str, Any]] = []

    def _running(self) -> None:
        return None

    def _post(self, process: None, route: str, body: dict[str, Any]) -> dict[str, Any]:
        assert route == "/v1/chat/completions"
        self.bodies.append(body)
        usage = {"prompt_tokens": 50, "completion_tokens": 10}
        return {"choices": [{"message": self.messages.pop(0)}], "usage": usage}


def _answer(naive: ModuleType, folder: Path, group: str, number: int, *texts_: str) -> Any:
    engine = Engine(*({"content": text} for text in texts_))
    library = Library.open(settings())
    for name in ("a", "b", "c", "d", "e"):
        library.add(f"def {name}() -> int:\n    return 1\n")
    library.add_path(folder / "library")
    measured = naive.Naive(engine, library, seed=0).measured(
        {"group": group, **ROWS[group][number]}
    )
    library.close()
    return measured


@pytest.mark.parametrize(
    ("reply", "codes"),
    [
        ("Here:\n```python\nprint(1)\n```\nIt prints\n```\n1\n```", ["print(1)\n"]),
        ("```py\na = 1\n```\nand\n```python\nprint(a)\n```", ["a = 1\n", "print(a)\n"]),
        ("```\nprint(2)\n```", ["print(2)\n"]),
        ("```python\nprint(3)", ["print(3)"]),
        ("print(4)", ["print(4)"]),
        ("The result is 5.", []),
        ("```json\n{}\n```", []),
    ],
)
def test_blocks(naive: ModuleType, reply: str, codes: list[str]) -> None:
    """Python blocks are taken, a cut one too; output and prose are not."""
    assert naive.blocks(reply) == codes


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("120", 120),
        ("[1, 2]", [1, 2]),
        ("('a', 1)", ("a", 1)),
        ("True", True),
        ("true", True),
        ("{1: 'x'}", {1: "x"}),
        ("05:25", "05:25"),
        ("2026-12-01", "2026-12-01"),
        ("星期四", "星期四"),
    ],
)
def test_printed_line_is_read(naive: ModuleType, line: str, value: Any) -> None:
    """JSON first, then a Python literal, else the text."""
    assert naive.read(line) == value


def test_several_blocks_run_together_if_the_last_fails(naive: ModuleType) -> None:
    """A call that stands apart from its function still finds it."""
    printed = naive.run_blocks(["def f():\n    return 7\n", "print('a')\nprint(f())\n"])

    assert (printed.ok, printed.last_line) == (True, "7")


def test_script_that_does_not_end_is_ended(
    naive: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its time the script is gone, and what it printed before does not count as done."""
    monkeypatch.setattr(naive, "RUN_SECONDS", 0.5)
    printed = naive.run("print(1, flush=True)\nwhile True: pass")

    assert (printed.ok, printed.stdout, printed.error) == (False, "1\n", "not done after 0.5 s")


def test_checks_survive_a_script_that_asks_for_input(naive: ModuleType) -> None:
    """The functions are called even where the script around them fails."""
    code = "def double(x):\n    return 2 * x\nn = int(input())\nprint(double(n))\n"

    assert naive.checked([code], [[2], [[1]], [None]]) == [
        4,
        [1, 1],
        {"error": "TypeError(\"unsupported operand type(s) for *: 'int' and 'NoneType'\")"},
    ]
    assert naive.checked(["print(1)"], [[2]]) is None
    assert naive.checked([], [[2]]) is None


def test_call_written_as_text_is_a_call(naive: ModuleType) -> None:
    """Known of Qwen's template: the call comes as JSON text, bare, fenced or in tags."""
    said = json.dumps({"name": "order", "arguments": {"drink": "tea", "count": 2}})
    for text in (said, f"```json\n{said}\n```", f"<tool_call>\n{said}\n</tool_call>"):
        reply = naive.reply_of({"choices": [{"message": {"content": text}}]}, ["order"])
        assert reply.calls == [("order", {"drink": "tea", "count": 2})]

    other = naive.reply_of({"choices": [{"message": {"content": said}}]}, ["pay"])
    assert other.calls == []


def test_real_tool_call_is_read(naive: ModuleType) -> None:
    """The engine's own tool calls carry their arguments as JSON text."""
    call = {"function": {"name": "order", "arguments": '{"drink": "tea"}'}}
    reply = naive.reply_of({"choices": [{"message": {"content": None, "tool_calls": [call]}}]}, [])

    assert reply.calls == [("order", {"drink": "tea"})]


def test_function_text(naive: ModuleType, folder: Path) -> None:
    """The last printed line is the value, judged as funcsmith's is."""
    good = _answer(naive, folder, "function", 0, "```python\nprint('so:')\nprint(3 + 4)\n```")
    prose = _answer(naive, folder, "function", 0, "It is 7.")

    assert (good["right"], good["got"], good["kind"]) == (True, "7", "function")
    assert good["tokens"] == {"prompt": 50, "generated": 10}
    assert (prose["right"], prose["kind"]) == (False, "none")


def test_parameters_text(naive: ModuleType, folder: Path) -> None:
    """The first call counts; its arguments are judged and the function is run on them."""
    call = '{"name": "order", "arguments": {"drink": "tea", "count": 2, "hot": true}}'
    good = _answer(naive, folder, "parameters", 0, call)
    bad = _answer(naive, folder, "parameters", 0, "Here you are.")

    assert (good["right"], good["result_right"]) == (True, True)
    assert (bad["right"], bad["name_right"], bad["kind"]) == (False, False, "none")


def test_missing_text(naive: ModuleType, folder: Path) -> None:
    """Any question without a call or a value asks; a value made up is invented."""
    call = '{"name": "order", "arguments": {"drink": "tea", "count": 2}}'
    asked = _answer(naive, folder, "missing", 0, "Which drink would you like?")
    invented = _answer(naive, folder, "missing", 0, call)
    new = _answer(naive, folder, "missing", 1, "```python\nprint('09:00')\n```")

    assert (asked["right"], asked["values_asked"]) == (True, 1)
    assert (invented["right"], invented["invented"]) == (False, True)
    assert (new["right"], new["invented"]) == (False, True)


def test_none_text_goes_through_both(naive: ModuleType, folder: Path) -> None:
    """It is left alone if neither a tool is called nor anything is computed."""
    left = _answer(naive, folder, "none", 0, "你好！", "你好！有什么可以帮你？")
    computed = _answer(naive, folder, "none", 0, "你好！", "```python\nprint('你好')\n```")

    assert (left["right"], left["model_calls"]) == (True, 2)
    assert (computed["right"], computed["computed"], computed["called"]) == (False, True, False)


def test_five_tools_are_drawn_by_the_seed(naive: ModuleType, folder: Path) -> None:
    """The right one and four others, the same for the same seed."""
    library = Library.open(settings())
    for number in range(9):
        library.add(f"def f{number}() -> int:\n    return {number}\n")
    row = {"id": "x", "function": "f3"}
    first = naive.Naive(Engine(), library, seed=0).offered(row)
    again = naive.Naive(Engine(), library, seed=0).offered(row)
    library.close()

    assert len(set(first)) == 5
    assert "f3" in first
    assert first == again


def test_now_is_told(naive: ModuleType) -> None:
    """A row's moment stands before its text, with the weekday."""
    said = naive._dated({"now": "2026-11-23T09:00:00+08:00"}, "Tomorrow?")

    assert said == "Today is Monday, 2026-11-23, 09:00.\n\nTomorrow?"


def test_compare_takes_turns(
    naive: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both paths answer each row, the second one first the next time; one file holds both."""
    from contextlib import contextmanager

    order: list[tuple[str, str]] = []

    @contextmanager
    def ready(folder: Path, name: str, *, compare: bool) -> Any:
        with texts.opened(folder, name, Fake().open) as (runs, library):
            yield Engine(), library, runs

    def measured(self: Any, row: dict[str, Any]) -> dict[str, Any]:
        return {
            **texts.heading(row),
            "path": "naive",
            "verdict": None,
            "right": False,
            "kind": "none",
            "got": None,
            "seconds": 1.0,
            "tokens": {"prompt": 1, "generated": 1},
            "model_calls": 1,
            "values": 1,
            "values_asked": 0,
        }

    def told(self: Any, record: dict[str, Any]) -> None:
        order.append((record["id"], record["path"]))

    monkeypatch.setattr(naive, "ready", ready)
    monkeypatch.setattr(naive.Naive, "measured", measured)
    monkeypatch.setattr(texts.Teller, "__call__", told)
    result = naive.measure(
        compare=True,
        model="small",
        limit=None,
        groups=["function"],
        seed=0,
        folder=folder,
        out=tmp_path / "out.json",
    )

    assert order == [
        ("f-1", "funcsmith"),
        ("f-1", "naive"),
        ("f-2", "naive"),
        ("f-2", "funcsmith"),
        ("f-3", "funcsmith"),
        ("f-3", "naive"),
    ]
    assert result["compared"]["function"]["all"]["right"] == [2, 0]
    assert "funcsmith beside naive" in naive.readable(result)
