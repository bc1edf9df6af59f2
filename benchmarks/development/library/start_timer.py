# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def start_timer(minutes: int, label: str = "") -> str:
    """Start a countdown.

    minutes: how long
    label: what it is for
    """
    return f"timer {minutes} min {label}".strip()
