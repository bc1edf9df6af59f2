# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import date, timedelta


def book_hotel(city: str, check_in: str, nights: int, breakfast: bool = False) -> dict:
    """Book a hotel room and return the booking with its total price.

    city: city of the hotel
    check_in: day of arrival, ISO date YYYY-MM-DD
    nights: number of nights
    breakfast: whether breakfast is included
    """
    check_out = date.fromisoformat(check_in) + timedelta(days=nights)
    total = nights * (420 + (38 if breakfast else 0))
    return {"city": city, "check_in": check_in, "check_out": check_out.isoformat(),
            "nights": nights, "breakfast": breakfast, "total": total}
