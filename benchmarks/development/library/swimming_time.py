# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def swimming_time(distance_m: float, pool_length_m: float, seconds_per_lane: float) -> float:
    """Minutes that a swimmer needs for a distance.

    distance_m: the whole distance
    pool_length_m: length of the pool
    seconds_per_lane: time for one length
    """
    return round(distance_m / pool_length_m * seconds_per_lane / 60, 2)
