"""funcsmith batch: one request a line in, one outcome a line out, in order.

What is in the file of outcomes stays: after a kill the same command goes on behind the last whole
line. A line that is no request becomes an outcome with `error`; what would befall every line (no
model, no fence, no home) ends the command instead, so that nothing has to be thrown away.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from ..asked import checked
from ..errors import (
    Cancelled,
    FuncsmithError,
    HomeUnusable,
    InputInvalid,
    ModelUnavailable,
    ModelUnknown,
    RequestInvalid,
    SandboxUnavailable,
)
from ..models.cancel import Cancel
from . import turn
from .failures import as_ours
from .quick import Options
from .request import json_of, utf8
from .stages import stages_for
from .stopping import interruptible
from .visible import visible
from .words import error_language, locale_language

if TYPE_CHECKING:
    from ..contract import Outcome
    from ..pipeline import Pipeline

_FOR_ALL = (Cancelled, HomeUnusable, ModelUnavailable, ModelUnknown, SandboxUnavailable)
"""Failures that the next line would meet as well."""


def batch(
    requests: Annotated[str, typer.Argument(metavar="REQUESTS.jsonl", help="`-`: standard input")],
    out: Annotated[
        str, typer.Option(metavar="OUTCOMES.jsonl", help="`-`: standard output, without going on")
    ],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A model of the catalogue, the path of a GGUF file or of a Transformers folder, or `remote`.",
        ),
    ] = None,
    no_save: Annotated[
        bool, typer.Option("--no-save", help="Keep nothing of the run and reuse nothing of it.")
    ] = False,
) -> int:
    """Answer many requests: JSON Lines in, JSON Lines out.

    \b
    funcsmith batch requests.jsonl --out outcomes.jsonl
    echo '{"text": "10 的阶乘"}' | funcsmith batch - --out -

    Run again after a stop, it goes on where it was.
    """
    stages = stages_for(locale_language(), quiet=True)
    with contextlib.ExitStack() as stack:
        lines = stack.enter_context(_source(requests))
        outcomes = stack.enter_context(_Outcomes.opened(out, requests))
        options = Options(model=model, no_save=no_save)
        pipeline = stack.enter_context(turn.opened(options, stages))
        told = _Told(_count(requests))
        for number, line in _numbered(lines):
            if number <= outcomes.done:
                outcomes.compare(number, line)
                continue
            outcome = _outcome(pipeline, number, line)
            outcomes.add(outcome)
            told.line(number, outcome)
        if outcomes.done and outcomes.seen < outcomes.done:
            raise _others(out)
        told.end()
    return 0


def _outcome(pipeline: Pipeline, number: int, line: bytes) -> Outcome:
    """What comes of one line, whatever stands in it."""
    from ..contract import Failure, Outcome

    text, name = "", str(number)
    cancel = Cancel()
    try:
        asked = _asked(line)
        text, name = _named(asked, number)
        request = checked(asked).model_copy(update={"id": name})
        with interruptible(cancel):
            outcome = pipeline.run(request, cancel=cancel)
        return outcome.model_copy(update={"id": name})
    except _FOR_ALL:
        raise
    except Exception as error:  # noqa: BLE001  # the next line may work
        failure = Failure.of(as_ours(error), error_language(text))
        return Outcome(id=name, error=failure)


def _asked(line: bytes) -> Any:
    text = utf8(line, "the line")
    try:
        return json_of(text)
    except ValueError as error:
        raise RequestInvalid(
            {"en": f"The line is not JSON: {error}.", "zh": f"这一行不是 JSON：{error}。"},
            hint='{"text": "…"}',
        ) from error


def _named(asked: Any, number: int) -> tuple[str, str]:
    """The text and the id of a line, as far as it has them."""
    given = asked.get("id") if isinstance(asked, dict) else None
    text = asked.get("text") if isinstance(asked, dict) else None
    named = isinstance(given, (str, int)) and not isinstance(given, bool)
    return text if isinstance(text, str) else "", str(given) if named else str(number)


# Lines in


@contextlib.contextmanager
def _source(requests: str) -> Iterator[IO[bytes]]:
    if requests == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(requests).open("rb")  # noqa: SIM115  # closed below
    except (OSError, ValueError) as error:
        raise _unusable(requests, error) from error
    with file:
        yield file


def _numbered(lines: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines and their numbers from 1; blank ones at the end are none."""
    blank: list[tuple[int, bytes]] = []
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                blank.append((number, line))
                continue
            yield from blank
            blank.clear()
            yield number, line
    except IsADirectoryError as error:
        raise _unusable("REQUESTS.jsonl", error) from error


def _count(requests: str) -> int | None:
    if requests == "-" or not Path(requests).is_file():
        return None
    with Path(requests).open("rb") as file:
        return sum(1 for line in file if line.strip())


# Outcomes out


class _Outcomes:
    """The file of outcomes; `done` lines of it are from before."""

    def __init__(self, file: BinaryIO, ids: list[str], name: str) -> None:
        self._file = file
        self._ids = ids
        self._name = name
        self.done = len(ids)
        self.seen = 0

    @classmethod
    @contextlib.contextmanager
    def opened(cls, out: str, requests: str) -> Iterator[_Outcomes]:
        if out == "-":
            yield cls(sys.stdout.buffer, [], "<stdout>")
            return
        path = Path(out)
        if requests != "-" and path.exists() and path.samefile(requests):
            raise RequestInvalid(
                {
                    "en": "The outcomes would go into the file of requests.",
                    "zh": "结果文件与请求文件是同一个文件。",
                },
                hint="--out OUTCOMES.jsonl",
            )
        try:
            file = path.open("r+b" if path.is_file() else "w+b")
        except (OSError, ValueError) as error:
            raise _unusable(out, error) from error
        with file:
            _lock(file, out)
            ids = _kept(file, out)
            yield cls(file, ids, out)

    def compare(self, number: int, line: bytes) -> None:
        """Stop where the file holds the outcomes of other requests."""
        self.seen = number
        try:
            expected = _named(_asked(line), number)[1]
        except FuncsmithError:
            expected = str(number)
        if self._ids[number - 1] != expected:
            raise _others(self._name)

    def add(self, outcome: Outcome) -> None:
        self._file.write(outcome.to_json().encode() + b"\n")
        self._file.flush()


def _kept(file: BinaryIO, name: str) -> list[str]:
    """The ids of the whole lines; what follows them (a torn line) is cut off."""
    ids: list[str] = []
    whole = 0
    for line in file:
        torn = not line.endswith(b"\n")
        try:
            outcome = json.loads(line)
            ids.append(str(outcome["id"]))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            if not torn and file.read(1):
                raise _others(name) from error
            torn = True
        else:
            if torn:
                ids.pop()
        if torn:
            break
        whole += len(line)
    if whole == 0 and file.seek(0, os.SEEK_END) > 0 and not _looks_torn(file):
        raise _others(name)
    file.seek(whole)
    file.truncate()
    return ids


def _looks_torn(file: BinaryIO) -> bool:
    """Whether a file without one whole line may be our own first outcome."""
    file.seek(0)
    beginning = file.read(8)
    return b'{"id": "'.startswith(beginning) or not beginning.strip(b"\0")


def _lock(file: BinaryIO, name: str) -> None:
    """One batch at a time writes a file; the lock goes with the process."""
    try:
        import fcntl
    except ImportError:  # Windows: open files are not shared there as it is
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RequestInvalid(
            {
                "en": f"Another batch is writing {name}.",
                "zh": f"另一个批处理正在写入 {name}。",
            }
        ) from error
    except OSError:  # a file system without locks, or a device
        return


def _others(name: str) -> RequestInvalid:
    return RequestInvalid(
        {
            "en": f"{name} does not hold the outcomes of these requests; it was left as it is.",
            "zh": f"{name} 里不是这些请求的结果；文件未改动。",
        },
        hint={
            "en": "Give another --out, or move that file away.",
            "zh": "请换一个 --out，或将该文件移走。",
        },
    )


def _unusable(name: str, error: Exception) -> InputInvalid:
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return InputInvalid(
        {"en": f"{name[:200]} cannot be used: {why}.", "zh": f"{name[:200]} 无法使用：{why}。"}
    )


class _Told:
    """How far it is, on standard error."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._began = time.monotonic()
        self._answered = self._failed = 0
        self._shown = -1.0
        self._terminal = sys.stderr.isatty()

    def line(self, number: int, outcome: Outcome) -> None:
        self._answered += 1
        self._failed += outcome.error is not None
        if outcome.error is not None and not self._terminal:
            self._print(visible(f"{outcome.id}: {outcome.error.message}"))
        now = time.monotonic()
        last = number == self._total
        if last or now - self._shown >= (0.2 if self._terminal else 10.0):
            self._shown = now
            self._progress(number, now)

    def end(self) -> None:
        if self._terminal and self._answered:
            print(file=sys.stderr, flush=True)

    def _progress(self, number: int, now: float) -> None:
        each = (now - self._began) / self._answered
        said = f"{number}/{self._total}" if self._total else str(number)
        said += f"  {each:.1f} s each"
        if self._failed:
            said += f"  {self._failed} with error"
        if self._total and number < self._total:
            said += f"  {(self._total - number) * each:.0f} s left"
        if self._terminal:
            print(f"\r{said:<60}", end="", file=sys.stderr, flush=True)
        else:
            self._print(said)

    def _print(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)
