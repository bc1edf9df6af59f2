"""The system's Chromium over a real server; skipped, with the reason, where there is none."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("there is no Chromium here: tests/server/browser/install.sh")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=path,
            # The fence that matters here is that no name but this machine's is looked up.
            args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Any]]:
    """A page of a server, in a language and a size; its complaints fail the test."""
    contexts = []
    complaints: list[str] = []

    def asks(address: str, here: str) -> None:
        where = urlsplit(address)
        if where.scheme != "data" and where.netloc != here:
            complaints.append(f"asked {address}")

    def opened(url: str, *, language: str = "en", size: str = "desktop", dark: bool = False) -> Any:
        width, height = SIZES[size]
        context = chromium.new_context(
            locale=LOCALES[language],
            viewport={"width": width, "height": height},
            device_scale_factor=1,
            color_scheme="dark" if dark else "light",
            has_touch=size == "phone",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "the server responded with a status" not in said.text
                else None
            ),
        )
        page.on("request", lambda asked: asks(asked.url, urlsplit(url).netloc))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def audit() -> Callable[[Any], list[str]]:
    """What axe-core finds on a page that is serious or critical."""
    source = gzip.decompress((HERE / "axe.min.js.gz").read_bytes()).decode()

    def found(page: Any) -> list[str]:
        # evaluate() goes by the debugger, so the page's own policy stays as strict as it is.
        page.evaluate(source)
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    return found
