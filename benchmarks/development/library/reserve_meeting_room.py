# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import date


def reserve_meeting_room(people: int, day: date, start: str, hours: float = 1) -> dict[str, str]:
    """Reserve a meeting room.

    people: how many must fit in
    day: the day
    start: time of day when it begins, HH:MM
    hours: how long
    """
    return {"room": "big" if people > 8 else "small", "when": f"{day} {start} for {hours} h"}
