# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def electricity_bill(day_kwh: float, tariff: Literal["household", "business"], night_kwh: float = 0.0) -> float:
    """计算一个月的电费，单位元，保留两位小数。

    day_kwh: 白天的用电量，单位度（千瓦时）
    tariff: 用户类型，"household" 居民，"business" 商户
    night_kwh: 夜间（谷段）的用电量，单位度，默认 0
    """
    day, night = {"household": (0.55, 0.3), "business": (0.95, 0.5)}[tariff]
    return round(day_kwh * day + night_kwh * night, 2)
