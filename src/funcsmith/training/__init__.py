"""Teaching a model: records, their preparation, training, and the way back into service.

It imports the runtime; nothing of the runtime imports it, save the command, when it is asked for.
"""
