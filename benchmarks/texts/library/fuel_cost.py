# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def fuel_cost(distance_km: float, litres_per_100km: float, price_per_litre: float) -> float:
    """开车一段路要花的油钱，保留两位小数。

    distance_km: 路程，单位公里
    litres_per_100km: 百公里油耗，单位升
    price_per_litre: 每升油的价格
    """
    return round(distance_km / 100 * litres_per_100km * price_per_litre, 2)
