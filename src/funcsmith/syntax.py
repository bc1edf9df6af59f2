"""Source as a syntax tree, without a word on standard error.

Generated code is full of "\\d" in plain strings; what Python thinks of that is not for the user.
"""

from __future__ import annotations

import ast
import threading
import warnings

_one_at_a_time = threading.Lock()


def parse(source: str) -> ast.Module:
    """The tree of a source, as `ast.parse` makes it, its errors included.

    >>> ast.unparse(parse("n+1"))
    'n + 1'
    """
    # `catch_warnings` swaps a list of the whole process.
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


__all__ = ["parse"]
