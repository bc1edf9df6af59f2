def price_with_tax(price: float, rate: float = 0.13) -> float:
    """The price with tax.

    >>> price_with_tax(100, 0.2)
    120.0
    """
    return round(price * (1 + rate), 2)
