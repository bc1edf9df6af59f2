"""funcsmith execute: run one function of a file in the fence."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import ArgumentsInvalid, FunctionInvalid, FunctionNotFound
from .words import grants, locale_language, say


def execute(
    file: Annotated[str, typer.Argument(metavar="FILE.py")],
    arguments: Annotated[
        str, typer.Option(metavar="JSON", help="An object by name, or an array by position.")
    ],
    function: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Default: the file's namesake, or its last public one."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result object alone.")] = False,
    read: Annotated[
        list[Path] | None, typer.Option(metavar="PATH", help="Grant reading a file or folder.")
    ] = None,
    network: Annotated[
        list[str] | None, typer.Option(metavar="HOST[:PORT]", help="Grant reaching a host.")
    ] = None,
    package: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Grant importing a package.")
    ] = None,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Leave the syntax check out; the fence stands alone.")
    ] = False,
) -> int:
    """Run one function of a file in the fence.

    \b
    funcsmith execute factorial.py --arguments '{"n": 5}'
    funcsmith execute shapes.py --function area --arguments '[3, 4]' --json
    """
    from ..contract import dumps
    from ..execute import execute as run
    from .request import read_file
    from .screen import Screen
    from .visible import visible, visible_json

    source = read_file(file)
    name = function or _function_of(source, Path(file).stem)
    # Nothing is parsed on this side: whatever stands in the file is the fence's to bear.
    if name not in source:
        raise FunctionNotFound(
            {
                "en": f"{file} does not define '{name[:100]}'.",
                "zh": f"{file} 没有定义 «{name[:100]}»。",
            },
            hint=", ".join(_functions(source)[:20]),
        )
    given = _arguments(arguments)
    named = given if isinstance(given, dict) else {}
    positional = given if isinstance(given, list) else None
    granted = None
    if read or network or package:
        from ..execute.grants import Grants

        granted = Grants.to(read=read or (), network=network or (), packages=package or ())
        language = locale_language()
        said = grants(language, granted.lines())
        print(visible(say(language, "granted", lines=said)), file=sys.stderr)
    result = run(source, name, named, positional=positional, checked=not no_check, grants=granted)
    if json:
        print(visible_json(dumps(result.model_dump())))
    else:
        Screen().result(result, locale_language())
    return 0


def _functions(source: str) -> list[str]:
    """The names defined at the top of the source."""
    return re.findall(r"^(?:async\s+)?def\s+(\w+)", source, re.MULTILINE)


def _function_of(source: str, stem: str) -> str:
    found = _functions(source)
    if stem in found:
        return stem
    public = [name for name in found if not name.startswith("_")]
    if not public:
        raise FunctionInvalid(
            {"en": "The file defines no public function.", "zh": "文件没有定义公开的函数。"},
            hint="--function NAME",
        )
    return public[-1]


def _arguments(text: str) -> dict[str, Any] | list[Any]:
    from .request import json_of

    try:
        given = json_of(text)
    except ValueError as error:
        raise ArgumentsInvalid(
            {"en": f"--arguments is not JSON: {error}.", "zh": f"--arguments 不是 JSON：{error}。"},
            hint="--arguments '{\"n\": 5}'",
        ) from error
    if not isinstance(given, (dict, list)):
        raise ArgumentsInvalid(
            {
                "en": "--arguments is a JSON object (by name) or array (by position).",
                "zh": "--arguments 应是 JSON 对象（按名称）或数组（按位置）。",
            },
            hint="--arguments '{\"n\": 5}'",
        )
    return given
