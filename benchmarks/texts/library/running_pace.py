# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def running_pace(distance_km: float, minutes: float) -> str:
    """Average pace of a run as minutes and seconds per kilometre.

    distance_km: distance in kilometres
    minutes: time needed, in minutes
    """
    seconds = round(minutes * 60 / distance_km)
    return f"{seconds // 60}:{seconds % 60:02d} /km"
