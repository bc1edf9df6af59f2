# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def shipping_fee(weight_kg: float, destination: Literal["local", "domestic", "overseas"], express: bool = False) -> float:
    """计算寄一个包裹的运费，单位元。

    weight_kg: 包裹重量，单位千克
    destination: 寄往哪里，"local" 同城，"domestic" 国内其他城市，"overseas" 国外
    express: 是否加急，默认不加急
    """
    base, per_kg = {"local": (8.0, 1.5), "domestic": (12.0, 4.0), "overseas": (60.0, 35.0)}[destination]
    fee = base + per_kg * weight_kg
    return round(fee * 1.6 if express else fee, 2)
