"""The page over a real connection: what it lets a browser do, escaping, languages, keys."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from funcsmith.library.corrections import corrections
from funcsmith.models.scripted import Scripted
from funcsmith.server.page_words import EXAMPLES, PAGE_WORDS
from funcsmith.server.pieces import STATIC

from .conftest import CODE, FACTORIAL, Seen

FRAMES = ["/", "/library", "/library/x", "/history"]
EVIL = "<img src=x onerror=alert(1)>"
ENGLISH = {"Accept-Language": "en"}
TEMPLATES = STATIC.parent / "templates"


def outcome(server: Any, text: str, **more: Any) -> Seen:
    """The piece that the page shows for a text."""
    answer = server.client.post("/page/run", json={"text": text, **more})
    assert answer.headers["content-type"].startswith("text/event-stream")
    name, data = answer.text.strip().split("\n\n")[-1].split("\n")
    assert name == "event: outcome"
    return Seen(json.loads(data[6:])["html"])


@pytest.mark.parametrize("path", [*FRAMES, "/page/state", "/api/library", "/nowhere"])
def test_policy_is_strict(serve: Any, path: str) -> None:
    """Every answer forbids what is inline or from elsewhere, with no exception for anything."""
    policy = serve().client.get(path).headers["content-security-policy"]

    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"


@pytest.mark.parametrize("path", FRAMES)
def test_frames_keep_to_the_policy(serve: Any, path: str) -> None:
    """A page has no inline script or style, and its files come from here and are there."""
    server = serve()
    html = server.client.get(path).text
    seen = Seen(html)

    assert "style" not in seen.tags
    assert not [n for n, _ in seen.attributes if n == "style" or n.startswith("on")]
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    files = [v for n, v in seen.attributes if n in ("src", "href") and v and "/static/" in v]
    assert len(files) >= 5
    for file in files:
        assert server.client.get(file).status_code == 200
    assert not [v for n, v in seen.attributes if n in ("src", "href") and v and "//" in v]
    config = json.loads(_config(html))
    assert (config["allowEval"], config["includeIndicatorStyles"]) == (False, False)
    assert (config["allowScriptTags"], config["historyEnabled"]) == (False, False)


def _config(html: str) -> str:
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", html)
    assert found is not None
    return found[1]


def test_modules_import_only_what_is_here() -> None:
    """Every script that a script imports is a file beside it; none makes code of text."""
    for script in STATIC.glob("*.js"):
        text = script.read_text("utf-8")
        for name in re.findall(r'(?:import|from) "([^"]+)"', text):
            assert (STATIC / name).is_file()
        assert not re.search(r"\beval\(|new Function|document\.write|https?:", text)


@pytest.mark.parametrize("folder", [STATIC / "vendor", Path(__file__).parent / "browser"])
def test_vendored_files_are_what_they_say(folder: Path, root: Path) -> None:
    """Each has its recorded hash and its licence beside it; those that ship stand in NOTICE."""
    listed = json.loads((folder / "vendored.json").read_text("utf-8"))
    for name, told in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == told["sha256"]
        assert (folder / told["licence_file"]).stat().st_size > 100
        assert told["version"] in told["address"]
        if folder.name == "vendor":
            assert f"{told['name']} {told['version']}" in (root / "NOTICE").read_text("utf-8")
    if folder.name == "vendor":
        files = {path.name for path in folder.iterdir()}
        assert files == {
            *listed,
            *(one["licence_file"] for one in listed.values()),
            "vendored.json",
        }
    else:
        assert gzip.decompress((folder / "axe.min.js.gz").read_bytes()).startswith(b"/*! axe v")


def test_templates_turn_no_escaping_off() -> None:
    """No template declares anything safe, and none is left out of escaping."""
    for template in TEMPLATES.glob("*.html"):
        assert not re.search(r"\|\s*safe|autoescape|Markup", template.read_text("utf-8"))


@pytest.mark.parametrize(
    ("asked", "lang", "words"),
    [
        ("zh-CN,zh;q=0.9", "zh-Hans", "想算什么？"),
        ("en-GB", "en", "What shall we compute?"),
        ("fr", "en", "What shall we compute?"),
        ("", "en", "What shall we compute?"),
    ],
)
def test_page_speaks_the_browser_s_language(serve: Any, asked: str, lang: str, words: str) -> None:
    """Chinese for a Chinese browser, English for any other."""
    html = serve().client.get("/", headers={"Accept-Language": asked}).text

    assert f'<html lang="{lang}">' in html and words in html


def test_language_is_switched_and_kept(serve: Any) -> None:
    """The switch holds on later pages and in their pieces, whatever the browser says."""
    client = serve().client
    client.get("/?language=zh", headers={"Accept-Language": "en"})

    assert "函数库" in client.get("/library", headers={"Accept-Language": "en"}).text
    assert "还没有函数" in client.get("/page/library", headers={"Accept-Language": "en"}).text
    assert "set-cookie" not in client.get("/?language=<script>").headers


def test_words_are_in_both_languages() -> None:
    """Every entry has both languages, with the same places to fill in."""
    for key, (english, chinese) in PAGE_WORDS.items():
        assert english and chinese, key
        assert re.findall(r"{\w+}", english) == re.findall(r"{\w+}", chinese), key
    assert len(EXAMPLES["zh"]) == len(EXAMPLES["en"])


def test_every_word_is_said_somewhere() -> None:
    """No entry of the table is left over, and none is missing from it."""
    made = {f"kind_{kind}" for kind in ("function", "parameters", "ask", "none")}
    made |= {f"cause_{cause}" for cause in ("saved", "edited", "rollback", "restored")}
    made |= {"proven", "tested", "agreed", "runs", "unverified"}
    said = set()
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text("utf-8")
        for key, other in re.findall(r"(?:say|caller)\('(\w+)'(?: if [\w.]+ else '(\w+)')?", text):
            said |= {key, other} - {"", "kind_", "cause_"}
    for module in STATIC.parent.glob("*.py"):
        said |= set(re.findall(r'page_say\(language, "(\w+)"', module.read_text("utf-8")))

    assert said <= set(PAGE_WORDS)
    assert set(PAGE_WORDS) - made <= said


def test_outcome_has_marks_form_code_and_evidence(serve: Any) -> None:
    """The sentence's value is marked and linked to its field, with code and evidence beside it."""
    server = serve(Scripted().enqueue(CODE))
    outcome(server, FACTORIAL)

    seen = outcome(server, "10 的阶乘")

    names = [value for name, value in seen.attributes if name == "data-argument"]
    assert names == ["n", "n"]
    assert ("href", next(f"#{v}" for n, v in seen.attributes if n == "id" and v and v.endswith("-n"))) in seen.attributes  # fmt: skip
    assert "3628800" in seen.said and "for factor in range" in seen.said
    assert "it ran without error" in seen.said


def test_answer_is_said_in_the_text_s_language(serve: Any) -> None:
    """Beside the bare value stands a sentence, in the language of the question."""
    server = serve(Scripted().enqueue(CODE))
    outcome(server, FACTORIAL)

    answer = server.client.post("/page/run", json={"text": "10 的阶乘"}, headers=ENGLISH)

    shown = json.loads(answer.text.strip().split("data: ")[-1])["html"]
    said = re.search(r'<p class="spoken">(.*?)</p>', shown)
    assert said is not None and "3628800" in said[1].replace(",", "") and "阶乘" in said[1]


def test_form_runs_without_the_model(serve: Any) -> None:
    """Changed arguments run at once; those that do not fit are refused in the reader's language."""
    server = serve(Scripted().enqueue(CODE))
    outcome(server, FACTORIAL)
    prompts = len(server.engine.prompts)
    fields = {"function": "factorial", "integer.required.n": "7"}

    good = server.client.post("/page/call", data=fields)
    bad = server.client.post(
        "/page/call", data={**fields, "integer.required.n": "x"}, headers={"Accept-Language": "zh"}
    )

    assert "<output>5040</output>" in good.text
    assert bad.status_code == 422 and "n：“x”不是整数。" in bad.text
    assert len(server.engine.prompts) == prompts


def test_reader_corrects_an_answer(serve: Any) -> None:
    """The form's values as they are now are kept with the sentence; so is that another was meant."""
    server = serve()
    server.client.post(
        "/api/library", json={"source": "def double(n: int) -> int:\n    return 2 * n\n"}
    )
    fields = {"function": "double", "text": json.dumps("double <four>"), "integer.required.n": "4"}

    good = server.client.post("/page/correction", data={**fields, "what": "arguments"})
    other = server.client.post("/page/correction", data={**fields, "what": "rejected"})
    bad = server.client.post(
        "/page/correction", data={**fields, "what": "arguments", "integer.required.n": "x"}
    )

    assert "Kept to learn from" in good.text and other.status_code == 200
    assert bad.status_code == 422
    kept = [
        (one.text, one.what, one.arguments) for one in corrections(server.service.settings.home)
    ]
    assert kept == [("double <four>", "arguments", {"n": 4}), ("double <four>", "rejected", {})]


def test_function_that_is_not_kept_runs_from_the_form(serve: Any) -> None:
    """A function that was not saved goes with its form, and runs in the fence all the same."""
    source = "def peek(path: str) -> str:\n    return open(path).read()\n"
    fields = {
        "function": "peek",
        "source": json.dumps(source),
        "text.required.path": "/etc/passwd",
    }

    answer = serve().client.post("/page/call", data=fields)

    assert answer.status_code == 200 and "root:" not in answer.text
    assert 'class="failure"' in answer.text


@pytest.mark.parametrize(
    "body", [b"\xff", b"a=%FF", b"function=f&source=1", b"&".join([b"a=1"] * 600)]
)
def test_forms_that_are_none_are_refused(serve: Any, body: bytes) -> None:
    """Bytes that are no form are refused in a piece of the page."""
    answer = serve().client.post("/page/call", content=body)

    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_question_carries_what_it_needs(serve: Any) -> None:
    """A question has a place for its answer, and the outcome that the answer belongs to."""
    hotel = """def hotel_cost(price_per_night: float, nights: int) -> float:
    return price_per_night * nights

hotel_cost(300, None)"""
    server = serve(Scripted().enqueue(*[hotel] * 6))

    seen = outcome(server, "酒店每晚 300 元，我住店一共要付多少钱？")
    previous = json.loads(_value(seen, "previous"))
    answered = outcome(server, "三晚", previous=previous)

    assert previous["missing"] == ["nights"]
    assert "900" in answered.said


def _value(seen: Seen, name: str) -> str:
    at = seen.attributes.index(("name", name))
    return next(value or "" for key, value in seen.attributes[at:] if key == "value")


@pytest.mark.parametrize("evil", [EVIL, '"><script>alert(1)</script>', "' onmouseover='alert(1)", "{{ 7*7 }}", "<a hx-get=/x>", "\u202etxt.exe"])  # fmt: skip
def test_what_was_typed_or_written_is_never_markup(serve: Any, harmless: Any, evil: str) -> None:
    """A sentence, a text value, a result and what was printed, each with markup in it."""
    echo = f"def echo(s: str) -> str:\n    print(s)\n    return s + s\n\necho({evil!r})"
    server = serve(Scripted({evil: echo, "echo": echo}))

    seen = outcome(server, f"重复“{evil}”两次")

    harmless(seen.html)
    assert "7*7" not in evil or "49" not in seen.said
    assert "\u202e" not in seen.said
    past = [f"/page/history/{one['id']}" for one in server.client.get("/api/runs").json()]
    for path in ("/page/history", *past, "/page/library"):
        harmless(server.client.get(path).text)


def test_hostile_function_is_never_markup(serve: Any, harmless: Any) -> None:
    """Names, docstrings, descriptions, texts, defaults and choices of a function with markup."""
    server = serve()
    source = (
        "from typing import Literal\n\n\n"
        f"def evil(a: str, kind: Literal[{EVIL!r}, 'b'] = 'b', s: str = {EVIL!r}) -> list[dict]:\n"
        f'    """{EVIL}\n\n    a: {EVIL}\n\n    >>> evil({EVIL!r})\n    []\n    """\n'
        f"    # {EVIL}\n"
        f"    print({EVIL!r})\n"
        f"    if a == 'fail':\n        raise ValueError({EVIL!r})\n"
        f"    return [{{{EVIL!r}: {EVIL!r}}}]\n"
    )
    added = server.client.post("/api/library", json={"source": source, "text": EVIL})
    assert added.status_code == 201

    fields = {"function": "evil", "text.required.a": EVIL, "prefix": '"><script>'}
    failing = {**fields, "text.required.a": "fail"}
    for answer in (
        server.client.get("/page/library/evil"),
        server.client.get("/page/library", params={"search": EVIL}),
        server.client.post("/page/call", data=fields),
        server.client.post("/page/call", data=failing),
        server.client.post("/page/call", data={"function": EVIL}),
        server.client.get("/page/library/%3Cimg%20src=x%20onerror=alert(1)%3E"),
    ):
        harmless(answer.text)
    assert EVIL in Seen(server.client.post("/page/call", data=fields).text).said


@pytest.mark.parametrize("path", ["/?text=%3C/textarea%3E%3Cscript%3E", "/library/%3Cscript%3E", "/?language=%22%3E%3Cscript%3E"])  # fmt: skip
def test_address_is_never_markup(serve: Any, path: str) -> None:
    """What stands in the address stays text."""
    html = serve().client.get(path).text

    assert "<script>" not in html


def test_editing_shows_the_difference(serve: Any) -> None:
    """A change by a sentence shows the difference, and an example given up needs a second word."""
    server = serve()
    double = 'def double(n: int) -> int:\n    """Twice a number.\n\n    >>> double(3)\n    6\n    """\n    return 2 * n\n'
    triple = "def double(n: int) -> int:\n    return 3 * n\n\ndouble(3)"
    server.client.post("/api/library", json={"source": double})
    server.engine.enqueue(*[triple] * 12)

    first = server.client.post("/page/library/double/edit", data={"text": "three times"}).text
    kept = server.client.get("/api/library/double").json()["source"]
    again = {"text": "three times", "on_purpose": "yes"}
    server.client.post("/page/library/double/edit", data=again)

    assert "Not saved" in first and "+    return 3 * n" in Seen(first).said
    assert "-    return 2 * n" in Seen(first).said
    assert kept == double
    assert "3 * n" in server.client.get("/api/library/double").json()["source"]
    versions = Seen(server.client.get("/page/library/double").text)
    assert "Versions · 2" in versions.said


def test_key_is_asked_for_by_every_piece(serve: Any) -> None:
    """Where keys exist the frames are empty and open, the pieces closed, and a form asks for it."""
    server = serve()
    key = server.ring.add("reader", "read")
    closed = [
        server.client.get(path)
        for path in ("/page/library", "/page/library/x", "/page/history", "/page/history/1")
    ] + [
        server.client.post(path, content=b'{"text": "1+1"}' if path == "/page/run" else b"")
        for path in ("/page/run", "/page/call", "/page/library/x/edit", "/page/library/x/remove")
    ]

    assert [answer.status_code for answer in closed] == [401] * len(closed)
    assert all("data-key" in answer.text for answer in closed)
    assert server.client.get("/page/counts").status_code == 204
    assert [server.client.get(path).status_code for path in FRAMES] == [200] * 4
    bearer = {"Authorization": f"Bearer {key}"}
    assert server.client.get("/page/library", headers=bearer).status_code == 200
    refused = server.client.post("/page/library/x/remove", headers=bearer)
    assert refused.status_code == 403 and 'role="alert"' in refused.text


@pytest.mark.parametrize("path", ["/page/run", "/page/call", "/page/library/x/remove"])
def test_other_pages_cannot_use_it(serve: Any, path: str) -> None:
    """A form or a script of another page is refused before anything happens."""
    server = serve()
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert server.client.post(path, headers=headers, content=b"{}").status_code == 403


def test_tenant_sees_its_own_history(serve: Any) -> None:
    """Functions and texts of one tenant are not on another's page."""
    server = serve(Scripted().enqueue(CODE))
    one = {"Authorization": f"Bearer {server.ring.add('one', 'write', tenant='one')}"}
    two = {"Authorization": f"Bearer {server.ring.add('two', 'write', tenant='two')}"}
    server.client.post("/page/run", json={"text": FACTORIAL}, headers=one)

    assert "阶乘" in server.client.get("/page/history", headers=one).text
    assert "阶乘" not in server.client.get("/page/history", headers=two).text
    assert "factorial" not in server.client.get("/page/library", headers=two).text


@pytest.mark.parametrize("path", ["/static/../page.py", "/static/%2e%2e/page.py", "/static/..%2f..%2fsettings.py"])  # fmt: skip
def test_static_files_end_at_their_folder(serve: Any, path: str) -> None:
    """No path leads out of the folder of static files."""
    answer = serve().client.get(path)

    assert answer.status_code == 404 and "import" not in answer.text


def test_page_works_while_the_model_loads(serve: Any) -> None:
    """It says that the model loads, and a kept function runs meanwhile."""
    server = serve()
    server.client.post(
        "/api/library", json={"source": "def twice(n: int) -> int:\n    return 2 * n\n"}
    )
    server.service.ready = False
    fields = {"function": "twice", "integer.required.n": "4"}

    said = server.client.get("/page/state", headers={"Accept-Language": "zh"}).text

    assert "模型仍在加载" in said and 'hx-trigger="load delay:2s"' in said
    assert "<output>8</output>" in server.client.post("/page/call", data=fields).text
