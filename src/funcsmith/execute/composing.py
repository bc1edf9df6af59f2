"""A sandbox whose sources may call functions that stand elsewhere: they are put in before a run.

What is put in is the caller's affair; nothing outside the source is reachable from inside the fence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import FunctionInvalid
from .sandbox import Sandbox

if TYPE_CHECKING:
    from ..contract import Result

Compose = Callable[[str, str], str]
"""From a source and the name of its function to a source that runs alone."""


class ComposingSandbox(Sandbox):
    """Runs in another sandbox, each source made whole before; that one is closed by its owner."""

    def __init__(self, inner: Sandbox, compose: Compose) -> None:
        super().__init__(grants=inner.grants)
        self._inner = inner
        self._compose = compose

    def call(self, source: str, name: str, arguments: dict[str, Any], **given: Any) -> Result:
        """As `Sandbox.call`."""
        return self._inner.call(self._whole(source, name), name, arguments, **given)

    def calls(
        self, source: str, name: str, argument_sets: Sequence[dict[str, Any]], **given: Any
    ) -> list[Result]:
        """As `Sandbox.calls`."""
        return self._inner.calls(self._whole(source, name), name, argument_sets, **given)

    def cpu_seconds(self) -> float:
        """CPU seconds of the sandbox that runs."""
        return self._inner.cpu_seconds()

    def _whole(self, source: str, name: str) -> str:
        try:
            return self._compose(source, name)
        except FunctionInvalid:
            # A new function that closes a circle runs as it is, and fails like any other.
            return source


__all__ = ["ComposingSandbox"]
