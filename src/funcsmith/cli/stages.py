"""What is shown while a text is worked on: on standard error, so that standard output stays clean.

On a terminal a display that is gone when the outcome comes; elsewhere a line for each stage.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from ..errors import Language
from .visible import visible
from .words import grants, say

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import Console, RenderableType
    from rich.live import Live

    from ..models.progress import Words
    from ..pipeline import Event


class Stages(Protocol):
    """Listens to a pipeline and, as its `Progress`, to a download."""

    def on_event(self, event: Event) -> object: ...
    def shown(self, language: Language) -> AbstractContextManager[None]: ...
    def start(self, name: str, total_bytes: int, note: Words) -> None: ...
    def advance(self, done_bytes: int) -> None: ...
    def carrier(self, name: str, reason_if_skipped: Words | None) -> None: ...
    def finish(self) -> None: ...


def is_fancy(stream: TextIO) -> bool:
    """Whether colours and a moving display are wanted there."""
    try:
        terminal = stream.isatty()
    except ValueError:  # closed
        return False
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def stages_for(language: Language, *, quiet: bool = False) -> Stages:
    """The display that suits standard error; `quiet` leaves only a terminal and downloads."""
    if is_fancy(sys.stderr):
        return LiveStages(language)
    return PlainStages(language, quiet=quiet and not sys.stderr.isatty())


class PlainStages:
    """A line for each stage."""

    def __init__(self, language: Language, *, quiet: bool = False) -> None:
        from ..models.progress import Plain

        self._language = language
        self._quiet = quiet
        self._download = Plain(sys.stderr, language=language)

    def on_event(self, event: Event) -> None:
        if self._quiet:
            return
        if event.state == "start":
            self._print(f"{say(self._language, event.stage)} …")
        elif event.state == "granted":
            self._print(f"  {_granted(self._language, event.data)}")
        elif event.state == "note" and event.text:
            self._print(f"  {event.text}")

    @contextlib.contextmanager
    def shown(self, language: Language) -> Iterator[None]:
        self._language = language
        yield

    def start(self, name: str, total_bytes: int, note: Words) -> None:
        self._download.start(name, total_bytes, note)

    def advance(self, done_bytes: int) -> None:
        self._download.advance(done_bytes)

    def carrier(self, name: str, reason_if_skipped: Words | None) -> None:
        self._download.carrier(name, reason_if_skipped)

    def finish(self) -> None:
        self._download.finish()

    def _print(self, line: str) -> None:
        print(visible(line), file=sys.stderr, flush=True)


class LiveStages:
    """A display that moves: stages with their seconds, the code as it is decoded, a download."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._lock = threading.Lock()
        self._live: Live | None = None
        self._console: Console | None = None
        self._stages: dict[str, tuple[float, float | None]] = {}
        self._download: tuple[str, str, int, float] | None = None
        self._carriers: list[str] = []
        self._forget()

    def on_event(self, event: Event) -> None:
        with self._lock:
            if event.state == "start":
                if event.stage == "generate":
                    self._code = ""
                self._stages[event.stage] = (time.monotonic(), None)
            elif event.state == "text":
                self._code += event.text
            elif event.state == "note":
                self._note = event.text
            elif event.state == "granted":
                self._note = _granted(self._language, event.data)
            elif event.state == "done":
                began = self._stages.get(event.stage, (time.monotonic(), None))[0]
                self._stages[event.stage] = (began, time.monotonic())
                self._note = ""

    @contextlib.contextmanager
    def shown(self, language: Language) -> Iterator[None]:
        from rich.console import Console
        from rich.live import Live

        self._language = language
        self._forget()
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(
            console=self._console,
            transient=True,
            refresh_per_second=8,
            get_renderable=self._rendered,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        try:
            with self._live:
                yield
        finally:
            self._live = None

    def start(self, name: str, total_bytes: int, note: Words) -> None:
        with self._lock:
            self._download = (name, note.get(self._language, ""), total_bytes, time.monotonic())
            self._done_bytes = self._first_bytes = -1

    def advance(self, done_bytes: int) -> None:
        with self._lock:
            if self._first_bytes < 0 or done_bytes < self._first_bytes:
                self._first_bytes = done_bytes
            self._done_bytes = done_bytes

    def carrier(self, name: str, reason_if_skipped: Words | None) -> None:
        with self._lock:
            if reason_if_skipped is None:
                self._carriers.append(f"→ {name}")
            else:
                said = reason_if_skipped.get(self._language, "")
                self._carriers[-1:] = [f"× {name}: {said}"]

    def finish(self) -> None:
        with self._lock:
            self._download = None
            self._carriers.clear()

    def _forget(self) -> None:
        self._stages.clear()
        self._carriers.clear()
        self._download = None
        self._code = ""
        self._note = ""
        self._done_bytes = self._first_bytes = -1

    def _rendered(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        with self._lock:
            stages, code, note = dict(self._stages), self._code, self._note
            download, carriers = self._download, list(self._carriers)
        now = time.monotonic()
        shown: list[Any] = []
        for stage, (began, ended) in stages.items():
            turning = _TURNING[int(now * 8) % len(_TURNING)]
            line = Text(f"  {'✓' if ended else turning} {say(self._language, stage)}")
            line.append(f"  {(ended or now) - began:.1f} s", "dim")
            line.stylize("green" if ended else "cyan", 2, 3)
            shown.append(line)
        if note:
            shown.append(Text(f"    {visible(note)}", "dim", overflow="ellipsis", no_wrap=True))
        if download is not None:
            shown += self._downloading(download, carriers, now)
        if code.strip():
            shown += [Text(""), self._tail(code, used=len(shown))]
        return Group(*shown)

    def _downloading(
        self, download: tuple[str, str, int, float], carriers: list[str], now: float
    ) -> list[Any]:
        from rich.text import Text

        from ..models.progress import size

        name, note, total, began = download
        lines = [Text(f"    {visible(f'{name}: {note}')}", overflow="ellipsis", no_wrap=True)]
        lines += [
            Text(f"    {visible(each)}", "dim", overflow="ellipsis", no_wrap=True)
            for each in carriers
        ]
        done, came = max(0, self._done_bytes), self._done_bytes - self._first_bytes
        share = min(1.0, done / total) if total else 0.0
        bar = Text("    ")
        bar.append("━" * round(share * _BAR), "cyan").append(
            "━" * (_BAR - round(share * _BAR)), "dim"
        )
        bar.append(f" {share:4.0%}  {size(done)} / {size(total)}")
        if now - began > 1 and came > 0:
            rate = came / (now - began)
            bar.append(f"  {size(round(rate))}/s  {(total - done) / rate:.0f} s", "dim")
        return [*lines, bar]

    def _tail(self, code: str, *, used: int) -> RenderableType:
        """The last lines of the code that fit."""
        from rich.padding import Padding

        from .screen import highlighted

        height = self._console.height if self._console is not None else 24
        lines = visible(code).strip("\n").split("\n")[-max(3, height - used - 4) :]
        text = highlighted("\n".join(lines))
        text.no_wrap, text.overflow = True, "ellipsis"
        return Padding(text, (0, 0, 0, 4), expand=False)


def _granted(language: Language, lines: list[str]) -> str:
    return say(language, "granted", lines=grants(language, lines))


_TURNING = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_BAR = 28
