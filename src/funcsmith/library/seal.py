"""Seals what an owner granted, so that it holds for this source, in this home, and nowhere else.

A grant is written beside its function, where git carries it to other people and editors change it.
The key that sealed it stays in the home: a grant that came along with somebody else's file, or one
whose function was changed since, has a seal that does not fit, and grants nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path
from typing import Any

from .saved import Saved, dumps

KINDS = ("read", "network", "packages")
_KEY_BYTES = 32
_PLAIN = {"plain": True}
"""What a trusted function may be, sealed as a grant is and no grant at the same time."""


def sealed(home: Path, saved: Saved, granted: dict[str, list[str]]) -> dict[str, Any]:
    """Grants as they are written down: with their seal; nothing where nothing is granted."""
    if not granted:
        return {}
    return {**granted, "seal": _seal(_key(home, make=True), saved, granted)}


def holds(home: Path, saved: Saved) -> bool:
    """Whether a function's grants were given here, to the source that it has now."""
    said = saved.granted.get("seal")
    try:
        key = _key(home, make=False)
    except OSError:
        return False
    if not isinstance(said, str) or not key:
        return False
    granted = {kind: saved.granted[kind] for kind in KINDS if kind in saved.granted}
    return hmac.compare_digest(said.encode(), _seal(key, saved, granted).encode())


def trusting(home: Path, saved: Saved) -> str:
    """The seal of its owner's word that this source may run outside the fence."""
    return _seal(_key(home, make=True), saved, _PLAIN)


def trusts(home: Path, saved: Saved) -> bool:
    """Whether that word was given here, for the source that the function has now."""
    if not saved.trust:
        return False
    try:
        key = _key(home, make=False)
    except OSError:
        return False
    return bool(key) and hmac.compare_digest(
        saved.trust.encode("utf-8", "surrogatepass"), _seal(key, saved, _PLAIN).encode()
    )


def _seal(key: bytes, saved: Saved, granted: dict[str, Any]) -> str:
    said = dumps([saved.name, saved.sha256, granted], pretty=True)
    return hmac.new(key, said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _key(home: Path, *, make: bool) -> bytes:
    """The home's key; empty where it has none. Made by whoever holds the library's lock."""
    path = home / "grants.key"
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) == _KEY_BYTES:
        return key
    if not make:
        return b""
    key = os.urandom(_KEY_BYTES)
    writing = home / "grants.key.writing"
    handle = os.open(writing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    os.replace(writing, path)
    return key
