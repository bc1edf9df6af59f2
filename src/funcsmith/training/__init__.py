"""Teaching: data, a GPT of one's own, fine-tuning, and the way back into service.

Imports the runtime and is imported by nothing of it but the command, when it is asked for.
"""
