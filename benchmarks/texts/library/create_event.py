# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import datetime, timedelta


def create_event(title: str, date: str, start_time: str, duration_minutes: int = 60) -> dict:
    """在日历里新建一个日程。

    title: 日程的名称
    date: 日期，格式 YYYY-MM-DD
    start_time: 开始时间，24 小时制 HH:MM
    duration_minutes: 时长，单位分钟，默认 60
    """
    start = datetime.fromisoformat(f"{date}T{start_time}")
    end = start + timedelta(minutes=duration_minutes)
    return {"title": title, "start": start.isoformat(timespec="minutes"),
            "end": end.isoformat(timespec="minutes")}
