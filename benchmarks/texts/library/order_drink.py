# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def order_drink(drink: Literal["latte", "americano", "tea"], size: Literal["small", "medium", "large"], sugar_free: bool = False) -> dict:
    """Order one drink at the counter.

    drink: which drink: "latte", "americano" (black coffee) or "tea"
    size: cup size: "small", "medium" or "large"
    sugar_free: true when no sugar is wanted
    """
    price = {"latte": 24, "americano": 18, "tea": 15}[drink] + {"small": 0, "medium": 3, "large": 6}[size]
    return {"drink": drink, "size": size, "sugar_free": sugar_free, "price": price}
