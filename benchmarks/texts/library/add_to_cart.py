# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def add_to_cart(item: str, quantity: int, note: str = "") -> dict:
    """Put an item into the shopping cart.

    item: what to buy
    quantity: how many pieces
    note: a remark for the seller, empty when there is none
    """
    return {"item": item, "quantity": quantity, "note": note}
