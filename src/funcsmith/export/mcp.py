"""Functions as a server for MCP: one file that carries them and runs them in Funcsmith's fence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pprint import pformat

from ..library.saved import Saved
from ..server.mcp import CARRIED

_HEAD = '''"""An MCP server with {count} of a Funcsmith library. Each call runs in Funcsmith's fence.

    pip install funcsmith
    python {{file}}                        over standard input and output
    python {{file}} --http --port 8808     http://127.0.0.1:8808/mcp

Nothing is granted to these functions here, whatever they were granted in the library.
"""

import argparse

from funcsmith.server.mcp import FileFunctions, serve

FUNCTIONS = {functions}


def main() -> None:
    parser = argparse.ArgumentParser(description=f"MCP server of {{len(FUNCTIONS)}} functions.")
    parser.add_argument("--http", action="store_true", help="serve /mcp over HTTP")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8808)
    given = parser.parse_args()
    serve(FileFunctions(FUNCTIONS), http=given.http, host=given.host, port=given.port)


if __name__ == "__main__":
    main()
'''


def server(functions: Sequence[Saved]) -> str:
    """The server's source."""
    carried = [{key: _plain(getattr(saved, key)) for key in CARRIED} for saved in functions]
    for saved, one in zip(functions, carried, strict=True):
        one["description"] = saved.description or saved.summary
    count = "1 function" if len(functions) == 1 else f"{len(functions)} functions"
    head = _HEAD.replace("{{file}}", "FILE.py")
    return head.format(count=count, functions=pformat(carried, width=100, sort_dicts=False))


def _plain(value: object) -> object:
    """The value in Python's own types, as `pprint` writes them back exactly."""
    return json.loads(json.dumps(value))
