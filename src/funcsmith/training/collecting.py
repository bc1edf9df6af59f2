"""Every source read into one file of records, with what was left out and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import InputInvalid
from ..settings import settings
from .importers import PUBLIC, SOURCES, Left, Where, importer
from .importers.files import read_file
from .record import Record, write_records


@dataclass
class Collected:
    """How many records each source gave, and what it left, by reason."""

    records: Counter[str] = field(default_factory=Counter)
    left: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def collect(
    *,
    sources: Sequence[str] = (),
    files: Sequence[Path] = (),
    packages: Sequence[str] = (),
    licence: str = "own",
    told: Collected | None = None,
    on_source: Callable[[str], object] = lambda _: None,
) -> Iterator[Record]:
    """The records of the sources, then those of the files; counts go into `told`.

    Without sources and files all sources are read. Raises `InputInvalid` for a source that is not
    known, a file that cannot be read, or public sources without the folder of FUNCSMITH_DATA.
    """
    chosen = list(sources) or ([] if files else list(SOURCES))
    told = told if told is not None else Collected()
    where = Where(settings().data, tuple(packages))
    _check(chosen, where)
    for name in chosen:
        on_source(name)
        yield from _counted(importer(name)(where), name, told)
    for path in files:
        on_source(path.name)
        yield from _counted(read_file(path, licence=licence), path.name, told)


def _counted(found: Iterator[Record | Left], name: str, told: Collected) -> Iterator[Record]:
    for one in found:
        if isinstance(one, Left):
            told.left[name][one.reason] += 1
        else:
            told.records[name] += 1
            yield one


_WITHOUT_DATA = ("phrasebook", "docstrings", "library")


def _check(chosen: Sequence[str], where: Where) -> None:
    for name in chosen:
        importer(name)
    wanting = [name for name in chosen if name in PUBLIC and name not in _WITHOUT_DATA]
    if wanting and (where.data is None or not where.data.is_dir()):
        named = ", ".join(wanting)
        raise InputInvalid(
            {
                "en": f"The sources {named} need the folder of public data.",
                "zh": f"数据来源 {named} 需要公开数据所在的文件夹。",
            },
            hint={
                "en": f"Set FUNCSMITH_DATA, or give --source {' --source '.join(_WITHOUT_DATA)}.",
                "zh": f"请设置 FUNCSMITH_DATA，或只用 --source {' --source '.join(_WITHOUT_DATA)}。",
            },
        )


def collect_into(path: Path, **given: object) -> Collected:
    """The same into a file, which is written whole or not at all."""
    told = Collected()
    write_records(path, collect(told=told, **given))  # type: ignore[arg-type]  # as `collect` has them
    return told


__all__ = ["Collected", "collect", "collect_into"]
