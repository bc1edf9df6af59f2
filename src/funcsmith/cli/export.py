"""funcsmith library export, trust: functions that leave the library, or its fence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from .screen import Screen
from .words import locale_language, say


def export(
    out: Annotated[Path, typer.Option(metavar="PATH", help="The file to write, or the folder.")],
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]…")] = None,
    format: Annotated[  # noqa: A002  # the option's name
        Literal["module", "package", "openai", "responses", "openapi", "mcp", "stub"],
        typer.Option(help="What to write; see above."),
    ] = "module",
    package_name: Annotated[
        str | None, typer.Option(metavar="NAME", help="package: its name; else the folder's.")
    ] = None,
    license: Annotated[  # noqa: A002  # the option's name
        str | None,
        typer.Option(metavar="FILE|SPDX", help="package: a licence, as a file or by name."),
    ] = None,
) -> int:
    """Write functions for others to use: all of them, where none is named.

    module, one Python file; package, a folder for pip with tests; openai and responses, tools for
    Chat Completions and for the Responses API; openapi, a document; mcp, a server in one file;
    stub, what editors know `funcsmith_library` by.

    \b
    funcsmith library export --out functions.py
    funcsmith library export factorial --format package --out my-functions
    funcsmith library export --format mcp --out server.py
    """
    from ..errors import RequestInvalid
    from ..export import exported
    from ..export.package import write_package
    from .opened import opened

    language, screen = locale_language(), Screen()
    with opened() as library:
        chosen = [library.get(name) for name in names] if names else library.list()
        found = {saved.file: library.alone(saved) for saved in chosen if not saved.broken}
        chosen = list(found.values())
    if not chosen:
        raise RequestInvalid(
            {"en": "The library is empty.", "zh": "函数库是空的。"},
            hint="funcsmith library add FILE.py",
        )
    if format == "package":
        write_package(chosen, out, name=package_name, licence=license)
    elif package_name is not None or license is not None:
        raise RequestInvalid(
            {
                "en": "--package-name and --license are for --format package.",
                "zh": "--package-name 和 --license 只用于 --format package。",
            }
        )
    else:
        exported(chosen, out, format)
    screen.line(("→ ", "dim"), str(out), (f"   {len(chosen)}", "dim"))
    if format in ("openai", "responses"):
        from ..export.tools import NAME, tool_name

        refused = [one.name for one in chosen if not NAME.fullmatch(tool_name(one))]
        if refused:
            screen.line((say(language, "openai_names", names=", ".join(refused[:5])), "dim"))
    return 0


def trust(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    none: Annotated[bool, typer.Option("--none", help="Take it back.")] = False,
) -> int:
    """Let `from funcsmith_library import NAME` run a function without the fence, or no longer.

    That is your word for the function as it is now: change it, and it runs in the fence again.

    \b
    funcsmith library trust monthly_payment
    funcsmith library trust monthly_payment --none
    """
    from .opened import opened

    with opened() as library:
        saved = library.trust(name, on=not none)
    key = "fenced_again" if none else "trusted"
    Screen().line((saved.name, "name"), "  ", (say(locale_language(), key), "dim"))
    return 0
