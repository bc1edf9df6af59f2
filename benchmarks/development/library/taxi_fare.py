# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def taxi_fare(distance_km: float, night: bool = False) -> float:
    """出租车费。

    distance_km: 行驶的公里数
    night: 是否在夜间
    """
    fare = 10 + max(distance_km - 3, 0) * 2.4
    return round(fare * 1.3 if night else fare, 2)
