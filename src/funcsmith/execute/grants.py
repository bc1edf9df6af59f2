"""What the owner of a machine lets one function do beyond computing: read a path, reach a host,
import a package.

A grant is given by a person, to one function, by name; never by a text, a model or the function's
own source. Nothing here opens anything: `sandbox.py` builds the fence from it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import GrantInvalid
from ..settings import settings


@dataclass(frozen=True)
class Grants:
    """What may be read, which hosts may be reached, which packages may be imported.

    Made by `Grants.to`, which looks at each. Empty is false: nothing is granted.
    """

    read: tuple[str, ...] = ()
    """Real absolute paths of files and folders."""
    network: tuple[str, ...] = ()
    """`host:port`, over TCP."""
    packages: tuple[str, ...] = ()
    """Installed packages by the name that is imported; what they require comes with them."""
    folders: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """Where the packages lie, with those that they require."""

    @classmethod
    def to(
        cls,
        *,
        read: Iterable[str | Path] = (),
        network: Iterable[str] = (),
        packages: Iterable[str] = (),
    ) -> Grants:
        """Grants as they can be given here; `GrantInvalid` says which cannot, and why.

        >>> Grants.to(network=["api.example.com"]).network
        ('api.example.com:443', 'api.example.com:80')
        """
        paths = dict.fromkeys(_path(one) for one in read)
        hosts = dict.fromkeys(place for one in network for place in _places(one))
        names = dict.fromkeys(packages)
        from .packages import folders_of

        return cls(tuple(paths), tuple(hosts), tuple(names), folders_of(tuple(names)))

    @classmethod
    def kept(cls, record: Any) -> Grants:
        """Grants as they were written down, looked at again; what has no such form is no grant."""
        if not isinstance(record, dict):
            return cls()
        read, network, packages = (
            [one for one in _list(record.get(kind)) if isinstance(one, str)]
            for kind in ("read", "network", "packages")
        )
        for path in read:
            if os.path.realpath(path) != path:
                raise GrantInvalid(
                    {
                        "en": f"{path} leads elsewhere than when it was granted.",
                        "zh": f"{path} 现在指向的位置与授权时不同。",
                    },
                    hint=_AGAIN,
                )
        return cls.to(read=read, network=network, packages=packages)

    def __bool__(self) -> bool:
        return bool(self.read or self.network or self.packages)

    def record(self) -> dict[str, list[str]]:
        """As it is written down; only the kinds that grant something."""
        kinds = {"read": self.read, "network": self.network, "packages": self.packages}
        return {kind: list(granted) for kind, granted in kinds.items() if granted}

    def lines(self) -> list[str]:
        """One short line for each grant: `read /data/sales.csv`."""
        return [
            *(f"read {path}" for path in self.read),
            *(f"network {host}" for host in self.network),
            *(f"package {name}" for name in self.packages),
        ]

    def joined(self, other: Grants) -> Grants:
        """Both."""
        return Grants(
            tuple(dict.fromkeys((*self.read, *other.read))),
            tuple(dict.fromkeys((*self.network, *other.network))),
            tuple(dict.fromkeys((*self.packages, *other.packages))),
            {**self.folders, **other.folders},
        )


def _path(given: str | Path) -> str:
    """A path that may be read: there, and holding nothing of ours or of the kernel's."""
    path = os.path.realpath(os.path.expanduser(given))
    if not os.path.exists(path):
        raise GrantInvalid(
            {
                "en": f"{given}: there is no such file or folder.",
                "zh": f"{given}：没有该文件或文件夹。",
            }
        )
    kept = [settings().home, Path(__file__).parents[1], *map(Path, ("/proc", "/sys", "/dev"))]
    for private in (os.path.realpath(one) for one in kept):
        if _within(path, private) or _within(private, path):
            raise GrantInvalid(
                {
                    "en": f"{path} cannot be granted: {private} is never readable in the fence.",
                    "zh": f"不能授权 {path}：隔离中永远不能读取 {private}。",
                },
                hint={
                    "en": "Name the file or folder that the function needs.",
                    "zh": "请只写出函数需要的文件或文件夹。",
                },
            )
    return path


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _places(given: str) -> list[str]:
    """`host:port` of a host; without a port those of https and http."""
    match = _HOST.fullmatch(given.strip())
    port = int(match["port"] or 0) if match else -1
    if match is None or port > 65_535:
        raise GrantInvalid(
            {"en": f"{given!r} is not a host.", "zh": f"{given!r} 不是主机名。"},
            hint="api.example.com, api.example.com:8443, [::1]:8000",
        )
    host = match["host"].lower().rstrip(".")
    return [f"{host}:{port}"] if port else [f"{host}:443", f"{host}:80"]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_HOST = re.compile(
    r"(?P<host>(?:[^\W_](?:[\w-]*[^\W_])?\.?)+|\[[0-9a-fA-F:.]+\])(?::(?P<port>[1-9]\d{0,4}))?"
)
_AGAIN = {
    "en": "Grant it again: funcsmith library grant NAME --read PATH",
    "zh": "请重新授权：funcsmith library grant 名称 --read 路径",
}
