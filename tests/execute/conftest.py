"""One sandbox for the folder, and a world outside it for attacks to reach for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from funcsmith.execute import Sandbox

from .attack import World


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as shared:
        yield shared


@pytest.fixture(scope="session")
def shared_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.close()


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world
