"""The child's half of a granted network: `socket` asks the broker where it would connect itself.

Inside the fence, so nothing relies on it: code that goes around it finds that the kernel refuses
`socket` and `connect`. Names are not resolved here; an address is the name that was asked for.
"""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BROKER = 3
"""The call's descriptor to the broker."""


def install() -> None:
    """Let every TCP client of this process connect through the broker."""
    import socket

    real_init = socket.socket.__init__

    def init(
        self: Any,
        family: int = -1,
        type: int = -1,  # noqa: A002 - the standard library's own names
        proto: int = -1,
        fileno: Any = None,
    ) -> None:
        if fileno is not None:
            real_init(self, family, type, proto, fileno)
            return
        if family not in (-1, socket.AF_INET, socket.AF_INET6) or (
            type != -1 and type & 0xF != socket.SOCK_STREAM
        ):
            raise PermissionError(errno.EPERM, "only TCP to granted hosts")
        kept = socket.AF_INET if family == -1 else family
        # A descriptor that stands in until there is a connection to put in its place.
        real_init(self, kept, socket.SOCK_STREAM, 0, os.dup(BROKER))

    def connect(self: Any, address: Any) -> None:
        host, port = address[0], address[1]
        connected = _asked(socket, str(host), int(port))
        timeout = self.gettimeout()
        os.dup2(connected, self.fileno(), inheritable=False)
        os.close(connected)
        self.settimeout(timeout)

    def connect_ex(self: Any, address: Any) -> int:
        try:
            connect(self, address)
        except OSError as error:
            return error.errno or errno.ECONNREFUSED
        return 0

    def refused(*_: Any, **__: Any) -> Any:
        raise PermissionError(errno.EPERM, "only TCP to granted hosts")

    def found(host: Any, port: Any, family: int = 0, *_: Any, **__: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        number = _SERVICES.get(port, port)
        kept = family or socket.AF_INET
        return [(kept, socket.SOCK_STREAM, 6, "", (name, int(number)))]

    patched: Any = socket.socket
    patched.__init__, patched.connect, patched.connect_ex = init, connect, connect_ex
    patched.bind = patched.listen = refused
    changed: Any = socket
    changed.getaddrinfo = found
    changed.gethostbyname = str


def _asked(socket: Any, host: str, port: int) -> int:
    """A connected descriptor from the broker."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, os.dup(BROKER)) as broker:
        broker.settimeout(None)  # a descriptor that stands in may have been told not to wait
        broker.send(f"{host} {port}".encode())
        said, descriptors, _, _ = socket.recv_fds(broker, 100, 1)
    if descriptors:
        return int(descriptors[0])
    if said == b"refused":
        raise PermissionError(errno.EACCES, f"{host}:{port} is not granted")
    raise ConnectionRefusedError(errno.ECONNREFUSED, f"{host}:{port} cannot be reached")


_SERVICES = {"http": 80, "https": 443}
