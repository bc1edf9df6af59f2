"""The models that Funcsmith knows, where their files lie here, and how they come here.

A file is its sha256: whoever brought it, only the pinned bytes are accepted, and they take their
place in one step after they were checked. What was checked once is remembered beside the file in
`<file>.verified` (size, time of change, sha256), so that a later start reads no gigabyte again.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import HomeUnusable, ModelFileInvalid, ModelUnavailable, ModelUnknown
from ..settings import Settings
from ..settings import settings as read_settings
from .carriers import Carrier, CarrierFailed, DiskFull, Part, fetch, in_order, sha256
from .progress import Progress, Silent, Words, size

_MAGIC = b"GGUF"
_HEADER_BYTES = 24
FOLDER_FILE = "config.json"
"""What makes a folder one of Transformers."""
_TEMPLATE_WITHIN_BYTES = 32 * 2**20
"""The template of a GGUF file stands behind its vocabulary."""
_SHOWN_CHARACTERS = 200
_GUESSED_BYTES_PER_SECOND = 10_000_000


@dataclass(frozen=True)
class Model:
    """A model of the catalogue, or a user's own file."""

    name: str
    role: str
    """"default", "small", or "own"."""
    file: str
    bytes: int
    sha256: str
    """Empty for a user's own file: what it should be is not known."""
    license: str = ""
    template: str = "chatml"
    """"chatml", or "gguf" or "folder": the one that it brings."""
    carriers: tuple[Carrier, ...] = ()
    path: Path | None = None
    """Where a user's own file lies."""


@functools.cache
def _catalogue() -> tuple[Model, ...]:
    facts = json.loads(Path(__file__).with_name("models.json").read_text("utf-8"))
    return tuple(_model(each) for each in facts["models"])


def _model(facts: dict[str, Any]) -> Model:
    carriers = tuple(
        Carrier(**{**each, "requirements": tuple(each.get("requirements", ()))})
        for each in facts["carriers"]
    )
    return Model(**{**facts, "carriers": carriers})


def models() -> list[Model]:
    """Every model of the catalogue, the default one first."""
    return list(_catalogue())


def find(name_or_path: str) -> Model:
    """The model of that name, role ("default", "small") or size ("0.5b"), or one's own by path: a GGUF
    file, or a folder of Transformers.

    Raises `ModelUnknown`, and for a file that is no GGUF `ModelFileInvalid`.
    """
    wanted = name_or_path.strip().casefold()
    # os.path's functions answer for names that no file can have; Path's raise.
    path = Path(os.path.expanduser(name_or_path))
    there = os.path.exists(path)
    for model in models():
        if wanted in _names(model) or (name_or_path == model.file and not there):
            return model
    if os.path.exists(path / FOLDER_FILE):
        return _own_folder(path)
    if path.suffix.casefold() == ".gguf" or len(path.parts) > 1 or there:
        return _own(path)
    raise _unknown(name_or_path)


def locate(
    model: Model, settings: Settings | None = None, *, thorough: bool = False
) -> Path | None:
    """The model's file where it is here with the right bytes; None where it is not here.

    The bytes are read once and then remembered; `thorough` reads them again. Raises
    `ModelFileInvalid` for a truncated or altered file.
    """
    if model.path is not None:
        return model.path
    path = _folder(settings) / model.file
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path.parent, error) from error
    if state.st_size != model.bytes:
        raise _invalid(
            model,
            path,
            {
                "en": f"it has {state.st_size} bytes, not {model.bytes}",
                "zh": f"大小是 {state.st_size} 字节，应为 {model.bytes} 字节",
            },
        )
    if not thorough and _remembered(path) == (state.st_size, state.st_mtime_ns, model.sha256):
        return path
    try:
        digest = sha256(path)
    except OSError as error:
        raise ModelUnavailable(
            {
                "en": f"The file {path} cannot be read: {error.strerror}.",
                "zh": f"无法读取文件 {path}：{error.strerror}。",
            },
            hint={"en": "Check its permissions.", "zh": "请检查文件权限。"},
        ) from error
    if digest != model.sha256:
        raise _invalid(
            model,
            path,
            {
                "en": f"its sha256 is {digest}, not {model.sha256}",
                "zh": f"sha256 是 {digest}，应为 {model.sha256}",
            },
        )
    _remember(path, state, digest)
    return path


def pull(
    model: Model, settings: Settings | None = None, *, progress: Progress | None = None
) -> Path:
    """Bring the model's file here, whole and checked; at once where it is here already.

    One process at a time brings a file; the others wait and find it. What was interrupted is gone
    on with. A damaged file is replaced. Raises `ModelUnavailable`, `HomeUnusable`.
    """
    if model.path is not None:
        return model.path
    target = _folder(settings) / model.file
    progress = progress or Silent()
    if _is_here(model, settings):
        return target
    try:
        with _alone(model, target, progress):
            if not _is_here(model, settings):
                _bring(model, target, progress)
    finally:
        progress.finish()
    return target


def ensure(
    name_or_path: str, settings: Settings | None = None, progress: Progress | None = None
) -> tuple[Model, Path]:
    """The model of that name and its file, brought here where it is missing."""
    model = find(name_or_path)
    return model, locate(model, settings) or pull(model, settings, progress=progress)


# Names and own files


def _names(model: Model) -> set[str]:
    return {model.name, model.role, model.name.rpartition("-")[2]}


def _own(path: Path) -> Model:
    """A user's own file."""
    try:
        with path.open("rb") as file:
            head = file.read(_TEMPLATE_WITHIN_BYTES)
        count = path.stat().st_size
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no file can have that name"
        raise ModelUnknown(
            {
                "en": f"The model file {_short(path)} cannot be read: {why}.",
                "zh": f"无法读取模型文件 {_short(path)}：{why}。",
            },
            hint=_known(),
        ) from error
    if not head.startswith(_MAGIC) or len(head) < _HEADER_BYTES:
        raise ModelFileInvalid(
            {
                "en": f"{path} is not a GGUF file: it begins with {head[:4]!r}, not b'GGUF'.",
                "zh": f"{path} 不是 GGUF 文件：开头是 {head[:4]!r}，应为 b'GGUF'。",
            }
            if not head.startswith(_MAGIC)
            else {
                "en": f"{path} is a truncated GGUF file: {count} bytes.",
                "zh": f"{path} 是不完整的 GGUF 文件：{count} 字节。",
            },
            hint={
                "en": "Give the path of a model in llama.cpp's GGUF format, or a name: "
                + ", ".join(model.name for model in models()),
                "zh": "请给出 llama.cpp 的 GGUF 格式模型文件，或模型名称："
                + "、".join(model.name for model in models()),
            },
        )
    written = head.partition(b"tokenizer.chat_template")[2][:20_000]
    # Phi's template has <|im_start|> too, but with a separator of its own.
    chatml = b"<|im_start|>" in written and b"<|im_sep|>" not in written
    return Model(
        name=path.stem,
        role="own",
        file=path.name,
        bytes=count,
        sha256="",
        template="chatml" if chatml else "gguf",
        path=path.absolute(),
    )


def _own_folder(path: Path) -> Model:
    """A user's own folder of Transformers, such as one that was trained here."""
    weights = [*path.glob("*.safetensors")]
    if not weights:
        raise ModelFileInvalid(
            {
                "en": f"The folder {path} has no weights (*.safetensors).",
                "zh": f"文件夹 {path} 里没有权重（*.safetensors）。",
            },
            hint={
                "en": "Save the model with save_pretrained, its tokenizer too.",
                "zh": "请用 save_pretrained 保存模型与 tokenizer。",
            },
        )
    return Model(
        name=path.absolute().name,
        role="own",
        file=path.name,
        bytes=sum(one.stat().st_size for one in weights),
        sha256="",
        template="folder",
        path=path.absolute(),
    )


def _unknown(name: str) -> ModelUnknown:
    import difflib

    shown = _short(name)
    every = {alias: model.name for model in models() for alias in _names(model)}
    close = difflib.get_close_matches(name.casefold(), list(every), n=3, cutoff=0.5)
    meant = list(dict.fromkeys(every[alias] for alias in close))
    known = _known()
    return ModelUnknown(
        {"en": f"There is no model '{shown}'.", "zh": f"没有名为 «{shown}» 的模型。"},
        hint={
            "en": (f"Did you mean {' or '.join(meant)}? " if meant else "") + known["en"],
            "zh": (f"是否指 {' 或 '.join(meant)}？" if meant else "") + known["zh"],
        },
    )


def _short(name: str | Path) -> str:
    text = str(name)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _known() -> Words:
    names = [f"{model.name} ({model.role})" for model in models()]
    return {
        "en": f"Models: {', '.join(names)}, or the path of your own GGUF file or folder.",
        "zh": f"可用模型：{'、'.join(names)}，或您自己的 GGUF 文件或模型文件夹的路径。",
    }


# What is here


def _folder(settings: Settings | None) -> Path:
    return (settings or read_settings()).models


def _is_here(model: Model, settings: Settings | None) -> bool:
    try:
        return locate(model, settings, thorough=True) is not None
    except ModelFileInvalid:
        return False


def _stamp(path: Path) -> Path:
    return path.with_name(f"{path.name}.verified")


def _remembered(path: Path) -> tuple[int, int, str] | None:
    """What was checked before; None where that is missing or unreadable."""
    try:
        stamp = json.loads(_stamp(path).read_text("utf-8"))
        return int(stamp["size"]), int(stamp["mtime_ns"]), str(stamp["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(path: Path, state: os.stat_result, digest: str) -> None:
    stamp = _stamp(path)
    new = stamp.with_name(f"{stamp.name}.{os.getpid()}")
    facts = {"size": state.st_size, "mtime_ns": state.st_mtime_ns, "sha256": digest}
    # A folder that cannot be written (shared, read-only) means reading the file at each start.
    with contextlib.suppress(OSError):
        try:
            new.write_text(json.dumps(facts), "utf-8")
            new.replace(stamp)
        except OSError:
            new.unlink(missing_ok=True)


def _invalid(model: Model, path: Path, why: Words) -> ModelFileInvalid:
    return ModelFileInvalid(
        {
            "en": f"{path} is not {model.name}: {why['en']}.",
            "zh": f"{path} 不是 {model.name}：{why['zh']}。",
        },
        hint={
            "en": f"Replace it with: funcsmith models pull {model.name}",
            "zh": f"重新下载：funcsmith models pull {model.name}",
        },
    )


# Bringing it here


@contextlib.contextmanager
def _alone(model: Model, target: Path, progress: Progress) -> Iterator[None]:
    """The only process that brings this file; another one's progress is shown while waiting."""
    import filelock

    folder = target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(target.with_name(f"{target.name}.lock"))
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            _wait(lock, model, Part(target, model.bytes, progress), progress)
    except OSError as error:
        raise _unusable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _wait(lock: Any, model: Model, part: Part, progress: Progress) -> None:
    import filelock

    progress.start(
        model.name,
        model.bytes,
        {
            "en": "another process is fetching it; waiting",
            "zh": "另一个进程正在下载，等待其完成",
        },
    )
    while True:
        try:
            lock.acquire(timeout=0.5)
        except filelock.Timeout:
            progress.advance(part.done_bytes)
        else:
            return


def _bring(model: Model, target: Path, progress: Progress) -> None:
    part = Part(target, model.bytes, progress)
    try:
        for left in target.parent.glob(f"{part.path.name}.wheel-*"):
            shutil.rmtree(left, ignore_errors=True)
        _from_any(model, target, part, progress)
    except DiskFull as full:
        raise _disk_full(model, target.parent, part, full.needed_bytes) from full
    except OSError as error:
        raise _unusable(target.parent, error) from error


def _from_any(model: Model, target: Path, part: Part, progress: Progress) -> None:
    here = part.done_bytes
    if shutil.disk_usage(target.parent).free < model.bytes - here:
        raise DiskFull(model.bytes - here)
    progress.start(model.name, model.bytes, _announcement(model.bytes, here))
    progress.advance(here)
    tried: list[tuple[str, Words]] = []
    for carrier in in_order(model.carriers, os.environ):
        progress.carrier(carrier.label, None)
        reason = _from_one(carrier, model, target, part)
        if reason is None:
            return
        tried.append((carrier.label, reason))
        progress.carrier(carrier.label, reason)
    if not part.done_bytes:
        part.discard()
    raise _not_to_be_had(model, target, tried, part)


def _from_one(carrier: Carrier, model: Model, target: Path, part: Part) -> Words | None:
    """Bring it from this carrier; the reason where that failed."""
    while True:
        continued = part.done_bytes > 0
        try:
            fetch(carrier, model.file, part)
        except CarrierFailed as failed:
            return failed.reason
        digest = part.digest()
        if digest == model.sha256:
            _place(part, target, digest)
            return None
        part.discard()
        part.progress.advance(0)
        # The wrong bytes may have been here before this carrier came: it gets one try from zero.
        if not continued:
            return {
                "en": f"brought other bytes: sha256 {digest}",
                "zh": f"内容不符：sha256 为 {digest}",
            }


def _place(part: Part, target: Path, digest: str) -> None:
    """The checked part becomes the file, in one step, and for good."""
    with part.path.open("rb+") as file:
        os.fsync(file.fileno())
    # Windows refuses for a moment while a virus scanner reads the new file.
    for wait_seconds in (0.2, 1.0, 3.0):
        try:
            part.path.replace(target)
            break
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(wait_seconds)
    else:
        part.path.replace(target)
    _remember(target, target.stat(), digest)


def _announcement(total_bytes: int, here_bytes: int) -> Words:
    left = total_bytes - here_bytes
    minutes = max(1, round(left / _GUESSED_BYTES_PER_SECOND / 60))
    on = {"en": "", "zh": ""}
    if here_bytes:
        on = {
            "en": f", {size(here_bytes)} of it are here already",
            "zh": f"，其中 {size(here_bytes)} 已下载",
        }
    return {
        "en": f"{size(total_bytes)}{on['en']}; about {minutes} min at 10 MB/s",
        "zh": f"{size(total_bytes)}{on['zh']}；按 10 MB/s 约 {minutes} 分钟",
    }


def _not_to_be_had(
    model: Model, target: Path, tried: list[tuple[str, Words]], part: Part
) -> ModelUnavailable:
    lines = {
        language: "".join(f"\n  {name}: {reason[language]}" for name, reason in tried)
        for language in ("en", "zh")
    }
    kept = {"en": "", "zh": ""}
    if part.done_bytes:
        kept = {
            "en": f"\nThe {size(part.done_bytes)} that came are kept; the same command goes on.",
            "zh": f"\n已下载的 {size(part.done_bytes)} 会保留，再次运行即可继续。",
        }
    return ModelUnavailable(
        {
            "en": f"No carrier could bring {model.name}:{lines['en']}",
            "zh": f"没有任何来源能提供 {model.name}：{lines['zh']}",
        },
        hint={
            "en": "Any one of these helps:\n"
            "  a mirror of the Hugging Face hub: HF_ENDPOINT=https://…\n"
            "  a GGUF file of your own: --model /path/to/file.gguf\n"
            "  a folder that has the file already: FUNCSMITH_MODELS=/path\n"
            f"  the file copied by hand to {target}\n"
            f"    ({model.bytes} bytes, sha256 {model.sha256}){kept['en']}",
            "zh": "可任选一种办法：\n"
            "  使用 Hugging Face 镜像：HF_ENDPOINT=https://…\n"
            "  使用自己的 GGUF 文件：--model /路径/文件.gguf\n"
            "  指定已有该文件的文件夹：FUNCSMITH_MODELS=/路径\n"
            f"  手动复制文件到 {target}\n"
            f"    （{model.bytes} 字节，sha256 {model.sha256}）{kept['zh']}",
        },
    )


def _disk_full(model: Model, folder: Path, part: Part, needed_bytes: int) -> ModelUnavailable:
    free = shutil.disk_usage(folder).free
    kept = {"en": "", "zh": ""}
    if part.done_bytes:
        kept = {
            "en": f" What came is kept in {part.path} ({size(part.done_bytes)}); "
            "delete it if you give up.",
            "zh": f"已下载部分保留在 {part.path}（{size(part.done_bytes)}），不再需要时可删除。",
        }
    return ModelUnavailable(
        {
            "en": f"No space for {model.name} in {folder}: "
            f"{needed_bytes} more bytes ({size(needed_bytes)}) are needed, {free} are free.",
            "zh": f"{folder} 空间不足，放不下 {model.name}："
            f"还需要 {needed_bytes} 字节（{size(needed_bytes)}），剩余 {free} 字节。",
        },
        hint={
            "en": "Free some space, or set FUNCSMITH_MODELS to a folder on another disk."
            + kept["en"],
            "zh": "请清理空间，或用 FUNCSMITH_MODELS 指定另一磁盘上的文件夹。" + kept["zh"],
        },
    )


def _unusable(folder: Path, error: OSError) -> HomeUnusable:
    why = error.strerror or str(error)
    return HomeUnusable(
        {
            "en": f"The folder for models {folder} cannot be used: {why}.",
            "zh": f"模型文件夹 {folder} 无法使用：{why}。",
        },
        hint={
            "en": "Make it a folder that you may write, or set FUNCSMITH_HOME or FUNCSMITH_MODELS "
            "to another one.",
            "zh": "请确保它是可写的文件夹，或用 FUNCSMITH_HOME、FUNCSMITH_MODELS 指定其他位置。",
        },
    )
