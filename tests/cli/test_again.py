"""A saved sentence again, as a whole process on the real pipeline."""

from __future__ import annotations

import json
import subprocess
import sys

from funcsmith.library import Library
from funcsmith.settings import settings

TEXT = "把 3 加倍"
SOURCE = 'def double(n: int) -> int:\n    """把 n 加倍。"""\n    return 2 * n\n'
LOADED = (
    "import atexit, json, sys\n"
    "atexit.register(lambda: print(json.dumps([*sys.modules]), file=sys.stderr))\n"
    "from funcsmith.cli import main\n"
    "main()\n"
)


def test_saved_sentence_loads_nothing_heavy() -> None:
    """It is answered without Pydantic, SQLAlchemy, Typer, Rich or an engine."""
    library = Library.open(settings())
    library.add(SOURCE, text=TEXT, template="把 {n} 加倍", language="zh")
    library.close()

    ran = subprocess.run(
        [sys.executable, "-c", LOADED, TEXT, "--json"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=True,
    )

    assert json.loads(ran.stdout)["result"]["value"] == 6
    loaded = {module.partition(".")[0] for module in json.loads(ran.stderr)}
    assert loaded.isdisjoint({"pydantic", "sqlalchemy", "typer", "rich", "xllamacpp", "httpx"})
