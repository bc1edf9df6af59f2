"""Templates in which every value is made visible and then escaped; no filter turns that off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..cli.visible import visible, visible_json
from ..contract import dumps


def escaping(folder: Path) -> Environment:
    """The templates of a folder; `hidden` writes a value as JSON."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_sayable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["hidden"] = lambda value: visible_json(dumps(value))
    return environment


def _sayable(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
