# Copyright Funcsmith authors. Licensed under the Apache License, Version 2.0.
import re


def text_statistics(text: str) -> dict:
    """Count the characters, words and sentences of a text.

    text: the text to examine
    """
    sentences = [part for part in re.split(r"[.!?。！？]+", text) if part.strip()]
    return {"characters": len(text), "words": len(text.split()), "sentences": len(sentences)}
