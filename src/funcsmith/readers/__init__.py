"""Deterministic readers: every value in a text, Chinese or English, with the place it stands at.

What is read is stated by the text; nothing is guessed from the world, and offsets are code points
of the text as given.
"""

from __future__ import annotations

from funcsmith.readers.evidence import evidence
from funcsmith.readers.forms import convert, forms
from funcsmith.readers.reading import read
from funcsmith.readers.value import Value
from funcsmith.readers.wanted import wanted_unit

__all__ = ["Value", "convert", "evidence", "forms", "read", "wanted_unit"]
