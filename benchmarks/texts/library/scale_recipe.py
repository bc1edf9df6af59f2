# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def scale_recipe(grams: list[float], servings: int, wanted_servings: int) -> list[float]:
    """Scale the ingredients of a recipe to another number of servings.

    grams: amounts of the ingredients in grams, in the order of the recipe
    servings: number of servings the recipe is written for
    wanted_servings: number of servings wanted
    """
    return [round(amount * wanted_servings / servings, 1) for amount in grams]
