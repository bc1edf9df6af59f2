"""What people see: widths, marks, escapes, colours."""

from __future__ import annotations

import io
import re

import pytest

from funcsmith.cli.layout import carets, text_of, wrapped
from funcsmith.cli.screen import Screen, without_noise
from funcsmith.cli.visible import cells, printed, visible, visible_json
from funcsmith.contract import Outcome, Request

WORDS = "长方形的宽是 3.5 米，高是 2 米，求面积。"


class Stream(io.StringIO):
    def __init__(self, *, terminal: bool = False):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


def shown(outcome, text, *, terminal=False, **request):
    stream = Stream(terminal=terminal)
    Screen(stream).outcome(Outcome.model_validate(outcome), Request(text=text, **request))
    return stream.getvalue()


@pytest.fixture(autouse=True)
def eighty(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("terminal", ["colours", "dumb", "no colours", "none"])
@pytest.mark.parametrize("text", [WORDS, "A rectangle is 3.5 m wide and 2 m high; its area? " * 3])
def test_every_screen_is_eighty_columns(scripted, monkeypatch, terminal, text):
    """No line is wider than the terminal, and without colours there are no escapes."""
    monkeypatch.setenv("TERM", "dumb" if terminal == "dumb" else "xterm-256color")
    if terminal == "no colours":
        monkeypatch.setenv("NO_COLOR", "1")
    said = shown(scripted.area(text), text, terminal=terminal != "none")

    assert ("\x1b" in said) is (terminal == "colours")
    if terminal != "none":
        plain = re.sub("\x1b\\[[0-9;]*m", "", said)
        assert max(cells(line.rstrip()) for line in plain.splitlines()) <= 80


def test_values_are_marked_beneath(scripted):
    """Carets stand under the values, in columns of the terminal, with the names beside them."""
    lines = shown(scripted.area(WORDS), WORDS).splitlines()
    sentence = next(line for line in lines if WORDS in line)
    marks = lines[lines.index(sentence) + 1]

    assert cells(sentence[: sentence.index("3.5")]) == marks.index("^^^ width")
    assert cells(sentence[: sentence.index("2 米")]) == marks.index("^^^^ height")


def test_values_are_marked_in_colour(scripted, monkeypatch):
    """On a coloured terminal each argument has its colour, in the text and in the list."""
    monkeypatch.setenv("TERM", "xterm-256color")
    said = shown(scripted.area(WORDS), WORDS, terminal=True)

    assert "\x1b[1;4;36m3.5\x1b[0m" in said
    assert "\x1b[1;36mwidth\x1b[0m" in said
    assert "^^^" not in said


def test_crowded_marks_have_lines_of_names():
    """Names that do not fit beside their carets stand beneath, each under its own."""
    lines = carets([[("1", "span0"), ("+", ""), ("2", "span1"), ("+", ""), ("3", "span2")]],
                   ["first", "second", "third"])  # fmt: skip

    assert [text_of(line) for line in lines] == ["1+2+3", "^ ^ ^ third", "first", "  second"]


def test_wrapping_knows_chinese():
    """Chinese breaks between characters, never before its comma; words stay whole."""
    rows = [text_of(row) for row in wrapped([("计算长方形，面积 rectangle area", "")], 10)]

    assert rows == ["计算长方", "形，面积", "rectangle", "area"]
    assert [text_of(row) for row in wrapped([("x" * 25, "")], 10)] == ["x" * 10, "x" * 10, "x" * 5]


@pytest.mark.parametrize(
    ("argument", "request_fields", "words"),
    [
        ({}, {}, "made-up sample"),
        ({}, {"inputs": {"n": 5}}, "input n"),
        ({"spans": {"/n": [(0, 4)]}}, {}, "“five”"),
    ],
)
def test_origin_of_an_argument(scripted, argument, request_fields, words):
    """It is said where each argument came from."""
    calls = [scripted.FACTORIAL["calls"][0] | argument]
    said = shown(scripted.FACTORIAL | {"calls": calls}, "five factorial", **request_fields)

    assert re.search(f"n = 5 +← {words}", said)


def test_default_is_named(scripted):
    """An argument that has the parameter's default says so."""
    function = scripted.FACTORIAL["function"] | {
        "parameters": {"properties": {"n": {"type": "integer", "default": 5}}}
    }

    assert "← default" in shown(scripted.FACTORIAL | {"function": function}, "factorial")


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"status": "ok", "value": True, "repr": "True"}, "True"),
        ({"status": "ok", "value": None, "repr": "inf"}, "inf"),
        ({"status": "ok", "value": "", "repr": "''"}, "''"),
        ({"status": "ok", "value": [1, 2], "repr": "(1, 2)"}, "(1, 2)"),
        ({"status": "ok", "value": "第一\n第二", "repr": "x"}, "第一\n"),
        ({"status": "ok", "value": 1.2, "typed": {}, "repr": "Decimal('1.20')"}, "Decimal('1.20')"),
        (
            {
                "status": "ok",
                "value": "data:image/png;base64,",
                "typed": {"$figure": [1, 1, ""]},
                "repr": "<Figure>",
            },
            " <Figure>\n",
        ),
        ({"status": "error", "error": "ZeroDivisionError: x"}, "failed: ZeroDivisionError: x"),
        ({"status": "timeout", "error": "5 s"}, "out of time: 5 s"),
        ({"status": "forbidden", "error": "os"}, "not allowed: os"),
        ({"status": "not_run"}, "not run"),
    ],
)
def test_results(scripted, result, words):
    """Every way a run can end has its words."""
    assert words in shown(scripted.FACTORIAL | {"result": result}, "factorial")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("43.800000000000004", "43.8"),
        ("22.799999999999997", "22.8"),
        ("-0.30000000000000004", "-0.3"),
        ("3.0000000000000004e-05", "3e-05"),
        ("0.9999999999999999", "1.0"),
        ("[43.800000000000004, (0.1, 1.2100000000000002)]", "[43.8, (0.1, 1.21)]"),
        ("0.3333333333333333", "0.3333333333333333"),
        ("43.8000000004", "43.8000000004"),
        ("3.141592653589793", "3.141592653589793"),
        ("1.0000000000000002e+17", "1.0000000000000002e+17"),
        ("['43.800000000000004', \"it's 0.30000000000000004\"]",) * 2,
        ("Decimal('43.800000000000004')",) * 2,
        ("inf", "inf"),
    ],
)
def test_noise_of_binary_arithmetic_is_not_shown(value, words):
    """A float is shown as what was computed; texts and real digits stay."""
    assert without_noise(value) == words


def test_only_the_screen_rounds(scripted):
    """The value of the outcome is the float as it came out."""
    outcome = scripted.FACTORIAL | {
        "result": {"status": "ok", "value": 43.800000000000004, "repr": "43.800000000000004"}
    }
    said = shown(outcome, "factorial")

    assert re.search(r"result +43\.8\n", said)
    assert "43.80000" not in said
    assert Outcome.model_validate(outcome).result.value == 43.800000000000004


def test_each_verdict_says_what_it_rests_on(scripted):
    """The line is made from the verdict and the evidence alone."""
    example = {"kind": "example", "call": "f(1)", "expected": "1", "passed": True}
    for verdict, words in (
        ("proven", "passes 1 given example, and an independently written version agrees"),
        ("tested", "passes 1 given example; nothing beyond"),
        ("agreed", "may share a mistake"),
        ("runs", "whether the value is right was not checked"),
        ("unverified", "nothing is known"),
    ):
        function = scripted.FACTORIAL["function"] | {"verdict": verdict, "evidence": [example]}
        assert words in shown(scripted.FACTORIAL | {"function": function}, "factorial")


def test_question_and_small_talk(scripted):
    """A question names what is missing and what was found; small talk gets a friendly line."""
    ask = {"kind": "ask", "missing": ["width"], "partial": {"height": 2}, "question": "How wide?"}

    said = shown(ask, "a rectangle 2 m high")
    assert re.search("found +height = 2\n", said)
    assert re.search("missing +width\n", said)
    assert re.search("question +How wide\\?\n", said)
    assert "没有要计算的内容" in shown({"kind": "none"}, "你好")


def test_long_lines_of_code_are_whole(scripted, monkeypatch):
    """A line of code that is wider than the terminal goes on in the next."""
    monkeypatch.setenv("TERM", "xterm-256color")
    words = " ".join(f"word{number}" for number in range(30))
    function = scripted.FACTORIAL["function"] | {"source": f"# {words}\ndef factorial(n): ..."}
    said = shown(scripted.FACTORIAL | {"function": function}, "x", terminal=True)

    assert re.sub("\x1b\\[[0-9;]*m|\\s", "", words) in re.sub("\x1b\\[[0-9;]*m|\\s", "", said)


def test_several_calls(scripted):
    """Several calls stand in order, each with its result."""
    calls = [
        {"function": "f", "arguments": {"n": n}, "result": {"status": "ok", "value": n * 2}}
        for n in (1, 2)
    ]
    said = shown(scripted.FACTORIAL | {"calls": calls}, "f of 1 and 2")

    assert said.index("f(n=1) → 2") < said.index("f(n=2) → 4")


def test_flood_is_cut_on_a_terminal_only(scripted, monkeypatch):
    """A terminal gets the beginning of a long value, a file all of it."""
    monkeypatch.setenv("TERM", "dumb")
    outcome = scripted.FACTORIAL | {"result": {"status": "ok", "value": "x" * 10_000}}

    assert "6000 more characters" in shown(outcome, "x", terminal=True)
    assert "x" * 10_000 in shown(outcome, "x")


def test_strange_characters():
    """What a terminal would obey is escaped; colours of a program are taken out."""
    assert visible("a\tb\n\x00\r\x7f\u2066\ufeff\ud83d") == (
        "a\tb\n\\x00\\x0d\\x7f\\u2066\\ufeff\\ud83d"
    )
    assert printed("\x1b[1;31mred\x1b[0m\r\n\x1b]8;;http://x\x1b\\link\x1b]8;;\x07") == "red\nlink"
    assert visible_json('"\u202e\U000e0041"') == '"\\u202e\\udb40\\udc41"'
    assert visible("👨‍👩‍👧 é 中") == "👨‍👩‍👧 é 中"
    assert cells("é中🍎") == 5
