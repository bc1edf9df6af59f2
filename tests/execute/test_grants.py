"""What a grant opens is open, what lies beside it stays closed."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funcsmith.errors import GrantInvalid
from funcsmith.execute import Grants, Sandbox, check, execute
from funcsmith.execute.broker import ASKED_BYTES, Broker, _is_fitting
from funcsmith.execute.sandbox import OTHERS_AT_MOST

READ = "def read(path):\n    with open(path) as file:\n        return file.read()\n"
FETCH = """\
from urllib.request import urlopen

def fetch(url):
    with urlopen(url, timeout=5) as answer:
        return answer.read().decode()
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "sales.csv").write_text("7\n")
    (tmp_path / "beside.txt").write_text("ESCAPED")
    (folder / "out").symlink_to(tmp_path / "beside.txt")
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"42")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running.server_address[1]
        running.shutdown()


def granted(sandbox: Sandbox, source: str, name: str, *given: Any, grants: Grants) -> Any:
    result = sandbox.granted(grants).call(source, name, {}, positional=given)
    return result.value if result.status == "ok" else (result.status, result.error)


# Reading


def test_a_granted_folder_is_read_and_nothing_beside_it(sandbox: Sandbox, data: Path) -> None:
    """Neither a file beside the folder, nor one that a link in it leads to, can be read."""
    grants = Grants.to(read=[data])

    assert granted(sandbox, READ, "read", str(data / "sales.csv"), grants=grants) == "7\n"
    for path in (data / "../beside.txt", data / "out", "/etc/passwd", data.parent):
        status, error = granted(sandbox, READ, "read", str(path), grants=grants)
        assert (status, "Permission denied" in error) == ("forbidden", True), path


def test_a_granted_file_is_read_alone(sandbox: Sandbox, data: Path) -> None:
    """The folder of a granted file is neither read nor listed."""
    (data / "other.csv").write_text("ESCAPED")
    grants = Grants.to(read=[data / "sales.csv"])

    assert granted(sandbox, READ, "read", str(data / "sales.csv"), grants=grants) == "7\n"
    assert granted(sandbox, READ, "read", str(data / "other.csv"), grants=grants)[0] == "forbidden"
    listing = "import os\ndef listed(path):\n    return os.listdir(path)\n"
    assert granted(sandbox, listing, "listed", str(data), grants=grants)[0] == "forbidden"


@pytest.mark.parametrize("mode", ["w", "a", "r+", "x"])
def test_reading_is_not_writing(sandbox: Sandbox, data: Path, mode: str) -> None:
    """A granted file cannot be written, made longer, cut or replaced."""
    source = f"def change(path):\n    with open(path, {mode!r}) as file:\n        file.write('1')\n"
    grants = Grants.to(read=[data])
    for name in ("sales.csv", "new.csv"):
        granted(sandbox, source, "change", str(data / name), grants=grants)
    removed = "import os\ndef gone(path):\n    os.remove(path)\n"

    assert granted(sandbox, removed, "gone", str(data / "sales.csv"), grants=grants)[0] == (
        "forbidden"
    )
    assert (data / "sales.csv").read_text() == "7\n"
    assert sorted(os.listdir(data)) == ["out", "sales.csv"]


def test_what_one_function_may_read_another_may_not(sandbox: Sandbox, data: Path) -> None:
    """A grant reaches no call that it was not given to, before or after."""
    path = str(data / "sales.csv")
    granted(sandbox, READ, "read", path, grants=Grants.to(read=[data]))

    result = sandbox.call(READ, "read", {"path": path})

    assert result.status == "forbidden"
    assert result.isolation is not None
    assert result.isolation.grants == []


def test_the_result_says_what_was_granted(sandbox: Sandbox, data: Path) -> None:
    """`isolation` names every grant, and the fence holds for all else."""
    result = sandbox.granted(Grants.to(read=[data])).call(READ, "read", {"path": "/etc/passwd"})

    assert result.isolation is not None
    assert result.isolation.grants == [f"read {data}"]
    assert all(result.isolation.features.values())


@pytest.mark.parametrize("abi", [1, 2, 3, 4, 5])
def test_grants_are_as_narrow_on_older_kernels(data: Path, server: int, abi: int) -> None:
    """With the Landlock of an older kernel a grant opens the same, and no more."""
    grants = Grants.to(read=[data], network=[f"127.0.0.1:{server}"])
    with Sandbox(landlock_abi=abi, grants=grants) as older:
        assert older.call(READ, "read", {"path": str(data / "sales.csv")}).value == "7\n"
        assert older.call(READ, "read", {"path": str(data / "out")}).status == "forbidden"
        assert older.call(FETCH, "fetch", {"url": f"http://127.0.0.1:{server}"}).value == "42"
        assert older.call(FETCH, "fetch", {"url": "http://127.0.0.1:1"}).value is None


def test_without_landlock_a_path_stays_closed(data: Path) -> None:
    """Where the kernel cannot tell one path from another, no path is opened."""
    with Sandbox(landlock_abi=0, grants=Grants.to(read=[data])) as older:
        assert older.call(READ, "read", {"path": str(data / "sales.csv")}).status == "forbidden"


@pytest.mark.parametrize("path", ["/", "/proc", "/proc/self", "/dev/null", "/sys"])
def test_the_kernels_own_files_are_never_granted(path: str) -> None:
    """Neither /proc, /sys and /dev, nor a folder that holds them."""
    with pytest.raises(GrantInvalid, match="never readable"):
        Grants.to(read=[path])


def test_our_home_is_never_granted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the home, nor what is in it, nor a folder that it is in; nor what is not there."""
    home = tmp_path / "people" / "home"
    home.mkdir(parents=True)
    (home / "library").mkdir()
    monkeypatch.setenv("FUNCSMITH_HOME", str(home))
    for path in (home, home / "library", home.parent):
        with pytest.raises(GrantInvalid, match="never readable"):
            Grants.to(read=[path])
    with pytest.raises(GrantInvalid, match="no such file"):
        Grants.to(read=[tmp_path / "nothing"])


def test_a_path_that_was_exchanged_is_no_longer_granted(data: Path, tmp_path: Path) -> None:
    """A link put where the granted file was is not followed."""
    kept = Grants.to(read=[data / "sales.csv"]).record()
    (data / "sales.csv").unlink()
    (data / "sales.csv").symlink_to(tmp_path / "beside.txt")

    with pytest.raises(GrantInvalid, match="leads elsewhere"):
        Grants.kept(kept)


# Network


def test_a_granted_host_answers(sandbox: Sandbox, server: int) -> None:
    """A function fetches from the host and port that it was granted, time after time."""
    grants = Grants.to(network=[f"127.0.0.1:{server}", f"localhost:{server}"])
    for host in ("127.0.0.1", "localhost", "127.0.0.1"):
        assert granted(sandbox, FETCH, "fetch", f"http://{host}:{server}/", grants=grants) == "42"


def test_no_other_host_or_port_is_reached(sandbox: Sandbox, server: int) -> None:
    """Another port, another name, and the same address by another name are refused."""
    grants = Grants.to(network=[f"127.0.0.1:{server}"])
    for url in (
        f"http://127.0.0.1:{server + 1}/",
        f"http://localhost:{server}/",
        f"http://127.1:{server}/",
        f"http://0:{server}/",
        "http://example.com/",
    ):
        status, error = granted(sandbox, FETCH, "fetch", url, grants=grants)
        assert (status, "is not granted" in error) == ("error", True), (url, error)


ROUND_THE_BROKER = """\
import _socket, ctypes, os, struct, socket

def attack(port, other):
    libc = ctypes.CDLL(None, use_errno=True)
    out = []
    def tried(what, answer):
        if answer >= 0:
            out.append(what)
    address = struct.pack("=H", 2) + other.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
    for family, kind in ((2, 1), (2, 2), (10, 1), (1, 1), (16, 3), (17, 3), (40, 1)):
        tried(f"socket {family} {kind}", libc.socket(family, kind, 0))
    made = socket.create_connection(("127.0.0.1", port))
    tried("connect elsewhere", libc.connect(made.fileno(), address, 16))
    tried("disconnect", libc.connect(made.fileno(), bytes(16), 16))
    tried("bind", libc.bind(made.fileno(), address, 16))
    tried("listen", libc.listen(made.fileno(), 1))
    tried("accept", libc.accept(made.fileno(), None, None))
    tried("fast open", libc.sendto(made.fileno(), b"x", 1, 0x20000000, address, 16))
    tried("filter", libc.setsockopt(made.fileno(), 1, 26, bytes(16), 16))
    tried("upper layer", libc.setsockopt(made.fileno(), 6, 31, b"tls", 3))
    made.shutdown(socket.SHUT_RDWR)
    tried("fast open once shut", libc.sendto(made.fileno(), b"x", 1, 0x20000000, address, 16))
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(socket.AF_INET, kind)
            out.append(f"kind {kind}")
        except OSError:
            pass
    try:
        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        out.append("server")
    except OSError:
        pass
    return out
"""


def test_no_way_leads_round_the_broker(sandbox: Sandbox, server: int) -> None:
    """With a host granted, no socket is made, pointed elsewhere, listened on or given filters."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.setblocking(False)
        grants = Grants.to(network=[f"127.0.0.1:{server}"])
        given = (server, other.getsockname()[1])

        assert granted(sandbox, ROUND_THE_BROKER, "attack", *given, grants=grants) == []
        with pytest.raises(BlockingIOError):
            other.accept()


def test_a_broker_that_is_flooded_stops_answering(sandbox: Sandbox, server: int) -> None:
    """Nonsense and too many connections end the asking; the next call is served again."""
    flood = """\
import os, socket

def flood(port):
    for said in (b"", b" ", b"x" * 299, bytes(300), b"127.0.0.1 99999999999", b"\\xff\\xff 80"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, os.dup(3)) as broker:
            broker.send(said or b"?")
            broker.recv(100)
    held = []
    try:
        for _ in range(1000):
            held.append(socket.create_connection(("127.0.0.1", port)))
    except OSError:
        pass
    return len(held)
"""
    grants = Grants.to(network=[f"127.0.0.1:{server}"])

    assert granted(sandbox, flood, "flood", server, grants=grants) <= 64
    url = f"http://127.0.0.1:{server}/"
    assert granted(sandbox, FETCH, "fetch", url, grants=grants) == "42"


def test_nothing_of_a_broker_is_left(sandbox: Sandbox, server: int) -> None:
    """After granted calls there are as many descriptors and threads as before."""
    grants = Grants.to(network=[f"127.0.0.1:{server}"])
    url = f"http://127.0.0.1:{server}/"
    granted(sandbox, FETCH, "fetch", url, grants=grants)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        assert granted(sandbox, FETCH, "fetch", url, grants=grants) == "42"
    for thread in threading.enumerate():
        if thread.name == "funcsmith-broker":
            thread.join(2)

    assert "funcsmith-broker" not in {thread.name for thread in threading.enumerate()}
    assert len(os.listdir("/proc/self/fd")) <= before


@pytest.mark.parametrize(
    ("host", "address", "fits"),
    [
        ("api.example.com", "93.184.216.34", True),
        ("intranet.example.com", "10.1.2.3", True),
        ("evil.example.com", "127.0.0.1", False),
        ("evil.example.com", "127.9.9.9", False),
        ("evil.example.com", "::1", False),
        ("evil.example.com", "::ffff:127.0.0.1", False),
        ("evil.example.com", "0.0.0.0", False),
        ("evil.example.com", "169.254.169.254", False),
        ("evil.example.com", "fe80::1%eth0", False),
        ("localhost", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("169.254.169.254", "169.254.169.254", True),
    ],
)
def test_a_name_is_not_this_machine(host: str, address: str, fits: bool) -> None:
    """Whoever answers for a granted name cannot point it at this machine or its link."""
    assert _is_fitting(host, address) is fits


@given(st.binary(min_size=1, max_size=ASKED_BYTES))
def test_a_broker_bears_any_question(said: bytes) -> None:
    """Whatever a call asks, the broker answers or refuses."""
    broker = Broker(["127.0.0.1:1"])
    try:
        broker.theirs.send(said)
        broker.theirs.settimeout(5)
        assert broker.theirs.recv(100) in (b"refused", b"unreachable")
    finally:
        broker.close()


@given(st.text(max_size=40))
def test_a_host_is_a_host_and_a_port(said: str) -> None:
    """What is granted is `host:port` with a real port, or nothing."""
    try:
        places = Grants.to(network=[said]).network
    except GrantInvalid:
        return
    for place in places:
        host, _, port = place.rpartition(":")
        assert host == host.lower()
        assert 0 < int(port) < 65_536


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("API.Example.com", ("api.example.com:443", "api.example.com:80")),
        ("api.example.com:8443", ("api.example.com:8443",)),
        ("[::1]:8000", ("[::1]:8000",)),
        ("10.0.0.7:5432", ("10.0.0.7:5432",)),
        ("例子.中国:80", ("例子.中国:80",)),
    ],
)
def test_hosts(said: str, places: tuple[str, ...]) -> None:
    """A host without a port is that of https and http."""
    assert Grants.to(network=[said]).network == places


@pytest.mark.parametrize("said", ["", "a b", "http://a.de", "a/b", "a:0", "a:99999", "*", "-a"])
def test_what_is_no_host(said: str) -> None:
    """An address of a page, a pattern or a port alone is refused."""
    with pytest.raises(GrantInvalid, match="not a host"):
        Grants.to(network=[said])


# Packages


def test_a_granted_package_is_imported_with_what_it_requires(sandbox: Sandbox) -> None:
    """httpx works, which needs httpcore, anyio and more; pygments, not granted, does not."""
    source = "import httpx\ndef f():\n    return httpx.URL('http://a.de/b').path\n"
    other = "import pygments\ndef f():\n    return 1\n"
    grants = Grants.to(packages=["httpx"])

    assert granted(sandbox, source, "f", grants=grants) == "/b"
    assert granted(sandbox, other, "f", grants=grants)[1].startswith("ModuleNotFoundError")
    assert sandbox.call(source, "f", {}).error == (
        "ModuleNotFoundError: No module named 'httpx' (line 1)"
    )


@pytest.mark.parametrize("name", ["no_such_package_here", "a b", "../httpx", ""])
def test_a_package_that_is_not_there_is_not_granted(name: str) -> None:
    """It has to be installed, and its name has to be one."""
    with pytest.raises(GrantInvalid, match="is not installed"):
        Grants.to(packages=[name])


# The check, and the sandboxes


def test_the_check_knows_what_is_granted(data: Path) -> None:
    """What a grant opens the check lets pass; what lies beside it stays refused."""
    reading, reaching = Grants.to(read=[data]), Grants.to(network=["a.de"])
    imported = "import httpx\ndef f():\n    return httpx.URL('http://a.de')\n"

    assert [one.construct for one in check(READ)] == ["open"]
    assert check(READ, grants=reading) == []
    assert [one.construct for one in check(FETCH, grants=reading)] == ["import urllib.request"]
    assert check(FETCH, grants=reaching) == []
    assert [one.construct for one in check(READ, grants=reaching)] == ["open"]
    assert check(imported, grants=Grants.to(packages=["httpx"])) == []
    both = reading.joined(reaching)
    for source in ("import os", "import subprocess", "import ctypes", "eval('1')"):
        assert check(source, grants=both) != []


def test_execute_takes_grants(data: Path) -> None:
    """The function of the API does too."""
    path = str(data / "sales.csv")

    assert execute(READ, "read", {"path": path}).status == "forbidden"
    assert execute(READ, "read", {"path": path}, grants=Grants.to(read=[data])).value == "7\n"


def test_only_a_few_granted_sandboxes_stay_warm(data: Path) -> None:
    """The one that was used longest ago ends; asked again it works again."""
    with Sandbox() as sandbox:
        kept = [Grants.to(read=[data], network=[f"a.de:{port}"]) for port in range(1, 8)]
        for grants in [*kept, kept[0]]:
            path = str(data / "sales.csv")
            assert granted(sandbox, READ, "read", path, grants=grants) == "7\n"
            assert len(sandbox._others) <= OTHERS_AT_MOST
        assert sandbox.granted(None) is sandbox
        assert sandbox.granted(Grants()) is sandbox


def test_a_sandbox_with_a_running_call_is_not_ended(data: Path) -> None:
    """Others that come meanwhile take no place from it, and its call comes to its end."""
    slow = "import time\ndef f():\n    time.sleep(1.5)\n    return 'whole'\n"
    with Sandbox(concurrent=2) as sandbox, ThreadPoolExecutor(1) as threads:
        first = Grants.to(network=["a.de:1"])
        running = threads.submit(lambda: granted(sandbox, slow, "f", grants=first))
        while not sandbox._others or not next(iter(sandbox._others.values()))._running:
            time.sleep(0.01)
        worker = sandbox.granted(first)._ready()
        for port in range(2, 9):
            grants = Grants.to(read=[data], network=[f"a.de:{port}"])
            assert granted(sandbox, READ, "read", str(data / "sales.csv"), grants=grants) == "7\n"

        assert running.result() == "whole"
        assert sandbox.granted(first)._ready() is worker


@pytest.mark.parametrize(
    "line", ["from packaging.version import parse", "from packaging import version"]
)
def test_name_of_a_granted_package_may_be_used(line: str) -> None:
    """Whether it is a function or a module nobody can say by its name; without the grant it is out."""
    name = line.rpartition(" ")[2]
    source = (
        f"{line}\ndef f():\n    return {name}('1.2') if callable({name}) else {name}.parse('1.2')\n"
    )

    assert check(source, grants=Grants(packages=("packaging",))) == []
    assert [one.construct for one in check(source)] != []
