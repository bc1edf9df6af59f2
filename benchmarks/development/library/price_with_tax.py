# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.


def price_with_tax(net_price: float, tax_percent: float) -> float:
    """Price including tax.

    net_price: price before tax
    tax_percent: tax rate in percent
    """
    return round(net_price * (1 + tax_percent / 100), 2)
