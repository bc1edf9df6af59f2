# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def send_package(recipient: str, weight_kg: float, express: bool = False) -> str:
    """Send a package.

    recipient: who gets it
    weight_kg: its weight
    express: whether it goes the fast way
    """
    return f"{recipient}: {weight_kg} kg{' express' if express else ''}"
