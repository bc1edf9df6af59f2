"""Code that its owner writes, by REST and on the page: checked, judged, a version, nothing lost."""

from __future__ import annotations

import hashlib
from typing import Any

DOUBLE = 'def double(n: int) -> int:\n    """Twice a number.\n\n    >>> double(3)\n    6\n    """\n    return 2 * n\n'
PAGE = "/page/library/double/source"


def kept(server: Any) -> None:
    body = {"source": DOUBLE, "text": "twice 4"}
    assert server.client.post("/api/library", json=body).status_code == 201


def shown(server: Any) -> Any:
    return server.client.get("/api/library/double").json()


def test_saving_judges_the_code_again(serve: Any, harmless: Any) -> None:
    """What holds is tested, what does not is unverified; each is a version, and the texts stay."""
    server = serve()
    kept(server)

    good = server.client.post(PAGE, data={"source": DOUBLE.replace("2 * n", "n + n")})
    verdicts = [shown(server)["verdict"]]
    bad = server.client.post(PAGE, data={"source": DOUBLE.replace("2 * n", "3 * n")})
    verdicts.append(shown(server)["verdict"])

    assert good.headers["hx-retarget"] == "#function"
    assert "Saved as a version of its own. tested" in harmless(good.text)
    assert "Saved as a version of its own. unverified" in harmless(bad.text)
    assert "Examples that do not hold: 1" in harmless(bad.text)
    assert verdicts == ["tested", "unverified"]
    assert (shown(server)["texts"], shown(server)["origin"]) == (["twice 4"], "given")
    versions = server.client.get("/api/library/double/versions").json()
    assert [(one["cause"], one["verdict"]) for one in versions] == [
        ("saved", "tested"), ("edited", "tested"), ("edited", "unverified"),
    ]  # fmt: skip
    assert server.engine.prompts == []


def test_comment_alone_is_saved_too(serve: Any) -> None:
    """Code that does the same is saved as it was written; the same text is no version."""
    server = serve()
    kept(server)
    commented = DOUBLE.replace("    return", "    # twice\n    return")

    first = server.client.post("/api/library/double/source", json={"source": commented}).json()
    again = server.client.post("/api/library/double/source", json={"source": commented}).json()

    assert first["function"]["source"] == commented
    assert (first["changed"], first["function"]["verdict"]) == (True, "tested")
    assert again["changed"] is False
    assert len(server.client.get("/api/library/double/versions").json()) == 2


def test_syntax_error_names_its_line_and_saves_nothing(serve: Any, harmless: Any) -> None:
    """The line is said beside the editor, in the reader's language; the function is what it was."""
    server = serve()
    kept(server)
    data = {"source": DOUBLE + "    return (\n"}

    answer = server.client.post(PAGE, data=data, headers={"Accept-Language": "zh"})

    assert answer.status_code == 422 and "hx-retarget" not in answer.headers
    assert 'data-go-line="8"' in answer.text and "第 8 行" in harmless(answer.text)
    assert shown(server)["source"] == DOUBLE


def test_another_function_is_not_put_in_its_place(serve: Any) -> None:
    """Code that does not define the function is refused, and says what it defines."""
    server = serve()
    kept(server)

    answer = server.client.post(
        PAGE, data={"source": "def triple(n: int) -> int:\n    return 3 * n\n"}
    )

    assert answer.status_code == 422 and "triple" in answer.text
    assert shown(server)["source"] == DOUBLE


def test_change_made_meanwhile_is_not_written_over(serve: Any) -> None:
    """Whoever began with other code than is there now is told, and nothing is saved."""
    server = serve()
    kept(server)
    base = hashlib.sha256(DOUBLE.encode()).hexdigest()
    mine = {"source": DOUBLE.replace("2 * n", "n * 2"), "base": base}
    other = DOUBLE.replace("2 * n", "n + n")

    first = server.client.post(PAGE, data={"source": other, "base": base})
    second = server.client.post(PAGE, data=mine)

    assert (first.status_code, second.status_code) == (200, 409)
    assert shown(server)["source"] == other


def test_what_the_check_refuses_is_said(serve: Any, harmless: Any) -> None:
    """What the check objects to is kept and said with its line; the evidence tells how it runs."""
    server = serve()
    kept(server)
    reaching = DOUBLE.replace("    return", '    open("/etc/passwd").read()\n    return')

    answer = server.client.post(PAGE, data={"source": reaching})

    said = harmless(answer.text)
    assert "The check objects to this." in said and "line 7: " in said
    rest = server.client.post(
        "/api/library/double/source", json={"source": reaching}, headers={"Accept-Language": "zh"}
    )
    assert [one[:6] for one in rest.json()["findings"]] == ["第 7 行："]
    assert shown(server)["verdict"] == "unverified"


def test_hidden_characters_are_not_saved_otherwise(serve: Any) -> None:
    """Code that a page would show otherwise than it is gets no editor."""
    server = serve()
    source = DOUBLE.replace("Twice a number.", "Twice a number\u202e.")
    server.client.post("/api/library", json={"source": source})

    page = server.client.get("/page/library/double").text

    assert "<textarea" not in page and "edit its file" in page


def test_writing_wants_the_scope_to_write(serve: Any) -> None:
    """A key that may run changes no code."""
    server = serve()
    kept(server)
    headers = {"Authorization": f"Bearer {server.ring.add('runs', 'run')}"}

    assert server.client.post(PAGE, data={"source": DOUBLE}, headers=headers).status_code == 403
    assert server.client.post(PAGE, data={"source": DOUBLE}).status_code == 401
