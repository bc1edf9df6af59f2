# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import date


def days_until(start: str, target: str) -> int:
    """Number of days from one date to another (negative when the target is earlier).

    start: first date, ISO format YYYY-MM-DD
    target: date that is counted towards, ISO format YYYY-MM-DD
    """
    return (date.fromisoformat(target) - date.fromisoformat(start)).days
