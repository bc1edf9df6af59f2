"""Who may come in: the key that was shown, and where a browser's request comes from.

A page on another site can make a user's browser send requests to this server, and by rebinding a
name to 127.0.0.1 read the answers. So on loopback only the names of loopback are answered, and a
request that a browser sends from another origin is refused before anything else is looked at.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from ..errors import AccessDenied, KeyMissing
from .keys import OWNER, Key, KeyRing, Scope

_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost"})
_SAFE = frozenset({"GET", "HEAD"})


class Access:
    """What one server lets in."""

    def __init__(self, ring: KeyRing, *, host: str, origins: frozenset[str] = frozenset()) -> None:
        self.ring = ring
        self.host = host
        self.origins = origins
        self._used: dict[str, deque[float]] = defaultdict(deque)
        self._lock = threading.Lock()

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    def comes_from_here(self, request: Request) -> None:
        """AccessDenied for a name that is not ours, or a browser's request from elsewhere."""
        said = request.headers.get("host", "")
        name = _name_of(said)
        if self.local and not is_loopback(name):
            raise AccessDenied(
                {
                    "en": f"This server does not answer to the name {name[:100]!r}.",
                    "zh": f"本服务不以 {name[:100]!r} 这一名称提供服务。",
                },
                hint={"en": "Use 127.0.0.1 or localhost.", "zh": "请使用 127.0.0.1 或 localhost。"},
            )
        origin = request.headers.get("origin")
        same = origin is None or origin in self.origins or urlsplit(origin).netloc == said
        site = request.headers.get("sec-fetch-site", "none")
        foreign = site in ("cross-site", "same-site") and origin not in self.origins
        if not same or (foreign and request.method not in _SAFE):
            raise AccessDenied(
                {
                    "en": f"Requests from {(origin or site)[:100]} are not let in.",
                    "zh": f"不接受来自 {(origin or site)[:100]} 的请求。",
                },
                hint={
                    "en": "Start the server with --allow-origin if that page is yours.",
                    "zh": "如果那是您自己的页面，请用 --allow-origin 启动服务。",
                },
            )

    def key(self, request: Request, scope: Scope) -> Key:
        """The key of a request that may do what `scope` names; within its rate."""
        if not self.ring.all():
            return OWNER
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        found = self.ring.of(shown.strip()) if kind.lower() == "bearer" else None
        if found is None:
            raise KeyMissing(
                {
                    "en": "This server wants a key, and this is none that it knows.",
                    "zh": "本服务需要密钥，而此次请求没有有效的密钥。",
                },
                hint={
                    "en": "Authorization: Bearer fs_… (made with `funcsmith keys add NAME`)",
                    "zh": "Authorization: Bearer fs_…（用 `funcsmith keys add 名称` 创建）",
                },
            )
        found.needs(scope)
        self._counted(found)
        return found

    def _counted(self, key: Key) -> None:
        if not key.per_minute:
            return
        moment = time.monotonic()
        with self._lock:
            used = self._used[key.sha256]
            while used and used[0] < moment - 60:
                used.popleft()
            if len(used) >= key.per_minute:
                raise RateExceeded(max(1, round(used[0] + 60 - moment)))
            used.append(moment)


class RateExceeded(AccessDenied):
    code = "rate_exceeded"
    status_code = 429

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            {
                "en": "This key has used up its requests of a minute.",
                "zh": "该密钥一分钟内的请求已用完。",
            },
            hint={
                "en": f"Try again in {retry_after_seconds} s.",
                "zh": f"请 {retry_after_seconds} 秒后重试。",
            },
        )
        self.retry_after_seconds = retry_after_seconds

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.retry_after_seconds,)


def is_loopback(host: str) -> bool:
    """Whether a host's name means this machine alone."""
    if host.lower().rstrip(".") in _LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _name_of(host: str) -> str:
    """The name in a Host header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
