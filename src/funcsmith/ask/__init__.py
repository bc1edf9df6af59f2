"""Ask: a question answered in one sentence of its own language, from the result and nothing else.

No model writes any of it: the sentence is made of the question's own words, the value is put in by
rules, and where no good sentence can be made the plain form («结果：120») is used.
"""

from __future__ import annotations

from .answer import Answer, Computation, Related, Source, Table, answered, ask

__all__ = ["Answer", "Computation", "Related", "Source", "Table", "answered", "ask"]
