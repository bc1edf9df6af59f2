"""What this machine offers Funcsmith, looked at piece by piece; no text is sent, nothing is mended.

Whatever is missing or broken is a problem in the report, with what to do about it; only a defect of
our own raises. The home is not created by looking at it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .errors import FuncsmithError
from .models import catalogue
from .models.progress import Words, size
from .models.remote import NAME, Remote
from .settings import Settings
from .settings import settings as read_settings

if TYPE_CHECKING:
    from .models.engine import Engine

FEATURES = ("filesystem", "network", "signals", "syscalls", "memory", "processes")
"""What a whole fence holds, as the contract names it."""

_ENGINE_SECONDS = 60.0
_ENGINE_QUESTION = """
import json, xllamacpp
devices = [{**each, "type": each["type"].name} for each in xllamacpp.get_device_info()]
print(json.dumps({
    "version": xllamacpp.__version__,
    "system_info": xllamacpp.get_system_info(),
    "devices": devices,
}, default=str))
"""
_FENCE_SOURCE = "def same(n: int) -> int:\n    return n\n"
_ROOM_BYTES = 2 * 2**30
_HEADROOM_BYTES = 700 * 2**20
"""What the engine wants beside the model's own bytes: context, buffers, the interpreter."""


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way ("error") or may ("warning"), and what to do."""

    part: str
    severity: Literal["error", "warning"]
    message: Words
    advice: Words


@dataclass(frozen=True)
class Machine:
    os: str
    kernel: str
    architecture: str
    processor: str
    cores: int | None
    usable_cores: int | None
    """Those that this process may use."""
    memory_bytes: int | None
    available_bytes: int | None
    """Free memory, or what is left of a container's limit where that is less."""


@dataclass(frozen=True)
class Python:
    version: str
    implementation: str
    executable: str
    environment: bool
    """A virtual environment."""


@dataclass(frozen=True)
class Home:
    path: str
    models: str
    exists: bool
    writable: bool
    models_writable: bool
    free_bytes: int | None
    """Where the models lie."""


@dataclass(frozen=True)
class Fence:
    landlock_abi: int | None
    """0 where the kernel has no Landlock."""
    kind: str | None
    """What really fenced a call just now; None where none could be run."""
    features: dict[str, bool]


@dataclass(frozen=True)
class ModelFile:
    name: str
    role: str
    path: str
    bytes: int
    state: Literal["verified", "own", "invalid", "part", "absent"]
    here_bytes: int


@dataclass(frozen=True)
class Device:
    name: str
    description: str
    kind: str
    memory_bytes: int | None
    free_bytes: int | None


@dataclass(frozen=True)
class EngineLibrary:
    version: str | None
    system_info: str | None
    devices: list[Device] = field(default_factory=list)


@dataclass(frozen=True)
class Database:
    url: str
    """Without its password."""
    reachable: bool | None
    """None: not there yet; the first use makes it."""


@dataclass(frozen=True)
class Server:
    """The OpenAI-compatible server that is configured."""

    address: str
    model: str | None
    answers: bool


@dataclass(frozen=True)
class Speed:
    model: str
    prompt_tokens_per_second: float
    decode_tokens_per_second: float


@dataclass(frozen=True)
class Report:
    """Everything that was looked at, and the problems found."""

    version: str
    python: Python
    machine: Machine
    home: Home
    fence: Fence
    models: list[ModelFile]
    engine: EngineLibrary
    database: Database
    remote: Server | None
    settings: dict[str, str | None]
    speed: Speed | None
    problems: list[Problem]

    @property
    def healthy(self) -> bool:
        """No problem keeps Funcsmith from working; warnings may remain."""
        return all(problem.severity != "error" for problem in self.problems)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        return {**dataclasses.asdict(self), "healthy": self.healthy}


def examine(
    settings: Settings | None = None, *, speed: bool = False, engine: Engine | None = None
) -> Report:
    """Look at everything. With `speed` the engine handed in decodes a little and is timed."""
    problems: list[Problem] = []
    settings = settings or _read_settings(problems)
    machine = _machine()
    return Report(
        version=_version("funcsmith") or "unknown",
        python=_python(problems),
        machine=machine,
        home=_home(settings, problems),
        fence=_fence(settings, problems),
        models=_models(settings, machine, problems),
        engine=_engine(problems),
        database=_database(settings, problems),
        remote=_remote(settings, problems),
        settings=_shown(settings),
        speed=_speed(engine, problems) if speed else None,
        problems=problems,
    )


def _read_settings(problems: list[Problem]) -> Settings:
    try:
        return read_settings()
    except ValueError as error:
        problems.append(
            _error(
                "settings",
                f"A setting is not a number: {error}.",
                f"有一项设置不是数字：{error}。",
                "Correct or unset FUNCSMITH_THREADS, FUNCSMITH_KEEP_WARM, FUNCSMITH_RUNS_KEPT, "
                "FUNCSMITH_RUNS_BYTES.",
                "请更正或取消 FUNCSMITH_THREADS、FUNCSMITH_KEEP_WARM、FUNCSMITH_RUNS_KEPT、"
                "FUNCSMITH_RUNS_BYTES。",
            )
        )
    home = Path(os.environ.get("FUNCSMITH_HOME") or Path.home() / ".funcsmith").expanduser()
    return Settings(
        home=home,
        models=Path(os.environ.get("FUNCSMITH_MODELS") or home / "models").expanduser(),
        model=os.environ.get("FUNCSMITH_MODEL") or "default",
        database_url=os.environ.get("FUNCSMITH_DATABASE_URL") or None,
        threads=None,
        keep_warm_seconds=0,
        fence=os.environ.get("FUNCSMITH_FENCE") or "on",
        runs_kept=10_000,
        data=None,
        remote_url=os.environ.get("FUNCSMITH_REMOTE_URL") or None,
        remote_model=os.environ.get("FUNCSMITH_REMOTE_MODEL") or None,
        remote_key=os.environ.get("FUNCSMITH_REMOTE_KEY") or None,
    )


# Python and machine


def _python(problems: list[Problem]) -> Python:
    # A check of the running Python, which the type checker takes for its own target.
    if tuple(sys.version_info[:2]) < (3, 10):
        problems.append(
            _error(
                "python",
                f"Python {platform.python_version()} is too old; 3.10 is the oldest.",
                f"Python {platform.python_version()} 太旧，至少需要 3.10。",
                "Install a newer Python and make a new environment with it.",
                "请安装更新的 Python 并重建虚拟环境。",
            )
        )
    return Python(
        version=platform.python_version(),
        implementation=platform.python_implementation(),
        executable=sys.executable,
        environment=sys.prefix != sys.base_prefix,
    )


def _machine() -> Machine:
    total, available = _memory()
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Machine(
        os=_system(),
        kernel=f"{platform.system()} {platform.release()}",
        architecture=platform.machine(),
        processor=_processor(),
        cores=os.cpu_count(),
        usable_cores=usable,
        memory_bytes=total,
        available_bytes=available,
    )


def _system() -> str:
    with contextlib.suppress(OSError, KeyError):
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    if version := platform.mac_ver()[0]:
        return f"macOS {version}"
    return f"{platform.system()} {platform.version()}".strip()


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _memory() -> tuple[int | None, int | None]:
    """The memory that this process may have, and how much of it is free."""
    total: int | None = None
    free: int | None = None
    with contextlib.suppress(OSError, ValueError):
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        facts = {name: int(rest.split()[0]) * 1024 for name, _, rest in
                 (line.partition(":") for line in lines)}  # fmt: skip
        total, free = facts.get("MemTotal"), facts.get("MemAvailable")
    if total is None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    # A container sees the whole machine's memory, but may only use its own limit.
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        (
            "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        ),
    ):
        with contextlib.suppress(OSError, ValueError):
            allowed = int(Path(limit).read_text("ascii"))
            if total is None or allowed < total:
                left = max(0, allowed - int(Path(used).read_text("ascii")))
                total, free = allowed, left if free is None else min(free, left)
    return total, free


# Home


def _home(settings: Settings, problems: list[Problem]) -> Home:
    writable = _writable(settings.home)
    models_writable = _writable(settings.models)
    for folder, works, variable in (
        (settings.home, writable, "FUNCSMITH_HOME"),
        (settings.models, models_writable or not writable, "FUNCSMITH_MODELS"),
    ):
        if not works:
            problems.append(
                _problem(
                    "home",
                    # Models can be provided in a folder that only their owner writes.
                    "error" if variable == "FUNCSMITH_HOME" else "warning",
                    f"{folder} cannot be written.",
                    f"{folder} 不可写。",
                    f"Make it a folder that you may write, or set {variable} to another one.",
                    f"请确保它是可写的文件夹，或用 {variable} 指定其他位置。",
                )
            )
    free: int | None = None
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(_nearest(settings.models)).free
    return Home(
        path=str(settings.home),
        models=str(settings.models),
        exists=settings.home.is_dir(),
        writable=writable,
        models_writable=models_writable,
        free_bytes=free,
    )


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    for each in (folder, *folder.absolute().parents):
        with contextlib.suppress(OSError):
            if each.exists():
                return each
    return Path(folder.anchor or ".")


def _writable(folder: Path) -> bool:
    """Whether the folder takes a file now, or could be made."""
    nearest = _nearest(folder)
    if nearest != folder:
        return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


# Fence


def _fence(settings: Settings, problems: list[Problem]) -> Fence:
    abi = _landlock_abi()
    if abi is not None and abi < 1:
        problems.append(
            _warning(
                "fence",
                "The kernel has no Landlock, or it is switched off.",
                "内核没有 Landlock，或已被关闭。",
                "Linux 5.13 or newer with 'landlock' in the boot option lsm=.",
                "需要 Linux 5.13 以上，并在启动参数 lsm= 中包含 landlock。",
            )
        )
    kind, features = _fenced_call(problems)
    if settings.fence != "on":
        problems.append(
            _warning(
                "fence",
                f"FUNCSMITH_FENCE is '{settings.fence}': generated code may do what you may.",
                f"FUNCSMITH_FENCE 为 «{settings.fence}»：生成的代码与您拥有同样的权限。",
                "Unset FUNCSMITH_FENCE unless this machine is made to be thrown away.",
                "除非这台机器可以随时丢弃，否则请取消 FUNCSMITH_FENCE。",
            )
        )
    return Fence(landlock_abi=abi, kind=kind, features=features)


def _landlock_abi() -> int | None:
    """The kernel's Landlock ABI, 0 without Landlock; None where the kernel is not Linux."""
    if sys.platform != "linux":
        return None
    from .execute.fence import landlock_abi

    return landlock_abi()


def _fenced_call(problems: list[Problem]) -> tuple[str | None, dict[str, bool]]:
    """Run one tiny call, and report the fence that it really had."""
    try:
        execute = importlib.import_module(f"{__package__}.execute").execute
        result = execute(_FENCE_SOURCE, "same", {"n": 1})
    # This is the one place whose job is to report any way in which a fence can fail.
    except Exception as error:  # noqa: BLE001
        hint = error.hint if isinstance(error, FuncsmithError) else None
        problems.append(
            _error(
                "fence",
                f"No call can be run in a fence: {_line(error)}.",
                f"无法在围栏中运行任何调用：{_line(error, 'zh')}。",
                (hint("en") if hint else "") or "Reinstall funcsmith with its dependencies.",
                (hint("zh") if hint else "") or "请重新安装 funcsmith 及其依赖。",
            )
        )
        return None, {}
    isolation = result.isolation
    if result.status != "ok" or result.value != 1:
        gave = f"{result.status}: {result.error or repr(result.value)}"
        problems.append(
            _error(
                "fence",
                f"A call in the fence gave {gave}.",
                f"围栏中的调用结果为 {gave}。",
                "Please report this together with the output of: funcsmith doctor --json",
                "请附上 funcsmith doctor --json 的输出报告此问题。",
            )
        )
    if isolation is None:
        return None, {}
    features = {name: bool(isolation.features.get(name)) for name in FEATURES}
    features |= {name: bool(held) for name, held in isolation.features.items()}
    if isolation.kind == "monty":
        problems.append(
            _warning(
                "fence",
                "There is no kernel fence here: code runs in Monty, a subset of Python.",
                "这里没有内核隔离：代码在 Monty 中运行，它只支持 Python 的一部分。",
                "Linux on x86_64 or aarch64 runs all of it; see docs/limitations.md.",
                "x86_64 或 aarch64 上的 Linux 可运行完整的 Python，见 docs/limitations.zh-CN.md。",
            )
        )
    elif open_ones := [name for name in FEATURES if not features[name]]:
        problems.append(
            _warning(
                "fence",
                f"The fence ({isolation.kind}) does not hold: {', '.join(open_ones)}.",
                f"围栏（{isolation.kind}）缺少：{'、'.join(open_ones)}。",
                "A newer Linux kernel closes it; see docs/limitations.md.",
                "更新 Linux 内核即可补上，见 docs/limitations.md。",
            )
        )
    return isolation.kind, features


# Models, engine, database


def _models(settings: Settings, machine: Machine, problems: list[Problem]) -> list[ModelFile]:
    known = catalogue.models()
    chosen: catalogue.Model | None = None
    try:
        chosen = catalogue.find(settings.model) if settings.model != NAME else None
    except FuncsmithError as error:
        problems.append(_from(error, "models"))
    if chosen is not None and chosen not in known:
        known.append(chosen)
    files = [_model_file(model, settings, problems) for model in known]
    for model, file in zip(known, files, strict=True):
        if model != chosen:
            continue
        if file.state in ("absent", "part"):
            problems.append(_absent(model, file, settings))
        wanted = model.bytes + _HEADROOM_BYTES
        if machine.available_bytes is not None and machine.available_bytes < wanted:
            problems.append(
                _warning(
                    "memory",
                    f"{model.name} wants about {size(wanted)} of memory; "
                    f"{size(machine.available_bytes)} are free.",
                    f"{model.name} 约需 {size(wanted)} 内存，目前可用 "
                    f"{size(machine.available_bytes)}。",
                    "Close other programs, or take the small model: FUNCSMITH_MODEL=small",
                    "请关闭其他程序，或改用小模型：FUNCSMITH_MODEL=small",
                )
            )
    return files


def _model_file(model: catalogue.Model, settings: Settings, problems: list[Problem]) -> ModelFile:
    path = model.path or settings.models / model.file
    part = path.with_name(f"{path.name}.part")
    state: Literal["verified", "own", "invalid", "part", "absent"]
    try:
        found = catalogue.locate(model, settings)
    except FuncsmithError as error:
        problems.append(_from(error, "models"))
        state = "invalid"
    else:
        if found is not None:
            state = "own" if model.path else "verified"
        else:
            state = "part" if _bytes(part) else "absent"
    here = model.bytes if path.is_dir() else _bytes(part if state == "part" else path)
    return ModelFile(model.name, model.role, str(path), model.bytes, state, here)


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _absent(model: catalogue.Model, file: ModelFile, settings: Settings) -> Problem:
    left = model.bytes - file.here_bytes
    free: int | None = None
    with contextlib.suppress(OSError):
        free = shutil.disk_usage(_nearest(settings.models)).free
    if free is not None and free < left:
        return _error(
            "disk",
            f"{model.name} is not here, and {left} bytes for it do not fit: {free} are free.",
            f"尚无 {model.name}，且空间不足：需要 {left} 字节，剩余 {free} 字节。",
            "Free some space, or set FUNCSMITH_MODELS to a folder on another disk.",
            "请清理空间，或用 FUNCSMITH_MODELS 指定另一磁盘上的文件夹。",
        )
    return _warning(
        "models",
        f"{model.name} is not here yet ({size(left)} to fetch).",
        f"尚无 {model.name}（需下载 {size(left)}）。",
        f"funcsmith models pull {model.name}",
        f"funcsmith models pull {model.name}",
    )


def _engine(problems: list[Problem]) -> EngineLibrary:
    """Ask the engine library in a process of its own: it is heavy, and a crash ends only that."""
    try:
        # An empty folder: nothing in the folder we were started in can pass for a module.
        with tempfile.TemporaryDirectory() as folder:
            asked = subprocess.run(
                [sys.executable, "-c", _ENGINE_QUESTION],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=_ENGINE_SECONDS,
                cwd=folder,
                check=False,
            )
        said = asked.stderr.decode("utf-8", "replace").strip()
        failure = said.splitlines()[-1] if said else f"it ended with {asked.returncode}"
        answer = json.loads(asked.stdout.splitlines()[-1]) if asked.returncode == 0 else None
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired) as error:
        answer, failure = None, _line(error)
    if answer is None:
        problems.append(
            _error(
                "engine",
                f"The engine library xllamacpp cannot be used: {failure}.",
                f"推理库 xllamacpp 不可用：{failure}。",
                "pip install --force-reinstall xllamacpp",
                "pip install --force-reinstall xllamacpp",
            )
        )
        return EngineLibrary(version=_version("xllamacpp"), system_info=None)
    devices = [_device(each) for each in answer["devices"]]
    if not any("GPU" in device.kind for device in devices) and (gpu := _gpu()):
        problems.append(
            _warning(
                "engine",
                f"There is a GPU ({gpu}), but the installed engine has none built in.",
                f"本机有 GPU（{gpu}），但已安装的推理库不支持。",
                "Install an xllamacpp wheel for it: https://github.com/xorbitsai/xllamacpp",
                "请安装支持该 GPU 的 xllamacpp：https://github.com/xorbitsai/xllamacpp",
            )
        )
    return EngineLibrary(
        version=answer["version"], system_info=answer["system_info"].strip(" |"), devices=devices
    )


def _device(facts: dict[str, Any]) -> Device:
    return Device(
        name=str(facts.get("name", "")),
        description=str(facts.get("description", "")),
        kind=str(facts.get("type", "")).rpartition("_")[2],
        memory_bytes=facts.get("memory_total"),
        free_bytes=facts.get("memory_free"),
    )


def _gpu() -> str | None:
    for sign, name in (("/proc/driver/nvidia/version", "NVIDIA"), ("/dev/kfd", "AMD")):
        if Path(sign).exists():
            return name
    return "NVIDIA" if shutil.which("nvidia-smi") else None


def _database(settings: Settings, problems: list[Problem]) -> Database:
    if settings.database_url is None:
        return Database(url=f"sqlite in {settings.home}", reachable=_sqlite(settings, problems))
    shown = _masked(settings.database_url)
    try:
        sqlalchemy = importlib.import_module("sqlalchemy")
        engine = sqlalchemy.create_engine(settings.database_url)
        try:
            with engine.connect() as connection:
                connection.execute(sqlalchemy.text("select 1"))
        finally:
            engine.dispose()
    # A driver raises what it likes: missing module, bad address, refused password.
    except Exception as error:  # noqa: BLE001
        problems.append(
            _error(
                "database",
                f"The database {shown} cannot be reached: {_masked(_line(error))}.",
                f"无法连接数据库 {shown}：{_masked(_line(error))}。",
                "Check FUNCSMITH_DATABASE_URL and its driver, or unset it to use SQLite.",
                "请检查 FUNCSMITH_DATABASE_URL 及其驱动，或取消该设置以使用 SQLite。",
            )
        )
        return Database(url=shown, reachable=False)
    return Database(url=shown, reachable=True)


def _sqlite(settings: Settings, problems: list[Problem]) -> bool | None:
    import sqlite3

    files = sorted(
        path for ending in ("db", "sqlite", "sqlite3") for path in settings.home.glob(f"*.{ending}")
    )
    for path in files:
        try:
            connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=2)
            with contextlib.closing(connection):
                answer = connection.execute("pragma quick_check(1)").fetchone()[0]
        except sqlite3.Error as error:
            answer = str(error)
        if answer != "ok":
            problems.append(
                _error(
                    "database",
                    f"The database {path} is damaged: {answer}.",
                    f"数据库 {path} 已损坏：{answer}。",
                    "Move it away: the functions are plain files and are indexed again.",
                    "请将其移走：函数保存为普通文件，会重新建立索引。",
                )
            )
            return False
    return True if files else None


def _remote(settings: Settings, problems: list[Problem]) -> Server | None:
    """Ask the server for its models; no text is sent."""
    alone = settings.model == NAME
    if settings.remote_url is None and alone:
        problems.append(
            _error(
                "remote",
                "The model is 'remote', and no server is configured.",
                "模型设为 remote，但没有配置服务器。",
                "Set FUNCSMITH_REMOTE_URL, or unset FUNCSMITH_MODEL.",
                "请设置 FUNCSMITH_REMOTE_URL，或取消 FUNCSMITH_MODEL。",
            )
        )
    server: Remote | None = None
    try:
        server = Remote.configured(settings)
        if server is None:
            return None
        return Server(server.address, server.look(), answers=True)
    except FuncsmithError as error:
        problem = _from(error, "remote")
        severity: Literal["error", "warning"] = "error" if alone else "warning"
        problems.append(dataclasses.replace(problem, severity=severity))
        # An address that is refused may hold what nobody should see.
        address = server.address if server is not None else "—"
        return Server(address, settings.remote_model, answers=False)


# Settings, speed


def _shown(settings: Settings) -> dict[str, str | None]:
    facts = dataclasses.asdict(settings)
    shown = {name: None if value is None else str(value) for name, value in facts.items()}
    if settings.database_url is not None:
        shown["database_url"] = _masked(settings.database_url)
    shown["remote_key"] = "set" if settings.remote_key else None
    if settings.remote_url is not None:
        shown["remote_url"] = _masked(settings.remote_url).partition("?")[0]
    return shown


def _speed(engine: Engine | None, problems: list[Problem]) -> Speed | None:
    from .models.engine import Message, Prompt, Sampling

    if engine is None:
        problems.append(
            _warning(
                "speed",
                "Speed was not measured: there is no engine.",
                "未测速：没有可用的推理引擎。",
                "Fetch a model first: funcsmith models pull default",
                "请先下载模型：funcsmith models pull default",
            )
        )
        return None
    # New words each time, so that nothing of it is in the engine's cache.
    words = " ".join(f"{time.time_ns() % 10**9 + each * 7919}" for each in range(40))
    prompt = Prompt((Message("user", f"Sort these numbers: {words}"),))
    try:
        engine.complete(Prompt((Message("user", "1"),)), Sampling(max_tokens=1))
        began = time.perf_counter()
        first = engine.complete(prompt, Sampling(max_tokens=1))
        read = time.perf_counter()
        second = engine.complete(prompt, Sampling(max_tokens=65))
        ended = time.perf_counter()
    except FuncsmithError as error:
        problems.append(_from(error, "speed"))
        return None
    new = max(1, first.prompt_tokens - first.cached_tokens)
    return Speed(
        model=engine.model,
        prompt_tokens_per_second=round(new / max(1e-9, read - began), 1),
        decode_tokens_per_second=round(second.generated_tokens / max(1e-9, ended - read), 1),
    )


# Words


def _problem(
    part: str, severity: Literal["error", "warning"], en: str, zh: str, do_en: str, do_zh: str
) -> Problem:
    return Problem(part, severity, {"en": en, "zh": zh}, {"en": do_en, "zh": do_zh})


def _error(part: str, en: str, zh: str, do_en: str, do_zh: str) -> Problem:
    return _problem(part, "error", en, zh, do_en, do_zh)


def _warning(part: str, en: str, zh: str, do_en: str, do_zh: str) -> Problem:
    return _problem(part, "warning", en, zh, do_en, do_zh)


def _from(error: FuncsmithError, part: str) -> Problem:
    said = [error.message("en"), error.message("zh"), error.hint("en"), error.hint("zh")]
    return _error(part, *said)


def _line(error: BaseException, language: str = "en") -> str:
    """The error in one line, without its full stop."""
    said = error.message(language) if isinstance(error, FuncsmithError) else str(error)
    return (" ".join(said.split()) or type(error).__name__).rstrip(".。")


def _masked(text: str) -> str:
    return re.sub(r"//([^:/@\s]*):[^@\s]*@", r"//\1:***@", text)


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
