# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def set_alarm(time: str, repeat: Literal["once", "daily", "weekdays"] = "once") -> str:
    """Set an alarm clock.

    time: time of day, 24-hour HH:MM
    repeat: "once" rings a single time, "daily" every day, "weekdays" Monday to Friday
    """
    hour, minute = time.split(":")
    return f"alarm {int(hour):02d}:{int(minute):02d} ({repeat})"
