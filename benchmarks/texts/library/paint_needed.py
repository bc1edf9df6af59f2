# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def paint_needed(wall_area_m2: float, coats: int = 2, coverage_m2_per_litre: float = 10.0) -> float:
    """Litres of paint needed for a wall, rounded to one decimal.

    wall_area_m2: area to paint, in square metres
    coats: number of coats of paint
    coverage_m2_per_litre: square metres that one litre covers once
    """
    return round(wall_area_m2 * coats / coverage_m2_per_litre, 1)
