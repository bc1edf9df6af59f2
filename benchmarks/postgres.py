"""A PostgreSQL of one's own for tests and benchmarks: in a temporary folder, on a Unix socket.

    python benchmarks/postgres.py            starts one, says its URL, ends it with Ctrl-C
    python benchmarks/postgres.py --find     says where its binaries are; exit code 1 if nowhere
    python benchmarks/postgres.py --install  installs them from Debian's packages, where root may

Nothing of a PostgreSQL that the machine already runs is touched. Its binaries are looked for in
/usr/lib/postgresql/*/bin and on PATH. They refuse to run as root, so root hands them to `postgres`,
or to `nobody`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

MISSING = "no PostgreSQL here: apt install postgresql (or python benchmarks/postgres.py --install)"
_PORT = 54321


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl, the newest version first; None where there is none."""
    places = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("p*/bin")]
    places.sort(key=lambda place: [int(n) for n in re.findall(r"\d+", str(place))], reverse=True)
    found = shutil.which("pg_ctl")
    if found:
        places.append(Path(found).resolve().parent)
    needed = ("initdb", "pg_ctl", "postgres")
    return next((p for p in places if all((p / name).exists() for name in needed)), None)


class Server:
    """A server that runs; `url` is for FUNCSMITH_DATABASE_URL."""

    def __init__(self, folder: Path, found: Path, user: str | None, options: str) -> None:
        self.folder, self._found, self._user, self._options = folder, found, user, options
        self.url = f"postgresql://funcsmith@/postgres?host={folder}&port={_PORT}"
        initdb = ["--username=funcsmith", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        self._run(["initdb", *initdb, "--pgdata", str(folder / "data")])

    def start(self) -> None:
        options = f"-k {self.folder} -p {_PORT} -c listen_addresses= {self._options}"
        self._control(["-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options, "start"])

    def stop(self, mode: str = "fast") -> None:
        self._control(["-m", mode, "-w", "stop"])

    def _control(self, words: Sequence[str]) -> None:
        self._run(["pg_ctl", "-D", str(self.folder / "data"), *words])

    def _run(self, words: Sequence[str]) -> None:
        as_user: dict[str, Any] = {}
        if self._user is not None:
            known = pwd.getpwnam(self._user)
            as_user = {"user": known.pw_uid, "group": known.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self._found / words[0]), *words[1:]],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would be kept open by the server
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            timeout=120,
            **as_user,
        )
        if done.returncode:
            log = self.folder / "log"
            said = log.read_text("utf-8", "replace")[-500:] if log.exists() else ""
            raise RuntimeError(f"{words[0]} ended with {done.returncode}: {said}")


@contextlib.contextmanager
def running(options: str = "-c fsync=off") -> Iterator[Server]:
    """A server until the end of the block; RuntimeError where there is none to start."""
    found = binaries()
    if found is None:
        raise RuntimeError(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="funcsmith-pg-", dir="/tmp"))
    user = None
    try:
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            user = "postgres" if "postgres" in names else "nobody"
            known = pwd.getpwnam(user)
            os.chown(folder, known.pw_uid, known.pw_gid)
        server = Server(folder, found, user, options)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install() -> bool:
    """Install PostgreSQL from Debian's packages; whether it is there afterwards."""
    if binaries() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "postgresql"]):
            subprocess.run(
                ["apt-get", "-q", *words],  # noqa: S607 - the system's own
                check=False,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
    return binaries() is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--find", action="store_true")
    parser.add_argument("--install", action="store_true")
    chosen = parser.parse_args()
    if chosen.find or chosen.install:
        there = install() if chosen.install else binaries() is not None
        print(binaries() if there else MISSING)
        raise SystemExit(0 if there else 1)
    with running() as server:
        print(f"FUNCSMITH_DATABASE_URL='{server.url}'", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    sys.exit(0)


if __name__ == "__main__":
    main()
