# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def body_mass_index(weight_kg: float, height_m: float) -> float:
    """Body mass index (BMI) of a person, rounded to one decimal.

    weight_kg: body weight in kilograms
    height_m: body height in metres
    """
    return round(weight_kg / height_m ** 2, 1)
