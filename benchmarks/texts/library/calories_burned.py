# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def calories_burned(activity: Literal["running", "swimming", "cycling"], weight_kg: float, hours: float) -> float:
    """Kilocalories a person burns while doing a sport, rounded to one decimal.

    activity: the sport: "running", "swimming" or "cycling"
    weight_kg: body weight in kilograms
    hours: duration in hours, may be a fraction
    """
    met = {"running": 9.8, "swimming": 7.0, "cycling": 6.8}[activity]
    return round(met * weight_kg * hours, 1)
