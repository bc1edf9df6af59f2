# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def convert_temperature(value: float, from_unit: Literal["C", "F", "K"], to_unit: Literal["C", "F", "K"]) -> float:
    """Convert a temperature from one scale to another.

    value: the temperature to convert, in from_unit
    from_unit: scale of the given value: "C" Celsius, "F" Fahrenheit, "K" kelvin
    to_unit: scale wanted: "C" Celsius, "F" Fahrenheit, "K" kelvin
    """
    celsius = {"C": value, "F": (value - 32) * 5 / 9, "K": value - 273.15}[from_unit]
    result = {"C": celsius, "F": celsius * 9 / 5 + 32, "K": celsius + 273.15}[to_unit]
    return round(result, 4)
