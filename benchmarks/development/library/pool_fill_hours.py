# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def pool_fill_hours(volume_m3: float, flow_litres_per_minute: float) -> float:
    """How long it takes to fill a pool, in hours.

    volume_m3: volume of the pool in cubic metres
    flow_litres_per_minute: flow of the tap
    """
    return round(volume_m3 * 1000 / flow_litres_per_minute / 60, 2)
