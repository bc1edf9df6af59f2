"""What a figure depends on: machine, packages, code and settings."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..models import adapters, catalogue
from ..settings import Settings
from ..settings import settings as current_settings

PACKAGES = ("funcsmith", "xllamacpp", "pydantic", "sqlalchemy", "httpx")
_PACKAGE = Path(__file__).parent.parent


def machine() -> dict[str, Any]:
    """Processor, cores, kernel, Python and packages; and how busy the machine was."""
    return {
        "cpu": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "load_average": [round(load, 2) for load in os.getloadavg()]
        if hasattr(os, "getloadavg")
        else None,
    }


def now() -> str:
    """The moment, in UTC, to the second."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def code() -> dict[str, Any]:
    """The commit of a checkout, whether it has changes, and the hash of the package as it is."""
    commit = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--", "src", "benchmarks", ":!benchmarks/results")
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
    return {
        "commit": commit,
        "dirty": None if changed is None else bool(changed),
        "sha256": digest.hexdigest(),
    }


def model_facts(name: str) -> dict[str, str]:
    """The model's name with the adapter in use, and the sha256 of what answers."""
    model = catalogue.find(name)
    digest = model.sha256
    if not digest and model.path is not None:
        hashed = hashlib.sha256()
        folder = model.path.is_dir()
        for path in sorted(model.path.glob("*.safetensors")) if folder else [model.path]:
            with path.open("rb") as file:
                while block := file.read(2**20):
                    hashed.update(block)
        digest = hashed.hexdigest()
    adapter = current_settings().adapter
    if adapter is None:
        return {"model": model.name, "sha256": digest}
    with_it = f"{digest}+{adapters.find(adapter).sha256}"
    return {"model": f"{model.name}+{adapter}", "sha256": with_it}


def settings_facts(settings: Settings) -> dict[str, Any]:
    """The settings that a figure may depend on; folders are left out."""
    facts = dataclasses.asdict(settings)
    return {name: facts[name] for name in ("threads", "keep_warm_seconds", "fence")}


def _git(*words: str) -> str | None:
    root = checkout()
    if root is None:
        return None
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words],  # noqa: S607 - the user's own git
            check=False,
            capture_output=True,
            text=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def checkout() -> Path | None:
    """The repository that this package runs from, if it is one."""
    root = _PACKAGE.parent.parent
    return root if (root / "benchmarks" / "texts").is_dir() else None


def result_file(*parts: str, limit: int | None, seed: int) -> Path:
    """The result file of these names: in a checkout beside the others, else where one is."""
    parts += (f"limit{limit}",) if limit else ()
    parts += (f"seed{seed}",) if seed else ()
    root = checkout()
    folder = root / "benchmarks" / "results" if root is not None else Path.cwd()
    return folder / f"{'-'.join(parts)}.json"


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
