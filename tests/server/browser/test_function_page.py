"""A kept function's page in a real browser, at both sizes: a file, its versions, its code."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from funcsmith.server.keys import OWNER

SHOTS = Path(os.environ.get("FUNCSMITH_LOOK", "/nowhere"))
"""Where pictures go for whoever wants to look; an ordinary run takes none."""
TAXED = '''def taxed(price: float, rate: float = 0.13) -> float:
    """A price with tax.

    >>> taxed(100)
    113.0
    """
    return round(price * (1 + rate), 2)
'''
DROP = """rows => {
    const data = new DataTransfer();
    data.items.add(new File([rows], 'prices.csv', {type: 'text/csv'}));
    document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true}));
}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(page: Any, name: str) -> None:
    if SHOTS.is_dir():
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def shown(serve: Any, visit: Any, source: str = TAXED, **how: Any) -> tuple[Any, Any]:
    """The page of a function that was just kept, and its server."""
    server = serve()
    server.client.post("/api/library", json={"source": source})
    page = visit(f"{server.url}/library/taxed", **how)
    page.locator(".code").wait_for()
    return page, server


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "language", "dark"), [("desktop", "zh", False), ("phone", "en", True)]
)
def test_file_is_gone_over_and_fetched(
    serve: Any, visit: Any, audit: Any, size: str, language: str, dark: bool, tmp_path: Path
) -> None:
    """A chosen or dropped file shows its columns, its rows run, errors stand beside them, the result is saved."""
    page, server = shown(serve, visit, size=size, language=language, dark=dark)
    rows = "item,amount,note\ntea,10,green\nrice,x,\nsalt,2,fine\n"
    if size == "phone":
        page.locator("[data-rows-file]").set_input_files(
            {"name": "prices.csv", "mimeType": "text/csv", "buffer": rows.encode()}
        )
    else:
        page.evaluate(DROP, rows)
    column = page.locator(".columns").get_by_label("price", exact=True)
    column.wait_for()
    assert page.evaluate("document.activeElement.textContent") == "prices.csv"
    column.select_option("amount")
    rate = page.locator("select[name='from.rate']")
    assert not page.locator(".fixed[name='value.rate']").is_visible()
    rate.select_option("value")
    page.locator(".fixed[name='value.rate']").fill("0.5")
    look(page, f"rows-chosen-{size}")
    page.locator(".columns button").click()
    page.locator(".applied").wait_for()

    assert "price: not a number (x)" in page.locator(".applied table").first.inner_text()
    assert page.locator(".applied table").last.locator("td.made.figure").all_inner_texts() == [
        "15.0", "3.0",
    ]  # fmt: skip
    assert page.evaluate(OVERFLOW) == 0
    look(page, f"rows-done-{size}")
    assert audit(page) == []
    for again in (False, True):
        with page.expect_download() as download:
            page.locator("[data-rows-fetch]").click()
        assert download.value.suggested_filename == "prices-result.csv", again
        download.value.save_as(tmp_path / "result.csv")
        assert (tmp_path / "result.csv").read_text("utf-8").splitlines()[1] == "tea,10,green,15.0,"
    assert server.engine.prompts == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "language", "dark"), [("desktop", "en", True), ("phone", "zh", False)]
)
def test_version_is_gone_back_to_by_keyboard(
    serve: Any, visit: Any, audit: Any, size: str, language: str, dark: bool
) -> None:
    """The versions open, show what changed since, and lead back, without a pointer."""
    page, server = shown(serve, visit, size=size, language=language, dark=dark)
    changed = TAXED.replace("(price * (1 + rate), 2)", "(price + price * rate, 2)")
    server.service.library(OWNER).add(changed, name="taxed", replace=True)
    page.reload()
    page.locator(".versions > summary").press("Enter")
    page.locator(".versions li summary").last.press("Enter")
    page.locator(".versions .diff").wait_for()
    look(page, f"versions-{size}")
    assert audit(page) == []
    assert page.evaluate(OVERFLOW) == 0
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.locator(".versions .past button").press("Enter")
    page.locator(".notice").wait_for()

    assert len(asked) == 1 and "1" in asked[0]
    assert page.evaluate("document.activeElement.className") == "notice"
    assert "price * (1 + rate), 2)" in page.locator("ol.code").first.inner_text()
    look(page, f"went-back-{size}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("size", "language", "dark"), [("desktop", "zh", False), ("phone", "en", True)]
)
def test_code_is_edited_by_keyboard(
    serve: Any, visit: Any, audit: Any, size: str, language: str, dark: bool
) -> None:
    """Tab indents and Esc leaves; a syntax error loses nothing; what is saved has its verdict."""
    page, server = shown(serve, visit, size=size, language=language, dark=dark)
    page.locator(".by-hand summary").press("Enter")
    field = page.locator(".editor textarea")
    assert field.input_value() == TAXED
    field.press("Control+End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("\nif rate:\n(")
    typed = TAXED.rstrip("\n") + "\n    if rate:\n        (\n"
    assert field.input_value() == typed
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Z")
    assert field.input_value() == typed
    assert page.locator("[data-numbers]").inner_text().split() == [str(n) for n in range(1, 11)]
    field.press("Control+Enter")
    page.locator("[data-go-line]").wait_for()
    assert field.input_value() == typed
    look(page, f"editor-failed-{size}")
    assert audit(page) == []
    assert page.evaluate(OVERFLOW) == 0
    page.locator("[data-go-line]").press("Enter")
    assert page.evaluate("document.activeElement.name") == "source"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"

    field.fill(TAXED.replace("1 + rate", "2 + rate"))
    field.press("Control+Enter")
    page.locator(".notice .verdict.unverified").wait_for()
    look(page, f"editor-saved-{size}")
    assert "2 + rate" in page.locator("ol.code").first.inner_text()
    assert server.client.get("/api/library/taxed").json()["verdict"] == "unverified"
