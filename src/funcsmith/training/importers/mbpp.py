"""MBPP: the rows that may be trained on (`mbpp_train_clean`) and no other."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import InputInvalid
from ...evaluate.problems import called
from ..record import Record, group_of
from . import Found, Left, Where
from .rows import rows_of

LICENCE = "CC-BY-4.0"


def found(where: Where) -> Iterator[Found]:
    """Texts with their function and tests."""
    for place, row in rows_of(where.data, "mbpp/mbpp_train_clean.jsonl"):
        origin = f"mbpp_train_clean:{place}"
        tests = tuple(row["test_list"])
        # Tabs and blanks are mixed in some of them.
        source = row["code"].expandtabs(4).replace("\r\n", "\n").strip() + "\n"
        if row.get("test_setup_code"):
            source = f"{row['test_setup_code'].strip()}\n{source}"
        try:
            name = called(tests, source)
            yield Record.of(
                text=row["text"].strip(),
                kind="function",
                function=name,
                source=source,
                tests=tests,
                origin=origin,
                licence=LICENCE,
                group=group_of(name),
            )
        except (InputInvalid, ValueError, SyntaxError):
            yield Left(origin, "no valid record")
