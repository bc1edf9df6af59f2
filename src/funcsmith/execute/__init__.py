"""Execute: run one function on arguments, fenced off from everything else.

Not here: deciding what to run. Code that fails is a `Result`; only a fence that cannot be closed
raises.
"""

from __future__ import annotations

from .check import ALLOWED_MODULES, Finding, check
from .column import Column
from .grants import Grants
from .sandbox import Limits, Sandbox, default_sandbox, execute

__all__ = [
    "ALLOWED_MODULES",
    "Column",
    "Finding",
    "Grants",
    "Limits",
    "Sandbox",
    "check",
    "default_sandbox",
    "execute",
]
