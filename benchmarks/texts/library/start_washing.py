# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def start_washing(program: Literal["cotton", "wool", "quick"], temperature_c: int, spin_rpm: int = 1000, prewash: bool = False) -> str:
    """Start the washing machine.

    program: washing program: "cotton", "wool" or "quick"
    temperature_c: water temperature in degrees Celsius
    spin_rpm: spin speed in revolutions per minute
    prewash: whether to wash once before the main wash
    """
    minutes = {"cotton": 120, "wool": 45, "quick": 30}[program] + (20 if prewash else 0)
    return f"{program} {temperature_c}C {spin_rpm}rpm {minutes}min"
