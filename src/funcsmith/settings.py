"""Settings: every one an environment variable with the prefix FUNCSMITH_, read when asked for.

Nothing is read from a file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What the environment says; `settings()` reads it."""

    home: Path
    """FUNCSMITH_HOME: everything that is kept. Default: ~/.funcsmith"""
    models: Path
    """FUNCSMITH_MODELS: the model files. Default: <home>/models"""
    model: str
    """FUNCSMITH_MODEL: a name in the catalogue, or a path to a GGUF file or a Transformers folder."""
    database_url: str | None
    """FUNCSMITH_DATABASE_URL: where the index lives. Default: SQLite in the home."""
    threads: int | None
    """FUNCSMITH_THREADS: threads of the engine. Default: the physical cores we may use."""
    keep_warm_seconds: float
    """FUNCSMITH_KEEP_WARM: how long an idle engine waits for the next command; 0 ends it at once."""
    fence: str
    """FUNCSMITH_FENCE: "on" (default), or "off-i-own-this-machine" to run without any fence."""
    runs_kept: int
    """FUNCSMITH_RUNS_KEPT: how many runs are remembered; 0 remembers none."""
    data: Path | None
    """FUNCSMITH_DATA: the folder of public evaluation data."""
    locked: bool = False
    """FUNCSMITH_LOCKED: decorated functions get no new body when called. Default: whether CI is set."""
    larger_model: str | None = None
    """FUNCSMITH_LARGER_MODEL: a model of this machine to ask where the evidence is not there."""
    remote_url: str | None = None
    """FUNCSMITH_REMOTE_URL: an OpenAI-compatible server to ask where the evidence is not there."""
    remote_model: str | None = None
    """FUNCSMITH_REMOTE_MODEL: its model. Default: the only one that it has."""
    remote_key: str | None = field(default=None, repr=False)
    """FUNCSMITH_REMOTE_KEY: what it wants to be shown; sent to it and to nobody else."""
    adapter: str | None = None
    """FUNCSMITH_ADAPTER: an adapter of the model, by name: `funcsmith models` lists them."""
    runs_bytes: int = 200_000_000
    """FUNCSMITH_RUNS_BYTES: how many bytes of texts and outcomes are remembered."""


def settings() -> Settings:
    """Read the environment."""
    get = os.environ.get
    home = Path(get("FUNCSMITH_HOME") or Path.home() / ".funcsmith").expanduser()
    models = get("FUNCSMITH_MODELS")
    threads = get("FUNCSMITH_THREADS")
    data = get("FUNCSMITH_DATA")
    return Settings(
        home=home,
        models=Path(models).expanduser() if models else home / "models",
        model=get("FUNCSMITH_MODEL") or "qwen2.5-coder-1.5b",
        database_url=get("FUNCSMITH_DATABASE_URL") or None,
        threads=int(threads) if threads else None,
        keep_warm_seconds=float(get("FUNCSMITH_KEEP_WARM") or 0),
        fence=get("FUNCSMITH_FENCE") or "on",
        runs_kept=int(get("FUNCSMITH_RUNS_KEPT") or 10_000),
        data=Path(data).expanduser() if data else None,
        locked=_said(get("FUNCSMITH_LOCKED") or get("CI")),
        larger_model=get("FUNCSMITH_LARGER_MODEL") or None,
        remote_url=get("FUNCSMITH_REMOTE_URL") or None,
        remote_model=get("FUNCSMITH_REMOTE_MODEL") or None,
        remote_key=get("FUNCSMITH_REMOTE_KEY") or None,
        adapter=get("FUNCSMITH_ADAPTER") or None,
        runs_bytes=int(get("FUNCSMITH_RUNS_BYTES") or 200_000_000),
    )


def _said(word: str | None) -> bool:
    return (word or "").strip().lower() not in ("", "0", "false", "no", "off")
