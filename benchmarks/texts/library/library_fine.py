# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
from datetime import date
from typing import Literal


def library_fine(due_date: str, return_date: str, reader: Literal["child", "student", "adult"]) -> float:
    """Fine for a library book that is brought back late.

    due_date: day on which the book was due, ISO date YYYY-MM-DD
    return_date: day on which the book is returned, ISO date YYYY-MM-DD
    reader: kind of reader: "child", "student" or "adult"
    """
    late = (date.fromisoformat(return_date) - date.fromisoformat(due_date)).days
    return round(max(late, 0) * {"child": 0.1, "student": 0.2, "adult": 0.5}[reader], 2)
