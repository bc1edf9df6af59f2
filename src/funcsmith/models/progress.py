"""What a long download says while it lasts: to a screen, to a log, or to nobody."""

from __future__ import annotations

import sys
import time
from typing import Protocol, TextIO

Words = dict[str, str]
"""A sentence by language: "en" and "zh"."""


class Progress(Protocol):
    """Who is told. `finish` comes last, also after a failure; `start` may come twice."""

    def start(self, name: str, total_bytes: int, note: Words) -> None:
        """The download of `name` begins; `note` says size, time and where it goes on."""

    def advance(self, done_bytes: int) -> None:
        """So many bytes are here in all (not: so many more); fewer than before after a restart."""

    def carrier(self, name: str, reason_if_skipped: Words | None) -> None:
        """This carrier is tried now (None), or was given up for this reason."""

    def finish(self) -> None:
        """Nothing more comes."""


class Silent:
    """Tells nobody."""

    def start(self, name: str, total_bytes: int, note: Words) -> None: ...

    def advance(self, done_bytes: int) -> None: ...

    def carrier(self, name: str, reason_if_skipped: Words | None) -> None: ...

    def finish(self) -> None: ...


class Plain:
    """Lines of text for what is not a terminal: one at each tenth, none twice."""

    def __init__(self, stream: TextIO | None = None, *, language: str = "en") -> None:
        self._stream = stream or sys.stderr
        self._language = language
        self._total = 0
        self._tenth = 0
        self._began = 0.0

    def start(self, name: str, total_bytes: int, note: Words) -> None:
        self._total = total_bytes
        self._tenth = 0
        self._began = time.monotonic()
        self._say(f"{name}: {note.get(self._language, note['en'])}")

    def advance(self, done_bytes: int) -> None:
        tenth = done_bytes * 10 // self._total if self._total else 0
        if tenth > self._tenth:
            seconds = time.monotonic() - self._began
            self._say(
                f"{tenth * 10:4d} %  {size(done_bytes)} / {size(self._total)}  {seconds:.0f} s"
            )
        self._tenth = tenth

    def carrier(self, name: str, reason_if_skipped: Words | None) -> None:
        if reason_if_skipped is None:
            self._say(f"→ {name}")
        else:
            self._say(f"× {name}: {reason_if_skipped.get(self._language, '')}")

    def finish(self) -> None: ...

    def _say(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


def size(count: int) -> str:
    """Bytes as people read them: 1117320768 is "1.12 GB"."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.2f} GB"
