"""Where a training stands, on disk: written whole or not at all.

A checkpoint is one file, `step-00000120.pt`, that takes its name only when its bytes are on the
disk. Of an interrupted writing nothing is ever read. The frozen weights of a model are not in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import IO, Any

import torch

from ..errors import TrainingFailed

_KEPT = 2
"""How many checkpoints stay: the last one, and the one before it."""


def save(folder: Path, step: int, state: Mapping[str, Any]) -> Path:
    """Write the checkpoint of a step; older ones but for one are removed."""
    path = folder / f"step-{step:08d}.pt"
    write(path, lambda file: torch.save(dict(state), file))
    for old in _listed(folder)[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def latest(folder: Path) -> dict[str, Any] | None:
    """The state of the last checkpoint; None where there is none."""
    listed = _listed(folder)
    return load(listed[-1]) if listed else None


def load(path: Path) -> dict[str, Any]:
    """A file of `save`; nothing in it is executed. Raises `TrainingFailed` where it is damaged."""
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("it is no file of torch")
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, UnpicklingError) as error:
        raise TrainingFailed(
            {"en": f"{path} cannot be read: {error}", "zh": f"无法读取 {path}：{error}"},
            hint={
                "en": "Remove that file: the training goes on from the checkpoint before it.",
                "zh": "请删除该文件：训练会从它之前的检查点继续。",
            },
        ) from error
    assert isinstance(state, dict)
    return state


def trainable(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The weights that are trained, by their names."""
    return {name: one.detach() for name, one in model.named_parameters() if one.requires_grad}


def restore(model: torch.nn.Module, weights: Mapping[str, torch.Tensor]) -> None:
    """Put trained weights back in their places."""
    own = trainable(model)
    assert own.keys() == weights.keys()
    with torch.no_grad():
        for name, one in own.items():
            one.copy_(weights[name])


def write(path: Path, writer: Callable[[IO[bytes]], object]) -> None:
    """Write a file in one step: whoever reads it finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, writing = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            writer(file)
            file.flush()
            os.fsync(file.fileno())
        Path(writing).chmod(0o644)
        os.replace(writing, path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(writing).unlink()
        raise
    flush_folder(path.parent)


def write_json(path: Path, value: Any) -> None:
    """JSON with sorted keys, in one step."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    write(path, lambda file: file.write(text.encode("utf-8", "surrogatepass")))


def flush_folder(folder: Path) -> None:
    """Have the names of a folder's files on the disk."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*.pt"))


__all__ = ["flush_folder", "latest", "load", "restore", "save", "trainable", "write", "write_json"]
