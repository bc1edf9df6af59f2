# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def send_reminder(message: str, time: str) -> str:
    """到时间给自己发一条提醒。

    message: 提醒的内容
    time: 提醒的时间，格式 YYYY-MM-DDTHH:MM（24 小时制）
    """
    day, clock = time.replace(" ", "T").split("T")
    return f"{day} {clock[:5]} 提醒：{message}"
