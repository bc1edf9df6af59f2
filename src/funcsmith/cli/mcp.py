"""funcsmith mcp: saved functions as the tools of an MCP server, and tools to make and change them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer


def mcp(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…")] = None,
    http: Annotated[
        bool, typer.Option("--http", help="Serve /mcp over HTTP instead of standard input.")
    ] = False,
    host: Annotated[str, typer.Option(metavar="HOST", help="With --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", help="With --http.")] = 8808,
    scope: Annotated[
        Literal["read", "run", "write"],
        typer.Option(
            help="What clients may do: find; run, verify and try; make and edit. Each includes those before it."
        ),
    ] = "write",
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="A model of the catalogue, the path of a GGUF file or of a Transformers folder, or `remote`.",
        ),
    ] = None,
) -> int:
    """Serve the library's functions as MCP tools, over standard input and output.

    All of them, with tools that make, find, verify and edit functions; or those that are named,
    and nothing else. Each call runs in the fence. The model starts when a function is made. Clients
    are told when the library changes.

    \b
    funcsmith mcp
    funcsmith mcp monthly_payment 阶乘
    funcsmith mcp --scope run
    funcsmith mcp --http --port 8808
    """
    from contextlib import closing
    from dataclasses import replace

    from ..server.keys import OWNER
    from ..server.mcp import LibraryFunctions, ServedFunctions, serve
    from .opened import opened

    if names:
        with opened() as library:
            functions = LibraryFunctions(library, names)
            functions.listed()  # an unknown name is said here, not to the client
            serve(functions, http=http, host=host, port=port)
        return 0

    from ..server.service import Service
    from ..settings import settings

    key = replace(OWNER, name="mcp", scope=scope)
    with closing(Service(settings(), model=model)) as service:
        serve(ServedFunctions(service, key), http=http, host=host, port=port)
    return 0
