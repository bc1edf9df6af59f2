"""How sure a share is: Wilson's interval, and the sign test for two paths on the same rows."""

from __future__ import annotations

import math

Z95 = 1.959963984540054
"""The normal distribution's 97.5 % point."""


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) where nothing was counted.

    >>> [round(end, 4) for end in wilson(9, 10)]
    [0.5958, 0.9821]
    """
    if not 0 <= right <= count:
        raise ValueError(f"{right} of {count} is not a share")
    if count == 0:
        return 0.0, 1.0
    share, square = right / count, Z95 * Z95
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = (
        Z95
        / (1 + square / count)
        * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    )
    # Rounding must not push the ends of 0 and 1 off them.
    low = 0.0 if right == 0 else max(0.0, middle - half)
    high = 1.0 if right == count else min(1.0, middle + half)
    return low, high


def sign_test(only_first: int, only_second: int) -> float:
    """The two-sided exact probability (McNemar) of so uneven a split if neither path were better.

    >>> sign_test(8, 1)
    0.0390625
    """
    count = only_first + only_second
    tail = sum(math.comb(count, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2.0 * tail / float(2**count))
