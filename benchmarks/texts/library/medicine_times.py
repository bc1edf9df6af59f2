# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def medicine_times(medicine: str, first_dose: str, interval_hours: int, doses: int) -> list[str]:
    """List the times of day at which a medicine has to be taken.

    medicine: name of the medicine
    first_dose: time of the first dose, 24-hour HH:MM
    interval_hours: hours between two doses
    doses: number of doses in total
    """
    hour, minute = (int(part) for part in first_dose.split(":"))
    return [f"{(hour + i * interval_hours) % 24:02d}:{minute:02d} {medicine}" for i in range(doses)]
