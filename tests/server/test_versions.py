"""A function's versions, by REST and on its page: seen, compared, gone back to."""

from __future__ import annotations

import re
from typing import Any

DOUBLE = 'def double(n: int) -> int:\n    """Twice a number.\n\n    >>> double(3)\n    6\n    """\n    return 2 * n\n'
ADDED = DOUBLE.replace("2 * n", "n + n  # <b>")
EVIL_NAME = "%3Cimg%20src=x%3E"


def twice(server: Any, **headers: Any) -> None:
    """Keep a function and change it in its file."""
    server.client.post("/api/library", json={"source": DOUBLE}, headers=headers)
    library = server.service.library(server.service_key)
    library.add(ADDED, name="double", replace=True, verdict="runs")


def served(serve: Any) -> Any:
    from funcsmith.server.keys import OWNER

    server = serve()
    server.service_key = OWNER
    return server


def test_page_lists_compares_and_goes_back(serve: Any, harmless: Any) -> None:
    """Each version says when and what changed; one is compared with today's, and returned to."""
    server = served(serve)
    twice(server)
    page = server.client.get("/page/library/double").text
    ids = re.findall(r"/page/library/double/versions/([\w-]+)", page)

    older = server.client.get(f"/page/library/double/versions/{ids[1]}").text
    now = server.client.get(f"/page/library/double/versions/{ids[0]}").text
    back = server.client.post("/page/library/double/rollback", data={"version": ids[1]}).text

    said = " ".join(harmless(page).split())
    assert "Versions · 2" in said and "+1 −1 · runs · now" in said and "+7 −0 · tested" in said
    assert "-    return 2 * n" in harmless(older) and "+    return n + n  # <b>" in harmless(older)
    assert "Go back to version 1" in older and "Go back" not in now
    assert "This is version 1 again." in harmless(back) and "back to version 1" in harmless(back)
    assert server.client.get("/api/library/double").json()["source"] == DOUBLE
    assert server.client.get("/api/library/double").json()["verdict"] == "tested"
    assert server.engine.prompts == []


def test_rest_lists_and_goes_back(serve: Any) -> None:
    """The same by REST: a rollback is a new version."""
    server = served(serve)
    twice(server)

    back = server.client.post("/api/library/double/rollback", json={"version": 1})
    listed = server.client.get("/api/library/double/versions").json()

    assert (back.status_code, back.json()["source"]) == (200, DOUBLE)
    assert [(one["version"], one["cause"], one["of"]) for one in listed] == [
        (1, "saved", None), (2, "saved", None), (3, "rollback", 1),
    ]  # fmt: skip
    assert listed[1]["source"] == ADDED
    assert (
        server.client.post("/api/library/double/rollback", json={"version": 9}).status_code == 404
    )


def test_going_back_wants_the_scope_to_write(serve: Any) -> None:
    """Who may run may look at versions, and go back to none."""
    server = served(serve)
    twice(server)
    runs = {"Authorization": f"Bearer {server.ring.add('runs', 'run')}"}
    data = {"version": "1"}

    page = server.client.post("/page/library/double/rollback", data=data, headers=runs)
    rest = server.client.post("/api/library/double/rollback", json=data, headers=runs)

    assert (page.status_code, rest.status_code) == (403, 403)
    assert server.client.get("/page/library/double/versions/1", headers=runs).status_code == 200
    assert server.client.get("/page/library/double/versions/1").status_code == 401


def test_version_that_is_none_is_said(serve: Any, harmless: Any) -> None:
    """A version or a function that is not there is said, and is never markup."""
    server = served(serve)
    twice(server)

    for path in (f"double/versions/{EVIL_NAME}", f"{EVIL_NAME}/versions/1"):
        answer = server.client.get(f"/page/library/{path}")
        assert answer.status_code == 404 and 'role="alert"' in answer.text
        harmless(answer.text)
