# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def set_room_temperature(room: Literal["living_room", "bedroom", "study"], celsius: float, mode: Literal["heat", "cool", "auto"] = "auto") -> str:
    """设定房间空调的温度。

    room: 房间，"living_room" 客厅，"bedroom" 卧室，"study" 书房
    celsius: 温度，单位摄氏度
    mode: 模式，"heat" 制热，"cool" 制冷，"auto" 自动
    """
    return f"{room}: {mode} {float(celsius):.1f}C"
