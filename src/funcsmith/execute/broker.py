"""Connects for a fenced call, to the hosts that were granted and to no other.

The call itself can make no socket. It asks over one descriptor of its own for `host port`, and what
comes back is a socket that is already connected: it cannot be pointed anywhere else, since the
fence refuses `connect`. The child's half is `network.py`.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Sequence

ASKED_BYTES = 300
CONNECTIONS = 64
"""A call's connections, one after the other; more are refused."""
CONNECT_SECONDS = 10.0
REFUSED, UNREACHABLE = b"refused", b"unreachable"


class Broker:
    """One call's way out. Closing it ends the asking; connections live and die with the call."""

    def __init__(self, places: Sequence[str]) -> None:
        self.places = frozenset(places)
        self._ours, self.theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._thread = threading.Thread(target=self._serve, name="funcsmith-broker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.theirs.close()
        try:
            self._ours.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the call has gone already

    def _serve(self) -> None:
        with self._ours as asked:
            for _ in range(CONNECTIONS):
                try:
                    said = asked.recv(ASKED_BYTES)
                    if not said:
                        return
                    answer = self._connected(said)
                    if isinstance(answer, bytes):
                        asked.send(answer)
                        continue
                    with answer:
                        socket.send_fds(asked, [b"connected"], [answer.fileno()])
                except OSError:
                    return

    def _connected(self, said: bytes) -> socket.socket | bytes:
        host, _, port = said.decode("utf-8", "replace").rpartition(" ")
        host = host.lower().rstrip(".")
        if f"{host}:{port}" not in self.places and f"[{host}]:{port}" not in self.places:
            return REFUSED
        try:
            found = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return UNREACHABLE
        for family, kind, protocol, _name, address in found:
            if not _is_fitting(host, str(address[0])):
                continue
            connection = socket.socket(family, kind, protocol)
            connection.settimeout(CONNECT_SECONDS)
            try:
                connection.connect(address)
            except OSError:
                connection.close()
                continue
            connection.settimeout(None)
            return connection
        return UNREACHABLE


def _is_fitting(host: str, address: str) -> bool:
    """Whether a host may have this address.

    A name that somebody else resolves never gets this machine's own, or the link's, where clouds keep their secrets.
    """
    if host == "localhost":
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        found = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(found, "ipv4_mapped", None) or found
        return not (mapped.is_loopback or mapped.is_link_local or mapped.is_unspecified)
    return True
