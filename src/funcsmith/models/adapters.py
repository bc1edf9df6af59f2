"""Adapters: small files that change what a base model says, put beside it while it runs.

One lies in <models>/adapters/<name>/: `adapter.gguf` (a GGUF LoRA) and `adapter.json`, which says
for which base it is (by sha256), what it was trained on, and what it was measured to do. An adapter
is never put beside another base: its numbers mean nothing there. Training is not here
(`funcsmith finetune`); how the engine is told of them is (`Beside`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..errors import AdapterNotFound, AdapterUnfit, HomeUnusable, ModelFileInvalid, SettingInvalid
from ..settings import Settings
from ..settings import settings as read_settings
from .carriers import sha256
from .catalogue import Model

_FILE, _FACTS = "adapter.gguf", "adapter.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_MAGIC = b"GGUF"


@dataclass(frozen=True)
class Adapter:
    """One adapter of this machine."""

    name: str
    path: Path
    base: str
    """The model that it was trained on."""
    base_sha256: str
    sha256: str
    """Of its own file."""
    made: str = ""
    """When, in UTC."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What it was trained on: folder, sha256 of its files, records, tokens."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """What it was measured to do when it was accepted."""
    training: Mapping[str, Any] = field(default_factory=dict)
    """Rank, learning rate, steps and the rest of how it was trained."""


def installed(settings: Settings | None = None) -> list[Adapter]:
    """Every adapter that can be read, by name; what is half there is no adapter."""
    folder = _folder(settings)
    try:
        names = sorted(one.name for one in folder.iterdir() if _NAME.fullmatch(one.name))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unusable(folder, error) from error
    return [adapter for name in names if (adapter := _read(folder / name)) is not None]


def find(name: str, settings: Settings | None = None) -> Adapter:
    """The adapter of that name. Raises `AdapterNotFound`; `ModelFileInvalid` for altered bytes."""
    adapter = _read(_folder(settings) / name) if _NAME.fullmatch(name) else None
    if adapter is None:
        raise _unknown(name, installed(settings))
    found = sha256(adapter.path)
    if found != adapter.sha256:
        raise ModelFileInvalid(
            {
                "en": f"{adapter.path} is not the adapter that was installed: its sha256 is {found}.",
                "zh": f"{adapter.path} 不是安装时的适配器：sha256 为 {found}。",
            },
            hint={
                "en": "Make it again with `funcsmith finetune`, or remove its folder.",
                "zh": "请用 `funcsmith finetune` 重新制作，或删除该文件夹。",
            },
        )
    return adapter


def beside(name: str, model: Model, path: Path, settings: Settings | None = None) -> Beside:
    """The adapters to start a base with, where `name` is to be used: all that are made for it.

    Raises `AdapterNotFound`, and `AdapterUnfit` where it was made for another base.
    """
    wanted = find(name, settings)
    base = model.sha256 or sha256(path)
    if wanted.base_sha256 != base:
        raise AdapterUnfit(
            {
                "en": f"The adapter '{name}' was made for {wanted.base} "
                f"({wanted.base_sha256[:12]}…), not for {model.name} ({base[:12]}…).",
                "zh": f"适配器 «{name}» 是为 {wanted.base}（{wanted.base_sha256[:12]}…）制作的，"
                f"不能用于 {model.name}（{base[:12]}…）。",
            },
            hint={
                "en": f"Use its base: --model {wanted.base}; or make one for this base with "
                "`funcsmith finetune`.",
                "zh": f"请使用它的基础模型：--model {wanted.base}；"
                "或用 `funcsmith finetune` 为当前模型制作。",
            },
        )
    fitting = [one for one in installed(settings) if one.base_sha256 == base and one.name != name]
    return Beside([wanted, *(one for one in fitting if sha256(one.path) == one.sha256)])


def install(adapter: Adapter, file: Path, settings: Settings | None = None) -> Adapter:
    """Put an adapter's file and facts in their place, in one step; one of that name is replaced.

    `adapter.path` and `adapter.sha256` are ignored: they become those of the copy.
    """
    named(adapter.name)
    folder = _folder(settings)
    place, new, old = (folder / f"{prefix}{adapter.name}" for prefix in ("", ".new-", ".old-"))
    try:
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        new.mkdir(parents=True)
        with file.open("rb") as source, (new / _FILE).open("wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        facts = {**asdict(adapter), "sha256": sha256(new / _FILE)}
        del facts["path"], facts["name"]
        written = json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        with (new / _FACTS).open("w", encoding="utf-8") as out:
            out.write(written)
            out.flush()
            os.fsync(out.fileno())
        if place.exists():
            place.rename(old)
        new.rename(place)
    except OSError as error:
        raise _unusable(folder, error) from error
    shutil.rmtree(old, ignore_errors=True)
    kept = _read(place)
    assert kept is not None
    return kept


def named(name: str) -> str:
    """The name, where an adapter can have it. Raises `SettingInvalid`."""
    if not _NAME.fullmatch(name):
        raise SettingInvalid(
            {
                "en": f"An adapter cannot be called '{name[:80]}'.",
                "zh": f"适配器不能命名为 «{name[:80]}»。",
            },
            hint={
                "en": "Letters, digits, dot, dash and underscore; at most 64.",
                "zh": "只能使用字母、数字、点、连字符和下划线，最多 64 个字符。",
            },
        )
    return name


class Beside:
    """The adapters that an engine has beside its base, the one to use unless asked otherwise first."""

    def __init__(self, adapters: Sequence[Adapter] = ()) -> None:
        self._adapters = tuple(adapters)

    def __bool__(self) -> bool:
        return bool(self._adapters)

    @property
    def default(self) -> str:
        """The name of the first; "" where there is none."""
        return self._adapters[0].name if self._adapters else ""

    @property
    def paths(self) -> list[str]:
        return [str(one.path) for one in self._adapters]

    @property
    def digest(self) -> str:
        """What tells engines with other adapters apart; "" without any."""
        told = "\0".join(one.sha256 for one in self._adapters)
        return hashlib.sha256(told.encode()).hexdigest()[:8] if self._adapters else ""

    def sha256(self, name: str | None) -> str:
        """The sha256 of what a request of that name uses; "" for the base alone."""
        chosen = self._chosen(name)
        return chosen.sha256 if chosen else ""

    def request(self, name: str | None) -> list[dict[str, Any]]:
        """The field `lora` of a request: None uses the default, "" the base alone.

        All are named, also those that are off: llama.cpp's server takes a request that names none
        for one that changes nothing, and then answers from the state of the adapter before it.
        """
        chosen = self._chosen(name)
        return [
            {"id": number, "scale": 1.0 if one is chosen else 0.0}
            for number, one in enumerate(self._adapters)
        ]

    def _chosen(self, name: str | None) -> Adapter | None:
        wanted = self.default if name is None else name
        if not wanted:
            return None
        found = next((one for one in self._adapters if one.name == wanted), None)
        if found is None:
            raise _unknown(wanted, self._adapters)
        return found


def _folder(settings: Settings | None) -> Path:
    return (settings or read_settings()).models / "adapters"


def _read(place: Path) -> Adapter | None:
    """The adapter in a folder; None where it is not there whole."""
    try:
        facts = json.loads((place / _FACTS).read_text("utf-8"))
        with (place / _FILE).open("rb") as file:
            if file.read(4) != _MAGIC:
                return None
        return Adapter(
            name=place.name,
            path=place / _FILE,
            base=str(facts["base"]),
            base_sha256=str(facts["base_sha256"]),
            sha256=str(facts["sha256"]),
            made=str(facts.get("made", "")),
            data=dict(facts.get("data") or {}),
            figures=dict(facts.get("figures") or {}),
            training=dict(facts.get("training") or {}),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _unknown(name: str, known: Sequence[Adapter]) -> AdapterNotFound:
    names = [f"{one.name} ({one.base})" for one in known]
    return AdapterNotFound(
        {
            "en": f"There is no adapter '{name[:80]}'.",
            "zh": f"没有名为 «{name[:80]}» 的适配器。",
        },
        hint={
            "en": f"Adapters here: {', '.join(names)}."
            if names
            else "There is none yet: make one with `funcsmith finetune`.",
            "zh": f"现有适配器：{'、'.join(names)}。"
            if names
            else "目前还没有适配器，可用 `funcsmith finetune` 制作。",
        },
    )


def _unusable(folder: Path, error: OSError) -> HomeUnusable:
    why = error.strerror or str(error)
    return HomeUnusable(
        {
            "en": f"The folder for adapters {folder} cannot be used: {why}.",
            "zh": f"适配器文件夹 {folder} 无法使用：{why}。",
        },
        hint={
            "en": "Make it a folder that you may write, or set FUNCSMITH_MODELS to another one.",
            "zh": "请确保它是可写的文件夹，或用 FUNCSMITH_MODELS 指定其他位置。",
        },
    )


__all__ = ["Adapter", "Beside", "beside", "find", "install", "installed", "named"]
