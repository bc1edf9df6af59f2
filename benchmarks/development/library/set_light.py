# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def set_light(room: Literal["bedroom", "kitchen", "study"], brightness_percent: int) -> str:
    """调节房间的灯光。

    room: "bedroom" 卧室，"kitchen" 厨房，"study" 书房
    brightness_percent: 亮度，百分之几
    """
    return f"{room} {brightness_percent}%"
