"""funcsmith doctor: what this machine offers, and what stands in the way."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import FuncsmithError, Language
from ..settings import settings
from .layout import Line, Piece
from .screen import Screen
from .words import locale_language

if TYPE_CHECKING:
    from ..doctor import Report
    from ..models.engine import Engine


def doctor(
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON alone.")] = False,
    speed: Annotated[
        bool, typer.Option("--speed", help="Also start the engine and time it (10 to 30 s).")
    ] = False,
) -> int:
    """Look at this machine: fence, models, engine, disk, speed."""
    from ..contract import dumps
    from ..doctor import examine
    from .visible import visible_json

    with _engine(speed) as engine:
        report = examine(speed=speed, engine=engine)
    if json:
        print(visible_json(dumps(report.to_dict())))
    else:
        _show(report, locale_language())
    return 0


@contextlib.contextmanager
def _engine(wanted: bool) -> Iterator[Engine | None]:
    """The engine of the chosen model where its file is here; nothing is fetched."""
    if not wanted:
        yield None
        return
    from ..models import catalogue
    from ..models.llamacpp import LlamaCpp

    try:
        model = catalogue.find(settings().model)
        path = catalogue.locate(model)
    except FuncsmithError:  # the report says it
        path = None
    if path is None:
        yield None
        return
    engine = LlamaCpp(path, model=model.name, sha256=model.sha256, threads=settings().threads)
    try:
        yield engine
    finally:
        engine.close()


def _show(report: Report, language: Language) -> None:
    from ..models.progress import size

    machine, home, fence = report.machine, report.home, report.fence
    parts: list[tuple[str, list[Piece]]] = [
        ("funcsmith", [(f"{report.version}, Python {report.python.version}", "")]),
        ("machine", [(f"{machine.os}, {machine.kernel}, {machine.processor}", "")]),
        ("cores", [(f"{machine.usable_cores} of {machine.cores}", "")]),
        (
            "memory",
            [(f"{_size(machine.available_bytes)} of {_size(machine.memory_bytes)} free", "")],
        ),
        ("home", [_mark(home.writable), (f"{home.path}", "")]),
        ("disk", [(f"{_size(home.free_bytes)} free", "")]),
        ("fence", [_mark(fence.kind is not None), (_fence(report), "")]),
    ]
    parts += [(f"  {name}", [_mark(held)]) for name, held in fence.features.items()]
    for model in report.models:
        here = model.state in ("verified", "own")
        said = f"{model.name}  {model.state}  {size(model.bytes)}"
        parts.append(("model", [_mark(here, absent=model.state != "invalid"), (said, "")]))
    engine = report.engine
    devices = ", ".join(device.description or device.name for device in engine.devices)
    known = f"xllamacpp {engine.version}" if engine.version else "—"
    parts.append(("engine", [_mark(engine.system_info is not None), (f"{known}  {devices}", "")]))
    parts.append(
        ("database", [_mark(report.database.reachable is not False), (report.database.url, "")])
    )
    server = report.remote
    if server is None:
        parts.append(("server", [("none: no text leaves this machine", "dim")]))
    else:
        said = f"{server.address}  {server.model or ''}".rstrip()
        parts.append(("server", [_mark(server.answers), (said, "")]))
    if report.speed is not None:
        prompt, decode = (
            report.speed.prompt_tokens_per_second,
            report.speed.decode_tokens_per_second,
        )
        said = f"{report.speed.model}: prompt {prompt} tok/s, decode {decode} tok/s"
        parts.append(("speed", [(said, "")]))
    screen = Screen()
    for label, pieces in parts:
        line: Line = [(f"{label:<14}", "dim"), *pieces]
        screen.line(*line)
    for problem in report.problems:
        style = "bad" if problem.severity == "error" else "verdict"
        screen.line("")
        screen.line((f"{problem.severity}: ", style), problem.message.get(language, ""))
        screen.line((f"  {problem.advice.get(language, '')}", "dim"))


def _fence(report: Report) -> str:
    fence = report.fence
    if fence.kind == "monty":
        return "monty: a subset of Python"
    abi = f"Landlock ABI {fence.landlock_abi}" if fence.landlock_abi is not None else ""
    return "  ".join(filter(None, [fence.kind or "—", abi]))


def _mark(holds: bool, *, absent: bool = False) -> Piece:
    if holds:
        return ("✓ ", "value")
    return ("· ", "dim") if absent else ("✗ ", "bad")


def _size(count: int | None) -> str:
    from ..models.progress import size

    return "?" if count is None else size(count)
