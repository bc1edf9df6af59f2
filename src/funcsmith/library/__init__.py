"""The function library: files people own, and an index that finds them again."""

from __future__ import annotations

from .library import Library
from .saved import Origin, Saved
from .sentences import template_of
from .signature import Signature, renamed, signature_of
from .store import Run

__all__ = [
    "Library",
    "Origin",
    "Run",
    "Saved",
    "Signature",
    "renamed",
    "signature_of",
    "template_of",
]
