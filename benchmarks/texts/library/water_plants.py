# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import date, timedelta


def water_plants(plants: list[str], amount_ml: int, start_date: str, every_days: int = 3) -> dict:
    """Set up the automatic watering of plants.

    plants: names of the plants
    amount_ml: water for each plant at each watering, in millilitres
    start_date: day of the first watering, ISO date YYYY-MM-DD
    every_days: days from one watering to the next
    """
    second = date.fromisoformat(start_date) + timedelta(days=every_days)
    return {"plants": plants, "total_ml": amount_ml * len(plants),
            "first": start_date, "second": second.isoformat()}
