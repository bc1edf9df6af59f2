"""For every test: a home of its own, and no network beyond this machine."""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from funcsmith.models import catalogue
from funcsmith.settings import settings

# A busy machine is no reason to fail; what must be fast has a test of its own.
hypothesis.settings.register_profile("funcsmith", deadline=None)
hypothesis.settings.load_profile("funcsmith")

_REAL_MODELS = settings().models
_SMALL = "qwen2.5-coder-0.5b"


class NetworkClosed(OSError):
    """A test asked for the world outside; what it tests must live with that as with any outage."""


@pytest.fixture(autouse=True)
def _own_home(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """FUNCSMITH_HOME is empty and temporary; only tests marked `model` see the real model files."""
    for name in [name for name in os.environ if name.startswith("FUNCSMITH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FUNCSMITH_HOME", str(tmp_path_factory.mktemp("home")))
    if request.node.get_closest_marker("model"):
        if not (_REAL_MODELS / catalogue.find(_SMALL).file).exists():
            pytest.skip(f"{_SMALL} is not in {_REAL_MODELS}: funcsmith models pull small")
        monkeypatch.setenv("FUNCSMITH_MODELS", str(_REAL_MODELS))
        monkeypatch.setenv("FUNCSMITH_MODEL", _SMALL)


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections of this process reach this machine only; a name is looked up only if it is ours."""
    for method in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, method, _guarded(getattr(socket.socket, method)))
    look_up = socket.getaddrinfo

    def here(host: Any, *rest: Any, **named: Any) -> Any:
        _refuse_beyond(host)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", here)


def _guarded(connect: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_beyond(address[0])
        return connect(self, address)

    return guarded


def _refuse_beyond(host: str | bytes | None) -> None:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return
    try:
        ours = ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        ours = False
    if not ours:
        raise NetworkClosed(f"A test may not reach {name!r}: use a server on loopback.")


@pytest.fixture
def root() -> Path:
    """The repository."""
    return Path(__file__).parent.parent
