"""What a person does on the page, in a real browser: Chinese and English, desktop and phone."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from funcsmith.models.engine import Completion
from funcsmith.models.scripted import Scripted

SHOTS = Path(__file__).parents[3] / "docs" / "screenshots"
"""Written only where FUNCSMITH_SCREENSHOTS says so: an ordinary run changes no file."""
WRITES = os.environ.get("FUNCSMITH_SCREENSHOTS") == "1"

LOAN = """def monthly_payment(principal: float, annual_rate: float, years: int) -> float:
    monthly_rate = annual_rate / 12
    months = years * 12
    growth = (1 + monthly_rate) ** months
    return round(principal * monthly_rate * growth / (growth - 1), 2)

monthly_payment(300000, 0.036, 20)"""
MILK = """def milk_needed(millilitres: float, people: int, guests: int) -> float:
    return millilitres / people * guests

milk_needed(350, 4, 7)"""
HOTEL_ZH = """def hotel_cost(price_per_night: float, nights: int) -> float:
    return price_per_night * nights

hotel_cost(300, None)"""
SORTED = """def sort_rows(data: list[dict]) -> list[dict]:
    return sorted(data, key=lambda row: row["amount"], reverse=True)

sort_rows(data)"""
BROKEN = """def share(total: float, people: int) -> float:
    whole = int(total)
    return whole / people

share(90, 0)"""


class Hesitant(Scripted):
    """Says what it was told to, and is unsure where it says `growth`."""

    def complete(self, *given: Any, **named: Any) -> Completion:
        said = super().complete(*given, **named)
        tokens = tuple(
            replace(token, logprob=-0.9) if "growth" in token.text else token
            for token in said.tokens
        )
        return replace(said, tokens=tokens)


TOLD = {
    "贷款": LOAN,
    "milk": MILK,
    "酒店": HOTEL_ZH,
    "hotel": HOTEL_ZH,
    "排序": SORTED,
    "Sort": SORTED,
    "90": BROKEN,
}
WORDS = {
    "zh": {
        "brand": "函匠",
        "text": "贷款 300000 元，年利率 3.6%，20 年等额本息，每月还多少？",
        "marks": ["300000", "3.6%", "20"],
        "first": "1755.33",
        "field": "years",
        "again": ("30", "1363.94"),
        "run": "运行",
        "compute": "计算",
        "hotel": "酒店每晚 300 元，我住店一共要付多少钱？",
        "nights": "三晚",
        "other": "English",
    },
    "en": {
        "brand": "Funcsmith",
        "text": "A recipe needs 350 ml of milk for 4 people. How much milk for 7 people?",
        "marks": ["350", "4", "7"],
        "first": "612.5",
        "field": "guests",
        "again": ("8", "700.0"),
        "run": "Run",
        "compute": "Compute",
        "hotel": "The hotel costs 300 dollars per night, how much do I pay in total?",
        "nights": "3 nights",
        "other": "中文",
    },
}


def shoot(page: Any, name: str, *, full: bool = True) -> None:
    if WRITES:
        SHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=full)


def ask(page: Any, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
    page.locator("#outcome article").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentence_to_result(serve: Any, visit: Any, language: str, size: str) -> None:
    """A sentence gives marks, result, code and evidence; a changed argument runs without the model."""
    words = WORDS[language]
    server = serve(Hesitant(TOLD))
    page = visit(server.url, language=language, size=size)
    assert page.locator(".brand").inner_text() == words["brand"]
    if size == "desktop":
        shoot(page, f"ask-{language}", full=False)

    ask(page, words["text"])

    assert page.locator(".sentence a.mark").all_inner_texts() == words["marks"]
    assert page.locator(".value.number").inner_text() == words["first"]
    assert page.locator(".code").is_visible() and page.locator("aside .verdict").is_visible()
    prompts = len(server.engine.prompts)
    page.locator(f".field[data-argument={words['field']}] input").fill(words["again"][0])
    page.get_by_role("button", name=words["run"], exact=True).click()
    page.locator(".value.number", has_text=words["again"][1]).wait_for()
    assert len(server.engine.prompts) == prompts
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    if (language, size) in (("zh", "desktop"), ("en", "phone")):
        shoot(page, f"outcome-{language}-{size}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_question_is_answered_in_place(serve: Any, visit: Any, language: str) -> None:
    """Where a value is missing it is asked for, and the answer completes the same sentence."""
    words = WORDS[language]
    page = visit(serve(Scripted(TOLD)).url, language=language, size="phone")

    ask(page, words["hotel"])
    answer = page.locator(".question input[type=text]")
    answer.wait_for()
    assert page.evaluate("document.activeElement.matches('[data-answer]')")
    if language == "zh":
        shoot(page, "question-zh-phone")
    answer.fill(words["nights"])
    answer.press("Enter")

    page.locator(".value.number", has_text="900").wait_for()
    assert words["hotel"] in page.locator(".earlier").inner_text()


def test_file_becomes_an_input_and_a_table_sorts(serve: Any, visit: Any) -> None:
    """A CSV is read in the browser, its result is a table, and a click sorts it by numbers."""
    page = visit(serve(Scripted(TOLD)).url, dark=True)
    rows = 'name,amount\n"Smith, Jo",9\nLi,100\n007,25.5\n'
    page.locator("[data-file]").set_input_files(
        {"name": "sales.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    )
    page.locator("[data-inputs] li").wait_for()
    assert "3 rows" in page.locator("[data-inputs]").inner_text()

    ask(page, "Sort data by amount, largest first")

    cells = page.locator("tbody td.figure")
    assert cells.all_inner_texts() == ["100", "25.5", "9"]
    assert page.locator("tbody td:first-child").all_inner_texts() == ["Li", "007", "Smith, Jo"]
    head = page.get_by_role("button", name="amount")
    head.click()
    assert cells.all_inner_texts() == ["9", "25.5", "100"]
    assert page.locator("th[aria-sort=ascending]").count() == 1
    head.click()
    assert cells.all_inner_texts() == ["100", "25.5", "9"]
    shoot(page, "table-en-dark")


def test_dropped_file_is_an_input(serve: Any, visit: Any) -> None:
    """A file that is dropped anywhere on the page is read."""
    page = visit(serve().url)
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(['[1, 2, 3]'], 'numbers.json', {type: 'application/json'}));
            document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true}));
        }"""
    )
    page.locator("[data-inputs] li", has_text="numbers.json").wait_for()
    page.get_by_role("button", name="Remove numbers.json").click()
    assert page.locator("[data-inputs] li").count() == 0


def test_failure_names_its_line(serve: Any, visit: Any) -> None:
    """Code that fails says at which line, and the line is marked on a click."""
    page = visit(serve(Scripted(TOLD)).url)

    ask(page, "Share 90 euros among 0 people")

    page.locator(".failure a", has_text="Line").click()
    assert "whole / people" in page.locator(".code li:target").inner_text()


def test_library_is_searched_run_and_emptied(serve: Any, visit: Any) -> None:
    """A kept function is found by a word, run in its form, and removed."""
    server = serve()
    source = 'def double(n: int) -> int:\n    """Twice a number.\n\n    >>> double(3)\n    6\n    """\n    return 2 * n\n'
    server.client.post("/api/library", json={"source": source})
    page = visit(f"{server.url}/library")
    page.locator("#search").fill("number")
    page.get_by_role("link", name="double").click()
    page.locator(".field input").fill("21")
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator(".value.number", has_text="42").wait_for()
    shoot(page, "function-en")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/library")
    page.locator(".empty").wait_for()


def test_history_shows_what_came_of_a_text(serve: Any, visit: Any) -> None:
    """A text of the history opens to its whole outcome, and its form still runs."""
    server = serve(Scripted(TOLD))
    server.client.post("/api/run", json={"text": WORDS["en"]["text"]})
    page = visit(f"{server.url}/history")
    page.locator("summary").first.click()
    page.locator(".past .value.number", has_text="612.5").wait_for()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Run without the model, in").wait_for()


def test_server_that_wants_a_key_is_given_it(serve: Any, visit: Any) -> None:
    """The key is asked for, kept in the tab alone, and sent with what the page asks."""
    server = serve(Scripted(TOLD))
    key = server.ring.add("reader", "run")
    page = visit(f"{server.url}/library")
    page.locator("[data-key] input").fill(key)
    page.locator("[data-key] button").click()
    page.locator(".empty").wait_for()
    assert page.evaluate("localStorage.length") == 0
    page.goto(server.url)
    ask(page, WORDS["en"]["text"])
    assert page.locator(".value.number").inner_text() == "612.5"


def test_language_and_theme_are_switched_and_kept(serve: Any, visit: Any) -> None:
    """Both switches hold on the next page."""
    server = serve()
    page = visit(server.url, language="zh")
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Switch light and dark").click()
    page.get_by_role("link", name="Library").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 21, 18)"


def test_keyboard_alone_is_enough(serve: Any, visit: Any) -> None:
    """From the sentence to a mark, to its field, to another run, without a pointer."""
    page = visit(serve(Scripted(TOLD)).url)
    ask(page, WORDS["en"]["text"])
    page.locator("a.mark").last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "integer.required.guests"
    page.keyboard.press("Control+A")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.locator(".value.number", has_text="700").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_serious(
    serve: Any, visit: Any, audit: Any, dark: bool, size: str
) -> None:
    """No serious or critical issue on any page, in light and in dark."""
    server = serve(Hesitant(TOLD))
    page = visit(server.url, language="zh", dark=dark, size=size)
    found = {"ask": audit(page)}
    ask(page, WORDS["zh"]["text"])
    found["outcome"] = audit(page)
    ask(page, WORDS["zh"]["hotel"])
    found["question"] = audit(page)
    for name, path, ready in (
        ("library", "/library", ".functions"),
        ("function", "/library/monthly_payment", ".code"),
        ("history", "/history", ".runs"),
    ):
        page.goto(server.url + path)
        page.locator(ready).wait_for()
        found[name] = audit(page)

    assert found == {name: [] for name in found}


def first_paint(page: Any) -> float:
    """Milliseconds from a visit's beginning to its first paint.

    Asked for again and again: Playwright's own waiting evaluates text inside the page, which the
    page's policy forbids.
    """
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"
        )
        if found:
            return float(found[0])
        page.wait_for_timeout(10)
    raise AssertionError("nothing was painted within ten seconds")


def test_first_paint_is_within_a_second(serve: Any, visit: Any) -> None:
    """The best of three first paints on loopback takes no more than a second."""
    server = serve()
    page = visit(server.url)
    paints = []
    for _ in range(3):
        page.goto(server.url)
        paints.append(first_paint(page))

    assert min(paints) <= 1000
