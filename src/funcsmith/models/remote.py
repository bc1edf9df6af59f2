"""An engine on an OpenAI-compatible server: vLLM, llama-server, Ollama, a vendor.

Chat completions only, and never the server's tool-call parser. What a server cannot do is found out
by asking it (`/v1/models`, `/props`), or by its refusal: a field that it refuses is left out from
then on, and our own validation does its work. Nothing is sent anywhere but to the address that the
user set; the key stands in a header and nowhere else.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import urlsplit

from ..errors import EngineFailed, EngineTimeout, SettingInvalid
from ..settings import Settings
from .cancel import Cancel
from .continuation import continuation
from .engine import Capabilities, Completion, OneByOne, Prompt, Sampling, Token

if TYPE_CHECKING:
    import httpx

NAME = "remote"
"""The model's name that stands for the server."""

_CONNECT_SECONDS = 10.0
_SILENCE_SECONDS = 120.0
_WHOLE_SECONDS = 300.0
_MOST_BYTES = 8 * 2**20
_CHARACTERS_PER_TOKEN = 16
"""More than any tokenizer has on average: an answer beyond that ignores the token limit."""
_AROUND_TOKENS = 600
"""For the prose around the code, where the answer's beginning cannot be given."""
_STOPS = 4
"""As many as every server takes; the others are kept to on our side."""

Kind = Literal["vllm", "llamacpp", "ollama", "other"]
_OWNERS: dict[str, Kind] = {"vllm": "vllm", "llamacpp": "llamacpp", "library": "ollama"}


class Remote(OneByOne):
    """An `Engine` on one model of one server. Safe to call from several threads."""

    def __init__(
        self,
        url: str,
        *,
        model: str | None = None,
        key: str | None = None,
        connect_seconds: float = _CONNECT_SECONDS,
        silence_seconds: float = _SILENCE_SECONDS,
        whole_seconds: float = _WHOLE_SECONDS,
    ) -> None:
        self._base, self._here = _address(url)
        self._key = _usable(key)
        self._model = model
        self._connect_seconds = connect_seconds
        self._silence_seconds = silence_seconds
        self._whole_seconds = whole_seconds
        self._lock = threading.Lock()
        self._kind: Kind | None = None
        self._refused: set[str] = set()
        """Fields that the server said it does not take."""
        self._continues: bool | None = None
        """Whether it goes on behind a given beginning; None where that is not known."""
        self._probabilities: bool | None = None

    @classmethod
    def configured(cls, settings: Settings) -> Remote | None:
        """The server of the settings. Raises `SettingInvalid` where they cannot be used."""
        if settings.remote_url is None:
            return None
        return cls(settings.remote_url, model=settings.remote_model, key=settings.remote_key)

    @property
    def model(self) -> str:
        return self._model or NAME

    @property
    def address(self) -> str:
        """Where it is asked, without any key."""
        return self._base

    @property
    def capabilities(self) -> Capabilities:
        """What is known of the server so far."""
        native = self._kind in ("vllm", "llamacpp")
        return Capabilities(
            grammar=native and not self._refused & {"grammar", "structured_outputs"},
            json_schema="response_format" not in self._refused,
            logprobs=self._probabilities is not False and "logprobs" not in self._refused,
            prefill=self._continues is True,
            prefix_cache=native,
        )

    def look(self) -> str:
        """Ask the server what it is, once; gives the model's name. Raises where it does not answer."""
        with self._lock:
            if self._kind is None:
                self._kind = self._found_out()
        return self.model

    def complete(
        self,
        prompt: Prompt,
        sampling: Sampling,
        *,
        cancel: Cancel | None = None,
        on_text: Callable[[str], object] | None = None,
    ) -> Completion:
        """One completion. Its text is only told as it comes where the server continues the prefix."""
        self.look()
        while True:
            body = self._body(prompt, sampling)
            try:
                return self._streamed(body, prompt, sampling, cancel, on_text)
            except _FieldRefused as refusal:
                if not self._learned(body, refusal):
                    raise self._status(refusal.status, refusal.said) from None

    def prepare(self, prompts: Sequence[Prompt]) -> None:
        """The server keeps what it likes."""

    def count(self, text: str) -> int:
        """About how many tokens the text has: the tokenizer is the server's."""
        plain = sum(character < "\u0080" for character in text)
        return -(-plain // 4) + (len(text) - plain)

    def cpu_seconds(self) -> float:
        """It costs this machine nothing that counts."""
        return 0.0

    def close(self) -> None:
        """Nothing is held open between requests."""

    # What is asked

    def _body(self, prompt: Prompt, sampling: Sampling) -> dict[str, Any]:
        messages = [{"role": m.role, "content": _utf8(m.content)} for m in prompt.messages]
        prefill = bool(prompt.prefix) and self._continues is not False
        if prefill and "prefill" not in self._refused:
            messages.append({"role": "assistant", "content": _utf8(prompt.prefix)})
        else:
            prefill = False
        continued = prefill and self._continues is True
        around = 0 if continued or not prompt.prefix else _AROUND_TOKENS
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "max_tokens": sampling.max_tokens + around,
            "temperature": sampling.temperature,
            "seed": sampling.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if sampling.temperature:
            body["top_p"] = sampling.top_p
        if sampling.logprobs:
            body |= {"logprobs": True, "top_logprobs": sampling.logprobs}
        if sampling.stop and (continued or not prompt.prefix):
            # Elsewhere the fence that opens the code would end the answer.
            body["stop"] = [_utf8(stop) for stop in sampling.stop[:_STOPS]]
        if prefill and self._kind in ("vllm", "llamacpp"):
            body |= {"continue_final_message": True, "add_generation_prompt": False}
        if sampling.grammar is not None and self._kind == "llamacpp":
            body["grammar"] = _utf8(sampling.grammar)
        if sampling.grammar is not None and self._kind == "vllm":
            body["structured_outputs"] = {"grammar": _utf8(sampling.grammar)}
        if sampling.json_schema is not None:
            schema = {"name": "answer", "schema": sampling.json_schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        if "max_tokens" in self._refused:
            body["max_completion_tokens"] = body["max_tokens"]
        return {name: value for name, value in body.items() if name not in self._refused}

    def _learned(self, body: dict[str, Any], refusal: _FieldRefused) -> bool:
        """Whether the refusal names something that can be left out."""
        said = refusal.said.lower()
        fields = [
            name
            for name, pattern in _FIELDS.items()
            if name in body and (name == refusal.field or re.search(pattern, said))
        ]
        last = body["messages"][-1]["role"] == "assistant"
        if last and re.search(_PREFILL, said):
            fields.append("prefill")
        if "logprobs" in fields:
            fields.append("top_logprobs")
        new = set(fields) - self._refused
        with self._lock:
            self._refused |= new
        return bool(new)

    def _found_out(self) -> Kind:
        """The server's kind, from whom its models belong to; the model's name where there is one."""
        status, listed = self._got(f"{self._base}/models")
        if status in (401, 403) or status >= 500 or 300 <= status < 400:
            raise self._status(status, _message(listed))
        found = listed.get("data") if isinstance(listed, dict) else None
        models = [one for one in found or () if isinstance(one, dict) and one.get("id")]
        if self._model is None:
            self._model = self._only(models)
        mine = next((m for m in models if m["id"] == self._model), models[0] if models else {})
        kind = _OWNERS.get(str(mine.get("owned_by")), "other")
        if kind == "other" and self._here:
            # Behind an alias or a router llama-server still tells its properties.
            with contextlib.suppress(EngineFailed):
                status, props = self._got(f"{self._base.removesuffix('/v1')}/props")
                if isinstance(props, dict) and "default_generation_settings" in props:
                    return "llamacpp"
        return kind

    def _only(self, models: list[dict[str, Any]]) -> str:
        names = [str(one["id"]) for one in models]
        if len(names) == 1:
            return names[0]
        some = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        raise SettingInvalid(
            {
                "en": f"The server {self._base} has {len(names)} models, and none was chosen.",
                "zh": f"服务器 {self._base} 有 {len(names)} 个模型，尚未选定。",
            },
            hint={
                "en": f"Set FUNCSMITH_REMOTE_MODEL{': ' + some if some else '.'}",
                "zh": f"请设置 FUNCSMITH_REMOTE_MODEL{'：' + some if some else '。'}",
            },
        )

    # How it is asked

    def _client(self) -> httpx.Client:
        import httpx

        headers = {"Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(self._silence_seconds, connect=self._connect_seconds),
            # A redirect would carry the text to an address that nobody set.
            follow_redirects=False,
            trust_env=not self._here,
        )

    def _got(self, url: str) -> tuple[int, Any]:
        watch = _Watch(None, min(self._whole_seconds, 3 * self._connect_seconds))
        with self._answering(watch), self._client() as client, watch:
            request = client.stream("GET", url, extensions={"trace": watch.trace})
            with request as response:
                return response.status_code, _json_or_text(_all_of(response))
        raise AssertionError("unreachable")

    def _streamed(
        self,
        body: dict[str, Any],
        prompt: Prompt,
        sampling: Sampling,
        cancel: Cancel | None,
        on_text: Callable[[str], object] | None,
    ) -> Completion:
        continued = body["messages"][-1]["role"] == "assistant" and self._continues is True
        answer = _Answer(prompt, sampling, on_text if continued or not prompt.prefix else None)
        watch = _Watch(cancel, self._whole_seconds)
        with self._answering(watch), self._client() as client, watch:
            request = client.stream(
                "POST",
                f"{self._base}/chat/completions",
                json=body,
                extensions={"trace": watch.trace},
            )
            with request as response:
                if response.status_code != 200:
                    self._refusal(response)
                for event in self._events(response):
                    if cancel is not None and cancel.cancelled:
                        break
                    if error := _error_of(event):
                        raise self._failed(
                            f"reported an error: {self._masked(error)}",
                            f"报告了错误：{self._masked(error)}",
                        )
                    answer.take(event)
                    if answer.enough:
                        break
        if cancel is not None and cancel.cancelled:
            return answer.completion(self, cancelled=True)
        self._checked(answer)
        completion = answer.completion(self)
        if prompt.prefix:
            self._noticed(answer, body)
        if sampling.logprobs and answer.raw:
            self._probabilities = bool(answer.tokens)
        if completion.text and on_text is not None and answer.on_text is None:
            on_text(completion.text)
        return completion

    def _noticed(self, answer: _Answer, body: dict[str, Any]) -> None:
        if body["messages"][-1]["role"] != "assistant":
            return
        with self._lock:
            if answer.continued is not None:
                self._continues = answer.continued
            elif self._continues:
                # It was taken for one that continues, and does not always.
                self._continues = None

    def _checked(self, answer: _Answer) -> None:
        """Raise for an answer that is none."""
        if answer.enough:
            return
        if not answer.events:
            raise self._failed("sent an empty answer.", "的回答是空的。")
        if not answer.choices:
            raise self._failed("sent no choice in its answer.", "的回答里没有 choices。")
        if answer.finish is None and not answer.done:
            raise self._failed("closed the connection in the middle.", "在回答中途断开了连接。")
        if answer.finish == "content_filter":
            raise self._failed("withheld the answer (its filter).", "的内容过滤拦下了回答。")
        if not answer.raw.strip() and (answer.thought or answer.finish == "tool_calls"):
            raise self._failed(
                "sent thoughts or a tool call and no answer.",
                "只给出了思考过程或工具调用，没有回答。",
                hint={
                    "en": "Use a model that answers without thinking first, or switch that off there.",
                    "zh": "请换用不先思考的模型，或在服务器上关闭思考。",
                },
            )

    def _events(self, response: httpx.Response) -> Iterator[Any]:
        """What the server says, as JSON objects, streamed or in one; `None` at the stated end."""
        kept: list[str] = []
        streamed = False
        for line in _lines(response):
            if line.startswith("data:"):
                streamed = True
                data = line[5:].strip()
                if data == "[DONE]":
                    yield None
                    return
                yield self._event(data)
            elif not streamed and line and not re.match(r":|(?:event|id|retry):", line):
                kept.append(line)
        if not streamed and kept:
            yield self._event("\n".join(kept))

    def _event(self, data: str) -> Any:
        try:
            event = json.loads(data)
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            said = self._masked(" ".join(data.split())[:120])
            raise self._failed(
                f"answered with what is no JSON: {said}",
                f"的回答不是 JSON：{said}",
                hint={
                    "en": "Is FUNCSMITH_REMOTE_URL the address of an OpenAI-compatible API (…/v1)?",
                    "zh": "FUNCSMITH_REMOTE_URL 是 OpenAI 兼容接口的地址（…/v1）吗？",
                },
            )
        return event

    # How it fails

    def _refusal(self, response: httpx.Response) -> None:
        status = response.status_code
        said = _json_or_text(_all_of(response))
        if status in (400, 422):
            error = said.get("error") if isinstance(said, dict) else None
            name = error.get("param") if isinstance(error, dict) else None
            raise _FieldRefused(status, _message(said), str(name or ""))
        raise self._status(status, _message(said))

    @contextlib.contextmanager
    def _answering(self, watch: _Watch) -> Iterator[None]:
        """Whatever a connection can do, as an error of ours."""
        import httpx

        try:
            yield
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as failure:
            if watch.cancelled:
                return
            if watch.late or isinstance(failure, httpx.TimeoutException):
                raise self._late(failure, watch) from None
            why = self._masked(str(failure)) or type(failure).__name__
            if isinstance(failure, httpx.ConnectError):
                raise self._failed(
                    f"cannot be reached: {why}",
                    f"无法连接：{why}",
                    hint={
                        "en": "Is it running, and is FUNCSMITH_REMOTE_URL right? `funcsmith doctor`",
                        "zh": "服务器是否在运行？FUNCSMITH_REMOTE_URL 是否正确？`funcsmith doctor`",
                    },
                ) from None
            raise self._failed(
                f"closed the connection in the middle: {why}", f"在回答中途断开了连接：{why}"
            ) from None
        except _TooMuch:
            raise self._failed(
                f"sent more than {_MOST_BYTES // 2**20} MiB and no end.",
                f"发送了超过 {_MOST_BYTES // 2**20} MiB 仍未结束。",
            ) from None
        if watch.late:
            raise self._late(None, watch)

    def _late(self, failure: Exception | None, watch: _Watch) -> EngineTimeout:
        import httpx

        seconds = self._silence_seconds
        if watch.late:
            seconds = watch.seconds
        elif isinstance(failure, httpx.ConnectTimeout):
            seconds = self._connect_seconds
        return EngineTimeout(
            {
                "en": f"The server {self._base} did not answer within {seconds:g} s.",
                "zh": f"服务器 {self._base} 在 {seconds:g} 秒内没有答完。",
            },
            hint={
                "en": "Ask again, or use a smaller model there.",
                "zh": "请重试，或在服务器上换用更小的模型。",
            },
        )

    def _status(self, status: int, said: str) -> EngineFailed:
        said = self._masked(said)
        hint = {"en": "Its own log says more.", "zh": "详情请看服务器自己的日志。"}
        if status in (401, 403):
            hint = {"en": "Check FUNCSMITH_REMOTE_KEY.", "zh": "请检查 FUNCSMITH_REMOTE_KEY。"}
        elif status == 404:
            hint = {
                "en": "Check FUNCSMITH_REMOTE_URL (…/v1) and FUNCSMITH_REMOTE_MODEL.",
                "zh": "请检查 FUNCSMITH_REMOTE_URL（…/v1）和 FUNCSMITH_REMOTE_MODEL。",
            }
        elif status == 429:
            hint = {"en": "Wait a little, and ask again.", "zh": "请稍候再试。"}
        elif 300 <= status < 400:
            hint = {
                "en": "It wants to be asked elsewhere: set FUNCSMITH_REMOTE_URL to that address.",
                "zh": "它要求改用其他地址：请相应设置 FUNCSMITH_REMOTE_URL。",
            }
        return self._failed(
            f"refused ({status}): {said}", f"拒绝了请求（{status}）：{said}", hint=hint
        )

    def _failed(self, en: str, zh: str, *, hint: dict[str, str] | None = None) -> EngineFailed:
        return EngineFailed(
            {"en": f"The server {self._base} {en}", "zh": f"服务器 {self._base} {zh}"},
            hint=hint
            or {"en": "Ask again, or see its own log.", "zh": "请重试，或查看服务器日志。"},
        )

    def _masked(self, said: str) -> str:
        """What a server says, without the key: some repeat it in their errors."""
        return said.replace(self._key, "***") if self._key else said


_FIELDS = {
    "stream_options": r"stream_options",
    "logprobs": r"logprobs",
    "seed": r"\bseed\b",
    "stop": r"[`'\"]stop[`'\"]|\bstop (?:param|sequence)",
    "temperature": r"temperature",
    "top_p": r"top_p",
    "max_tokens": r"max_completion_tokens",
    "continue_final_message": r"continue_final_message",
    "add_generation_prompt": r"add_generation_prompt",
    "grammar": r"grammar",
    "structured_outputs": r"structured_outputs|grammar",
    "response_format": r"response_format|json_schema",
}
"""What can be left out, and how a refusal names it."""
_PREFILL = (
    r"prefill|(?:last|final) (?:message|role)|assistant (?:message|role)|continue_final_message"
)


class _FieldRefused(Exception):
    """A request that the server calls wrong, perhaps for one field."""

    def __init__(self, status: int, said: str, field: str) -> None:
        super().__init__(said)
        self.status, self.said, self.field = status, said, field


class _TooMuch(Exception):
    """More bytes than any answer has."""


@dataclass
class _Answer:
    """One completion as it comes in."""

    prompt: Prompt
    sampling: Sampling
    on_text: Callable[[str], object] | None
    raw: str = ""
    tokens: list[Token] = field(default_factory=list)
    pieces: int = 0
    usage: dict[str, Any] = field(default_factory=dict)
    finish: str | None = None
    events: int = 0
    choices: int = 0
    thought: bool = False
    done: bool = False
    enough: bool = False
    """Whether what is wanted has come, so that the rest need not."""
    continued: bool | None = None
    _told: int = 0
    _bytes: bytes = b""

    def take(self, event: dict[str, Any] | None) -> None:
        if event is None:
            self.done = True
            return
        self.events += 1
        usage = event.get("usage")
        if isinstance(usage, dict):
            self.usage = usage
        choices = event.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return
        self.choices += 1
        choice = choices[0]
        delta = choice.get("delta") or choice.get("message") or {}
        if isinstance(delta, dict):
            self.thought |= bool(delta.get("reasoning_content") or delta.get("reasoning"))
            piece = _text_of(delta.get("content"))
            self.raw += piece
            self.pieces += bool(piece)
        logprobs = choice.get("logprobs")
        if isinstance(logprobs, dict):
            self._take_tokens(logprobs.get("content"))
        self.finish = choice.get("finish_reason") or self.finish
        self._look()

    def _look(self) -> None:
        most = (self.sampling.max_tokens + _AROUND_TOKENS) * _CHARACTERS_PER_TOKEN
        if len(self.raw) > most:
            self.enough, self.finish = True, "length"
            return
        begins = continuation(self.raw, self.prompt.prefix, whole=False)
        if begins is None:
            return
        said, stopped = self._stopped(self.raw[begins.start :])
        if stopped:
            self.enough, self.finish = True, "stop"
        if self.on_text is not None and len(said) > self._told:
            self.on_text(said[self._told :])
            self._told = len(said)

    def _stopped(self, said: str) -> tuple[str, bool]:
        places = [at for at in map(said.find, self.sampling.stop) if at >= 0]
        return (said[: min(places)], True) if places else (said, False)

    def _take_tokens(self, entries: Any) -> None:
        for entry in entries if isinstance(entries, list) else ():
            if not isinstance(entry, dict) or not isinstance(entry.get("logprob"), (int, float)):
                continue
            text = str(entry.get("token", ""))
            if isinstance(entry.get("bytes"), list):
                with contextlib.suppress(ValueError, TypeError):
                    self._bytes += bytes(entry["bytes"])
                text = _whole_characters(self._bytes)
                self._bytes = self._bytes[len(text.encode()) :]
            top = tuple(
                (str(one.get("token", "")), float(one["logprob"]))
                for one in entry.get("top_logprobs") or ()
                if isinstance(one, dict) and isinstance(one.get("logprob"), (int, float))
            )
            self.tokens.append(Token(text, min(float(entry["logprob"]), 0.0), top))

    def completion(self, remote: Remote, *, cancelled: bool = False) -> Completion:
        begins = continuation(self.raw, self.prompt.prefix)
        start = begins.start if begins is not None else 0
        self.continued = begins.continued if begins is not None else None
        text, stopped = self._stopped(self.raw[start:])
        finish = "cancelled" if cancelled else "length" if self.finish == "length" else "stop"
        details = self.usage.get("prompt_tokens_details")
        asked = "\n".join(message.content for message in self.prompt.messages)
        return Completion(
            text=text,
            tokens=_within(self.tokens, self.raw, start, start + len(text)),
            prompt_tokens=_number(self.usage, "prompt_tokens") or remote.count(asked),
            cached_tokens=_number(details, "cached_tokens"),
            generated_tokens=_number(self.usage, "completion_tokens")
            or len(self.tokens)
            or max(self.pieces, remote.count(self.raw)),
            finish=cast(
                "Literal['stop', 'length', 'cancelled']",
                "stop" if stopped and not cancelled else finish,
            ),
        )


class _Watch:
    """Breaks a connection that was cancelled or takes too long: a blocked read looks at nothing."""

    def __init__(self, cancel: Cancel | None, seconds: float) -> None:
        self.seconds = seconds
        self.late = False
        self._cancel = cancel
        self._ended = threading.Event()
        self._stream: Any = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> _Watch:  # noqa: PYI034 - Self needs Python 3.11
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def cancelled(self) -> bool:
        return self._cancel is not None and self._cancel.cancelled

    def trace(self, name: str, info: dict[str, Any]) -> None:
        """What httpx calls as it goes; the newest connection is the one that is used."""
        if name.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._stream = info.get("return_value")

    def _run(self) -> None:
        until = time.monotonic() + self.seconds
        while not self._ended.wait(0.05):
            self.late = self.late or (not self.cancelled and time.monotonic() > until)
            if self.cancelled or self.late:
                self._break()

    def _break(self) -> None:
        found = self._stream.get_extra_info("socket") if self._stream is not None else None
        if isinstance(found, socket.socket):
            with contextlib.suppress(OSError):
                # The plain one: a TLS socket's own would first forget its state.
                socket.socket.shutdown(found, socket.SHUT_RDWR)


def _address(url: str) -> tuple[str, bool]:
    """The API's address, and whether it is on this machine or a private network.

    Without TLS only those are asked: text and key would be open to everybody on the way.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https"):
        raise _setting(
            "is no address such as http://127.0.0.1:8000/v1",
            "不是形如 http://127.0.0.1:8000/v1 的地址",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _setting(
            "must be an address alone; a key belongs into FUNCSMITH_REMOTE_KEY",
            "只能是地址；密钥请放在 FUNCSMITH_REMOTE_KEY 中",
        )
    here = _is_private(host)
    if parts.scheme == "http" and not here:
        raise _setting(
            "has no TLS and leads beyond your own network: use https://, or a tunnel to this machine",
            "没有 TLS 且通向外部网络：请使用 https://，或用隧道转到本机",
        )
    path = parts.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}", here


def _setting(en: str, zh: str) -> SettingInvalid:
    return SettingInvalid(
        {"en": f"FUNCSMITH_REMOTE_URL {en}.", "zh": f"FUNCSMITH_REMOTE_URL {zh}。"},
        hint={"en": "See docs/settings.md.", "zh": "见 docs/settings.md。"},
    )


def _is_private(host: str) -> bool:
    """Whether a name or address is of this machine or a private network; nothing is looked up."""
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        pass
    name = host.rstrip(".").lower()
    return "." not in name or name.endswith((".localhost", ".local", ".internal", ".home.arpa"))


def _usable(key: str | None) -> str:
    key = (key or "").strip()
    if not all("!" <= character <= "~" for character in key):
        raise SettingInvalid(
            {
                "en": "FUNCSMITH_REMOTE_KEY has characters that no key has.",
                "zh": "FUNCSMITH_REMOTE_KEY 含有密钥中不会出现的字符。",
            },
            hint={"en": "Copy it again, on one line.", "zh": "请重新复制，只占一行。"},
        )
    return key


def _lines(response: httpx.Response) -> Iterator[str]:
    read, rest = 0, b""
    for chunk in response.iter_bytes():
        read += len(chunk)
        if read > _MOST_BYTES:
            raise _TooMuch
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r").decode("utf-8", "replace")
    if rest:
        yield rest.decode("utf-8", "replace")


def _all_of(response: httpx.Response) -> str:
    return "\n".join(_lines(response))


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _message(said: Any) -> str:
    """What a server says of its error, in one bounded line."""
    if isinstance(said, dict):
        error = said.get("error", said)
        if isinstance(error, dict):
            error = error.get("message") or error.get("detail") or error
        said = error if isinstance(error, str) else json.dumps(error, ensure_ascii=False)
    said = re.sub(r"<[^>]*>", " ", str(said))
    return " ".join(said.split())[:300] or "—"


def _error_of(event: Any) -> str | None:
    if isinstance(event, dict) and (event.get("error") or event.get("object") == "error"):
        return _message(event)
    return None


def _text_of(content: Any) -> str:
    """The text of a piece; some servers send a list of parts."""
    if isinstance(content, list):
        return "".join(
            str(part.get("text") or "")
            for part in content
            if isinstance(part, dict) and part.get("type") == "text"
        )
    return content if isinstance(content, str) else ""


def _whole_characters(data: bytes) -> str:
    """The characters that are complete; tokens may end within one."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if len(data) - error.start >= 4:
            return data.decode("utf-8", "replace")
        return data[: error.start].decode("utf-8")


def _within(tokens: Sequence[Token], raw: str, start: int, end: int) -> tuple[Token, ...]:
    """The tokens of a part of the answer; none where they do not add up to it."""
    joined = "".join(token.text for token in tokens)
    if not (joined.startswith(raw[:end]) and joined):
        return ()
    found: list[Token] = []
    at = 0
    for token in tokens:
        first, at = at, at + len(token.text)
        if at <= start or first >= end:
            continue
        text = token.text[max(start - first, 0) : end - first]
        found.append(Token(text, token.logprob, token.top))
    return tuple(found)


def _number(facts: Any, name: str) -> int:
    value = facts.get(name) if isinstance(facts, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _utf8(text: str) -> str:
    """The text with lone surrogates replaced: they have no UTF-8 form that could be sent."""
    return text.encode("utf-8", "replace").decode("utf-8")


__all__ = ["NAME", "Remote"]
