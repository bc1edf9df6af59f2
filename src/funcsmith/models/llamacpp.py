"""llama.cpp through xllamacpp, in a process of its own that is spoken to over loopback.

The process listens on 127.0.0.1 behind a random key, dies with its parent (or, kept warm, after an
idle time), and takes nobody down: when it is gone, the request that needed it fails with
`EngineFailed`, and the next one starts a new process. Cancelling closes the stream, which stops the
decoding. A GPU is used where the installed engine has one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from ..errors import EngineFailed, EngineTimeout
from .adapters import Beside
from .cancel import Cancel
from .engine import Capabilities, Completion, Prompt, Sampling, Token

if TYPE_CHECKING:
    import httpx

_PARALLEL = 4
_CONTEXT_TOKENS = 12_288
_START_SECONDS = 180.0
_SILENCE_SECONDS = 300.0


class LlamaCpp:
    """An `Engine` on one GGUF file. The process starts with the first request, or by `start()`."""

    def __init__(
        self,
        path: Path,
        *,
        model: str,
        sha256: str = "",
        threads: int | None = None,
        keep_warm_seconds: float = 0.0,
        state_folder: Path | None = None,
        adapters: Beside | None = None,
    ) -> None:
        self._path = path
        self._model = model
        self._sha256 = sha256 or hashlib.sha256(str(path).encode()).hexdigest()
        self._threads = threads or _usable_cores()
        self._keep_warm_seconds = keep_warm_seconds
        self._state_folder = state_folder
        self._adapters = adapters or Beside()
        self._lock = threading.Lock()
        self._process: _Process | None = None

    @property
    def model(self) -> str:
        default = self._adapters.default
        return f"{self._model}+{default}" if default else self._model

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            grammar=True,
            json_schema=True,
            logprobs=True,
            prefill=True,
            prefix_cache=True,
            adapters=bool(self._adapters),
            parallel=_PARALLEL,
        )

    def start(self) -> None:
        """Start the process now, so that the first request does not wait for it."""
        self._running()

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        process = self._running()
        try:
            body = self._body(process, prompt, sampling)
            return _streamed(process.client, body, cancel, on_text)[0]
        except _Gone as gone:
            raise self._died(process) from gone

    def candidates(
        self, prompt: Prompt, samplings: Sequence[Sampling], *, cancel: Cancel | None = None
    ) -> list[Completion]:
        """Candidates that differ only in their seed share the prompt's state in the engine."""
        if not samplings:
            return []
        first = samplings[0]
        if len(samplings) == 1 or any(replace(s, seed=first.seed) != first for s in samplings):
            return [self.complete(prompt, one, cancel=cancel) for one in samplings]
        found: list[Completion] = []
        for start in range(0, len(samplings), _PARALLEL - 1):
            some = samplings[start : start + _PARALLEL - 1]
            process = self._running()
            try:
                body = self._body(process, prompt, some[0])
                body["n"] = len(some)
                found += _streamed(process.client, body, cancel, None)
            except _Gone as gone:
                raise self._died(process) from gone
        return found

    def count(self, text: str) -> int:
        process = self._running()
        return len(self._post(process, "/tokenize", {"content": _utf8(text)})["tokens"])

    def prepare(self, prompts: Sequence[Prompt]) -> None:
        """Have the states of fixed prompts ready, each in a slot of its own.

        They are computed once for a model; later engines read them from the disk. The first prompt
        gets the slots that are left over.
        """
        process = self._running()
        for slot in range(_PARALLEL):
            wanted = prompts[max(slot - (_PARALLEL - len(prompts)), 0)]
            if process.prepared.get(slot) != wanted:
                self._place(process, wanted, slot)
                process.prepared[slot] = wanted

    def _place(self, process: _Process, prompt: Prompt, slot: int) -> None:
        text = process.render(prompt)
        of = self._sha256 + self._adapters.sha256(None)
        key = hashlib.sha256(f"{of}\0{text}".encode()).hexdigest()[:24]
        state = Path(process.states) / f"{key}.state"
        lora = self._lora(None)
        if state.exists():
            if lora:
                # A slot goes by the adapter of its last request; a restored state does not tell.
                touch = {"prompt": "\n", "n_predict": 0, "id_slot": slot, **lora}
                self._post(process, "/completion", touch)
            with contextlib.suppress(EngineFailed):
                self._post(process, f"/slots/{slot}?action=restore", {"filename": state.name})
                return
        body = {"prompt": text, "n_predict": 0, "cache_prompt": True, "id_slot": slot, **lora}
        self._post(process, "/completion", body)
        # Written under another name first: a torn state must never be restored.
        partial = f"{key}.{os.getpid()}.part"
        with contextlib.suppress(EngineFailed, OSError):
            self._post(process, f"/slots/{slot}?action=save", {"filename": partial})
            os.replace(Path(process.states) / partial, state)

    def cpu_seconds(self) -> float:
        with self._lock:
            process = self._process
        if process is None:
            return 0.0
        try:
            # Fields 14 and 15 of proc_pid_stat(5), in ticks, behind a name that may hold anything.
            told = Path(f"/proc/{process.pid}/stat").read_text("ascii", "replace")
            user, system = told.rpartition(")")[2].split()[11:13]
            return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return 0.0

    def close(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.close(keep=self._keep_warm_seconds > 0)

    def _running(self) -> _Process:
        with self._lock:
            if self._process is not None and not self._process.alive():
                self._process.close(keep=False)
                self._process = None
            if self._process is None:
                self._process = self._spawn()
            self._process.renew()
            return self._process

    def _spawn(self) -> _Process:
        states = self._state_folder
        if states is not None:
            try:
                states.mkdir(parents=True, exist_ok=True)
            except OSError:
                states = None
        folder = str(states or tempfile.gettempdir())
        lease = None
        if self._keep_warm_seconds and states is not None:
            beside = f"-{self._adapters.digest}" if self._adapters else ""
            lease = states / f"engine-{self._sha256[:16]}{beside}.json"
            found = _Process.adopt(lease, folder, self._keep_warm_seconds)
            if found is not None:
                return found
        return _Process.spawn(
            self._path,
            adapters=self._adapters.paths,
            threads=self._threads,
            states=folder,
            keep_warm_seconds=self._keep_warm_seconds if lease else 0.0,
            lease=lease,
        )

    def _body(self, process: _Process, prompt: Prompt, sampling: Sampling) -> dict[str, Any]:
        body: dict[str, Any] = {
            "prompt": process.render(prompt),
            "n_predict": sampling.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
            "stop": [_utf8(stop) for stop in sampling.stop],
            "cache_prompt": True,
            "stream": True,
        }
        if sampling.temperature == 0:
            body["samplers"] = ["top_k"]
            body["top_k"] = 1
        if sampling.logprobs:
            body["n_probs"] = sampling.logprobs
        if sampling.grammar is not None:
            body["grammar"] = _utf8(sampling.grammar)
        if sampling.json_schema is not None:
            body["json_schema"] = sampling.json_schema
        return {**body, **self._lora(sampling.adapter)}

    def _lora(self, name: str | None) -> dict[str, Any]:
        asked = self._adapters.request(name)
        return {"lora": asked} if asked else {}

    def _post(self, process: _Process, route: str, body: dict[str, Any]) -> Any:
        import httpx

        try:
            response = process.client.post(route, json=body)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as failure:
            raise self._died(process) from failure
        if response.status_code != 200:
            raise EngineFailed(_refusal(answer))
        return answer

    def _discard(self, process: _Process) -> None:
        with self._lock:
            if self._process is process:
                self._process = None
        process.close(keep=False)

    def _died(self, process: _Process) -> EngineFailed:
        words = process.last_words()
        self._discard(process)
        return EngineFailed(
            {
                "en": f"The engine of {self._model} ended in the middle of a request.",
                "zh": f"{self._model} 的引擎在请求中途结束了。",
            },
            hint={
                "en": f"Ask again: a new one starts by itself. Its last words: {words}",
                "zh": f"请再试一次：新的引擎会自动启动。它最后的输出：{words}",
            },
        )


class _Gone(Exception):
    """The engine's process or its answer broke off."""


class _Process:
    """The child and the way to speak to it."""

    def __init__(
        self,
        *,
        url: str,
        key: str,
        pid: int,
        states: str,
        lease: Path | None,
        keep_warm_seconds: float,
        child: subprocess.Popen[bytes] | None,
        log: BinaryIO | None,
    ) -> None:
        import httpx

        self.pid = pid
        self.states = states
        self._lease = lease
        self._child = child
        self._log = log
        self.prepared: dict[int, Prompt] = {}
        self._closed = threading.Event()
        if lease is not None:
            every = min(20.0, keep_warm_seconds / 4)
            threading.Thread(target=self._renewed, args=(every,), daemon=True).start()
        self.client = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(_SILENCE_SECONDS, connect=5.0),
            # Loopback never goes through a proxy, whatever the environment says.
            trust_env=False,
        )

    @classmethod
    def spawn(
        cls,
        path: Path,
        *,
        adapters: Sequence[str],
        threads: int,
        states: str,
        keep_warm_seconds: float,
        lease: Path | None,
    ) -> _Process:
        key = secrets.token_urlsafe(32)
        log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        child = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("llamacpp_child.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=_child_environment(),
            start_new_session=True,
            close_fds=True,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        order = {
            "path": str(path),
            "adapters": list(adapters),
            "context_tokens": _CONTEXT_TOKENS,
            "parallel": _PARALLEL,
            "threads": threads,
            "key": key,
            "states": states.rstrip("/") + "/",
            "parent": os.getpid(),
            "keep_warm_seconds": keep_warm_seconds,
            "lease": str(lease) if lease else None,
        }
        try:
            child.stdin.write(json.dumps(order).encode() + b"\n")
            child.stdin.flush()
            answer = json.loads(_line(child) or b'{"error": "it ended while loading"}')
        except BaseException as failure:
            child.kill()
            child.wait()
            if isinstance(failure, (OSError, ValueError)):
                answer = {"error": f"it ended while loading ({failure})"}
            else:
                raise
        if "url" not in answer:
            child.kill()
            child.wait()
            words = _tail(log)
            raise EngineFailed(
                {
                    "en": f"The engine could not load {path.name}: {answer.get('error')}",
                    "zh": f"引擎无法载入 {path.name}：{answer.get('error')}",
                },
                hint={
                    "en": "Check the file with `funcsmith models`, or memory with `funcsmith doctor`."
                    + (f" Its last words: {words}" if words else ""),
                    "zh": "请用 `funcsmith models` 检查文件，用 `funcsmith doctor` 检查内存。"
                    + (f"它最后的输出：{words}" if words else ""),
                },
            )
        process = cls(
            url=answer["url"],
            key=key,
            pid=answer["pid"],
            states=states,
            lease=lease,
            keep_warm_seconds=keep_warm_seconds,
            child=child,
            log=log,
        )
        if lease is not None:
            _write_private(lease, json.dumps({**answer, "key": key}))
        return process

    @classmethod
    def adopt(cls, lease: Path, states: str, keep_warm_seconds: float) -> _Process | None:
        """The engine that an earlier command left warm, if it still answers."""
        import httpx

        process = None
        try:
            told = json.loads(lease.read_text("utf-8"))
            os.utime(lease)
            process = cls(
                url=told["url"],
                key=told["key"],
                pid=told["pid"],
                states=states,
                lease=lease,
                keep_warm_seconds=keep_warm_seconds,
                child=None,
                log=None,
            )
            process.client.get("/v1/models", timeout=5.0).raise_for_status()
        except (OSError, ValueError, KeyError, httpx.HTTPError):
            if process is not None:
                process.close(keep=True)
            return None
        return process

    def alive(self) -> bool:
        return self._child is None or self._child.poll() is None

    def _renewed(self, every: float) -> None:
        """Renew the lease while this process uses the engine: one request may take longer than it."""
        while not self._closed.wait(every):
            self.renew()

    def renew(self) -> None:
        if self._lease is not None:
            with contextlib.suppress(OSError):
                os.utime(self._lease)

    def render(self, prompt: Prompt) -> str:
        """The conversation in the model's own template, with the answer's given beginning."""
        import httpx

        messages = [{"role": m.role, "content": _utf8(m.content)} for m in prompt.messages]
        try:
            response = self.client.post("/apply-template", json={"messages": messages})
            answer = response.json()
        except (httpx.HTTPError, ValueError) as failure:
            raise _Gone from failure
        if response.status_code != 200:
            raise EngineFailed(_refusal(answer))
        return str(answer["prompt"]) + _utf8(prompt.prefix)

    def last_words(self) -> str:
        return _tail(self._log) if self._log is not None else ""

    def close(self, *, keep: bool) -> None:
        self._closed.set()
        self.client.close()
        child = self._child
        if keep or child is None:
            return
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        child.kill()
        child.wait()
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._lease is not None:
            with contextlib.suppress(OSError):
                self._lease.unlink()


@dataclass
class _Stream:
    """One completion as it comes in."""

    pieces: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    last: dict[str, Any] | None = None

    def completion(self, cancelled: bool) -> Completion:
        last = self.last or {}
        finish: Literal["stop", "length", "cancelled"] = "stop"
        if self.last is None and cancelled:
            finish = "cancelled"
        elif last.get("stop_type") == "limit":
            finish = "length"
        return Completion(
            text="".join(self.pieces),
            tokens=tuple(self.tokens),
            prompt_tokens=int(last.get("tokens_evaluated") or 0),
            cached_tokens=int((last.get("timings") or {}).get("cache_n") or 0),
            generated_tokens=int(last.get("tokens_predicted") or len(self.pieces)),
            finish=finish,
        )


def _streamed(
    client: httpx.Client,
    body: dict[str, Any],
    cancel: Cancel | None,
    on_text: Callable[[str], object] | None,
) -> list[Completion]:
    import httpx

    streams = [_Stream() for _ in range(body.get("n", 1))]
    cancelled = False
    try:
        with client.stream("POST", "/completion", json=body) as response:
            if response.status_code != 200:
                response.read()
                raise EngineFailed(_refusal(_json_or_text(response.text)))
            for event in _events(response.iter_lines()):
                if cancel is not None and cancel.cancelled:
                    cancelled = True
                    break
                if "error" in event:
                    raise EngineFailed(_refusal(event))
                stream = streams[int(event.get("index") or 0)]
                piece = event.get("content") or ""
                if piece:
                    stream.pieces.append(piece)
                    if on_text is not None:
                        on_text(piece)
                stream.tokens.extend(_tokens(event))
                if event.get("stop"):
                    stream.last = event
                    if all(one.last is not None for one in streams):
                        break
    except httpx.TimeoutException as late:
        raise EngineTimeout(
            {
                "en": f"The engine was silent for {_SILENCE_SECONDS:.0f} s.",
                "zh": f"引擎 {_SILENCE_SECONDS:.0f} 秒没有输出。",
            },
            hint={"en": "Ask again, or use a smaller model.", "zh": "请重试，或使用更小的模型。"},
        ) from late
    except (httpx.HTTPError, httpx.StreamError, json.JSONDecodeError, RuntimeError) as failure:
        raise _Gone from failure
    if not cancelled and any(one.last is None for one in streams):
        raise _Gone
    return [one.completion(cancelled) for one in streams]


def _events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith("data: "):
            data = line[6:]
            if data == "[DONE]":
                return
            yield json.loads(data)
        elif line.startswith("error: "):
            yield {"error": json.loads(line[7:])}


def _tokens(event: dict[str, Any]) -> Iterator[Token]:
    for entry in event.get("completion_probabilities") or ():
        yield Token(
            text=entry.get("token", ""),
            logprob=float(entry.get("logprob") or 0.0),
            top=tuple(
                (one.get("token", ""), float(one.get("logprob") or 0.0))
                for one in entry.get("top_logprobs") or ()
            ),
        )


def _refusal(answer: Any) -> dict[str, str]:
    error = answer.get("error") if isinstance(answer, dict) else answer
    said = error.get("message") if isinstance(error, dict) else error
    return {"en": f"The engine refused the request: {said}", "zh": f"引擎拒绝了请求：{said}"}


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text[:500]


def _line(child: subprocess.Popen[bytes]) -> bytes:
    """The child's first line, within the time that loading may take."""
    box: list[bytes] = []
    assert child.stdout is not None
    reader = threading.Thread(target=lambda: box.append(child.stdout.readline()), daemon=True)  # type: ignore[union-attr]  # asserted above
    reader.start()
    reader.join(_START_SECONDS)
    return box[0] if box else b'{"error": "it did not load in time"}'


def _tail(log: BinaryIO) -> str:
    try:
        log.seek(0)
        lines = log.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
    except (OSError, ValueError):
        return ""
    return lines[-1][-300:] if lines else ""


def _write_private(path: Path, text: str) -> None:
    partial = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(partial, path)


def _child_environment() -> dict[str, str]:
    keep = (
        "PATH",
        "HOME",
        "LD_LIBRARY_PATH",
        "SYSTEMROOT",
        "TMPDIR",
        "TEMP",
        "CUDA_VISIBLE_DEVICES",
    )
    return {name: os.environ[name] for name in keep if name in os.environ}


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def _utf8(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8 form that the engine could read."""
    return text.encode("utf-8", "replace").decode("utf-8")
