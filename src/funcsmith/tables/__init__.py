"""Tables of the user's own: files read, described to a model without their data, shown and written.

Not here: values that stand in a text (`readers/`), and arrays and frames that come out of the fence
(`execute/arrays.py`). Everything works without pandas; Excel and Parquet need the extra `data`.
"""
