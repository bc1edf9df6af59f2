# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from typing import Literal


def report_fault(device: Literal["lift", "lamp", "tap"], floor: int, urgent: bool = False, visit_date: str = "") -> dict:
    """向物业报修。

    device: 坏了的设备，"lift" 电梯，"lamp" 灯，"tap" 水龙头
    floor: 楼层
    urgent: 是否紧急，默认不紧急
    visit_date: 希望上门维修的日期，格式 YYYY-MM-DD，不指定就留空
    """
    team = {"lift": "电梯组", "lamp": "电工组", "tap": "水工组"}[device]
    return {"team": team, "device": device, "floor": floor,
            "priority": 1 if urgent else 3, "visit_date": visit_date}
