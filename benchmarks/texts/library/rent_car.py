# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import date, timedelta
from typing import Literal


def rent_car(pickup_date: str, days: int, car_type: Literal["economy", "suv", "van"], insurance: bool = True) -> dict:
    """Rent a car and return the contract with its total price.

    pickup_date: day the car is collected, ISO date YYYY-MM-DD
    days: number of rental days
    car_type: "economy", "suv" or "van"
    insurance: whether insurance is taken, yes unless stated otherwise
    """
    daily = {"economy": 160, "suv": 290, "van": 340}[car_type] + (45 if insurance else 0)
    back = date.fromisoformat(pickup_date) + timedelta(days=days)
    return {"pickup_date": pickup_date, "return_date": back.isoformat(), "car_type": car_type,
            "insurance": insurance, "total": daily * days}
