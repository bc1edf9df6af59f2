"""Where a function over rows keeps only the last of several: a key that comes again, assigned anew.

`totals[row["name"]] = row["n"]` loses rows where a name stands in more than one. It is looked for in
the source and held against the data; an assignment that asks first what is there is none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from ..syntax import parse
from ..tables.table import is_table


def overwritten(source: str, inputs: Mapping[str, Any]) -> list[str]:
    """The columns by which rows are kept one for a value although the value comes again.

    >>> source = "def f(data):\\n    d = {}\\n    for r in data:\\n        d[r['k']] = r['n']\\n    return d"
    >>> overwritten(source, {"data": [{"k": 1, "n": 1}, {"k": 1, "n": 2}]})
    ['k']
    >>> overwritten(source, {"data": [{"k": 1, "n": 1}, {"k": 2, "n": 2}]})
    []
    """
    found = [
        column
        for table, column in _kept_by(parse(source), set(inputs))
        if is_table(inputs[table]) and _comes_again(inputs[table], column)
    ]
    return list(dict.fromkeys(found))


def _kept_by(tree: ast.AST, tables: set[str]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.For)
            and _is_table(node.iter, tables)
            and isinstance(node.target, ast.Name)
        ):
            for column in _assigned(node.body, node.target.id):
                yield ast.unparse(node.iter), column
        elif isinstance(node, ast.DictComp) and len(node.generators) == 1:
            over = node.generators[0]
            key = _column(node.key, over.target)
            if key is not None and _is_table(over.iter, tables) and _plain(node.value):
                yield ast.unparse(over.iter), key


def _assigned(body: list[ast.stmt], row: str) -> Iterator[str]:
    """Columns by whose values something is assigned without a look at what is there."""
    for statement in body:
        if isinstance(statement, ast.If):
            if not _asks(statement.test):
                yield from _assigned(statement.body, row)
                yield from _assigned(statement.orelse, row)
        elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                column = _column(target.slice, ast.Name(row))
                says = {n.id for n in ast.walk(statement.value) if isinstance(n, ast.Name)}
                if column is not None and target.value.id not in says and _plain(statement.value):
                    yield column


def _asks(test: ast.expr) -> bool:
    """Whether a condition looks at what is kept: `in`, or a comparison with something kept."""
    return any(
        isinstance(one, (ast.In, ast.NotIn, ast.Gt, ast.Lt, ast.GtE, ast.LtE))
        for node in ast.walk(test)
        if isinstance(node, ast.Compare)
        for one in node.ops
    )


def _plain(value: ast.expr) -> bool:
    """Whether a value is of this one row, and not gathered over all of them."""
    gathers = (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.List, ast.Dict)
    return not any(isinstance(node, gathers) for node in ast.walk(value))


def _column(key: ast.expr, row: ast.expr) -> str | None:
    """The column of `row["column"]`."""
    if (
        isinstance(key, ast.Subscript)
        and isinstance(key.value, ast.Name)
        and isinstance(row, ast.Name)
        and key.value.id == row.id
        and isinstance(key.slice, ast.Constant)
        and isinstance(key.slice.value, str)
    ):
        return key.slice.value
    return None


def _is_table(node: ast.expr, tables: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in tables


def _comes_again(rows: list[dict[str, Any]], column: str) -> bool:
    values = [repr(row.get(column)) for row in rows]
    return len(set(values)) < len(values)
