"""A repository with decorated functions, and an engine that knows their bodies."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from funcsmith import pipeline as pipelines
from funcsmith.models.scripted import Scripted
from funcsmith.pipeline import Pipeline

PRICES = '''import funcsmith


@funcsmith.smith
def 含税价(price: float, rate: float = 0.13) -> float:
    """含税价格，四舍五入到分。

    >>> 含税价(100.0)
    113.0
    """
'''
GOOD = "    return round(price * (1 + rate), 2)\n"
WRONG = "    return price\n"


@pytest.fixture(autouse=True)
def _no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a developer's machine, wherever the tests run."""
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def engine() -> Scripted:
    return Scripted(logprob=-0.01)


@pytest.fixture
def pipeline(engine: Scripted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipeline]:
    """The pipeline that this process shares, on the scripted engine."""
    with Pipeline(engine=engine, save=False) as made:
        monkeypatch.setattr(pipelines, "_default", made)
        yield made


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Callable[..., ModuleType]]:
    """Write a module and import it."""
    names: list[str] = []

    def write(source: str = PRICES, name: str = "prices") -> ModuleType:
        path = tmp_path / f"{name}.py"
        path.write_text(source, "utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None and spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[name] = made
        names.append(name)
        spec.loader.exec_module(made)
        return made

    yield write
    for name in names:
        sys.modules.pop(name, None)
