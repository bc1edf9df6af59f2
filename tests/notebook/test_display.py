"""Outcomes as HTML: each as what it is, and nothing of a user's ever markup."""

from __future__ import annotations

import base64
from html.parser import HTMLParser
from typing import Any

import pytest

from funcsmith.contract import (
    Call,
    Choice,
    Detection,
    Evidence,
    Failure,
    Function,
    Outcome,
    Request,
    Result,
)
from funcsmith.notebook.display import Shown, bundle, html

PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n....").decode()
ATTACK = "</p></style></code><script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>"


def made(value: Any = None, **given: Any) -> Outcome:
    result = Result(**{"status": "ok", "value": value, "repr": repr(value), **given})
    return Outcome(
        kind="function",
        function=Function(
            name="f",
            signature="(n: int) -> int",
            source="def f(n: int) -> int:\n    return 1 // n\n",
            parameters={"type": "object", "properties": {"n": {"type": "integer"}}},
            verdict="tested",
            evidence=[Evidence(kind="example", call="f(1)", got="1", passed=True)],
        ),
        calls=[Call(function="f", arguments={"n": 1}, spans={"/n": [(2, 3)]}, result=result)],
        result=result,
    )


class Seen(HTMLParser):
    """The tags, addresses and words that a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str]] = {}
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize(
    ("outcome", "piece"),
    [
        (made(42), '<p class="fs-value">42</p>'),
        (made("a\nb"), '<p class="fs-words">a\nb</p>'),
        (made([{"city": "青岛", "n": 3}]), '<td>青岛</td><td class="fs-figure">3</td>'),
        (made({"a": 1, "b": 2}), '<td>a</td><td class="fs-figure">1</td>'),
        (made(PNG, typed={"$figure": PNG}), f'<img src="{PNG}"'),
        (made(None), '<p class="fs-dim">No value (None)</p>'),
        (made(1, stdout="hello\n"), "<pre>hello</pre>"),
    ],
    ids=["number", "text", "rows", "mapping", "picture", "nothing", "printed"],
)
def test_result_is_shown_as_what_it_is(outcome: Outcome, piece: str) -> None:
    """A number is large, rows are a table, a picture is one."""
    assert piece in html(outcome)


def test_line_of_an_error_is_marked() -> None:
    """Code that failed is shown with the line at which it did."""
    failed = made(status="error", error="ZeroDivisionError: division by zero (line 2)")

    page = html(failed)

    assert "the code failed: ZeroDivisionError: division by zero (line 2) · Line 2" in page
    assert page.count('<li class="fs-failed">') == 1
    assert page.index('<li class="fs-failed">') > page.index("<li><code>")


def test_verdict_and_evidence_stand_beside_the_code() -> None:
    """What is known of the function is said, and each fact is shown."""
    page = html(made(1))

    assert "Evidence · tested" in page
    assert "✓</span> <code>f(1)</code> → <code>1</code>" in page


def test_outcome_shows_itself() -> None:
    """Any outcome is HTML in a notebook; one that knows its request shows the sentence too."""
    request = Request(text="1/1 of it")
    outcome = made(1)
    shown = Shown.of(outcome, request)

    assert [*outcome._repr_mimebundle_()] == ["text/html"]
    assert "<u>" not in outcome._repr_mimebundle_()["text/html"]
    assert "1/<u>1</u><sub>n</sub> of it" in shown._repr_mimebundle_()["text/html"]
    assert shown.to_json() == outcome.to_json()


def test_language_is_that_of_the_text() -> None:
    """A Chinese text has its outcome in Chinese; without the text, the detected language counts."""
    assert "依据 · 例证" in html(made(1), Request(text="算一下"))
    assert "依据 · 例证" in html(made(1).model_copy(update={"detection": Detection(language="zh")}))


def test_nothing_becomes_markup() -> None:
    """HTML in texts, names, values, cells, errors and code stays text."""
    text = f"{ATTACK} 1 {ATTACK}"
    plain = made(1)
    base = {tag: Seen(html(plain, Request(text="1"))).tags.count(tag) for tag in ("script", "b")}
    values: list[Any] = [ATTACK, [{ATTACK: ATTACK}], {ATTACK: ATTACK}, [[ATTACK]], {"a": [ATTACK]}]
    outcomes = [
        made(
            value,
            stdout=ATTACK,
            typed={"$tuple": []},
            repr=ATTACK,
        )
        for value in values
    ]
    outcomes += [
        made(status="error", error=f"{ATTACK} (line 1)"),
        made(f"data:image/png;base64,{ATTACK}", typed={"$figure": ATTACK}),
        Outcome(kind="none", question=ATTACK),
        Outcome(error=Failure(code="x", message=ATTACK, hint=ATTACK)),
        Outcome(
            kind="ask",
            question=ATTACK,
            missing=[ATTACK],
            partial={ATTACK: ATTACK},
            detection=Detection(candidates=[Choice(name=ATTACK, probability=1)]),
        ),
    ]
    for outcome in outcomes:
        poisoned = outcome.model_copy(
            update={
                "function": Function(
                    name=ATTACK,
                    signature=ATTACK,
                    source=f"# {ATTACK}\nx = '{ATTACK}'\n",
                    readback=ATTACK,
                    grants=[f"read {ATTACK}"],
                    evidence=[Evidence(kind="example", call=ATTACK, got=ATTACK, passed=False)],
                    counterexamples=[{"question": ATTACK}, {ATTACK: ATTACK}],
                    uncertainty=[(0, 20, 0.1)],
                ),
                "readings": [{ATTACK: ATTACK}],
                "notes": [ATTACK],
                "model": ATTACK,
            }
        )
        if outcome.calls:
            call = Call(
                function=ATTACK,
                arguments={ATTACK: ATTACK},
                spans={f"/{ATTACK}": [(0, 9)]},
                result=outcome.result,
            )
            poisoned = poisoned.model_copy(update={"calls": [call]})
        seen = Seen(bundle(poisoned, Request(text=text))["text/html"])

        assert seen.tags.count("script") == base["script"] == 0
        assert seen.tags.count("b") <= base["b"] + 1  # the word before the grants
        assert "img" not in seen.tags
        assert seen.tags.count("style") == 1
        assert not [name for name in seen.attributes if name.startswith("on")]
        assert not seen.attributes.keys() & {"src", "href"}
        assert "<script>alert(1)</script>" in seen.words


def test_reading_order_cannot_be_turned() -> None:
    """A mark that turns the reading order is shown as its escape."""
    assert "\\u202e" in html(made("a\u202eb"))
    assert "\u202e" not in html(made("a\u202eb"))
