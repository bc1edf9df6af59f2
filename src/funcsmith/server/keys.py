"""The API keys of a home: who may do what, in `keys.json`. A key itself is never kept, only its hash.

A key is 256 random bits, so one SHA-256 is as good a keeper as a slow hash: there is no dictionary
to try. What a key may do is its scopes; each includes those before it.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from ..errors import AccessDenied, HomeUnusable, RequestInvalid

Scope = Literal["read", "run", "write", "admin"]
SCOPES: tuple[Scope, ...] = ("read", "run", "write", "admin")
PREFIX = "fs_"
_LOCK_SECONDS = 30.0


class KeyInvalid(RequestInvalid):
    code = "key_invalid"


@dataclass(frozen=True)
class Key:
    """What is kept of a key."""

    name: str
    sha256: str
    scope: Scope
    tenant: str = ""
    """Whose library it uses; "" is the home's own."""
    per_minute: int = 0
    """How many requests a minute; 0 sets no bound."""
    created: str = ""
    revoked: str = ""

    def allows(self, wanted: Scope) -> bool:
        return not self.revoked and SCOPES.index(self.scope) >= SCOPES.index(wanted)

    def needs(self, wanted: Scope) -> None:
        """AccessDenied where the key does not allow this."""
        if not self.allows(wanted):
            raise AccessDenied(
                {
                    "en": f"The key {self.name!r} may {self.scope}; this wants {wanted}.",
                    "zh": f"密钥 {self.name!r} 的权限是 {self.scope}，此操作需要 {wanted}。",
                },
                hint=f"funcsmith keys add NAME --scope {wanted}",
            )


OWNER = Key(name="owner", sha256="", scope="admin")
"""Whoever sits at this machine, while no key exists."""


class KeyRing:
    """The keys of one home. Another process's change is seen with the next request."""

    def __init__(self, home: Path) -> None:
        self.path = home / "keys.json"
        self._stamp: tuple[int, int] | None = None
        self._keys: tuple[Key, ...] = ()

    def all(self) -> tuple[Key, ...]:
        """Every key ever made here, the revoked ones too. HomeUnusable where they cannot be read."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._stamp, self._keys = None, ()
            return ()
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            self._keys, self._stamp = _read(self.path), stamp
        return self._keys

    def of(self, shown: str) -> Key | None:
        """The key that was shown; None where it is unknown or was revoked."""
        digest = _digest(shown)
        found = None
        for key in self.all():
            if hmac.compare_digest(key.sha256, digest) and not key.revoked:
                found = key
        return found

    def add(self, name: str, scope: Scope, *, tenant: str = "", per_minute: int = 0) -> str:
        """Make a key and give it, this once. KeyInvalid for a name that is taken or no name."""
        for said, what in ((name, "name"), (tenant or "x", "tenant")):
            if not re.fullmatch(r"\w[\w.-]{0,63}", said):
                raise KeyInvalid(
                    {
                        "en": f"{said[:70]!r} cannot be the {what} of a key.",
                        "zh": f"{said[:70]!r} 不能用作密钥的名称或租户。",
                    },
                    hint={
                        "en": "Use up to 64 letters, digits, '.', '_' and '-'.",
                        "zh": "最多 64 个字母、数字、“.”、“_”或“-”。",
                    },
                )
        shown = PREFIX + secrets.token_urlsafe(32)
        with self._changing() as keys:
            if any(key.name == name and not key.revoked for key in keys):
                raise KeyInvalid(
                    {
                        "en": f"There is a key {name!r} already.",
                        "zh": f"已有名为 {name!r} 的密钥。",
                    },
                    hint={"en": "Revoke it first.", "zh": "请先吊销它。"},
                )
            keys.append(Key(name, _digest(shown), scope, tenant, per_minute, created=_now()))
        return shown

    def revoke(self, name: str) -> Key:
        """From now on the key opens nothing. KeyInvalid where there is none of that name."""
        with self._changing() as keys:
            for index, key in enumerate(keys):
                if key.name == name and not key.revoked:
                    keys[index] = replace(key, revoked=_now())
                    return keys[index]
            raise KeyInvalid(
                {"en": f"There is no key {name!r}.", "zh": f"没有名为 {name!r} 的密钥。"},
                hint=", ".join(key.name for key in keys if not key.revoked),
            )

    @contextlib.contextmanager
    def _changing(self) -> Iterator[list[Key]]:
        from filelock import FileLock

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_SECONDS):
                keys = list(self.all())
                yield keys
                made = self.path.with_suffix(".new")
                with os.fdopen(
                    os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
                ) as f:
                    json.dump([asdict(key) for key in keys], f, ensure_ascii=False, indent=2)
                    f.flush()
                    os.fsync(f.fileno())
                os.replace(made, self.path)
        except OSError as error:
            raise _unusable(self.path, error.strerror or str(error)) from error


def _read(path: Path) -> tuple[Key, ...]:
    """The keys of a file. Where it cannot be understood nobody is let in, instead of everybody."""
    try:
        found = json.loads(path.read_text("utf-8"))
        keys = tuple(Key(**one) for one in found)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable(path, str(error)) from error
    if not all(key.scope in SCOPES and isinstance(key.sha256, str) for key in keys):
        raise _unusable(path, "it holds no keys of ours")
    return keys


def _digest(shown: str) -> str:
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _unusable(path: Path, said: str) -> HomeUnusable:
    return HomeUnusable(
        {"en": f"{path} cannot be used: {said}", "zh": f"无法使用 {path}：{said}"},
        hint={
            "en": "Mend or remove the file; without it there are no keys.",
            "zh": "请修正或移走该文件；没有它就没有任何密钥。",
        },
    )
