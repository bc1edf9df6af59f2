# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def mask_phone(phone: str, keep_last: int = 4) -> str:
    """把电话号码打码，只露出最后几位。

    phone: 电话号码
    keep_last: 最后保留几位，默认 4
    """
    hidden = max(len(phone) - keep_last, 0)
    return "*" * hidden + phone[hidden:]
