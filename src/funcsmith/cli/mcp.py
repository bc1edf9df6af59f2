"""funcsmith mcp: saved functions as the tools of an MCP server."""

from __future__ import annotations

from typing import Annotated

import typer


def mcp(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…")] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve /mcp over HTTP instead of standard input.")
    ] = False,
    host: Annotated[str, typer.Option(metavar="HOST", help="With --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", help="With --http.")] = 8808,
) -> int:
    """Serve the library's functions as MCP tools, over standard input and output.

    All of them, or those that are named. Each call runs in the fence; no model is asked. Clients
    are told when the library changes.

    \b
    funcsmith mcp
    funcsmith mcp monthly_payment 阶乘
    funcsmith mcp --http --port 8808
    """
    from ..server.mcp import LibraryFunctions, serve
    from .opened import opened

    with opened() as library:
        functions = LibraryFunctions(library, names or ())
        functions.listed()  # an unknown name is said here, not to the client
        serve(functions, http=http, host=host, port=port)
    return 0
