"""Keys, and what comes from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from funcsmith.cli import main
from funcsmith.errors import HomeUnusable
from funcsmith.server.keys import KeyInvalid, KeyRing
from funcsmith.settings import settings

SOURCE = "def one() -> int:\n    return 1\n"


def command(*arguments: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert isinstance(left.value.code, int)
    return left.value.code


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_any_bearer_is_accepted_without_keys(serve: Any) -> None:
    """On this machine, while no key exists, none is wanted."""
    server = serve()

    assert server.client.get("/api/stats").status_code == 200
    assert server.client.get("/api/stats", headers=bearer("whatever")).status_code == 200


def test_with_a_key_everyone_needs_one(serve: Any) -> None:
    """Once a key exists the server wants it, from the next request on; a revoked one is none."""
    server = serve()
    key = server.ring.add("laptop", "read")

    refused = server.client.get("/api/stats")
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "key_missing")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert server.client.get("/api/stats", headers=bearer(key + "x")).status_code == 401
    assert server.client.get("/metrics").status_code == 401
    assert server.client.get("/api/stats", headers=bearer(key)).status_code == 200
    server.ring.revoke("laptop")
    assert server.client.get("/api/stats", headers=bearer(key)).status_code == 401


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [("read", [200, 403, 403]), ("run", [200, 200, 403]), ("write", [200, 200, 201])],
)
def test_scope_bounds_what_a_key_may(serve: Any, scope: Any, allowed: list[int]) -> None:
    """A key does what its scope says, and what lies below it."""
    server = serve()
    headers = bearer(server.ring.add("k", scope))
    execute = {"function": "one", "source": SOURCE}

    answers = [
        server.client.get("/api/library", headers=headers),
        server.client.post("/api/execute", json=execute, headers=headers),
        server.client.post("/api/library", json={"source": SOURCE}, headers=headers),
    ]

    assert [answer.status_code for answer in answers] == allowed


def test_tenants_have_their_own_libraries(serve: Any) -> None:
    """What one tenant keeps, another does not see."""
    server = serve()
    mine = bearer(server.ring.add("a", "write", tenant="red"))
    theirs = bearer(server.ring.add("b", "write", tenant="blue"))
    server.client.post("/api/library", json={"source": SOURCE}, headers=mine)

    assert [f["name"] for f in server.client.get("/api/library", headers=mine).json()] == ["one"]
    assert server.client.get("/api/library", headers=theirs).json() == []


def test_rate_of_a_key(serve: Any) -> None:
    """A key that has used up its minute is told when to come again."""
    server = serve()
    headers = bearer(server.ring.add("k", "read", per_minute=2))

    answers = [server.client.get("/api/stats", headers=headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8000"},
        {"Host": ""},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_requests_from_elsewhere_are_refused(serve: Any, headers: dict[str, str]) -> None:
    """A name that is not ours, or a browser on another page, is refused before anything runs."""
    server = serve()

    answer = server.client.post(
        "/api/execute", json={"function": "one", "source": SOURCE}, headers=headers
    )

    assert answer.status_code in (400, 403)
    assert not (settings().home / "audit.jsonl").exists()
    assert "access-control-allow-origin" not in answer.headers


def test_a_page_that_was_allowed(serve: Any) -> None:
    """A page that the owner named may ask, and no other header of it is trusted."""
    server = serve(origins=["https://mine.example"])
    headers = {"Origin": "https://mine.example", "Sec-Fetch-Site": "cross-site"}

    answer = server.client.post(
        "/api/execute", json={"function": "one", "source": SOURCE}, headers=headers
    )
    before = server.client.options("/api/execute", headers=headers)

    assert (answer.status_code, before.status_code) == (200, 204)
    assert answer.headers["access-control-allow-origin"] == "https://mine.example"


@pytest.mark.parametrize(
    "path", ["/api/library/..%2f..%2fkeys", "/api/library/%2e%2e", "/../keys.json"]
)
def test_paths_lead_nowhere_else(serve: Any, path: str) -> None:
    """A name that climbs out of the library is no function."""
    server = serve()
    server.ring.add("k", "read")
    key = server.ring.add("j", "admin")

    answer = server.client.get(path, headers=bearer(key))

    assert answer.status_code == 404
    assert "sha256" not in answer.text


def test_audit_says_who_ran_what(serve: Any) -> None:
    """Every run is one line: key, hash of the code, grants, end; no value of it."""
    server = serve()
    headers = bearer(server.ring.add("laptop", "run"))

    server.client.post("/api/execute", json={"function": "one", "source": SOURCE}, headers=headers)

    (line,) = (settings().home / "audit.jsonl").read_text().splitlines()
    found = json.loads(line)
    assert (found["key"], found["action"], found["function"]) == ("laptop", "execute", "one")
    assert (len(found["sha256"]), found["grants"], found["status"]) == (64, [], "ok")


def test_keys_are_kept_as_hashes(tmp_path: Path) -> None:
    """The file holds no key, is the owner's alone, and a damaged one lets nobody in."""
    ring = KeyRing(tmp_path)
    key = ring.add("laptop", "run")

    assert key not in ring.path.read_text()
    assert ring.path.stat().st_mode & 0o077 == 0
    assert ring.of(key) is not None
    assert KeyRing(tmp_path).of(key[:-1]) is None
    with pytest.raises(KeyInvalid):
        ring.add("laptop", "read")
    with pytest.raises(KeyInvalid):
        ring.add("a b", "read")
    with pytest.raises(KeyInvalid):
        ring.add("x", "read", tenant="../y")
    ring.path.write_text("{")
    with pytest.raises(HomeUnusable):
        KeyRing(tmp_path).of(key)


def test_network_wants_a_key_first(capsys: pytest.CaptureFixture[str]) -> None:
    """A server that others can reach does not start without a key."""
    assert command("serve", "--host", "0.0.0.0", "--port", "0") == 2

    assert "funcsmith keys add" in capsys.readouterr().err


def test_keys_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A key is printed once, alone; listed by its name; revoked."""
    assert command("keys", "add", "laptop", "--scope", "read") == 0
    key = capsys.readouterr().out.strip()

    found = KeyRing(settings().home).of(key)
    assert found is not None
    assert (found.name, found.scope) == ("laptop", "read")
    assert command("keys", "list") == 0
    listed = capsys.readouterr().out
    assert "laptop" in listed
    assert key not in listed
    assert command("keys", "revoke", "laptop") == 0
    assert KeyRing(settings().home).of(key) is None
