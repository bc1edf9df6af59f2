# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def create_invoice(customer: str, amount: float, due_date: str) -> str:
    """Write an invoice line for a customer.

    customer: name of the person or company that has to pay
    amount: amount to pay
    due_date: last day for the payment, ISO date YYYY-MM-DD
    """
    return f"Invoice for {customer}: {amount:.2f}, due {due_date}"
