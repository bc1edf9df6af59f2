# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def split_bill(total: float, people: int, tip_percent: float = 0.0) -> float:
    """What each person pays when a bill is split equally, rounded to cents.

    total: the bill before the tip
    people: how many people share the bill
    tip_percent: tip in percent of the bill, for example 10 for 10%
    """
    return round(total * (1 + tip_percent / 100) / people, 2)
