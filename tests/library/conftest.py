"""A library in a temporary home, and settings that point nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from funcsmith.library import Library
from funcsmith.settings import Settings, settings

FACTORIAL = '''def 阶乘(n: int) -> int:
    """n 的阶乘。

    n：正整数
    """
    return 1 if n < 2 else n * 阶乘(n - 1)
'''


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("FUNCSMITH_DATABASE_URL", raising=False)
    monkeypatch.setenv("FUNCSMITH_HOME", str(tmp_path / "home"))
    return replace(settings(), runs_kept=100)


@pytest.fixture
def library(home: Settings) -> Iterator[Library]:
    opened = Library.open(home)
    yield opened
    opened.close()


@pytest.fixture
def factorial() -> str:
    return FACTORIAL
