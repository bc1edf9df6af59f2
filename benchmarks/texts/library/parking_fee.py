# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
import math
from typing import Literal


def parking_fee(hours: float, vehicle: Literal["car", "motorcycle", "truck"]) -> float:
    """停车费，单位元；不足一小时按一小时算。

    hours: 停车时长，单位小时，可以是小数
    vehicle: 车型，"car" 小汽车，"motorcycle" 摩托车，"truck" 货车
    """
    price = {"car": 6.0, "motorcycle": 2.0, "truck": 11.0}[vehicle]
    return math.ceil(hours) * price
