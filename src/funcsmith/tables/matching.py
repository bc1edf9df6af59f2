"""Which column each parameter of a function is, by what is said and by name. No row is read here."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..errors import ArgumentsInvalid, InputInvalid
from ..library import Saved
from .cells import Unfit
from .fitting import fit_for
from .streams import Source


def guessed(parameters: Mapping[str, Any], source: Source) -> dict[str, int]:
    """Parameter → the place of the column of its name, upper or lower case."""
    found = {name: _place(name, source) for name in parameters.get("properties", {})}
    return {name: place for name, place in found.items() if place is not None}


def matched(
    saved: Saved,
    source: Source,
    mapped: Mapping[str, str],
    *,
    fixed: Collection[str] = (),
    without: Collection[str] = (),
) -> dict[str, int]:
    """Parameter → the place of its column; ArgumentsInvalid where a required one has none.

    Those that are `fixed` have a value of their own; those `without` are to have no column.
    """
    properties = saved.parameters.get("properties", {})
    apart = {*fixed, *without}
    for name in (*mapped, *apart):
        if name not in properties:
            known = ", ".join(properties)
            raise ArgumentsInvalid(
                {
                    "en": f"{saved.name} has no parameter '{name[:60]}'. It has: {known}",
                    "zh": f"{saved.name} 没有参数 «{name[:60]}»。它的参数：{known}",
                }
            )
    places = {
        name: at for name, at in guessed(saved.parameters, source).items() if name not in apart
    }
    for name, column in mapped.items():
        if name in apart:
            continue
        place = _place(column, source)
        if place is None:
            columns = ", ".join(source.columns[:30])
            raise ArgumentsInvalid(
                {
                    "en": f"{source.name} has no column '{column[:60]}'. It has: {columns}",
                    "zh": f"{source.name} 没有列 «{column[:60]}»。它的列：{columns}",
                }
            )
        places[name] = place
    missing = [
        name
        for name in saved.parameters.get("required", ())
        if name not in places and name not in fixed
    ]
    if missing:
        said, columns = ", ".join(missing), ", ".join(source.columns[:30])
        raise ArgumentsInvalid(
            {
                "en": f"Which column is {said}? {source.name} has: {columns}",
                "zh": f"{said} 对应哪一列？{source.name} 的列：{columns}",
            },
            hint=f"--map {missing[0]}={source.columns[0] if source.columns else 'COLUMN'}",
        )
    return {name: places[name] for name in properties if name in places}


def value_for_all(said: str, parameters: Mapping[str, Any], name: str) -> Any:
    """A written value for all rows, by the parameter's schema, as exactly as a cell."""
    schema = parameters.get("properties", {}).get(name)
    if schema is None:
        return said
    try:
        return fit_for(schema, [said])(said)
    except Unfit as unfit:
        raise InputInvalid(
            {
                "en": f"{name}={said[:60]} does not fit: {unfit}.",
                "zh": f"{name}={said[:60]} 不符合参数：{unfit}。",
            }
        ) from unfit


def free_names(columns: Sequence[str]) -> tuple[str, str]:
    """`result` and `error`, or with a number where the file has such columns."""

    def free(name: str) -> str:
        tried = (name if at == 1 else f"{name}_{at}" for at in itertools.count(1))
        return next(one for one in tried if one not in columns)

    return free("result"), free("error")


def _place(column: str, source: Source) -> int | None:
    if column in source.columns:
        return source.columns.index(column)
    wanted = column.strip().casefold()
    folded = (one.strip().casefold() for one in source.columns)
    return next((at for at, one in enumerate(folded) if one == wanted), None)
