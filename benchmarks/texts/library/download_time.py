# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.

def download_time(size_mb: float, speed_mbps: float) -> float:
    """Seconds needed to download a file, rounded to one decimal.

    size_mb: file size in megabytes (MB)
    speed_mbps: connection speed in megabits per second (Mbps); one byte is 8 bits
    """
    return round(size_mb * 8 / speed_mbps, 1)
