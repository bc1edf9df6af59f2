"""funcsmith ask on a real library, a real fence and no model."""

from __future__ import annotations

import io
import json
import sys

import pytest

from funcsmith.cli import turn
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline

TAX = '''def price_with_tax(price: float, rate: float = 0.13) -> float:
    """含税价格。

    rate: 税率
    """
    return round(price * (1 + rate), 2)
'''
QUESTION = "100 元的含税价是多少？"


@pytest.fixture
def ask(command, monkeypatch):
    """The command on a library that knows one function."""

    def make_pipeline(**_):
        made = Pipeline(engine=Scripted())
        made.library.add(
            TAX,
            text=QUESTION,
            sample={"price": 100.0},
            template="{price}的含税价是多少？",
            origin="generated",
            verdict="tested",
        )
        return made

    monkeypatch.setattr(turn, "make_pipeline", make_pipeline)
    return lambda *arguments: command("ask", *arguments)


def test_answer_on_the_screen(ask):
    """The sentence first; then how, from which words, on what evidence; then what else to ask."""
    code, out, err = ask(QUESTION)

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "100 元的含税价是 113。",
        "",
        "  算法  price_with_tax(price=100.0)",
        "  参数  price = 100.0   ← “100 元”",
        "  依据  例证：通过所给的例子；此外没有比较过",
        "",
        "  还可以问",
        "    200 元的含税价是多少？",
        "    50 元的含税价是多少？",
        "    如果税率是 6.5%，100 元的含税价是多少？",
        "    加上 --with-answers 可一并回答。",
    ]


def test_answers_of_related_questions(ask):
    """--with-answers answers them below each."""
    lines = ask(QUESTION, "--with-answers")[1].splitlines()

    at = lines.index("    200 元的含税价是多少？")
    assert lines[at + 1] == "      200 元的含税价是 226。"
    assert "--with-answers" not in lines[-1]


def test_json_is_the_answer(ask):
    """One object alone: the sentence, the value, the places and the outcome."""
    code, out, _ = ask(QUESTION, "--json", "--with-answers")
    said = json.loads(out)

    assert code == 0
    assert (said["answer"], said["value"], said["plain"]) == (
        "100 元的含税价是 113。",
        113.0,
        False,
    )
    assert said["computed"][0]["values"][0]["spans"] == [[0, 5]]
    assert said["related"][0]["value"] == 226.0
    assert said["outcome"]["kind"] == "function"


def test_question_on_standard_input(ask, monkeypatch):
    """Without an argument the question is read from there."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(QUESTION.encode()), "utf-8"))

    assert ask()[1].startswith("100 元的含税价是 113。")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "What is the area if the width is unknown?",
            [
                "How wide is it?",
                "Say it again with the missing value; in a conversation (funcsmith) just answer.",
            ],
        ),
        (
            "你好",
            [
                "抱歉，这句话里没有可以计算的内容。",
                "说出要计算什么就行，例如：2026-01-01 到 2026-03-01 有多少天",
            ],
        ),
        (
            "What is zero under 1?",
            [
                "No result: the function failed (ZeroDivisionError: division by zero).",
                "",
                "  how        factorial(n=5)",
                "  arguments  n = 5   ← made-up sample",
            ],
        ),
    ],
)
def test_what_is_no_result(command, text, lines):
    """What `run` asks is asked, an idle text is answered politely, a failure says why."""
    code, out, _ = command("ask", text)

    assert code == 0
    assert out.splitlines()[: len(lines)] == lines


def test_failure_of_ours_leaves_as_everywhere(command, monkeypatch):
    """Exit code 3, one line, in the question's language."""
    monkeypatch.setattr(turn, "make_pipeline", lambda **_: Pipeline(engine=Scripted()))

    code, out, err = command("ask", "今天一共要走几步？")

    assert (code, out) == (3, "")
    assert err.startswith("错误：")


def test_empty_question_is_refused(ask):
    """As for `run`."""
    assert ask("  ")[0] == 2
