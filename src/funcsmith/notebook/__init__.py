"""`%load_ext funcsmith`: a sentence in a cell, its outcome under it; and how outcomes are shown there.

Imported by notebooks alone; nothing here imports IPython before it is running.
"""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext funcsmith` calls: gives the shell `%funcsmith` and `%%funcsmith`."""
    from .magic import load

    load(shell)
