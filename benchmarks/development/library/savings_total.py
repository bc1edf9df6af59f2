# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def savings_total(principal: float, annual_rate_percent: float, years: int) -> float:
    """What a deposit has grown to, with yearly compounding.

    principal: money deposited
    annual_rate_percent: interest rate per year, in percent
    years: how long it is left
    """
    return round(principal * (1 + annual_rate_percent / 100) ** years, 2)
