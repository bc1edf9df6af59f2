"""Functions leaving the library: as a package with its tests, a module, or for other programs.

What is written here needs no Funcsmith to be used, but for the MCP server, which runs in its fence.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from ..errors import RequestInvalid
from ..library.files import unusable
from ..library.saved import Saved

FORMATS = ("module", "package", "openai", "responses", "openapi", "mcp", "stub")
"""A Python module; a package for pip; tools for Chat Completions, and for Responses; an OpenAPI
document; a server for MCP; and a stub of `funcsmith_library` for editors."""


def exported(functions: Sequence[Saved], path: Path, format: str) -> Path:  # noqa: A002
    """Write the functions to a file, or a package to a folder, and give its path."""
    if format not in FORMATS:
        listed = ", ".join(FORMATS)
        raise RequestInvalid(
            {
                "en": f"{format!r} is not an export format: {listed}.",
                "zh": f"没有导出格式 {format!r}：可用 {listed}。",
            }
        )
    if format == "package":
        from .package import write_package

        write_package(functions, path)
        return path
    write(path, _text_of(format)(functions))
    return path


def write(path: Path, text: str) -> None:
    """Put a text file in its place in one step; HomeUnusable if that cannot be."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as error:
        raise unusable(path, error) from error


def _text_of(format: str) -> Callable[[Sequence[Saved]], str]:  # noqa: A002
    from . import mcp, module, openapi, stub, tools

    return {
        "module": module.module,
        "openai": tools.chat_tools,
        "responses": tools.responses_tools,
        "openapi": openapi.document,
        "mcp": mcp.server,
        "stub": stub.stub,
    }[format]
