"""The words of a name, however its writer put them together."""

from __future__ import annotations

import re


def words_of(name: str) -> list[str]:
    """The words that a parameter's name is made of, in small letters.

    >>> words_of("checkInDate"), words_of("last_floor")
    (['check', 'in', 'date'], ['last', 'floor'])
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return [word for word in re.split(r"[\W_]+", parted) if word]
